"""A small table of figures as a reader sees it: words, units and flags, the same every time."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING, Any, Literal, Protocol

from sendstats.catalogue.periods import say_period
from sendstats.errors import WrongUse
from sendstats.words.numbers import number
from sendstats.words.readings import Line, Reading, humanise, lines_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from sendstats.series.model import Series

#: The mark of a figure on which something is noted, and what it means.
_STAR = " *"
_MEANS = (
    "* A caveat, break, finding or repair is noted on this figure: .notes of the series has it."
)


@dataclass(frozen=True)
class FigureTable:
    """Figures with their counts, one row a period.

    Attributes
    ----------
    caption : str
    headings : tuple of str
    rows : tuple of tuple of str
    foot : str
        What its marks mean; empty where it has none.
    """

    caption: str
    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    foot: str = ""

    def __repr__(self) -> str:
        """Return the table as plain text in columns."""
        grid = [self.headings, *self.rows]
        widths = [max(len(row[i]) for row in grid) for i in range(len(self.headings))]
        lines = [self.caption]
        lines += ["  ".join(c.rjust(w) for c, w in zip(r, widths, strict=True)) for r in grid]
        return "\n".join([*lines, *([self.foot] if self.foot else [])])

    def _repr_html_(self) -> str:
        head = "".join(f'<th scope="col">{escape(h)}</th>' for h in self.headings)
        body = "".join(
            f'<tr><th scope="row">{escape(row[0])}</th>'
            + "".join(f"<td>{escape(cell)}</td>" for cell in row[1:])
            + "</tr>"
            for row in self.rows
        )
        caption = f"<caption>{escape(self.caption)}</caption>"
        wide = len(self.headings)
        foot = f'<tfoot><tr><td colspan="{wide}">{escape(self.foot)}</td></tr></tfoot>'
        rows = f"<tbody>{body}</tbody>{foot if self.foot else ''}"
        return f"<table>{caption}<thead><tr>{head}</tr></thead>{rows}</table>"


def table(
    *series: Series, periods: int = 6, labels: Mapping[str, str] | None = None
) -> FigureTable:
    """Return the newest figures of one or more series as a small table.

    A rate shows its counts beside it; a gap shows its reason; a star marks a figure that a
    caveat, break, finding or repair touches, and the foot of the table says so.

    Parameters
    ----------
    *series : Series
    periods : int, default 6
        How many of the newest periods to show.
    labels : mapping of str to str, optional
        Words for ids, as for charts.
    """
    lines = lines_of(series, labels)
    kept = sorted({r.period for line in lines for r in line.readings})[-periods:]
    held = [{r.period: r for r in line.readings} for line in lines]
    headings = ["Period", *(h for line in lines for h in _headings(line))]
    rows = [
        (
            say_period(period),
            *(
                c
                for line, by in zip(lines, held, strict=True)
                for c in _cells(line, by.get(period))
            ),
        )
        for period in kept
    ]
    titles = dict.fromkeys(one.definition.title for one in series)
    starred = any(cell.endswith(_STAR) for row in rows for cell in row)
    foot = _MEANS if starred else ""
    return FigureTable("; ".join(titles), tuple(headings), tuple(rows), foot)


class Frame(Protocol):
    """A table of columns, such as a polars frame: what `show` needs of one."""

    @property
    def columns(self) -> list[str]:
        """Names of the columns."""

    def select(self, names: tuple[str, ...], /) -> Any:  # noqa: ANN401 - a frame of its own kind
        """Return a frame of some columns, which has ``rows()``."""


class Rows(Protocol):
    """A table of rows, such as a list of findings or of revisions."""

    def iter_rows(self, *, named: Literal[True]) -> Iterator[dict[str, Any]]:
        """Yield one row after another, by the names of the columns."""


def show(frame: Frame, *columns: str, caption: str = "") -> FigureTable:
    """Return some columns of a frame, such as `sendstats.findings` gives, as a small table.

    Parameters
    ----------
    frame : Frame
        For example a polars frame.
    *columns : str
        Names in the order wanted; all unless given.
    caption : str, optional

    Raises
    ------
    WrongUse
        If it is no frame but, for example, a series, whose table is `table`.
    """
    if not hasattr(frame, "columns"):
        raise WrongUse(
            "only a frame is shown by its columns",
            found=type(frame).__name__,
            todo="for a series say ss.table(series), or show its .rows",
        )
    names = columns or tuple(frame.columns)
    rows = [tuple(_shown(cell) for cell in row) for row in frame.select(names).rows()]
    return FigureTable(caption, tuple(humanise(name) for name in names), tuple(rows))


def _shown(cell: object) -> str:
    """Return a cell as text; a whole number without decimals."""
    return "" if cell is None else f"{cell:.10g}" if isinstance(cell, float) else str(cell)


def _counted(line: Line) -> bool:
    return any(r.denominator is not None for r in line.readings)


def _headings(line: Line) -> list[str]:
    return [line.label, "cases", "of"] if _counted(line) else [line.label]


def _cells(line: Line, reading: Reading | None) -> list[str]:
    if reading is None:
        return [""] * len(_headings(line))
    shown = reading.text or f"({humanise(reading.reason).lower()})"
    star = _STAR if reading.flags else ""
    cells = [shown + star]
    if _counted(line):
        cells += ["" if n is None else number(n) for n in (reading.numerator, reading.denominator)]
    return cells
