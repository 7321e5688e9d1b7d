"""From stored text to values: cast, reason and lineage of the cells a series asks for.

Reasons and lineage are computed when a series is read, not stored: the stored tables hold what
was published and nothing else.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

import polars as pl

from sendstats.catalogue.labels import TIMES, TOTAL
from sendstats.catalogue.symbols import UNTOLD
from sendstats.catalogue.tables import Layout, Table
from sendstats.errors import DataProblem
from sendstats.ingest.stored import printed
from sendstats.ingest.symbols import meaning, number, settled
from sendstats.series.footprints import with_footprints
from sendstats.series.model import REPAIRED, UNREPAIRED
from sendstats.series.pieces import Piece
from sendstats.store.tables import Store

#: What tells one published row from another, and what tells apart the sums made of it.
ROW = ["period", "place", "item"]
CELL = [*ROW, "group"]
_ABOUT = ["level", "label"]
#: What tells one cell of a stored table from another.
LINEAGE = ["row", "period", "column"]
#: How to get every row and column that the releases publish.
DETAIL = (
    "make the store of every row with sendstats ingest --detail, "
    "then say store=ss.Store('build/detail')"
)
#: A part with one of these reasons is no part in that period, so a sum may go without it.
ABSENT = ["not_collected", "not_applicable"]


@dataclass(frozen=True)
class Stored:
    """One stored table with the catalogue's knowledge of it, and which rows of it are meant.

    `topics` are what the rows are divided by; `where` are the items that they have by other
    topics, which are not named again.
    """

    store: Store
    table: Table
    release: str
    repaired: bool = True
    topics: tuple[str, ...] = ()
    where: tuple[tuple[str, str], ...] = ()

    @property
    def layout(self) -> Layout:
        """The layout of this release."""
        return self.table.layout(self.release)

    @property
    def extract(self) -> bool:
        """Whether only a filtered download of the file is held."""
        publication = self.table.publication
        return self.store.source(publication, self.release, self.layout.file).extract

    @property
    def key(self) -> tuple[Hashable, ...]:
        """What tells the figures of this table from those of another."""
        return (self.table.id, self.release, self.repaired, self.topics, self.where)

    def rows(self, columns: Sequence[str]) -> pl.DataFrame:
        """Return `columns` of the rows that are meant, ``item`` being of `topics` alone."""
        fixed = dict(self.where)
        asked = {*self.topics, *fixed}
        order = [d.topic for d in self.layout.dimensions if d.topic in asked]
        named = [*order, *(t for t in (*self.topics, *fixed) if t not in order)]
        frame = self._by(TIMES.join(named) or TOTAL, columns)
        if not fixed and named == list(self.topics):
            return frame
        parts = pl.col("item").str.split(TIMES)
        for topic, one in fixed.items():
            frame = frame.filter(parts.list.get(named.index(topic)) == one)
        kept = [parts.list.get(named.index(topic)) for topic in self.topics]
        item = pl.concat_str(kept, separator=TIMES) if kept else pl.lit(TOTAL)
        return frame.with_columns(item.alias("item"))

    def _by(self, topic: str, columns: Sequence[str]) -> pl.DataFrame:
        """Return the rows of one topic; of a table of many topics, only those are read."""
        mine, table = pl.col("topic") == topic, self.table.id
        if topic == TOTAL:
            frame = self.store.read(table, self.release).filter(mine)
            return _only(self, frame, columns)
        return _only(self, self.store.scan(table, self.release).filter(mine), columns).collect()


Frame = TypeVar("Frame", pl.DataFrame, pl.LazyFrame)


def _only(stored: Stored, frame: Frame, columns: Sequence[str]) -> Frame:
    """Return some columns; a part that the release publishes and the store lacks is refused."""
    lost = [c for c in columns if c not in frame.collect_schema()]
    if lost:
        raise DataProblem(
            f"the stored table {stored.table.id} of release {stored.release} lacks columns",
            where=stored.store.root.name,
            found=f"no {', '.join(lost)}",
            todo=DETAIL,
        )
    return frame.select(columns)


def parts(stored: Stored, leaves: Iterable[str], column: str = "plans") -> pl.DataFrame:
    """Return the cells of `leaves`, one row a cell.

    Parameters
    ----------
    stored : Stored
    leaves : iterable of str
        Columns of a wide layout, or labels of a long one; those it lacks are left out.
    column : str
        Where a long layout keeps the figure.

    Returns
    -------
    polars.DataFrame
        ``period``, ``place``, ``item``, ``level``, ``label``, ``row``, ``leaf``, ``text``
        (published, never null), ``shown`` and ``column`` (its column, as published and ours).
    """
    layout, index = stored.layout, [*ROW, *_ABOUT, "row"]
    asked = list(dict.fromkeys(leaves))
    if layout.long:
        found = stored.rows([*index, "placement", column])
        found = found.filter(pl.col("placement").is_in(asked)).select(
            *index, pl.col("placement").alias("leaf"), pl.col(column).alias("text")
        )
        shown = pl.format(layout.columns[column] + " ({})", "leaf")
        named = [shown.alias("shown"), pl.lit(column).alias("column")]
    else:
        held = {x: layout.columns[x] for x in asked if x in layout.columns}
        frame = stored.rows([*index, *held])
        found = frame.unpivot(on=list(held), index=index, variable_name="leaf", value_name="text")
        found = found.cast({"leaf": pl.String, "text": pl.String})
        shown = pl.col("leaf").replace_strict(held, default=None, return_dtype=pl.String)
        named = [shown.alias("shown"), pl.col("leaf").alias("column")]
    found = found.filter(pl.col("text").is_not_null()).with_columns(named)
    return found.with_columns(printed(pl.col("shown"), layout))


def valued(
    stored: Stored, cells: pl.DataFrame, codes: Mapping[str, int] | None = None
) -> pl.DataFrame:
    """Add ``number``, ``reason``, ``repair`` and ``findings`` to the cells of `parts`.

    Parameters
    ----------
    stored : Stored
    cells : polars.DataFrame
    codes : mapping of str to int, optional
        What words say as a count, where the cells hold words.
    """
    book = stored.table.symbols(stored.release)
    value, some = number("text"), number("text", pl.Float64)
    if codes:
        value = pl.col("text").str.strip_chars().replace_strict(codes, default=None)
        value = some = value.cast(pl.Int64)
    nobody = some.is_null().all().over("period", "item", "leaf")
    reason = settled(meaning("text", book), nobody_has_one=nobody)
    return _found(
        stored, _repaired(stored, cells.with_columns(value.alias("number"), reason.alias("reason")))
    )


def _repaired(stored: Stored, cells: pl.DataFrame) -> pl.DataFrame:
    repairs = _mine(stored, stored.store.repairs)
    if repairs.is_empty():
        return cells.with_columns(pl.lit(None, pl.String).alias("repair"))
    proven = repairs.select(
        pl.col("row").cast(pl.Int32),
        "period",
        "column",
        pl.col("value").alias("_value"),
        pl.lit(REPAIRED if stored.repaired else UNREPAIRED).alias("repair"),
    )
    joined = cells.join(proven, on=LINEAGE, how="left", maintain_order="left")
    if stored.repaired:
        joined = joined.with_columns(pl.coalesce("_value", "number").alias("number"))
    return joined.drop("_value")


def _found(stored: Stored, cells: pl.DataFrame) -> pl.DataFrame:
    """Add ``findings``: ids of the findings that touch each cell."""
    flags = _mine(stored, stored.store.flags).select(
        pl.col("row").cast(pl.Int32), "period", "column", "finding"
    )
    if flags.is_empty():
        return cells.with_columns(pl.lit([], pl.List(pl.String)).alias("findings"))
    grouped = flags.group_by(LINEAGE).agg(pl.col("finding").sort().alias("findings"))
    return cells.join(grouped, on=LINEAGE, how="left", maintain_order="left")


def _mine(stored: Stored, side: pl.DataFrame) -> pl.DataFrame:
    return side.filter((pl.col("table") == stored.table.id) & (pl.col("release") == stored.release))


def grouped(cells: pl.DataFrame, pieces: tuple[Piece, ...]) -> pl.DataFrame:
    """Return the cells with the ``group`` that each belongs to in its period.

    Where a group cannot be told apart from others, its cells have no number, for that reason.
    """
    plan = pl.DataFrame(
        [(p.group, p.leaf, p.after, p.until, p.told) for p in pieces],
        schema={
            **dict.fromkeys(("group", "leaf", "after", "until"), pl.String),
            "told": pl.Boolean,
        },
        orient="row",
    )
    joined = cells.join(plan, on="leaf", how="inner", maintain_order="left")
    if plan.select((pl.col("after") != "").any() | (pl.col("until") != "").any()).item():
        ends = (pl.col("until") == "") | (pl.col("period") <= pl.col("until"))
        joined = joined.filter((pl.col("after") < pl.col("period")) & ends)
    if not plan["told"].all() and "number" in joined.columns:
        told = pl.col("told")
        joined = joined.with_columns(
            pl.when(told).then("number").alias("number"),
            pl.when(told).then("reason").otherwise(pl.lit(UNTOLD)).alias("reason"),
        )
    return joined.drop("after", "until", "told")


def summed(cells: pl.DataFrame) -> pl.DataFrame:
    """Add up the cells of one key.

    A part that was not collected in that period is left out; a part that is null for any other
    reason makes the sum null, with that reason.

    Returns
    -------
    polars.DataFrame
        ``period``, ``place``, ``item``, ``group``, ``level``, ``label``, ``number``, ``reason``,
        ``text``, ``shown``, ``row`` (text, joined by " + ") and ``marks`` (list of flags).
    """
    missing = pl.col("number").is_null()
    blocking = missing & ~pl.col("reason").is_in(ABSENT)
    count = (~missing).sum()
    whole = (count > 0) & ~blocking.any()
    why = pl.coalesce(pl.col("reason").filter(blocking).first(), pl.col("reason").first())
    keys = [*CELL, *_ABOUT]
    added = cells.group_by(keys, maintain_order=True).agg(
        pl.when(whole).then(pl.col("number").sum()).alias("number"),
        pl.when(whole).then(None).otherwise(why).alias("reason"),
        pl.col("text").str.join(" + ").alias("text"),
        pl.col("shown").unique(maintain_order=True).str.join(" + ").alias("shown"),
        pl.col("row").unique(maintain_order=True).cast(pl.String).str.join(" + ").alias("row"),
    )
    return added.join(
        _marked(cells, keys), on=keys, how="left", maintain_order="left"
    ).with_columns(pl.col("marks").fill_null(pl.lit([], pl.List(pl.String))))


def _marked(cells: pl.DataFrame, keys: list[str]) -> pl.DataFrame:
    """Return ``marks`` of the keys that have some; few cells have."""
    some = cells.filter(pl.col("repair").is_not_null() | (pl.col("findings").list.len() > 0))
    return (
        some.select(*keys, _marks().alias("marks"))
        .explode("marks", empty_as_null=True)
        .group_by(keys, maintain_order=True)
        .agg("marks")
    )


def _marks() -> pl.Expr:
    findings = pl.col("findings").fill_null(pl.lit([], pl.List(pl.String)))
    return pl.concat_list(pl.concat_list("repair").list.drop_nulls(), findings)


def alone(cells: pl.DataFrame) -> pl.DataFrame:
    """Return what `summed` returns for cells of which no two have one key."""
    return cells.select(
        *CELL,
        *_ABOUT,
        "number",
        pl.when(pl.col("number").is_null()).then("reason").alias("reason"),
        "text",
        "shown",
        pl.col("row").cast(pl.String),
        _marks().alias("marks"),
    )


def count(
    stored: Stored,
    pieces: tuple[Piece, ...],
    column: str = "plans",
    codes: Mapping[str, int] | None = None,
) -> pl.DataFrame:
    """Return the sum of each group of `pieces` for every row, as `summed` does.

    Footprints come with the places, and regions of which only parts are printed.
    """

    def work() -> pl.DataFrame:
        read = valued(stored, parts(stored, (p.leaf for p in pieces), column), codes)
        single = len({p.group for p in pieces}) == len(pieces)
        made = (alone if single else summed)(grouped(read, pieces))
        return with_footprints(made, stored.layout.divides, extract=stored.extract)

    return stored.store.once(("count", *stored.key, pieces, column), work)


def summed_over_items(counts: pl.DataFrame) -> pl.DataFrame:
    """Return the sum over the items of every place and period; null where an item is."""
    number, reason = pl.col("number"), pl.col("reason")
    blocking = number.is_null() & ~reason.is_in(ABSENT)
    whole = number.is_not_null().any() & ~blocking.any()
    why = pl.coalesce(reason.filter(blocking).first(), reason.first())
    keys = ["period", "place", "group", *_ABOUT]
    return counts.group_by(keys, maintain_order=True).agg(
        pl.lit(TOTAL).alias("item"),
        pl.when(whole).then(number.sum()).alias("number"),
        pl.when(whole).then(None).otherwise(why).alias("reason"),
        pl.col("text").str.join(" + "),
        pl.col("shown").unique(maintain_order=True).str.join(" + "),
        pl.col("row").str.join(" + "),
        pl.col("marks").explode().drop_nulls().unique(maintain_order=True),
    )
