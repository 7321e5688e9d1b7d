"""Findings in lines of text, those that touch a printed England figure first."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from sendstats.catalogue.periods import say_period

#: What makes findings of several releases one and the same.
_SAME = ["rule", "table", "period", "place", "topic", "label", "published_column"]


def listing(findings: pl.DataFrame) -> Iterator[str]:
    """Yield a line a finding that changes an England figure, then one line for the others.

    Parameters
    ----------
    findings : polars.DataFrame
        Columns of `sendstats.quality.schema.FINDINGS`.
    """
    ordered = findings.sort("effect_size", "finding", descending=[True, False])
    once = ordered.group_by(_SAME, maintain_order=True).agg(
        pl.col("release").unique().sort().str.join(", ").alias("releases"),
        pl.exclude("release").first(),
    )
    touching = once.filter(pl.col("effect_size") > 0)
    for n, row in enumerate(touching.iter_rows(named=True), 1):
        cause = "" if row["cause"] == "unknown" else f" ({row['cause']})"
        yield (
            f"{n}. {row['effect']}: {row['place_name']}, {say_period(row['period'])}, "
            f"{row['file']} of release {row['releases']}, row {row['row']}: {row['rule']}; "
            f"expected {row['expected']}, found {row['found']}{cause}"
        )
    rest = once.filter(pl.col("effect_size") == 0).group_by("kind").len().sort("kind")
    counted = ", ".join(f"{n} of kind {kind}" for kind, n in rest.iter_rows())
    if counted:
        yield f"besides, {counted}: sendstats findings lists all"
