"""Cells that mean something else than before: splits, mergers, other baskets, other bases."""

from __future__ import annotations

import polars as pl

from sendstats.catalogue.places import NATIONAL
from sendstats.catalogue.revisions import Redefinition, redefinitions
from sendstats.catalogue.tables import Ratio
from sendstats.quality.revisions.cells import Vintage
from sendstats.quality.revisions.sums import sums

_FIGURE = ["period", "topic", "item"]


def between(old: Vintage, new: Vintage) -> list[Redefinition]:
    """Return the changes of definition that are declared between two vintages."""
    return [r for r in redefinitions() if r.between(old.table.id, old.layout, new.layout)]


def standing(old: Vintage, new: Vintage) -> set[str]:
    """Return the columns of one side alone that a declared change accounts for."""
    return {c for r in between(old, new) for c in r.covers({*old.measures}, {*new.measures})}


def moved_items(old: Vintage, new: Vintage) -> set[tuple[str, str]]:
    """Return the topic and item of rows of one side alone that a declared change accounts for."""
    return {(r.topic, item) for r in between(old, new) if r.items for item in (*r.old, *r.new)}


def covered(old: Vintage, new: Vintage) -> dict[tuple[str, str, str], str]:
    """Return the column, period and topic of cells that are not compared one to one, and why.

    The topic is empty where the rows of every topic are meant.
    """
    found = {}
    for period in sorted(old.periods):
        for redefinition in (r for r in between(old, new) if r.holds(period)):
            every = {*old.measures}, {*new.measures}
            for column in redefinition.covers(*every) or redefinition.whole_topic(*every):
                found[column, period, redefinition.topic] = redefinition.why
        for column, why in _bases(old, new).items():
            found[column, period, ""] = why
    return found


def _bases(old: Vintage, new: Vintage) -> dict[str, str]:
    """Return published percentages that divide by something else than before."""
    before = {r.percent: r for r in old.layout.ratios}
    after = {r.percent: r for r in new.layout.ratios}
    return {
        c: f"The percentage divides by {_below(after[c])}; it divided by {_below(before[c])}."
        for c in before
        if c in after and before[c].denominator != after[c].denominator
    }


def _below(ratio: Ratio) -> str:
    named = [ratio.denominator] if isinstance(ratio.denominator, str) else [*ratio.denominator]
    return " and ".join(named).replace("_", " ")


def redefined(
    a: pl.DataFrame, b: pl.DataFrame, changed: pl.DataFrame, old: Vintage, new: Vintage
) -> pl.DataFrame:
    """Return declared changes of definition, and what no definition accounts for.

    Parameters
    ----------
    a, b : polars.DataFrame
        `cells` of the two vintages.
    changed : polars.DataFrame
        Pairs of cells that differ and that a definition covers.
    old, new : Vintage

    Returns
    -------
    polars.DataFrame
        Columns of `REVISIONS` that are known. One line for each figure and period, with England's
        numbers and in how many places the two sides agree; a place whose sums differ is revised.
    """
    found = [pl.DataFrame(schema={"kind": pl.String})]
    for redefinition in between(old, new):
        if redefinition.adds_up:
            found += sums(a, b, redefinition)
    adding = [r for r in between(old, new) if r.adds_up and not r.items]
    tested = {c for r in adding for c in (*r.old, *r.new)}
    found.append(_baskets(changed.filter(~pl.col("column").is_in(tested)), covered(old, new)))
    return pl.concat(found, how="diagonal_relaxed")


def _baskets(changed: pl.DataFrame, why: dict[tuple[str, str, str], str]) -> pl.DataFrame:
    reasons = [{"column": c, "period": p, "note": text} for (c, p, _), text in why.items()]
    notes = pl.DataFrame(
        reasons, schema={"column": pl.String, "period": pl.String, "note": pl.String}
    ).unique(["column", "period"], keep="first", maintain_order=True)
    national = pl.col("level") == NATIONAL
    was = pl.col("text").filter(national).first()
    now = pl.col("text_new").filter(national).first()
    grouped = changed.group_by([*_FIGURE, "column"], maintain_order=True).agg(
        was.alias("old"),
        now.alias("new"),
        (pl.col("number_new") - pl.col("number")).filter(national).first().round(9).alias("change"),
        was.alias("england_old"),
        now.alias("england_new"),
        pl.len().cast(pl.Int64).alias("cells"),
        pl.col("source").first().alias("old_column"),
        pl.col("source_new").first().alias("new_column"),
    )
    lines = grouped.join(notes, on=["column", "period"], how="left", maintain_order="left")
    return lines.with_columns(pl.lit("redefined").alias("kind"))
