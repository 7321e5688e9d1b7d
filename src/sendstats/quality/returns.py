"""What ``quality.toml`` says of what authorities return: outcomes, items, and what is missing."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from sendstats.catalogue.load import document, record
from sendstats.catalogue.tables import Layout
from sendstats.quality.settings import WHERE, Cell, cell_of, cells_of


@dataclass(frozen=True)
class Columned:
    """A table whose columns are the items of a topic in other tables, under the same names.

    Attributes
    ----------
    table : str
    topic : str
    items : tuple of Cell
        In other tables, the column that counts the items.
    """

    table: str
    topic: str
    items: tuple[Cell, ...]


@cache
def columneds() -> tuple[Columned, ...]:
    """Return every table whose columns are items elsewhere."""
    return tuple(record(Columned, e, WHERE, items=cells_of) for e in document(WHERE)["columned"])


@dataclass(frozen=True)
class Profile:
    """A table whose columns divide cases as another table of the same cases does by its rows.

    Attributes
    ----------
    table : str
    topic : str
        Its columns, and the items of the other, are called after it.
    items : Cell
        The column that counts the items in the other table.
    """

    table: str
    topic: str
    items: Cell


@cache
def profiles() -> tuple[Profile, ...]:
    """Return every table that divides cases as another does."""
    return tuple(record(Profile, e, WHERE, items=cell_of) for e in document(WHERE)["profile"])


@dataclass(frozen=True)
class Unrecorded:
    """Cases of which one thing is not recorded: columns, and items of a breakdown.

    Attributes
    ----------
    says : str
    parts : tuple of Cell
        Columns that count them.
    wholes : tuple of Cell
        For each of `parts`, all cases.
    topic, item : str
        The label of their rows.
    items : tuple of Cell
        For tables with such rows, the column of cases.
    """

    says: str
    parts: tuple[Cell, ...] = ()
    wholes: tuple[Cell, ...] = ()
    topic: str = ""
    item: str = ""
    items: tuple[Cell, ...] = ()


@cache
def unrecordeds() -> tuple[Unrecorded, ...]:
    """Return everything that may not be recorded."""
    cells = {"parts": cells_of, "wholes": cells_of, "items": cells_of}
    return tuple(record(Unrecorded, e, WHERE, **cells) for e in document(WHERE)["unrecorded"])


@dataclass(frozen=True)
class Decision:
    """A decision that cases of a table end in.

    Attributes
    ----------
    table : str
    decision : str
        The column of cases that ended so.
    whole : str
        All cases.
    follows : tuple of str
        Columns of disputes over that decision.
    instead : tuple of str
        Other outcomes, which it is sometimes recorded as.
    """

    table: str
    decision: str
    whole: str
    follows: tuple[str, ...]
    instead: tuple[str, ...] = ()


@cache
def decisions() -> tuple[Decision, ...]:
    """Return every decision whose number something else tells of."""
    return tuple(record(Decision, entry, WHERE) for entry in document(WHERE)["decision"])


@dataclass(frozen=True)
class NoneOf:
    """Counts that are together some of another, wherever that is large."""

    counts: tuple[Cell, ...]
    of: Cell


@cache
def none_ofs() -> tuple[NoneOf, ...]:
    """Return every set of counts that is never none of many."""
    return tuple(
        record(NoneOf, e, WHERE, counts=cells_of, of=cell_of) for e in document(WHERE)["none"]
    )


def returned(table: str, layout: Layout) -> set[str]:
    """Return the columns of a table that a gate over what was returned reads."""
    cells = [c for u in unrecordeds() for c in (*u.parts, *u.wholes, *u.items)]
    cells += [c for x in columneds() for c in x.items]
    cells += [c for x in none_ofs() for c in (*x.counts, x.of)]
    cells += [p.items for p in profiles()]
    found = {c.column for c in cells if c.table == table}
    if any(table == wide.table for wide in columneds()):
        found |= {*layout.additive}
    for entry in (p for p in profiles() if p.table == table):
        found |= {c for c in layout.additive if c.startswith(f"{entry.topic}.")}
    return found


@dataclass(frozen=True)
class Partition:
    """Columns of a table whose shares are of one base, of which they are all there is."""

    table: str
    parts: tuple[str, ...]


@cache
def partitions() -> tuple[Partition, ...]:
    """Return every set of columns that make up what their shares divide by."""
    return tuple(record(Partition, entry, WHERE) for entry in document(WHERE)["partition"])
