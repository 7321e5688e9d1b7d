"""From one figure back to the byte that said it."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Any

import polars as pl

from sendstats.catalogue.footnotes import Footnote
from sendstats.errors import SendstatsError
from sendstats.series.about import readable
from sendstats.series.api import default_store, series
from sendstats.series.footnotes import footnotes_of, layouts_of
from sendstats.series.model import Note, Observation, Source
from sendstats.store.tables import Store


@dataclass(frozen=True)
class Trace:
    """One figure, the cell it was read from, and everything said about it.

    Attributes
    ----------
    observation : Observation
    source : Source
        Release that served it.
    sha256 : str
        Of the raw file, decoded.
    notes : tuple of Note
        Caveats, breaks, findings and repairs on this very figure.
    footnotes : tuple of Footnote
        What the publisher's guidance says besides, in our words.
    vintages : tuple of Observation
        The same figure as other releases give it, the oldest first.
    """

    observation: Observation
    source: Source
    sha256: str
    notes: tuple[Note, ...]
    footnotes: tuple[Footnote, ...] = ()
    vintages: tuple[Observation, ...] = ()

    def __repr__(self) -> str:
        o, s = self.observation, self.source
        counts = "" if o.denominator is None else f" ({o.numerator:,} of {o.denominator:,})"
        extract = ", an extract: its row numbers are its own" if s.extract else ""
        assumed = " (date assumed)" if s.published_assumed else ""
        lines = [
            f"{o.definition.title}: {o.place_name}, {o.period}"
            + "".join(f", {x}" for x in (o.placement, o.item, o.basis) if x not in ("", "total")),
            f"  value       {_value(o)} {_unit(o)}{counts}",
            f"  printed     {_text(o)} as {o.label}{_set_aside(o)}",
            f"  column      {o.column}",
            f"  row         {o.row} of {o.file}, the header not counted",
            f"  file        sha256 {self.sha256}",
            f"  release     {s.publication_title}, {s.release_title}",
            f"  published   {s.published}{assumed}{extract}",
            f"  page        {s.url}",
            *(f"  {note.kind:<11} {note.text}" for note in self.notes),
            *(f"  footnote    {note.says}" for note in self.footnotes),
            *(f"  vintage     {_vintage(v)}" for v in self.vintages),
        ]
        return "\n".join(lines)


def _text(observation: Observation) -> str:
    """Return the published text; what is worked out over some places stands in no cell."""
    o = observation
    return "in no cell: it is worked out," if o.published is None else repr(o.published)


def _value(observation: Observation) -> str:
    o = observation
    return f"null ({o.reason})" if o.value is None else f"{o.value:,.10g}"


def _unit(observation: Observation) -> str:
    o = observation
    return o.definition.unit if o.value is None else o.definition.unit_of(o.value)


def _set_aside(observation: Observation) -> str:
    """Say which marks the text lacks that the file prints around the figures of a cross table."""
    crossed = next((x.cross for _, x in layouts_of(observation) if x.cross), None)
    nil = " or ".join(f"{mark!r}" for mark in crossed.nil) if crossed else ""
    return (
        f", without the commas and per-cent signs of the file; 0 where it prints {nil}"
        if nil
        else ""
    )


def _vintage(observation: Observation) -> str:
    o = observation
    where = f"row {o.row} of {o.file}"
    return f"release {o.release}: {_value(o)}, printed {o.published!r} in {where}"


def trace(series_id: str, period: str, **options: object) -> Trace:
    """Trace one figure to its release, file, row, column and published text.

    Parameters
    ----------
    series_id : str
    period : str
        ``"yyyy-01"`` for a stock, ``"yyyy"`` for a flow.
    **options
        As for `sendstats.series`: place, placement, item, basis, release, values, store.

    Raises
    ------
    UnknownId
        If series, place or period is not known.
    Refused
        If a basis or placement is needed and not given.
    """
    found = series(series_id, **options)  # type: ignore[arg-type]
    observation = found.at(period)
    store = options.get("store")
    held = store if isinstance(store, Store) else default_store()
    o = observation
    file = held.source(o.publication, o.release, o.file)
    return Trace(
        observation=observation,
        source=next(s for s in found.sources if s.release == o.release),
        sha256=file.sha256,
        notes=tuple(_proven(n, o, held) for n in found.notes if n.id in o.flags),
        footnotes=footnotes_of(observation),
        vintages=_others(o, held, series_id, options),
    )


def _others(
    observation: Observation, held: Store, series_id: str, options: dict[str, Any]
) -> tuple[Observation, ...]:
    """Return what other releases give for the same figure."""
    o, found = observation, []
    for release in sorted({s.release for s in held.sources if s.publication == o.publication}):
        try:
            other = series(series_id, **(options | {"release": release})).at(o.period)
        except SendstatsError:  # that release holds no such figure
            continue
        if release != o.release:
            found.append(other)
    return tuple(found)


def _proven(note: Note, observation: Observation, held: Store) -> Note:
    """Return a note; that of a repair with what is printed, what is proven, and by what."""
    o = observation
    of = held.repairs.filter(
        (pl.col("release") == o.release)
        & (pl.col("place") == o.place)
        & (pl.col("period") == o.period)
        & (pl.col("row").cast(pl.String).is_in(re.findall(r"\d+", o.row)))
    )
    if note.kind != "repair" or of.is_empty():
        return note
    said = (
        f"row {r['row']} prints {r['published']}; {r['value']:,} is {r['proof']}"
        for r in of.iter_rows(named=True)
    )
    return replace(note, text="; ".join(said) + ".")


def findings(place: str | None = None, *, store: Store | None = None) -> pl.DataFrame:
    """Return what is wrong in the published files, as far as arithmetic can tell.

    Parameters
    ----------
    place : str, optional
        Name, DfE number or ONS code: findings that touch a figure of it; all unless given.
    store : Store, optional

    Returns
    -------
    polars.DataFrame
        Columns of `sendstats.quality.schema.FINDINGS`, the largest effect on an England figure
        first. What was expected and the cause name columns as the file does.

    Raises
    ------
    DataProblem
        If the store has no list of findings.
    """
    from sendstats.catalogue.places import find  # noqa: PLC0415 - `place` is the better argument

    frame = (store or default_store()).listed_findings()
    if place is not None:
        key = find(place).key
        touched = pl.col("touches").str.split(";").list.contains(key)
        frame = frame.filter((pl.col("place") == key) | touched)
    frame = frame.sort("effect_size", "size", "finding", descending=[True, True, False])
    return readable(frame)
