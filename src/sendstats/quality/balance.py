"""A stock against the one before, what began and what ended between them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import polars as pl

from sendstats.catalogue.places import LOCAL, NATIONAL
from sendstats.quality.broken import DOUBT, FLOW, JUMP, Broken
from sendstats.quality.kept import Across, Kept, figures
from sendstats.quality.settings import Balance, threshold


def balanced(held: Mapping[str, Kept], balance: Balance, repairs: pl.DataFrame) -> Iterator[Across]:
    """Yield the stocks that the one before and the flows between do not lead to.

    Parameters
    ----------
    held : mapping of str to Kept
        By table id.
    balance : Balance
    repairs : polars.DataFrame
        Columns of `sendstats.quality.schema.REPAIRS`: a repaired figure is the one compared.
    """
    frame = _echoes(_reconciled(held, balance, repairs))
    whole = dict(frame.filter(pl.col("level") == NATIONAL).select("day", "stock").iter_rows())
    local = frame.filter(pl.col("level") == LOCAL)
    wrong = local.filter((pl.col("told") & ~pl.col("echo")) | pl.col("middle"))
    for row in wrong.sort("day", "place").iter_rows(named=True):
        yield _unbalanced(held, balance, row, whole.get(row["day"]))


def _echoes(frame: pl.DataFrame) -> pl.DataFrame:
    """Say which stocks are ``told``, which are the ``echo`` of the one before, and that ``middle``.

    A stock that is wrong is off against the one before and, the other way round, off against the
    one after. Where the two residuals cancel, the stocks on both sides fit each other. A stock
    that was no doubt of its own becomes one only where they fit closely.
    """
    share, residual = threshold("residual_share"), pl.col("residual")
    far = pl.col("distance").abs() > threshold("residual_deviations")
    jumped = (pl.col("stock") - pl.col("before")).abs() > threshold("jump_share") * pl.col("before")
    jumped &= pl.col("distance").abs() > threshold("jump_deviations")
    big = residual.abs() >= threshold("small")
    told = big & (((residual.abs() > share * pl.col("before")) & far) | jumped)
    off = residual.abs() > threshold("echo_share") * pl.col("before")
    frame = frame.with_columns(told.alias("told"), off.alias("off"))
    day = pl.col("day").cast(pl.Int32) + 1
    earlier = frame.select(day.cast(pl.String).alias("day"), "place", "off", "residual", "told")
    frame = frame.join(earlier, on=["day", "place"], how="left", suffix="_earlier")
    opposite = residual * pl.col("residual_earlier") < 0
    left = (residual + pl.col("residual_earlier")).abs() / pl.col("before")
    echo = pl.col("told") & pl.col("off_earlier") & opposite & (left <= share)
    echo = echo.fill_null(value=False)
    closes = pl.col("told_earlier") | (left <= threshold("echo_share"))
    after = frame.select(
        (pl.col("day").cast(pl.Int32) - 1).cast(pl.String).alias("day"), "place",
        (echo & closes).alias("middle"), residual.alias("residual_after"),
    )  # fmt: skip
    frame = frame.with_columns(echo.alias("echo")).join(after, on=["day", "place"], how="left")
    return frame.with_columns(pl.col("middle").fill_null(value=False)).sort("day", "place")


def _reconciled(held: Mapping[str, Kept], balance: Balance, repairs: pl.DataFrame) -> pl.DataFrame:
    """Return every stock with the one before, its flows, what they leave, and how unusual that is.

    Where what ended was not collected, the stock is held against what began alone: nobody knows
    how many ended in a place, so only what is beyond all that began counts as unusual.
    """
    stock = figures(held, balance.stock, repairs)
    before = stock.select((pl.col("day").cast(pl.Int32) + 1).cast(pl.String).alias("day"), "place",
                          pl.col("n").alias("before"))  # fmt: skip
    begun = figures(held, balance.begun, repairs).select("day", "place", pl.col("n").alias("begun"))
    ended = figures(held, balance.ended, repairs).select("day", "place", pl.col("n").alias("ended"))
    key = ["day", "place"]
    frame = stock.rename({"n": "stock"}).join(before, on=key).join(begun, on=key)
    frame = frame.join(ended, on=key, how="left").drop_nulls(["stock", "before", "begun"])
    known = pl.col("ended").count().over("day") > 0
    frame = frame.filter((pl.col("before") > 0) & (~known | pl.col("ended").is_not_null()))
    flows = pl.col("begun") - pl.col("ended").fill_null(0)
    frame = frame.with_columns((pl.col("stock") - pl.col("before") - flows).alias("residual"))
    share, local = pl.col("residual") / pl.col("before"), pl.col("level") == LOCAL
    middle = share.filter(local).median().over("day")
    spread = (share - middle).abs().filter(local).median().over("day") * 1.4826
    beyond = pl.col("ended").is_null() & (share > 0)
    unusual = pl.when(beyond).then(share).otherwise(share - middle)
    return frame.with_columns((unusual / spread).alias("distance"), middle.alias("usual")).sort(
        "day", "place"
    )


def _unbalanced(
    held: Mapping[str, Kept], balance: Balance, row: dict[str, Any], whole: int | None
) -> Across:
    checked = held[balance.stock.table].checked
    jump = abs(row["residual"]) <= threshold("residual_share") * row["before"]
    flows = f"{row['before']:,} + {row['begun']:,} begun"
    expected = row["before"] + row["begun"]
    if row["ended"] is not None:
        flows, expected = f"{flows} less {row['ended']:,} ended", expected - row["ended"]
    growth = 100 * (row["stock"] / row["before"] - 1)
    usual = f"{100 * row['usual']:+.1f} %"
    back = ""
    if row["middle"]:
        later = row["stock"] + row["residual_after"]
        back = f"; the year after and its flows lead back to about {later:,}"
    broken = Broken(
        rule=JUMP if jump else FLOW,
        kind=DOUBT,
        period=row["period"],
        place=row["place"],
        column=balance.stock.column,
        row=row["row"],
        expected=expected,
        found=row["stock"],
        says=f"about {expected:,} ({flows})",
        cause=f"{growth:+.1f} % in a year; {100 * row['residual'] / row['before']:+.1f} % of the "
        f"stock is explained by no flow, where authorities differ by {usual} as a rule{back}",
    )
    text = ""
    if whole:
        text = f"England {checked.layout.columns[balance.stock.column]} {whole:,} as published, "
        text += f"about {whole - row['residual']:,} if the flows are right"
    size = 100 * abs(row["residual"]) / whole if whole else 0.0
    cell = (row["row"], row["period"], balance.stock.column)
    return Across(checked, (broken,), ((checked, cell),), text, size)
