"""Accounting identities over whatever columns a table declares, and what fails them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import polars as pl

from sendstats.catalogue.load import document
from sendstats.catalogue.places import (
    LOCAL,
    NATIONAL,
    REGIONAL,
    Place,
    england,
    of_level,
    places,
    printed,
)
from sendstats.catalogue.tables import Ratio, Table
from sendstats.ingest.periods import census_day
from sendstats.ingest.symbols import number
from sendstats.quality.cells import WHAT, Checked, counts
from sendstats.quality.schema import FINDINGS, FLAGS
from sendstats.quality.shares import shares

Finding = dict[str, Any]


def check(
    frame: pl.DataFrame, table: Table, release: str, *, extract: bool
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Run every gate over one ingested table.

    Parameters
    ----------
    frame : polars.DataFrame
        As `sendstats.ingest.table.ingest` returns it, all rows.
    table : Table
    release : str
    extract : bool
        Whether the file is an extract; gates that need every place are then left out.

    Returns
    -------
    findings, flags : polars.DataFrame
        Columns of `FINDINGS` and `FLAGS`.
    """
    checked = Checked(table, release, frame, extract)
    cells = counts(checked)
    gates: list[Callable[[Checked, pl.DataFrame], Iterable[Finding]]] = [parts, ratios, shares]
    if not extract:
        gates += [geography, coverage, presence]
    found = [finding for gate in gates for finding in gate(checked, cells)]
    return _tables(checked, found)


def _tables(checked: Checked, found: list[Finding]) -> tuple[pl.DataFrame, pl.DataFrame]:
    findings, flags = [], []
    for finding in found:
        column = finding["column"]
        name = f"{finding['rule']}.{checked.table.id}.{checked.release}.{finding['period']}"
        ident = f"{name}.{finding['place']}.{finding['label']}.{column}"
        where = {"finding": ident, "table": checked.table.id, "release": checked.release}
        cells = finding.pop("cells", [(finding["row"], column)])
        findings.append(
            finding
            | where
            | {
                "file": checked.layout.file,
                "place_name": places()[finding["place"]].name,
                "published_column": checked.layout.columns.get(column, column),
            }
        )
        flags += [where | {"row": row, "column": c} for row, c in cells if row is not None]
    return pl.DataFrame(findings, schema=FINDINGS), pl.DataFrame(flags, schema=FLAGS)


def threshold(name: str) -> float:
    """Return a threshold of ``quality.toml``."""
    return float(document("quality.toml")["thresholds"][name])


def geography(_: Checked, cells: pl.DataFrame) -> Iterable[Finding]:
    """Hold that authorities sum to their region and regions to England, in every count.

    Where some children have no number the parent is at least the sum of the others.
    """
    for level, parent_level in ((LOCAL, REGIONAL), (REGIONAL, NATIONAL)):
        children = cells.filter(pl.col("level") == level)
        summed = children.group_by([*WHAT, pl.col("region").alias("place")]).agg(
            pl.col("number").sum().alias("sum"),
            pl.col("number").is_null().sum().alias("nulls"),
            pl.len().alias("held"),
            pl.col("row").alias("rows"),
            pl.col("number").alias("numbers"),
        )
        parents = cells.filter(pl.col("level") == parent_level, pl.col("number").is_not_null())
        joined = _with_in_force(parents.join(summed, on=[*WHAT, "place"], how="inner"), level)
        whole = (pl.col("nulls") == 0) & (pl.col("held") >= pl.col("in_force"))
        wrong = (whole & (pl.col("sum") != pl.col("number"))) | (
            ~whole & (pl.col("sum") > pl.col("number"))
        )
        for row in joined.filter(wrong).sort("row").iter_rows(named=True):
            yield _geography(row, whole=row["nulls"] == 0 and row["held"] >= row["in_force"])


