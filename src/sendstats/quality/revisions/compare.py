"""Compare two releases of a table: what is new, gone, changed, or meant otherwise."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import polars as pl

from sendstats.catalogue.places import NATIONAL, england, places
from sendstats.quality.revisions.cells import KEY, TOTAL, Vintage, cells, decimals
from sendstats.quality.revisions.columns import alone, columns
from sendstats.quality.revisions.meanings import covered, redefined
from sendstats.quality.revisions.rows import rows
from sendstats.quality.revisions.schema import listed

#: A figure of one period, whatever the place.
FIGURE = ["period", "topic", "item", "column"]
#: Binary fractions of printed decimals differ by less than this.
_HAIR = 1e-9


def compare(old: Vintage, new: Vintage) -> pl.DataFrame:
    """Return what changed from one release of a table to a later one.

    Only periods that both publish are compared, one after the other, so that memory is bounded by
    what one period holds. What an extract lacks is no change.

    Parameters
    ----------
    old, new : Vintage
        The same table of two releases, the earlier one first.

    Returns
    -------
    polars.DataFrame
        Columns of `REVISIONS`, the weightiest kind first.
    """
    shared = sorted(old.periods & new.periods)
    if not shared:
        return listed([])
    old, new = old.during(shared), new.during(shared)
    slack = _slack(decimals(old), decimals(new))
    parts = [_of(old.of(period), new.of(period), slack) for period in shared]
    found = [
        *(part.cells for part in parts),
        _together(pl.concat([part.words for part in parts], how="diagonal_relaxed")),
        columns([part.alone for part in parts], old, new),
    ]
    return described(pl.concat(found, how="diagonal_relaxed"), old, new)


@dataclass(frozen=True)
class _Period:
    """What changed in one period; words and the cells of columns are to be counted."""

    cells: pl.DataFrame
    words: pl.DataFrame
    alone: pl.DataFrame


def _of(old: Vintage, new: Vintage, slack: pl.DataFrame) -> _Period:
    """Compare one period, which two vintages hold in memory."""
    a, b = (cells(v, [*v.measures]) for v in (old, new))
    both = [c for c in old.measures if c in new.measures]
    meant = covered(old, new)
    pairs = _aside(_pairs(a, b, both, slack), meant)
    plain = sorted({*both} - {column for column, *_ in meant})
    found = [
        _cells(pairs.filter(~pl.col("aside")), old, new),
        redefined(a, b, pairs.filter(pl.col("aside") & _changed()), old, new),
        *_unpaired(a, b, plain, new, "withdrawn"),
        *_unpaired(b, a, plain, old, "added"),
        rows(old, new),
    ]
    changed = pl.concat(found, how="diagonal_relaxed")
    return _Period(changed, _words(pairs), alone(a, b, old, new))


def _slack(was: pl.DataFrame, now: pl.DataFrame) -> pl.DataFrame:
    """Return the difference that two printings of one number may show, by column."""
    digits = was.join(now, on="column", suffix="_new")
    fewest = pl.min_horizontal("decimals", "decimals_new")
    most = pl.max_horizontal("decimals", "decimals_new")
    halves = (_half(fewest) + _half(most)).alias("slack")
    return digits.select(
        "column", pl.when(fewest == most).then(0.0).otherwise(halves).alias("slack")
    )


def _pairs(a: pl.DataFrame, b: pl.DataFrame, both: list[str], slack: pl.DataFrame) -> pl.DataFrame:
    """Return every cell that both releases print, the later one's columns ending in ``_new``."""
    a, b = (side.filter(pl.col("column").is_in(both)) for side in (a, b))
    pairs = a.join(b.drop("level"), on=KEY, how="inner", suffix="_new", maintain_order="left")
    return pairs.join(slack, on="column", how="left", maintain_order="left")


def _half(digits: pl.Expr) -> pl.Expr:
    """Return half a unit of the last decimal."""
    return 0.5 / pl.lit(10.0).pow(digits)


def _changed() -> pl.Expr:
    gap = (pl.col("number_new") - pl.col("number")).abs() > pl.col("slack") + _HAIR
    told = pl.col("reason").ne_missing(pl.col("reason_new"))
    return gap.fill_null(value=False) | told


def _aside(pairs: pl.DataFrame, names: dict[tuple[str, str, str], str]) -> pl.DataFrame:
    """Add ``aside``: whether a change of definition covers the two numbers."""
    key = ["column", "period", "topic"]
    marks = pl.DataFrame(list(names), schema=dict.fromkeys(key, pl.String), orient="row")
    marks = marks.with_columns(pl.lit(value=True).alias("aside"))
    anywhere = marks.filter(pl.col("topic") == "").drop("topic").rename({"aside": "_all"})
    found = pairs.join(marks, on=key, how="left", maintain_order="left")
    found = found.join(anywhere, on=key[:2], how="left", maintain_order="left")
    numbers = pl.col("number").is_not_null() & pl.col("number_new").is_not_null()
    named = pl.coalesce("aside", "_all").fill_null(value=False)
    return found.with_columns((named & numbers).alias("aside")).drop("_all")


def _cells(pairs: pl.DataFrame, old: Vintage, new: Vintage) -> pl.DataFrame:
    """Return revised numbers and changed symbols, and figures that a release stopped or began."""
    was, now = pl.col("said"), pl.col("said_new")
    known = pairs.with_columns(
        was.any().over(FIGURE).alias("_was"), now.any().over(FIGURE).alias("_now")
    )
    changed = known.filter(_changed()).join(_england(pairs), on=FIGURE, how="left")
    stopped = pl.col("_was") & ~pl.col("_now") & _all_places(new)
    began = pl.col("_now") & ~pl.col("_was") & _all_places(old)
    kind = (
        pl.when(stopped)
        .then(pl.lit("withdrawn"))
        .when(began)
        .then(pl.lit("added"))
        .when(was & now)
        .then(pl.lit("revised"))
        .otherwise(pl.lit("symbol"))
    )
    changed = changed.with_columns(kind.alias("kind"))
    each = changed.filter(pl.col("kind").is_in(["revised", "symbol"]))
    return pl.concat([_each(each), _figures(changed)], how="diagonal_relaxed")


