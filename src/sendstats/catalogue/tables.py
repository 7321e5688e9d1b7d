"""The column registry: which published columns and labels are which of ours, layout by layout."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property
from typing import Any, Literal

from sendstats.catalogue.derive import Entry, derived
from sendstats.catalogue.labels import TOTAL
from sendstats.catalogue.load import document, names, record
from sendstats.catalogue.shapes import NUMBER, UNDER, Cross, Dimension, UnusedRows
from sendstats.catalogue.symbols import symbols
from sendstats.errors import DataProblem, UnknownId

#: Suffix of columns that hold a published percentage, which is never added up.
PERCENT = ".percent"
AVERAGE = "average_"
#: Filter columns of the files that name the topic of each row.
BREAKDOWN = ("breakdown_topic", "breakdown")


@dataclass(frozen=True, kw_only=True)
class Span:
    """Periods that something holds for: later than `after`, up to and including `until`."""

    after: str = ""
    until: str = ""

    def holds(self, period: str) -> bool:
        """Whether `period` is one of them."""
        return self.after < period and (not self.until or period <= self.until)


@dataclass(frozen=True)
class Sum(Span):
    """An identity: `parts` add up to `total` in every row.

    It holds for the periods in which every part that there is was asked for.
    """

    total: str
    parts: tuple[str, ...]


@dataclass(frozen=True)
class Ratio:
    """An identity: 100 * numerator / denominator is the published percentage.

    The denominator is one column, or several that are added up.
    """

    numerator: str
    denominator: str | tuple[str, ...]
    percent: str

    @property
    def columns(self) -> tuple[str, ...]:
        """Every column that takes part."""
        below = self.denominator
        return (self.numerator, *((below,) if isinstance(below, str) else below), self.percent)


@dataclass(frozen=True)
class Base(Span):
    """What published shares divide by in some periods.

    Attributes
    ----------
    of : str
        Name that a series uses for it.
    leaves : tuple of str
        Columns (or, in a long layout, labels) whose sum is the base.
    says : str
        The base in words.
    """

    of: str
    leaves: tuple[str, ...]
    says: str


@dataclass(frozen=True)
class Layout:
    """One published layout of a table.

    Attributes
    ----------
    id : str
        Schema generation.
    releases : tuple of str
        Release slugs that publish it.
    file : str
        Published file name.
    columns : dict of str to str
        Our column to the published one.
    unused : dict of str to list of str
        Why columns are not used, to the published columns.
    topics : dict of str to str
        Published breakdown topic to ours; empty where the file has no ``breakdown``.
    dimensions : tuple of Dimension
        Filter columns of a file that has no ``breakdown``, in the order that items are joined in.
    column_topics : tuple of str
        Topics that are columns: ``age.10`` is the item ``10`` of ``age``.
    texts : dict of str to str
        Columns of ours that hold words, to the group of ``labels.toml`` that lists them.
    placement_labels : tuple of str
        Pair of columns (group, type) that label placements, in a long layout.
    keep : dict of str to str
        Rows to keep: published column to value. Other rows belong to other tables.
    unused_rows : tuple of UnusedRows
        Rows that no table takes, and why.
    symbols : dict of str to str
        Symbols of this layout, beside those of the release, to what they mean.
    signed : tuple of str
        Columns whose counts may be negative: remainders.
    blanks : tuple of str
        Columns that the publisher leaves blank where there is nothing to say. Every other column
        says so by a symbol, and a blank cell of it is a fault.
    period : str
        ``academic_start`` where an academic label names the calendar year that it starts in.
    divides : tuple of str
        Regions that the file prints in parts, and not as a whole.
    divides_until : str
        Last period for which it does, empty for all; later ones have the whole region only.
    cross : Cross or None
        How to read a file that is no plain table.
    proven : bool
        False for a layout known only from an extract or from guidance.
    named : bool
        False where no page names the file, and its name is assumed.
    """

    id: str
    releases: tuple[str, ...]
    file: str
    columns: dict[str, str]
    unused: dict[str, list[str]] = field(default_factory=dict)
    topics: dict[str, str] = field(default_factory=dict)
    dimensions: tuple[Dimension, ...] = ()
    column_topics: tuple[str, ...] = ()
    texts: dict[str, str] = field(default_factory=dict)
    placement_labels: tuple[str, ...] = ()
    keep: dict[str, str] = field(default_factory=dict)
    unused_rows: tuple[UnusedRows, ...] = ()
    symbols: dict[str, str] = field(default_factory=dict)
    signed: tuple[str, ...] = ()
    blanks: tuple[str, ...] = ()
    period: Literal["", "academic_start"] = ""
    divides: tuple[str, ...] = ()
    divides_until: str = ""
    cross: Cross | None = None
    proven: bool = True
    named: bool = True
    sums: tuple[Sum, ...] = ()
    ratios: tuple[Ratio, ...] = ()
    bases: tuple[Base, ...] = ()

    @property
    def long(self) -> bool:
        """Whether placements are rows (labels) and not columns."""
        return bool(self.placement_labels)

    @property
    def filters(self) -> set[str]:
        """Published columns that choose rows and hold no figures."""
        return {*self.labelled, *self.placement_labels, *self.keep}

    @property
    def labelled(self) -> list[str]:
        """Published columns that a row's topic and item are read from."""
        if self.topics:
            return list(BREAKDOWN)
        return [c for d in self.dimensions for c in d.columns]

    @property
    def whole_topics(self) -> list[str]:
        """Topics of the rows that no breakdown divides: the total, and single filter columns."""
        return [TOTAL, *(d.topic for d in self.dimensions)]

    def divided(self, period: str | None) -> tuple[str, ...]:
        """Return the regions that the file prints in parts in a period; None is any."""
        ended = bool(period and self.divides_until) and (period or "") > self.divides_until
        return () if ended else self.divides

    def printed(self, column: str, period: str) -> str:
        """Return how the file calls a column of ours, with the period above it in a cross table."""
        if self.cross and column == NUMBER:
            return self.cross.called
        name = self.columns.get(column, column)
        return name + UNDER.format(period) if self.cross else name

    @cached_property
    def additive(self) -> list[str]:
        """Our columns that hold counts, which add up over places."""
        return [c for c in self.columns if self.counts(c)]

    def counts(self, column: str) -> bool:
        """Whether a column of ours holds counts: no percentage, no average, no words."""
        named = column.endswith(PERCENT) or column.startswith(AVERAGE)
        return not named and column not in self.texts


