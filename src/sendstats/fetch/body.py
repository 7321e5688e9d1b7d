"""Decode a body piece by piece and check it on the way: nothing is believed on status alone."""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

from sendstats.fetch.faults import FetchFault
from sendstats.fetch.shape import BOM, HEAD, Shape, digest, names_of

PIECE = 1 << 16


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
    header_sha256 : str
        Of that record as it stands; empty for anything else.
    """

    sha256: str
    bytes: int
    rows: int | None
    header: tuple[str, ...] = ()
    header_sha256: str = ""


class Rows:
    """Count the records of a CSV as it passes; line ends inside quotes do not count.

    Blank lines are no records. The state is one unfinished line and the first record, so memory
    does not grow with the file (a line longer than `longest` is refused as no CSV).

    Attributes
    ----------
    records : int
        Records that are complete.
    header : bytes
        The first record, without byte order mark and line end, once it is complete.
    """

    longest = 1 << 22

    def __init__(self) -> None:
        self.records = 0
        self.header = b""
        self._head = bytearray()
        self._waiting: list[bytes] = []
        self._held = 0
        self._open = False
        self._started = False

    def feed(self, data: bytes) -> None:
        """Take the next decoded bytes."""
        # Joined only where a line ends: pieces may be as small as a byte, and lines long.
        self._waiting.append(data)
        self._held += len(data)
        if b"\n" in data:
            lines = b"".join(self._waiting).split(b"\n")
            rest = lines.pop()
            self._waiting, self._held = [rest], len(rest)
            for line in lines:
                self._line(line)
        if self._held + len(self._head) > self.longest:
            raise FetchFault("the body is not a CSV: a line has no end", kind="format")

    def finish(self) -> None:
        """Take what is left as the last line.

        Raises
        ------
        FetchFault
            If the text ends inside a quoted cell.
        """
        self._line(b"".join(self._waiting))
        if self._open:
            raise FetchFault("the CSV ends inside a quoted cell", kind="truncated", transient=True)

    def _line(self, line: bytes) -> None:
        if line.strip() or self._open:
            self._started = True
        if self._started and not self.records:
            self._head += line + b"\n"
        if line.count(b'"') % 2:
            self._open = not self._open
        if self._started and not self._open:
            if not self.records:
                self.header = bytes(self._head).removeprefix(BOM).rstrip(b"\r\n")
                self._head.clear()
            self.records += 1
            self._started = False


class Sink:
    """Hash, measure and check decoded bytes as they come; nothing waits for the end that need not.

    Parameters
    ----------
    shape : Shape
        What the body must be.
    """

    def __init__(self, shape: Shape) -> None:
        self._shape = shape
        self._hash = hashlib.sha256()
        self._rows = Rows() if shape.csv else None
        self._head: bytes | None = b""
        self._named = False
        self.length = 0

    def feed(self, data: bytes) -> None:
        """Take the next decoded bytes.

        Raises
        ------
        FetchFault
            If the body is longer than the limit, or not what it should be.
        """
        self.length += len(data)
        if self.length > self._shape.limit:
            raise FetchFault(
                "the body is longer than it may be",
                kind="size",
                expected=f"at most {self._shape.limit:,} bytes",
                found=f"more than {self._shape.limit:,}",
            )
        self._sniff(data)
        self._hash.update(data)
        if self._rows:
            self._rows.feed(data)
            self._check(self._rows)

    def check_packed(self, received: int) -> None:
        """Look at the number of bytes as transferred: those that unpack to nothing end as well.

        Raises
        ------
        FetchFault
            If there are more than the longest body accepted could need.
        """
        most = self._shape.limit + self._shape.limit // 64 + (1 << 20)
        if received > most:
            raise FetchFault(
                "more bytes arrive than the longest body could need",
                kind="size",
                expected=f"at most {most:,} bytes as transferred",
                found=f"more than {most:,}",
            )

    def finish(self) -> Body:
        """Return the measurements once the body is complete."""
        self._sniff(b"", last=True)
        if not self._rows:
            return Body(self._hash.hexdigest(), self.length, None)
        self._rows.finish()
        self._check(self._rows)
        header = self._rows.header
        rows = max(self._rows.records - 1, 0)
        return Body(self._hash.hexdigest(), self.length, rows, names_of(header), digest(header))

    def _check(self, rows: Rows) -> None:
        if rows.records and not self._named:
            self._named = True
            self._shape.check_header(rows.header)
        self._shape.check_rows(rows.records - 1)

    def _sniff(self, data: bytes, *, last: bool = False) -> None:
        if self._head is None:
            return
        self._head += data
        whole = last or len(self._head) >= HEAD
        self._shape.check_head(self._head, whole=whole)
        if whole:
            self._head = None


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
