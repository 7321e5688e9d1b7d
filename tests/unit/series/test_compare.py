"""Changes, differences and ratios: like with like, over every pair of series there is."""

from dataclasses import replace
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from made import row, series
from sendstats.catalogue.series import entries
from sendstats.errors import Refused, WrongUse
from sendstats.series.api import definition
from sendstats.series.compare import change, difference, ratio
from sendstats.series.model import Observation

#: What each series is, restated by hand from docs/domain.md, sections 1 to 4: stock or flow, whom
#: it counts, and what a rate divides by.
MEANING = {
    "plans.caseload": ("stock", "plans", None),
    "plans.caseload.statements": ("stock", "plans", None),
    "plans.caseload.ehc_only": ("stock", "plans", None),
    "plans.caseload.placed": ("stock", "plans", None),
    "plans.caseload.share": ("stock", "plans", "plans placed"),
    "plans.new": ("flow", "plans made", None),
    "plans.new.ehc_only": ("flow", "plans made", None),
    "plans.new.placed": ("flow", "plans made", None),
    "plans.new.share": ("flow", "plans made", "plans made and placed"),
    "timeliness.within_20_weeks": ("flow", "plans issued", "plans issued"),
    "timeliness.issued": ("flow", "plans issued", None),
    "timeliness.issued_within_20_weeks": ("flow", "plans issued", None),
    "requests.received": ("flow", "requests", None),
    "requests.refused": ("flow", "requests", None),
    "requests.refused_share": ("flow", "requests", "requests"),
    "assessments.issued": ("flow", "assessments", None),
    "assessments.not_issued": ("flow", "assessments", None),
    "assessments.assessed": ("flow", "assessments", None),
    "plans.ceased": ("flow", "plans ceased", None),
    "pupils.all": ("stock", "pupils in all schools", None),
    "pupils.ehc_plans": ("stock", "pupils in all schools", None),
    "pupils.sen_support": ("stock", "pupils in all schools", None),
    "pupils.ehc_plans.share": ("stock", "pupils in all schools", "pupils"),
    "pupils.sen_support.share": ("stock", "pupils in all schools", "pupils"),
    "pupils.ehc_plans.by_need": ("stock", "pupils in state-funded and special schools", None),
}


def observation(series_id, basis="", period="2021", value=50.0, **fields):
    meant = definition(series_id)
    counts = {"numerator": 50, "denominator": 100} if meant.is_rate else {}
    made = row(period, value, series=series_id, basis=basis, **(counts | fields))
    return Observation(meant, made)


EVERY = [(s, basis) for s, e in entries().items() for basis in e.bases or ("",)]
PAIRS = [p for p in product(EVERY, EVERY) if p[0] != p[1]]


def refused(compare, *observations):
    try:
        compare(*observations)
    except Refused:
        return True
    return False


def test_every_series_is_in_the_table():
    assert set(MEANING) == set(entries())


def test_no_change_from_one_series_or_basis_to_another():
    for one, other in PAIRS:
        pair = observation(*one, period="2020"), observation(*other, period="2021")
        assert refused(change, *pair), (one, other)
    assert len(PAIRS) == 28 * 27


def test_no_difference_across_meanings():
    for (one, basis), (other, other_basis) in PAIRS:
        same = MEANING[one] == MEANING[other] and basis == other_basis
        pair = observation(one, basis), observation(other, other_basis)
        assert refused(difference, *pair) == (not same), (one, other)


#: Which counts are parts of which other series (docs/domain.md 1 and 3).
PARTS = {
    ("timeliness.issued_within_20_weeks", "timeliness.issued"),
    ("requests.refused", "requests.received"),
    ("pupils.ehc_plans", "pupils.all"),
    ("pupils.sen_support", "pupils.all"),
    ("plans.caseload.statements", "plans.caseload"),
    ("plans.caseload.ehc_only", "plans.caseload"),
    ("plans.new.ehc_only", "plans.new"),
}


def test_a_ratio_is_of_a_part_to_its_whole_and_of_nothing_else():
    for (one, basis), (other, other_basis) in PAIRS:
        fits = (one, other) in PARTS and basis == other_basis
        pair = observation(one, basis), observation(other, other_basis)
        assert refused(ratio, *pair) == (not fits), (one, other)


def test_two_totals_of_one_flow_are_no_part_and_whole():
    """19,224 of 26,859 new plans placed in 2011 is the share; 27,447 is another total."""
    mainstream = observation("plans.new.placed", value=19224.0, placement="mainstream")
    total = observation("plans.new.placed", value=26859.0)
    assert round(ratio(mainstream, total), 1) == 71.6
    with pytest.raises(Refused, match=r"no part of plans\.new"):
        ratio(mainstream, observation("plans.new", value=27447.0))


