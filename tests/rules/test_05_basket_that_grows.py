"""5. A published group whose contents change.

Wrong: people educated elsewhere rose by 122 % in three years, from 22,364 in January 2022 to
49,750 in January 2025; and from 14,452 to 19,509 between two releases, for one January.
Right: the group gains other settings in 2024, and online providers, Welsh settings and other
schools in 2025. With the same contents in every year it is 22,364, then 31,640, 36,853 and 45,005,
with a break where the return of 2023 comes in.
"""

import polars as pl
import pytest

import sendstats as ss
from sendstats.series.api import default_store

SAME = {"2022-01": 22_364, "2023-01": 31_640, "2024-01": 36_853, "2025-01": 45_005}
PRINTED = {"2022-01": 22_364, "2023-01": 31_640, "2024-01": 40_601, "2025-01": 49_750}


@pytest.fixture
def elsewhere():
    return ss.series("plans.caseload.placed", placement="elsewhere", release="2025")


def test_the_wrong_number():
    stored = default_store().read("caseload", "2025")
    england = stored.filter((pl.col("level") == "National") & (pl.col("topic") == "total"))
    printed = dict(england.select("period", "elsewhere_published").iter_rows())
    assert {p: int(printed[p]) for p in PRINTED} == PRINTED
    assert round(100 * (PRINTED["2025-01"] / PRINTED["2022-01"] - 1)) == 122


@pytest.mark.parametrize("period", SAME)
def test_the_same_contents_in_every_year(elsewhere, period):
    assert elsewhere.at(period).value == SAME[period]


def test_the_break_of_the_return_is_told(elsewhere):
    assert "person_level_placements" in elsewhere.at("2023-01").flags


def test_the_old_group_of_the_same_name_is_another(figure):
    """The old one held exclusions and no NEET in January 2021; ours is 19,509 in both layouts."""
    for release in ("2022", "2025"):
        options = {"placement": "elsewhere", "release": release}
        assert figure("plans.caseload.placed", "2021-01", **options).value == 19_509


def test_what_the_group_gained_is_a_group_of_its_own(figure):
    """Other settings: nothing is lost and nothing is counted twice."""
    options = {"release": "2025"}
    other = figure("plans.caseload.placed", "2025-01", placement="other_settings", **options)
    assert SAME["2025-01"] + other.value == PRINTED["2025-01"]
