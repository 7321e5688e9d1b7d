"""What one release printed, cell by cell under keys that two releases share."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from functools import cached_property

import polars as pl

from sendstats.catalogue.labels import spellings
from sendstats.catalogue.revisions import Continued, printed_decimals
from sendstats.catalogue.symbols import symbols
from sendstats.catalogue.tables import AVERAGE, PERCENT, Layout, Table
from sendstats.ingest.stored import printed
from sendstats.ingest.symbols import meaning, number

#: What tells one cell from another in both releases.
KEY = ["period", "place", "topic", "item", "column"]
TOTAL = "total"
#: Stands where a whole file leaves a cell empty; what an extract leaves empty says nothing.
BLANK = "blank"


@dataclass(frozen=True)
class Vintage:
    """One table as one release printed it.

    Attributes
    ----------
    table : Table
    release : str
    frame : polars.DataFrame or LazyFrame
        As stored: published text under typed keys, with the file's own rows. A table too large
        for memory is read period by period.
    extract : bool
        An extract lacks rows and cells on purpose.
    layout : Layout
    whole : bool
        Whether the frame holds every row and column of the file, and not what is stored of it.
    known : dict of str to str, optional
        `measures`, where the frame is a part of a vintage.
    """

    table: Table
    release: str
    frame: pl.DataFrame | pl.LazyFrame
    extract: bool
    layout: Layout
    whole: bool = True
    known: dict[str, str] | None = None

    @property
    def rows(self) -> pl.LazyFrame:
        """The frame, to be read in part."""
        return self.frame.lazy()

    @cached_property
    def held(self) -> pl.DataFrame:
        """The frame, all of it in memory: for one period of a large table."""
        return self.rows.collect()

    @cached_property
    def periods(self) -> set[str]:
        """Periods that the frame holds."""
        return {*self.rows.select("period").unique().collect(engine="streaming").to_series()}

    def during(self, periods: Collection[str]) -> Vintage:
        """Return the part of some periods, which is all that may be compared."""
        return replace(self, frame=self.rows.filter(pl.col("period").is_in(list(periods))))

    def of(self, period: str) -> Vintage:
        """Return the part of one period, in memory."""
        part = self.rows.filter(pl.col("period") == period).collect(engine="streaming")
        return replace(self, frame=part.sort("row", maintain_order=True), known=self.measures)

    @cached_property
    def columns(self) -> list[str]:
        """Columns that hold figures, as stored."""
        return [c for c in self.rows.collect_schema().names() if c in self.layout.columns]

    @cached_property
    def measures(self) -> dict[str, str]:
        """Every column of `cells`, and how the file calls it.

        A placement of a long layout is a column like those of a wide one.
        """
        names = self.layout.columns
        if self.known is not None:
            return self.known
        if not self.layout.long:
            return {c: names[c] for c in self.columns}
        firsts = self.rows.group_by("placement").agg(pl.col("row").min())
        leaves = firsts.collect(engine="streaming").sort("row", "placement")["placement"]
        return {_column(leaf, c): names[c] for leaf in leaves for c in self.columns}

    def lacks(self, column: str) -> bool:
        """Whether the release has no such column, as far as what is held of it can tell."""
        if self.whole or self.extract:
            return not self.extract and column not in self.measures
        return not self.layout.long and column not in self.layout.columns

    def continues(self, link: Continued, by: Table) -> Vintage:
        """Return the totals as cells of the table that goes on with them."""
        names = self.rows.collect_schema().names()
        kept = [c for c in names if c not in self.layout.columns or c in link.columns]
        rows = self.rows.filter(pl.col("topic") == TOTAL, pl.col("item") == TOTAL)
        return replace(self, table=by, frame=rows.select(kept))


def _column(leaf: str, column: str) -> str:
    """Return the column that a cell of a long layout stands in when placements are columns."""
    if leaf == TOTAL:
        return column
    if column in ("plans", "plans" + PERCENT):
        return leaf + column.removeprefix("plans")
    return f"{column}@{leaf}"


def cells(vintage: Vintage, columns: list[str]) -> pl.DataFrame:
    """Return what is printed in some `measures` of a vintage.

    Returns
    -------
    polars.DataFrame
        `KEY`, ``level``, ``row``, ``text`` (never null), ``number`` (null for a symbol), ``said``
        (true for a number or a word, false for a symbol or nothing), ``reason`` (null for a
        number) and ``source``, the published column.
    """
    long = vintage.layout.long
    index = ["row", "place", "level", "period", "topic", "item", *(["placement"] if long else [])]
    stored = [c for c in vintage.columns if long or c in columns]
    found = vintage.held.unpivot(
        on=stored, index=index, variable_name="column", value_name="text"
    ).with_columns(pl.col("text").str.strip_chars())
    names = vintage.layout.columns
    found = found.with_columns(pl.col("column").replace_strict(names).alias("source"))
    found = found.with_columns(printed(pl.col("source"), vintage.layout))
    if long:
        pairs = found.select("placement", "column").unique(maintain_order=True)
        ours = [_column(leaf, column) for leaf, column in pairs.iter_rows()]
        pairs = pairs.with_columns(pl.Series("measure", ours, pl.String))
        found = found.join(pairs, on=["placement", "column"], how="left", maintain_order="left")
        found = found.with_columns(pl.col("measure").alias("column")).drop("measure", "placement")
        found = found.filter(pl.col("column").is_in(columns))
    empty = pl.col("text").is_null() | (pl.col("text") == "")
    if vintage.extract:
        found = found.filter(~empty)
    return _read(found.with_columns(pl.when(~empty).then("text").alias("text")), vintage)


def _read(found: pl.DataFrame, vintage: Vintage) -> pl.DataFrame:
    book = symbols(vintage.table.publication, vintage.release)
    symbol, word = meaning("text", book), _word(vintage.layout)
    read = found.with_columns(
        number("text", pl.Float64).alias("number"),
        (pl.col("text").is_not_null() & symbol.is_null()).alias("said"),
        pl.coalesce(symbol, word, "text", pl.lit(BLANK)).alias("reason"),
        pl.col("text").fill_null(""),
    )
    return read.with_columns(pl.when(pl.col("number").is_null()).then("reason").alias("reason"))


def _word(layout: Layout) -> pl.Expr:
    """Return our item for a word in a column of words, whatever its spelling."""
    found = [
        pl.when(pl.col("column") == column).then(
            pl.col("text").replace_strict(spellings(group), default=None, return_dtype=pl.String)
        )
        for column, group in layout.texts.items()
    ]
    return pl.coalesce([*found, pl.lit(None, pl.String)])


def decimals(vintage: Vintage) -> pl.DataFrame:
    """Return how many decimals each column is printed to: ``column`` and ``decimals``.

    A file drops trailing zeros or adds them, so one cell does not tell; the column does.
    """
    tail = pl.col(vintage.columns).str.strip_chars().str.extract(r"\.(\d*?)0*$").str.len_chars()
    leaf = pl.col("placement") if vintage.layout.long else pl.lit(TOTAL).alias("placement")
    most = vintage.rows.group_by(leaf).agg(tail.max()).collect(engine="streaming")
    digits = [
        (_column(row["placement"], column), row[column] or 0)
        for row in most.iter_rows(named=True)
        for column in vintage.columns
    ]
    schema = {"column": pl.String, "decimals": pl.Int32}
    every = pl.DataFrame(digits, schema=schema, orient="row")
    counted = every.group_by("column").agg(pl.max("decimals"))
    rounded = pl.col("column").str.ends_with(PERCENT) | pl.col("column").str.starts_with(AVERAGE)
    least = pl.when(rounded).then(printed_decimals()).otherwise(0)
    return counted.with_columns(pl.max_horizontal("decimals", least).alias("decimals"))
