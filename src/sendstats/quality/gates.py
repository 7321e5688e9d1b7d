"""The door of the room: every gate over every table, findings, flags and repairs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import chain
from typing import Any

import polars as pl

from sendstats.catalogue.tables import Table
from sendstats.ingest.periods import census_day
from sendstats.quality.across.every import across
from sendstats.quality.across.kept import Kept, keep
from sendstats.quality.across.profiles import profiled
from sendstats.quality.broken import CONTRADICTION, DOUBT, END, SHORT, Broken
from sendstats.quality.cells import Checked, Slice
from sendstats.quality.findings.detail import Detail, Place, detail_of
from sendstats.quality.findings.finding import between, finding, tables_of
from sendstats.quality.findings.group import Group, doubtful, groups, one_group
from sendstats.quality.findings.links import linked, shown_elsewhere
from sendstats.quality.inside.ages import ages, possible
from sendstats.quality.inside.apart import apart
from sendstats.quality.inside.beside import beside
from sendstats.quality.inside.coverage import presence, sides
from sendstats.quality.inside.implied import implied
from sendstats.quality.inside.numbers import numbers
from sendstats.quality.inside.rates import lone, rates, shares
from sendstats.quality.inside.remainder import lacking, left
from sendstats.quality.inside.signs import signs
from sendstats.quality.inside.sums import items, members, parts
from sendstats.quality.inside.within import within
from sendstats.quality.repairs import prove
from sendstats.quality.schema import FINDINGS, FLAGS, REPAIRS
from sendstats.quality.years.decisions import decided
from sendstats.quality.years.exchange import exchanged, exchanged_across
from sendstats.quality.years.history import history
from sendstats.quality.years.mix import mixed
from sendstats.quality.years.needed import needed
from sendstats.quality.years.none import none
from sendstats.quality.years.repeats import Repeats


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
                rows.append(finding(checked, group, held))
                if found := detail_of(group, held):
                    where = (release, table.id, census_day(held.period).year, group.first.place)
                    self._bare[where] = found
            repeats.take(held)
        if not extract:
            rows += [finding(checked, g) for g in groups(list(presence(checked)))]
        findings, flags = tables_of(rows)
        repairs = prove(checked, findings)
        self._findings.append(_repairable(findings, repairs))
        self._flags.append(flags)
        self._repairs.append(repairs)
        self._take([finding(checked, g) for g in one_group(list(numbers(checked)))])
        if not extract:
            self._doubts(checked, findings, flags, repeats.found)
            self._undivided[table.id, release] = checked.totals
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
        divided = list(mixed(checked, caught))
        caught |= {
            cell for b in divided for c in b.columns for cell in b.touched(_under(c, checked))
        }
        told = [b for b in history(checked) if (b.row, b.period, b.column) not in caught]
        told += [*more, *lacking(checked)]
        told += [b for b in swapped if len(b.columns) < 2 or possible(checked, b)]
        found = doubtful([*few, *divided, *told])
        for group in (g for g in found if _falls(g)):
            key = (checked.release, group.place, group.first.period)
            self._short.setdefault(key, []).append((checked, group))
        self._take([finding(checked, g) for g in found if not _falls(g)])

    def _take(self, rows: list[dict[str, Any]]) -> None:
        findings, flags = tables_of(rows)
        self._findings.append(findings)
        self._flags.append(flags)

    def _settle(self, cells: set[tuple[str, str, int, str, str]]) -> None:
        """Take back the doubts about cells that another finding explains."""
        of = [c for c in FLAGS if c != "finding"]
        schema = {c: FLAGS[c] for c in of}
        told = pl.DataFrame(sorted(cells), schema=schema, orient="row")
        mine = self._doubted()
        left = mine.join(told, on=of, how="anti").select("finding")
        gone = mine.join(left, on="finding", how="anti")["finding"].unique().to_list()
        self._drop(gone)

    def _drop(self, gone: list[str]) -> None:
        keep = ~pl.col("finding").is_in(gone)
        self._findings = [frame.filter(keep) for frame in self._findings]
        self._flags = [frame.filter(keep) for frame in self._flags]

    def _doubted(self) -> pl.DataFrame:
        """Return the flags of the doubts so far."""
        doubts = pl.concat(self._findings).filter(pl.col("kind") == DOUBT)
        return pl.concat(self._flags).join(doubts.select("finding"), on="finding", how="semi")

    def result(self) -> tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame]:
        """Return findings, flags and repairs; columns of `FINDINGS`, `FLAGS` and `REPAIRS`."""
        mended = pl.concat([pl.DataFrame(schema=REPAIRS), *self._repairs])
        self._take([_together(of) for of in self._short.values()])
        self._short.clear()
        for held in self._kept.values():
            self._drop(sorted(needed(held, pl.concat(self._findings), mended)))
            swapped = list(exchanged_across(held))
            self._settle({(c.table.id, c.release, *cell) for x in swapped for c, cell in x.cells})
            self._take([between(found) for found in chain(swapped, across(held, mended))])
            doubted = self._doubted().select("table", "row", "period", "column").iter_rows()
            self._take([between(found) for found in none(held, mended, {*doubted})])
        self._take([between(found) for found in profiled(self._kept)])
        findings = pl.concat([pl.DataFrame(schema=FINDINGS), *self._findings])
        findings = linked(findings, self._undivided, self._bare)
        findings = shown_elsewhere(findings, self._kept)
        self._kept.clear()
        flags = pl.concat([pl.DataFrame(schema=FLAGS), *self._flags])
        repairs = pl.concat([pl.DataFrame(schema=REPAIRS), *self._repairs])
        return findings, flags, repairs


def _under(total: str, checked: Checked) -> list[str]:
    """Return a column with every part of it: what is told of it is told of them."""
    return [total, *(p for s in checked.layout.sums if s.total == total for p in s.parts)]


def _groups(held: Slice) -> list[Group]:
    return [*groups(_broken(held)), *one_group(list(implied(held)))]


def _broken(held: Slice) -> list[Broken]:
    always = chain(
        parts(held),
        items(held),
        rates(held),
        lone(held),
        shares(held),
        signs(held),
        within(held),
        ages(held),
    )
    whole: Iterator[Broken] = chain(
        members(held), sides(held), left(held), apart(held), beside(held)
    )
    return [*always, *(() if held.checked.extract else whole)]


def _falls(group: Group) -> bool:
    """Whether a last count, or several of a row, falls far short of all others."""
    return group.first.rule == END and group.first.delta > 0


def _together(of: list[tuple[Checked, Group]]) -> dict[str, Any]:
    """Return one finding of what one place returned too little of, in one table or in several."""
    checked, group = max(of, key=lambda one: (one[1].first.delta, one[0].table.id))
    if len(of) == 1:
        return finding(checked, group)
    said = [
        f"{c.layout.printed(g.first.column, g.first.period)} is {g.first.found:,} in "
        f"{c.layout.file}, row {g.first.row}, beside {g.first.expected:,}"
        for c, g in sorted(of, key=lambda one: one[0].table.id)
    ]
    cause = f"the return is short: {'; '.join(said)}"
    lead = replace(group.first, rule=SHORT, cause=cause)
    cells = [(c.table.id, c.release, *cell) for c, g in of for b in g.broken for cell in b.cells]
    also = {"also": f"{END}: {len(of) - 1} in other tables", "cells": cells}
    return finding(checked, Group(group.place, (lead,), group.roots)) | also


def _repairable(findings: pl.DataFrame, repairs: pl.DataFrame) -> pl.DataFrame:
    mended = pl.col("finding").is_in(repairs["finding"].unique().to_list())
    return findings.with_columns(mended.alias("repairable"))
