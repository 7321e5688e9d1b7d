"""The publisher's footnotes on one figure."""

from __future__ import annotations

import re
from collections.abc import Iterator

from sendstats.catalogue.footnotes import Footnote, footnotes_for
from sendstats.catalogue.labels import TIMES, TOTAL
from sendstats.catalogue.tables import Layout, table
from sendstats.series.model import Observation


def footnotes_of(observation: Observation) -> tuple[Footnote, ...]:
    """Return the footnotes that touch the cells of a figure, in catalogue order.

    Those that a break or caveat of the catalogue says are among the figure's flags instead.
    """
    o = observation
    found = {
        note: None
        for table_id, layout in layouts_of(o)
        for column in _columns(o, layout)
        for topic in o.topic.split(TIMES)
        for note in footnotes_for(table_id, column, o.period, o.place, topic=topic)
        if not note.notes
    }
    return tuple(found)


def layouts_of(o: Observation) -> Iterator[tuple[str, Layout]]:
    """Yield the tables that the series reads from the figure's file, with its layout there."""
    for table_id in dict.fromkeys(cells.table for cells in o.definition.cells):
        for layout in table(table_id).layouts:
            if o.release in layout.releases and layout.file == o.file:
                yield table_id, layout


def _columns(o: Observation, layout: Layout) -> list[str]:
    """Return our columns that the figure was read from; its placement where placements are rows."""
    if layout.long:
        return [o.placement]
    read = {name.strip() for name in re.split(r" ÷ | \+ |computed: |[()]", o.column)}
    named = [ours for ours, printed in layout.columns.items() if printed in read]
    return named or ["" if o.placement == TOTAL else o.placement]
