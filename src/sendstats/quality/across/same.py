"""One thing that two tables of one release count, row by row."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

import polars as pl

from sendstats.catalogue.places import LOCAL, NATIONAL
from sendstats.quality.across.kept import Across, Kept
from sendstats.quality.across.least import Impossible
from sendstats.quality.across.witness import Pair, Third, fewer, gap, joined, renamed, shift, third
from sendstats.quality.broken import CONTRADICTION, DEFINITION, SAME, Broken
from sendstats.quality.cells import TOTAL
from sendstats.quality.settings import Cell, Same, threshold

#: The cause of a contradiction that no third figure decides.
ONE_OF_TWO = "one of the two figures is wrong, and no third one tells which"


def differing(
    held: Mapping[str, Kept], same: Same, other: Cell, cannot: Impossible
) -> Iterator[Across]:
    """Yield what two tables count differently.

    Parameters
    ----------
    held : mapping of str to Kept
        By table id.
    same : Same
        Its first cell is what the other is held against.
    other : Cell
    cannot : mapping
        Labels that cannot be right, as `impossible` returns them.
    """
    cells = (same.cells[0], other)
    tables = held[cells[0].table], held[other.table]
    both = joined(tables, cells)
    differ = both.filter(pl.col("n") != pl.col("n_two"))
    for day in differ["day"].unique().sort():
        mine, of_day = differ.filter(pl.col("day") == day), both.filter(pl.col("day") == day)
        whole = mine.filter(pl.col("topic") == TOTAL, pl.col("item") == TOTAL)
        local = pl.col("level") == LOCAL
        known = set(whole.filter(local)["place"])
        topics = mine.filter(local).group_by("topic").agg(pl.col("place").unique())
        more = [t for t, places in topics.sort("topic").iter_rows() if set(places) <= known]
        follows = pl.col("topic").is_in([TOTAL, *more])
        if whole.height:
            pair = Pair(tables, cells, same.says, mine.filter(follows), of_day)
            yield _decided(pair, third(held, same, pair))
        rest = mine.filter(~follows)
        for topic in rest["topic"].unique().sort():
            of = rest.filter(pl.col("topic") == topic)
            pair = Pair(tables, cells, same.says, of, of_day)
            wrong, right = ((c.table, day, topic) for c in cells)
            if wrong in cannot and right not in cannot:
                yield _shown(_differ(pair.turned), cannot[wrong])
            else:
                yield _open(pair)


def _decided(pair: Pair, third: Third | None) -> Across:
    """Say which of two totals a third figure sides with, if there is one."""
    if not third:
        return _open(pair)
    found = _differ(pair if third.sides_with_first else pair.turned)
    cause = "; ".join(said for said in (third.says, fewer(pair)) if said)
    cells = tuple(cell for cell in found.cells if cell[0] is found.checked)
    return replace(_because(found, cause), cells=cells)


def _open(pair: Pair) -> Across:
    """Say why two tables may differ, or that nothing tells which of them is the wrong one."""
    found = _differ(pair)
    if found.broken[0].cause:
        return _because(found, f"in one of the two files {found.broken[0].cause}")
    less = "" if (part := gap(pair)) else fewer(pair)
    if meant := part or _covers(less):
        # Who looks up a figure of the fuller table has nothing to mind.
        both = less.startswith(pair.files[0])
        cells = tuple(cell for cell in found.cells if both or cell[0] is found.checked)
        return replace(_because(found, meant, DEFINITION), cells=cells)
    meant = renamed(pair)
    return _because(found, meant or ONE_OF_TWO, DEFINITION if meant else CONTRADICTION)


def _covers(less: str) -> str:
    return (
        f"{less}: it may leave some out, and both may be right in what they cover" if less else ""
    )


def _because(found: Across, cause: str, kind: str = CONTRADICTION) -> Across:
    first, *others = found.broken
    return replace(found, broken=(replace(first, cause=cause, kind=kind), *others))


def _shown(found: Across, because: Across) -> Across:
    """Add what shows that the table of a finding is the wrong one, and flag its cells."""
    first, shown = found.broken[0], because.broken[0]
    cause = f"{shown.item} is {shown.found:,} here, which cannot be: {shown.says}"
    cause = "; ".join(c for c in (first.cause, cause) if c)
    broken = (replace(first, cause=cause), *found.broken[1:])
    mine = [cell for checked, cell in found.cells if checked is found.checked]
    wrong = sorted({*mine, *(cell for _, cell in because.cells)})
    return replace(found, broken=broken, cells=tuple((found.checked, cell) for cell in wrong))


def _differ(pair: Pair) -> Across:
    (one, two), cells, rows = pair.tables, pair.cells, pair.rows
    rows = rows.sort(pl.col("topic") != TOTAL, _order(), "row_two")
    local = rows.filter(pl.col("level") == LOCAL)
    few = 0 < local["place"].n_unique() <= threshold("named_places")
    top = local if few else rows
    broken = [_one(row, pair) for row in top.iter_rows(named=True)]
    first = broken[0]
    shifted = (
        shift(pair.of_day, first.topic, one.checked.layout.file) if first.topic != TOTAL else ""
    )
    broken[0] = replace(first, cause=shifted)
    touched = [
        *((one.checked, (*r, cells[0].column)) for r in rows.select("row", "period").rows()),
        *(
            (two.checked, (*r, cells[1].column))
            for r in rows.select("row_two", "period_two").rows()
        ),
    ]
    text, size = _two(rows, pair)
    return Across(two.checked, tuple(broken), tuple(touched), text, size)


def _order() -> pl.Expr:
    return pl.col("level").replace_strict({NATIONAL: 0, LOCAL: 2}, default=1, return_dtype=pl.Int8)


def _one(row: dict[str, Any], pair: Pair) -> Broken:
    layout = pair.tables[0].checked.layout
    return Broken(
        rule=SAME,
        kind=CONTRADICTION,
        period=row["period_two"],
        place=row["place"],
        column=pair.cells[1].column,
        row=row["row_two"],
        expected=row["n"],
        found=row["n_two"],
        says=f"{row['n']:,} ({pair.says}, {layout.file} row {row['row']})",
        topic=row["topic"],
        item=row["item"],
    )


def _two(rows: pl.DataFrame, pair: Pair) -> tuple[str, float]:
    tables, cells = pair.tables, pair.cells
    of = rows.filter(pl.col("level") == NATIONAL).head(1)
    if of.is_empty():
        return "", 0.0
    row = of.row(0, named=True)
    item = "" if row["item"] == TOTAL else f" ({row['topic'].replace('_', ' ')}: {row['item']})"
    said = [
        f"{n:,} in {kept.checked.layout.file}"
        for n, kept in zip((row["n"], row["n_two"]), tables, strict=True)
    ]
    name = tables[1].checked.layout.columns[cells[1].column]
    size = 100 * abs(row["n"] - row["n_two"]) / max(row["n"], 1)
    return f"England {name}{item} {', '.join(said)}", size
