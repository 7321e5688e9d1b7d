"""One thing that two tables of one release count, row by row."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

import polars as pl

from sendstats.catalogue.places import LOCAL, NATIONAL
from sendstats.quality.broken import CONTRADICTION, SAME, Broken
from sendstats.quality.cells import TOTAL
from sendstats.quality.kept import KEY, Across, Kept
from sendstats.quality.least import Impossible
from sendstats.quality.settings import Cell, threshold

#: The cause of a contradiction that no third figure decides.
ONE_OF_TWO = "one of the two figures is wrong, and no third one tells which"


def differing(
    held: Mapping[str, Kept], cells: tuple[Cell, Cell], says: str, cannot: Impossible
) -> Iterator[Across]:
    """Yield what two tables count differently.

    Parameters
    ----------
    held : mapping of str to Kept
        By table id.
    cells : tuple of (Cell, Cell)
        The first is what the other is held against.
    says : str
        What both count.
    cannot : mapping
        Labels that cannot be right, as `impossible` returns them.
    """
    tables = held[cells[0].table], held[cells[1].table]
    both = _joined(tables, cells)
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
            yield _open(_differ(tables, cells, mine.filter(follows), says, of_day))
        rest = mine.filter(~follows)
        for topic in rest["topic"].unique().sort():
            of = rest.filter(pl.col("topic") == topic)
            wrong, right = ((c.table, day, topic) for c in cells)
            if wrong in cannot and right not in cannot:
                turned = _turned(of), _turned(of_day)
                found = _differ(tables[::-1], cells[::-1], turned[0], says, turned[1])
                yield _shown(found, cannot[wrong])
            else:
                yield _open(_differ(tables, cells, of, says, of_day))


def _joined(tables: tuple[Kept, Kept], cells: tuple[Cell, Cell]) -> pl.DataFrame:
    """Return what two tables count, row by row; columns of the second end in ``_two``."""
    kept = [
        kept.rows.select(*KEY, "level", "period", "row", pl.col(cell.column).alias("n"))
        for kept, cell in zip(tables, cells, strict=True)
    ]
    return kept[0].join(kept[1].drop("level"), on=KEY, suffix="_two")


def _turned(rows: pl.DataFrame) -> pl.DataFrame:
    """Let the second table be the first."""
    names = ["period", "row", "n"]
    there = {name: f"{name}_two" for name in names}
    return rows.rename(there | {two: name for name, two in there.items()})


def _open(found: Across) -> Across:
    """Say that nothing tells which of the two tables is the wrong one."""
    first = found.broken[0]
    cause = f"in one of the two files {first.cause}" if first.cause else ONE_OF_TWO
    return replace(found, broken=(replace(first, cause=cause), *found.broken[1:]))


def _shown(found: Across, because: Across) -> Across:
    """Add what shows that the table of a finding is the wrong one, and flag its cells."""
    first, shown = found.broken[0], because.broken[0]
    cause = f"{shown.item} is {shown.found:,} here, which cannot be: {shown.says}"
    cause = "; ".join(c for c in (first.cause, cause) if c)
    broken = (replace(first, cause=cause), *found.broken[1:])
    mine = [cell for checked, cell in found.cells if checked is found.checked]
    wrong = sorted({*mine, *(cell for _, cell in because.cells)})
    return replace(found, broken=broken, cells=tuple((found.checked, cell) for cell in wrong))


def _differ(
    tables: tuple[Kept, Kept], cells: tuple[Cell, Cell], rows: pl.DataFrame, says: str,
    of_day: pl.DataFrame,
) -> Across:  # fmt: skip
    one, two = tables
    rows = rows.sort(pl.col("topic") != TOTAL, _order(), "row_two")
    local = rows.filter(pl.col("level") == LOCAL)
    few = 0 < local["place"].n_unique() <= threshold("named_places")
    top = local if few else rows
    broken = [_one(row, one, cells, says) for row in top.iter_rows(named=True)]
    first = broken[0]
    shifted = _shift(of_day, first.topic) if first.topic != TOTAL else ""
    broken[0] = replace(first, cause=shifted)
    touched = [
        *((one.checked, (*r, cells[0].column)) for r in rows.select("row", "period").rows()),
        *(
            (two.checked, (*r, cells[1].column))
            for r in rows.select("row_two", "period_two").rows()
        ),
    ]
    text, size = _two(rows, tables, cells)
    return Across(two.checked, tuple(broken), tuple(touched), text, size)


def _order() -> pl.Expr:
    return pl.col("level").replace_strict({NATIONAL: 0, LOCAL: 2}, default=1, return_dtype=pl.Int8)


def _one(row: dict[str, Any], one: Kept, cells: tuple[Cell, Cell], says: str) -> Broken:
    return Broken(
        rule=SAME,
        kind=CONTRADICTION,
        period=row["period_two"],
        place=row["place"],
        column=cells[1].column,
        row=row["row_two"],
        expected=row["n"],
        found=row["n_two"],
        says=f"{row['n']:,} ({says}, {one.checked.layout.file} row {row['row']})",
        topic=row["topic"],
        item=row["item"],
    )


def _shift(of_day: pl.DataFrame, topic: str) -> str:
    """Say which items stand under each other's names, where England's figures tell."""
    of = of_day.filter(pl.col("level") == NATIONAL, pl.col("topic") == topic)
    ours = {n: item for item, n in of.select("item", "n").iter_rows() if n}
    pairs = [(item, ours[n]) for item, n in of.select("item", "n_two").iter_rows() if n in ours]
    moved = [
        f"{there} is here {here}" for here, there in sorted(pairs, key=_numbered) if here != there
    ]
    return f"labels are shifted: {', '.join(moved)}" if 2 * len(moved) > len(ours) else ""


def _two(
    rows: pl.DataFrame, tables: tuple[Kept, Kept], cells: tuple[Cell, Cell]
) -> tuple[str, float]:
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


def _numbered(pair: tuple[str, str]) -> tuple[int, str]:
    """Sort labels that are numbers as numbers, before the others."""
    here = pair[0]
    return (int(here), "") if here.isdecimal() else (10**9, here)
