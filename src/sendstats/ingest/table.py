"""One raw file of one release into one stored table: published text with typed keys."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from sendstats.catalogue.labels import spellings
from sendstats.catalogue.places import LEVELS, NATIONAL, REGIONAL, england, places
from sendstats.catalogue.publications import publication
from sendstats.catalogue.shapes import JOINED
from sendstats.catalogue.tables import Layout, Table, claimed
from sendstats.errors import Fault, FaultyFile
from sendstats.ingest import checks, cross, labels, periods, text

#: Key columns of a stored table, in order. `placement` is there in long layouts only.
KEYS = ["period", "place", "topic", "item", "placement"]


def ingest(path: Path, table: Table, release: str) -> pl.DataFrame:
    """Read one raw file as a stored table.

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
    layout = table.layout(release)
    frame, faults = _read(path, layout)
    known = claimed(table.publication, release, layout.file)
    faults += checks.header_faults(frame.drop(() if layout.cross is None else "row"), layout, known)
    if faults:
        raise _faulty(path, release, faults)
    frame = _kept(frame if layout.cross else frame.with_row_index("row", offset=1), layout)
    frame = labels.with_labels(_with_period(frame, table.kind, layout.period), layout)
    frame = frame.with_columns(_place(), *_placement(layout))
    faults = [
        *_key_faults(frame, layout),
        *checks.period_faults(frame, _published(table, release)),
        # a cross table takes its places from the register
        *(() if layout.cross else checks.place_faults(frame, layout.divides)),
        *checks.cell_faults(frame, layout, table.symbols(release)),
    ]
    if faults:
        raise _faulty(path, release, faults)
    return _stored(frame, layout)


def _read(path: Path, layout: Layout) -> tuple[pl.DataFrame, list[Fault]]:
    """Return the rows of a file as text, and what is wrong with their names."""
    return cross.read(path, layout.cross) if layout.cross else (text.read(path), [])


def _faulty(path: Path, release: str, faults: list[Fault]) -> FaultyFile:
    return FaultyFile(
        f"{release}/{path.name}",
        faults,
        untouched="every table already stored; the other files of the release go on",
        todo="if the publisher changed the file, add the new names to the catalogue",
    )


def _published(table: Table, release: str) -> str:
    """Return the date on which the release came out, "" where it is not known."""
    return publication(table.publication).release(release).published[:10]


def _kept(frame: pl.DataFrame, layout: Layout) -> pl.DataFrame:
    kept = [pl.col(c) == v for c, v in layout.keep.items()]
    kept += [~pl.col(u.column).is_in(list(u.values)) for u in layout.unused_rows]
    return frame.filter(kept) if kept else frame


def _with_period(frame: pl.DataFrame, kind: str, rule: str) -> pl.DataFrame:
    """Add ``period``; a file has a dozen distinct labels and many thousand rows."""
    keys = ["time_period", "time_identifier"]
    distinct = frame.select(keys).unique(maintain_order=True)
    found = [periods.period(p or "", year or "", kind, rule) for p, year in distinct.iter_rows()]
    lookup = distinct.with_columns(pl.Series("period", found, pl.String))
    return frame.join(lookup, on=keys, how="left", maintain_order="left", nulls_equal=True)


def _place() -> pl.Expr:
    level = pl.col("geographic_level")
    return (
        pl.when(level == NATIONAL)
        .then(pl.lit(england().key))
        .when(level == REGIONAL)
        .then(pl.col("region_code"))
        .otherwise(pl.col("old_la_code"))
        .alias("place")
    )


def _placement(layout: Layout) -> list[pl.Expr]:
    """Return the placement of a row, in a long layout."""
    if not layout.long:
        return []
    pair = pl.concat_str([pl.col(c) for c in layout.placement_labels], separator=JOINED)
    return [pair.replace_strict(spellings("placement"), default=None).alias("placement")]


def _key_faults(frame: pl.DataFrame, layout: Layout) -> list[Fault]:
    """Return a fault for every label that has no meaning, and for repeated keys."""
    published = {
        "period": ["time_period", "time_identifier"],
        "topic": ["breakdown_topic"] if layout.topics else [],
        "item": layout.labelled,
        "placement": list(layout.placement_labels),
    }
    known = {
        "topic": [*layout.topics],
        "item": labels.known(layout),
        "placement": [*spellings("placement")],
    }
    keys = [k for k in KEYS if k in frame.columns]
    faults = []
    for key in (k for k in keys if published.get(k)):
        what = f"{key} is not known"
        unknown = pl.col(key).is_null()
        if key == "item" and layout.topics:  # an unknown topic is one fault, not one a label
            unknown &= pl.col("topic").is_not_null()
        faults += checks.first_of(frame, unknown, published[key], what, known.get(key, []))
    columns = ["geographic_level", "region_code", "old_la_code"]
    columns = [*published["period"], *columns, *published["item"], *published["placement"]]
    return faults or checks.key_faults(frame, keys, columns)


def _stored(frame: pl.DataFrame, layout: Layout) -> pl.DataFrame:
    keys: list[pl.Expr | str] = [
        pl.col("row").cast(pl.Int32),
        pl.col("place").cast(pl.Enum(list(places()))),
        pl.col("geographic_level").cast(pl.Enum(LEVELS)).alias("level"),
        "period",
        pl.col("time_period").alias("label"),
        "topic",
        "item",
        *(["placement"] if layout.long else []),
    ]
    values = [pl.col(published).alias(ours) for ours, published in layout.columns.items()]
    return frame.select(*keys, *values)
