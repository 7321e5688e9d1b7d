"""Every figure that a place has: of all series, bases, placement groups and vintages."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import polars as pl

from sendstats.catalogue.series import Definition, entry, placements
from sendstats.claims.model import Match
from sendstats.claims.quote import PERCENT, POINTS
from sendstats.errors import DataProblem, NothingHeld, UnknownId
from sendstats.ingest.stored import KEYS
from sendstats.ingest.symbols import number
from sendstats.series.api import series
from sendstats.series.ask import topics
from sendstats.series.select import newest
from sendstats.store.tables import Store
from sendstats.words import change_of, lines_of

if TYPE_CHECKING:
    from sendstats.series.model import Note, Series
    from sendstats.words import Line, Reading


class OnePlace(Store):
    """The tables of another store, narrowed to one place and what says how to read it.

    Whether a symbol means that nobody was asked depends on whether any place has a number there,
    so one row with a number stays for each cell that some place fills. Narrowing first makes
    reading every series of one place several times faster and changes none of its figures.

    Parameters
    ----------
    whole : Store
    place : str
        Key of the place.
    """

    def __init__(self, whole: Store, place: str) -> None:
        super().__init__(whole.root)
        self._whole = whole
        self._place = place
        self._narrow: dict[tuple[str, str], pl.DataFrame] = {}

    def read(self, table: str, release: str) -> pl.DataFrame:
        """Return one stored table: the rows of the place, and one that fills each cell."""
        key = (table, release)
        if key not in self._narrow:
            frame = self._whole.read(table, release)
            mine = pl.col("place").cast(pl.String) == self._place
            kept = frame.filter(mine | pl.col("row").is_in(_filling(frame).implode()))
            self._narrow[key] = kept
        return self._narrow[key]


def _filling(frame: pl.DataFrame) -> pl.Series:
    """Return the first row with a number, for each text column and each key but the place."""
    cell = [c for c in KEYS if c in frame.columns and c != "place"]
    texts = [c for c in frame.columns if c not in (*KEYS, "row", "level", "label")]
    numbers = (number(c, pl.Float64).is_not_null() for c in texts)
    firsts = [
        pl.col("row").filter(has).first().alias(c) for c, has in zip(texts, numbers, strict=True)
    ]
    rows = frame.group_by(cell, maintain_order=True).agg(firsts).select(texts)
    return pl.concat([rows[c] for c in texts]).drop_nulls().unique()


@lru_cache(maxsize=16)
def _narrowed(store: Store, place: str) -> OnePlace:
    return OnePlace(store, place)


@lru_cache(maxsize=1024)
def figures(store: Store, place: str, series_id: str) -> tuple[Match, ...]:
    """Return every figure and change of one series for one place.

    Parameters
    ----------
    store : Store
    place, series_id : str
        Keys.

    Returns
    -------
    tuple of Match
        What the newest releases say, then what older ones said otherwise. Rates of a base under 30
        are left out, as everywhere in words. Empty where the store does not hold the series.
    """
    asked = entry(series_id)
    found: list[Match] = []
    for basis in asked.bases or (None,):
        held = [*_vintages(_narrowed(store, place), asked, place, basis)]
        if held:
            found += told(held)
    return tuple(found)


def _vintages(store: Store, asked: Definition, place: str, basis: str | None) -> Iterator[Series]:
    """Yield the series as each release says it, oldest first."""
    options: dict[str, Any] = {"place": place, "basis": basis, "store": store}
    if asked.dimension == "placement":
        groups = [p.id for p in placements().values() if p.level == "group"]
        options["placement"] = groups if asked.unit == PERCENT else ["total", *groups]
    if asked.needs_topic:
        options["topic"] = topics(asked)[0]
    for release in sorted({s.release for s in store.sources if s.publication == asked.publication}):
        try:
            yield series(asked.id, release=release, **options)
        except (NothingHeld, UnknownId):
            continue  # a release of the publication that does not hold this series, or this place
        except DataProblem:
            return  # no release does: the store is a part of the whole


def told(vintages: list[Series]) -> list[Match]:
    """Return the figures of several vintages of one series, those in force first.

    Parameters
    ----------
    vintages : list of Series
        The same question asked of each release, oldest first.

    Returns
    -------
    list of Match
        An older vintage's figure only where it differs from every newer one.
    """
    rows = newest(pl.concat([v.rows for v in vintages]))
    notes = tuple(dict.fromkeys(note for v in vintages for note in v.notes))
    served = dict(rows.select("period", "release").unique().iter_rows())
    lost = dict.fromkeys(a for v in vintages for a in v.absent)
    absent = tuple(a for a in lost if served.get(a.period, a.release) == a.release)
    current = [*_matches(replace(vintages[-1], rows=rows, notes=notes, absent=absent))]
    now = {match.key: match.value for match in current}
    seen = {(match.key, match.value) for match in current}
    for vintage in reversed(vintages):
        for match in _matches(vintage):
            # An extract skips periods, so its neighbours need not be neighbours in the series.
            known = (match.key, match.value) in seen or (match.since and match.key not in now)
            if not known:
                seen.add((match.key, match.value))
                current.append(replace(match, superseded=True, now=now.get(match.key)))
    return current


def _matches(one: Series) -> Iterator[Match]:
    labels = {p.id: p.title for p in placements().values()}
    for line in lines_of((one,), labels):
        for reading in line.known:
            yield _figure(one, line, reading)
        for before, after in pairwise(line.readings):
            yield from _change(one, line, before, after)


def _figure(one: Series, line: Line, reading: Reading) -> Match:
    assert reading.value is not None  # noqa: S101 - known readings have a value
    _, basis, place, placement, item = line.key.split("|")
    return Match(
        definition=one.definition,
        title=line.subject,
        basis=basis,
        placement=placement,
        item=item,
        place=place,
        place_name=line.place,
        period=reading.period,
        unit=one.definition.unit,
        value=reading.value,
        numerator=reading.numerator,
        denominator=reading.denominator,
        releases=(reading.release,),
        published=reading.published,
        caveats=_noted(one.notes, reading.flags),
    )


def _change(one: Series, line: Line, before: Reading, after: Reading) -> Iterator[Match]:
    """Yield the change between two neighbouring periods, if both have a figure."""
    made = change_of(before, after)
    if made is None:
        return
    size = made.difference if one.definition.is_rate else made.relative
    if size is None:  # a count that began at nothing has no change in per cent
        return
    # A break at the earlier period lies before the change; one at the later period cuts it.
    earlier = [n for n in _noted(one.notes, before.flags) if n.kind != "break"]
    caveats = (*earlier, *_noted(one.notes, after.flags))
    yield replace(
        _figure(one, line, after),
        since=before.period,
        unit=POINTS if one.definition.is_rate else PERCENT,
        value=size,
        numerator=None,
        denominator=None,
        published="",
        releases=tuple(dict.fromkeys((before.release, after.release))),
        caveats=tuple(dict.fromkeys(caveats)),
    )


def _noted(notes: Iterable[Note], flags: Iterable[str]) -> tuple[Note, ...]:
    ids = set(flags)
    return tuple(note for note in notes if note.id in ids)


def merged(matches: Iterable[Match]) -> list[Match]:
    """Join the same figure of several series of one universe into one match, the first named.

    The headline total and the total of placements are the same figure wherever they agree.
    """
    found: dict[tuple[object, ...], Match] = {}
    for match in matches:
        same = (match.definition.universe, match.definition.kind, *match.key[1:], match.value)
        held = found.get(same)
        if held is None:
            found[same] = match
        elif match.definition.id not in (held.definition.id, *held.also):
            found[same] = replace(held, also=(*held.also, match.definition.id))
    return list(found.values())
