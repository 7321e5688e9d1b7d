"""Totals of some members that stand in a row of their own, beside that of all."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations
from typing import Any

import polars as pl

from sendstats.catalogue.places import LOCAL, england, places
from sendstats.catalogue.tables import Ratio
from sendstats.ingest.symbols import number
from sendstats.quality.broken import BESIDE, CONTRADICTION, Broken
from sendstats.quality.cells import Slice
from sendstats.quality.settings import threshold


def beside(held: Slice) -> Iterator[Broken]:
    """Hold that a total of members with both sides of a rate is the sum of those members.

    A row of England without the authorities that lack one side must leave them out on both.
    """
    rows = held.checked.beside
    if rows is None:
        return
    for ratio in (r for r in held.checked.layout.ratios if isinstance(r.denominator, str)):
        printed = rows.filter(pl.col("time_period") == held.period).with_columns(
            number(c, pl.Float64) for c in ratio.columns
        )
        sides = [pl.col(c).is_not_null() for c in ratio.columns[:2]]
        for row in printed.filter(sides).sort("row").to_dicts():
            yield from _beside(held, ratio, row)


def _beside(held: Slice, ratio: Ratio, row: dict[str, Any]) -> Iterator[Broken]:
    above, below = ratio.columns[:2]
    local = held.numbers.filter(pl.col("level") == LOCAL)
    whole = pl.col(above).is_not_null() & pl.col(below).is_not_null()
    both = local.filter(whole).select(pl.col(above).sum(), pl.col(below).sum()).row(0)
    for column, found, kept in zip((above, below), (row[above], row[below]), both, strict=True):
        if found == kept:
            continue
        name = held.checked.layout.columns[column]
        left_in = _cause(local.filter(~whole), column, found - kept, row["name"])
        causes = (left_in, _own_rate(row, ratio, both))
        yield Broken(
            rule=BESIDE,
            kind=CONTRADICTION,
            period=held.period,
            place=england().key,
            column=column,
            row=row["row"],
            expected=kept,
            found=found,
            says=f"{kept:,} (members with both sides)",
            rows=(row["row"],),
            columns=(column,),
            cause="; ".join(c for c in causes if c),
            effect=f"{row['name']} {name} {found:,.0f} as published, {kept:,} by its members",
            effect_size=100 * abs(found - kept) / found if found else 0.0,
        )


def _cause(out: pl.DataFrame, column: str, beyond: float, name: str) -> str:
    """Name those who were not left out, if only they fit to the unit."""
    counts = out.drop_nulls(column).filter(pl.col(column) > 0).sort("place")
    cases = list(counts.select("place", column).iter_rows())
    most = min(len(cases), int(threshold("left_in_members")))
    fits = [
        some
        for size in range(1, most + 1)
        for some in combinations(cases, size)
        if sum(n for _, n in some) == beyond
    ]
    if len(fits) != 1:
        return ""
    said = " and ".join(f"{places()[place].name} ({n:,})" for place, n in fits[0])
    return f"{name} leaves out {len(cases) - len(fits[0])} of {len(cases)}; {said} are in it"


def _own_rate(row: dict[str, Any], ratio: Ratio, both: tuple[int, int]) -> str:
    """Say that the rate beside a total is that of the members with both sides, where it is."""
    rate = row[ratio.percent]
    if rate is None or not both[1] or f"{100 * both[0] / both[1]:.1f}" != f"{rate:.1f}":
        return ""
    return f"its own rate, {rate:g} %, is {both[0]:,} of {both[1]:,}"
