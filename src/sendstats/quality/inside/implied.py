"""What several published shares of one base say that the base is."""

from __future__ import annotations

from collections.abc import Iterator
from math import ceil, floor, inf
from typing import Any

import polars as pl

from sendstats.catalogue.tables import PERCENT
from sendstats.ingest.symbols import number
from sendstats.quality.broken import BASE, CONTRADICTION, DEFINITION, Broken
from sendstats.quality.cells import Slice
from sendstats.quality.inside.rates import unit
from sendstats.quality.inside.sums import where
from sendstats.quality.returns import partitions
from sendstats.quality.settings import threshold


def implied(held: Slice) -> Iterator[Broken]:
    """Hold that shares which make up a whole divide by what their counts add up to.

    A count and its share, as printed, leave an interval for what was divided by. The sum of the
    counts must lie in the intervals of all the shares of a row.
    """
    for parts in (p.parts for p in partitions() if p.table == held.checked.table.id):
        if {*parts} <= {*held.columns}:
            frame = _printed(held, parts)
            for row in frame.sort("row").iter_rows(named=True):
                low, high = _interval(row, parts, 0.5 + threshold("rounding_tie"))
                if not low <= row["_base"] <= high:
                    yield _apart(held, row, parts)


def _printed(held: Slice, parts: tuple[str, ...]) -> pl.DataFrame:
    """Return the rows in which every count and every share is printed, with ``_base``."""
    shares = [p + PERCENT for p in parts]
    printed = held.percents.select("row", *shares).join(
        held.numbers, on="row", maintain_order="left"
    )
    for share in shares:
        printed = printed.with_columns(number(share, pl.Float64).alias("_printed"))
        printed = printed.with_columns(unit(held, share).alias(f"{share}|unit"))
        printed = printed.with_columns(pl.col("_printed").alias(share))
    base = pl.sum_horizontal(parts).alias("_base")
    return printed.drop_nulls([*parts, *shares]).with_columns(base).filter(pl.col("_base") > 0)


def _interval(
    row: dict[str, Any], parts: tuple[str, ...], units: float = 0.5
) -> tuple[float, float]:
    """Return the smallest and the largest base that gives all shares, which may cross.

    A share is off by at most so many units of its last decimal.
    """
    low, high = 0.0, inf
    for part in (p for p in parts if row[p]):
        share, off = row[part + PERCENT], units * row[f"{part}{PERCENT}|unit"]
        low = max(low, ceil(100 * row[part] / (share + off)))
        high = min(high, floor(100 * row[part] / (share - off)) if share > off else inf)
    return low, high


def _apart(held: Slice, row: dict[str, Any], parts: tuple[str, ...]) -> Broken:
    """Return the share that is farthest from its count over the sum."""
    shares = {p: 100 * row[p] / row["_base"] for p in parts}
    part = max(parts, key=lambda p: abs(shares[p] - row[p + PERCENT]))
    low, high = _interval(row, parts)
    kind, says = CONTRADICTION, f"{shares[part]:.2f} ({row[part]:,} of {row['_base']:,})"
    cause = "no base gives all the shares that are printed"
    if low <= high < inf:
        holds = [c for c in held.columns if row[c] is not None and low <= row[c] <= high]
        which = f"which is {holds[0]}" if holds else "which no column holds"
        cause = f"the printed shares divide by {low:,} to {high:,}, {which}"
        if not holds and row["_base"] < low < 2 * row["_base"]:
            kind, says = DEFINITION, f"{says} if these were all that the shares divide by"
            cause += ": cases without a date are likely in the base"
    return Broken(
        **where(BASE, held, row, part + PERCENT, kind),
        expected=shares[part],
        says=says,
        rows=(row["row"],),
        columns=(*(p + PERCENT for p in parts), *parts),
        cause=cause,
        explained=tuple(p + PERCENT for p in parts),
    )
