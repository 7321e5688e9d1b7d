"""Places that were made or dissolved: named with what came before or after them."""

from __future__ import annotations

import re
from datetime import date

from sendstats.catalogue.footprints import Footprint, footprints
from sendstats.catalogue.periods import say_period
from sendstats.catalogue.places import Place, find, places
from sendstats.errors import UnknownId
from sendstats.ingest.periods import census_day

_PERIOD = re.compile(r"\d{4}(-\d{2})?")


def key_of(asked: str) -> str:
    """Return the key of a place or footprint by name, DfE number or ONS code; else `asked`."""
    for area in footprints().values():
        if asked.strip().casefold() in (area.key.casefold(), area.name.casefold()):
            return area.key
    try:
        return find(asked).key
    except UnknownId:
        return asked


def refuse_gone(key: str, period: str) -> None:
    """Refuse a period in which a place did not exist.

    Parameters
    ----------
    key : str
        A place; any other key passes.
    period : str
        Ours; anything else passes.

    Raises
    ------
    UnknownId
        Naming the day, and the authorities that covered the area before or after.
    """
    place = places().get(key)
    if place is None or not _PERIOD.fullmatch(period) or place.in_force(census_day(period)):
        return
    raise UnknownId(
        f"there is no {place.name} in {say_period(period)}: it {lived(place)}",
        found=history(key),
        todo=f"ask for the {_area(key).name}, whose members are added up",
    )


def lived(place: Place) -> str:
    """Say when a place was made or dissolved; empty where it always was."""
    told = [f"was made on {_day(place.start)}"] if place.start else []
    told += [f"was dissolved on {_day(place.end)}"] if place.end else []
    return " and ".join(told)


def history(key: str) -> str:
    """Say which authorities have covered the area of a place that was made or dissolved."""
    return _area(key).text


def _area(key: str) -> Footprint:
    return next(area for area in footprints().values() if key in area.members)


def _day(day: date) -> str:
    return f"{day.day} {day:%B %Y}"
