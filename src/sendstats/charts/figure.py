"""From a chart to the plain numbers and words that plotly draws."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from html import escape
from typing import TYPE_CHECKING, Any

from sendstats.charts.axes import Scale, scale, years
from sendstats.charts.frame import Frame, frame
from sendstats.charts.labels import Label, labels
from sendstats.charts.theme import DASHES, OTHER_DASH, SYMBOLS, Scheme, Size, template
from sendstats.charts.theme import scheme as scheme_of
from sendstats.charts.theme import size as size_of
from sendstats.words import is_month, position, say_period

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sendstats.charts.model import Chart
    from sendstats.charts.parts import Drawn
    from sendstats.words import Reading


@dataclass(frozen=True)
class Plot:
    """One chart at one size in one scheme, with its axes worked out."""

    chart: Chart
    colours: Scheme
    size: Size
    scale: Scale
    true_time: bool

    def x(self, period: str) -> float:
        """Return where a period stands on the time axis."""
        return round(float(position(period, true_time=self.true_time)), 3)

    @property
    def span(self) -> tuple[float, float]:
        """The first and the last position on the time axis."""
        found = [self.x(p) for p in self.chart.periods] or [0.0]
        return min(found), max(found)

    @property
    def ends(self) -> tuple[float, float]:
        """Where the time axis begins and ends."""
        first, last = self.span
        room = max((last - first) * 0.02, 0.25)
        return round(first - room, 3), round(last + room, 3)

    @property
    def drawn(self) -> list[Drawn]:
        """Lines in drawing order: context first, the first series on top."""
        order = {"context": 0, "other": 1, "series": 2}
        return sorted(self.chart.lines, key=lambda d: (order[d.role], -d.index))

    def colour(self, drawn: Drawn) -> str:
        """Return the colour of a line."""
        if drawn.role != "series":
            return self.colours.context if drawn.role == "context" else self.colours.other
        pair = sum(d.role == "series" for d in self.chart.lines) == 2
        return self.colours.duo[drawn.index] if pair else self.colours.series[drawn.index]


def spec(chart: Chart, scheme: str, size: str, *, framed: bool) -> dict[str, Any]:
    """Return a figure as plain JSON types, every number rounded.

    Parameters
    ----------
    chart : Chart
    scheme, size : str
        Names of a colour scheme and a size.
    framed : bool
        Whether title, subtitle and notes are inside the figure; the source line always is.
    """
    plot = _plot(chart, scheme_of(scheme), size_of(size))
    named, legend = labels(plot)
    around = frame(plot, named, framed=framed, legend=legend)
    return {
        # Without a uid of its own plotly.js gives each trace one at random.
        "data": [
            {"uid": f"line{n}", **_trace(plot, drawn)} for n, drawn in enumerate(plot.drawn, 1)
        ],
        "layout": _layout(plot, around, named, legend=legend),
    }


def _plot(chart: Chart, colours: Scheme, size: Size) -> Plot:
    values = [
        Fraction(r.rounded) for d in chart.lines for r in d.line.readings if r.rounded is not None
    ]
    months = {is_month(p) for p in chart.periods}
    found = scale(values, chart.unit, zero=chart.from_zero)
    return Plot(chart, colours, size, found, true_time=len(months) > 1)


def _layout(plot: Plot, around: Frame, named: Sequence[Label], *, legend: bool) -> dict[str, Any]:
    layout: dict[str, Any] = {
        "annotations": [*around.annotations, *(label.annotation for label in named)],
        "height": around.height,
        "margin": around.margin,
        "meta": {
            "title": plot.chart.title,
            "alt": plot.chart.alt,
            "source": plot.chart.source,
        },
        "template": template(plot.colours, plot.size),
        "xaxis": _time_axis(plot),
        "yaxis": _value_axis(plot),
    }
    if around.shapes:
        layout["shapes"] = around.shapes
    if legend:
        layout |= {"legend": around.legend, "showlegend": True}
    return layout


def _time_axis(plot: Plot) -> dict[str, Any]:
    first, last = plot.span
    low, high = plot.ends
    # A flow that shares its axis with snapshots stands mid-year; ticks stay on whole years.
    ticks = years(int(first), int(last), plot.size.ticks)
    return {
        "range": [low, high],
        "tickmode": "array",
        "tickvals": ticks,
        "ticktext": [str(year) for year in ticks],
        "ticks": "outside",
        "ticklen": 5,
        "tickcolor": plot.colours.muted,
        "showline": plot.scale.low == 0,
    }


def _value_axis(plot: Plot) -> dict[str, Any]:
    found = plot.scale
    return {
        "range": [float(found.low), round(float(found.top), 4)],
        "tickmode": "array",
        "tickvals": [_plain(tick) for tick in found.ticks],
        "ticktext": list(found.texts),
        "zeroline": found.low < 0 < found.high,
        "zerolinecolor": plot.colours.text,
        "zerolinewidth": 1,
    }


def _plain(value: Fraction) -> int | float:
    return int(value) if value.denominator == 1 else float(value)


def _trace(plot: Plot, drawn: Drawn) -> dict[str, Any]:
    points = _with_gaps(drawn.line.readings)
    colour = plot.colour(drawn)
    context = drawn.role == "context"
    dash = DASHES[drawn.index] if drawn.role == "series" else OTHER_DASH
    marks = [_mark(points, n, last=not context) for n in range(len(points))]
    fills = [plot.colours.paper if mark == "hollow" else colour for mark in marks]
    sizes = {"": 0, "hollow": 8, "dot": 6, "end": 9}
    return {
        "type": "scatter",
        "mode": "lines+markers",
        "name": drawn.line.label,
        "x": [plot.x(p) for p, _ in points],
        "y": [None if r is None or r.rounded is None else _number(r) for _, r in points],
        "text": ["" if r is None else _hover(plot, drawn, r) for _, r in points],
        "hovertemplate": "%{text}<extra></extra>",
        "connectgaps": False,
        "cliponaxis": False,
        "line": {
            "color": colour,
            "dash": "solid" if context else dash,
            "width": 1.5 if drawn.role != "series" else 2.5,
        },
        "marker": {
            "color": fills,
            "line": {"color": colour, "width": [2 if m == "hollow" else 0 for m in marks]},
            "opacity": 1,
            "size": [sizes[mark] for mark in marks],
            "symbol": SYMBOLS[drawn.index] if drawn.role == "series" else "circle",
        },
    }


def _number(reading: Reading) -> int | float | None:
    rounded = reading.rounded
    if rounded is None:
        return None
    return float(rounded) if reading.decimals else int(rounded)


def _with_gaps(readings: Sequence[Reading]) -> list[tuple[str, Reading | None]]:
    """Return readings by period with an empty point wherever a year is missing between two."""
    points: list[tuple[str, Reading | None]] = []
    for reading in readings:
        if points and position(reading.period) - position(points[-1][0]) > Fraction(3, 2):
            points.append((points[-1][0], None))
        points.append((reading.period, reading))
    return points


def _mark(points: Sequence[tuple[str, Reading | None]], n: int, *, last: bool) -> str:
    """Return how point `n` is marked: hollow if flagged, a dot at each side of a gap, an end."""

    def known(m: int) -> bool:
        if not 0 <= m < len(points):
            return False
        reading = points[m][1]
        return reading is not None and reading.value is not None

    reading = points[n][1]
    if reading is None or not known(n):
        return ""
    if reading.flags:
        return "hollow"
    later = any(known(m) for m in range(n + 1, len(points)))
    if not later:
        return "end" if last else ""
    earlier = any(known(m) for m in range(n))
    return "dot" if not known(n + 1) or (earlier and not known(n - 1)) else ""


def _hover(plot: Plot, drawn: Drawn, reading: Reading) -> str:
    lines = [f"<b>{escape(drawn.line.label, quote=False)}</b>"]
    lines.append(f"{say_period(reading.period)}: {reading.text}")
    if reading.unit == "percent" and reading.numerator is not None and reading.denominator:
        lines.append(f"{reading.numerator:,} of {reading.denominator:,}")
    numbers = [str(n.number) for n in plot.chart.notes if n.touches(reading)]
    if numbers:
        lines.append(f"See note {', '.join(numbers)}")
    return "<br>".join(lines)
