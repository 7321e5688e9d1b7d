"""Which cells of the raw files are harmonised, and why the others are not: they add up to all."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import polars as pl

from sendstats.catalogue.shapes import NUMBER, Cross
from sendstats.catalogue.tables import Layout, Table, readers, tables
from sendstats.catalogue.unread import Unread, headings, unread
from sendstats.errors import DataProblem, SendstatsError
from sendstats.ingest import cross, text
from sendstats.ingest.checks import IDENTITY
from sendstats.ingest.reading import takes
from sendstats.receipts import Receipt, receipts
from sendstats.receipts import unread as unreadable

Readers = Sequence[tuple[Table, Layout]]
Counts = dict[str, pl.Expr]


@dataclass(frozen=True)
class FileCoverage:
    """Where the cells of one raw file went.

    Attributes
    ----------
    publication, release, file : str
    extract : bool
    tables : tuple of str
        Ids of the tables that read it.
    proven : bool
        False where the layout of a table that reads it was known from guidance or an extract.
    rows, columns : int
        Data rows and columns, as published.
    cells : dict of str to int
        Heading or reason to the number of cells: those that are used, then reasons for leaving a
        cell out.
    """

    publication: str
    release: str
    file: str
    extract: bool
    tables: tuple[str, ...]
    proven: bool
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
        return {reason: n for reason, n in self.cells.items() if reason not in headings().used}


def account(receipt: Receipt, raw: Path) -> FileCoverage:
    """Return where the cells of one raw CSV went, in memory that does not grow with it.

    A cell counts once however many tables take its column. A symbol is a harmonised cell: it
    says why there is no number.

    Raises
    ------
    FaultyFile
        If it cannot be read as a table at all.
    """
    path = receipt.path(raw)
    read = readers(receipt.publication, receipt.release, receipt.file)
    crossed = next((layout.cross for _, layout in read if layout.cross), None)
    says, header = headings(), text.header(path)
    if crossed:
        rows, counted = _crossed(path, crossed)
    else:
        blank = says.not_in_extract if receipt.extract else says.blank
        rows, counted = _plain(path, read, blank, _no_table(receipt))
    return FileCoverage(
        receipt.publication,
        receipt.release,
        receipt.file,
        receipt.extract,
        tuple(table.id for table, _ in read),
        all(layout.proven for _, layout in read),
        rows,
        len(header),
        {heading: counted[heading] for heading in _ordered(counted)},
    )


def _no_table(receipt: Receipt) -> str:
    """Return why no table reads a file, as far as it is listed."""
    for file in unread():
        if (file.publication, file.name) == (receipt.publication, receipt.file):
            return file.why
    return headings().no_table


def _ordered(counted: Counter[str]) -> list[str]:
    used = headings().used
    return [h for h in used if counted[h]] + sorted(h for h in counted if h not in used)


def _plain(path: Path, read: Readers, blank: str, no_table: str) -> tuple[int, Counter[str]]:
    """Return the rows of a file with one row a key, and its cells; one pass over the file."""
    says, columns = headings(), text.header(path)
    labels = {c for _, layout in read for c in layout.filters}
    figures = [c for c in columns if c not in IDENTITY and c not in labels]
    asked = {c: _counts(c, read, blank) for c in figures}
    picked = [e.alias(f"{c}\n{why}") for c, found in asked.items() for why, e in found.items()]
    height, last = pl.len().alias("(rows)"), pl.col(columns[-1]).has_nulls().alias("(last)")
    every = (
        pl.all().count().name.prefix("(held) ")
    )  # a row of another length shows when all is read
    with text.regular(path):
        found = text.scan(path).select(height, last, every, *picked).collect(engine="streaming")
    told = found.row(0, named=True)
    rows = told["(rows)"]
    text.check_rows(path, rows=rows, last_is_blank=told["(last)"])
    counted: Counter[str] = Counter()
    for column in columns:
        if column in asked:
            of = Counter({why: told[f"{column}\n{why}"] for why in asked[column]})
            counted.update(_column(column, of, rows, read, no_table))
        else:
            counted[says.identification if column in IDENTITY else says.labels] += rows
    return rows, +counted


def _takers(column: str, read: Readers) -> list[Layout]:
    return [layout for _, layout in read if column in layout.columns.values()]


def _counts(column: str, read: Readers, blank: str) -> Counts:
    """Return what to count of one column that may hold figures, by heading or reason."""
    says, takers = headings(), _takers(column, read)
    filled = pl.col(column).str.strip_chars().fill_null("") != ""
    if not takers:
        return {says.nameless: filled.sum()} if column.startswith("(unnamed)") else {}
    taken = pl.any_horizontal(*(takes(layout) for layout in takers))
    asked = {says.harmonised: (taken & filled).sum(), blank: (taken & ~filled).sum()}
    for unused in {u for layout in takers for u in layout.unused_rows}:
        of = pl.col(unused.column).is_in(list(unused.values)).sum()
        asked[unused.reason] = asked[unused.reason] + of if unused.reason in asked else of
    return asked


def _column(column: str, of: Counter[str], rows: int, read: Readers, no_table: str) -> Counter[str]:
    """Return where the cells of one column went, given what was counted of it."""
    says = headings()
    if not read:
        return Counter({no_table: rows})
    if _takers(column, read):
        of[says.no_row] = rows - of.total()
        return of
    said = {c: why for _, layout in read for why, cs in layout.unused.items() for c in cs}
    nameless = says.nameless in of and not of[says.nameless]
    return Counter({said.get(column, says.nameless if nameless else says.no_column): rows})


def _crossed(path: Path, layout: Cross) -> tuple[int, Counter[str]]:
    """Return the rows of a table made to be read by people, and its cells."""
    frame, says = text.read(path), headings()
    counted = Counter(cross.places_of_cells(frame, layout))
    tidy, _ = cross.read(path, layout)
    harmonised = sum(tidy.drop("row", NUMBER, *IDENTITY).select((pl.all() != "").sum()).row(0))
    counted[says.harmonised] = harmonised
    counted[says.not_in_force] -= harmonised
    return frame.height, +counted


@dataclass(frozen=True)
class Coverage:
    """Where the cells of all raw files went.

    Attributes
    ----------
    files : tuple of FileCoverage
        In order of publication, release and file.
    faulty : dict of (str, str) to SendstatsError
        Release and file that could not be read, to why; the others are counted.
    unread : tuple of Unread
        Files that no figure is taken from, of the releases in which they are not among `files`.
    """

    files: tuple[FileCoverage, ...]
    faulty: dict[tuple[str, str], SendstatsError]
    unread: tuple[Unread, ...]

    @property
    def cells(self) -> dict[str, int]:
        """Heading or reason to the number of cells of all files."""
        return _total(f.cells for f in self.files)

    def to_json(self) -> str:
        """Return the files with their headings, and the totals, as JSON."""
        whole = {"all_cells": sum(f.all_cells for f in self.files), "cells": self.cells}
        faulty = [
            {"release": release, "file": file, "found": str(why)}
            for (release, file), why in self.faulty.items()
        ]
        told = {
            "files": [asdict(f) | {"all_cells": f.all_cells} for f in self.files],
            "total": whole,
            "not_read": faulty,
            "known_files": [asdict(f) for f in self.unread],
            "assumed_names": _assumed(),
        }
        return json.dumps(told, ensure_ascii=False, indent=1)

    def __str__(self) -> str:
        used, whole = headings().used, str(sum(f.all_cells for f in self.files))
        lines = [
            ["release", "file", "layout", "cells", *used, "not used"],
            *(
                [f.release, f.file, _proof(f), str(f.all_cells), *_line(f.cells)]
                for f in self.files
            ),
            *([*key, f"not read: {_first(why)}"] for key, why in self.faulty.items()),
            ["", "all files", "", whole, *_line(self.cells)],
            [""],
            ["not used, by reason"],
            *([str(n), why] for why, n in self.cells.items() if why not in used),
            [""],
            ["known files that no figure is taken from, and why"],
            *([", ".join(f.releases), _called(f), f.why] for f in self.unread),
            [""],
            ["layouts whose file name is assumed"],
            *([*one.values()] for one in _assumed()),
        ]
        return "\n".join("\t".join(line) for line in lines)

    def check(self) -> None:
        """Raise DataProblem if a file could not be read."""
        if self.faulty:
            raise DataProblem(
                f"{len(self.faulty)} raw files could not be read, and their cells are not counted",
                where=", ".join("/".join(key) for key in self.faulty),
                found="; ".join(_first(why) for why in self.faulty.values()),
                untouched="the raw files; the others were counted",
                todo="sendstats status says what is damaged; fetch or import it again",
            )


def report(raw: Path) -> Coverage:
    """Return where the cells of every raw CSV went, file by file: see `account`.

    A file that cannot be read is named, and the others go on.
    """
    files: list[FileCoverage] = []
    faulty: dict[tuple[str, str], SendstatsError] = {}
    for refusal in unreadable(raw):
        release, file = refusal.file.split("/", 1)
        faulty[release, file] = refusal
    for receipt in receipts(raw):
        if receipt.file.lower().endswith(".csv"):
            try:
                files.append(account(receipt, raw))
            except SendstatsError as error:
                faulty[receipt.release, receipt.file] = error
    return Coverage(tuple(files), faulty, tuple(_missing(files)))


def _missing(files: Iterable[FileCoverage]) -> Iterator[Unread]:
    """Yield the files that are listed as unread, for the releases that are not here."""
    here = {(f.publication, f.release, f.file) for f in files}
    for file in unread():
        absent = [r for r in file.releases if (file.publication, r, file.name) not in here]
        if absent:
            yield replace(file, releases=tuple(absent))


def _assumed() -> list[dict[str, str]]:
    """Return the layouts that no page names the file of."""
    return [
        {
            "releases": ", ".join(layout.releases),
            "file": layout.file,
            "layout": f"{table.id} {layout.id}",
        }
        for table in tables().values()
        for layout in table.layouts
        if not layout.named
    ]


def _proof(file: FileCoverage) -> str:
    return "" if not file.tables else "proven" if file.proven else "unproven"


def _called(file: Unread) -> str:
    """Return how a file is called: by its name, or by its title where no page names it."""
    if not file.name:
        return f"{file.title} (file name not known)"
    return f"{file.title}: {file.name}" + (" (name assumed)" if file.assumed else "")


def _first(error: SendstatsError) -> str:
    """Return the first fault of a message on one line."""
    lines = [line.strip().removeprefix("- ") for line in str(error).splitlines()]
    return lines[1] if len(lines) > 1 else lines[0]


def _total(counted: Iterable[dict[str, int]]) -> dict[str, int]:
    whole: Counter[str] = Counter()
    for cells in counted:
        whole.update(cells)
    return {heading: whole[heading] for heading in _ordered(whole)}


def _line(cells: dict[str, int]) -> list[str]:
    used = [cells.get(heading, 0) for heading in headings().used]
    return [str(n) for n in (*used, sum(cells.values()) - sum(used))]
