"""3. Totals counted together with their parts.

Wrong: 1,916,235 plans in January 2025: England, its regions and its authorities added up, three
times 638,745.
Right: 638,745, and the parts of one level, of one edition, add up to it.
"""

import polars as pl
import pytest

import sendstats as ss

LEVELS = ["National", "Regional", "Local authority"]


@pytest.fixture
def january():
    """Every place in January 2025, as the 2025 release prints it."""
    rows = ss.series("plans.caseload", place="all", release="2025").rows
    return rows.filter(pl.col("period") == "2025-01")


def test_the_wrong_number(january):
    assert january["value"].sum() == 1_916_235 == 3 * 638_745


def test_each_level_adds_up_to_england(january):
    sums = dict(january.group_by("level").agg(pl.col("value").sum()).iter_rows())
    assert sums == dict.fromkeys(LEVELS, 638_745)


def test_a_question_without_a_place_is_about_england_alone():
    found = ss.series("plans.caseload", release="2025")
    assert found.rows["place_name"].unique().to_list() == ["England"]
    assert found.at("2025-01").value == 638_745


def test_parts_of_one_edition_add_up():
    """England alone may be newer than England with its regions; within a period nothing mixes."""
    options = {"placement": "mainstream"}
    alone = ss.series("plans.caseload.placed", **options).at("2025-01")
    both = ss.series("plans.caseload.placed", place=["England", "regions"], **options)
    assert (alone.release, alone.value) == ("2026", 279_452)
    assert both.at("2025-01", "England").value == 278_236
    january = both.rows.filter(pl.col("period") == "2025-01")
    assert january["release"].unique().to_list() == ["2025"]
    assert january.filter(pl.col("level") == "Regional")["value"].sum() == 278_236


@pytest.mark.parametrize("place", ["all", ["England", "regions"], "England"])
@pytest.mark.parametrize("series_id", ["plans.caseload", "plans.new", "requests.received"])
def test_within_a_period_nothing_is_mixed(series_id, place):
    rows = ss.series(series_id, place=place).rows
    assert rows.group_by("period").agg(pl.col("release").n_unique())["release"].max() == 1
