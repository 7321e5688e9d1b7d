"""A made-up file of pupils by ethnic group, in the layout that the publisher's preview shows.

Twenty columns: row number, ten of identification, two of constituencies, five of labels, two of
figures. Labels and places come from the catalogue, figures from a seed; rows of constituencies,
which no table takes, are left out so that every row counts.
"""

import itertools
from pathlib import Path

import polars as pl

from builders import identity
from sendstats.catalogue.labels import titles
from sendstats.catalogue.places import places
from sendstats.catalogue.tables import table
from sendstats.ingest.periods import census_day

TABLE, RELEASE = "pupils_by_ethnicity", "2025-26"
ROWS, YEARS = 12_560_016, range(2015, 2026)
SEED = 20251119


def write(path: Path, rows: int = ROWS) -> Path:
    """Write `rows` rows, a year after the other and a place after the other."""
    labels = _labels()
    years = [(f"{y}{(y + 1) % 100:02d}", _places(f"{y + 1}-01")) for y in YEARS]
    blocks = [(year, place) for year, held in years for place in held]
    each = -(-rows // len(blocks))
    if each > labels.height:
        raise ValueError(f"{labels.height} combinations of labels are too few for {rows} rows")
    done = 0
    with path.open("wb") as stream:
        for year, place in blocks:
            block = _block(labels.head(min(each, rows - done)), year, place, done)
            stream.write(block.write_csv(include_header=done == 0).encode())
            done += block.height
    return path


def _places(period):
    day = census_day(period)
    return [identity(p.key) for p in places().values() if p.in_force(day) and not _part(p)]


def _part(place):
    return place.level == "Regional" and place.region


def _labels():
    """Every combination of labels, each item in the spelling that we print."""
    dimensions = table(TABLE).layout(RELEASE).dimensions
    rows = itertools.product(*(list(titles(d.group).values()) for d in dimensions))
    columns = [c for d in dimensions for c in d.columns]
    cells = [[part for label in row for part in label.split(" | ")] for row in rows]
    return pl.DataFrame(cells, schema=columns, orient="row")


def _block(labels, year, place, done):
    row = pl.int_range(done + 1, done + 1 + labels.height, eager=True)
    pupils = (row.hash(SEED) % 5000).cast(pl.Int64)
    share = (100 * pupils / (pupils + 1 + row.hash(SEED + 1) % 9000)).round(5)
    fixed = {"time_period": year, "time_identifier": "Academic year", **place}
    fixed |= {"pcon_code": "", "pcon_name": ""}
    return pl.select(
        row.cast(pl.String).alias(""),
        *(pl.lit(text).alias(column) for column, text in fixed.items()),
        *labels.get_columns(),
        _cells(pupils, row % 11 == 0, "c").alias("pupil_count"),
        _cells(share, row % 7 == 0, "z").alias("pupil_percent"),
    )


def _cells(figures, hidden, symbol):
    return pl.when(hidden).then(pl.lit(symbol)).otherwise(figures.cast(pl.String))
