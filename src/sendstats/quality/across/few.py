"""Of every stock some ends in a year: people grow up and move away."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import polars as pl

from sendstats.catalogue.places import LOCAL, NATIONAL
from sendstats.quality.across.kept import Across, Kept, figures
from sendstats.quality.broken import DOUBT, FEW, Broken
from sendstats.quality.settings import Balance, balances, threshold


def few(held: Mapping[str, Kept], repairs: pl.DataFrame) -> Iterator[Across]:
    """Find authorities where next to nothing of a large stock ended.

    Parameters
    ----------
    held : mapping of str to Kept
        By table id.
    repairs : polars.DataFrame
        Columns of `sendstats.quality.schema.REPAIRS`: a repaired figure is the one compared.
    """
    for balance in balances():
        if {c.table for c in (balance.stock, balance.begun, balance.ended)} <= set(held):
            frame = _ended(held, balance, repairs)
            share = pl.col("ended") < threshold("ended_share") * pl.col("before")
            odd = share & (pl.col("before") >= threshold("ended_stock"))
            found = frame.filter(odd, pl.col("level") == LOCAL)
            england = dict(
                frame.filter(pl.col("level") == NATIONAL).select("day", "ended").iter_rows()
            )
            for row in found.sort("day", "place").iter_rows(named=True):
                yield _across(held[balance.ended.table], balance, row, england.get(row["day"]))


def _ended(held: Mapping[str, Kept], balance: Balance, repairs: pl.DataFrame) -> pl.DataFrame:
    """Return what ended, the stock of a year before, and what that and what began leave."""
    key = ["day", "place"]
    stock = figures(held, balance.stock, repairs).select(*key, pl.col("n").alias("stock"))
    later = (pl.col("day").cast(pl.Int32) + 1).cast(pl.String).alias("day")
    before = stock.select(later, "place", pl.col("stock").alias("before"))
    begun = figures(held, balance.begun, repairs).select(*key, pl.col("n").alias("begun"))
    ended = figures(held, balance.ended, repairs).rename({"n": "ended"})
    frame = ended.join(before, on=key).drop_nulls(["ended", "before"])
    frame = frame.join(stock, on=key, how="left").join(begun, on=key, how="left")
    share, local = pl.col("ended") / pl.col("before"), pl.col("level") == LOCAL
    usual = share.filter(local & (pl.col("before") > 0)).median().over("day")
    left = pl.col("before") + pl.col("begun") - pl.col("stock")
    return frame.with_columns(usual.alias("usual"), left.alias("left"))


def _across(kept: Kept, balance: Balance, row: dict[str, Any], whole: int | None) -> Across:
    expected, cause = round(row["usual"] * row["before"]), ""
    if row["left"] is not None:
        shown = row["left"] >= threshold("small") + row["ended"]
        expected = row["left"] if shown else expected
        cause = (
            f"the stock of {row['before']:,}, {row['begun']:,} begun and {row['stock']:,} a year "
        )
        cause += f"later leave {row['left']:,}" if shown else "later leave no more"
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
    text = f"England {name} {whole:,} as published, about {whole + broken.delta:,.0f} if so"
    return Across(kept.checked, (broken,), cells, text, 100 * broken.delta / whole)
