"""Name the rows in which two versions of a CSV differ, whatever their length.

No meaning of a column is known here. Published files put the columns that identify a row first
and the figures after them: the key is the shortest run of leading columns that tells every row of
both versions apart. Rows are dealt into buckets on disk by the hash of their key, and one pair of
buckets is compared at a time, so that memory does not grow with the files.
"""

from __future__ import annotations

import csv
from array import array
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from heapq import nsmallest
from itertools import islice
from pathlib import Path

from sendstats.errors import printable

Row = tuple[str, ...]
_Keyed = dict[int | tuple[int, int], tuple[int, int]]
#: Bytes of a file for each bucket, rows looked at for a first guess of the key, rows kept by name.
BUCKET, SAMPLE, KEPT = 2 << 20, 5_000, 1_000
#: Numbers that wait in memory before a bucket is written, in all.
_WAITING = 1 << 20


@dataclass(frozen=True)
class ChangedRow:
    """One row that differs.

    Attributes
    ----------
    key : tuple of str
        What identifies the row; the whole row where nothing shorter does.
    cells : tuple of (str, str, str)
        Column, old text and new text of every cell that changed; empty for a row that came or went.
    """

    key: Row
    cells: tuple[tuple[str, str, str], ...] = ()

    def words(self, most: int = 3) -> str:
        """Return key and cells on one line."""
        told = [f"{name} {old or 'blank'} -> {new or 'blank'}" for name, old, new in self.cells]
        if len(told) > most:
            told = [*told[:most], f"{len(told) - most:,} more columns"]
        key = ", ".join(filter(None, self.key))
        return printable(f"{key}: {'; '.join(told)}" if told else key)


@dataclass(frozen=True)
class RowChanges:
    """Rows that differ between two versions of a file, in the order of the file.

    Attributes
    ----------
    key : tuple of str
        Names of the key columns; every column where no leading ones identify a row.
    changed, added, removed : tuple of ChangedRow
        The first of the rows concerned.
    counts : tuple of int
        How many rows changed, came and went in all.
    columns : tuple of str
        Columns that one of the two versions lacks.
    """

    key: tuple[str, ...]
    changed: tuple[ChangedRow, ...] = ()
    added: tuple[ChangedRow, ...] = ()
    removed: tuple[ChangedRow, ...] = ()
    counts: tuple[int, int, int] = (0, 0, 0)
    columns: tuple[str, ...] = ()

    def lines(self, most: int = 10) -> list[str]:
        """Return the differences in words, at most `most` rows of each sort."""
        told = [printable(f"columns that only one version has: {', '.join(self.columns)}")]
        lines = told if self.columns else []
        words = ("changed", "added", "removed")
        for word, rows, count in zip(
            words, (self.changed, self.added, self.removed), self.counts, strict=True
        ):
            lines += [f"row {word}: {row.words()}" for row in rows[:most]]
            if count > most:
                lines.append(f"and {count - most:,} more rows {word}")
        return lines or ["every row is the same; their order, quotes or line ends changed"]


def row_changes(old: Path, new: Path, scratch: Path) -> RowChanges:
    """Return the rows in which two CSV files differ.

    Parameters
    ----------
    scratch : Path
        An empty folder for the buckets; what is written is about 24 bytes a row and version.

    Raises
    ------
    csv.Error
        If a cell is longer than a cell may be.
    """
    names, odd = _columns(old, new)
    files = [_Table(old, names), _Table(new, names)]
    samples = [dict(enumerate(islice(table, SAMPLE))) for table in files]
    width = _separating(samples, 1, len(names))
    while True:
        found = _Comparison(files, width, scratch)
        if width == len(names) or not found.twice:
            return found.named(names, odd)
        # Rows with one key between them join the sample, so that the next key tells them apart.
        for sample, table, doubles in zip(samples, files, found.twice_rows, strict=True):
            sample.update(zip(doubles, table.rows(doubles), strict=True))
        width = _separating(samples, width + 1, len(names))