@dataclass(frozen=True)
class Table:
    """One harmonised table.

    Attributes
    ----------
    id, title, publication : str
    kind : {"stock", "flow"}
    layouts : tuple of Layout
    """

    id: str
    title: str
    publication: str
    kind: Literal["stock", "flow"]
    layouts: tuple[Layout, ...]

    def symbols(self, release: str) -> dict[str, str]:
        """Return what symbols mean in this table of `release`: symbol to reason."""
        return symbols(self.publication, release) | self.layout(release).symbols

    def layout(self, release: str) -> Layout:
        """Return the layout that `release` publishes.

        Raises
        ------
        UnknownId
            If the table is not in that release.
        """
        for layout in self.layouts:
            if release in layout.releases:
                return layout
        raise UnknownId.of(
            f"release of {self.id}", release, [r for x in self.layouts for r in x.releases]
        )


def _layout(entry: Mapping[str, Any], where: str) -> Layout:
    columns = list(entry["columns"])
    nested: dict[str, Any] = {
        "dimensions": tuple(record(Dimension, d, where) for d in entry.get("dimensions", ())),
        "unused_rows": tuple(record(UnusedRows, u, where) for u in entry.get("unused_rows", ())),
        "sums": tuple(_sum(s, columns, where) for s in entry.get("sums", ())),
        "ratios": tuple(_ratios(entry.get("ratios", {}), columns)),
        "bases": tuple(record(Base, b, where) for b in entry.get("bases", ())),
        "cross": record(Cross, entry["cross"], where) if "cross" in entry else None,
    }
    layout = record(Layout, {**entry, **nested}, where)
    _check(layout, where)
    return layout


