"""England, regions and local authorities under keys that do not change."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache

from sendstats.catalogue.load import document, record
from sendstats.errors import UnknownId

NATIONAL, REGIONAL, LOCAL = "National", "Regional", "Local authority"
LEVELS = (NATIONAL, REGIONAL, LOCAL)


@dataclass(frozen=True)
class Place:
    """One place.

    Attributes
    ----------
    key : str
        DfE number for an authority, ONS code for England and regions.
    name : str
        Name that belongs to this place only.
    level : {"National", "Regional", "Local authority"}
    codes : tuple of str
        Every ONS code seen, the one in force last.
    region : str
        Key of the region; of a part of a region, the whole; empty for England and whole regions.
    part : str
        Key of the part of the region, where some files divide it.
    published_names : tuple of str
        Names that files print, where they differ from `name`.
    start, end : date or None
        First and last day, where the place was made or abolished within the series.
    """

    key: str
    name: str
    level: str
    codes: tuple[str, ...]
    region: str = ""
    part: str = ""
    published_names: tuple[str, ...] = ()
    start: date | None = None
    end: date | None = None

    def region_in(self, divides: tuple[str, ...]) -> str:
        """Return the region that a file prints which divides some regions into parts."""
        return self.part if self.region in divides else self.region

    def in_force(self, day: date) -> bool:
        """Whether the place exists on `day`."""
        return (self.start or day) <= day <= (self.end or day)


@cache
def places() -> dict[str, Place]:
    """Return every place by key, England first, then regions, then authorities."""
    renamed = {"from": "start", "to": "end"}
    entries = [
        {renamed.get(k, k): v for k, v in entry.items()}
        for entry in document("places.toml")["place"]
    ]
    found = (record(Place, entry, "places.toml") for entry in entries)
    return {place.key: place for place in found}


def england() -> Place:
    """Return England."""
    return next(iter(places().values()))


def of_level(level: str, divides: tuple[str, ...] = ()) -> list[Place]:
    """Return all places of one level, in order of key; parts instead of the regions divided."""
    return [p for p in places().values() if p.level == level and printed(p, divides)]


def printed(place: Place, divides: tuple[str, ...]) -> bool:
    """Whether a file prints a place which divides some regions into parts."""
    if place.level != REGIONAL:
        return True
    return place.region in divides if place.region else place.key not in divides


@cache
def _lookup() -> dict[str, Place]:
    table: dict[str, Place] = {}
    for place in places().values():
        for name in (place.key, place.name, *place.codes):
            table.setdefault(name.casefold(), place)
    return table


def find(asked: str) -> Place:
    """Return the place with this key, ONS code or name, whatever its case.

    Raises
    ------
    UnknownId
        If there is none; the message names the nearest.
    """
    place = _lookup().get(asked.strip().casefold())
    if place is None:
        raise UnknownId.of("place", asked, [p.name for p in places().values()])
    return place
