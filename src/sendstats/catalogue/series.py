"""Series as the catalogue declares them, and the cells that each reads."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from typing import Literal

from sendstats.catalogue.load import document, record
from sendstats.errors import UnknownId

#: Stands for the leaves of the placement asked for.
BY_PLACEMENT = "@placement"


@dataclass(frozen=True)
class Cells:
    """Where a series finds its figures in one table.

    Attributes
    ----------
    table : str
    layouts : tuple of str
        Layouts it may read; empty for all.
    basis : str
    value : tuple of str
        Columns whose sum is a count.
    numerator, denominator : tuple of str
        Columns of a rate computed from counts.
    percent : str
        Column of the published rate beside it.
    published : str
        Column of a rate that is published without counts.
    base : str
        Name of the base in the layout that a placement share divides by.
    """

    table: str
    layouts: tuple[str, ...] = ()
    basis: str = ""
    value: tuple[str, ...] = ()
    numerator: tuple[str, ...] = ()
    denominator: tuple[str, ...] = ()
    percent: str = ""
    published: str = ""
    base: str = ""


@dataclass(frozen=True)
class SeriesEntry:
    """One series of ``series.toml``; see `sendstats.series.model.Definition` for the words."""

    id: str
    title: str
    kind: Literal["stock", "flow"]
    universe: str
    unit: str
    decimals: int
    publication: str
    measures: str
    denominator: str = ""
    whole: str = ""
    bases: tuple[str, ...] = ()
    dimension: str = ""
    cells: tuple[Cells, ...] = field(default_factory=tuple)


@dataclass(frozen=True)
class Placement:
    """One placement: `id`, `title`, `short` title, `level` (group or type) and its leaves."""

    id: str
    title: str
    short: str
    level: str
    leaves: tuple[str, ...]


@cache
def entries() -> dict[str, SeriesEntry]:
    """Return every series by id, in catalogue order."""
    found = {}
    for raw in document("series.toml")["series"]:
        cells = tuple(record(Cells, c, f"series {raw['id']}") for c in raw["cells"])
        found[raw["id"]] = record(SeriesEntry, {**raw, "cells": cells}, "series.toml")
    return found


def entry(series_id: str) -> SeriesEntry:
    """Return one series.

    Raises
    ------
    UnknownId
        If there is none; the message names the nearest.
    """
    try:
        return entries()[series_id]
    except KeyError:
        raise UnknownId.of("series", series_id, entries()) from None


def universes() -> dict[str, str]:
    """Return universe id to its description."""
    return dict(document("series.toml")["universes"])


@cache
def placements() -> dict[str, Placement]:
    """Return every placement by id, groups and types."""
    raw = document("placements.toml")["placement"]
    return {p["id"]: record(Placement, p, "placements.toml") for p in raw}


def placement(placement_id: str) -> Placement:
    """Return one placement.

    Raises
    ------
    UnknownId
        If there is none.
    """
    try:
        return placements()[placement_id]
    except KeyError:
        raise UnknownId.of("placement", placement_id, placements()) from None
