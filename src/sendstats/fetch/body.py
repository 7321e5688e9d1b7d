"""Decode a body piece by piece and check it on the way: nothing is believed on status alone."""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

from sendstats.fetch.faults import FetchFault

PIECE = 1 << 16
_BOM = b"\xef\xbb\xbf"
_NOT_CSV = {b"\x1f\x8b": "gzip data", b"PK\x03\x04": "a zip file", b"%PDF": "a PDF file"}


@dataclass(frozen=True)
class Body:
    """What arrived, measured on the decoded bytes.

    Attributes
    ----------
    sha256 : str
        Of the decoded bytes.
    bytes : int
        Length of the decoded bytes.
    rows : int or None
        Records of a CSV after the first; None for anything else.
    header : tuple of str
        Cells of the first record of a CSV, without a byte order mark; empty for anything else.
    """

    sha256: str
    bytes: int
    rows: int | None
    header: tuple[str, ...] = ()


class Rows:
    """Count the records of a CSV as it passes; line ends inside quotes do not count.

    Blank lines are no records. The state is one unfinished line, so memory does not grow with
    the file (a line longer than `longest` is refused as no CSV).
    """

    longest = 1 << 22

    def __init__(self) -> None:
        self.records = 0
        self.header = b""
        self._rest = b""
        self._open = False
        self._started = False

    def feed(self, data: bytes) -> None:
        """Take the next decoded bytes."""
        lines = (self._rest + data).split(b"\n")
        self._rest = lines.pop()
        for line in lines:
            self._line(line)
        if len(self._rest) > self.longest:
            raise FetchFault("the body is not a CSV: a line has no end", kind="format")

    def finish(self) -> None:
        """Take what is left as the last line.

        Raises
        ------
        FetchFault
            If the text ends inside a quoted cell.
        """
        self._line(self._rest)
        self._rest = b""
        if self._open:
            raise FetchFault("the CSV ends inside a quoted cell", kind="truncated", transient=True)

    def _line(self, line: bytes) -> None:
        if not self._started and self.records == 0:
            self.header += line
        if line.strip() or self._open:
            self._started = True
        if line.count(b'"') % 2:
            self._open = not self._open
        if self._started and not self._open:
            self.records += 1
            self._started = False


class Sink:
    """Hash, measure and sniff decoded bytes.

    Parameters
    ----------
    csv : bool
        Whether the body must be a CSV.
    limit : int
        Largest length accepted, in bytes.
    """

    def __init__(self, *, csv: bool, limit: int) -> None:
        self._hash = hashlib.sha256()
        self._rows = Rows() if csv else None
        self._limit = limit
        self._head = b""
        self._sniffed = False
        self.length = 0

    def feed(self, data: bytes) -> None:
        """Take the next decoded bytes.

        Raises
        ------
        FetchFault
            If the body is longer than the limit, or not what it should be.
        """
        self.length += len(data)
        if self.length > self._limit:
            raise FetchFault(
                "the body is longer than it may be",
                kind="size",
                expected=f"at most {self._limit:,} bytes",
                found=f"more than {self._limit:,}",
            )
        self._sniff(data)
        self._hash.update(data)
        if self._rows:
            self._rows.feed(data)

    def finish(self) -> Body:
        """Return the measurements once the body is complete."""
        self._sniff(b"", last=True)
        if not self._rows:
            return Body(self._hash.hexdigest(), self.length, None)
        self._rows.finish()
        header = self._rows.header.removeprefix(_BOM).decode("utf-8", "replace")
        names = tuple(cell.strip().strip('"') for cell in header.strip().split(","))
        rows = max(self._rows.records - 1, 0)
        return Body(self._hash.hexdigest(), self.length, rows, names)

    def _sniff(self, data: bytes, *, last: bool = False) -> None:
        if self._sniffed or self._rows is None:
            return
        self._head += data
        if len(self._head) < 512 and not last:
            return
        self._sniffed = True
        start = self._head.removeprefix(_BOM).lstrip()
        if start[:1] in (b"<", b"{"):
            found = "an HTML page" if start[:1] == b"<" else "JSON"
            raise FetchFault("the body is not a CSV", kind="html", found=found)
        named = next((text for mark, text in _NOT_CSV.items() if start.startswith(mark)), "")
        if named or not start or b"\0" in self._head:
            found = named or ("NUL bytes" if start else "nothing")
            raise FetchFault("the body is not a CSV", kind="format", found=found)
        self._head = b""


class Identity:
    """A decoder that changes nothing."""

    def feed(self, data: bytes) -> Iterator[bytes]:
        """Yield `data` as it came."""
        yield data

    def finish(self) -> None:
        """Nothing is left over."""


class Gunzip:
    """Decode gzip, one member after another, in pieces of bounded size."""

    def __init__(self) -> None:
        self._decoder = zlib.decompressobj(zlib.MAX_WBITS | 16)
        self._touched = False

    def feed(self, data: bytes) -> Iterator[bytes]:
        """Yield decoded pieces of at most 1 MiB.

        Raises
        ------
        FetchFault
            If the stream or its trailer (length, CRC) is damaged.
        """
        while data:
            self._touched = True
            if self._decoder.eof:
                self._decoder = zlib.decompressobj(zlib.MAX_WBITS | 16)
            try:
                piece = self._decoder.decompress(data, 1 << 20)
            except zlib.error as error:
                raise FetchFault(
                    "the compressed body is damaged", kind="gzip", found=str(error), transient=True
                ) from error
            data = self._decoder.unconsumed_tail or self._decoder.unused_data
            if piece:
                yield piece

    def finish(self) -> None:
        """Check that the last member ended.

        Raises
        ------
        FetchFault
            If the trailer is missing.
        """
        if not self._touched or not self._decoder.eof:
            raise FetchFault(
                "the compressed body ends before its trailer", kind="gzip", transient=True
            )


def decoder(encoding: str) -> Identity | Gunzip:
    """Return the decoder for a Content-Encoding header.

    Raises
    ------
    FetchFault
        If the encoding was not asked for.
    """
    match encoding.strip().lower():
        case "" | "identity":
            return Identity()
        case "gzip" | "x-gzip":
            return Gunzip()
        case other:
            raise FetchFault(
                "the body is encoded in a way that was not asked for",
                kind="format",
                expected="gzip or none",
                found=other,
            )
