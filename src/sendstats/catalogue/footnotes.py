"""Footnotes of the publisher's data guidance: which figures each of them touches."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from functools import cache
from typing import Any

from sendstats.catalogue.load import document, record
from sendstats.catalogue.tables import table
from sendstats.errors import DataProblem

WHERE = "footnotes.toml"


@dataclass(frozen=True, order=True)
class Spot:
    """Where a footnote is printed: release, file that the section describes, number.

    `number` is 0 where only a restatement of the guidance is held.
    """

    release: str
    file: str
    number: int


@dataclass(frozen=True)
class Footnote:
    """One footnote, known by the hash of its text; the text itself is the publisher's.

    Attributes
    ----------
    publication : str
        Slug.
    at : tuple of Spot
        Every place where it is printed with these words.
    says : str
        What it says, in our words.
    sha256 : str
        Of the text with every run of white space as one blank, in UTF-8; empty where only a
        restatement of the guidance is held.
    why : str
        Why the footnote is not linked to figures; empty where it is.
    files : tuple of str
        Published files whose figures it touches, in whichever release.
    columns : tuple of str
        Our columns or placements touched, ``*`` for any run of letters; empty means all.
    topics : tuple of str
        Breakdowns touched; empty means all.
    periods, places : tuple of str
        Those touched; empty means all.
    notes : tuple of str
        Breaks and caveats that say the same on values of series; empty where `says` does.
    missing : dict of str to str
        Place to why parts of its totals are missing, where the footnote says so.
    """

    publication: str
    at: tuple[Spot, ...]
    says: str
    sha256: str = ""
    why: str = ""
    files: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    periods: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    missing: dict[str, str] = field(default_factory=dict, hash=False)

    @property
    def linked(self) -> bool:
        """Whether it touches figures that are, or can be, held."""
        return not self.why

    def touches(self, *, column: str, topic: str, period: str, place: str) -> bool:
        """Whether it touches a cell; an empty part of the cell means any."""
        asked = ((topic, self.topics), (period, self.periods), (place, self.places))
        if any(one and held and one not in held for one, held in asked):
            return False
        return not (column and self.columns) or any(fnmatchcase(column, c) for c in self.columns)


def held() -> dict[str, dict[str, list[str]]]:
    """Return, by publication, the releases whose guidance is held whole, as text or restated."""
    return dict(document(WHERE)["held"])


@cache
def footnotes() -> tuple[Footnote, ...]:
    """Return every listed footnote, in catalogue order.

    Raises
    ------
    DataProblem
        If an entry has unknown or missing keys, or neither says what it touches nor why nothing.
    """
    return parse(document(WHERE))


def parse(book: Mapping[str, Any]) -> tuple[Footnote, ...]:
    """Return the footnotes of a parsed ``footnotes.toml``; see `footnotes`."""
    return tuple(_footnote(entry) for entry in book["footnote"])


def _footnote(entry: Mapping[str, Any]) -> Footnote:
    spots = tuple(record(Spot, spot, WHERE) for spot in entry.get("at", ()))
    found = record(Footnote, {**entry, "at": spots}, WHERE)
    if bool(found.files) == bool(found.why):
        raise DataProblem(
            "a footnote must be linked to files, or say why it is not",
            where=f"{WHERE}, {found.says}",
            found="both" if found.why else "neither",
        )
    return found


def footnotes_for(
    table_id: str, column: str = "", period: str = "", place: str = "", *, topic: str = ""
) -> tuple[Footnote, ...]:
    """Return the linked footnotes that touch cells of a table.

    Parameters
    ----------
    table_id : str
    column : str
        Our column, or in a long layout the placement; empty for any.
    period, place : str
        Our period and place key; empty for any.
    topic : str
        Breakdown topic; empty for any.

    Returns
    -------
    tuple of Footnote
        In catalogue order.

    Raises
    ------
    UnknownId
        If there is no such table.
    """
    meant = table(table_id)
    files = {layout.file for layout in meant.layouts}
    return tuple(
        note
        for note in footnotes()
        if note.publication == meant.publication
        and files & set(note.files)
        and note.touches(column=column, topic=topic, period=period, place=place)
    )
