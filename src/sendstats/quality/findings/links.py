"""What another cell tells of a finding: the same gap elsewhere, a copied column, a full part."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import polars as pl

from sendstats.catalogue.places import places
from sendstats.catalogue.tables import tables
from sendstats.ingest.periods import census_day
from sendstats.quality.across.kept import Kept
from sendstats.quality.broken import DETAIL, END, MEMBERS, PARTS, RATE, SPIKE, TOTALS, ZERO
from sendstats.quality.cells import TOTAL, Slice
from sendstats.quality.findings.detail import Detail, Place
from sendstats.quality.findings.group import Group
from sendstats.quality.inside.rates import printed_decimals
from sendstats.quality.settings import Cell, sames, threshold, totals

#: Undivided rows of every whole table, by table and release: place, period, row and counts.
Undivided = Mapping[tuple[str, str], pl.DataFrame]
_UNKNOWN = "unknown"
_SIDES = ("the year before", "the year after")


def misprint(group: Group, held: Slice) -> str:
    """Name the member whose own printed rate contradicts its count by what the whole has beyond.

    Parameters
    ----------
    group : Group
        Of members that miss their whole.
    held : Slice
    """
    first = group.first
    if first.rule != MEMBERS:
        return ""
    names = held.checked.layout.columns
    for one in (b for b in group.broken if b.rule == RATE and b.whole):
        percent, count, *base = one.columns
        row = held.numbers.filter(pl.col("row") == one.row).row(0, named=True)
        below, meant = sum(row[c] for c in base), row[count] - int(first.delta)
        half = 0.5 / 10 ** printed_decimals(held, percent, float(one.found or 0))
        if count == first.column and abs(100 * meant / below - float(one.found or 0)) <= half:
            return (
                f"{places()[one.place].name}, row {one.row}, prints {row[count]:,} beside the rate "
                f"{names[percent]} {one.found:g}, which is {meant:,} of {below:,}, "
                f"{abs(first.delta):,.0f} {'more' if first.delta < 0 else 'less'}"
            )
    return ""


def linked(
    findings: pl.DataFrame, undivided: Undivided, bare: Mapping[Place, Detail]
) -> pl.DataFrame:
    """Return findings with a cause where another cell tells one that they lack.

    Parameters
    ----------
    findings : polars.DataFrame
        Columns of `sendstats.quality.schema.FINDINGS`.
    undivided : mapping
        See `Undivided`.
    bare : mapping
        Totals without parts, with how many of them the parts of a region hold.
    """
    causes = {}
    open_ = findings.filter(pl.col("cause") == _UNKNOWN)
    for row in open_.iter_rows(named=True):
        if row["rule"] == PARTS:
            causes[row["finding"]] = _same_gap(row, findings)
        elif row["rule"] == TOTALS:
            causes[row["finding"]] = _of_detail(row, bare)
        elif row["rule"] in (SPIKE, ZERO, END):
            causes[row["finding"]] = _neighbour(row, undivided)
    return _told(findings, {k: v for k, v in causes.items() if v})


def _told(findings: pl.DataFrame, causes: dict[str, str]) -> pl.DataFrame:
    if not causes:
        return findings
    known = pl.col("finding").replace_strict(causes, default=None, return_dtype=pl.String)
    return findings.with_columns(pl.coalesce(known, "cause").alias("cause"))


def _of_detail(row: dict[str, Any], bare: Mapping[Place, Detail]) -> str:
    """Say that a total holds the detail of one of its parts, where it fits that detail only."""
    found = int(row["found"].replace(",", ""))
    for total in (t for t in totals() if t.total == Cell(row["table"], row["column"])):
        for part in total.parts:
            year = census_day(row["period"]).year
            detail = bare.get((row["release"], part.table, year, row["place"]))
            if not detail or not 0 < detail.held < detail.total:
                continue
            fits = found + int(row["size"]) - detail.total + detail.held
            if abs(found - fits) <= total.residual * fits:
                name = tables()[part.table].layout(row["release"]).columns[part.column]
                return (
                    f"with the {detail.held:,} {name} that stand in the parts of {detail.region}, "
                    f"and not all {detail.total:,}, it would be {fits:,}"
                )
    return ""


def shown_elsewhere(findings: pl.DataFrame, kept: Mapping[str, Mapping[str, Kept]]) -> pl.DataFrame:
    """Return findings with word of the tables that print the parts that a total lacks.

    Tables of one release that count one thing are asked: the columns that are parts in one are the
    items of a topic in another, and must add up to the total to the unit.

    Parameters
    ----------
    findings : polars.DataFrame
        Columns of `sendstats.quality.schema.FINDINGS`.
    kept : mapping
        Release to table to what gates across tables keep.
    """
    bare = findings.filter(pl.col("rule") == DETAIL, pl.col("label") == TOTAL)
    told = {}
    for row in bare.iter_rows(named=True):
        held = kept.get(row["release"], {})
        mine = Cell(row["table"], row["column"])
        others = [c for s in sames() if mine in s.cells for c in s.cells if c != mine]
        asked = (_printed_in(row, held[c.table], c) for c in others if c.table in held)
        shown = [text for text in asked if text]
        if shown:
            told[row["finding"]] = f"{row['cause']}; {' and '.join(shown)} print the parts"
    return _told(findings, told)


def _printed_in(row: dict[str, Any], kept: Kept, cell: Cell) -> str:
    """Return the rows of another table whose items are the parts of a total, and add up to it."""
    layout = tables()[row["table"]].layout(row["release"])
    sums = (s for s in layout.sums if s.total == row["column"] and s.holds(row["period"]))
    parts = [p for s in sums for p in s.parts]
    day, total = (
        str(census_day(row["period"]).year),
        int(row["found"].split(" ")[0].replace(",", "")),
    )
    mine = kept.rows.filter(pl.col("day") == day, pl.col("place") == row["place"])
    for topic in mine["topic"].unique().sort():
        of_topic = mine.filter(pl.col("topic") == topic)
        if of_topic.filter(pl.col("item").is_in(parts))[cell.column].sum() == total:
            first, *rest = sorted(of_topic["row"])
            rows = f"rows {first} to {rest[-1]}" if rest else f"row {first}"
            return f"{rows} of {kept.checked.layout.file}"
    return ""


def _same_gap(row: dict[str, Any], findings: pl.DataFrame) -> str:
    """Name the one finding of another release that has this very gap in this table and period."""
    same = findings.filter(
        pl.col("table") == row["table"],
        pl.col("period") == row["period"],
        pl.col("size") == row["size"],
        pl.col("cause") != _UNKNOWN,
        pl.col("release") != row["release"],
        pl.col("rule").is_in([PARTS, MEMBERS]),
    )
    cell = same.filter(pl.col("column") == row["column"], pl.col("place") == row["place"])
    same = cell if cell.height else same
    if same.height != 1 or (cell.is_empty() and row["size"] < threshold("meaning_alone")):
        return ""
    other = same.row(0, named=True)
    return (
        f"{row['size']:,.0f} is what {other['published_column']} of {other['place_name']} misses "
        f"in release {other['release']}, row {other['row']}: {other['cause']}"
    )


def _neighbour(row: dict[str, Any], undivided: Undivided) -> str:
    """Say which column of the same row holds what a count has too many, or too few."""
    mine = undivided.get((row["table"], row["release"]))
    if mine is None or row["label"] != TOTAL:
        return ""
    here = mine.filter(pl.col("row") == row["row"], pl.col("period") == row["period"])
    counts, n = here.row(0, named=True), here[row["column"]].item()
    sides = _around(mine, row, row["column"], some=row["rule"] == ZERO)
    sides = (max(sides), max(sides)) if row["rule"] == END else sides  # there is one side only
    layout = tables()[row["table"]].layout(row["release"])
    sums = [s for s in layout.sums if s.holds(row["period"])]
    if n > max(sides):
        inside = [p for s in sums if s.total == row["column"] for p in s.parts]
        part = _grown(row, mine, counts, inside, n - max(sides))
        return _copied(row, undivided, n, sides) or (f"{part}, which is part of it" if part else "")
    beside = [p for s in sums if row["column"] in s.parts for p in s.parts if p != row["column"]]
    return _grown(row, mine, counts, beside, min(sides) - n)


def _grown(
    row: dict[str, Any], mine: pl.DataFrame, counts: dict[str, Any], parts: list[str], least: int
) -> str:
    """Name the one part that holds at least so many, and more in this row than in those around it.

    Of several, one that stands far from both its neighbours is meant, which may hold half of them.
    """
    names = tables()[row["table"]].layout(row["release"]).columns
    found: dict[bool, list[str]] = {True: [], False: []}
    for part in dict.fromkeys(p for p in parts if least >= threshold("small")):
        n, sides = counts[part], _around(mine, row, part)
        if n is None or 2 * n < least or n <= max(sides):
            continue
        far = n >= threshold("spike_times") * max(sides)
        if not far and n < least:
            continue
        grown = min(sides) > 0 and n >= threshold("spike_times") * min(sides)
        if far or grown or n - max(sides) >= least:
            said = " and ".join(f"{m:,} {w}" for m, w in zip(sides, _SIDES, strict=True) if m)
            said = f" ({said})" if said else ""
            found[far].append(f"{names[part]} holds {n:,} in the same row{said}")
    told = found[True] or found[False]
    return told[0] if len(told) == 1 else ""


def _copied(row: dict[str, Any], undivided: Undivided, n: int, sides: tuple[int, int]) -> str:
    """Name the ordinary column of the same row that is this count, or what it has too many.

    What it has too many is known where the rest is exactly the count of a neighbouring year.
    """
    found = []
    for name, value, most in _others(row, undivided):
        if value < threshold("meaning_alone") or value >= threshold("spike_times") * most:
            continue
        if value == n:
            found.append(f"{name} of the same row is {value:,} too")
        elif n - value in sides:
            when = _SIDES[n - value != sides[0]]
            found.append(
                f"it is {name} of the same row, {value:,}, and {n - value:,}, as many as {when}"
            )
    return found[0] if len(found) == 1 else ""


def _others(row: dict[str, Any], undivided: Undivided) -> Iterator[tuple[str, int, int]]:
    """Yield the other columns of the same row of the file, printed name, count and larger side."""
    layout = tables()[row["table"]].layout(row["release"])
    kin = {c for s in layout.sums if row["column"] in (s.total, *s.parts)
           for c in (s.total, *s.parts)}  # fmt: skip
    for (table, release), frame in undivided.items():
        other = tables()[table].layout(release)
        if release != row["release"] or other.file != row["file"]:
            continue
        here = frame.filter(pl.col("row") == row["row"], pl.col("period") == row["period"])
        for column in other.additive if here.height == 1 else ():
            own = table == row["table"] and column in {row["column"], *kin}
            if not own and here[column].item() is not None:
                most = max(_around(frame, row, column))
                yield other.printed(column, row["period"]), here[column].item(), most


def _around(
    frame: pl.DataFrame, row: dict[str, Any], column: str, *, some: bool = False
) -> tuple[int, int]:
    """Return the counts of the neighbouring years of a place, nought where there is none.

    With `some`, of the nearest years that are not nought.
    """
    own = frame.filter(pl.col("place") == row["place"]).drop_nulls(column).sort("period")
    own = own.filter(pl.col(column) > 0) if some else own
    before = own.filter(pl.col("period") < row["period"])[column].to_list()
    after = own.filter(pl.col("period") > row["period"])[column].to_list()
    return (before[-1] if before else 0, after[0] if after else 0)
