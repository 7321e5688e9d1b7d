"""The one way to a chart: series in, chart out."""

from __future__ import annotations

import re
from dataclasses import asdict, replace
from typing import TYPE_CHECKING

from sendstats import words
from sendstats.catalogue.series import placements
from sendstats.charts.axes import scale
from sendstats.charts.model import Chart
from sendstats.charts.notes import numbered
from sendstats.charts.parts import Drawn
from sendstats.charts.share import REST, shares
from sendstats.errors import Refused, WrongUse
from sendstats.series.model import Series

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from sendstats.charts.parts import ChartNote
    from sendstats.series.model import Note
    from sendstats.words import Line

MOST = 4
#: A line axis leaves out zero only where the lines use less than this part of it.
_FLAT = 0.15

Roles = tuple[tuple[Drawn, ...], tuple[Drawn, ...]]


def chart(  # noqa: PLR0913 - every one a word the reader may want to set
    *series: Series,
    kind: str | None = None,
    title: str | None = None,
    subtitle: str | None = None,
    focus: str | None = None,
    labels: Mapping[str, str] | None = None,
    zero: bool | None = None,
    mixed: bool = False,
    id: str | None = None,  # noqa: A002 - the name of the attribute
) -> Chart:
    """Draw one or more series as one chart.

    Parameters
    ----------
    *series : Series
        At least one. Each of its places, placements and items becomes a line.
    kind : {"trend", "share"}, optional
        ``share`` draws placement shares of one whole: four named groups and one grey rest.
        By default ``share`` for three placements or more of one universe, else ``trend``.
    title, subtitle : str, optional
        In place of the generated words. A title is at most ten words, and every figure in it must
        be borne out by the data.
    focus : str, optional
        Label of the line that the chart is about; the others are then grey context. England by
        default where there are more than four lines.
    labels : mapping of str to str, optional
        Words for ids of placements, items, bases and series, and for the labels of lines.
    zero : bool, optional
        Whether the value axis starts at zero; by default unless the lines are all but flat.
    mixed : bool
        Allow series of different universes or bases in one chart, when that is meant.
    id : str, optional
        Stem of file names.

    Returns
    -------
    Chart

    Raises
    ------
    Refused
        If units differ, or universes or bases do and `mixed` is not set.
    WrongUse
        If there is nothing to draw, too many lines without a focus, an unknown kind or focus, or a
        title that is too long or says a figure that the data do not bear out.
    """
    _check(series, mixed=mixed)
    named = {key: p.short for key, p in placements().items()} | dict(labels or {})
    lines = [replace(x, label=named.get(x.label, x.label)) for x in words.lines_of(series, named)]
    chosen = kind or ("share" if _is_share(series, lines) else "trend")
    drawn, table = _role(chosen)(lines, focus)
    notes = numbered(series, table)
    told = [d.line for d in drawn if d.role != "context"]
    breaks = [note for one in series for note in one.breaks]
    if chosen == "share":
        told = _leading_first(told, breaks, focus)
    from_zero = _from_zero(drawn) if zero is None else zero
    return Chart(
        id=id or _stem(series, lines, chosen),
        kind=chosen,
        title=_title(title, told, breaks),
        subtitle=subtitle or _subtitle(series, lines, drawn, from_zero=from_zero),
        source=words.source_line(series),
        alt=words.alt_text("Line chart", told, breaks),
        citation=words.cite(*series),
        notes=notes,
        lines=drawn,
        table=table,
        unit=series[0].definition.unit,
        from_zero=from_zero,
        digest=words.input_hash(series),
        series=tuple({**asdict(one.definition), "basis": one.basis} for one in series),
        sources=tuple(asdict(source) for source in words.sources_of(series)),
    )


def _check(series: Sequence[Series], *, mixed: bool) -> None:
    """Refuse what no chart can show honestly; every reason is named."""
    strange = [one for one in series if not isinstance(one, Series)]
    if strange:
        raise WrongUse(
            "a chart is drawn from series",
            expected="what sendstats.series returns",
            found=", ".join(repr(one) for one in strange),
        )
    if not any(len(one) for one in series):
        raise WrongUse(
            "there is nothing to draw",
            expected="at least one series with observations",
            found=f"{len(series)} series, all empty" if series else "no series",
        )
    units = {one.definition.unit for one in series}
    if len(units) > 1:
        raise Refused(
            "one chart has one unit, and a second axis is never drawn",
            found=" and ".join(sorted(units)),
            todo="draw one chart for each unit",
        )
    _check_meaning(series, mixed=mixed)


