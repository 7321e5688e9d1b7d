"""What is known of a body before it arrives, so that a wrong one is seen as early as it shows."""

from __future__ import annotations

import csv
import hashlib
from dataclasses import dataclass
from pathlib import PurePath

from sendstats.fetch.faults import FetchFault

BOM = b"\xef\xbb\xbf"
#: A body is looked at until this much of it is there.
HEAD = 512
_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
#: How files of a kind begin, by the ending of the name.
MARKS = {".zip": _ZIP, ".xlsx": _ZIP, ".ods": _ZIP, ".docx": _ZIP, ".odt": _ZIP, ".pptx": _ZIP}
MARKS |= {".pdf": b"%PDF", ".xls": _OLE, ".doc": _OLE}
_NAMED = {
    b"\x1f\x8b": "gzip data",
    _ZIP: "a zip file",
    b"%PDF": "a PDF file",
    _OLE: "an Excel file",
}
_HTML = (b"<!doctype html", b"<html", b"<head", b"<body")
_PAGES = (".html", ".htm", ".xhtml")


@dataclass(frozen=True)
class Shape:
    """What a body must be.

    Attributes
    ----------
    file : str
        Published name; its ending says what sort of file it is.
    limit : int
        Largest length accepted, in bytes.
    header : str
        SHA-256 of the first record of a CSV, without byte order mark and line end; empty where
        it is not known.
    columns : tuple of str
        Names that the header of a CSV must hold, in any case and order.
    most_rows : int or None
        Largest number of data rows accepted; None where it is not known.
    """

    file: str
    limit: int
    header: str = ""
    columns: tuple[str, ...] = ()
    most_rows: int | None = None

    @property
    def csv(self) -> bool:
        """Whether the body must be a CSV."""
        return self.file.lower().endswith(".csv")

    def check_head(self, head: bytes, *, whole: bool) -> None:
        """Look at the first bytes of a body.

        Parameters
        ----------
        head : bytes
            The bytes that are there.
        whole : bool
            Whether there are enough of them, or no more to come.

        Raises
        ------
        FetchFault
            If they are not those of such a file.
        """
        start = head.removeprefix(BOM).lstrip()
        if self.csv:
            _check_csv(head, start, whole=whole)
        elif whole:
            self._check_other(start)

    def _check_other(self, start: bytes) -> None:
        ending = PurePath(self.file).suffix.lower()
        if start.lower().startswith(_HTML) and ending not in _PAGES:
            raise FetchFault("an HTML page instead of the file", "html", where=self.file)
        mark = MARKS.get(ending, b"")
        if not start.startswith(mark):
            what = f"the body is not what a file ending in {ending} is"
            found = _named(start) or "something else"
            raise FetchFault(what, "format", where=self.file, found=found, transient=True)

    def check_header(self, header: bytes) -> None:
        """Look at the first record of a CSV, as soon as it is there.

        Raises
        ------
        FetchFault
            If it is not the known one, or lacks a column.
        """
        names = names_of(header)
        if self.header and digest(header) != self.header:
            found = f"{len(names)} columns: {', '.join(names[:5])} ..."
            raise FetchFault("the header is not the pinned one", "header", found=found)
        lower = {name.lower() for name in names}
        missing = [name for name in self.columns if name not in lower]
        if missing:
            raise FetchFault(
                "the header is not that of a data file",
                "header",
                where=self.file,
                expected=f"columns {', '.join(self.columns)} among others",
                found=", ".join(names[:5]),
            )

    def check_rows(self, rows: int) -> None:
        """Look at the number of data rows so far.

        Raises
        ------
        FetchFault
            If there are more than there may be.
        """
        if self.most_rows is not None and rows > self.most_rows:
            raise FetchFault(
                "the body has more rows than it should",
                "rows",
                where=self.file,
                expected=f"{self.most_rows:,} rows",
                found="more",
            )


def _check_csv(head: bytes, start: bytes, *, whole: bool) -> None:
    if start[:1] in (b"<", b"{"):
        found = "an HTML page" if start[:1] == b"<" else "JSON"
        raise FetchFault("the body is not a CSV", "html", found=found)
    if not whole:
        return
    named = _named(start)
    if named or not start or b"\0" in head:
        found = named or ("NUL bytes" if start else "nothing")
        raise FetchFault("the body is not a CSV", "format", found=found)


def _named(start: bytes) -> str:
    return next((text for mark, text in _NAMED.items() if start.startswith(mark)), "")


def names_of(header: bytes) -> tuple[str, ...]:
    """Return the cells of the first record of a CSV."""
    text = header.decode("utf-8", "replace")
    cells = next(csv.reader(text.splitlines(keepends=True)), [])
    return tuple(cell.strip() for cell in cells)


def digest(header: bytes) -> str:
    """Return the SHA-256 of the first record of a CSV."""
    return hashlib.sha256(header).hexdigest()
