"""Plans are counted where the person lives, pupils where the school is; by need is a third world.

Sources: docs/domain.md, section 1; issue 2.
"""

import polars as pl
import pytest

import sendstats as ss
from sendstats.errors import Refused

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
    parts = ss.series("pupils.ehc_plans.by_need", item="all").rows
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
