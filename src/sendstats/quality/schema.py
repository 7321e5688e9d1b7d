"""The side tables of quality: findings, the cells they flag, and repairs."""

from __future__ import annotations

import polars as pl

#: One row a finding. `row` is the data row in the file, null where a row is absent.
FINDINGS = pl.Schema(
    {
        "finding": pl.String,
        "rule": pl.String,
        "kind": pl.String,
        "table": pl.String,
        "release": pl.String,
        "file": pl.String,
        "period": pl.String,
        "place": pl.String,
        "place_name": pl.String,
        "topic": pl.String,
        "label": pl.String,
        "column": pl.String,
        "published_column": pl.String,
        "row": pl.Int64,
        "expected": pl.String,
        "found": pl.String,
        "size": pl.Float64,
        "places": pl.Int64,
        "touches": pl.String,
        "also": pl.String,
        "cause": pl.String,
        "effect": pl.String,
        "effect_size": pl.Float64,
        "coverage": pl.String,
        "repairable": pl.Boolean,
        "footnote": pl.String,
    }
)
#: One row a cell that a finding touches; a row of a table with years across has several periods.
FLAGS = pl.Schema(
    {
        "finding": pl.String,
        "table": pl.String,
        "release": pl.String,
        "row": pl.Int64,
        "period": pl.String,
        "column": pl.String,
    }
)
#: One row a repaired cell: what is printed, what other cells prove, and how.
REPAIRS = pl.Schema(
    {
        "table": pl.String,
        "release": pl.String,
        "row": pl.Int64,
        "column": pl.String,
        "period": pl.String,
        "place": pl.String,
        "published": pl.String,
        "value": pl.Int64,
        "finding": pl.String,
        "proof": pl.String,
    }
)
