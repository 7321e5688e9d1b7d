"""The charts that the main job draws, as ``gallery.toml`` lists them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from functools import cache
from typing import Any

from sendstats.catalogue.load import document, record
from sendstats.errors import DataProblem

_FILE = "catalogue/gallery.toml"


@dataclass(frozen=True)
class Asked:
    """One series of a chart: its id and the keywords that narrow it.

    Attributes
    ----------
    series : str
        Id of the series.
    place, placement, item, basis, release : str
        As in `sendstats.series.api.series`; empty for its default.
    """

    series: str
    place: str = ""
    placement: str = ""
    item: str = ""
    basis: str = ""
    release: str = ""

    @property
    def narrowing(self) -> dict[str, str]:
        """The keywords that are set."""
        return {k: v for k, v in asdict(self).items() if v and k != "series"}


@dataclass(frozen=True)
class Picture:
    """One chart: the id that names its files, and what it draws."""

    id: str
    series: tuple[Asked, ...]


@cache
def pictures() -> tuple[Picture, ...]:
    """Return every chart of the gallery, in order.

    Raises
    ------
    DataProblem
        If an entry has an unknown key, or an id occurs twice.
    """
    found = [_picture(entry) for entry in document("gallery.toml")["chart"]]
    ids = [picture.id for picture in found]
    if len(set(ids)) != len(ids):
        raise DataProblem("two charts of the gallery have one id", where=_FILE, found=str(ids))
    return tuple(found)


def _picture(entry: Mapping[str, Any]) -> Picture:
    where = f"{_FILE}, {entry.get('id', 'a chart without id')}"
    picture = record(Picture, entry, where)
    return replace(picture, series=tuple(record(Asked, asked, where) for asked in entry["series"]))
