"""Every caveat, break and gap of the values on a chart, numbered in the order a reader meets it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from sendstats.catalogue.footprints import footprints
from sendstats.charts.parts import ChartNote
from sendstats.series.model import Note
from sendstats.words import SMALL_BASE, few, gathered, humanise, listed, say_period

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sendstats.charts.parts import Drawn
    from sendstats.series.model import Series

_REASONS = {
    "no_data": "no data",
    "non_return": "no return",
    "blank": "left blank",
    "undefined": "0 of 0",
    "rounds_to_zero": "rounds to zero",
    "small_base": f"a rate of fewer than {SMALL_BASE}",
    "no_row": "no row in the file",
    "not_told_apart": "counted only together with others",
}
_MOST_NAMED = 4
#: How many notes made of findings are drawn; the others are counted.
_MOST_FINDINGS = 4


def numbered(series: Sequence[Series], drawn: Sequence[Drawn]) -> tuple[ChartNote, ...]:
    """Return the notes of a chart.

    Breaks inside its periods come first, then the notes of flagged values by period, findings on
    single regions and authorities last, then one note for each reason why a value is missing.
    Findings of one rule and column are one note; of more than a few notes made of findings the
    others are one, which says how to list them. A flag that no series explains gets a note of its
    own, so that nothing flagged goes unsaid.
    """
    known = {note.id: note for one in series for note in one.notes}
    periods = sorted({r.period for d in drawn for r in d.line.readings})
    breaks = sorted(
        (n for n in known.values() if n.kind == "break" and _inside(n, periods)),
        key=lambda n: (n.period, n.id),
    )
    flagged = [known.get(f) or Note(f, "finding", f"{humanise(f)}.") for f in _flags(drawn)]
    told = few(gathered(note for note in flagged if note not in breaks), _MOST_FINDINGS)
    notes = [ChartNote(0, n.id, n.kind, n.text, n.period, n.label, (n,)) for n in breaks]
    notes += [ChartNote(0, t.notes[0].id, t.kind, t.text, told=t.notes) for t in told]
    notes += [ChartNote(0, f"together.{n}", "caveat", t) for n, t in enumerate(_overlaps(drawn))]
    notes += [ChartNote(0, f"gap.{reason}", "gap", text) for reason, text in _gaps(drawn)]
    return tuple(replace(note, number=n) for n, note in enumerate(notes, 1))


def _overlaps(drawn: Sequence[Drawn]) -> list[str]:
    """Return one sentence for each footprint that is drawn beside a member of it."""
    names = {one.line.key.split("|")[2]: one.line.place for one in drawn}
    found = []
    for key, footprint in footprints().items():
        inside = [names[member] for member in footprint.members if member in names]
        if key in names and inside:
            found.append(f"{names[key]} holds {listed(inside)}: do not add these lines up.")
    return found


def _inside(note: Note, periods: Sequence[str]) -> bool:
    """Whether a break has periods on both sides."""
    return bool(note.period and periods and periods[0] < note.period <= periods[-1])


def _flags(drawn: Iterable[Drawn]) -> list[str]:
    """Return the flags on values shown, by the first period that each touches."""
    first: dict[str, str] = {}
    for one in drawn:
        for reading in one.line.known:
            for flag in reading.flags:
                first[flag] = min(first.get(flag, reading.period), reading.period)
    return sorted(first, key=lambda flag: (first[flag], flag))


def _gaps(drawn: Sequence[Drawn]) -> list[tuple[str, str]]:
    """Return one sentence for each reason of a missing value, with the cells or their number."""
    cells: dict[str, list[str]] = {}
    for one in drawn:
        for reading in one.line.readings:
            if reading.value is None:
                where = say_period(reading.period)
                where += f" ({one.line.label})" if len(drawn) > 1 else ""
                cells.setdefault(reading.reason or "no_data", []).append(where)
    return [(reason, _gap(reason, cells[reason])) for reason in sorted(cells)]


def _gap(reason: str, where: Sequence[str]) -> str:
    said = _REASONS.get(reason, reason.replace("_", " "))
    place = ", ".join(where) if len(where) <= _MOST_NAMED else f"{len(where)} values"
    return f"Not shown, {said}: {place}."
