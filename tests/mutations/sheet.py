"""A raw file opened for spoiling: only the lines that a mutation touches are written anew."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass, field

BOM = "\ufeff"


def split(line: str) -> list[str]:
    """The cells of one line."""
    return next(csv.reader([line]))


def join(cells: list[str], quoting: int = csv.QUOTE_MINIMAL) -> str:
    """One line of cells, without its end."""
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n", quoting=quoting).writerow(cells)
    return out.getvalue().removesuffix("\r\n")


@dataclass
class Sheet:
    """Header and lines of a raw file, how they are encoded, and what was touched.

    `touched` holds (data row from 1 or None, published column or "") for every place that a
    mutation spoilt; a message about it must name them.
    """

    header: list[str]
    lines: list[str]
    bom: bool = False
    newline: str = "\n"
    encoding: str = "utf-8"
    end: str | None = None
    whole: bytes | None = None
    touched: list[tuple[int | None, str]] = field(default_factory=list)

    @classmethod
    def of(cls, data: bytes) -> Sheet:
        """Open the bytes of a file; no cell of DfE's holds a line end."""
        text = data.decode("utf-8")
        bom = text.startswith(BOM)
        newline = "\r\n" if "\r\n" in text else "\n"
        head, *lines = text.removeprefix(BOM).removesuffix(newline).split(newline)
        return cls(split(head), lines, bom=bom, newline=newline)

    def column(self, name: str) -> int:
        """Where a column stands."""
        return self.header.index(name)

    def get(self, row: int, column: str) -> str:
        """The text of one cell; rows count from 1."""
        return split(self.lines[row - 1])[self.column(column)]

    def put(self, row: int, column: str, text: str) -> None:
        """Write one cell and remember it as touched."""
        cells = split(self.lines[row - 1])
        cells[self.column(column)] = text
        self.lines[row - 1] = join(cells)
        self.touched.append((row, column))

    def rows(self, at: Mapping[str, str]) -> list[int]:
        """The rows whose cells hold what `at` says, column by column."""
        wanted = [(self.column(name), text) for name, text in at.items()]
        return [
            row
            for row, line in enumerate(self.lines, 1)
            if all(text in line for _, text in wanted)
            and all(split(line)[where] == text for where, text in wanted)
        ]

    def row(self, at: Mapping[str, str]) -> int:
        """The only row that `at` describes."""
        found = self.rows(at)
        if len(found) != 1:
            raise LookupError(f"{len(found)} rows are {dict(at)}")
        return found[0]

    def every(self, change) -> None:
        """Replace header and every line by what `change` makes of their cells."""
        self.header = change(self.header)
        self.lines = [join(change(split(line))) for line in self.lines]

    def data(self) -> bytes:
        """The bytes of the spoilt file."""
        if self.whole is not None:
            return self.whole
        text = self.newline.join([join(self.header), *self.lines])
        text += self.newline if self.end is None else self.end
        mark = BOM.encode() if self.bom else b""
        return mark + text.encode(self.encoding, "surrogateescape")
