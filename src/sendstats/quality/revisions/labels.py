"""What is spelled, coded or ordered otherwise though it means the same: read from the raw files."""

from __future__ import annotations

import polars as pl

from sendstats.catalogue.places import LOCAL, NATIONAL
from sendstats.quality.revisions.cells import Vintage

_ROW = ["period", "place", "topic", "item"]


def labels(old: Vintage, new: Vintage, was: pl.LazyFrame, now: pl.LazyFrame) -> pl.DataFrame:
    """Return labels, names and codes that differ, and columns and rows in another order.

    Parameters
    ----------
    old, new : Vintage
        The same table of two releases, the earlier one first.
    was, now : polars.LazyFrame
        Their raw files as text, with ``row``; the header's order is that of the columns. Only what
        they spell is kept in memory, and the numbers of their rows.

    Returns
    -------
    polars.DataFrame
        Columns of `REVISIONS` that are known.
    """
    before, after = _printed(old, was), _printed(new, now)
    found = [
        _differ(before, after, ["topic"], "_topic", "relabelled"),
        _differ(before, after, ["topic", "item"], "_item", "relabelled"),
        _differ(before, after, ["place"], "_name", "relabelled"),
        _differ(before, after, ["period", "place"], "_code", "recoded"),
        _columns(*(side.drop("row").collect_schema().names() for side in (was, now))),
    ]
    if not (old.extract or new.extract):
        found.append(_rows(old, new))
    return pl.concat(found, how="diagonal_relaxed")


def _printed(vintage: Vintage, text: pl.LazyFrame) -> pl.LazyFrame:
    """Return the keys of every stored row with what the file prints for them."""
    layout = vintage.layout
    topics = {"breakdown_topic"} & {*text.collect_schema().names()}
    item = [c for c in layout.labelled if c not in topics]
    national = pl.col("geographic_level") == NATIONAL
    local = pl.col("geographic_level") == LOCAL
    name = pl.when(local).then("la_name").when(~national).then("region_name")
    spelled = text.select(
        pl.col("row").cast(pl.Int32),
        *(pl.col(c).alias("_topic") for c in topics),
        pl.concat_str(item, separator=" | ").alias("_item") if item else pl.lit("").alias("_item"),
        name.otherwise("country_name").alias("_name"),
        pl.when(local).then("new_la_code").alias("_code"),
    )
    if not topics:
        spelled = spelled.with_columns(pl.lit("").alias("_topic"))
    keys = vintage.rows.select(pl.col("row").cast(pl.Int32), *_ROW, "level")
    return keys.join(spelled, on="row", how="left")


def _differ(
    before: pl.LazyFrame, after: pl.LazyFrame, ours: list[str], printed: str, kind: str
) -> pl.DataFrame:
    """Return one line for each of ours that the two files print otherwise."""
    one, two = (_spellings(side, ours, printed) for side in (before, after))
    both = one.join(two, on=ours, how="inner", suffix="_new", maintain_order="left")
    level = ["level"] if "place" in ours else []
    differ = both.filter(pl.col("_said") != pl.col("_said_new"))
    what = {"_topic": "published topic", "_item": "published label", "_name": "name of the place"}
    return differ.select(
        pl.lit(kind).alias("kind"),
        *ours,
        *level,
        pl.col("_said").alias("old"),
        pl.col("_said_new").alias("new"),
        pl.lit(what.get(printed, "code of the place")).alias("note"),
    )


def _spellings(side: pl.LazyFrame, ours: list[str], printed: str) -> pl.DataFrame:
    level = ["level"] if "place" in ours else []
    said = side.filter(pl.col(printed) != "").select(*ours, *level, printed).unique()
    every = said.collect(engine="streaming").sort(*ours, printed)
    spelled = pl.col(printed).unique(maintain_order=True).str.join(" / ").alias("_said")
    return every.group_by(ours, maintain_order=True).agg(
        spelled, *(pl.col(name).first() for name in level)
    )


def _columns(was: list[str], now: list[str]) -> pl.DataFrame:
    """Return one line where columns of the same name stand in another order."""
    before, after = ([c for c in one if c in other] for one, other in ((was, now), (now, was)))
    places = [i for i, (a, b) in enumerate(zip(before, after, strict=True)) if a != b]
    if not places:
        return pl.DataFrame(schema={"kind": pl.String})
    part = slice(places[0], places[-1] + 1)
    said = {"old": [", ".join(before[part])], "new": [", ".join(after[part])]}
    return pl.DataFrame({"kind": ["reordered"], **said, "note": ["order of columns"]})


def _rows(old: Vintage, new: Vintage) -> pl.DataFrame:
    """Return one line where rows that both files have stand in another order."""
    shared = sorted(old.periods & new.periods)
    none = pl.DataFrame(schema={"kind": pl.String})
    if not shared:
        return none
    both = pl.concat([_both(old, new, period) for period in shared])
    moved = both.sort("row").filter(pl.col("row_new").diff() < 0)
    if moved.is_empty():
        return none
    return moved.head(1).select(
        pl.lit("reordered").alias("kind"),
        pl.col(_ROW[:2]).cast(pl.String),
        pl.col("row").alias("old_row"),
        pl.col("row_new").alias("new_row"),
        pl.lit("order of rows; the first that stands before one it followed").alias("note"),
    )


def _both(old: Vintage, new: Vintage, period: str) -> pl.DataFrame:
    """Return the first row of every key of a period in both files, and little else."""
    firsts = [
        v.rows.filter(pl.col("period") == period)
        .group_by(_ROW)
        .agg(pl.col("row").min())
        .collect(engine="streaming")
        for v in (old, new)
    ]
    both = firsts[0].join(firsts[1], on=_ROW, suffix="_new")
    return both.select(pl.col("period", "place").cast(pl.Categorical), "row", "row_new")
