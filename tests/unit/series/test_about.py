"""What a finding says, with the names that the file has for its columns."""

import polars as pl
import pytest

import sendstats as ss
from sendstats.catalogue.tables import tables
from sendstats.quality.schema import FINDINGS
from sendstats.series.about import readable


def said(**more):
    row = dict.fromkeys(FINDINGS) | {"table": "caseload", "release": "2025", "expected": "9"}
    return readable(pl.DataFrame([row | more], schema=FINDINGS)).row(0, named=True)


@pytest.mark.parametrize(
    ("cause", "read"),
    [
        (
            "elsewhere.other_settings is not counted in elsewhere_published in this period",
            "other_placement_settings is not counted in ed_elsewhere in this period",
        ),
        ("special.percent stands apart", "special_total_pc stands apart"),
        ("only plans are given", "only plans are given"),
        ("unknown", "unknown"),
    ],
)
def test_a_cause_has_the_names_of_the_file(cause, read):
    """caseload.csv of 2025 has ed_elsewhere, other_placement_settings and special_total_pc."""
    assert said(cause=cause)["cause"] == read


def test_so_has_what_was_expected():
    read = said(table="personal_budgets", expected="at most 77 (budgets)")
    assert read["expected"] == "at most 77 (personal_budget)"
    assert said(expected="91,170 (sum of 15 members)")["expected"] == "91,170 (sum of 15 members)"


def test_no_committed_finding_speaks_of_our_columns():
    for row in ss.findings().iter_rows(named=True):
        columns = tables()[row["table"]].layout(row["release"]).columns
        ours = {w for w in columns if "." in w or "_" in w} - set(columns.values())
        words = f"{row['expected']} {row['cause']}".replace("(", " ").replace(")", " ").split()
        assert not ours.intersection(words), row["finding"]
