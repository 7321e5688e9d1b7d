"""Breaks and caveats, and which figures each of them touches."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

from sendstats.catalogue.load import document, record


@dataclass(frozen=True)
class CatalogueNote:
    """One break or caveat.

    Attributes
    ----------
    id, text, source : str
    kind : {"break", "caveat"}
    series : tuple of str
        Ids, or prefixes that end in ``*``.
    periods, places, placements, topics, items : tuple of str
        Those touched; empty means all. Placements may be patterns, such as ``*.sen_unit``.
    stock, flow : str
        For a break, the first period after it.
    label : str
        Two or three words for a chart.
    """

    id: str
    kind: str
    series: tuple[str, ...]
    text: str
    source: str
    periods: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    placements: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    items: tuple[str, ...] = ()
    stock: str = ""
    flow: str = ""
    label: str = ""

    def concerns(self, series_id: str) -> bool:
        """Whether the note is about this series at all."""
        return any(
            series_id.startswith(s.removesuffix("*")) if s.endswith("*") else series_id == s
            for s in self.series
        )

    def first(self, kind: str) -> str:
        """Return the first period after a break, for a stock or a flow."""
        return self.stock if kind == "stock" else self.flow


@cache
def notes() -> tuple[CatalogueNote, ...]:
    """Return every break and caveat, breaks first."""
    book = document("notes.toml")

    def read(entry: dict[str, Any], kind: str) -> CatalogueNote:
        return record(CatalogueNote, {**entry, "kind": kind}, "notes.toml")

    return tuple(read(e, kind) for kind in ("break", "caveat") for e in book[kind])