def _all_places(vintage: Vintage) -> pl.Expr:
    """Whether the vintage holds a figure for every place that the release prints it for."""
    whole = pl.lit(value=vintage.whole) | (pl.col("topic") == TOTAL)
    return whole & (not vintage.extract)


def _england(pairs: pl.DataFrame) -> pl.DataFrame:
    return pairs.filter(pl.col("level") == NATIONAL).select(
        *FIGURE, pl.col("text").alias("england_old"), pl.col("text_new").alias("england_new")
    )


def _each(changed: pl.DataFrame) -> pl.DataFrame:
    meant = pl.format("{} → {}", _word("reason"), _word("reason_new"))
    return changed.select(
        "kind",
        *KEY,
        "level",
        pl.col("text").alias("old"),
        pl.col("text_new").alias("new"),
        (pl.col("number_new") - pl.col("number")).round(9).alias("change"),
        "england_old",
        "england_new",
        pl.lit(1).alias("cells"),
        pl.col("row").alias("old_row"),
        pl.col("row_new").alias("new_row"),
        pl.col("source").alias("old_column"),
        pl.col("source_new").alias("new_column"),
        pl.when(pl.col("kind") == "symbol").then(meant).otherwise(pl.lit("")).alias("note"),
    )


def _word(reason: str) -> pl.Expr:
    return pl.col(reason).fill_null("a number").str.replace_all("_", " ")


def _figures(changed: pl.DataFrame) -> pl.DataFrame:
    """Return one row for each figure of a period that only one of the releases prints."""
    whole = changed.filter(pl.col("kind").is_in(["withdrawn", "added"]))
    return whole.group_by("kind", *FIGURE, maintain_order=True).agg(
        pl.col("england_old").first().alias("old"),
        pl.col("england_new").first().alias("new"),
        pl.col("england_old").first(),
        pl.col("england_new").first(),
        pl.len().cast(pl.Int64).alias("cells"),
        pl.col("source").first().alias("old_column"),
        pl.col("source_new").first().alias("new_column"),
        pl.lit("no place has a number in one of the two releases").first().alias("note"),
    )


def _words(pairs: pl.DataFrame) -> pl.DataFrame:
    """Return words in cells that are spelled otherwise and mean the same."""
    words = pl.col("said") & pl.col("said_new") & pl.col("number").is_null()
    respelled = pairs.filter(words & ~_changed() & (pl.col("text") != pl.col("text_new")))
    spelled = ["column", pl.col("text").alias("old"), pl.col("text_new").alias("new")]
    return respelled.group_by(spelled, maintain_order=True).agg(
        pl.len().cast(pl.Int64).alias("cells"),
        pl.col("reason").first().alias("item"),
        pl.col("source").first().alias("old_column"),
        pl.col("source_new").first().alias("new_column"),
    )


def _together(words: pl.DataFrame) -> pl.DataFrame:
    """Count the words of every period."""
    lines = words.group_by("column", "old", "new", maintain_order=True).agg(
        pl.col("cells").sum(), pl.col("item", "old_column", "new_column").first()
    )
    return lines.with_columns(
        pl.lit("relabelled").alias("kind"), pl.lit("word in cells").alias("note")
    )


def _unpaired(
    here: pl.DataFrame, there: pl.DataFrame, both: list[str], lacking: Vintage, kind: str
) -> Iterator[pl.DataFrame]:
    """Yield figures that one release alone prints in rows that both have."""
    if lacking.extract or not lacking.whole:
        return
    side = "old" if kind == "withdrawn" else "new"
    mine = here.filter(pl.col("column").is_in(both), pl.col("said"))
    alone = mine.join(there, on=KEY, how="anti", maintain_order="left")
    alone = alone.join(there, on=KEY[:-1], how="semi", maintain_order="left")
    england = pl.col("text").filter(pl.col("level") == NATIONAL).first()
    yield alone.group_by(FIGURE, maintain_order=True).agg(
        england.alias(side),
        england.alias(f"england_{side}"),
        pl.len().cast(pl.Int64).alias("cells"),
        pl.col("source").first().alias(f"{side}_column"),
        pl.lit(kind).first().alias("kind"),
        pl.lit("the other release has the row, not the figure").first().alias("note"),
    )


def described(found: pl.DataFrame, old: Vintage, new: Vintage) -> pl.DataFrame:
    """Add what is the same for every change of two vintages, and the names of places.

    A figure that changed everywhere is told of by England's number.

    Parameters
    ----------
    found : polars.DataFrame
        Columns of `REVISIONS` that are known.
    old, new : Vintage
    """
    found = listed([found])
    names = {key: place.name for key, place in places().items()}
    everywhere = pl.col("place").is_null() & pl.coalesce("england_old", "england_new").is_not_null()
    known = found.with_columns(
        pl.lit(old.table.publication).alias("publication"),
        pl.lit(old.table.id).alias("table"),
        pl.lit(old.release).alias("old_release"),
        pl.lit(new.release).alias("new_release"),
        pl.when(everywhere).then(pl.lit(england().key)).otherwise("place").alias("place"),
        pl.when(everywhere).then(pl.lit(NATIONAL)).otherwise("level").alias("level"),
    ).with_columns(
        pl.col("place")
        .replace_strict(names, default=None, return_dtype=pl.String)
        .alias("place_name")
    )
    return listed([known])
