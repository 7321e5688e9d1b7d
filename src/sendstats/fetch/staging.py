"""Where files wait until they are whole: a folder per run, and one rename per file.

A run owns ``data/raw/.staging/<run>/`` as long as it holds the lock on ``<run>.lock``. The lock
goes with the process, however it ends, so what a killed run left is recognised and removed.
"""

from __future__ import annotations

import errno
import fcntl
import os
import shutil
import uuid
from collections.abc import Container, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path

from sendstats.errors import DataProblem
from sendstats.receipts import RECEIPT, Receipt, sha256_of

STAGING = ".staging"
#: Vintages that another took the place of; kept, never counted.
SUPERSEDED = ".superseded"
#: What lay among the files and was none.
ASIDE = ".aside"


class Staging:
    """The staging folder of one run.

    Attributes
    ----------
    raw : Path
        The folder of raw files.
    folder : Path
        This run's own folder; gone when the run ends.
    """

    def __init__(self, raw: Path, folder: Path) -> None:
        self.raw = raw
        self.folder = folder

    def room(self, file: str) -> Path:
        """Return the path of a new file `file`, alone in a new folder."""
        folder = self.folder / uuid.uuid4().hex / file
        folder.mkdir(parents=True)
        return folder / file

    def accept(self, staged: Path, receipt: Receipt) -> Receipt:
        """Make a staged file count: write its receipt beside it, then rename the folder.

        An older vintage in its place is kept under ``.superseded``; if another run was first
        with the same bytes, this one gives way.

        Returns
        -------
        Receipt
            The receipt now in force.
        """
        folder = staged.parent
        _durable_text(folder / RECEIPT, receipt.to_json())
        target = receipt.folder(self.raw)
        target.parent.mkdir(parents=True, exist_ok=True)
        for _ in range(3):
            with suppress(OSError):
                folder.rename(target)
                _sync_folder(target.parent)
                return receipt
            held = held_receipt(self.raw, target)
            if held and held.sha256 == receipt.sha256 and held.extract == receipt.extract:
                return held
            self._set_aside(target, held)
        folder.rename(target)
        return receipt

    def _set_aside(self, target: Path, held: Receipt | None) -> None:
        """Move what is in the way: a good vintage to keep, anything else to be removed."""
        place = self.folder / uuid.uuid4().hex
        if held:
            key = (held.publication, held.release, held.file)
            place = kept_folder(self.raw, key, held.sha256)
            if held_receipt(self.raw, place):
                place = self.folder / uuid.uuid4().hex
            elif place.exists():
                # A vintage that was damaged since it was kept.
                place.rename(self.folder / uuid.uuid4().hex)
        place.parent.mkdir(parents=True, exist_ok=True)
        # Another run may have moved it already; then there is nothing to do.
        with suppress(FileNotFoundError):
            target.rename(place)


def kept_folder(raw: Path, key: tuple[str, str, str], sha256: str) -> Path:
    """Return where a vintage of the file `key` (publication, release, file) is kept."""
    return raw.joinpath(SUPERSEDED, *key, sha256[:16])


def held_receipt(raw: Path, folder: Path) -> Receipt | None:
    """Return the receipt in `folder` if the file beside it is whole and has its hash, else None.

    Parameters
    ----------
    raw : Path
        The folder of raw files.
    folder : Path
        ``<raw>/<publication>/<release>/<file>``, or the place of a replaced vintage.
    """
    try:
        receipt = Receipt.read(folder / RECEIPT)
    except (OSError, DataProblem):
        return None
    inside = raw / SUPERSEDED in folder.parents
    if not inside and receipt.folder(raw) != folder:
        return None
    path = folder / receipt.file
    with suppress(OSError):
        if path.stat().st_size == receipt.bytes and sha256_of(path) == receipt.sha256:
            return replace(receipt)
    return None


