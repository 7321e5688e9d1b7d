"""Observations of one series in one release."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import polars as pl

from sendstats.catalogue.places import of_level, places
from sendstats.catalogue.series import BY_PLACEMENT, Cells, SeriesEntry, placement
from sendstats.catalogue.tables import PERCENT
from sendstats.errors import WrongUse
from sendstats.ingest.symbols import number
from sendstats.series.cells import KEY, Stored, base, count, parts, summed, valued
from sendstats.series.model import ROWS, SMALL_BASE

TOTAL = "total"


@dataclass(frozen=True)
class Request:
    """What to read: one series, one basis, and one placement or item.

    Attributes
    ----------
    entry : SeriesEntry
    placement, item : str
        ``"total"`` where the series is not broken down.
    basis : str
    places : tuple of str
        Keys.
    """

    entry: SeriesEntry
    placement: str
    item: str
    basis: str
    places: tuple[str, ...]


def observations(stored: Stored, cells: Cells, asked: Request) -> pl.DataFrame:
    """Return the observations that one release holds of a request.

    Returns
    -------
    polars.DataFrame
        Columns of `ROWS`; ``flags`` hold findings, repairs and small bases, not yet notes.
    """
    frame = (
        _rate(stored, cells, asked)
        if asked.entry.unit == "percent"
        else _count(stored, cells, asked)
    )
    frame = frame.filter(
        (pl.col("item") == asked.item) & pl.col("place").cast(pl.String).is_in(list(asked.places))
    )
    return _described(frame, stored, asked)


def _leaves(named: Sequence[str], asked: Request) -> tuple[str, ...]:
    if list(named) != [BY_PLACEMENT]:
        return tuple(named)
    return placement(asked.placement).leaves


def _count(stored: Stored, cells: Cells, asked: Request) -> pl.DataFrame:
    if cells.base and asked.placement == TOTAL:
        found = base(stored, cells.base)
    elif asked.entry.dimension == "item" and asked.item == TOTAL:
        read = valued(stored, parts(stored, _leaves(cells.value, asked)))
        found = summed(read.with_columns(pl.lit(TOTAL).alias("item")))
    else:
        found = count(stored, _leaves(cells.value, asked))
    return found.select(
        *KEY,
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
    if cells.published:
        return _published_rate(stored, cells.published)
    leaves = _leaves(cells.numerator, asked)
    above = count(stored, leaves)
    below = base(stored, cells.base) if cells.base else count(stored, cells.denominator)
    below = below.select(
        *KEY,
        pl.col("number").alias("denominator"),
        pl.col("reason").alias("_reason"),
        pl.col("shown").alias("_shown"),
        pl.col("marks").alias("_marks"),
        pl.col("row").alias("_row"),
    )
    joined = above.join(below, on=KEY, how="inner", maintain_order="left")
    top, bottom = pl.col("number"), pl.col("denominator")
    undefined = bottom == 0
    return (
        joined.join(_printed(stored, cells, leaves), on=KEY, how="left", maintain_order="left")
        .with_columns(
            pl.when(bottom > 0).then(100 * top / bottom).alias("value"),
            pl.when(undefined)
            .then(pl.lit("undefined"))
            .otherwise(pl.coalesce("reason", "_reason"))
            .alias("reason"),
            pl.concat_str(_bracketed("shown"), pl.lit(" ÷ "), _bracketed("_shown")).alias("_ratio"),
            pl.concat_list("marks", "_marks").list.unique(maintain_order=True).alias("marks"),
        )
        .select(
            *KEY,
            "level",
            "label",
            "value",
            top.alias("numerator"),
            "denominator",
            "reason",
            pl.col("_printed").alias("published"),
            pl.when(pl.col("_printed").is_not_null())
            .then(pl.concat_str("_percent", pl.lit(" (computed: "), "_ratio", pl.lit(")")))
            .otherwise(pl.concat_str(pl.lit("computed: "), "_ratio"))
            .alias("column"),
            pl.when(pl.col("row") == pl.col("_row"))
            .then("row")
            .otherwise(pl.concat_str("row", pl.lit(" ÷ "), "_row"))
            .alias("row"),
            "marks",
        )
    )


def _bracketed(column: str) -> pl.Expr:
    """Put a sum in brackets, so that what a ratio divides by reads rightly."""
    text = pl.col(column)
    several = text.str.contains(" + ", literal=True)
    return pl.when(several).then(pl.format("({})", text)).otherwise(text)


def _printed(stored: Stored, cells: Cells, leaves: Sequence[str]) -> pl.DataFrame:
    """Return the published rate beside the counts, where one column holds it."""
    if stored.layout.long:
        found = parts(stored, leaves, "plans" + PERCENT)
    elif cells.percent == BY_PLACEMENT:
        found = parts(stored, [leaf + PERCENT for leaf in leaves])
    else:
        found = parts(stored, [cells.percent])
    once = found.filter(pl.len().over(KEY) == 1)
    return once.select(*KEY, pl.col("text").alias("_printed"), pl.col("shown").alias("_percent"))


def _published_rate(stored: Stored, leaf: str) -> pl.DataFrame:
    found = valued(stored, parts(stored, [leaf]))
    return found.select(
        *KEY,
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


def _described(frame: pl.DataFrame, stored: Stored, asked: Request) -> pl.DataFrame:
    known = places()
    names = {key: place.name for key, place in known.items()}
    regions = {
        key: known[place.region].name if place.region else "" for key, place in known.items()
    }
    small = pl.col("denominator") < SMALL_BASE
    tiny = pl.when(small.fill_null(value=False)).then(pl.lit("small_base"))
    flags = pl.concat_list(pl.concat_list(tiny), "marks").list.drop_nulls()
    key = pl.col("place").cast(pl.String)
    described = frame.with_columns(
        pl.lit(asked.entry.id).alias("series"),
        key.alias("place"),
        key.replace_strict(names, return_dtype=pl.String).alias("place_name"),
        pl.col("level").cast(pl.String),
        key.replace_strict(regions, return_dtype=pl.String).alias("region"),
        pl.lit(asked.placement).alias("placement"),
        pl.lit(asked.basis).alias("basis"),
        flags.list.unique(maintain_order=True).alias("flags"),
        pl.lit(stored.table.publication).alias("publication"),
        pl.lit(stored.release).alias("release"),
        pl.lit(stored.layout.file).alias("file"),
    )
    return described.select(ROWS.names()).cast(dict(ROWS))  # type: ignore[arg-type]


def resolve_places(asked: str | Sequence[str]) -> tuple[str, ...]:
    """Return place keys for a name, a level, ``"all"``, or a list of them; each key once.

    Raises
    ------
    UnknownId
        If a name is not known.
    WrongUse
        If the list is empty.
    """
    from sendstats.catalogue.places import find  # noqa: PLC0415 - avoids shadowing by argument

    groups = {
        "all": [*places().values()],
        "regions": of_level("Regional"),
        "local authorities": of_level("Local authority"),
    }
    names = asked if isinstance(asked, Iterable) and not isinstance(asked, str) else [asked]
    texts = [str(name) for name in names]  # a DfE number may come as one
    chosen = [p.key for name in texts for p in groups.get(name.casefold()) or [find(name)]]
    if not chosen:
        raise WrongUse("no place is asked for", found="an empty list", todo="name one or more")
    return tuple(dict.fromkeys(chosen))
