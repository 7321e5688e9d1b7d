"""Findings of a release that was checked whole, on the same figures of an extract."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import polars as pl

from sendstats.ingest.symbols import number
from sendstats.quality.schema import FLAGS
from sendstats.store.tables import SourceFile, Store

#: What makes cells of two releases one and the same, besides the column.
_KEY = ["period", "place", "topic", "item", "placement"]
_CELL = [*_KEY, "column"]
_CELLS = pl.Schema(
    {
        "release": pl.String,
        "row": pl.Int64,
        "period": pl.String,
        "place": pl.String,
        "topic": pl.String,
        "item": pl.String,
        "placement": pl.String,
        "column": pl.String,
        "number": pl.Float64,
        "decimals": pl.Int64,
    }
)
#: Printed decimals are not exact in binary.
_FLOAT = 1e-9
_COMPARED = [*FLAGS, "number", "changed", "newest"]


def carried(
    store: Store, sources: Iterable[SourceFile], flags: pl.DataFrame, findings: pl.DataFrame
) -> pl.DataFrame:
    """Return the flags that cells of extracts inherit from releases that were checked whole.

    An extract lacks most of what a figure is checked against, and the same printed figure is
    wrong in the same way. A cell takes the flags of the newest whole release that prints the same
    number: where that one found nothing, an older finding has lapsed. A finding stays behind
    where the extract prints another number in any cell that it touches, for that may be the
    correction (one rounded to other decimals is none), and where the cell broke the same rule in
    the extract itself. Repairs never travel.

    Parameters
    ----------
    store : Store
        Its tables are stored already.
    sources : iterable of SourceFile
        The stored tables, and which of them are extracts.
    flags : polars.DataFrame
        Columns of `FLAGS`, of stored cells.
    findings : polars.DataFrame
        Columns of `sendstats.quality.schema.FINDINGS`.

    Returns
    -------
    polars.DataFrame
        Columns of `FLAGS`, sorted; the finding is that of the release in which it was made.
    """
    rules = findings.select("finding", "rule")
    by_table: dict[str, list[SourceFile]] = {}
    for source in sorted(sources):
        by_table.setdefault(source.table, []).append(source)
    found = [
        _compared(store, held, flags.filter(pl.col("table") == table))
        for table, held in sorted(by_table.items())
    ]
    if not found:
        return flags.clear()
    told = pl.concat(found)
    figures = told.filter(pl.col("number").is_not_null())
    changed = figures.filter("changed")
    own = flags.join(rules, on="finding")
    kept = (
        figures.filter("newest")
        .join(changed, on=["finding", "release"], how="anti")
        .join(rules, on="finding")
        .join(own, on=["table", "release", "row", "period", "column", "rule"], how="anti")
    )
    return kept.select(list(FLAGS)).unique().sort(list(FLAGS))


def _compared(store: Store, sources: list[SourceFile], flags: pl.DataFrame) -> pl.DataFrame:
    """Return every flagged cell of whole releases as the extracts of one table print it.

    Columns of `FLAGS`, of the extract's cell, with its ``number``, whether that is ``changed`` from
    the flagged cell, and whether that is of the ``newest`` whole release with the same number.
    """
    columns = flags["column"].unique().sort().to_list()
    scans: tuple[dict[str, pl.LazyFrame], ...] = ({}, {})
    for s in sources:
        scans[s.extract][s.release] = _keyed(store.scan(s.table, s.release), columns)
    rows = _rows(scans[False], flags)
    whole, extracts = (_cells(held, rows) for held in scans)
    flagged = whole.join(flags, on=["release", "row", "period", "column"])
    of = flagged.select("finding", "table", pl.col("release").alias("release_whole"), *_CELL)
    here, there = pl.col("number"), pl.col("number_whole")
    same = here.eq_missing(there)
    last = pl.col("release_whole").filter(same).max().over("release", *_CELL)
    both = (
        extracts.join(of, on=_CELL, how="semi")
        .join(whole.drop("row"), on=_CELL, suffix="_whole")
        .with_columns(
            (~same & ((here - there).abs() > _rounding()).fill_null(value=True)).alias("changed"),
            (same & (pl.col("release_whole") == last)).alias("newest"),
        )
    )
    return both.join(of, on=["release_whole", *_CELL]).select(_COMPARED)


def _rounding() -> pl.Expr:
    """Return by how much one figure may differ in print: half a unit of the coarser decimal."""
    coarser = pl.min_horizontal("decimals", "decimals_whole")
    return 0.5 * pl.lit(10.0).pow(-coarser) * (1 + _FLOAT)


def _keyed(table: pl.LazyFrame, columns: list[str]) -> pl.LazyFrame:
    """Return ``row``, the key as text and those of the columns that the table has."""
    names = table.collect_schema().names()
    key = [pl.col(k) if k in names else pl.lit("total").alias(k) for k in _KEY]
    text = [k.cast(pl.String) for k in key]
    return table.select(pl.col("row").cast(pl.Int64), *text, *(c for c in columns if c in names))


def _rows(tables: Mapping[str, pl.LazyFrame], flags: pl.DataFrame) -> pl.LazyFrame:
    """Return the key of every row with a flagged cell: few of all rows."""
    found = [pl.LazyFrame(schema=dict.fromkeys(_KEY, pl.String))]
    for release, table in tables.items():
        mine = flags.lazy().filter(pl.col("release") == release)
        found.append(table.join(mine, on=["row", "period"], how="semi").select(_KEY))
    return pl.concat(found).unique()


def _cells(tables: Mapping[str, pl.LazyFrame], rows: pl.LazyFrame) -> pl.DataFrame:
    """Return the cells of some rows, one a row, with the number that each holds if any."""
    found = [pl.DataFrame(schema=_CELLS)]
    text = pl.col("text").cast(pl.String)  # a table may have none of the columns
    after = text.str.strip_chars().str.extract(r"\.(\d+)$")
    decimals = after.str.len_chars().fill_null(0).cast(pl.Int64)
    for release, table in tables.items():
        cells = table.join(rows, on=_KEY, how="semi").unpivot(
            index=["row", *_KEY], variable_name="column", value_name="text"
        )
        shown = cells.filter(pl.col("text").is_not_null()).with_columns(
            pl.lit(release).alias("release"),
            number(text, pl.Float64).alias("number"),
            decimals.alias("decimals"),
        )
        found.append(shown.select(list(_CELLS)).collect())
    return pl.concat(found)