def _columns(old: Path, new: Path) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the columns to compare, and those that only one version has."""
    before, after = ([*next(_records(path), ())] for path in (old, new))
    odd = tuple(n for n in (*before, *after) if (n in before) != (n in after))
    if before == after:
        return tuple(before), odd
    return tuple(name for name in dict.fromkeys(before) if name in after), odd


def _records(path: Path) -> Iterator[Row]:
    with path.open(encoding="utf-8-sig", errors="replace", newline="") as stream:
        yield from (tuple(row) for row in csv.reader(stream) if row)


def _separating(samples: Sequence[dict[int, Row]], least: int, columns: int) -> int:
    """Return how many leading columns, at least `least`, tell the rows of each sample apart."""

    def unique(width: int) -> bool:
        return all(len({row[:width] for row in s.values()}) == len(s) for s in samples)

    return next((width for width in range(least, columns) if unique(width)), columns)


class _Table:
    """The data rows of a file, in some of its columns; read anew each time."""

    def __init__(self, path: Path, names: tuple[str, ...]) -> None:
        self.path = path
        header = next(_records(path), ())
        same = header == names
        self._places = None if same else [header.index(name) for name in names]

    def __iter__(self) -> Iterator[Row]:
        rows = islice(_records(self.path), 1, None)
        if self._places is None:
            return rows
        places = self._places
        return (tuple(row[place] for place in places if place < len(row)) for row in rows)

    def rows(self, wanted: Iterable[int]) -> list[Row]:
        """Return the rows with these numbers, in the order asked for; the file is read once."""
        order = list(wanted)
        last = max(order, default=-1)
        numbers = set(order)
        found = {n: row for n, row in enumerate(islice(self, last + 1)) if n in numbers}
        return [found[n] for n in order]


class _Buckets:
    """Hash of key, hash of row and number of every row of a table, dealt out by the first."""

    def __init__(self, table: _Table, width: int, folder: Path, count: int) -> None:
        self._folder = folder
        self._waiting = [array("q") for _ in range(count)]
        for number, row in enumerate(table):
            key = hash(row[:width])
            waiting = self._waiting[key % count]
            waiting.extend((key, hash(row), number))
            if len(waiting) > _WAITING // count:
                self._write(key % count)

    def _write(self, bucket: int) -> None:
        with (self._folder / str(bucket)).open("ab") as stream:
            self._waiting[bucket].tofile(stream)
        self._waiting[bucket] = array("q")

    def take(self, bucket: int) -> Iterator[tuple[int, int, int]]:
        """Yield what is in one bucket, in the order of the rows, and remove it."""
        self._write(bucket)
        path = self._folder / str(bucket)
        held = array("q", path.read_bytes())
        path.unlink()
        return zip(held[::3], held[1::3], held[2::3], strict=True)


class _Comparison:
    """The differences for one width of the key.

    Attributes
    ----------
    twice : int
        Rows whose key another row of the same version has.
    twice_rows : list of list of int
        Numbers of some of them and of those others, by version.
    """

    def __init__(self, files: Sequence[_Table], width: int, scratch: Path) -> None:
        self._files = files
        self._width = width
        self.twice = 0
        self.twice_rows: list[list[int]] = [[], []]
        self._changed: list[tuple[int, int]] = []
        self._added: list[int] = []
        self._removed: list[int] = []
        self._counts = Counter[str]()
        size = max(table.path.stat().st_size for table in files)
        count = 1 + size // BUCKET
        folders = [scratch / name for name in ("old", "new")]
        for folder in folders:
            folder.mkdir(exist_ok=True)
        dealt = [_Buckets(t, width, f, count) for t, f in zip(files, folders, strict=True)]
        for bucket in range(count):
            self._compare(*(self._by_key(n, d.take(bucket)) for n, d in enumerate(dealt)))

    def _by_key(self, version: int, rows: Iterable[tuple[int, int, int]]) -> _Keyed:
        """Return hash and number of each row by its key; a key that came before is counted."""
        found: _Keyed = {}
        repeats = Counter[int]()
        for key, row, number in rows:
            again = key in found
            if again:
                repeats[key] += 1
                self.twice += 1
                if len(self.twice_rows[version]) < KEPT:
                    self.twice_rows[version] += [found[key][1], number]
            found[(key, repeats[key]) if again else key] = (row, number)
        return found

    def _compare(self, old: _Keyed, new: _Keyed) -> None:
        both = old.keys() & new.keys()
        changed = [(new[key][1], old[key][1]) for key in both if old[key][0] != new[key][0]]
        added = [new[key][1] for key in new.keys() - both]
        removed = [old[key][1] for key in old.keys() - both]
        self._counts.update(changed=len(changed), added=len(added), removed=len(removed))
        # Only the first rows of the file are kept by number: a file may change in every row.
        self._changed = nsmallest(KEPT, [*self._changed, *changed])
        self._added = nsmallest(KEPT, [*self._added, *added])
        self._removed = nsmallest(KEPT, [*self._removed, *removed])

    def named(self, names: tuple[str, ...], odd: tuple[str, ...]) -> RowChanges:
        """Return the differences with keys and cells in words; both files are read once more."""
        old, new = self._files
        before = old.rows([*(was for _, was in self._changed), *self._removed])
        after = new.rows([*(now for now, _ in self._changed), *self._added])
        both = len(self._changed)
        return RowChanges(
            names[: self._width],
            tuple(
                self._row(names, one, two)
                for one, two in zip(before[:both], after[:both], strict=True)
            ),
            tuple(ChangedRow(row[: self._width]) for row in after[both:]),
            tuple(ChangedRow(row[: self._width]) for row in before[both:]),
            (self._counts["changed"], self._counts["added"], self._counts["removed"]),
            odd,
        )

    def _row(self, names: tuple[str, ...], before: Row, after: Row) -> ChangedRow:
        width = max(len(before), len(after), len(names))
        padded = [(*row, *[""] * (width - len(row))) for row in (before, after)]
        titles = (*names, *[f"column {n + 1}" for n in range(len(names), width)])
        cells = zip(titles, *padded, strict=True)
        return ChangedRow(after[: self._width], tuple(c for c in cells if c[1] != c[2]))
