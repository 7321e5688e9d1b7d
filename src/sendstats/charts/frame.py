"""What stands around the plotting area: title, breaks, note marks, notes and the source line."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from sendstats.charts.marks import marks
from sendstats.charts.text import balanced, height_of, joined, width_of, wrap
from sendstats.words import position

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sendstats.charts.figure import Plot
    from sendstats.charts.labels import Label
    from sendstats.charts.parts import ChartNote

_EDGE = 4


@dataclass
class Frame:
    """Everything of a layout that depends on how much room words take; lengths in pixels."""

    annotations: list[dict[str, Any]] = field(default_factory=list)
    shapes: list[dict[str, Any]] = field(default_factory=list)
    margin: dict[str, int] = field(default_factory=dict)
    height: int = 0
    legend: dict[str, Any] = field(default_factory=dict)


def frame(plot: Plot, named: Sequence[Label], *, framed: bool, legend: bool) -> Frame:
    """Lay out everything around the plotting area.

    Parameters
    ----------
    plot : Plot
    named : sequence of Label
        Direct labels, for the room that they need at the right.
    framed : bool
        Whether title, subtitle and notes are inside the figure.
    legend : bool
        Whether a legend stands above the plotting area in place of labels.
    """
    size = plot.size
    around = Frame()
    left = max(round(width_of(text, size.text)) for text in plot.scale.texts) + 10
    right = max([label.width for label in named], default=_EDGE) + _EDGE
    around.margin = {"l": left, "r": right, "t": 0, "b": 0, "pad": 0}
    strip = _breaks(plot, around)
    # Direct labels may reach above the plotting area by as much as one line.
    top = max(strip + (_legend(plot, around, strip) if legend else 0), size.text) + 8
    if framed:
        top += _heading(plot, around, top)
    bottom = _footing(plot, around, framed=framed)
    around.margin |= {"t": top, "b": bottom}
    around.height = top + size.plot_height + bottom
    _marks(plot, around, named)
    return around


def _paragraph(plot: Plot, name: str, lines: list[str], style: dict[str, Any]) -> dict[str, Any]:
    """Return an annotation that starts at the figure's left edge; `style` says where and how."""
    return {
        "name": name,
        "text": joined(lines),
        "xref": "paper",
        "x": 0,
        "xanchor": "left",
        "yref": "paper",
        "align": "left",
        "showarrow": False,
        "font": {"color": plot.colours.muted, "size": plot.size.small},
    } | style


def _heading(plot: Plot, around: Frame, below: int) -> int:
    """Put title and subtitle above everything else; return the room they take.

    The title is an annotation because plotly moves a title of two lines out of the figure.
    """
    size = plot.size
    width = size.width - 2 * _EDGE
    title = balanced(plot.chart.title, size.title, width, bold=True)
    under = balanced(plot.chart.subtitle, size.subtitle, width)
    high = height_of(len(title), size.title)
    taken = high + height_of(len(under), size.subtitle) + 22
    headline = {"color": plot.colours.text, "size": size.title}
    second = {"color": plot.colours.muted, "size": size.subtitle}
    for name, lines, font, down in (
        ("title", title, headline, 6),
        ("subtitle", under, second, high + 12),
    ):
        style = {"y": 1, "yanchor": "top", "yshift": below + taken - down, "font": font}
        style |= {"xshift": _EDGE - around.margin["l"]}
        around.annotations.append(_paragraph(plot, name, lines, style))
    around.annotations[-2]["text"] = f"<b>{joined(title)}</b>"
    return taken


def _footing(plot: Plot, around: Frame, *, framed: bool) -> int:
    """Put notes and the source line under the time axis; return the room all of it takes."""
    size = plot.size
    width = size.width - 2 * _EDGE
    lines: list[str] = []
    if framed:
        for note in plot.chart.notes:
            lines += wrap(f"{note.number}. {note.text}", size.small, width)
        lines += [""] if lines else []
    lines += wrap(plot.chart.source, size.small, width)
    axis = size.text + 16
    edge = _EDGE if framed else -1
    style = {"y": 0, "yanchor": "top", "xshift": edge - around.margin["l"], "yshift": -axis - 8}
    around.annotations.append(_paragraph(plot, "source", lines, style))
    return axis + 8 + height_of(len(lines), size.small) + 8