def _sum(entry: Mapping[str, Any], columns: list[str], where: str) -> Sum:
    return record(Sum, {**entry, "parts": _named(entry["parts"], columns)}, where)


def _ratios(entry: Mapping[str, list[str]], columns: list[str]) -> Iterable[Ratio]:
    """Yield the rates of "a + b", the denominators, and "c as d", numerator and its rate."""
    for below, above in entry.items():
        parts = tuple(below.split(" + "))
        for named in _named(above, columns):
            numerator, _, rate = named.partition(" as ")
            denominator = parts[0] if len(parts) == 1 else parts
            yield Ratio(numerator, denominator, (rate or numerator) + PERCENT)


def _named(names: Iterable[str], columns: list[str]) -> list[str]:
    """Spell out ``topic.*``: every column of that topic that holds counts."""
    found: list[str] = []
    for name in names:
        of_topic = [c for c in columns if c.startswith(name[:-1]) and not c.endswith(PERCENT)]
        found += of_topic if name.endswith(".*") else [name]
    return found


def _check(layout: Layout, where: str) -> None:
    """Refuse identities over columns that the layout does not have."""
    named = {c for s in layout.sums for c in (s.total, *s.parts)}
    named |= {*layout.texts, *layout.signed, *layout.blanks}
    named |= {c for r in layout.ratios for c in r.columns}
    missing = sorted(named - set(layout.columns))
    if missing:
        raise DataProblem(
            "an identity names columns that the layout lacks",
            where=f"{where}, layout {layout.id}",
            found=", ".join(missing),
        )


def _entry(name: str, layout_id: str) -> Entry:
    """Return the full entry of a layout, what it extends included."""
    for entry in document(name)["layout"]:
        if entry["id"] == layout_id:
            return derived(entry, lambda parent: _parent(name, parent), name)
    raise UnknownId.of(f"layout of {name}", layout_id, [e["id"] for e in document(name)["layout"]])


def _parent(name: str, parent: str) -> Entry:
    table_id, _, layout_id = parent.rpartition(".")
    return _entry(f"tables/{table_id}.toml" if table_id else name, layout_id)


@cache
def tables() -> dict[str, Table]:
    """Return every table by id."""
    found: dict[str, Table] = {}
    for name in names("tables"):
        entry = document(name)
        layouts = tuple(_layout(_entry(name, x["id"]), name) for x in entry["layout"])
        plain = {k: v for k, v in entry.items() if k != "layout"}
        table = record(Table, {**plain, "layouts": layouts}, name)
        found[table.id] = table
    return found


@cache
def claimed(publication: str, release: str, file: str) -> frozenset[str]:
    """Return the published columns of a file that its tables take, filter by, or leave unused."""
    read = [layout for _, layout in readers(publication, release, file)]
    unused = {c for x in read for columns in x.unused.values() for c in columns}
    return frozenset(unused.union(*({*x.columns.values(), *x.filters} for x in read)))


@cache
def readers(publication: str, release: str, file: str) -> tuple[tuple[Table, Layout], ...]:
    """Return the tables that read a published file, each with its layout."""
    return tuple(
        (table, layout)
        for table in tables().values()
        for layout in table.layouts
        if (table.publication, layout.file) == (publication, file) and release in layout.releases
    )


def table(table_id: str) -> Table:
    """Return one table.

    Raises
    ------
    UnknownId
        If there is none with this id.
    """
    try:
        return tables()[table_id]
    except KeyError:
        raise UnknownId.of("table", table_id, tables()) from None
