"""What a mutation does to a sheet; `named.toml` calls these by name."""

from __future__ import annotations

import csv
import random
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from mutations.sheet import Sheet, join, split

Where = Mapping[str, str]
EHC = "education-health-and-care-plans"

# --- the file as bytes -----------------------------------------------------------------------


def encoded(sheet: Sheet, **how: Any) -> None:
    """Another byte order mark, line end, encoding or end of the file; same cells."""
    for name, value in how.items():
        setattr(sheet, name, value)


def quoted(sheet: Sheet) -> None:
    """Quotes around every cell."""
    sheet.lines = [join(split(line), csv.QUOTE_ALL) for line in sheet.lines]


def replaced(sheet: Sheet, text: str) -> None:
    """Something else in place of the file."""
    sheet.whole = text.encode()


def cut(sheet: Sheet, bytes: int = 0, rows: int = 0) -> None:  # noqa: A002 - what is cut
    """The end of the file is missing, in the middle of a row or between two."""
    if rows:
        del sheet.lines[-rows:]
    else:
        sheet.touched = [(len(sheet.lines), "")]
        sheet.whole = sheet.data()[:-bytes]


def appended(sheet: Sheet, text: str) -> None:
    """More text after the last row."""
    sheet.lines.append(text)
    sheet.touched = [(len(sheet.lines), "")]


def exchanged(sheet: Sheet, other: str, raw: Path) -> None:
    """Another file of DfE's under this name."""
    release, name = other.split("/")
    sheet.whole = (raw / EHC / release / name / name).read_bytes()


# --- columns ---------------------------------------------------------------------------------


def renamed(sheet: Sheet, column: str, to: str) -> None:
    sheet.header[sheet.column(column)] = to
    sheet.touched = [(None, column)]


def dropped(sheet: Sheet, column: str) -> None:
    where = sheet.column(column)
    sheet.every(lambda cells: cells[:where] + cells[where + 1 :])
    sheet.touched = [(None, column)]


def doubled(sheet: Sheet, column: str) -> None:
    """The column stands there twice under one name."""
    where = sheet.column(column)
    sheet.every(lambda cells: [*cells, cells[where]])
    sheet.touched = [(None, column)]


def reordered(sheet: Sheet, seed: int) -> None:
    order = random.Random(seed).sample(range(len(sheet.header)), len(sheet.header))  # noqa: S311
    sheet.every(lambda cells: [cells[i] for i in order])


def widened(sheet: Sheet, column: str, text: str = "") -> None:
    """One more column on the right."""
    head = sheet.header
    sheet.every(lambda cells: [*cells, column if cells is head else text])
    sheet.touched = [(None, column or "(unnamed)")]


def names_exchanged(sheet: Sheet, columns: list[str]) -> None:
    """Two columns carry each other's name."""
    one, other = map(sheet.column, columns)
    sheet.header[one], sheet.header[other] = sheet.header[other], sheet.header[one]


def slipped(sheet: Sheet, column: str) -> None:
    """Every figure of a column stands one row too low."""
    where = sheet.column(column)
    cells = [split(line) for line in sheet.lines]
    texts = [row[where] for row in cells]
    for row, text in zip(cells, texts[-1:] + texts[:-1], strict=True):
        row[where] = text
    sheet.lines = [join(row) for row in cells]


def rewritten(sheet: Sheet, columns: str, by: float = 1, form: str = "{:g}") -> None:
    """Multiply every figure of the columns (an expression) and print it in another form."""
    where = [i for i, name in enumerate(sheet.header) if re.fullmatch(columns, name)]
    cells = [split(line) for line in sheet.lines]
    for row in cells:
        for i in where:
            if re.fullmatch(r"-?\d+(\.\d+)?", row[i]):
                row[i] = form.format(float(row[i]) * by)
    sheet.lines = [join(row) for row in cells]
    sheet.touched = [(None, sheet.header[where[0]])]


# --- rows ------------------------------------------------------------------------------------


def repeated(sheet: Sheet, at: Where) -> None:
    """The rows stand there twice; the copies at the end."""
    copies = [sheet.lines[row - 1] for row in sheet.rows(at)]
    sheet.touched = [(len(sheet.lines) + 1, "")]
    sheet.lines += copies


def missing(sheet: Sheet, at: Where) -> None:
    gone = set(sheet.rows(at))
    assert gone
    sheet.lines = [line for row, line in enumerate(sheet.lines, 1) if row not in gone]


def shuffled(sheet: Sheet, seed: int) -> None:
    random.Random(seed).shuffle(sheet.lines)  # noqa: S311 - an order, not a secret


def header_again(sheet: Sheet, after: int) -> None:
    sheet.lines.insert(after, join(sheet.header))
    sheet.touched = [(after + 1, "")]


def copied(sheet: Sheet, at: Where, to: Where) -> None:
    """The rows once more under another label, place or period, at the end."""
    first = len(sheet.lines) + 1
    sheet.lines += [sheet.lines[row - 1] for row in sheet.rows(at)]
    _relabel(sheet, range(first, len(sheet.lines) + 1), to)


def relabelled(sheet: Sheet, at: Where, to: Where) -> None:
    """The rows under another label, place or period."""
    found = sheet.rows(at)
    assert found
    _relabel(sheet, found, to)


def _relabel(sheet: Sheet, rows: Any, to: Where) -> None:
    for row in rows:
        for column, text in to.items():
            sheet.put(row, column, text)


