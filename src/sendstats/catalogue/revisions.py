"""Changes of definition between layouts: what one column was and what it became."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from sendstats.catalogue.load import document, record
from sendstats.catalogue.tables import PERCENT, Layout


@dataclass(frozen=True)
class Redefinition:
    """Columns that mean something else in a later layout.

    Attributes
    ----------
    tables : tuple of str
        Tables concerned.
    before, after : tuple of str
        Ids of the layouts between which it holds.
    why : str
        What changed, in one sentence.
    old, new : tuple of str
        Columns (or, in a long layout, placements) of the two sides. With `adds_up` the sum of the
        old ones is the sum of the new ones, and that is checked. Without any, every column.
    topic : str
        Topic whose rows are concerned; empty for all, whatever they are divided by.
    items : bool
        Whether `old` and `new` are items of the topic: rows were split or merged, not columns.
    may_lack : tuple of str
        Columns that hold no figure where another still holds theirs.
    later_than, until : str
        Periods concerned: later than `later_than`, up to and including `until`.
    adds_up : bool
        False where figures cannot show the change: a basket with a part that is not printed.
    """

    tables: tuple[str, ...]
    before: tuple[str, ...]
    after: tuple[str, ...]
    why: str
    old: tuple[str, ...] = ()
    new: tuple[str, ...] = ()
    topic: str = ""
    items: bool = False
    may_lack: tuple[str, ...] = ()
    later_than: str = ""
    until: str = ""
    adds_up: bool = True

    def between(self, table: str, old: Layout, new: Layout) -> bool:
        """Whether it holds between two layouts of `table`."""
        return table in self.tables and old.id in self.before and new.id in self.after

    def holds(self, period: str) -> bool:
        """Whether it concerns `period`."""
        return self.later_than < period and (not self.until or period <= self.until)

    def covers(self, old: set[str], new: set[str]) -> set[str]:
        """Return the columns that are no longer one to one between two sets of columns.

        A part that both layouts print as a column of its own is still compared by itself.
        """
        if self.items:
            return set()
        if not self.adds_up:
            return {c + end for c in (*self.old, *self.new) for end in ("", PERCENT)}
        gone = {c for c in self.old if c not in new or c in self.new}
        come = {c for c in self.new if c not in old or c in self.old}
        return gone | come

    def whole_topic(self, old: set[str], new: set[str]) -> set[str]:
        """Return every column of two sets where all rows of a topic mean something else."""
        return set() if self.old or self.new else old & new


@dataclass(frozen=True)
class Continued:
    """A table whose totals a later release prints in another table.

    Attributes
    ----------
    table, by : str
        The earlier and the later table.
    columns : tuple of str
        Columns that both have.
    """

    table: str
    by: str
    columns: tuple[str, ...]


@cache
def redefinitions() -> tuple[Redefinition, ...]:
    """Return every change of definition of ``revisions.toml``."""
    listed = document("revisions.toml")["redefinition"]
    return tuple(record(Redefinition, entry, "revisions.toml") for entry in listed)


@cache
def continued() -> tuple[Continued, ...]:
    """Return every table that goes on in another."""
    listed = document("revisions.toml")["continued"]
    return tuple(record(Continued, entry, "revisions.toml") for entry in listed)


def printed_decimals() -> int:
    """Return how many decimals a percentage has at least, whatever zeros are left out."""
    return int(document("revisions.toml")["printed"]["percent_decimals"])
