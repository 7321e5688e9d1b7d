"""Zip files from outside: everything is checked before a single byte is written."""

from __future__ import annotations

import stat
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path, PurePosixPath

from sendstats.errors import Fault
from sendstats.fetch.body import PIECE
from sendstats.fetch.faults import FetchFault
from sendstats.fetch.pins import safe_name
from sendstats.fetch.settings import Settings

#: Folder inside an all-files zip -> kind of file.
FOLDERS = {"data": "data", "supporting-files": "supporting", "data-guidance": "guidance"}
GUIDANCE = "data-guidance.txt"
#: Longest directory of a zip that is read, and where in the end of a file it is described.
_DIRECTORY, _TAIL = 16 << 20, (1 << 16) + 1024


def kind_of(member: str) -> str:
    """Return the kind of file a member of an all-files zip is; empty for anything unknown."""
    return FOLDERS.get(member.partition("/")[0], "")


def checked(path: Path, settings: Settings) -> dict[str, zipfile.ZipInfo]:
    """Return the file members of a zip by name, after every check has passed.

    Names, duplicates, links, encryption, sizes, ratios and the CRC of every member are checked;
    nothing is written.

    Parameters
    ----------
    path : Path
        The zip file.
    settings : Settings
        Limits on unpacked size and ratio.

    Raises
    ------
    FetchFault
        If the zip is damaged or unsafe; all faults of its directory are named at once.
    """
    try:
        _check_directory(path)
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
            faults = [fault for info in members for fault in _entry_faults(info, settings)]
            faults += _whole_faults(members, path.stat().st_size, settings)
            if faults:
                raise _unsafe(path, faults)
            damaged = [info.filename for info in members if not _sound(archive, info)]
    except (zipfile.BadZipFile, NotImplementedError, OSError, EOFError) as error:
        raise FetchFault(
            "the zip file is damaged", kind="zip", where=path.name, found=str(error), transient=True
        ) from error
    if damaged:
        raise _unsafe(path, [Fault(f"{name!r} does not match its CRC") for name in damaged])
    return {info.filename: info for info in members if not info.is_dir()}


def _check_directory(path: Path) -> None:
    """Refuse a directory that would not fit into memory, before it is read as a whole."""
    with path.open("rb") as stream:
        size = stream.seek(0, 2)
        stream.seek(max(0, size - _TAIL))
        tail = stream.read()
    end, large = tail.rfind(b"PK\x05\x06"), tail.rfind(b"PK\x06\x06")
    stated = [
        int.from_bytes(tail[place + start : place + start + width], "little")
        for place, start, width in ((end, 12, 4), (large, 40, 8))
        if place >= 0
    ]
    # The short field is all ones where the long one counts.
    if any(_DIRECTORY < length != 0xFFFFFFFF for length in stated):
        found = f"{max(stated):,}"
        raise _unsafe(path, [Fault("a directory of too many files", found=f"{found} bytes")])


def pieces(path: Path, member: str) -> Iterator[bytes]:
    """Yield the bytes of one member of a checked zip."""
    with zipfile.ZipFile(path) as archive, archive.open(member) as source:
        while piece := source.read(PIECE):
            yield piece


def by_file(members: Iterable[str]) -> dict[str, str]:
    """Return published file name -> member, for the members in folders that releases have.

    Raises
    ------
    FetchFault
        If two members have one published name.
    """
    return _by_name(name for name in members if kind_of(name))


def loose(members: Iterable[str]) -> dict[str, str]:
    """Return file name -> member of a zip that is not that of a release.

    Raises
    ------
    FetchFault
        If two members have one name.
    """
    return _by_name(members)


def _by_name(members: Iterable[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    twice: list[Fault] = []
    for member in sorted(members):
        name = PurePosixPath(member).name
        if name in found:
            twice.append(Fault("two files of one name", found=f"{found[name]!r} and {member!r}"))
        found[name] = member
    if twice:
        raise FetchFault(
            "the zip file is refused; nothing of it was written",
            kind="zip",
            found="; ".join(str(fault) for fault in twice),
        )
    return found


def _entry_faults(info: zipfile.ZipInfo, settings: Settings) -> Iterator[Fault]:
    name = info.filename
    # zipfile cuts a name at a NUL and turns backslashes; the name as stored is what counts.
    raw = info.orig_filename
    parts = raw.rstrip("/").split("/")
    if not all(safe_name(part) for part in parts):
        yield Fault("a name that could leave the folder or hide", found=repr(raw))
    if stat.S_IFMT(info.external_attr >> 16) not in (0, stat.S_IFREG, stat.S_IFDIR):
        yield Fault("a link or special file", found=repr(name))
    if info.flag_bits & 0x1:
        yield Fault("an encrypted member", found=repr(name))
    if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        yield Fault("an unknown compression", found=repr(name))
    over = info.file_size > settings.max_ratio * max(info.compress_size, 1)
    if over and info.file_size > settings.ratio_floor:
        yield Fault(
            "a member that unpacks to far more than it should",
            expected=f"at most {settings.max_ratio} times its packed size",
            found=f"{name!r}, {info.compress_size:,} to {info.file_size:,} bytes",
        )


def _whole_faults(members: list[zipfile.ZipInfo], size: int, settings: Settings) -> Iterator[Fault]:
    seen: set[str] = set()
    for info in members:
        # Names that differ in case only are one file on some systems.
        folded = info.filename.casefold().rstrip("/")
        if folded in seen:
            yield Fault("a name that occurs twice", found=repr(info.filename))
        seen.add(folded)
    unpacked = sum(info.file_size for info in members)
    if unpacked > settings.max_bytes:
        yield Fault(
            "too much to unpack",
            expected=f"at most {settings.max_bytes:,} bytes",
            found=f"{unpacked:,}",
        )
    if sum(info.compress_size for info in members) > size:
        yield Fault("members that overlap", expected=f"at most {size:,} packed bytes")


def _sound(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> bool:
    """Read one member to its end; zipfile compares its CRC there."""
    try:
        with archive.open(info) as source:
            while source.read(PIECE):
                pass
    except (zipfile.BadZipFile, zlib.error, EOFError):
        return False
    return True


def _unsafe(path: Path, faults: list[Fault]) -> FetchFault:
    return FetchFault(
        "the zip file is refused; nothing of it was written",
        kind="zip",
        where=path.name,
        found="; ".join(str(fault) for fault in faults),
    )
