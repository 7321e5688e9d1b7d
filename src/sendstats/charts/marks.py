"""Note numbers beside flagged points, where no line, rule, label or other number is."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from sendstats.charts.text import height_of, width_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sendstats.charts.figure import Plot
    from sendstats.charts.labels import Label
    from sendstats.charts.parts import Drawn
    from sendstats.words import Reading

#: Pixels between a point and its number, and how far a number reaches past its point at the side.
_OFF, _PAST = 5, 4
#: Blank pixels above and below the digits of a line of text, and around them.
_BLANK, _CLEAR = 3, 2
#: How many lines of text a number may stand away from its point to be clear of everything.
_FAR = 3

Point = tuple[float, float]
Segment = tuple[Point, Point]


@dataclass(frozen=True)
class _Box:
    """A rectangle in pixels from the lower left corner of the plotting area."""

    left: float
    right: float
    bottom: float
    top: float

    def touches(self, other: _Box) -> bool:
        """Whether two boxes overlap or are all but side by side."""
        beside = self.left < other.right + _CLEAR and other.left < self.right + _CLEAR
        return beside and self.bottom < other.top and other.bottom < self.top

    def crossed(self, segment: Segment) -> bool:
        """Whether a line runs through the digits in the box."""
        (x0, y0), (x1, y1) = segment
        left, right = max(x0, self.left - _CLEAR), min(x1, self.right + _CLEAR)
        if left > right:
            return False
        slope = (y1 - y0) / (x1 - x0) if x1 > x0 else 0.0
        ends = (y0 + slope * (left - x0), y0 + slope * (right - x0)) if x1 > x0 else (y0, y1)
        return min(ends) < self.top - _BLANK and max(ends) > self.bottom + _BLANK


@dataclass(frozen=True)
class _Place:
    """A number beside its point: the box it fills and how plotly puts it there."""

    box: _Box
    style: dict[str, Any]


@dataclass(frozen=True)
class _Area:
    """The plotting area in pixels."""

    plot: Plot
    width: float

    def at(self, x: float, y: float) -> Point:
        """Return where a value stands, from the lower left corner."""
        first, last = self.plot.ends
        high = self.plot.scale.fraction(Fraction(y)) * self.plot.size.plot_height
        return self.width * (x - first) / (last - first), high

    def lines(self) -> list[Segment]:
        """Return every piece of a line, in no particular order; a gap has none."""
        found = []
        for drawn in self.plot.drawn:
            points = [
                None if r.rounded is None else self.at(self.plot.x(r.period), float(r.rounded))
                for r in drawn.line.readings
            ]
            found += [(a, b) for a, b in pairwise(points) if a and b]
        return found

    def points(self) -> list[_Box]:
        """Return the boxes of hollow points."""
        flagged = [r for d in self.plot.drawn for r in d.line.known if r.flags]
        where = [self.at(self.plot.x(r.period), float(r.rounded or 0)) for r in flagged]
        return [_Box(x - _PAST, x + _PAST, y - _PAST, y + _PAST) for x, y in where]

    def label(self, label: Label) -> _Box:
        """Return the box of a direct label."""
        told, text = label.annotation, self.plot.size.text
        x, y = self.at(told["x"], told["y"])
        left = x + (told["ax"] if told["showarrow"] else told["xshift"])
        middle = y - (told["ay"] if told["showarrow"] else -told["yshift"])
        half = height_of(told["text"].count("<br>") + 1, text) / 2
        return _Box(left, left + label.width, middle - half, middle + half)


def marks(
    plot: Plot, width: float, named: Sequence[Label], rules: Sequence[float]
) -> list[tuple[str, dict[str, Any]]]:
    """Return note numbers and their places: once for a run of points with the same notes.

    Parameters
    ----------
    plot : Plot
    width : float
        Of the plotting area, in pixels.
    named : sequence of Label
        Direct labels, which no number may cover.
    rules : sequence of float
        Where breaks stand on the time axis.

    Returns
    -------
    list of tuple
        Text, and the fields of a plotly annotation that say where it stands.
    """
    area = _Area(plot, width)
    upright = [area.at(x, 0)[0] for x in rules]
    taken = area.points() + [area.label(label) for label in named]
    lines = area.lines()
    walls = [((x, 0.0), (x, float(plot.size.plot_height))) for x in upright]
    found = []
    for (x, text), y in sorted(_highest(plot).items()):
        place = _free(area, (*area.at(x, y), text), taken, (lines + walls, lines, []))
        taken.append(place.box)
        found.append((text, {"xref": "x", "x": x, "yref": "y", "y": y} | place.style))
    return found


def _highest(plot: Plot) -> dict[tuple[float, str], float]:
    """Return the highest point that each number stands at, by position and text."""
    highest: dict[tuple[float, str], float] = {}
    for drawn in plot.drawn:
        for reading, text in _numbered(plot, drawn):
            key = (plot.x(reading.period), text)
            highest[key] = max(highest.get(key, float("-inf")), float(reading.rounded or 0))
    return highest


def _free(
    area: _Area,
    mark: tuple[float, float, str],
    taken: Sequence[_Box],
    obstacles: Sequence[Sequence[Segment]],
) -> _Place:
    """Return the nearest place that covers no text and no line; of rules and lines, lines first."""
    size = area.plot.size
    far = _FAR * height_of(1, size.small)
    inside = (0, size.plot_height + _OFF)
    for lines in obstacles:
        reach = far if lines else far + len(taken) * height_of(1, size.small)
        for place in _places(mark, size.small, reach):
            box = place.box
            if lines and not inside[0] <= box.bottom <= box.top <= inside[1]:
                continue
            if any(box.touches(one) for one in taken) or any(box.crossed(s) for s in lines):
                continue
            return place
    return next(_places(mark, size.small, far))


def _places(mark: tuple[float, float, str], size: int, reach: int) -> Iterator[_Place]:
    """Yield places from the nearest to the furthest: above before below, the middle first."""
    x, y, text = mark
    wide, tall = width_of(text, size), height_of(1, size)
    for away in range(_OFF, _OFF + reach, 2):
        for anchor, left in (("center", -wide / 2), ("left", -_PAST), ("right", _PAST - wide)):
            shift = {"center": 0, "left": -_PAST, "right": _PAST}[anchor]
            for yanchor, bottom in (("bottom", y + away), ("top", y - away - tall)):
                box = _Box(x + left, x + left + wide, bottom, bottom + tall)
                style = {"xanchor": anchor, "yanchor": yanchor, "xshift": shift}
                yield _Place(box, style | {"yshift": away if yanchor == "bottom" else -away})


def _numbered(plot: Plot, drawn: Drawn) -> list[tuple[Reading, str]]:
    """Return the first reading of each run with the same notes, and the numbers of these."""
    notes = [n for n in plot.chart.notes if n.kind not in {"break", "gap"}]
    found: list[tuple[Reading, str]] = []
    before = ""
    for reading in drawn.line.known if drawn.role != "context" else ():
        shown = ", ".join(str(n.number) for n in notes if n.touches(reading))
        if shown and shown != before:
            found.append((reading, shown))
        before = shown
    return found