def _with_in_force(wholes: pl.DataFrame, level: str) -> pl.DataFrame:
    """Add ``in_force``: how many members of `level` each whole has in each period."""
    members = of_level(level)
    pairs = wholes.select("period", "place").unique(maintain_order=True)
    found = [
        sum(p.in_force(census_day(period)) and _parent(p.region) == place for p in members)
        for period, place in pairs.iter_rows()
    ]
    counted = pairs.with_columns(pl.Series("in_force", found, pl.Int64))
    return wholes.join(counted, on=["period", "place"], how="left", maintain_order="left")


def _parent(region: str) -> str:
    return region or england().key


def _geography(row: Finding, *, whole: bool) -> Finding:
    copies = sum(n == row["number"] for n in row["numbers"])
    cause = f"{copies} of {row['held']} members carry the total itself" if copies > 1 else "unknown"
    least = "" if whole else "at least "
    return {
        "rule": "members sum to the whole",
        "period": row["period"],
        "place": row["place"],
        "label": row["label"],
        "column": row["column"],
        "row": row["row"],
        "expected": f"{least}{row['sum']:,} (sum of {row['held']} members)",
        "found": f"{row['number']:,}",
        "size": float(abs(row["sum"] - row["number"])),
        "cause": cause,
        "effect": "",
        "cells": [(r, row["column"]) for r in [row["row"], *row["rows"]]],
    }


def parts(checked: Checked, cells: pl.DataFrame) -> Iterable[Finding]:
    """Hold that parts sum to their total wherever the total and every part have a number.

    A part that England has no number for in that period was not collected and is no part.
    """
    collected = cells.filter(pl.col("level") == NATIONAL, pl.col("number").is_not_null())
    held = collected.select(*WHAT)
    for identity in checked.layout.sums:
        total = cells.filter(pl.col("column") == identity.total, pl.col("number").is_not_null())
        members = cells.filter(pl.col("column").is_in(list(identity.parts))).join(
            held, on=WHAT, how="semi"
        )
        summed = members.group_by("row").agg(
            pl.col("number").sum().alias("sum"), pl.col("number").is_null().any().alias("nulls")
        )
        joined = total.join(summed, on="row").filter(
            ~pl.col("nulls") & (pl.col("sum") != pl.col("number"))
        )
        for row in joined.sort("row").iter_rows(named=True):
            yield {
                "rule": "parts sum to the total",
                **{k: row[k] for k in ("period", "place", "label", "column", "row")},
                "expected": f"{row['sum']:,} (sum of {len(identity.parts)} parts)",
                "found": f"{row['number']:,}",
                "size": float(abs(row["sum"] - row["number"])),
                "cause": "unknown",
                "effect": "",
            }


def ratios(checked: Checked, cells: pl.DataFrame) -> Iterable[Finding]:
    """Hold that 100 * numerator / denominator is the published percentage, as printed."""
    wide = cells.pivot(on="column", index="row", values="number")
    total = checked.total()
    for ratio in checked.layout.ratios:
        if isinstance(ratio.denominator, tuple) or not {
            ratio.numerator,
            ratio.denominator,
        } <= set(wide.columns):
            continue
        frame = total.select(
            "row", "place", "period", "item", pl.col(ratio.percent).alias("text")
        ).join(wide.select("row", ratio.numerator, ratio.denominator), on="row")
        computed = 100 * pl.col(ratio.numerator) / pl.col(ratio.denominator)
        gap = (computed - number("text", pl.Float64)).abs()
        frame = frame.with_columns(computed.alias("computed"), gap.alias("gap"))
        wrong = frame.filter(
            pl.col("gap").is_finite() & (pl.col("gap") > threshold("printed_percentage"))
        )
        for row in wrong.sort("row").iter_rows(named=True):
            yield {
                "rule": "numerator over denominator is the rate",
                "period": row["period"],
                "place": str(row["place"]),
                "label": row["item"],
                "column": ratio.percent,
                "row": row["row"],
                "expected": f"{row['computed']:.2f} ({row[ratio.numerator]:,} of "
                f"{row[ratio.denominator]:,})",
                "found": row["text"],
                "size": row["gap"],
                "cause": "unknown",
                "effect": "",
            }


