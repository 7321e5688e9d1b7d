"""Which cells make up what is asked, period by period."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from sendstats.catalogue.labels import TOTAL
from sendstats.catalogue.series import Instead, Placement, placement
from sendstats.catalogue.tables import Layout


@dataclass(frozen=True)
class Piece:
    """One leaf of one group in some periods.

    Attributes
    ----------
    group : str
        What the leaf is added to: a placement, an item, or ``"total"``.
    leaf : str
        Column of a wide layout, label of a long one.
    after, until : str
        Periods it counts in: later than `after`, up to and including `until`.
    told : bool
        Whether the leaves make up the group; where not, they are shown and the group is null.
    """

    group: str
    leaf: str
    after: str = ""
    until: str = ""
    told: bool = True


def fixed(leaves: Iterable[str]) -> tuple[Piece, ...]:
    """Return the pieces of a total that is the same sum in every period."""
    return tuple(Piece(TOTAL, leaf) for leaf in leaves)


def based(layout: Layout, name: str) -> tuple[Piece, ...]:
    """Return the pieces of what shares divide by, which may change with the period."""
    return tuple(
        Piece(TOTAL, leaf, base.after, base.until)
        for base in layout.bases
        if base.of == name
        for leaf in base.leaves
    )


def placed(ids: Iterable[str], table: str, layout: Layout) -> tuple[Piece, ...]:
    """Return the pieces of placements in one layout of one table."""
    return tuple(piece for i in ids for piece in _placed(placement(i), table, layout))


def _placed(of: Placement, table: str, layout: Layout) -> Iterator[Piece]:
    other = [
        i for i in of.instead if i.table == table and (not i.layouts or layout.id in i.layouts)
    ]
    for instead in other:
        for leaf in instead.leaves or of.leaves:
            yield Piece(of.id, leaf, instead.after, instead.until, told=bool(instead.leaves))
    for after, until in _rest(other):
        for leaf in of.leaves:
            yield Piece(of.id, leaf, after, until)


def _rest(taken: Iterable[Instead]) -> Iterator[tuple[str, str]]:
    """Yield the spans of periods that none of `taken` covers."""
    start = ""
    for span in sorted(taken, key=lambda i: i.after):
        if span.after > start:
            yield start, span.after
        if not span.until:
            return
        start = span.until
    yield start, ""


def divided(items: Mapping[str, Iterable[str]]) -> tuple[Piece, ...]:
    """Return the pieces of a measure that columns divide: item to its columns."""
    return tuple(Piece(item, column) for item, columns in items.items() for column in columns)
