"""Observations of one series in one release."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, replace

import polars as pl

from sendstats.catalogue.footprints import footprints
from sendstats.catalogue.labels import TIMES, TOTAL
from sendstats.catalogue.places import places
from sendstats.catalogue.series import BY_PART, BY_PLACEMENT, Cells, Definition
from sendstats.catalogue.tables import PERCENT, Layout
from sendstats.ingest.symbols import number
from sendstats.series.cells import ROW, Stored, count, grouped, parts, summed_over_items, valued
from sendstats.series.coherent import over_same_authorities
from sendstats.series.model import ROWS, SMALL_BASE
from sendstats.series.pieces import Piece, based, divided, fixed, placed
from sendstats.series.select import flagged


@dataclass(frozen=True)
class Request:
    """What to read: one series, one basis, some placements, one topic.

    Attributes
    ----------
    entry : Definition
    basis : str
        As `Series.basis`.
    published : str
        The basis of the published columns that are read.
    placements : tuple of str
        ``("total",)`` where the series is not broken down by placement.
    topic : str
        Topics joined by " × ", ``"total"`` for none.
    """

    entry: Definition
    basis: str = ""
    published: str = ""
    placements: tuple[str, ...] = (TOTAL,)
    topic: str = TOTAL

    @property
    def coherent(self) -> bool:
        """Whether rates are over authorities that have both counts."""
        return self.basis != self.published

    def columns_by(self, cells: Cells, layout: Layout) -> str:
        """Return the topic that columns divide by; empty if rows do, or nothing does."""
        divided = cells.divided_by(layout)
        return next((t for t in self.topic.split(TIMES) if t in divided), "")

    def rows_by(self, cells: Cells, layout: Layout) -> tuple[str, ...]:
        """Return the topics of the rows to read."""
        columns = self.columns_by(cells, layout)
        topics = tuple(t for t in self.topic.split(TIMES) if t not in (TOTAL, columns))
        whole = not topics and not columns and cells.whole_of
        return (cells.whole_of,) if whole else topics

    def reads(self, cells: Cells) -> bool:
        """Whether the cells hold what is asked."""
        topics = set(self.topic.split(TIMES))
        wanted = not cells.only_by or bool(topics & set(cells.only_by))
        return cells.basis == self.published and wanted


def observations(stored: Stored, cells: Cells, asked: Request) -> pl.DataFrame:
    """Return all that one release holds of a request, for every place and item.

    Worked out once for each store: a question about other places asks for other rows of it.

    Returns
    -------
    polars.DataFrame
        Columns of `ROWS`, with every flag but those of breaks, which need all periods held.
    """
    rows_by = asked.rows_by(cells, stored.layout)
    stored = replace(stored, topics=rows_by, where=tuple(sorted(cells.where.items())))

    def work() -> pl.DataFrame:
        frame = _read(stored, cells, asked).filter(pl.col("period") > cells.after)
        if cells.until:
            frame = frame.filter(pl.col("period") <= cells.until)
        return flagged(_described(frame, stored, cells, asked), asked.entry)

    return stored.store.once(("observations", *_key(stored, cells, asked)), work)


def levels(stored: Stored, cells: Cells, asked: Request) -> pl.DataFrame:
    """Return each ``period`` and ``level`` that one release has observations of."""

    def work() -> pl.DataFrame:
        held = observations(stored, cells, asked)
        return held.select("period", "level").unique().sort("period", "level")

    return stored.store.once(("levels", *_key(stored, cells, asked)), work)


def _key(stored: Stored, cells: Cells, asked: Request) -> tuple[Hashable, ...]:
    at = asked.entry.cells.index(cells)
    return (*stored.key, asked.entry.id, at, asked.basis, *asked.placements, asked.topic)


def _read(stored: Stored, cells: Cells, asked: Request) -> pl.DataFrame:
    if cells.published:
        return _printed_only(stored, _pieces([cells.published], stored, cells, asked))
    return _rate(stored, cells, asked) if cells.numerator else _count(stored, cells, asked)


def _pieces(
    named: list[str] | tuple[str, ...], stored: Stored, cells: Cells, asked: Request
) -> tuple[Piece, ...]:
    """Return the pieces of what is asked, out of the columns that the catalogue names."""
    columns = asked.columns_by(cells, stored.layout)
    if columns:
        return divided(cells.divided_by(stored.layout)[columns])
    if list(named) == [BY_PART]:
        return ()
    if list(named) != [BY_PLACEMENT]:
        return fixed(named)
    found = placed([p for p in asked.placements if p != TOTAL], stored.table.id, stored.layout)
    return (based(stored.layout, cells.base) if TOTAL in asked.placements else ()) + found


def _count(stored: Stored, cells: Cells, asked: Request) -> pl.DataFrame:
    found = count(stored, _pieces(cells.value, stored, cells, asked), cells.column, cells.codes)
    if cells.whole_of and asked.topic == TOTAL:
        found = summed_over_items(found)
    return found.select(
        *ROW,
        "group",
        "level",
        "label",
        pl.col("number").cast(pl.Float64).alias("value"),
        pl.lit(None, pl.Int64).alias("numerator"),
        pl.lit(None, pl.Int64).alias("denominator"),
        "reason",
        pl.col("text").alias("published"),
        pl.col("shown").alias("column"),
        "row",
        "marks",
    )


def _rate(stored: Stored, cells: Cells, asked: Request) -> pl.DataFrame:
    pieces = _pieces(cells.numerator, stored, cells, asked)
    above = count(stored, pieces, cells.column)
    under = based(stored.layout, cells.base) if cells.base else fixed(cells.denominator)
    below = count(stored, under, cells.column).select(
        *ROW,
        pl.col("number").alias("denominator"),
        pl.col("reason").alias("_reason"),
        pl.col("shown").alias("_shown"),
        pl.col("marks").alias("_marks"),
        pl.col("row").alias("_row"),
    )
    joined = above.join(below, on=ROW, how="inner", maintain_order="left")
    if asked.coherent:
        return over_same_authorities(joined)
    on = [*ROW, "group"]
    printed = _printed(stored, cells, pieces)
    return _divided(joined.join(printed, on=on, how="left", maintain_order="left"))


def _divided(joined: pl.DataFrame) -> pl.DataFrame:
    top, bottom = pl.col("number"), pl.col("denominator")
    ratio = pl.concat_str(_bracketed("shown"), pl.lit(" ÷ "), _bracketed("_shown"))
    marks = pl.concat_list("marks", "_marks").list.unique(maintain_order=True)
    return joined.select(
        *ROW,
        "group",
        "level",
        "label",
        pl.when(bottom > 0).then(100 * top / bottom).alias("value"),
        top.alias("numerator"),
        "denominator",
        pl.when(bottom == 0)
        .then(pl.lit("undefined"))
        .otherwise(pl.coalesce("reason", "_reason"))
        .alias("reason"),
        pl.col("_printed").alias("published"),
        pl.when(pl.col("_printed").is_not_null())
        .then(pl.concat_str("_percent", pl.lit(" (computed: "), ratio, pl.lit(")")))
        .otherwise(pl.concat_str(pl.lit("computed: "), ratio))
        .alias("column"),
        pl.when(pl.col("row") == pl.col("_row"))
        .then("row")
        .otherwise(pl.concat_str("row", pl.lit(" ÷ "), "_row"))
        .alias("row"),
        marks.alias("marks"),
    )


def _bracketed(column: str) -> pl.Expr:
    """Put a sum in brackets, so that what a ratio divides by reads rightly."""
    text = pl.col(column)
    several = text.str.contains(" + ", literal=True)
    return pl.when(several).then(pl.format("({})", text)).otherwise(text)


def _printed(stored: Stored, cells: Cells, pieces: tuple[Piece, ...]) -> pl.DataFrame:
    """Return the published rate beside the counts, where one column holds it."""
    if stored.layout.long:
        column = cells.column + PERCENT
        found = grouped(parts(stored, (p.leaf for p in pieces), column), pieces)
    else:
        asked = [_percent(piece, cells) for piece in pieces]
        found = grouped(parts(stored, (p.leaf for p in asked)), tuple(asked))
    on = [*ROW, "group"]
    once = found.filter(pl.len().over(on) == 1).with_columns(pl.col("place").cast(pl.String))
    return once.select(*on, pl.col("text").alias("_printed"), pl.col("shown").alias("_percent"))


def _percent(piece: Piece, cells: Cells) -> Piece:
    """Return the piece that prints the rate of a count."""
    named = cells.percent not in ("", BY_PLACEMENT, BY_PART)
    return replace(piece, leaf=cells.percent if named else piece.leaf + PERCENT)


def _printed_only(stored: Stored, pieces: tuple[Piece, ...]) -> pl.DataFrame:
    read = valued(stored, parts(stored, (p.leaf for p in pieces)))
    return grouped(read, pieces).select(
        *ROW,
        "group",
        "level",
        "label",
        number("text", pl.Float64).alias("value"),
        pl.lit(None, pl.Int64).alias("numerator"),
        pl.lit(None, pl.Int64).alias("denominator"),
        "reason",
        pl.col("text").alias("published"),
        pl.col("shown").alias("column"),
        pl.col("row").cast(pl.String).alias("row"),
        pl.col("findings").fill_null(pl.lit([], pl.List(pl.String))).alias("marks"),
    )


def _described(frame: pl.DataFrame, stored: Stored, cells: Cells, asked: Request) -> pl.DataFrame:
    """Return the columns of `ROWS`: names of places, what was asked, lineage, flags so far."""
    named = [(k, p.name, p.region) for k, p in places().items()]
    named += [(k, f.name, f.region) for k, f in footprints().items()]
    names = {key: name for key, name, _ in named}
    regions = {key: names.get(region, "") for key, _, region in named}
    small = (pl.col("denominator") < SMALL_BASE).fill_null(value=False)
    tiny = pl.concat_list(pl.when(small).then(pl.lit("small_base")))
    flags = pl.concat_list(tiny, "marks").list.drop_nulls().list.unique(maintain_order=True)
    placement, item = _narrowed(asked, asked.columns_by(cells, stored.layout))
    key = pl.col("place").cast(pl.String)
    described = frame.with_columns(
        pl.lit(asked.entry.id).alias("series"),
        key.alias("place"),
        key.replace_strict(names, return_dtype=pl.String).alias("place_name"),
        key.replace_strict(regions, return_dtype=pl.String).alias("region"),
        placement.alias("placement"),
        pl.lit(asked.topic).alias("topic"),
        item.alias("item"),
        pl.lit(asked.basis).alias("basis"),
        flags.alias("flags"),
        pl.lit(stored.table.publication).alias("publication"),
        pl.lit(stored.release).alias("release"),
        pl.lit(stored.layout.file).alias("file"),
    )
    return described.select(ROWS.names()).cast(dict(ROWS))  # type: ignore[arg-type]


def _narrowed(asked: Request, columns: str) -> tuple[pl.Expr, pl.Expr]:
    """Return placement and item: what columns and rows divide by, in the order of the topics."""
    group, item = pl.col("group"), pl.col("item")
    if asked.entry.dimension == "placement":
        return group, item
    topics = asked.topic.split(TIMES)
    if not columns:
        return pl.lit(TOTAL), item
    if topics == [columns]:
        return pl.lit(TOTAL), group
    rows = iter(range(len(topics)))
    parts = item.str.split(TIMES)
    named = [group if t == columns else parts.list.get(next(rows)) for t in topics]
    return pl.lit(TOTAL), pl.concat_str(named, separator=TIMES)
