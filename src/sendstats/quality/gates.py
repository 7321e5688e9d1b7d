"""The door of the room: every gate over every table, findings, flags and repairs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import chain
from typing import Any

import polars as pl

from sendstats.catalogue.footnotes import footnotes_for
from sendstats.catalogue.places import LOCAL, places
from sendstats.catalogue.tables import Table
from sendstats.ingest.periods import census_day
from sendstats.quality.across import across
from sendstats.quality.apart import apart
from sendstats.quality.beside import beside
from sendstats.quality.broken import (
    CONTRADICTION,
    DEFINITION,
    DETAIL,
    DOUBT,
    END,
    ITEMS,
    PARTS,
    SHORT,
    SIDES,
    Broken,
    Touched,
)
from sendstats.quality.cells import LABELS, TOTAL, Checked, Slice
from sendstats.quality.coverage import presence, sides
from sendstats.quality.decisions import decided
from sendstats.quality.detail import Detail, Place, detail_of, publisher_says, why_bare
from sendstats.quality.effects import effect, own
from sendstats.quality.exchange import exchanged, exchanged_across
from sendstats.quality.group import Group, doubtful, groups, one_group
from sendstats.quality.history import history
from sendstats.quality.implied import implied
from sendstats.quality.kept import Across, Kept, keep
from sendstats.quality.links import linked, misprint, shown_elsewhere
from sendstats.quality.numbers import numbers
from sendstats.quality.profiles import profiled
from sendstats.quality.rates import lone, rates, shares
from sendstats.quality.remainder import lacking, left
from sendstats.quality.repairs import prove
from sendstats.quality.repeats import Repeats
from sendstats.quality.schema import FINDINGS, FLAGS, REPAIRS
from sendstats.quality.settings import threshold
from sendstats.quality.sums import items, members, parts, signs
from sendstats.quality.within import within


class Checks:
    """Every gate over the tables of some releases.

    Tables are added one after the other; between them only what the gates across tables read is
    kept.
    """

    def __init__(self) -> None:
        self._findings: list[pl.DataFrame] = []
        self._flags: list[pl.DataFrame] = []
        self._repairs: list[pl.DataFrame] = []
        self._kept: dict[str, dict[str, Kept]] = {}
        self._short: dict[tuple[str, str, str], list[tuple[Checked, Group]]] = {}
        self._bare: dict[Place, Detail] = {}
        self._undivided: dict[tuple[str, str], pl.DataFrame] = {}

    def add(
        self,
        frame: pl.DataFrame | pl.LazyFrame,
        table: Table,
        release: str,
        *,
        extract: bool,
        beside: pl.DataFrame | None = None,
    ) -> None:
        """Run every gate over one ingested table.

        Parameters
        ----------
        frame : polars.DataFrame or polars.LazyFrame
            As `sendstats.ingest.table.ingest` returns it, all rows.
        table : Table
        release : str
        extract : bool
            Whether the file is an extract; gates that need every place are then left out.
        beside : polars.DataFrame, optional
            Totals of some members, as `sendstats.ingest.cross.beside` returns them.
        """
        checked = Checked(table, release, frame.lazy(), extract, beside)
        rows, repeats = list[dict[str, Any]](), Repeats()
        for held in checked.slices():
            for group in _groups(held):
                rows.append(_finding(checked, group, held))
                if found := detail_of(group, held):
                    where = (release, table.id, census_day(held.period).year, group.first.place)
                    self._bare[where] = found
            repeats.take(held)
        if not extract:
            rows += [_finding(checked, g) for g in groups(list(presence(checked)))]
        findings, flags = _tables(rows)
        repairs = prove(checked, findings)
        self._findings.append(_repairable(findings, repairs))
        self._flags.append(flags)
        self._repairs.append(repairs)
        self._take([_finding(checked, g) for g in one_group(list(numbers(checked)))])
        if not extract:
            self._doubts(checked, findings, flags, repeats.found)
            self._undivided[table.id, release] = checked.totals()
        kept = keep(checked)
        if kept:
            self._kept.setdefault(release, {})[table.id] = kept

    def _doubts(
        self, checked: Checked, findings: pl.DataFrame, flags: pl.DataFrame, more: list[Broken]
    ) -> None:
        """Add what the years around a figure make improbable, unless arithmetic caught it."""
        wrong = findings.filter(pl.col("kind") == CONTRADICTION)
        cells = flags.join(wrong.select("finding"), on="finding", how="semi")
        caught = set(cells.select("row", "period", "column").iter_rows())
        swapped = list(exchanged(checked))
        few = list(decided(checked))
        caught |= {cell for b in swapped for cell in b.cells}
        caught |= {(b.row, b.period, b.column) for b in few}
        told = [b for b in history(checked) if (b.row, b.period, b.column) not in caught]
        told += [*more, *lacking(checked)]
        found = doubtful([*swapped, *few, *told])
        for group in (g for g in found if _falls(g)):
            key = (checked.release, group.place, group.first.period)
            self._short.setdefault(key, []).append((checked, group))
        self._take([_finding(checked, g) for g in found if not _falls(g)])

    def _take(self, rows: list[dict[str, Any]]) -> None:
        findings, flags = _tables(rows)
        self._findings.append(findings)
        self._flags.append(flags)

    def _settle(self, cells: set[tuple[str, str, int, str, str]]) -> None:
        """Take back the doubts about cells that another finding explains."""
        of = [c for c in FLAGS if c != "finding"]
        schema = {c: FLAGS[c] for c in of}
        told = pl.DataFrame(sorted(cells), schema=schema, orient="row")
        doubts = pl.concat(self._findings).filter(pl.col("kind") == DOUBT)
        mine = pl.concat(self._flags).join(doubts.select("finding"), on="finding", how="semi")
        left = mine.join(told, on=of, how="anti").select("finding")
        gone = mine.join(left, on="finding", how="anti")["finding"].unique().to_list()
        keep = ~pl.col("finding").is_in(gone)
        self._findings = [frame.filter(keep) for frame in self._findings]
        self._flags = [frame.filter(keep) for frame in self._flags]

    def result(self) -> tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame]:
        """Return findings, flags and repairs; columns of `FINDINGS`, `FLAGS` and `REPAIRS`."""
        mended = pl.concat([pl.DataFrame(schema=REPAIRS), *self._repairs])
        self._take([_together(of) for of in self._short.values()])
        self._short.clear()
        for held in self._kept.values():
            swapped = list(exchanged_across(held))
            self._settle({(c.table.id, c.release, *cell) for x in swapped for c, cell in x.cells})
            self._take([_between(found) for found in chain(swapped, across(held, mended))])
        self._take([_between(found) for found in profiled(self._kept)])
        findings = pl.concat([pl.DataFrame(schema=FINDINGS), *self._findings])
        findings = linked(findings, self._undivided, self._bare)
        findings = shown_elsewhere(findings, self._kept)
        self._kept.clear()
        flags = pl.concat([pl.DataFrame(schema=FLAGS), *self._flags])
        repairs = pl.concat([pl.DataFrame(schema=REPAIRS), *self._repairs])
        return findings, flags, repairs


def _groups(held: Slice) -> list[Group]:
    return [*groups(_broken(held)), *one_group(list(implied(held)))]


def _broken(held: Slice) -> list[Broken]:
    always = chain(
        parts(held), items(held), rates(held), lone(held), shares(held), signs(held), within(held)
    )
    whole: Iterator[Broken] = chain(
        members(held), sides(held), left(held), apart(held), beside(held)
    )
    return [*always, *(() if held.checked.extract else whole)]


def _falls(group: Group) -> bool:
    """Whether a first or last count, or several of a row, falls far short of all others."""
    return group.first.rule == END and group.first.delta > 0


def _together(of: list[tuple[Checked, Group]]) -> dict[str, Any]:
    """Return one finding of what one place returned too little of, in one table or in several."""
    checked, group = max(of, key=lambda one: (one[1].first.delta, one[0].table.id))
    if len(of) == 1:
        return _finding(checked, group)
    said = [
        f"{c.layout.printed(g.first.column, g.first.period)} is {g.first.found:,} in "
        f"{c.layout.file}, row {g.first.row}, beside {g.first.expected:,}"
        for c, g in sorted(of, key=lambda one: one[0].table.id)
    ]
    cause = f"the return is short: {'; '.join(said)}"
    lead = replace(group.first, rule=SHORT, cause=cause)
    cells = [(c.table.id, c.release, *cell) for c, g in of for b in g.broken for cell in b.cells]
    also = {"also": f"{END}: {len(of) - 1} in other tables", "cells": cells}
    return _finding(checked, Group(group.place, (lead,), group.roots)) | also


def _between(found: Across) -> dict[str, Any]:
    """Return the finding of an identity across tables: its cells may stand in several."""
    first = found.broken[0]
    group = Group(first.place, found.broken, frozenset({first.place}))
    cells = [(c.table.id, c.release, *cell) for c, cell in found.cells]
    told = {"effect": found.effect, "effect_size": found.effect_size, "cells": cells}
    return _finding(found.checked, group, first=first) | told


def _finding(
    checked: Checked, group: Group, held: Slice | None = None, *, first: Broken | None = None
) -> dict[str, Any]:
    first, layout = first or group.first, checked.layout
    told = effect(group, held) if held else own(group)
    label = first.label if first.topic == TOTAL else f"{first.topic} {first.label}"
    where = f"{checked.table.id}.{checked.release}.{first.period}.{first.place}"
    return {
        "finding": f"{first.rule}.{where}.{label}.{first.column}",
        "rule": first.rule,
        "kind": _kind(checked, group),
        "table": checked.table.id,
        "release": checked.release,
        "file": layout.file,
        "period": first.period,
        "place": first.place,
        "place_name": places()[first.place].name,
        "topic": first.topic,
        "label": first.label,
        "column": first.column,
        "published_column": layout.printed(first.column, first.period),
        "row": first.row,
        "expected": first.says,
        "found": _shown(first),
        "size": abs(first.delta),
        "places": len({b.place for b in group.broken}),
        "touches": ";".join(sorted({p for b in group.broken for p in (b.place, *b.others)})),
        "also": _also(group),
        "cause": _cause(group, held),
        "effect": told.text,
        "effect_size": told.size,
        "coverage": _coverage(group, held),
        "repairable": False,
        "footnote": _footnote(checked, group),
        "cells": [(checked.table.id, checked.release, *cell) for cell in _cells(checked, group)],
    }


def _cells(checked: Checked, group: Group) -> list[Touched]:
    """Return every cell that the finding touches.

    Where a meaning differs these are the columns that explain the gap, not a total that is right;
    where nothing explains it, all columns, unless the gap is too small to matter to any of them.
    """
    if group.first.rule == DETAIL:
        return sorted({cell for b in group.broken for cell in _below(b)})
    if _kind(checked, group) != DEFINITION:
        return sorted({cell for b in group.broken for cell in b.cells})
    first = group.first
    matters = abs(first.delta) >= threshold("definition_share") * abs(first.found or 0)
    touched: set[Touched] = set()
    for b in group.broken:
        columns = b.explained or (b.columns if matters else ())
        touched |= {*b.touched(columns)}
    return sorted(touched)


def _kind(checked: Checked, group: Group) -> str:
    """Tell an error from a matter of meaning: parts that miss their total in many authorities.

    Where an extract holds England alone the two cannot be told apart, and no error is claimed.
    """
    local = {b.place for b in group.broken if places()[b.place].level == LOCAL}
    many = len(local) > threshold("named_places")
    meaning = group.first.rule == PARTS and (many or checked.extract)
    return DEFINITION if meaning else group.first.kind


def _below(one: Broken) -> list[Touched]:
    """Return the cells that lack somebody: of a whole above, the parts and not the total."""
    if one.rule == PARTS:
        return one.touched(one.columns[1:])
    return [cell for cell in one.cells if one.rule != ITEMS or cell[0] != one.row]


def _shown(first: Broken) -> str:
    if first.row is None or first.found is None:
        return "none"
    if first.rule == DETAIL:
        return f"{first.found:,} and no part"
    return f"{first.found:,.10g}"


def _cause(group: Group, held: Slice | None) -> str:
    told = {b.cause for b in group.broken if b.cause and b.rule == group.first.rule}
    known = group.first.cause or (told.pop() if len(told) == 1 else "")
    return known or (_shown_by(group, held) if held else "") or "unknown"


def _shown_by(group: Group, held: Slice) -> str:
    """Return what other cells of the period, or a footnote, show of the cause."""
    if group.first.rule == DETAIL:
        return why_bare(group, held)
    if group.first.rule == PARTS and group.first.delta < 0:
        return publisher_says(group, held)
    return misprint(group, held)


def _also(group: Group) -> str:
    """Return what else fails for the same reason, rule by rule."""
    others: dict[str, list[str]] = {}
    for b in group.broken:
        if b is not group.first:
            others.setdefault(b.rule, []).append(b.place)
    return "; ".join(
        f"{rule}: {len(where)} in {len(set(where))} place{'s' * (len(set(where)) > 1)}"
        for rule, where in sorted(others.items())
    )


def _footnote(checked: Checked, group: Group) -> str:
    """Return what the publisher's footnotes say of this place or this period, if any does."""
    first, touched = group.first, {b.place for b in group.broken}
    column = first.placement if checked.layout.long else first.column
    notes = footnotes_for(checked.table.id, column, first.period)
    of = [n for n in notes if touched & set(n.places) or (n.periods and not n.places)]
    return " ".join(dict.fromkeys(n.says for n in of))


def _coverage(group: Group, held: Slice | None) -> str:
    """Return how many authorities have a number where the finding is about some that have none."""
    first = group.first
    if held is None or first.rule not in (DETAIL, SIDES):
        return ""
    local = held.numbers.filter(
        (pl.col("level") == LOCAL) & pl.all_horizontal(pl.col(c) == TOTAL for c in LABELS)
    )
    of = [c for c in first.columns[1:] if c in local.columns] or [first.column]
    have = local.select(pl.any_horizontal(pl.col(c).is_not_null() for c in of).sum()).item()
    return f"{have} of {local.height} authorities have a figure"


def _tables(rows: list[dict[str, Any]]) -> tuple[pl.DataFrame, pl.DataFrame]:
    flags = [(row["finding"], *cell) for row in rows for cell in row.pop("cells")]
    return pl.DataFrame(rows, schema=FINDINGS), pl.DataFrame(flags, schema=FLAGS, orient="row")


def _repairable(findings: pl.DataFrame, repairs: pl.DataFrame) -> pl.DataFrame:
    mended = pl.col("finding").is_in(repairs["finding"].unique().to_list())
    return findings.with_columns(mended.alias("repairable"))
