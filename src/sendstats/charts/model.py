"""A chart that carries its own credentials: what is drawn, what it says, where it comes from."""

from __future__ import annotations

import csv
import io
from copy import deepcopy
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sendstats.charts.figure import spec
from sendstats.charts.theme import CONFIG, size
from sendstats.words import NOT_OFFICIAL, say_period, version

if TYPE_CHECKING:
    from collections.abc import Iterable

    import plotly.graph_objects as go

    from sendstats.charts.parts import ChartNote, Drawn
    from sendstats.words import Reading

PLOTLY_MIME = "application/vnd.plotly.v1+json"
CSV_COLUMNS = (
    "line",
    "place",
    "period",
    "period_name",
    "value",
    "unit",
    "numerator",
    "denominator",
    "reason",
    "flags",
    "published",
    "release",
)


@dataclass(frozen=True)
class Chart:
    """A chart and everything that must travel with it; build one with `chart`.

    Attributes
    ----------
    id : str
        Stem of its file names.
    kind : {"trend", "share"}
    title, subtitle, source, alt, citation : str
        Words, generated from the data unless the caller wrote the title.
    notes : tuple of ChartNote
        Every caveat, break and gap of the values shown; one may tell several.
    lines : tuple of Drawn
        Lines exactly as drawn.
    table : tuple of Drawn
        Lines of the data table: those drawn, and any that are drawn only as part of another.
    unit : str
    from_zero : bool
        Whether the value axis holds zero; the subtitle says so where it does not.
    series, sources : tuple of dict
        Definitions and releases, for the metadata.
    digest : str
        SHA-256 of the input.
    """

    id: str
    kind: str
    title: str
    subtitle: str
    source: str
    alt: str
    citation: str
    notes: tuple[ChartNote, ...]
    lines: tuple[Drawn, ...]
    table: tuple[Drawn, ...]
    unit: str
    from_zero: bool
    digest: str
    series: tuple[dict[str, Any], ...] = field(default_factory=tuple)
    sources: tuple[dict[str, Any], ...] = field(default_factory=tuple)

    @property
    def periods(self) -> list[str]:
        """Periods on the chart, sorted."""
        return sorted({r.period for drawn in self.table for r in drawn.line.readings})

    @property
    def headings(self) -> tuple[str, ...]:
        """Headings of the data table: the period, then one column a line."""
        return ("Period", *(drawn.line.label for drawn in self.table))

    @property
    def rows(self) -> tuple[tuple[str, ...], ...]:
        """Rows of the data table as text, exactly as drawn; a gap says why it is one."""
        found = [{r.period: r for r in drawn.line.readings} for drawn in self.table]
        return tuple(
            (say_period(period), *(self._cell(line.get(period)) for line in found))
            for period in self.periods
        )

    def _cell(self, reading: Reading | None) -> str:
        if reading is None:
            return "no figure"
        numbers = [n.number for n in self.notes if n.touches(reading)]
        marks = f" [{', '.join(f'note {n}' for n in numbers)}]" if numbers else ""
        return (reading.text or reading.reason.replace("_", " ") or "no figure") + marks

    def spec(self, scheme: str = "light", size: str = "page", *, framed: bool = True) -> Any:  # noqa: ANN401
        """Return the figure as plain JSON types: ``{"data": [...], "layout": {...}}``.

        Parameters
        ----------
        scheme : {"light", "dark"}
        size : {"phone", "small", "page", "wide", "report"}
        framed : bool
            Whether title, subtitle and notes are inside the figure; a page has them beside it.
        """
        return spec(self, scheme, size, framed=framed)

    @property
    def config(self) -> dict[str, Any]:
        """What plotly.js is told beside the figure: no toolbar, no logo, no upload, no zoom."""
        return deepcopy(CONFIG)

    def widths(self, names: Iterable[str]) -> dict[str, int]:
        """Return the least width in pixels for which each size is laid out."""
        return {name: size(name).width for name in names}

    def figure(self, scheme: str = "light", *, size: str = "page") -> go.Figure:
        """Return a plotly figure with its own template and nothing registered globally."""
        import plotly.graph_objects as go  # noqa: PLC0415 - 0.5 s, only when one is asked for

        return go.Figure(self.spec(scheme, size))

    def _repr_mimebundle_(
        self,
        include: Iterable[str] | None = None,  # noqa: ARG002 - Jupyter's protocol
        exclude: Iterable[str] | None = None,  # noqa: ARG002
    ) -> dict[str, Any]:
        """Return what a notebook stores: the figure as plain numbers, and words for everyone."""
        text = "\n".join(filter(None, (self.title, self.subtitle, self.alt, self.source)))
        return {PLOTLY_MIME: {**self.spec(), "config": self.config}, "text/plain": text}

    def __repr__(self) -> str:
        return f"<Chart {self.id}: {self.title}>"

    def to_csv(self) -> str:
        """Return the figures drawn as CSV, one row a line and period."""
        stream = io.StringIO()
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(CSV_COLUMNS)
        for drawn in self.table:
            writer.writerows(_csv_row(drawn, reading) for reading in drawn.line.readings)
        return stream.getvalue()

    def metadata(self) -> dict[str, Any]:
        """Return everything but the figures, ready for JSON."""
        return {
            "id": self.id,
            "kind": self.kind,
            "title": self.title,
            "subtitle": self.subtitle,
            "alt": self.alt,
            "language": "en-GB",
            "unit": self.unit,
            "axis_from_zero": self.from_zero,
            "source": self.source,
            "citation": self.citation,
            "status": NOT_OFFICIAL,
            "notes": [_note(n) for n in self.notes],
            "series": list(self.series),
            "sources": list(self.sources),
            "columns": list(CSV_COLUMNS),
            "lines": [drawn.line.label for drawn in self.table],
            "drawn": [drawn.line.label for drawn in self.lines],
            "periods": self.periods,
            "sendstats": version(),
            "input_sha256": self.digest,
        }


def _note(note: ChartNote) -> dict[str, Any]:
    """Return a note; one that tells several of them with each of these in full."""
    said = {"number": note.number, "id": note.id, "kind": note.kind, "text": note.text}
    every = [{"id": n.id, "text": n.text} for n in note.told]
    return {**said, "period": note.period, "all": every if len(every) > 1 else []}


def _csv_row(drawn: Drawn, reading: Reading) -> tuple[str, ...]:
    def text(value: object) -> str:
        return "" if value is None else str(value)

    return (
        drawn.line.label,
        drawn.line.place,
        reading.period,
        say_period(reading.period),
        text(reading.rounded),
        reading.unit,
        text(reading.numerator),
        text(reading.denominator),
        reading.reason,
        ";".join(reading.flags),
        # a rate that is not drawn for its small base is not printed beside it either
        "" if reading.reason == "small_base" else reading.published,
        reading.release,
    )
