"""Open a raw CSV as text columns; nothing is given a meaning here."""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path

import polars as pl

from sendstats.errors import Fault, FaultyFile

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


def read(path: Path) -> pl.DataFrame:
    """Return a CSV as text.

    Returns
    -------
    polars.DataFrame
        All columns as published (see `header`), all of type String, blank cells null, rows in
        the file's own order.

    Raises
    ------
    FaultyFile
        If the file is not a readable CSV, or a row has more or fewer cells than the header.
    """
    names = header(path)
    try:
        frame = pl.read_csv(
            path,
            has_header=False,
            skip_rows=1,
            schema=dict.fromkeys(names, pl.String),
            infer_schema=False,
            truncate_ragged_lines=False,
        )
    except pl.exceptions.PolarsError as error:
        raise _faulty(path, _irregular(path, len(names), str(error).splitlines()[0])) from error
    if frame.is_empty():
        fault = Fault("the file has a header and no rows", expected="rows", found="none")
        raise _faulty(path, [fault])
    # polars fills up a row with too few cells without a word: look where a last cell is missing
    faults = _ragged(path, len(names)) if frame.to_series(-1).has_nulls() else []
    if faults:
        raise _faulty(path, faults)
    return frame.with_columns(pl.all().replace("", None))


def _irregular(path: Path, width: int, said: str) -> list[Fault]:
    """Return in our words what polars could not read."""
    try:
        return _ragged(path, width) or [Fault("the file is not a regular CSV", found=said)]
    except UnicodeDecodeError:
        return [_NOT_UTF8]
    except csv.Error as error:
        return [Fault("the file is not a regular CSV", found=str(error))]


def _ragged(path: Path, width: int) -> list[Fault]:
    """Return a fault for each number of cells that rows have and the header has not."""
    first: dict[int, int] = {}
    times: Counter[int] = Counter()
    with path.open(encoding="utf-8-sig", newline="") as stream:
        rows = csv.reader(stream)
        next(rows)
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
