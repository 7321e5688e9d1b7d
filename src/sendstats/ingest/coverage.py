"""Which cells of the raw files are harmonised, and why the others are not: they add up to all."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import polars as pl

from sendstats.catalogue.shapes import Cross
from sendstats.catalogue.tables import Layout, Table, readers
from sendstats.ingest import cross, text
from sendstats.ingest.checks import IDENTITY
from sendstats.receipts import Receipt, receipts

IDENTIFICATION, LABELS, HARMONISED = "identification", "labels", "harmonised"
#: Headings that are not a reason for leaving a cell out.
USED = (IDENTIFICATION, LABELS, HARMONISED)
BLANK = "blank as published"
NOT_IN_EXTRACT = "not in this extract"
NAMELESS = "column without a name and without a figure"
NO_TABLE = "no table reads this file"
NO_ROW = "no table takes this row"
NO_COLUMN = "no table takes this column"

Readers = Sequence[tuple[Table, Layout]]


@dataclass(frozen=True)
class FileCoverage:
    """Where the cells of one raw file went.

    Attributes
    ----------
    publication, release, file : str
    extract : bool
    tables : tuple of str
        Ids of the tables that read it.
    rows, columns : int
        Data rows and columns, as published.
    cells : dict of str to int
        Heading or reason to the number of cells: `USED`, then reasons for leaving a cell out.
    """

    publication: str
    release: str
    file: str
    extract: bool
    tables: tuple[str, ...]
    rows: int
    columns: int
    cells: dict[str, int]

    @property
    def all_cells(self) -> int:
        """Rows times columns."""
        return self.rows * self.columns

    @property
    def left_out(self) -> dict[str, int]:
        """Cells that are not used, by reason."""
        return {reason: n for reason, n in self.cells.items() if reason not in USED}


def account(raw: Path) -> Iterator[FileCoverage]:
    """Yield where the cells of every raw CSV went, in order of publication, release and file.

    A cell counts once however many tables take its column. A symbol is a harmonised cell: it
    says why there is no number.

    Raises
    ------
    FaultyFile
        If a file cannot be read as a table at all.
    """
    for receipt in receipts(raw):
        if receipt.file.lower().endswith(".csv"):
            yield _file(raw, receipt)


def _file(raw: Path, receipt: Receipt) -> FileCoverage:
    frame = text.read(receipt.path(raw))
    read = readers(receipt.publication, receipt.release, receipt.file)
    crossed = next((layout.cross for _, layout in read if layout.cross), None)
    if crossed:
        counted = _crossed(receipt.path(raw), frame, crossed)
    else:
        counted = _plain(frame, read, NOT_IN_EXTRACT if receipt.extract else BLANK)
    return FileCoverage(
        receipt.publication,
        receipt.release,
        receipt.file,
        receipt.extract,
        tuple(table.id for table, _ in read),
        frame.height,
        frame.width,
        {heading: counted[heading] for heading in _ordered(counted)},
    )


def _ordered(counted: Counter[str]) -> list[str]:
    return [h for h in USED if counted[h]] + sorted(h for h in counted if h not in USED)


def _plain(frame: pl.DataFrame, read: Readers, blank: str) -> Counter[str]:
    """Count the cells of a file with one row a key."""
    counted: Counter[str] = Counter()
    labels = {c for _, layout in read for c in layout.filters}
    for column in frame.columns:
        if column in IDENTITY or column in labels:
            counted[IDENTIFICATION if column in IDENTITY else LABELS] += frame.height
        else:
            counted.update(_column(frame, column, read, blank))
    return counted


def _column(frame: pl.DataFrame, column: str, read: Readers, blank: str) -> Counter[str]:
    """Count the cells of one column that may hold figures."""
    takers = [layout for _, layout in read if column in layout.columns.values()]
    if not takers:
        return Counter({_reason(frame, column, read): frame.height})
    taken = pl.any_horizontal(*(_rows(layout) for layout in takers))
    filled = pl.col(column).str.strip_chars().fill_null("") != ""
    used, empty = frame.select((taken & filled).sum(), (taken & ~filled).sum().alias("empty")).row(
        0
    )
    counted = Counter({HARMONISED: used, blank: empty})
    for unused in {u for layout in takers for u in layout.unused_rows}:
        counted[unused.reason] += frame.filter(pl.col(unused.column).is_in(unused.values)).height
    counted[NO_ROW] = frame.height - counted.total()
    return +counted


def _rows(layout: Layout) -> pl.Expr:
    """Return which rows of its file a layout takes."""
    kept = [pl.col(c) == v for c, v in layout.keep.items()]
    kept += [~pl.col(u.column).is_in(list(u.values)) for u in layout.unused_rows]
    return pl.all_horizontal(pl.lit(value=True), *kept)


def _reason(frame: pl.DataFrame, column: str, read: Readers) -> str:
    """Return why no table takes a column."""
    if not read:
        return NO_TABLE
    said = {c: why for _, layout in read for why, cs in layout.unused.items() for c in cs}
    nameless = column.startswith("(unnamed)") and not (frame[column].str.strip_chars() != "").any()
    return said.get(column, NAMELESS if nameless else NO_COLUMN)


def _crossed(path: Path, frame: pl.DataFrame, layout: Cross) -> Counter[str]:
    """Count the cells of a table made to be read by people."""
    counted = Counter(cross.places_of_cells(frame, layout))
    tidy, _ = cross.read(path, layout)
    harmonised = sum(tidy.drop("row", *IDENTITY).select((pl.all() != "").sum()).row(0))
    counted[HARMONISED] = harmonised
    counted[cross.FIGURES] -= harmonised
    return +counted


@dataclass(frozen=True)
class Coverage:
    """Where the cells of all raw files went."""

    files: tuple[FileCoverage, ...]

    @property
    def cells(self) -> dict[str, int]:
        """Heading or reason to the number of cells of all files."""
        return _total(f.cells for f in self.files)

    def to_json(self) -> str:
        """Return the files with their headings, and the totals, as JSON."""
        files = [asdict(f) | {"all_cells": f.all_cells} for f in self.files]
        whole = {"all_cells": sum(f.all_cells for f in self.files), "cells": self.cells}
        return json.dumps({"files": files, "total": whole}, ensure_ascii=False, indent=1)

    def __str__(self) -> str:
        whole = str(sum(f.all_cells for f in self.files))
        table = [
            ["release", "file", "cells", *USED, "not used"],
            *([f.release, f.file, str(f.all_cells), *_line(f.cells)] for f in self.files),
            ["", "all files", whole, *_line(self.cells)],
        ]
        reasons = [[str(n), why] for why, n in self.cells.items() if why not in USED]
        lines = [*table, [""], ["not used, by reason"], *reasons]
        return "\n".join("\t".join(line) for line in lines)


def report(raw: Path) -> Coverage:
    """Return where the cells of every raw CSV went; see `account`."""
    return Coverage(tuple(account(raw)))


def _total(counted: Iterable[dict[str, int]]) -> dict[str, int]:
    whole: Counter[str] = Counter()
    for cells in counted:
        whole.update(cells)
    return {heading: whole[heading] for heading in _ordered(whole)}


def _line(cells: dict[str, int]) -> list[str]:
    used = [cells.get(heading, 0) for heading in USED]
    return [str(n) for n in (*used, sum(cells.values()) - sum(used))]
