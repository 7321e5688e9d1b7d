"""The small parts of a chart: a line with its role, and a numbered note."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from sendstats.words import Line

Role = Literal["series", "context", "other"]


@dataclass(frozen=True)
class Drawn:
    """A line and how it is drawn.

    Attributes
    ----------
    line : Line
    role : {"series", "context", "other"}
        Coloured and labelled; grey and unlabelled; or the labelled grey rest.
    index : int
        Which colour, dash and end marker, 0 to 3.
    """

    line: Line
    role: Role
    index: int = 0


@dataclass(frozen=True)
class ChartNote:
    """A note under a chart.

    Attributes
    ----------
    number : int
        As marked on points and in the table.
    id, kind, text : str
        `kind` is that of the series' note, or ``gap``.
    period : str
        For a break, the first period after it.
    label : str
        For a break, two or three words beside its rule.
    """

    number: int
    id: str
    kind: str
    text: str
    period: str = ""
    label: str = ""
