"""Cells that mean something else than before: splits, mergers, other baskets, other bases."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from sendstats.catalogue.places import NATIONAL
from sendstats.catalogue.revisions import Redefinition, redefinitions
from sendstats.catalogue.tables import Ratio
from sendstats.quality.revisions.cells import Vintage

_ROW = ["period", "place", "topic", "item"]
_FIGURE = ["period", "topic", "item"]


def between(old: Vintage, new: Vintage) -> list[Redefinition]:
    """Return the changes of definition that are declared between two vintages."""
    return [r for r in redefinitions() if r.between(old.table.id, old.layout, new.layout)]


def standing(old: Vintage, new: Vintage) -> set[str]:
    """Return the columns of one side alone that a declared change accounts for."""
    return {c for r in between(old, new) for c in r.covers({*old.measures}, {*new.measures})}


def covered(old: Vintage, new: Vintage) -> dict[tuple[str, str, str], str]:
    """Return the column, period and topic of cells that are not compared one to one, and why.

    The topic is empty where the rows of every topic are meant.
    """
    found = {}
    for period in old.frame["period"].unique(maintain_order=True):
        for redefinition in (r for r in between(old, new) if r.holds(period)):
            for column in redefinition.covers({*old.measures}, {*new.measures}):
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
            found += _sums(a, b, redefinition, old, new)
    tested = {c for r in between(old, new) if r.adds_up for c in (*r.old, *r.new)}
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


def _sums(
    a: pl.DataFrame, b: pl.DataFrame, of: Redefinition, old: Vintage, new: Vintage
) -> Iterator[pl.DataFrame]:
    """Yield one line a figure and period, and one for each place whose two sums differ."""
    before, after = _sum(a, of.old, of), _sum(b, of.new, of)
    tested = before.join(after, on=_ROW, suffix="_new", maintain_order="left").with_columns(
        (pl.col("number_new") - pl.col("number")).alias("change"),
        pl.lit(" + ".join(of.new if len(of.old) > 1 else of.old)).alias("column"),
        pl.lit(of.why).alias("note"),
    )
    texts = {"text": "old", "text_new": "new"}
    national = tested.filter(pl.col("level") == NATIONAL)
    england = national.select(
        *_FIGURE, pl.col("text").alias("england_old"), pl.col("text_new").alias("england_new")
    )
    places = tested.group_by(_FIGURE, maintain_order=True).agg(
        pl.len().cast(pl.Int64).alias("cells"), (pl.col("change") == 0).sum().alias("_agree")
    )
    lines = places.join(england, on=_FIGURE, how="left", maintain_order="left")
    yield (
        lines.join(
            national.select(*_FIGURE, "change", "column"),
            on=_FIGURE,
            how="left",
            maintain_order="left",
        )
        .with_columns(
            pl.lit("redefined").alias("kind"),
            pl.col("england_old").alias("old"),
            pl.col("england_new").alias("new"),
            pl.format(
                "{} The sums agree in {} of {} places.", pl.lit(of.why), "_agree", "cells"
            ).alias("note"),
            pl.lit(_published(old, of.old)).alias("old_column"),
            pl.lit(_published(new, of.new)).alias("new_column"),
        )
        .drop("_agree")
    )
    differ = tested.filter(pl.col("change") != 0).join(england, on=_FIGURE, how="left")
    yield (
        differ.rename(texts | {"row": "old_row", "row_new": "new_row"})
        .with_columns(
            pl.lit("revised").alias("kind"),
            pl.lit(1).cast(pl.Int64).alias("cells"),
            pl.lit(_published(old, of.old)).alias("old_column"),
            pl.lit(_published(new, of.new)).alias("new_column"),
            pl.format("sums of what was split or merged; {}", "note").alias("note"),
        )
        .drop("number", "number_new", "level_new")
    )


def _published(vintage: Vintage, columns: tuple[str, ...]) -> str:
    names = [vintage.measures[c] for c in columns if c in vintage.measures]
    return " + ".join(dict.fromkeys(names))


def _sum(found: pl.DataFrame, columns: tuple[str, ...], of: Redefinition) -> pl.DataFrame:
    """Return the sum of some columns wherever every one that must be there has a number."""
    held = found.filter(
        pl.col("column").is_in(list(columns)),
        pl.col("period").is_in([p for p in found["period"].unique() if of.holds(p)]),
        pl.lit(not of.topic) | (pl.col("topic") == of.topic),
    )
    needed = [c for c in columns if c not in of.may_lack]
    numbers = held.filter(pl.col("number").is_not_null())
    summed = (
        numbers.sort("column")
        .group_by([*_ROW, "level"], maintain_order=True)
        .agg(
            pl.col("number").sum(),
            pl.col("text").str.join(" + "),
            pl.col("row").min(),
            pl.col("column").is_in(needed).sum().alias("_held"),
        )
    )
    return summed.filter(pl.col("_held") == len(needed)).drop("_held").sort("row")
