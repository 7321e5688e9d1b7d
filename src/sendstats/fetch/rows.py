"""Name the rows in which two versions of a CSV differ, without knowing what a column means.

Published files put the columns that identify a row first and the figures after them. The key is
the shortest run of leading columns that tells every row of both versions apart.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

Row = tuple[str, ...]
#: Files longer than this are compared by length and rows only, to bound memory.
LARGEST = 64_000_000


@dataclass(frozen=True)
class RowChanges:
    """Rows that differ between two versions of a file.

    Attributes
    ----------
    key : tuple of str
        Names of the key columns; empty where no leading columns identify a row.
    added, removed, changed : tuple of tuple of str
        Keys of the rows concerned (whole rows where there is no key), sorted.
    columns : tuple of str
        Columns that one of the two versions lacks.
    """

    key: tuple[str, ...]
    added: tuple[Row, ...] = ()
    removed: tuple[Row, ...] = ()
    changed: tuple[Row, ...] = ()
    columns: tuple[str, ...] = ()

    def lines(self, most: int = 10) -> list[str]:
        """Return the differences in words, at most `most` rows of each sort."""
        told = [f"columns that only one version has: {', '.join(self.columns)}"]
        lines = told if self.columns else []
        for word in ("changed", "added", "removed"):
            rows: tuple[Row, ...] = getattr(self, word)
            lines += [f"row {word}: {', '.join(filter(None, row))}" for row in rows[:most]]
            if len(rows) > most:
                lines.append(f"and {len(rows) - most:,} more rows {word}")
        return lines


def row_changes(old: Path, new: Path) -> RowChanges | None:
    """Return the rows in which two CSV files differ; None where they are too long to hold."""
    if max(old.stat().st_size, new.stat().st_size) > LARGEST:
        return None
    (before_names, before), (after_names, after) = _read(old), _read(new)
    odd = tuple(
        n for n in (*before_names, *after_names) if (n in before_names) != (n in after_names)
    )
    if odd or before_names != after_names:
        shared = [n for n in dict.fromkeys(before_names) if n in after_names]
        before = _project(before, before_names, shared)
        after = _project(after, after_names, shared)
        before_names = after_names = tuple(shared)
    width = _key_width(before, after, len(before_names))
    one, two = ({row[:width]: row for row in rows} for rows in (before, after))
    return RowChanges(
        key=before_names[:width],
        added=tuple(sorted(two.keys() - one.keys())),
        removed=tuple(sorted(one.keys() - two.keys())),
        changed=tuple(sorted(k for k in one.keys() & two.keys() if one[k] != two[k])),
        columns=odd,
    )


def _read(path: Path) -> tuple[tuple[str, ...], list[Row]]:
    with path.open(encoding="utf-8-sig", errors="replace", newline="") as stream:
        reader = csv.reader(stream)
        names = tuple(next(reader, []))
        return names, [tuple(row) for row in reader if row]


def _project(rows: list[Row], names: tuple[str, ...], shared: list[str]) -> list[Row]:
    places = [names.index(name) for name in shared]
    return [tuple(row[place] for place in places if place < len(row)) for row in rows]


def _key_width(before: list[Row], after: list[Row], columns: int) -> int:
    """Return how many leading columns tell the rows of both versions apart."""

    def unique(width: int) -> bool:
        return all(len({row[:width] for row in rows}) == len(rows) for rows in (before, after))

    return next((width for width in range(1, columns) if unique(width)), columns)
