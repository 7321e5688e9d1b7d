"""Open a raw CSV as text columns; nothing is given a meaning here."""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path

import polars as pl

from sendstats.errors import Fault, FaultyFile

_TODO = "fetch the file again, or take it to the publisher; nothing was read from it"
_UNTOUCHED = "every table already stored"


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
        raise FaultyFile(path.name, faults, untouched=_UNTOUCHED, todo=_TODO)
    with path.open(encoding="utf-8-sig", newline="") as stream:
        names = next(csv.reader(stream))
    seen: Counter[str] = Counter()
    unique = []
    for name in (n.strip() or "(unnamed)" for n in names):
        seen[name] += 1
        unique.append(name if seen[name] == 1 else f"{name}#{seen[name]}")
    return unique


def _not_a_table(path: Path) -> list[Fault]:
    with path.open("rb") as stream:
        start = stream.read(2048)
    if not start.strip():
        return [Fault("the file is empty", expected="a header and rows", found="no bytes")]
    if start.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"<":
        return [Fault("the file is a web page", expected="CSV", found="markup")]
    try:
        start.decode("utf-8")
    except UnicodeDecodeError as error:
        if error.start < len(start) - 4:  # a character may be cut at the end of the sample
            return [Fault("the file is not UTF-8", expected="UTF-8", found=str(error.reason))]
    return []


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
    except pl.exceptions.NoDataError:
        fault = Fault("the file has a header and no rows", expected="rows", found="none")
        raise FaultyFile(path.name, [fault], untouched=_UNTOUCHED, todo=_TODO) from None
    except (pl.exceptions.PolarsError, UnicodeDecodeError) as error:
        fault = Fault("the file is not a regular CSV", found=str(error).splitlines()[0])
        raise FaultyFile(path.name, [fault], untouched=_UNTOUCHED, todo=_TODO) from error
    return frame.with_columns(pl.all().replace("", None))