def _break_x(plot: Plot, note: ChartNote) -> float:
    """Return where a break's rule stands: half a year before the first period after it."""
    return round(float(position(note.period, true_time=plot.true_time)) - 0.5, 3)


def _breaks(plot: Plot, around: Frame) -> int:
    """Draw a dashed rule and a label for each break; return the room the labels take.

    Labels are as long as they can be without touching one another.
    """
    notes = [note for note in plot.chart.notes if note.kind == "break"]
    placed: list[_BreakLabel] = []
    for words in ("{label} [{number}]", "Break [{number}]", "[{number}]"):
        placed = [_placed(plot, around, note, words) for note in notes]
        ends = [(label.start, label.start + label.wide) for label in placed]
        if all(a[1] + 8 <= b[0] for a, b in pairwise(ends)):
            break
    for label in placed:
        around.shapes.append(_rule(plot, label.x))
        around.annotations.append(_break_label(plot, label))
    return height_of(1, plot.size.small) if notes else 0


@dataclass(frozen=True)
class _BreakLabel:
    """Where a break's label stands: `x` in years, `start` and `wide` in pixels."""

    text: str
    x: float
    anchor: str
    start: float
    wide: float


def _placed(plot: Plot, around: Frame, note: ChartNote, words: str) -> _BreakLabel:
    """Place one label over its rule, drawn in at either end of the plotting area."""
    text = words.format(label=note.label or "Break", number=note.number)
    first, last = plot.span
    room = plot.size.width - around.margin["l"] - around.margin["r"]
    x, wide = _break_x(plot, note), width_of(text, plot.size.small)
    at = (x - first) / ((last - first) or 1) * room
    anchor = "right" if at + wide / 2 > room else "left" if at < wide / 2 else "center"
    start = at - {"left": 0.0, "center": wide / 2, "right": wide}[anchor]
    return _BreakLabel(text, x, anchor, start, wide)


def _rule(plot: Plot, x: float) -> dict[str, Any]:
    return {
        "name": "break",
        "type": "line",
        "layer": "below",
        "xref": "x",
        "x0": x,
        "x1": x,
        "yref": "paper",
        "y0": 0,
        "y1": 1,
        "line": {"color": plot.colours.muted, "width": 1, "dash": "4px,4px"},
    }


def _break_label(plot: Plot, label: _BreakLabel) -> dict[str, Any]:
    style = {"xref": "x", "x": label.x, "xanchor": label.anchor, "y": 1, "yanchor": "bottom"}
    return _paragraph(plot, "break", [label.text], style)


def _marks(plot: Plot, around: Frame, named: Sequence[Label]) -> None:
    """Write note numbers beside flagged points."""
    width = plot.size.width - around.margin["l"] - around.margin["r"]
    rules = [shape["x0"] for shape in around.shapes]
    for text, style in marks(plot, width, named, rules):
        around.annotations.append(_paragraph(plot, "mark", [text], style))


def _legend(plot: Plot, around: Frame, strip: int) -> int:
    """Describe a legend above the plotting area; return the room it takes."""
    size = plot.size
    named = [d.line.label for d in plot.chart.lines if d.role != "context"]
    rows, used = 1, 0.0
    for label in named:
        wide = width_of(label, size.text) + 60
        if used and used + wide > size.width - around.margin["l"] - around.margin["r"]:
            rows, used = rows + 1, 0.0
        used += wide
    taken = rows * (size.text + 8) + 6
    around.legend = {
        "orientation": "h",
        "x": 0,
        "xanchor": "left",
        "y": round(1 + (strip + 4) / size.plot_height, 3),
        "yanchor": "bottom",
        "itemclick": False,
        "itemdoubleclick": False,
    }
    return taken
