"""Every caveat, break and gap of the values on a chart, numbered in the order a reader meets it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sendstats.charts.parts import ChartNote
from sendstats.series.model import Note
from sendstats.words import SMALL_BASE, humanise, say_period

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
}
_MOST_NAMED = 4


def numbered(series: Sequence[Series], drawn: Sequence[Drawn]) -> tuple[ChartNote, ...]:
    """Return the notes of a chart.

    Breaks inside its periods come first, then the notes of flagged values by period, then one
    note for each reason why a value is missing. A flag that no series explains gets a note of its
    own, so that nothing flagged goes unsaid.
    """
    known = {note.id: note for one in series for note in one.notes}
    periods = sorted({r.period for d in drawn for r in d.line.readings})
    breaks = sorted(
        (n for n in known.values() if n.kind == "break" and _inside(n, periods)),
        key=lambda n: (n.period, n.id),
    )
    flagged = [known.get(f) or Note(f, "finding", f"{humanise(f)}.") for f in _flags(drawn)]
    rest = [note for note in flagged if note not in breaks]
    notes = [(n.id, n.kind, n.text, n.period, n.label) for n in (*breaks, *rest)]
    notes += [(f"gap.{reason}", "gap", text, "", "") for reason, text in _gaps(drawn)]
    return tuple(ChartNote(n, *note) for n, note in enumerate(notes, 1))


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
