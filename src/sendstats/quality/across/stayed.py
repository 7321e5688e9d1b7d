"""What began in a year and still stands in the stocks after it, by years in place."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from sendstats.catalogue.places import LOCAL
from sendstats.quality.across.kept import Kept, label, years_on
from sendstats.quality.across.least import Impossible
from sendstats.quality.settings import Cell, Least, leasts, threshold

_SCHEMA = pl.Schema(
    {"day": pl.String, "place": pl.String, "stayed": pl.Int64, "usual_times": pl.Float64,
     "evidence": pl.String, "held": pl.String}
)  # fmt: skip


def stayed(held: Mapping[str, Kept], flow: pl.DataFrame, cannot: Impossible) -> pl.DataFrame:
    """Return how many of a year's beginners stand in the first stock that tells.

    Some have ended since and some moved in with a plan, so half of all authorities hold a little
    more than began. An authority that has set the start dates of its plans anew tells nothing.

    Parameters
    ----------
    held : mapping of str to Kept
        By table id.
    flow : polars.DataFrame
        ``day``, ``place``, ``n`` (the flow) and ``most`` (the largest count of it) of authorities.
    cannot : mapping of (str, str, str) to Across
        Breakdowns of `sendstats.quality.across.least.impossible`: their labels are one off.

    Returns
    -------
    polars.DataFrame
        ``day`` and ``place``; ``stayed``; ``usual_times``, the middle of all authorities' beginners
        still there, divided by the flow; and ``evidence`` and ``held``, where and on what census
        day they stand.
    """
    parts = [
        _of(held[stock.table], stock, rule, {d for t, d, _ in cannot if t == stock.table})
        for rule in leasts()
        for stock in rule.stocks
        if stock.table in held
    ]
    if not any(part.height for part in parts):
        return pl.DataFrame(schema=_SCHEMA)
    labels = pl.concat(parts)
    known = labels.join(flow, on=["day", "place"]).drop_nulls(["stayed", "n"])
    highest = labels.group_by("place").agg(pl.col("top").max())
    most = flow.group_by("place").agg(pl.col("most").max().alias("ever"))
    reset = highest.join(most, on="place").filter(
        pl.col("top") > threshold("reset_times") * pl.col("ever")
    )
    group = ["day", "age", "table", "off"]
    times = pl.when(pl.col("n") >= threshold("small")).then(pl.col("stayed") / pl.col("n"))
    known = known.with_columns(times.median().over(group).alias("usual_times"))
    known = known.join(reset.select("place"), on="place", how="anti")
    first = known.sort("day", "place", "age", "off", "table").unique(
        ["day", "place"], keep="first", maintain_order=True
    )
    return first.select(*_SCHEMA)


def _of(kept: Kept, stock: Cell, rule: Least, off: set[str]) -> pl.DataFrame:
    """Return what a table holds of each year that its labels tell of.

    Where the labels are one off, the first two are the first year, and each of the others is the
    year below its name.
    """
    rows = kept.rows.filter(
        pl.col("topic") == rule.topic, pl.col("level") == LOCAL, pl.col("item").is_in(rule.years)
    )
    top = rows.group_by("day", "place").agg(pl.col(stock.column).max().alias("top"))
    parts = []
    for age in range(len(rule.years) - 1):
        for is_off in (False, True):
            items = list(rule.years[age : age + 1])
            if is_off:
                items = list(rule.shifted) if age == 0 else [rule.years[age + 1]]
            here = rows.filter(pl.col("item").is_in(items), pl.col("day").is_in(off) == is_off)
            said = pl.format(
                "{} of {}, years in place: {}",
                pl.lit(kept.checked.layout.file), "period", pl.lit(label(rule.topic, items)),
            )  # fmt: skip
            parts.append(
                here.group_by("day", "place", maintain_order=True)
                .agg(pl.col(stock.column).sum().alias("stayed"), said.first().alias("evidence"))
                .join(top, on=["day", "place"])
                .select(
                    years_on(-age), "place",
                    "stayed", "evidence", "top", pl.col("day").alias("held"),
                    pl.lit(age).alias("age"), pl.lit(stock.table).alias("table"),
                    pl.lit(is_off).alias("off"),
                )
            )  # fmt: skip
    return pl.concat(parts)
