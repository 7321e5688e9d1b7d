"""Files that no figure is taken from, and what cells of raw files are counted under."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from sendstats.catalogue.load import document, record


@dataclass(frozen=True)
class Unread:
    """One published file that no table reads, or of whose layout no file was ever held.

    Attributes
    ----------
    publication : str
    releases : tuple of str
        Release slugs.
    title : str
        What it is about.
    why : str
        Why no figure is taken from it.
    source : str
        Where that is known from.
    name : str
        Published file name, "" where it is not known.
    assumed : bool
        True where the name was seen of other releases only.
    columns : tuple of str
        Published columns, as far as they are known.
    """

    publication: str
    releases: tuple[str, ...]
    title: str
    why: str
    source: str
    name: str = ""
    assumed: bool = False
    columns: tuple[str, ...] = ()


@dataclass(frozen=True)
class Headings:
    """What the cells of raw files are counted under: three uses, then reasons for none."""

    identification: str
    labels: str
    harmonised: str
    blank: str
    not_in_extract: str
    nameless: str
    no_table: str
    no_row: str
    no_column: str
    title: str
    heading: str
    below: str
    not_in_force: str

    @property
    def used(self) -> tuple[str, str, str]:
        """Headings that are no reason for leaving a cell out."""
        return self.identification, self.labels, self.harmonised


@cache
def unread() -> tuple[Unread, ...]:
    """Return every file that no figure is taken from, as listed."""
    return tuple(record(Unread, entry, "unread.toml") for entry in document("unread.toml")["file"])


@cache
def headings() -> Headings:
    """Return what cells are counted under."""
    return record(Headings, document("coverage.toml"), "coverage.toml")
