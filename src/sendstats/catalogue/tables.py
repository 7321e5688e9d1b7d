"""The column registry: which published columns and labels are which of ours, layout by layout."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Literal

from sendstats.catalogue.labels import TOTAL, topic
from sendstats.catalogue.load import document, names, record
from sendstats.errors import DataProblem, UnknownId

#: Suffix of columns that hold a published percentage, which is never added up.
PERCENT = ".percent"
AVERAGE = "average_"
#: Filter columns of the files that name the topic of each row.
BREAKDOWN = ("breakdown_topic", "breakdown")
#: Joins the labels of columns that are read together.
JOINED = " | "


@dataclass(frozen=True)
class Sum:
    """An identity: `parts` add up to `total` in every row."""

    total: str
    parts: tuple[str, ...]


@dataclass(frozen=True)
class Ratio:
    """An identity: 100 * numerator / denominator is the published percentage."""

    numerator: str
    denominator: str
    percent: str


@dataclass(frozen=True)
class Base:
    """What published shares divide by in some periods.

    Attributes
    ----------
    of : str
        Name that a series uses for it.
    leaves : tuple of str
        Columns (or, in a long layout, labels) whose sum is the base.
    says : str
        The base in words.
    after, until : str
        Periods it holds for: later than `after`, up to and including `until`.
    """

    of: str
    leaves: tuple[str, ...]
    says: str
    after: str = ""
    until: str = ""

    def holds(self, period: str) -> bool:
        """Whether the base is the one of `period`."""
        return self.after < period and (not self.until or period <= self.until)


@dataclass(frozen=True)
class Dimension:
    """Published columns whose labels divide the rows of a layout by one topic.

    Attributes
    ----------
    columns : tuple of str
        One published column, or several whose labels are read together, joined by `JOINED`.
    topic : str
        Topic of ``topics.toml``.
    labels : str
        Group of ``labels.toml``, where it is not the topic's own.
    """

    columns: tuple[str, ...]
    topic: str
    labels: str = ""

    @property
    def group(self) -> str:
        """Group of ``labels.toml`` that holds the items."""
        return self.labels or topic(self.topic).labels


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
        Rows to keep: published column to value. Other rows belong to no table yet.
    proven : bool
        False for a layout known only from an extract or from guidance.
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
    proven: bool = True
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

    @property
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
    nested: dict[str, Any] = {
        "dimensions": tuple(record(Dimension, d, where) for d in entry.get("dimensions", ())),
        "sums": tuple(record(Sum, s, where) for s in entry.get("sums", ())),
        "ratios": tuple(record(Ratio, r, where) for r in entry.get("ratios", ())),
        "bases": tuple(record(Base, b, where) for b in entry.get("bases", ())),
    }
    layout = record(Layout, {**entry, **nested}, where)
    _check(layout, where)
    return layout


def _check(layout: Layout, where: str) -> None:
    """Refuse identities over columns that the layout does not have."""
    named = {c for s in layout.sums for c in (s.total, *s.parts)}
    named |= {c for r in layout.ratios for c in (r.numerator, r.denominator, r.percent)}
    missing = sorted(named - set(layout.columns))
    if missing:
        raise DataProblem(
            "an identity names columns that the layout lacks",
            where=f"{where}, layout {layout.id}",
            found=", ".join(missing),
        )


@cache
def tables() -> dict[str, Table]:
    """Return every table by id."""
    found: dict[str, Table] = {}
    for name in names("tables"):
        entry = document(name)
        layouts = tuple(_layout(x, name) for x in entry["layout"])
        plain = {k: v for k, v in entry.items() if k != "layout"}
        table = record(Table, {**plain, "layouts": layouts}, name)
        found[table.id] = table
    return found


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
