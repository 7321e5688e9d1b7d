"""From published labels to our topic and item."""

from __future__ import annotations

from sendstats.catalogue.labels import TIMES, TOTAL, spellings, topic
from sendstats.catalogue.shapes import JOINED
from sendstats.catalogue.tables import Layout

#: Our topic and item; None for the one that a label has no meaning for.
Meaning = tuple[str | None, str | None]


def meaning(layout: Layout, labels: dict[str, str | None]) -> Meaning:
    """Return topic and item of one combination of labels."""
    return _of_breakdown(layout, labels) if layout.topics else _of_dimensions(layout, labels)


def _of_breakdown(layout: Layout, labels: dict[str, str | None]) -> Meaning:
    printed, label = labels["breakdown_topic"] or "", labels["breakdown"] or ""
    found = layout.topics.get(printed)
    if found is None:
        return None, None
    if found == TOTAL:
        return TOTAL, TOTAL if label == printed else None
    return found, spellings(topic(found).labels).get(label)


def _of_dimensions(layout: Layout, labels: dict[str, str | None]) -> Meaning:
    """Join the topics and items of the filters that divide the row."""
    parts: list[tuple[str, str]] = []
    for dimension in layout.dimensions:
        label = JOINED.join(labels[c] or "" for c in dimension.columns)
        item = spellings(dimension.group).get(label)
        if item is None:
            return TOTAL, None
        if item != TOTAL:
            parts.append((dimension.topic, item))
    if not parts:
        return TOTAL, TOTAL
    return TIMES.join(t for t, _ in parts), TIMES.join(i for _, i in parts)


def known(layout: Layout) -> list[str]:
    """Return every label, or joined labels, that some row of the layout may carry."""
    if layout.topics:
        held = [(p, t) for p, t in layout.topics.items()]
        return [
            f"{printed}{JOINED}{label}"
            for printed, found in held
            for label in ([printed] if found == TOTAL else spellings(topic(found).labels))
        ]
    return [label for d in layout.dimensions for label in spellings(d.group)]
