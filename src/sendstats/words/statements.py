"""Sentences about lines: titles that state what happened, subtitles, alternative text."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sendstats.catalogue.periods import say_period
from sendstats.words.changes import Change, change_of
from sendstats.words.numbers import MINUS, figure, number, percent
from sendstats.words.periods import say_range, year_of
from sendstats.words.readings import humanise

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sendstats.series.model import Note, Series
    from sendstats.words.readings import Line, Reading

TITLE_WORDS = 10
ALT_WORDS = 50


def comparable(line: Line, breaks: Iterable[Note] = ()) -> tuple[Reading, Reading] | None:
    """Return the two readings that a title may compare: as far apart as they stay comparable.

    The later one is the last figure; the earlier one is the first figure without a flag on the
    same side of every break, other than that its parts do not reach it. None where there is no such
    pair.
    """
    known = line.known
    if not known:
        return None
    last = known[-1]
    marks = tuple(breaks)
    cut = max((b.period for b in marks if b.period and b.period <= last.period), default="")
    # The first figure after a break carries the break's own mark, which is no caveat on it.
    own = {b.id for b in marks}
    candidates = [r for r in known[:-1] if r.period >= cut and not _doubts(r, own)]
    return (candidates[0], last) if candidates else None


def _doubts(reading: Reading, own: set[str]) -> set[str]:
    """Return the flags that speak against a figure; slight findings leave it what it is."""
    return {f for f in reading.flags if f not in own and f not in reading.slight}


def title(lines: Sequence[Line], breaks: Iterable[Note] = (), *, subject: str = "") -> str:
    """State, in ten words at most, what the first line of a chart did; true by construction.

    Parameters
    ----------
    lines : sequence of Line
        The line that the statement is about comes first.
    breaks : iterable of Note
        Breaks inside the periods; a statement never reaches across one.
    subject : str, optional
        What the line is called; by default its series, and its label where lines are compared.
    """
    line = lines[0]
    pair = comparable(line, breaks)
    made = change_of(*pair) if pair else None
    names = [subject] if subject else _names(lines)
    if pair is None or made is None:
        return _fitting([*(text for name in names for text in _levels(name, line)), _bare(line)])
    dated = _turned(line, made)
    moves = [text for name in names for text in _moves(name, made, dated=dated)]
    return _fitting([*moves, f"From {pair[0].text} to {pair[1].said}"])


def _names(lines: Sequence[Line]) -> list[str]:
    """Return what the first line may be called, the fullest name first."""
    line = lines[0]
    short = re.match(r"(.+ share) of ", line.subject)
    names = [line.subject, *([short.group(1)] if short else [])]
    if len(lines) == 1:
        return names
    if line.label in line.subject:
        return [*names, line.label]
    if line.label == line.place:
        return [f"{line.subject} in {line.place}", line.label]
    return [f"{line.subject}, {line.label[:1].lower()}{line.label[1:]}", line.label]


def _moves(name: str, made: Change, *, dated: bool) -> list[str]:
    """Statements of one move, the fullest first; all of them name its beginning if `dated`."""
    first, last = say_period(made.first), say_period(made.last)
    year = str(year_of(made.first))
    verb, way = ("rose", "up") if made.direction > 0 else ("fell", "down")
    if made.unit != "percent" and made.direction:
        size = _size(made)
        return [
            f"{name} {verb} {size} from {first} to {last}",
            f"{name} {way} {size} since {first}",
            f"{name} {way} {size} since {year}",
        ]
    before, after = (figure(v, made.unit, made.decimals) for v in (made.before, made.after))
    bodies = [f"{verb} from {before} to {after}", f"{verb} to {after}", f"{way} to {after}"]
    if not made.direction:
        bodies, dated = [f"unchanged at {after}"], True
    since = [f"{name} {body} since {when}" for body in bodies for when in (first, year)]
    undated = [f"{name} {body}" for body in bodies]
    return since if dated else [*undated, *since]


def _turned(line: Line, made: Change) -> bool:
    """Whether the whole line did not move the way that its comparable part did."""
    whole = change_of(line.known[0], line.known[-1])
    return whole is None or whole.direction != made.direction


def _size(made: Change) -> str:
    """Print the size of a move in a count: per cent, or the difference where it began at 0."""
    return number(abs(made.difference)) if made.relative is None else percent(abs(made.relative))


def _levels(name: str, line: Line) -> list[str]:
    """Statements of a level, for a line that has no comparable pair."""
    if not line.known:
        return [f"No figures for {name}"]
    last = line.known[-1]
    return [f"{name}: {last.said} in {say_period(last.period)}", f"{name}: {last.said}"]


def _bare(line: Line) -> str:
    """State a level without a name, which is left to the subtitle."""
    if not line.known:
        return "No figures for these periods"
    return f"{line.known[-1].said} in {say_period(line.known[-1].period)}"


def _fitting(statements: Sequence[str]) -> str:
    """Return the first statement within the limit; the last one always is."""
    text = next(s for s in statements if len(s.split()) <= TITLE_WORDS)
    return text[:1].upper() + text[1:]


_FIGURE = re.compile(rf"[+{MINUS}]?\d+(?:,\d{{3}})*(?:\.\d+)?%?")


def unsupported(text: str, lines: Sequence[Line]) -> list[str]:
    """Return the figures in a title written by hand that the lines do not bear out.

    Borne out are figures as printed, years, figures of a name (20 weeks), and the change between
    any two readings of one line, with one decimal or none.
    """
    found = [match.group() for match in _FIGURE.finditer(text)]
    supported = _supported(lines) if found else set()
    return [text for text in found if text not in supported]


def _supported(lines: Sequence[Line]) -> set[str]:
    said: set[str] = set()
    for line in lines:
        said.update(_FIGURE.findall(f"{line.subject} {line.label}"))
        said.update(str(year_of(r.period)) for r in line.readings)
        said.update(word for r in line.readings for word in r.period.split("-"))
        for index, later in enumerate(line.known):
            said.add(later.text)
            for earlier in line.known[:index]:
                said.update(_changes(earlier, later))
    return said


def _changes(earlier: Reading, later: Reading) -> set[str]:
    made = change_of(earlier, later)
    if made is None:
        return set()
    if made.unit == "percent":
        return {number(abs(made.difference), d) for d in (0, 1)}
    sizes = {number(abs(made.difference))}
    if made.relative is not None:
        sizes |= {percent(abs(made.relative), d) for d in (0, 1)}
    return sizes


def subtitle(series: Sequence[Series], lines: Sequence[Line]) -> str:
    """Return measure, basis, unit, area and period of a chart in one line."""
    measures = list(dict.fromkeys(one.definition.title for one in series))
    bases = list(dict.fromkeys(one.basis for one in series if one.basis))
    places = list(dict.fromkeys(line.place for line in lines))
    periods = sorted({r.period for line in lines for r in line.readings})
    meant = series[0].definition
    unit = unit_words(meant.unit) if meant.is_rate or not meant.decimals else meant.unit
    area = places[0] if len(places) == 1 else f"{len(places)} areas"
    if 1 < len(places) <= 4:
        area = ", ".join(places[:-1]) + " and " + places[-1]
    parts = [
        " and ".join(measures),
        " and ".join(humanise(basis).lower() for basis in bases),
        unit,
        area,
        say_range(periods[0], periods[-1]) if periods else "",
    ]
    return ", ".join(filter(None, parts))


def unit_words(unit: str) -> str:
    """Say a unit: ``per cent`` for percentages, ``number of plans`` for a count of plans."""
    return "per cent" if unit == "percent" else f"number of {unit}"


def alt_text(kind: str, lines: Sequence[Line], breaks: Iterable[Note] = ()) -> str:
    """Return alternative text of at most fifty words.

    It holds the type, subject, place and period; the first, last and peak figures of the first
    line; and how the last figures of the other lines compare.
    """
    line = lines[0]
    head = f"{kind}: {line.subject}, {_places(lines)}"
    known = line.known
    if not known:
        return _trimmed([f"{head}. No figures to show."])
    first, last = known[0], known[-1]
    peak = max(known, key=lambda r: (r.value or 0, r.period))
    who = f"{line.label}: " if len(lines) > 1 else ""
    told = f"{who}{first.said} first, {last.said} last"
    told += ", the peak." if peak == last else f", peak {peak.said} in {say_period(peak.period)}."
    span = say_range(first.period, last.period)
    return _trimmed([f"{head}, {span}. {told[:1].upper()}{told[1:]}", _comparison(lines, breaks)])


def _places(lines: Sequence[Line]) -> str:
    places = list(dict.fromkeys(line.place for line in lines))
    return places[0] if len(places) == 1 else f"{len(places)} areas"


def _comparison(lines: Sequence[Line], breaks: Iterable[Note]) -> str:
    """Say where the other lines ended, or how far the only one moved on one side of a break."""
    line = lines[0]
    others = [other for other in lines[1:] if other.known]
    if others:
        ends = ", ".join(f"{o.label} {o.known[-1].said}" for o in others[:3])
        return f"Others last: {ends}."
    pair = comparable(line, breaks)
    made = change_of(*pair) if pair else None
    return f"Change since {say_period(made.first)} {made}." if made else ""


def _trimmed(sentences: Sequence[str]) -> str:
    """Join sentences as far as the limit allows; what does not fit is left out whole."""
    text = sentences[0]
    for sentence in sentences[1:]:
        longer = f"{text} {sentence}".strip()
        text = longer if len(longer.split()) <= ALT_WORDS else text
    words = text.split()
    return text if len(words) <= ALT_WORDS else " ".join(words[: ALT_WORDS - 1]) + " …"
