"""A stock holds no more than the one before and what began since, whatever ended."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import polars as pl

from sendstats.catalogue.places import LOCAL
from sendstats.quality.across.kept import Across, Kept, figures, has, years_on
from sendstats.quality.broken import CLOSED, DOUBT, Broken
from sendstats.quality.settings import Cell, closeds, threshold


def exceeding(held: Mapping[str, Kept], repairs: pl.DataFrame) -> Iterator[Across]:
    """Yield the stocks of authorities that are larger than the one before and what began.

    Parameters
    ----------
    held : mapping of str to Kept
        By table id.
    repairs : polars.DataFrame
        Columns of `sendstats.quality.schema.REPAIRS`: a repaired figure is the one compared.
    """
    for one in closeds():
        cells = (one.stock, one.begun)
        if all(has(held, c) for c in cells):
            stock, begun = (figures(held, cell, repairs).drop_nulls("n") for cell in cells)
            for row in _beyond(stock, begun, one.share).iter_rows(named=True):
                yield _across(held, one.stock, row)


def _beyond(stock: pl.DataFrame, begun: pl.DataFrame, share: float) -> pl.DataFrame:
    """Return the stocks that are too large, with those before and what began."""
    before = stock.select(years_on(), "place", "period", "row", pl.col("n").alias("before"))
    flow = begun.select("day", "place", pl.col("n").alias("begun"))
    key = ["day", "place"]
    frame = stock.filter(pl.col("level") == LOCAL).join(before, on=key, suffix="_before")
    beyond = pl.col("n") - pl.col("before") - pl.col("begun")
    told = (beyond > share * pl.col("before")) & (beyond >= threshold("small"))
    return frame.join(flow, on=key).filter(told).sort("day", "place")


def _across(held: Mapping[str, Kept], stock: Cell, row: dict[str, Any]) -> Across:
    checked, expected = held[stock.table].checked, row["before"] + row["begun"]
    broken = Broken(
        rule=CLOSED,
        kind=DOUBT,
        period=row["period"],
        place=row["place"],
        column=stock.column,
        row=row["row"],
        expected=expected,
        found=row["n"],
        says=f"at most about {expected:,} ({row['before']:,} + {row['begun']:,} begun)",
        cause="whatever ended: either this stock is too large or the one before too small",
    )
    both = ((row[f"row{of}"], row[f"period{of}"], stock.column) for of in ("", "_before"))
    return Across(checked, (broken,), tuple((checked, cell) for cell in both))