def test_no_ratio_of_two_rates():
    with pytest.raises(Refused, match="no ratio of two rates"):
        ratio(observation("plans.new.share"), observation("plans.new.share", placement="special"))


@pytest.mark.parametrize(
    ("fields", "change_too", "difference_too", "ratio_too"),
    [
        ({"place": "370"}, True, False, True),
        ({"placement": "special"}, True, False, False),
        ({"item": "down_syndrome"}, True, False, False),
        ({"period": "2020"}, False, True, True),
        ({"release": "2022"}, False, False, True),
    ],
)
def test_what_else_must_agree(fields, change_too, difference_too, ratio_too):
    one = observation("plans.new.placed")
    later = observation("plans.new.placed", period="2022")
    other = observation("plans.new.placed", **fields)
    assert refused(change, other, later) == change_too
    assert refused(difference, one, other) == difference_too
    assert refused(ratio, one, other) == ratio_too


def test_no_difference_of_shares_of_different_things():
    one = observation("requests.refused_share")
    other = Observation(replace(one.definition, denominator="requests.decided"), one.fields)
    with pytest.raises(Refused, match="they are shares of different things"):
        difference(one, other)


def test_a_comparison_that_is_meant_goes_through():
    stock, flow = observation("plans.caseload"), observation("plans.new", period="2020")
    assert difference(stock, flow, meant=True) == 0
    assert ratio(stock, flow, meant=True) == 100


def test_a_refusal_says_what_differs_why_and_what_to_do():
    """docs/pitfalls.md 7."""
    name = "timeliness.within_20_weeks"
    one = observation(name, "excluding_exceptions", "2019")
    other = observation(name, "including_exceptions", "2020")
    with pytest.raises(Refused) as caught:
        change(one, other)
    assert caught.value.what == f"no change between {name} 2019 and {name} 2020"
    assert caught.value.found == "basis 'excluding_exceptions' and 'including_exceptions'"
    assert "a figure on another basis, such as including exceptions" in caught.value.expected
    assert caught.value.todo == "compare like with like"
    with pytest.raises(Refused) as caught:
        difference(one, other)
    assert caught.value.todo == "compare like with like, or say meant=True"


@given(st.integers(0, 10**7), st.integers(0, 10**7))
def test_change_of_a_count(before, after):
    found = change(
        observation("plans.caseload", period="2020-01", value=float(before)),
        observation("plans.caseload", period="2021-01", value=float(after)),
    )
    assert found.difference == after - before
    assert found.unit == "plans"
    if before:
        assert found.percent == pytest.approx(100 * after / before - 100)
    else:
        assert found.percent is None


def test_change_of_a_rate_is_in_percentage_points():
    """docs/domain.md 3: 29,895 of 49,519 in 2019 and 31,446 of 54,175 in 2020."""
    pair = [
        observation("timeliness.within_20_weeks", "excluding_exceptions", period, 100 * n / d)
        for period, n, d in (("2019", 29_895, 49_519), ("2020", 31_446, 54_175))
    ]
    found = change(*pair)
    assert round(found.difference, 3) == -2.326
    assert (found.percent, found.unit) == (None, "percentage points")
    assert repr(found) == ("<timeliness.within_20_weeks 2019 to 2020: -2.326 percentage points>")


def test_repr_of_a_count():
    pair = [observation("plans.caseload", period=p, value=v) for p, v in (("2020", 4), ("2021", 5))]
    assert repr(change(*pair)) == "<plans.caseload 2020 to 2021: +1 plans (+25.0 %)>"


@pytest.mark.parametrize("periods", [("2021", "2020"), ("2021", "2021")])
def test_a_change_runs_forward(periods):
    with pytest.raises(WrongUse, match="from an earlier to a later"):
        change(*(observation("plans.new", period=p) for p in periods))


def test_no_ratio_with_a_null():
    null = observation("plans.new", value=None, reason="non_return")
    for pair in ((null, observation("plans.new")), (observation("plans.new"), null)):
        with pytest.raises(Refused, match="null, because: non_return"):
            ratio(*pair)


def test_no_difference_with_a_null_or_a_small_base():
    compare = difference
    fine = observation("requests.refused_share")
    null = observation("requests.refused_share", value=None, reason="non_return")
    small = observation("requests.refused_share", denominator=29, flags=["small_base"])
    with pytest.raises(Refused, match="null, because: non_return"):
        compare(fine, null)
    with pytest.raises(Refused, match="a rate of 29 cases"):
        compare(small, fine)


def test_no_ratio_to_nothing():
    with pytest.raises(Refused, match="no ratio to nothing"):
        ratio(observation("plans.new"), observation("plans.new", value=0.0))


def test_series_give_observations_that_compare():
    made = series([row("2020-01", 4.0), row("2021-01", 5.0)])
    assert change(made.at("2020-01"), made.at("2021-01")).percent == 25