def _check_meaning(series: Sequence[Series], *, mixed: bool) -> None:
    facts = {
        "universe": {one.definition.universe for one in series},
        "basis": {one.basis for one in series},
    }
    differing = [
        f"{name}: {', '.join(sorted(v or 'none' for v in values))}"
        for name, values in facts.items()
        if len(values) > 1
    ]
    if differing and not mixed:
        raise Refused(
            "these series do not measure the same thing",
            found="; ".join(differing),
            todo="choose one, or pass mixed=True if the comparison is meant",
        )


def _is_share(series: Sequence[Series], lines: Sequence[Line]) -> bool:
    placed = {line.key.split("|")[3] for line in lines} - {"", "total"}
    places = {line.place for line in lines}
    whole = {one.definition.id for one in series}
    rate = all(one.definition.is_rate for one in series)
    return rate and len(placed) > 2 and len(places) == 1 and len(whole) == 1


def _role(kind: str) -> Callable[[Sequence[Line], str | None], Roles]:
    known: dict[str, Callable[[Sequence[Line], str | None], Roles]] = {
        "share": shares,
        "trend": _trend,
    }
    if kind not in known:
        raise WrongUse(
            f"unknown kind of chart {kind!r}", expected=" or ".join(known), found=repr(kind)
        )
    return known[kind]


def _trend(lines: Sequence[Line], focus: str | None) -> Roles:
    """Give up to four lines a colour each; with a focus, one line a colour and the others grey."""
    centre = focus or ("England" if len(lines) > MOST else None)
    if centre is None:
        drawn = tuple(Drawn(line, "series", n) for n, line in enumerate(lines))
        return drawn, drawn
    chosen = [line for line in lines if centre in {line.label, line.place}]
    if len(chosen) != 1:
        raise WrongUse(
            f"{len(lines)} lines need one of them in focus",
            expected=f"a label: {', '.join(repr(line.label) for line in lines[:8])}",
            found=repr(centre),
            todo=f"pass focus=, or draw {MOST} lines at most",
        )
    rest = [line for line in lines if line is not chosen[0]]
    drawn = (Drawn(chosen[0], "series"), *(Drawn(line, "context") for line in rest))
    return drawn, drawn


def _leading_first(lines: Sequence[Line], breaks: Sequence[Note], focus: str | None) -> list[Line]:
    """Put the line that a title should be about first: the one in focus, or the one that moved."""

    def moved(line: Line) -> float:
        pair = words.comparable(line, breaks)
        made = words.change_of(*pair) if pair else None
        return abs(float(made.difference)) if made else 0.0

    def rank(line: Line) -> tuple[bool, bool, float, str]:
        return line.label == REST, line.label != focus, -moved(line), line.label

    return sorted(lines, key=rank)


def _from_zero(drawn: Sequence[Drawn]) -> bool:
    values = [r.value for d in drawn for r in d.line.known if r.value is not None]
    top, low = max(values, default=0), min(values, default=0)
    return low <= 0 or float(top - low) > _FLAT * float(top) or len(set(values)) == 1


def _title(asked: str | None, lines: Sequence[Line], breaks: Sequence[Note]) -> str:
    if asked is None:
        return words.title(lines, breaks)
    wrong = words.unsupported(asked, lines)
    faults = [f"the data do not say {', '.join(wrong)}"] if wrong else []
    if not 0 < len(asked.split()) <= words.TITLE_WORDS:
        faults.append(f"{len(asked.split())} words")
    if faults:
        raise WrongUse(
            f"this title cannot stand: {'; '.join(faults)}",
            expected=f"one to {words.TITLE_WORDS} words, and only figures that are in the data",
            found=repr(asked),
        )
    return asked


def _subtitle(
    series: Sequence[Series], lines: Sequence[Line], drawn: Sequence[Drawn], *, from_zero: bool
) -> str:
    said = words.subtitle(series, lines)
    values = [r.value for d in drawn for r in d.line.known if r.value is not None]
    found = scale(values, series[0].definition.unit, zero=from_zero)
    return said if found.from_zero else f"{said}. The scale starts at {found.texts[0]}, not at 0"


def _stem(series: Sequence[Series], lines: Sequence[Line], kind: str) -> str:
    """Return a file stem made of the series, basis and place."""
    ids = list(dict.fromkeys(one.definition.id for one in series))
    bases = [one.basis for one in series if one.basis]
    places = list(dict.fromkeys(line.place for line in lines))
    area = places[0] if len(places) == 1 else f"{len(places)} areas"
    text = " ".join([*ids, *dict.fromkeys(bases), area, kind])
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")


__all__ = ["Chart", "ChartNote", "chart"]
