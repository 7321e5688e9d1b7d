"""What explains that parts miss their total: columns left out, or counted in besides."""

from __future__ import annotations

from itertools import combinations
from typing import Any

import polars as pl

from sendstats.catalogue.places import LOCAL, NATIONAL, places
from sendstats.catalogue.revisions import redefinitions
from sendstats.catalogue.tables import Sum
from sendstats.quality.cells import LABELS, Slice
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
    failing: pl.DataFrame, total: str, used: list[str], identity: Sum, held: Slice
) -> tuple[str, tuple[str, ...]]:
    """Say what explains every gap at once: one part left out, or another column counted in.

    Also return the columns whose meaning differs: the total that leaves the part out, and the
    part; or the column that no part takes in. One or two gaps may be anybody's, unless they are
    large and only one column fits.
    """
    gap = pl.col("_sum") - pl.col(total)
    out = [p for p in used if failing.select((gap == pl.col(p).fill_null(0)).all()).item()]
    others = [c for c in held.columns if c != total and c not in identity.parts]
    into = [
        c for c in others if failing.select((-gap == pl.col(c)).fill_null(value=False).all()).item()
    ]
    found: list[tuple[str, tuple[str, ...]]] = [
        *((counted(held, (part,), total, "not counted"), (total, part)) for part in out),
        *((counted(held, (other,), total), (other,)) for other in into),
    ]
    few = failing.height < threshold("meaning_rows")
    if few and (len(found) != 1 or _least(failing, gap) < threshold("meaning_alone")):
        return "", ()
    return found[0] if found else ("", ())


def counted(held: Slice, columns: tuple[str, ...], total: str, how: str = "counted") -> str:
    """Say that columns are counted in a total, or are not, by the names of the file."""
    named = [held.checked.layout.columns[c] for c in (*columns, total)]
    are = "is" if len(columns) == 1 else "are"
    return f"{' and '.join(named[:-1])} {are} {how} in {named[-1]} in this period"


def beside(held: Slice, rows: pl.DataFrame, total: str, used: list[str]) -> str:
    """Return the part that another sum of this period counts beside the total, not within it.

    That sum must add up to the unit in England's rows, with some in both: then the part is not
    counted in the total, however many of the other parts have a figure.
    """
    national = rows.filter(pl.col("level") == NATIONAL)
    for larger in (s for s in held.checked.layout.sums if s.holds(held.period)):
        asked = [p for p in larger.parts if p in held.holds(rows["topic"][0])]
        if total not in asked or larger.total not in held.columns:
            continue
        exact = pl.sum_horizontal(asked, ignore_nulls=False) == pl.col(larger.total)
        for part in (p for p in used if p in asked):
            some = national.filter(pl.col(part) > 0, pl.col(total) > 0)
            if some.height and some.select(exact.fill_null(value=False).all()).item():
                return part
    return ""


def left_for(held: Slice, row: dict[str, Any], total: str, used: list[str]) -> str:
    """Name the one member without a total for which a region's total leaves less than its parts."""
    inside = held.numbers.filter(
        pl.col("region") == row["place"],
        pl.col("level") == LOCAL,
        *(pl.col(c) == row[c] for c in LABELS),
    ).with_columns(pl.sum_horizontal(used).alias("_parts"))
    lone = inside.filter(pl.col(total).is_null())
    left = row[total] - inside[total].sum()
    if lone.height != 1 or lone["_parts"].item() - left != row["_sum"] - row[total]:
        return ""
    one = lone.row(0, named=True)
    name = held.checked.layout.columns[total]
    return (
        f"{places()[one['place']].name}, row {one['row']}, has no {name}: its parts add up to "
        f"{one['_parts']:,}, and the total leaves {left:,} for it, {one['_parts'] - left:,} less"
    )


def remainder(held: Slice, column: str) -> str:
    """Say of what a count that may be negative is the rest, where it is so in every row.

    Such a column is no count of its own: its parts may be more than what they are taken from.
    """
    layout = held.checked.layout
    for of in (s for s in layout.sums if column in s.parts and s.holds(held.period)):
        others = [c for c in of.parts if c != column]
        if column not in layout.signed or not {of.total, *of.parts} <= set(held.columns):
            continue
        rest = pl.col(of.total) - pl.sum_horizontal(others, ignore_nulls=False)
        known = held.numbers.filter(rest.is_not_null(), pl.col(column).is_not_null())
        if known.height and known.select((rest == pl.col(column)).all()).item():
            less = " - ".join(layout.columns[c] for c in (of.total, *others))
            return f"{layout.columns[column]} is a remainder, {less} in every row"
    return ""


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
