"""What explains that parts miss their total: columns left out, or counted in besides."""

from __future__ import annotations

from itertools import combinations

import polars as pl

from sendstats.catalogue.revisions import redefinitions
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
    part; or the column that no part takes in. One or two gaps may be anybody's, unless they are
    large and only one column fits.
    """
    gap = pl.col("_sum") - pl.col(total)
    out = [p for p in used if failing.select((gap == pl.col(p).fill_null(0)).all()).item()]
    others = [c for c in columns if c != total and c not in identity.parts]
    into = [
        c for c in others if failing.select((-gap == pl.col(c)).fill_null(value=False).all()).item()
    ]
    found: list[tuple[str, tuple[str, ...]]] = [
        *((f"{part} is not counted in {total} in this period", (total, part)) for part in out),
        *((f"{other} is counted in {total} in this period", (other,)) for other in into),
    ]
    few = failing.height < threshold("meaning_rows")
    if few and (len(found) != 1 or _least(failing, gap) < threshold("meaning_alone")):
        return "", ()
    return found[0] if found else ("", ())


def _least(failing: pl.DataFrame, gap: pl.Expr) -> int:
    """Return the smallest gap of some rows."""
    least: int = failing.select(gap.abs().min()).item() or 0
    return least


def redefined(held: Slice, total: str, used: list[str]) -> str:
    """Say which listed change of basket concerns a total or one of its parts, if any does."""
    checked = held.checked
    for column in (total, *used):
        for change in redefinitions():
            here = checked.table.id in change.tables and checked.layout.id in change.after
            basket = column in change.old and column in change.new and not change.adds_up
            if here and basket and change.holds(held.period):
                return change.why.removesuffix(".")
    return ""
