"""Tell a table from a text that merely has the name of one, without knowing any column."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

from sendstats.errors import Fault, FaultyFile

#: Faults named one by one; of more, only the number is said.
_MOST = 5


def check_table(path: Path, untouched: str) -> None:
    """Read a CSV row by row and check that it is a table: named columns, and rows as wide.

    Raises
    ------
    FaultyFile
        If it is none; the first faults are named, and how many more there are.
    """
    try:
        with path.open(encoding="utf-8-sig", errors="replace", newline="") as stream:
            faults, more = _first(_faults(csv.reader(stream)))
    except csv.Error as error:
        faults, more = [Fault("a row that cannot be read", found=str(error))], 0
    if more:
        faults.append(Fault(f"and {more:,} more rows like these"))
    if faults:
        raise FaultyFile(
            f"{path.name}, as a table",
            faults,
            untouched=untouched,
            todo="bring the file as it was published; a file that is no table goes in as "
            "sendstats import FILE --supporting",
        )


def _first(faults: Iterator[Fault]) -> tuple[list[Fault], int]:
    kept: list[Fault] = []
    more = 0
    for fault in faults:
        if len(kept) < _MOST:
            kept.append(fault)
        else:
            more += 1
    return kept, more


def _faults(rows: Iterator[list[str]]) -> Iterator[Fault]:
    header = next((row for row in rows if any(cell.strip() for cell in row)), [])
    named = [cell for cell in header if cell.strip()]
    if len(named) < 2:
        yield Fault(
            "the first row does not name columns",
            expected="two names or more, with commas between them",
            found=repr(", ".join(header)[:60]),
        )
        return
    number = 0
    for row in rows:
        if not any(cell.strip() for cell in row):
            continue
        number += 1
        if len(row) != len(header):
            yield Fault(
                "a row is not as wide as the header",
                row=number,
                expected=f"{len(header)} cells",
                found=f"{len(row)}",
            )
    if not number:
        yield Fault("there is no row below the header", expected="one row or more", found="none")
