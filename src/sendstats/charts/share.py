"""Placement shares: four named groups, and one grey line for all the rest of the whole."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING

from sendstats.charts.parts import Drawn
from sendstats.words import Line, Reading

if TYPE_CHECKING:
    from collections.abc import Sequence

NAMED = 4
REST = "All other and not recorded"
#: Placements that are part of the rest by its very name.
_NEVER_NAMED = ("not_recorded",)


def shares(lines: Sequence[Line], focus: str | None) -> tuple[tuple[Drawn, ...], tuple[Drawn, ...]]:
    """Choose the four largest groups and add the rest of the whole.

    Parameters
    ----------
    lines : sequence of Line
        One a group, all shares of the same denominator.
    focus : str or None
        Label of a group that must be named whatever its size.

    Returns
    -------
    tuple
        Lines drawn, and lines of the data table: the four, every further group given, the rest.
    """
    ranked = sorted(
        lines,
        key=lambda line: (_is_rest(line), line.label != focus, -_last(line), line.label),
    )
    groups = [line for line in ranked if not _is_rest(line)][:NAMED]
    named = sorted(groups, key=lambda line: (-_last(line), line.label))
    drawn = tuple(Drawn(line, "series", n) for n, line in enumerate(named))
    others = [line for line in ranked if line not in named]
    rest = Drawn(_rest(named, others), "other")
    further = tuple(Drawn(line, "other") for line in others)
    whole = (rest,) if rest.line.known else ()
    return (*drawn, *whole), (*drawn, *further, *whole)


def _is_rest(line: Line) -> bool:
    """Whether a line is of plans whose placement is not recorded."""
    return line.key.split("|")[3].startswith(_NEVER_NAMED)


def _last(line: Line) -> float:
    return float(line.known[-1].value or 0) if line.known else 0.0


def _rest(named: Sequence[Line], others: Sequence[Line]) -> Line:
    """Return the share of all that is in none of the named groups, from the counts alone.

    What is noted on a group inside the rest is noted on the rest.
    """
    noted: dict[str, set[str]] = {}
    for reading in (r for line in others for r in line.known):
        noted.setdefault(reading.period, set()).update(reading.flags)
    periods = [{r.period: r for r in line.readings} for line in named]
    shared = sorted({p for line in periods for p in line})
    readings = tuple(
        _remainder(p, [line.get(p) for line in periods], noted.get(p, set())) for p in shared
    )
    subject = f"{REST} share"
    return Line(REST, subject, named[0].place, f"{named[0].key}|rest", readings)


def _remainder(period: str, parts: Sequence[Reading | None], noted: set[str]) -> Reading:
    """Work out one remainder; null where a part is missing, never from rounded shares."""
    known = [r for r in parts if r is not None]
    blank = replace(known[0], value=None, numerator=None, published="", flags=())
    flags = tuple(sorted({f for r in known for f in r.flags} | noted))
    wholes = {r.denominator for r in known}
    whole = known[0].denominator
    counts = [r.numerator for r in known if r.value is not None and r.numerator is not None]
    if len(wholes) > 1 or not whole or len(counts) < len(parts):
        return replace(blank, period=period, reason="a part is not known")
    left = whole - sum(counts)
    value = Fraction(100 * left, whole)
    return replace(blank, value=value, numerator=left, reason="", flags=flags)