def coverage(checked: Checked, cells: pl.DataFrame) -> Iterable[Finding]:
    """Find denominators that count somebody whose numerators are all missing.

    Where some members have no number, what the whole holds beyond the others must be there on
    both sides of a ratio or on neither. One outcome of several may truly be nil, so all the
    numerators of a denominator are looked at together.
    """
    of: dict[str, list[Ratio]] = {}
    for ratio in checked.layout.ratios:
        if isinstance(ratio.denominator, str):
            of.setdefault(ratio.denominator, []).append(ratio)
    for denominator, members in of.items():
        tops = pl.concat([_gaps(cells, r.numerator) for r in members])
        nothing = tops.group_by("row").agg(pl.col("gap").sum().alias("gap_top"))
        first = _gaps(cells, members[0].numerator).select(
            "row", pl.col("number").alias("top"), pl.col("nulls").alias("nulls_top")
        )
        joined = _gaps(cells, denominator).join(nothing, on="row").join(first, on="row")
        wrong = joined.filter(
            (pl.col("gap") > 0) & (pl.col("gap_top") == 0) & (pl.col("nulls_top") > 0)
        )
        for row in wrong.sort("row").iter_rows(named=True):
            yield _coverage(row, [denominator, *(r.percent for r in members)])


def _coverage(row: Finding, columns: list[str]) -> Finding:
    coherent = row["number"] - row["gap"]
    return {
        "rule": "numerator present where its denominator counts",
        **{k: row[k] for k in ("period", "place", "label", "column", "row")},
        "expected": f"{coherent:,} (members with a numerator)",
        "found": f"{row['number']:,}",
        "size": float(row["gap"]),
        "cause": f"{row['nulls_top']} members have no numerator, yet {row['gap']:,} of their "
        "cases are in the denominator",
        "effect": f"{100 * row['top'] / row['number']:.1f} % as published, "
        f"{100 * row['top'] / coherent:.1f} % for the same members",
        "cells": [(row["row"], column) for column in columns],
    }


def _gaps(cells: pl.DataFrame, column: str) -> pl.DataFrame:
    """Return what each region, and England, holds beyond its authorities with a number."""
    of_column = cells.filter(pl.col("column") == column)
    authorities = of_column.filter(pl.col("level") == LOCAL)
    both = pl.concat(
        [
            authorities.with_columns(pl.col("region").alias("whole")),
            authorities.with_columns(pl.lit(england().key).alias("whole")),
        ]
    )
    summed = both.group_by("period", "label", pl.col("whole").alias("place")).agg(
        pl.col("number").sum().alias("sum"), pl.col("number").is_null().sum().alias("nulls")
    )
    wholes = of_column.filter(pl.col("level") != LOCAL, pl.col("number").is_not_null())
    return wholes.join(summed, on=["period", "label", "place"]).with_columns(
        (pl.col("number") - pl.col("sum")).alias("gap")
    )


def presence(checked: Checked, cells: pl.DataFrame) -> Iterable[Finding]:
    """Hold that every place in force has a row in every period that the table has."""
    rows = set(cells.select("period", "place").unique().iter_rows())
    for period in sorted({period for period, _ in rows}):
        day = census_day(period)
        held = (p for p in places().values() if printed(p, checked.layout.divides))
        for place in (p for p in held if p.in_force(day)):
            if (period, place.key) not in rows:
                yield _absent(checked, period, place)


def _absent(checked: Checked, period: str, place: Place) -> Finding:
    return {
        "rule": "a place in force has a row",
        "period": period,
        "place": place.key,
        "label": "total",
        "column": checked.layout.additive[0],
        "row": None,
        "expected": "a row",
        "found": "none",
        "size": 0.0,
        "cause": "unknown",
        "effect": "",
    }
