"""Hold that published placement shares are the placement over the base of their period."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import polars as pl

from sendstats.catalogue.load import document
from sendstats.catalogue.tables import PERCENT, Base
from sendstats.ingest.symbols import number
from sendstats.quality.cells import Checked

_KEY = ["period", "place"]


def shares(checked: Checked, cells: pl.DataFrame) -> Iterable[dict[str, Any]]:
    """Hold that 100 * placement / base is the published share, as printed.

    A base under which a placement stands is stated for each layout and period; see
    `sendstats.catalogue.tables.Base`.
    """
    slack = float(document("quality.toml")["thresholds"]["printed_percentage"])
    for rule in checked.layout.bases:
        held = [p for p in cells["period"].unique() if rule.holds(p)]
        period = pl.col("period").is_in(held)
        base = _base(checked, cells.filter(period), rule)
        printed = _printed(checked).filter(period).join(base, on=_KEY)
        computed = 100 * pl.col("number") / pl.col("base")
        gap = (computed - pl.col("share")).abs()
        wrong = printed.with_columns(computed.alias("computed"), gap.alias("gap"))
        for row in wrong.filter(pl.col("gap") > slack).sort("row", "column").iter_rows(named=True):
            yield {
                "rule": "a placement over its base is the share",
                "period": row["period"],
                "place": row["place"],
                "label": row["label"],
                "column": row["column"],
                "row": row["row"],
                "expected": f"{row['computed']:.2f} ({row['number']:,} of {row['base']:,})",
                "found": row["text"],
                "size": row["gap"],
                "cause": "unknown",
                "effect": "",
            }


def _base(checked: Checked, cells: pl.DataFrame, rule: Base) -> pl.DataFrame:
    """Return ``period``, ``place`` and ``base``; none where a part of it is a non-return."""
    name = "label" if checked.layout.long else "column"
    parts = cells.filter(pl.col(name).is_in(list(rule.leaves)))
    if checked.layout.long:
        parts = parts.filter(pl.col("column") == "plans")
    somewhere = parts.group_by("period", name).agg(pl.col("number").count().alias("_places"))
    collected = parts.join(somewhere.filter(pl.col("_places") > 0), on=["period", name], how="semi")
    summed = collected.group_by(_KEY).agg(
        pl.col("number").sum().alias("base"), pl.col("number").is_null().any().alias("_null")
    )
    return summed.filter(~pl.col("_null") & (pl.col("base") > 0)).drop("_null")


def _printed(checked: Checked) -> pl.DataFrame:
    """Return every printed share with its count: ``row``, key, ``label``, ``column``, figures."""
    frame, layout = checked.total(), checked.layout
    columns = [c for c in layout.columns if c.endswith(PERCENT)]
    columns = [c for c in columns if c.removesuffix(PERCENT) in layout.columns]
    if layout.long:
        columns = [c for c in columns if c == "plans" + PERCENT]
    label = "placement" if layout.long else "item"
    found = [
        frame.select(
            "row",
            "period",
            pl.col("place").cast(pl.String),
            pl.col(label).alias("label"),
            pl.lit(column).alias("column"),
            pl.col(column).alias("text"),
            number(column, pl.Float64).alias("share"),
            number(column.removesuffix(PERCENT)).alias("number"),
        )
        for column in columns
    ]
    return pl.concat(found).drop_nulls(["share", "number"])
