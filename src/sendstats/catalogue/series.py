"""Series as the catalogue declares them, and the cells that each reads."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from typing import Literal

from sendstats.catalogue.load import document, record
from sendstats.catalogue.tables import PERCENT, Layout
from sendstats.errors import UnknownId

#: Stands for the leaves of the placement asked for.
BY_PLACEMENT = "@placement"
#: Stands for the columns that divide a measure by the topic asked for.
BY_PART = "@part"
#: A basis worked out here: only authorities that have both counts of a rate in a period.
SAME_AUTHORITIES = "same_authorities"

Kind = Literal["stock", "flow"]
#: Units whose singular is not the plural without its last letter.
_ONE = {"authorities": "authority", "people": "person"}


def singular(word: str) -> str:
    """Return one of what a unit, or another plural, names."""
    return _ONE.get(word, word.removesuffix("s"))


@dataclass(frozen=True)
class Cells:
    """Where a series finds its figures in one table.

    Attributes
    ----------
    table : str
    layouts : tuple of str
        Layouts it may read; empty for all.
    basis : str
    value : tuple of str
        Columns whose sum is a count.
    numerator, denominator : tuple of str
        Columns of a rate computed from counts.
    percent : str
        Column of the published rate beside it.
    published : str
        Column of a rate or average that is published without counts.
    base : str
        Name of the base in the layout that a placement share divides by.
    parts : dict of str to dict
        Topics by which columns divide the measure: item to the columns that are added up. Those
        of `Layout.column_topics` need not be said.
    where : dict of str to str
        Rows to read where the layout divides by more than is meant: topic to item.
    only_by : tuple of str
        Topics that the cells are read for, where other cells hold what is not divided.
    after, until : str
        Periods read: later than `after`, up to and including `until`.
    whole_of : str
        Topic whose items make up the total, where no row or column holds it.
    column : str
        Where a layout whose placements are rows keeps the figure.
    codes : dict of str to int
        What a text says as a count, where cells hold words.
    detail : bool
        Whether only a store of every row holds the cells.
    """

    table: str
    layouts: tuple[str, ...] = ()
    basis: str = ""
    value: tuple[str, ...] = ()
    numerator: tuple[str, ...] = ()
    denominator: tuple[str, ...] = ()
    percent: str = ""
    published: str = ""
    base: str = ""
    parts: dict[str, dict[str, tuple[str, ...]]] = field(default_factory=dict, hash=False)
    where: dict[str, str] = field(default_factory=dict, hash=False)
    only_by: tuple[str, ...] = ()
    after: str = ""
    until: str = ""
    whole_of: str = ""
    column: str = "plans"
    codes: dict[str, int] = field(default_factory=dict, hash=False)
    detail: bool = False

    @property
    def named(self) -> set[str]:
        """Every column named; placements and parts stand as `BY_PLACEMENT` and `BY_PART`."""
        counts = {*self.value, *self.numerator, *self.denominator}
        divided = {
            c for items in self.parts.values() for columns in items.values() for c in columns
        }
        return counts | divided | ({self.percent, self.published} - {""})

    def divided_by(self, layout: Layout) -> dict[str, dict[str, tuple[str, ...]]]:
        """Return the topics that are columns in a layout: item to columns."""
        found = dict(self.parts)
        for topic in layout.column_topics:
            head = f"{topic}."
            held = (c for c in layout.columns if c.startswith(head) and not c.endswith(PERCENT))
            found.setdefault(topic, {c.removeprefix(head): (c,) for c in held})
        return found


@dataclass(frozen=True)
class Definition:
    """What a series measures, as the catalogue declares it.

    Attributes
    ----------
    id, title : str
        Id such as ``plans.caseload`` and a title in sentence case.
    kind : {"stock", "flow"}
        Counted on a day, or over a span.
    universe : str
        Id of the universe counted; two universes never mix.
    unit : {"plans", "pupils", "percent", ...}
        ``percent`` values run from 0 to 100.
    decimals : int
        Decimals shown.
    measures : str
        One sentence: what exactly is counted, on which date, by whom.
    publication : str
        Slug of the publication.
    source : str
        Where the definition is said.
    denominator : str
        Id of the series a share or rate divides by; empty for counts.
    whole : str
        Id of the series that a count is a part of, where it is one.
    bases : tuple of str
        Bases the reader must choose from; empty where there is one only.
    dimension : {"", "placement"}
        What the series is always asked by.
    cells : tuple of Cells
        Where the figures stand.
    """

    id: str
    title: str
    kind: Kind
    universe: str
    unit: str
    decimals: int
    measures: str
    publication: str
    source: str = ""
    denominator: str = ""
    whole: str = ""
    bases: tuple[str, ...] = ()
    dimension: str = ""
    cells: tuple[Cells, ...] = ()

    @property
    def is_rate(self) -> bool:
        """Whether values are percentages."""
        return self.unit == "percent"

    def unit_of(self, value: float) -> str:
        """Return the unit as it stands after a value: 1 plan, 2 plans, 1.0 weeks."""
        return singular(self.unit) if value == 1 and not self.decimals else self.unit

    @property
    def in_words(self) -> bool:
        """Whether cells print a yes or no for each authority, which is counted as 1 or 0."""
        return any(c.codes for c in self.cells)

    @property
    def adds_up(self) -> bool:
        """Whether values are counts, which have a sum: no rates, no averages."""
        return not self.is_rate and not any(c.published for c in self.cells)

    @property
    def needs_topic(self) -> bool:
        """Whether there is a figure only for the items of a topic, and none of the whole."""
        return all(BY_PART in {*c.value, *c.numerator} for c in self.cells) and bool(self.cells)

    @property
    def computed(self) -> bool:
        """Whether the series is a rate worked out from counts, and not one that is printed."""
        return any(c.numerator for c in self.cells)


@dataclass(frozen=True)
class Instead:
    """What a placement is made of in some periods of one table, other than its leaves.

    Attributes
    ----------
    table : str
    why : str
    layouts : tuple of str
        Layouts concerned; empty for all.
    leaves : tuple of str
        What to add up instead; empty where the placement cannot be told apart, and is null.
    after, until : str
        Periods concerned: later than `after`, up to and including `until`.
    """

    table: str
    why: str
    layouts: tuple[str, ...] = ()
    leaves: tuple[str, ...] = ()
    after: str = ""
    until: str = ""


@dataclass(frozen=True)
class Placement:
    """One placement.

    Attributes
    ----------
    id, title, short : str
        Id, title in sentence case, and a short one for charts.
    level : {"group", "type", "provision"}
        Groups make up the whole, types make up groups; provisions are finer still.
    leaves : tuple of str
        Labels of a long layout and columns of a wide one; those a layout has are added up.
    why : str
        Why it is made of these, where that is a choice.
    instead : tuple of Instead
    """

    id: str
    title: str
    short: str
    level: str
    leaves: tuple[str, ...]
    why: str = ""
    instead: tuple[Instead, ...] = ()


@cache
def entries() -> dict[str, Definition]:
    """Return every series by id, in catalogue order."""
    found = {}
    for raw in document("series.toml")["series"]:
        cells = tuple(record(Cells, c, f"series {raw['id']}") for c in raw["cells"])
        found[raw["id"]] = record(Definition, {**raw, "cells": cells}, "series.toml")
    return found


def entry(series_id: str) -> Definition:
    """Return one series.

    Raises
    ------
    UnknownId
        If there is none; the message names the nearest.
    """
    try:
        return entries()[series_id]
    except KeyError:
        raise UnknownId.of("series", series_id, entries()) from None


def columns_read(table: str, layout: Layout, *, detail: bool = False) -> set[str]:
    """Return the columns of a layout that some series reads, published rates beside them.

    In a layout whose placements are rows these are the columns of figures. Columns that only a
    store of every row holds are left out unless `detail` is set.
    """
    found: set[str] = set()
    for cells in (c for e in entries().values() for c in e.cells if c.table == table):
        applies = not cells.layouts or layout.id in cells.layouts
        if applies and (detail or not cells.detail):
            found |= _read_by(cells, layout)
    return found & set(layout.columns)


def leaves_read(table: str, layout: Layout) -> set[str]:
    """Return the columns or, where placements are rows, the placements that some series reads."""
    by_placement = any(
        BY_PLACEMENT in c.named for e in entries().values() for c in e.cells if c.table == table
    )
    found = {leaf for base in layout.bases for leaf in base.leaves}
    if by_placement:
        for one in placements().values():
            found |= {*one.leaves, *(leaf for i in one.instead for leaf in i.leaves)}
    return found


def _read_by(cells: Cells, layout: Layout) -> set[str]:
    named = set(cells.named)
    for items in cells.divided_by(layout).values():
        named |= {column for columns in items.values() for column in columns}
    if layout.long:
        named.add(cells.column)
    elif BY_PLACEMENT in named:
        named |= leaves_read(cells.table, layout)
    rates = {column + PERCENT for column in named} if cells.numerator else set()
    return named | rates


def universes() -> dict[str, str]:
    """Return universe id to its description."""
    return dict(document("series.toml")["universes"])


@cache
def placements() -> dict[str, Placement]:
    """Return every placement by id: groups, types and provisions."""
    found = {}
    for raw in document("placements.toml")["placement"]:
        other = tuple(record(Instead, i, f"placement {raw['id']}") for i in raw.get("instead", ()))
        found[raw["id"]] = record(Placement, {**raw, "instead": other}, "placements.toml")
    return found


def placement(placement_id: str) -> Placement:
    """Return one placement.

    Raises
    ------
    UnknownId
        If there is none.
    """
    try:
        return placements()[placement_id]
    except KeyError:
        raise UnknownId.of("placement", placement_id, placements()) from None
