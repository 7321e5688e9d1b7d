"""Every raw file that some table reads, as stored tables; a few files at a time."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from threading import Lock

import polars as pl

from sendstats.catalogue.tables import Layout, Table, tables
from sendstats.errors import Fault, FaultyFile
from sendstats.ingest.opened import Opened
from sendstats.ingest.stored import as_text
from sendstats.ingest.table import rows, store
from sendstats.receipts import Receipt, receipts, sha256_of

#: Files read at the same time. What a file becomes does not depend on it; memory does.
WORKERS = 3


@dataclass(frozen=True)
class Planned:
    """One table that is to be read from one raw file."""

    receipt: Receipt
    table: Table
    layout: Layout


@dataclass(frozen=True)
class Ingested(Planned):
    """What became of it.

    Attributes
    ----------
    made : polars.LazyFrame or FaultyFile
        Every row and column, or why there is none. Tables of a file that is no table at all
        share one fault.
    """

    made: pl.LazyFrame | FaultyFile


@dataclass(frozen=True)
class Target:
    """Where tables are written, whether all of them are, and whose turn a large file is."""

    folder: Path
    keep: bool
    alone: Lock


def planned(raw: Path) -> Iterator[Planned]:
    """Yield every raw file that some table reads, with the table and its layout."""
    by_file = {(r.publication, r.release, r.file): r for r in receipts(raw)}
    for table in tables().values():
        for layout in table.layouts:
            for release in layout.releases:
                receipt = by_file.get((table.publication, release, layout.file))
                if receipt:
                    yield Planned(receipt, table, layout)


def ingested(
    raw: Path, plan: Iterable[Planned], folder: Path, *, keep: bool = False
) -> Iterator[Ingested]:
    """Ingest raw files, and tell of every table what became of it.

    Parameters
    ----------
    raw : Path
        Folder of raw files with receipts.
    plan : iterable of Planned
    folder : Path
        For tables that are written: ``<table>/<release>.parquet``.
    keep : bool
        Write every table, not only those that are too large to keep in memory.

    Yields
    ------
    Ingested
        File by file. Only a few files are read ahead of the caller, so that memory does not grow
        with their number.
    """
    files: dict[Path, list[Planned]] = {}
    for one in plan:
        files.setdefault(one.receipt.path(raw), []).append(one)
    alone = Lock()
    ahead: deque[Future[list[Ingested]]] = deque()
    with ThreadPoolExecutor(WORKERS) as pool:
        for path, read in files.items():
            if len(ahead) > WORKERS:
                yield from ahead.popleft().result()
            ahead.append(pool.submit(_file, path, read, Target(folder, keep, alone)))
        for future in ahead:
            yield from future.result()


def _file(path: Path, read: list[Planned], to: Target) -> list[Ingested]:
    first = read[0]
    try:
        _as_received(path, first.receipt)
        opened = Opened(path, first.table, first.receipt.release)
    except FaultyFile as fault:
        told = _named(fault, first.receipt)
        return [Ingested(one.receipt, one.table, one.layout, told) for one in read]
    made = [_table(opened, one, to) for one in read]
    return [
        Ingested(one.receipt, one.table, one.layout, found)
        for one, found in zip(read, made, strict=True)
    ]


def _table(opened: Opened, one: Planned, to: Target) -> pl.LazyFrame | FaultyFile:
    target = to.folder / one.table.id / f"{opened.release}.parquet"
    try:
        if not opened.held:
            with to.alone:  # a large file keeps every core busy by itself
                found = store(opened, one.table, target)
        elif to.keep:
            found = store(opened, one.table, target)
        else:
            found = as_text(rows(opened, one.table, target))
    except FaultyFile as fault:
        return _named(fault, one.receipt) if _known(one) else _differs(one, fault.faults)
    if _known(one):
        return found
    target.unlink(missing_ok=True)
    return _differs(one, ())


def _named(fault: FaultyFile, receipt: Receipt) -> FaultyFile:
    """Return a fault under the release as well: files of several releases have the same name."""
    name = f"{receipt.release}/{receipt.file}"
    return FaultyFile(name, fault.faults, untouched=fault.untouched, todo=fault.todo)


def _known(one: Planned) -> bool:
    return one.layout.proven or one.receipt.extract


def _differs(one: Planned, differences: tuple[Fault, ...]) -> FaultyFile:
    """Return why the first whole file of an unproven layout is refused.

    A layout known from an extract or from guidance may differ from the real file in ways that
    no fault shows, so a person compares the two once and marks the layout as proven.
    """
    unproven = Fault(
        f"the layout of {one.table.id} was known from an extract or guidance only",
        expected=f"the columns and labels of layout {one.layout.id}",
        found=f"a whole file with {len(differences)} differences",
    )
    return FaultyFile(
        f"{one.receipt.release}/{one.receipt.file}",
        [unproven, *differences],
        untouched="every table already stored, the extract's figures among them",
        todo="compare the file with the layout in the catalogue, then set proven = true there",
    )


def _as_received(path: Path, receipt: Receipt) -> None:
    """Refuse a raw file that is not the one its receipt speaks of."""
    found = sha256_of(path)
    if found != receipt.sha256:
        fault = Fault("the file changed after it arrived", "", None, receipt.sha256, found)
        raise FaultyFile(
            f"{receipt.release}/{receipt.file}",
            [fault],
            untouched="every table already stored; the other files of the release go on",
            todo="delete its folder and fetch it again",
        )
