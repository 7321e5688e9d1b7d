"""What is spelled, coded or ordered otherwise though it means the same: read from the raw files."""

from __future__ import annotations

import polars as pl

from sendstats.catalogue.places import LOCAL, NATIONAL
from sendstats.quality.revisions.cells import Vintage

_ROW = ["period", "place", "topic", "item"]


def labels(old: Vintage, new: Vintage, was: pl.DataFrame, now: pl.DataFrame) -> pl.DataFrame:
    """Return labels, names and codes that differ, and columns and rows in another order.

    Parameters
    ----------
    old, new : Vintage
        The same table of two releases, the earlier one first.
    was, now : polars.DataFrame
        Their raw files as text, with ``row``; the header's order is that of the columns.

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
        _columns(was.columns, now.columns),
    ]
    if not (old.extract or new.extract):
        found.append(_rows(old, new))
    return pl.concat(found, how="diagonal_relaxed")


def _printed(vintage: Vintage, text: pl.DataFrame) -> pl.DataFrame:
    """Return the keys of every stored row with what the file prints for them."""
    layout = vintage.layout
    topics = {"breakdown_topic"} & set(text.columns)
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
    keys = vintage.frame.select("row", *_ROW, "level")
    return keys.join(spelled, on="row", how="left", maintain_order="left")


def _differ(
    before: pl.DataFrame, after: pl.DataFrame, ours: list[str], printed: str, kind: str
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


def _spellings(side: pl.DataFrame, ours: list[str], printed: str) -> pl.DataFrame:
    level = [pl.col("level").first()] if "place" in ours else []
    said = side.filter(pl.col(printed) != "").group_by(ours, maintain_order=True)
    return said.agg(pl.col(printed).unique().sort().str.join(" / ").alias("_said"), *level)


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
    firsts = [
        v.frame.group_by(_ROW, maintain_order=True).agg(pl.col("row").first()) for v in (old, new)
    ]
    both = firsts[0].join(firsts[1], on=_ROW, suffix="_new", maintain_order="left")
    moved = both.sort("row").filter(pl.col("row_new").diff() < 0)
    if moved.is_empty():
        return pl.DataFrame(schema={"kind": pl.String})
    return moved.head(1).select(
        pl.lit("reordered").alias("kind"),
        *_ROW[:2],
        pl.col("row").alias("old_row"),
        pl.col("row_new").alias("new_row"),
        pl.lit("order of rows; the first that stands before one it followed").alias("note"),
    )
