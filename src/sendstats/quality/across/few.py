"""Of every stock some ends in a year: people grow up and move away."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import polars as pl

from sendstats.catalogue.places import LOCAL, NATIONAL
from sendstats.quality.across.balance import instead
from sendstats.quality.across.kept import Across, Kept, figures, has, years_on
from sendstats.quality.across.moved import if_so
from sendstats.quality.broken import DOUBT, FEW, Broken
from sendstats.quality.settings import Balance, balances, threshold


def few(
    held: Mapping[str, Kept], repairs: pl.DataFrame, wrong: set[tuple[str, str]]
) -> Iterator[Across]:
    """Find authorities where next to nothing of a large stock ended.

    Parameters
    ----------
    held : mapping of str to Kept
        By table id.
    repairs : polars.DataFrame
        Columns of `sendstats.quality.schema.REPAIRS`: a repaired figure is the one compared.
    wrong : set of (str, str)
        Days and places of which a finding says that what began may be too few.
    """
    for balance in balances():
        if {c.table for c in (balance.stock, balance.begun, balance.ended)} <= set(held):
            frame = _ended(held, balance, repairs, wrong)
            share = pl.col("ended") < threshold("ended_share") * pl.col("before")
            odd = share & (pl.col("before") >= threshold("ended_stock"))
            found = frame.filter(odd, pl.col("level") == LOCAL)
            england = dict(
                frame.filter(pl.col("level") == NATIONAL).select("day", "ended").iter_rows()
            )
            for row in found.sort("day", "place").iter_rows(named=True):
                yield _across(held[balance.ended.table], balance, row, england.get(row["day"]))


def _ended(
    held: Mapping[str, Kept],
    balance: Balance,
    repairs: pl.DataFrame,
    wrong: set[tuple[str, str]],
) -> pl.DataFrame:
    """Return what ended, the stock of a year before, and what that and what began leave."""
    key = ["day", "place"]
    stock = figures(held, balance.stock, repairs).select(*key, pl.col("n").alias("stock"))
    before = stock.select(years_on(), "place", pl.col("stock").alias("before"))
    begun = _begun(held, balance, repairs, wrong)
    ended = figures(held, balance.ended, repairs).rename({"n": "ended"})
    frame = ended.join(before, on=key).drop_nulls(["ended", "before"])
    frame = frame.join(stock, on=key, how="left").join(begun, on=key, how="left")
    share, local = pl.col("ended") / pl.col("before"), pl.col("level") == LOCAL
    usual = share.filter(local & (pl.col("before") > 0)).median().over("day")
    left = pl.col("before") + pl.col("begun") - pl.col("stock")
    return frame.with_columns(usual.alias("usual"), left.alias("left"))


def _begun(
    held: Mapping[str, Kept],
    balance: Balance,
    repairs: pl.DataFrame,
    wrong: set[tuple[str, str]],
) -> pl.DataFrame:
    """Return what began, and what counts it: the other count, where this one is too few."""
    key = ["day", "place"]
    begun = figures(held, balance.begun, repairs).select(*key, pl.col("n").alias("begun"))
    named = pl.lit("begun").alias("count")
    if not has(held, balance.instead):
        return begun.with_columns(named)
    other, cell = instead(held, balance, repairs), balance.instead
    doubt = pl.DataFrame(sorted(wrong), {"day": pl.String, "place": pl.String}, orient="row")
    begun = begun.join(doubt.with_columns(wrong=True), on=key, how="left")
    short = pl.col("wrong") & (pl.col("instead") > pl.col("begun"))
    name = pl.lit(held[cell.table].checked.layout.columns[cell.column])
    frame = begun.join(other, on=key, how="left").with_columns(
        short.fill_null(value=False).alias("short")
    )
    return frame.select(
        *key,
        pl.when("short").then("instead").otherwise("begun").alias("begun"),
        pl.when("short").then(name).otherwise(named).alias("count"),
    )


def _across(kept: Kept, balance: Balance, row: dict[str, Any], whole: int | None) -> Across:
    expected, cause = round(row["usual"] * row["before"]), ""
    if row["left"] is not None:
        shown = row["left"] >= threshold("small") + row["ended"]
        expected = row["left"] if shown else expected
        cause = f"the stock of {row['before']:,}, {row['begun']:,} {row['count']} and "
        cause += f"{row['stock']:,} a year later leave "
        cause += f"{row['left']:,}" if shown else "no more"
    broken = Broken(
        rule=FEW,
        kind=DOUBT,
        period=row["period"],
        place=row["place"],
        column=balance.ended.column,
        row=row["row"],
        expected=expected,
        found=row["ended"],
        says=f"about {expected:,} (half of all authorities have {100 * row['usual']:.1f} % of "
        "their stock or more)",
        cause=cause,
    )
    cells = ((kept.checked, (row["row"], row["period"], balance.ended.column)),)
    if not whole:
        return Across(kept.checked, (broken,), cells)
    name = kept.checked.layout.columns[balance.ended.column]
    text = if_so(name, whole, broken.delta)
    return Across(kept.checked, (broken,), cells, text, 100 * broken.delta / whole)
