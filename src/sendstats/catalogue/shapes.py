"""How files name what a row is about, other than by a breakdown topic."""

from __future__ import annotations

from dataclasses import dataclass, field

from sendstats.catalogue.labels import topic

#: Joins the labels of columns that are read together.
JOINED = " | "
#: How the period above a column of a cross table follows its name.
UNDER = " ({})"
#: Our column of the number that a cross table prints beside a name, whatever place it belongs to.
NUMBER = "printed_number"


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
class Cross:
    """A table made to be read by people: titles on top, years across, notes below.

    Rows are the file's own data rows, the first after the title being 1; fields are counted from 0.

    Attributes
    ----------
    years, measures : int
        Rows that print the years and what is measured.
    name, code : int
        Fields of an authority's name and number. The name decides which place it is.
    called : str
        How the file calls the number.
    england : str
        Name in the row of England.
    ends : str
        Start of the first row below the table.
    notes : str
        Start of the row above the numbered notes.
    nil : tuple of str
        What is printed for nought.
    absent : tuple of str
        What is printed for an authority that did not exist in that year.
    names : dict of str to str
        Names that only this file prints, to the key of the place.
    misprinted : dict of str to str
        Numbers printed beside names that they do not belong to: name to number.
    unused_rows : dict of str to str
        Names of rows that are not used, to why.
    totals_of_some : tuple of str
        Those of them that hold England without the authorities that lack one side of a rate.
    """

    years: int
    measures: int
    name: int
    code: int
    called: str
    england: str
    ends: str
    notes: str
    nil: tuple[str, ...] = ()
    absent: tuple[str, ...] = ()
    names: dict[str, str] = field(default_factory=dict)
    misprinted: dict[str, str] = field(default_factory=dict)
    unused_rows: dict[str, str] = field(default_factory=dict)
    totals_of_some: tuple[str, ...] = ()


@dataclass(frozen=True)
class UnusedRows:
    """Rows that no table takes: those with one of `values` in a published `column`, and why."""

    column: str
    values: tuple[str, ...]
    reason: str