@contextmanager
def staging(raw: Path) -> Iterator[Staging]:
    """Open a staging folder for one run, after removing what dead runs left behind."""
    with _writable(raw):
        sweep(raw)
        name = f"{os.getpid()}-{uuid.uuid4().hex[:8]}"
        lock = raw / STAGING / f"{name}.lock"
        handle = _own(lock)
        folder = lock.with_suffix("")
        try:
            folder.mkdir()
            yield Staging(raw, folder)
        finally:
            shutil.rmtree(folder, ignore_errors=True)
            with suppress(OSError):
                lock.unlink(missing_ok=True)
            os.close(handle)
            with suppress(OSError):
                lock.parent.rmdir()


@contextmanager
def _writable(raw: Path) -> Iterator[None]:
    """Say in words what a full disk or a folder that is read-only does to a run.

    Requests have faults of their own, so any other error of the system is about files.
    """
    try:
        yield
    except OSError as error:
        raise DataProblem(
            "the folder of raw files cannot be written",
            where=str(error.filename or raw),
            found=error.strerror or str(error),
            untouched="every file that was here before",
            todo="make room or allow writing, or let SENDSTATS_HOME name another folder",
        ) from error


def tidy(raw: Path, pinned: Container[tuple[str, ...]]) -> tuple[str, ...]:
    """Remove what dead runs left, and move aside what lies among the files without a receipt.

    Nothing of it ever counted. What somebody else put there is kept, out of the way; the place
    of a pinned file is left to the file itself.

    Returns
    -------
    tuple of str
        One line for each thing that was moved.
    """
    if not raw.is_dir():
        return ()
    with _writable(raw):
        sweep(raw)
        loose = [path for path in sorted(raw.glob("[!.]*/*/*")) if not (path / RECEIPT).exists()]
        return tuple(_aside(raw, path) for path in loose if path.parts[-3:] not in pinned)


def _aside(raw: Path, path: Path) -> str:
    name = path.relative_to(raw)
    place = raw / ASIDE / uuid.uuid4().hex[:8] / name
    place.parent.mkdir(parents=True)
    path.rename(place)
    return f"{name.as_posix()} has no receipt and never counted; it is now in data/raw/{ASIDE}"


def sweep(raw: Path) -> list[str]:
    """Remove what runs that no longer live left in the staging folder; return its names."""
    home = raw / STAGING
    if home.is_symlink():
        # What it points at is somebody else's: nothing there may be removed.
        raise NotADirectoryError(errno.ENOTDIR, "a link stands where staging is", str(home))
    removed = []
    for entry in sorted(home.glob("*")) if home.is_dir() else []:
        lock = entry if entry.suffix == ".lock" else entry.with_name(f"{entry.name}.lock")
        if _alive(lock):
            continue
        if entry.is_dir():
            shutil.rmtree(entry, ignore_errors=True)
        else:
            entry.unlink(missing_ok=True)
        removed.append(entry.name)
    return removed


def _own(lock: Path) -> int:
    """Create and hold the lock file; a sweep may remove it between the two, so look again."""
    while True:
        # A run that ends removes the folder if it is empty, which may be right now.
        lock.parent.mkdir(parents=True, exist_ok=True)
        try:
            handle = os.open(lock, os.O_RDWR | os.O_CREAT, 0o644)
        except FileNotFoundError:
            continue
        fcntl.flock(handle, fcntl.LOCK_EX)
        with suppress(FileNotFoundError):
            if lock.stat().st_ino == os.fstat(handle).st_ino:
                return handle
        os.close(handle)


def _alive(lock: Path) -> bool:
    """Whether a process holds `lock`."""
    try:
        handle = os.open(lock, os.O_RDWR)
    except OSError:
        return False
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return True
    finally:
        os.close(handle)
    return False


def _durable_text(path: Path, text: str) -> None:
    with path.open("w", encoding="utf-8", newline="\n") as stream:
        stream.write(text)
        stream.flush()
        os.fsync(stream.fileno())


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
