"""Open a raw CSV as text columns; nothing is given a meaning here."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path

import polars as pl

from sendstats.errors import Fault, FaultyFile

#: Column that holds the number of the row; no published column has brackets around its name.
ROW = "(row)"
_TODO = "fetch the file again, or take it to the publisher; nothing was read from it"
_UNTOUCHED = "every table already stored"
_NOT_UTF8 = Fault("the file is not UTF-8", expected="UTF-8", found="bytes of another encoding")


def header(path: Path) -> list[str]:
    """Return the column names of a CSV as published, without a byte order mark.

    A name that occurs again gets ``#2``, ``#3`` … so that every column can be named; a column
    without a name is called ``(unnamed)`` in the same way.

    Raises
    ------
    FaultyFile
        If the file is empty, is a web page, or is not UTF-8.
    """
    faults = _not_a_table(path)
    if faults:
        raise _faulty(path, faults)
    try:
        with path.open(encoding="utf-8-sig", newline="") as stream:
            names = next(csv.reader(stream))
    except UnicodeDecodeError as error:
        raise _faulty(path, [_NOT_UTF8]) from error
    seen: Counter[str] = Counter()
    unique = []
    for name in (n.strip() or "(unnamed)" for n in names):
        seen[name] += 1
        unique.append(name if seen[name] == 1 else f"{name}#{seen[name]}")
    return unique


def _not_a_table(path: Path) -> list[Fault]:
    with path.open("rb") as stream:
        start = stream.read(4096)
    if not start.strip():
        return [Fault("the file is empty", expected="a header and rows", found="no bytes")]
    if start.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"<":
        return [Fault("the file is a web page", expected="CSV", found="markup")]
    if start.lstrip(b"\xef\xbb\xbf")[:1] in b"\r\n":
        return [Fault("the file has no header", expected="column names", found="a blank line")]
    return []


def _faulty(path: Path, faults: list[Fault]) -> FaultyFile:
    return FaultyFile(path.name, faults, untouched=_UNTOUCHED, todo=_TODO)


def scan(path: Path, keys: Collection[str] = ()) -> pl.LazyFrame:
    """Return a CSV as text, to be read in pieces of bounded size.

    Parameters
    ----------
    path : Path
    keys : collection of str
        Columns with few distinct texts; they are read as Categorical, which costs no memory for
        each row and makes them quick to look up.

    Returns
    -------
    polars.LazyFrame
        ``(row)``, the file's own data row from 1; then all columns as published (see `header`),
        blank cells null, rows in the file's own order. Read it inside `regular`.

    Raises
    ------
    FaultyFile
        If the file has no header that can be read.
    """
    names = header(path)
    return pl.scan_csv(
        path,
        has_header=False,
        skip_rows=1,
        schema={name: pl.Categorical if name in keys else pl.String for name in names},
        infer_schema=False,
        null_values="",
        truncate_ragged_lines=False,
        row_index_name=ROW,
        row_index_offset=1,
    )


@contextmanager
def regular(path: Path) -> Iterator[None]:
    """Say in our words what is irregular about a CSV that is read inside the block.

    Raises
    ------
    FaultyFile
        If the file is not a readable CSV, or a row has more cells than the header.
    """
    try:
        yield
    except pl.exceptions.PolarsError as error:
        faults = _irregular(path, str(error).splitlines()[0])
        if not faults:
            raise
        raise _faulty(path, faults) from error


def check_rows(path: Path, *, rows: int, last_is_blank: bool) -> None:
    """Refuse a file without rows, and one with rows that have fewer cells than the header.

    polars fills up a row with too few cells without a word, so a file in which some last cell is
    blank is looked at line by line.

    Raises
    ------
    FaultyFile
    """
    if not rows:
        fault = Fault("the file has a header and no rows", expected="rows", found="none")
        raise _faulty(path, [fault])
    faults = _ragged(path) if last_is_blank else []
    if faults:
        raise _faulty(path, faults)


def read(path: Path) -> pl.DataFrame:
    """Return a CSV as text, all of it at once: see `scan`, without the row number.

    Raises
    ------
    FaultyFile
        If the file is not a readable CSV, or a row has more or fewer cells than the header.
    """
    with regular(path):
        frame = scan(path).drop(ROW).collect()
    last = frame.to_series(-1)
    check_rows(path, rows=frame.height, last_is_blank=last.has_nulls())
    return frame


def _irregular(path: Path, said: str) -> list[Fault]:
    """Return in our words what polars could not read; nothing if the file can be read."""
    try:
        ragged = _ragged(path)
    except UnicodeDecodeError:
        return [_NOT_UTF8]
    except csv.Error as error:
        return [Fault("the file is not a regular CSV", found=str(error))]
    if ragged:
        return ragged
    try:
        scan(path).select(pl.all().count()).collect(engine="streaming")
    except pl.exceptions.PolarsError:
        return [Fault("the file is not a regular CSV", found=said)]
    return []


def _ragged(path: Path) -> list[Fault]:
    """Return a fault for each number of cells that rows have and the header has not."""
    first: dict[int, int] = {}
    times: Counter[int] = Counter()
    with path.open(encoding="utf-8-sig", newline="") as stream:
        rows = csv.reader(stream)
        width = len(next(rows))
        for number, cells in enumerate(rows, 1):
            if len(cells) != width:
                first.setdefault(len(cells), number)
                times[len(cells)] += 1
    return [
        Fault(
            "rows have more or fewer cells than the header",
            row=row,
            expected=f"{width} cells",
            found=f"{cells} cells" + (f" ({times[cells]} rows)" if times[cells] > 1 else ""),
        )
        for cells, row in first.items()
    ]
