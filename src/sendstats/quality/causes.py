"""What explains that parts miss their total: columns left out, or counted in besides."""

from __future__ import annotations

from itertools import combinations

import polars as pl

from sendstats.catalogue.tables import Sum
from sendstats.quality.cells import Slice
from sendstats.quality.settings import threshold


def besides(beyond: pl.DataFrame, total: str, held: Slice) -> tuple[str, ...]:
    """Return the columns that explain, to the unit and in every row, what a total holds beyond.

    Only columns that a base counts beside the total are asked, and of them only those that are in
    no sum of this period: with so few of them a match is no chance.
    """
    layout = held.checked.layout
    sums = {c for s in layout.sums if s.holds(held.period) for c in (s.total, *s.parts)}
    leaves = [c for b in layout.bases if total in b.leaves for c in b.leaves]
    asked = [c for c in dict.fromkeys(leaves) if c not in sums and c in held.columns]
    gap = pl.col(total) - pl.col("_sum")
    for size in range(1, len(asked) + 1):
        for some in combinations(asked, size):
            exact = gap == pl.sum_horizontal(pl.col(c).fill_null(0) for c in some)
            there = all(beyond[c].sum() > 0 for c in some)
            if there and beyond.select(exact.all()).item():
                return some
    return ()


def meaning(
    failing: pl.DataFrame, total: str, used: list[str], identity: Sum, columns: list[str]
) -> tuple[str, tuple[str, ...]]:
    """Say what explains every gap at once: one part left out, or another column counted in.

    Also return the columns whose meaning differs: the total that leaves the part out, and the
    part; or the column that no part takes in. One or two gaps may be anybody's.
    """
    if failing.height < threshold("meaning_rows"):
        return "", ()
    gap = pl.col("_sum") - pl.col(total)
    for part in used:
        if failing.select((gap == pl.col(part).fill_null(0)).all()).item():
            return f"{part} is not counted in {total} in this period", (total, part)
    others = [c for c in columns if c != total and c not in identity.parts]
    for other in others:
        if failing.select((-gap == pl.col(other)).fill_null(value=False).all()).item():
            return f"{other} is counted in {total} in this period", (other,)
    return "", ()
