"""Direct labels: beside the end of each line, moved apart where they would touch."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from sendstats.charts.text import height_of, joined, width_of, wrap

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sendstats.charts.figure import Plot
    from sendstats.charts.parts import Drawn
    from sendstats.words import Reading

_GAP = 4
_BESIDE = 10
#: From here on a label needs a line to its point.
_MOVED = 7


@dataclass(frozen=True)
class Label:
    """One direct label.

    Attributes
    ----------
    annotation : dict
        As plotly takes it.
    width : int
        Pixels to the right of the plotting area that it needs.
    """

    annotation: dict[str, Any]
    width: int


@dataclass
class _Box:
    """A label on its way: `y` is its middle in pixels below the top of the plotting area."""

    drawn: Drawn
    reading: Reading
    lines: list[str]
    height: int
    wanted: float
    y: float


def labels(plot: Plot) -> tuple[list[Label], bool]:
    """Return the direct labels, and whether a legend must stand in for them.

    Returns
    -------
    tuple
        Labels in order from the top; empty where they do not fit the height, and then True.
    """
    boxes = [_box(plot, d) for d in plot.chart.lines if d.role != "context" and d.line.known]
    boxes.sort(key=lambda box: (box.wanted, box.drawn.line.label))
    room = plot.size.plot_height + 2 * plot.size.text
    if sum(box.height + _GAP for box in boxes) > room:
        return [], True
    _spread(boxes, -plot.size.text, plot.size.plot_height + plot.size.text)
    led = any(abs(box.y - box.wanted) > _MOVED for box in boxes)
    return [_label(plot, box, led=led) for box in boxes], False


def _box(plot: Plot, drawn: Drawn) -> _Box:
    reading = drawn.line.known[-1]
    value = reading.rounded
    assert value is not None  # noqa: S101 - known readings have values
    size = plot.size.text
    named = [d for d in plot.chart.lines if d.role != "context"]
    words = (
        wrap(drawn.line.label, size, plot.size.label_width)
        if len(named) > 1 or len(plot.chart.lines) > 1
        else []
    )
    lines = [*words, reading.text]
    middle = (1 - plot.scale.fraction(Fraction(value))) * plot.size.plot_height
    return _Box(drawn, reading, lines, height_of(len(lines), size), middle, middle)


def _spread(boxes: Sequence[_Box], top: float, bottom: float) -> None:
    """Move boxes apart so that none touch, as little as is needed, within top and bottom.

    Boxes that would touch form a group around the middle of where they want to be; groups that
    would touch become one.
    """
    groups: list[list[_Box]] = []
    for box in boxes:
        groups.append([box])
        _settle(groups[-1], top, bottom)
        while len(groups) > 1 and _bottom(groups[-2]) + _GAP > _top(groups[-1]):
            groups[-2:] = [groups[-2] + groups[-1]]
            _settle(groups[-1], top, bottom)


def _settle(group: Sequence[_Box], top: float, bottom: float) -> None:
    """Stack one group around the middle of its wishes, inside top and bottom."""
    height = sum(box.height for box in group) + _GAP * (len(group) - 1)
    middle = sum(box.wanted for box in group) / len(group)
    edge = max(min(middle - height / 2, bottom - height), top)
    for box in group:
        box.y = edge + box.height / 2
        edge += box.height + _GAP


def _top(group: Sequence[_Box]) -> float:
    return group[0].y - group[0].height / 2


def _bottom(group: Sequence[_Box]) -> float:
    return group[-1].y + group[-1].height / 2


def _label(plot: Plot, box: _Box, *, led: bool) -> Label:
    """Build one label; where any had to move, all stand further off and have a leader line."""
    size = plot.size.text
    name, value = box.lines[:-1], box.lines[-1]
    text = "<br>".join(filter(None, (joined(name), f"<b>{joined([value])}</b>")))
    moved = round(box.y - box.wanted)
    beside = _BESIDE + 12 if led else _BESIDE
    annotation: dict[str, Any] = {
        "name": "label",
        "text": text,
        "x": plot.x(box.reading.period),
        "y": float(box.reading.rounded or 0),
        "xanchor": "left",
        "yanchor": "middle",
        "align": "left",
        "font": {"color": plot.colours.text, "size": size},
        "showarrow": led,
    }
    if led:
        annotation |= {
            "ax": beside,
            "ay": moved,
            "arrowcolor": plot.colour(box.drawn),
            "arrowhead": 0,
            "arrowwidth": 1,
            "standoff": 6,
        }
    else:
        annotation |= {"xshift": beside, "yshift": -moved}
    widest = max(width_of(value, size, bold=True), *(width_of(n, size) for n in [*name, ""]))
    return Label(annotation, round(widest) + beside + 4)
