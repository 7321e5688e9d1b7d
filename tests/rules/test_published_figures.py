"""Figures as the Department for Education printed them, each read back from the committed tables.

`tests/published.csv` restates them by hand: series and options, place and period, the printed
figure, and the release, file and column that print it. Figures of single authorities are
read from the same files.
"""

import csv
from decimal import Decimal
from pathlib import Path

import pytest

import sendstats as ss

with (Path(__file__).parents[1] / "published.csv").open(encoding="utf-8", newline="") as stream:
    PRINTED = list(csv.DictReader(stream))


def named(row):
    return "-".join(row[k] for k in ("series", "placement", "basis", "place", "period", "release"))


@pytest.mark.parametrize("row", PRINTED, ids=named)
def test_printed_figure(row):
    options = {k: row[k] for k in ("placement", "basis", "values", "release", "place") if row[k]}
    found = ss.series(row["series"], **options).at(row["period"])
    expected = Decimal(row["printed"])
    if not found.definition.is_rate:
        assert found.value == int(expected)
    else:  # half a unit of the last printed decimal, and a hair for ties printed the other way
        unit = Decimal(1).scaleb(int(expected.as_tuple().exponent))
        slack = max(unit * Decimal("0.51"), Decimal("0.051") if int(row["release"]) > 2024 else 0)
        assert abs(Decimal(repr(found.value)) - expected) <= slack
    assert found.file == row["file"]
    assert row["column"] in found.column


def test_no_figure_is_restated_twice_and_every_edition_is_among_them():
    assert len({named(row) for row in PRINTED}) == len(PRINTED) >= 60
    assert {"2022", "2025", "2026", "2022-23"} <= {row["release"] for row in PRINTED}
