"""Say what the stored tables lack, and which store has it, instead of answering with less."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from sendstats.catalogue.footprints import footprints
from sendstats.catalogue.labels import TOTAL
from sendstats.catalogue.places import LOCAL, places
from sendstats.errors import DataProblem, NothingHeld, Refused
from sendstats.series.absent import File
from sendstats.series.cells import DETAIL
from sendstats.series.gone import history, lived
from sendstats.series.model import ROWS
from sendstats.series.read import Request
from sendstats.store.tables import Store

#: How many places a message names.
_NAMED = 3


def check_held(
    asked: Request, wanted: Sequence[str], found: Sequence[pl.DataFrame], store: Store
) -> None:
    """Refuse a question that the tables of `store` cannot answer in full.

    Parameters
    ----------
    asked : Request
    wanted : sequence of str
        Keys of places.
    found : sequence of polars.DataFrame
        What each release holds.
    store : Store

    Raises
    ------
    DataProblem
        If no row is held by the topic, or none of authorities where some are asked for; or, over
        the same authorities, if no whole release is held.
    Refused
        If a footprint is asked of a series whose counts are not held.
    """
    if any(key in footprints() for key in wanted) and not _adds_up(asked):
        raise Refused(
            f"{asked.entry.id} cannot be worked out for a footprint",
            expected="counts of every member",
            found="rates or averages that are published without their counts"
            if not asked.coherent
            else "authorities chosen one by one, not areas",
            todo="read the authorities of the footprint one by one",
        )
    if asked.coherent and not found:
        raise DataProblem(
            f"no whole release of {asked.entry.id} is held",
            expected="every authority of a release, not an extract",
            todo="leave same_authorities out",
        )
    if asked.topic == TOTAL or _is_extract(asked, store):
        return
    levels = {level for frame in found for level in frame["level"].unique()}
    local = [key for key in wanted if key in footprints() or places()[key].level == LOCAL]
    if not levels or (local and LOCAL not in levels):
        raise DataProblem(
            f"the tables in {store.root.name} lack {asked.entry.id} by {asked.topic}",
            expected="rows of authorities" if levels or asked.coherent else "rows of that topic",
            found="rows of England and the regions" if levels else "none",
            todo=DETAIL,
        )


def check_answered(
    asked: Request, wanted: Sequence[str], files: Sequence[File], rows: pl.DataFrame
) -> None:
    """Refuse to answer with nothing: say which rows the files have instead.

    Parameters
    ----------
    asked : Request
    wanted : sequence of str
        Keys of places.
    files : sequence of File
        What each release holds.
    rows : polars.DataFrame
        What of it was asked for.

    Raises
    ------
    NothingHeld
    """
    if not rows.is_empty():
        return
    frames = [file.rows for file in files]
    held = pl.concat([ROWS.to_frame(), *frames]).filter(pl.col("place").is_in([*places()]))
    names = [_name(key) for key in wanted]
    levels = {_level(key) for key in wanted}
    raise NothingHeld(
        f"{asked.entry.id} has no row of {', '.join(names[:_NAMED])}"
        + (f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""),
        where="; ".join(_files(held)) or "the stored tables",
        expected=f"rows of level {' or '.join(sorted(levels))}",
        found="; ".join([_rows(held, levels), *_extracts(files), *_histories(wanted)]),
        todo=DETAIL if held.is_empty() else "place='all' gives every place that has a row",
    )


def _rows(held: pl.DataFrame, levels: set[str]) -> str:
    """Say of which levels there are rows; of those asked for, of how many other places."""
    periods = sorted({*held["period"]})
    told = [
        f"{level} ({held.filter(level=level)['place'].n_unique()} others)"
        if level in levels
        else str(level)
        for level in dict.fromkeys(held["level"].sort())
    ]
    spread = f"{periods[0]} to {periods[-1]}" if periods else "no period"
    return f"rows of level {' and '.join(told) or 'none'}, {spread}"


def _extracts(files: Sequence[File]) -> list[str]:
    """Say of which releases only a part is held."""
    filtered = dict.fromkeys(file.release for file in files if file.extract)
    return [f"of release {one} only an extract is held, without these rows" for one in filtered]


def _histories(wanted: Sequence[str]) -> list[str]:
    """Say when the places were made or dissolved, where they were, and what covers their area."""
    found = [places()[key] for key in wanted if key in places() and lived(places()[key])]
    return [f"{one.name} {lived(one)} ({history(one.key).rstrip('.')})" for one in found[:_NAMED]]


def _files(held: pl.DataFrame) -> list[str]:
    pairs = held.select("release", "file").unique().sort("release", "file")
    return [f"{release}/{file}" for release, file in pairs.iter_rows()]


def _name(key: str) -> str:
    return footprints()[key].name if key in footprints() else places()[key].name


def _level(key: str) -> str:
    return LOCAL if key in footprints() else places()[key].level


def _adds_up(asked: Request) -> bool:
    printed = all(cells.published for cells in asked.entry.cells)
    return not printed and not asked.coherent


def _is_extract(asked: Request, store: Store) -> bool:
    """Whether only extracts are held, which lack rows on purpose."""
    names = {cells.table for cells in asked.entry.cells}
    return all(source.extract for source in store.sources if source.table in names)
