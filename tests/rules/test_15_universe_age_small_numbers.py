"""15. Another universe, an incomplete return, a handful of plans.

Wrong: 430,697 plans among "1.4 million pupils with SEN"; Newham's plans fell by 56 % and 77.1 % of
them are in mainstream schools, the most of all; Isles of Scilly issued 100 % in time, of one plan.
Right: plans are counted where the person lives, up to the age of 25, pupils where the school is;
Newham's return of January 2025 looks incomplete and carries that caveat; a rate of fewer than 30
is flagged, and neither compared nor ranked.
"""

import polars as pl
import pytest

import sendstats as ss
from sendstats.errors import Refused

RATE, EXCLUDING, INCLUDING = (
    "timeliness.within_20_weeks",
    "excluding_exceptions",
    "including_exceptions",
)
JANUARY = {"pupils.ehc_plans": 389_171, "pupils.sen_support": 1_183_384, "pupils.all": 9_073_832}


@pytest.mark.parametrize("series_id", JANUARY)
def test_authorities_sum_to_england(series_id):
    rows = ss.series(series_id, place="all").rows.filter(pl.col("period") == "2023-01")
    sums = dict(rows.group_by("level").agg(pl.col("value").sum()).iter_rows())
    assert sums["National"] == sums["Local authority"] == JANUARY[series_id]


def test_by_primary_need_is_a_universe_of_its_own(figure):
    """360,342 pupils in state-funded and special schools, 389,171 in all schools."""
    need, every = (figure(s, "2023-01") for s in ("pupils.ehc_plans.by_need", "pupils.ehc_plans"))
    assert need.value == 360_342
    for compare in (ss.ratio, ss.difference, ss.change):
        with pytest.raises(Refused, match="different people"):
            compare(need, every)
    parts = ss.series("pupils.ehc_plans.by_need", topic="primary_need").rows
    assert parts.filter(pl.col("period") == "2023-01")["value"].sum() == 360_342


def test_plans_of_authorities_are_not_pupils_in_their_schools(figure):
    """430,697 plans and the pupils with a plan in January 2021 are both right."""
    plans, pupils = (figure(s, "2021-01") for s in ("plans.caseload", "pupils.ehc_plans"))
    assert plans.value > pupils.value
    for compare in (ss.ratio, ss.difference):
        with pytest.raises(Refused, match="universe"):
            compare(pupils, plans)


def test_nothing_is_estimated_from_a_rounded_share():
    """Counts of pupils are held for January 2021 and January 2023 only."""
    for series_id in JANUARY:
        assert set(ss.series(series_id).periods) <= {"2021-01", "2023-01"}
    shares = ss.series("pupils.sen_support.share")
    assert (shares.periods[0], shares.periods[-1]) == ("2016-01", "2025-01")
    assert shares.rows["denominator"].null_count() == len(shares)


def test_a_small_base_is_flagged_and_no_rate_is_compared(figure):
    """Isles of Scilly, timeliness_20_week.csv of 2025: 100 % of one plan."""
    rows = ss.series(RATE, basis=INCLUDING, place="Isles of Scilly").rows
    rates = rows.filter(pl.col("denominator") > 0)
    assert rates["denominator"].max() < 30
    assert rates["flags"].list.contains("small_base").all()
    two = ss.series(RATE, basis=INCLUDING, place="Isles of Scilly")
    periods = rates["period"].to_list()
    with pytest.raises(Refused, match="a base of at least 30"):
        ss.change(two.at(periods[0]), two.at(periods[-1]))


def test_the_wrong_number_of_newham(figure):
    """2,705 to 1,199, though 42 plans ceased and 379 were made in the year between."""
    plans = ss.series("plans.caseload", place="Newham", release="2025")
    fall = ss.change(plans.at("2024-01"), plans.at("2025-01"))
    assert (fall.earlier.value, fall.later.value, round(fall.percent)) == (2_705, 1_199, -56)
    share = figure(
        "plans.caseload.share", "2025-01", place="Newham", placement="mainstream", release="2025"
    )
    assert round(share.value, 1) == 77.1
    ceased, made = (figure(s, "2024", place="Newham", release="2025").value
                    for s in ("plans.ceased", "plans.new"))  # fmt: skip
    assert (ceased, made, 1_199 - (2_705 + made - ceased)) == (42, 379, -1_843)


@pytest.mark.parametrize(
    ("series_id", "options"),
    [("plans.caseload", {}), ("plans.caseload.share", {"placement": "mainstream"})],
)
def test_an_incomplete_return_says_so(figure, series_id, options):
    found = figure(series_id, "2025-01", place="Newham", release="2025", **options)
    assert "newham_undercount" in found.flags


MOVED = [  # the return of January 2025 against what the flows of 2024 leave
    ("Newham", "a stock changes by what begins and ends", "2,705 + 379 begun less 42 ended"),
    ("St. Helens", "a stock does not jump without its flows", "1,595 + 592 begun less 129 ended"),
]


@pytest.mark.parametrize(("place", "rule", "flows"), MOVED)
def test_a_stock_that_moves_without_its_flows_is_found(figure, place, rule, flows):
    found = ss.findings(place).filter((pl.col("period") == "2025-01") & (pl.col("rule") == rule))
    assert flows in found["expected"].item()
    flags = figure("plans.caseload", "2025-01", place=place, release="2025").flags
    assert found["finding"].item() in flags


@pytest.mark.parametrize(
    ("place", "share", "base"), [("Isles of Scilly", 100, 1), ("City of London", 80, 5)]
)
def test_the_wrong_number_of_a_handful_of_plans(figure, place, share, base):
    found = figure(RATE, "2024", place=place, basis=INCLUDING, release="2025")
    assert (found.value, found.denominator) == (share, base)
    assert "small_base" in found.flags