def labels_exchanged(sheet: Sheet, at: Where, column: str, labels: list[str]) -> None:
    """Two labels of one column are each other's, in the rows that `at` describes."""
    for row in sheet.rows(at):
        now = sheet.get(row, column)
        if now in labels:
            sheet.put(row, column, labels[1 - labels.index(now)])
    assert sheet.touched


def ragged(sheet: Sheet, at: Where, text: str) -> None:
    """More text after the last cell of one row."""
    row = sheet.row(at)
    sheet.lines[row - 1] += text
    sheet.touched = [(row, "")]


# --- cells -----------------------------------------------------------------------------------


def cell(sheet: Sheet, at: Where, column: str, text: str) -> None:
    """Another text in one cell; ``{}`` stands for what is printed."""
    row = sheet.row(at)
    now = sheet.get(row, column)
    assert text != now
    sheet.put(row, column, text.replace("{}", now))


def latin_letter(sheet: Sheet, at: Where, column: str) -> None:
    """A letter of another encoding at the end of one cell: the byte of an e with an acute."""
    row = sheet.row(at)
    sheet.put(row, column, sheet.get(row, column) + "\udce9")
    sheet.touched = []


def added(sheet: Sheet, at: Where, columns: list[str], by: int) -> None:
    """Some more, or fewer, in each of the rows and columns."""
    for row in sheet.rows(at):
        for column in columns:
            sheet.put(row, column, str(int(sheet.get(row, column)) + by))
    assert sheet.touched


def cells_exchanged(sheet: Sheet, at: Where, columns: list[str]) -> None:
    """Two figures of one row are each other's."""
    row = sheet.row(at)
    texts = [sheet.get(row, column) for column in columns]
    for column, text in zip(columns, reversed(texts), strict=True):
        sheet.put(row, column, text)
    assert texts[0] != texts[1]


def places_exchanged(sheet: Sheet, at: Where, names: list[str], columns: list[str]) -> None:
    """Figures of two authorities are each other's."""
    rows = [sheet.row({**at, "la_name": name}) for name in names]
    for column in columns:
        texts = [sheet.get(row, column) for row in rows]
        assert texts[0] != texts[1]
        for row, text in zip(rows, reversed(texts), strict=True):
            sheet.put(row, column, text)


def spread(sheet: Sheet, at: Where, over: Where, column: str) -> None:
    """One row's figure stands in all of the others, as in a fill-down gone wrong."""
    text = sheet.get(sheet.row(at), column)
    for row in sheet.rows(over):
        sheet.put(row, column, text)
    assert sheet.touched


def last_year_again(sheet: Sheet, now: str, before: str) -> None:
    """The figures of the year before stand under the newest label."""
    where = sheet.column("time_period")
    cells = [split(line) for line in sheet.lines]
    old = [[*row[:where], now, *row[where + 1 :]] for row in cells if row[where] == before]
    sheet.lines = [join(row) for row in [*(r for r in cells if r[where] != now), *old]]


def regions_exchanged(sheet: Sheet, at: Where, codes: list[str]) -> None:
    """The figures of two regions are each other's; code and name agree in every row."""
    names = {sheet.get(row, "region_code"): sheet.get(row, "region_name") for row in sheet.rows(at)}
    for row in sheet.rows(at):
        now = sheet.get(row, "region_code")
        if now in codes:
            other = codes[1 - codes.index(now)]
            sheet.put(row, "region_code", other)
            sheet.put(row, "region_name", names[other])


def comma_unquoted(sheet: Sheet, at: Where, old: str, new: str) -> None:
    """A text with a comma, without the quotes that it needs."""
    row = sheet.row(at)
    sheet.lines[row - 1] = sheet.lines[row - 1].replace(old, new)
    sheet.touched = [(row, "")]


def halved(sheet: Sheet, at: Where) -> None:
    """Half of what an authority counts is missing, in every row of the year."""
    for row in sheet.rows(at):
        cells = split(sheet.lines[row - 1])
        for where, text in enumerate(cells):
            name = sheet.header[where]
            if text.isdecimal() and not name.endswith(("_pc", "code", "period", "breakdown")):
                sheet.put(row, name, str(int(text) // 2))


def moved(sheet: Sheet, levels: list[Where], labels: list[Where], columns: list[str]) -> None:
    """One case counted under another label, in every figure and every place that holds it."""
    for level in levels:
        for label, by in zip(labels, (-1, 1), strict=True):
            added(sheet, {**level, **label}, columns, by)


def twin(sheet: Sheet, at: Where, column: str, text: str) -> None:
    """Another text in the second of two columns of one name."""
    row, where = sheet.row(at), len(sheet.header) - 1 - sheet.header[::-1].index(column)
    cells = split(sheet.lines[row - 1])
    assert where != sheet.column(column)
    assert cells[where] != text
    cells[where] = text
    sheet.lines[row - 1] = join(cells)
    sheet.touched = [(row, column)]


def line(sheet: Sheet, start: str, old: str, new: str, head: bool = False) -> None:
    """Another text in the line that begins so, of a table laid out to be read by people."""
    (row,) = (i for i, text in enumerate(sheet.lines, 1) if text.startswith(start))
    assert old in sheet.lines[row - 1]
    sheet.lines[row - 1] = sheet.lines[row - 1].replace(old, new, 1)
    sheet.touched = [] if head else [(row, "")]


def texts_exchanged(sheet: Sheet, starts: list[str], texts: list[str]) -> None:
    """Figures of two lines of such a table are each other's."""
    for start, old, new in zip(starts, texts, reversed(texts), strict=True):
        line(sheet, start, old, new)
