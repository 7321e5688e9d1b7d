"""The small parts of a chart: a line with its role, and a numbered note."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from sendstats.series.model import Note
    from sendstats.words import Line, Reading

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
        `kind` is that of the series' note, or ``gap``; `id` that of the first note told.
    period : str
        For a break, the first period after it.
    label : str
        For a break, two or three words beside its rule.
    told : tuple of Note
        The notes of the series that it tells; empty for a gap.
    """

    number: int
    id: str
    kind: str
    text: str
    period: str = ""
    label: str = ""
    told: tuple[Note, ...] = ()

    @property
    def ids(self) -> tuple[str, ...]:
        """Ids of every note told, as they stand among the flags of a value."""
        return tuple(note.id for note in self.told) or (self.id,)

    def touches(self, reading: Reading) -> bool:
        """Whether a value carries a flag that this note explains."""
        return not {*self.ids}.isdisjoint(reading.flags)
