"""A folder with copies of published files, loose or zipped: the hash decides what is used."""

from __future__ import annotations

import hashlib
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from sendstats.fetch import zips
from sendstats.fetch.body import PIECE
from sendstats.fetch.pins import Pin
from sendstats.receipts import sha256_of

#: What a damaged, locked or unknown zip file raises when it is read.
_UNREADABLE = (zipfile.BadZipFile, zlib.error, OSError, EOFError, RuntimeError)


@dataclass(frozen=True)
class Source:
    """Where in the archive the bytes are: a file, or a member of a zip file."""

    path: Path
    member: str = ""

    @property
    def url(self) -> str:
        """The place inside the archive, without the machine's own folders."""
        return f"archive:{self.path.name}" + (f"!{self.member}" if self.member else "")

    def pieces(self) -> Iterator[bytes]:
        """Yield the bytes."""
        if self.member:
            yield from zips.pieces(self.path, self.member)
            return
        with self.path.open("rb") as stream:
            while piece := stream.read(PIECE):
                yield piece


def from_archive(folder: Path, pin: Pin) -> Source | None:
    """Return where `folder` holds the pinned bytes; None if it does not.

    Only files of the pinned length are hashed, so a large archive costs little.
    """
    for path in sorted(folder.rglob("*")):
        if _is(path, pin):
            return Source(path)
        if path.suffix.lower() == ".zip" and (member := _member(path, pin)):
            return Source(path, member)
    return None


def _is(path: Path, pin: Pin) -> bool:
    """Whether a file has the pinned bytes; one that cannot be read has not."""
    with suppress(OSError):
        sized = path.is_file() and path.stat().st_size == pin.bytes
        return sized and sha256_of(path) == pin.sha256
    return False


def _member(path: Path, pin: Pin) -> str:
    try:
        with zipfile.ZipFile(path) as archive:
            sized = [i.filename for i in archive.infolist() if i.file_size == pin.bytes]
        return next(
            (name for name in sized if digest_of(zips.pieces(path, name)) == pin.sha256), ""
        )
    except _UNREADABLE:
        return ""


def digest_of(pieces: Iterable[bytes]) -> str:
    """Return the SHA-256 of bytes that come in pieces."""
    found = hashlib.sha256()
    for piece in pieces:
        found.update(piece)
    return found.hexdigest()
