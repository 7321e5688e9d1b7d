"""One raw file of one release into one stored table: published text with typed keys."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

import polars as pl

from sendstats.catalogue.publications import publication
from sendstats.catalogue.tables import Table
from sendstats.errors import Fault, FaultyFile
from sendstats.ingest import faults, text
from sendstats.ingest.checks import key_columns
from sendstats.ingest.keys import repeated
from sendstats.ingest.opened import Opened
from sendstats.ingest.reading import Reading
from sendstats.ingest.stored import KEYS, as_text, stored, write


def ingest(path: Path, table: Table, release: str) -> pl.DataFrame:
    """Read one raw file as a stored table, all of it at once.

    Parameters
    ----------
    path : Path
        Raw file.
    table : Table
        What to read from it.
    release : str
        Release slug, which decides the layout and what symbols mean.

    Returns
    -------
    polars.DataFrame
        ``row`` (the file's own data row, from 1), ``place``, ``level``, ``period``, ``label``,
        ``topic``, ``item``, ``placement`` (long layouts), then our columns as published text,
        null where the cell is blank, and of a cross table the ``printed_number`` beside the name;
        rows in the file's order.

    Raises
    ------
    FaultyFile
        With every fault of the file: columns, labels, codes, periods, cells, keys.
    """
    with TemporaryDirectory() as folder:
        opened = Opened(path, table, release)
        return as_text(rows(opened, table, Path(folder) / "table.parquet")).collect()


def ingest_to(path: Path, table: Table, release: str, target: Path) -> pl.LazyFrame:
    """Read one raw file and write it as a stored table: see `store`, for a single table."""
    return store(Opened(path, table, release), table, target)


def store(opened: Opened, table: Table, target: Path) -> pl.LazyFrame:
    """Read one table of a raw file and write it as a stored table.

    Memory does not grow with the file, and the bytes written do not depend on the number of
    threads. Nothing is left at `target` unless the whole file is right.

    Parameters
    ----------
    opened : Opened
        The raw file.
    table : Table
        What to read from it.
    target : Path
        Parquet file to write.

    Returns
    -------
    polars.LazyFrame
        What was written, with the columns that `ingest` describes.

    Raises
    ------
    FaultyFile
        As `ingest`.
    """
    made = target.with_suffix(".new")
    made.parent.mkdir(parents=True, exist_ok=True)
    try:
        found = rows(opened, table, made)
        if opened.held:
            write(found, made)
        made.replace(target)
    finally:
        made.unlink(missing_ok=True)
    return stored(target)


def rows(opened: Opened, table: Table, scratch: Path) -> pl.LazyFrame:
    """Read one table of a raw file, in memory where the text of the file is held.

    Parameters
    ----------
    opened : Opened
        The raw file.
    table : Table
        What to read from it.
    scratch : Path
        Where the rows of a larger file are written, to be read from there.

    Returns
    -------
    polars.LazyFrame
        With the columns that `ingest` describes, labels as Categorical.

    Raises
    ------
    FaultyFile
        As `ingest`.
    """
    layout = table.layout(opened.release)
    wrong = opened.faults(layout)
    who = opened.identity(table.kind, layout)
    reading = Reading(table, opened.release, opened.header[-1], who)
    source = opened.source(layout)
    with text.regular(opened.path):
        if opened.held:
            made = reading(source.collect()).lazy()
        else:
            write(reading.over(source), scratch)
            made = pl.scan_parquet(scratch)
    if not layout.cross:
        text.check_rows(opened.path, rows=reading.rows, last_is_blank=reading.last_is_blank)
    found = _faults(source.filter(reading.takes), reading, _published(table, opened.release))
    found += _repeated(made, reading)
    gone = {*key_columns(layout), *layout.columns.values()} - {*opened.header}
    wrong += [fault for fault in found if not gone & {*fault.column.split(", ")}]
    if wrong:
        raise _faulty(opened, wrong)
    return made


def _faults(kept: pl.LazyFrame, reading: Reading, published: str) -> list[Fault]:
    found = faults.label_faults(kept, reading)
    found += faults.period_faults(kept, reading, published)
    if not reading.layout.cross:  # which takes its places from the register
        found += faults.place_faults(kept, reading)
    return found + faults.cell_faults(kept, reading)


def _repeated(rows: pl.LazyFrame, reading: Reading) -> list[Fault]:
    """Return a fault for each key that occurs again; one that is not known has faults already."""
    keys = [k for k in KEYS if any(k in lookup.ours for lookup in reading.lookups)]
    known = rows.filter(pl.all_horizontal(pl.col(keys).is_not_null()))
    return faults.key_faults(repeated(known, keys, reading.rows), keys, reading.lookups)


def _published(table: Table, release: str) -> str:
    """Return the date on which the release came out, "" where it is not known."""
    return publication(table.publication).release(release).published[:10]


def _faulty(opened: Opened, found: list[Fault]) -> FaultyFile:
    return FaultyFile(
        f"{opened.release}/{opened.path.name}",
        found,
        untouched="every table already stored; the other files of the release go on",
        todo="if the publisher changed the file, add the new names to the catalogue",
    )
