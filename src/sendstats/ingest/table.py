"""One raw file of one release into one stored table: published text with typed keys."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

import polars as pl

from sendstats.catalogue.publications import publication
from sendstats.catalogue.tables import Layout, Table, claimed
from sendstats.errors import Fault, FaultyFile
from sendstats.ingest import cross, faults, text
from sendstats.ingest.checks import header_faults
from sendstats.ingest.keys import repeated
from sendstats.ingest.reading import Reading
from sendstats.ingest.stored import KEYS, ROW_GROUP, stored


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
        null where the cell is blank; rows in the file's order.

    Raises
    ------
    FaultyFile
        With every fault of the file: columns, labels, codes, periods, cells, keys.
    """
    with TemporaryDirectory() as folder:
        return ingest_to(path, table, release, Path(folder) / "table.parquet").collect()


def ingest_to(path: Path, table: Table, release: str, target: Path) -> pl.LazyFrame:
    """Read one raw file piece by piece and write it as a stored table.

    Memory does not grow with the file, and the bytes written do not depend on the number of
    threads. Nothing is left at `target` unless the whole file is right.

    Parameters
    ----------
    path, table, release
        As for `ingest`.
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
    layout = table.layout(release)
    frame, wrong = _crossed(path, layout)
    header = text.header(path) if frame is None else frame.columns[1:]
    known = claimed(table.publication, release, layout.file)
    blank = [] if frame is not None else _blank(path, {*header} - known)
    wrong += header_faults(header, layout, known, blank)
    if wrong:
        raise _faulty(path, release, wrong)
    reading = Reading(table, release, header[-1])
    source = text.scan(path, reading.keys) if frame is None else _keyed(frame, reading.keys)
    target.parent.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=target.parent) as folder:
        made = Path(folder) / "table.parquet"
        with text.regular(path):
            _write(source, reading, made)
        if not layout.cross:
            text.check_rows(path, rows=reading.rows, last_is_blank=reading.last_is_blank)
        found = _faults(source, reading, made, _published(table, release))
        if found:
            raise _faulty(path, release, found)
        made.replace(target)
    return stored(target)


def _crossed(path: Path, layout: Layout) -> tuple[pl.DataFrame | None, list[Fault]]:
    """Return the rows of a table made to be read by people, and what is wrong with its names."""
    return cross.read(path, layout.cross) if layout.cross else (None, [])


def _keyed(frame: pl.DataFrame, keys: set[str]) -> pl.LazyFrame:
    return frame.lazy().rename({"row": text.ROW}).with_columns(pl.col(*keys).cast(pl.Categorical))


def _blank(path: Path, unknown: set[str]) -> list[str]:
    """Return the unknown columns that have neither a name nor a text."""
    nameless = sorted(c for c in unknown if c.startswith("(unnamed)"))
    if not nameless:
        return []
    held = [(pl.col(c).str.strip_chars() != "").any() for c in nameless]
    with text.regular(path):
        any_text = text.scan(path).select(held).collect(engine="streaming").row(0)
    return [c for c, has in zip(nameless, any_text, strict=True) if not has]


def _write(source: pl.LazyFrame, reading: Reading, path: Path) -> None:
    rows = source.map_batches(
        reading,
        schema=reading.schema,
        streamable=True,
        predicate_pushdown=False,
        projection_pushdown=False,
        slice_pushdown=False,
    )
    rows.sink_parquet(
        path,
        compression="zstd",
        compression_level=1,
        row_group_size=ROW_GROUP,
        statistics=False,
        maintain_order=True,
        engine="streaming",
    )


def _faults(source: pl.LazyFrame, reading: Reading, made: Path, published: str) -> list[Fault]:
    kept = source.filter(reading.takes)
    found = faults.label_faults(kept, reading)
    if not found:
        keys = [k for k in KEYS if k in reading.schema]
        placed = pl.scan_parquet(made).filter(pl.col("place").is_not_null())
        twice = repeated(placed, keys, reading.rows)
        found = faults.key_faults(twice, keys, reading.lookups)
    found += faults.period_faults(kept, reading, published)
    if not reading.layout.cross:  # which takes its places from the register
        found += faults.place_faults(kept, reading)
    return found + faults.cell_faults(kept, reading)


def _published(table: Table, release: str) -> str:
    """Return the date on which the release came out, "" where it is not known."""
    return publication(table.publication).release(release).published[:10]


def _faulty(path: Path, release: str, found: list[Fault]) -> FaultyFile:
    return FaultyFile(
        f"{release}/{path.name}",
        found,
        untouched="every table already stored; the other files of the release go on",
        todo="if the publisher changed the file, add the new names to the catalogue",
    )
