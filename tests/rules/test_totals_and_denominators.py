"""Two totals exist for one stock, and a share divides by one of them.

Sources: issue 2; docs/pitfalls.md, the sixteenth, and 10; docs/domain.md, section 5.
"""

import pytest

import sendstats as ss
from sendstats.errors import Refused

TOTALS = [  # the age file, which is the headline, and the placement file
    ("plans.caseload", "2016-01", 256_315, 256_530),
    ("plans.caseload", "2018-01", 319_819, 312_626),
    ("plans.caseload", "2019-01", 353_995, 353_995),
    ("plans.new", "2011", 27_447, 26_859),
    ("plans.new", "2014", 27_139, 26_662),
    ("plans.new", "2017", 42_162, 41_698),
]


@pytest.mark.parametrize(("series_id", "period", "headline", "placed"), TOTALS)
def test_the_headline_and_what_shares_divide_by(figure, series_id, period, headline, placed):
    one, other = figure(series_id, period), figure(f"{series_id}.placed", period)
    assert (one.value, other.value) == (headline, placed)
    told = {*other.flags} & {
        "work_based_in_placements",
        "placements_outside_the_list",
        "two_totals_new",
    }
    assert bool(told) == (headline != placed)


SHARES = [
    ("plans.new.share", "2011", 19_224, 26_859, 71.6, {}),
    ("plans.caseload.share", "2021-01", 172_023, 430_697, 39.9, {}),
    # Hackney and Peterborough returned totals only: not 248,016 of 576,474 = 43.0
    ("plans.caseload.share", "2024-01", 248_016, 572_829, 43.3, {"release": "2025"}),
    # Wakefield returned a total only for 350 plans: not 47,676 of 66,706 = 71.5
    ("plans.new.share", "2022", 47_676, 66_356, 71.8, {"release": "2025"}),
    ("plans.caseload.share", "2025-01", 278_236, 638_745, 43.6, {"release": "2025"}),
]


@pytest.mark.parametrize("case", SHARES)
def test_a_share_names_its_base(figure, case):
    series_id, period, part, whole, printed, options = case
    found = figure(series_id, period, placement="mainstream", **options)
    assert (found.numerator, found.denominator) == (part, whole)
    assert round(found.value, 1) == printed
    base = figure(found.definition.denominator, period, **options)
    assert base.value == whole
    assert figure(base.series, period, placement="mainstream", **options).value == part


def test_hospital_schools_are_maintained_special_schools(value):
    """docs/pitfalls.md 6: 84,042 + 140 in the old layout, 84,182 in the new."""
    for release in ("2022", "2025"):
        options = {"placement": "special.la_maintained", "release": release}
        assert value("plans.caseload.placed", "2021-01", **options) == 84_182


EXCLUDING = {2019: 60.4, 2020: 58.0, 2021: 59.9, 2022: 49.2, 2023: 50.3, 2024: 46.4, 2025: 46.1}
INCLUDING = {2019: 58.7, 2020: 55.6, 2021: 57.9, 2022: 47.7, 2023: 49.1, 2024: 45.9, 2025: 45.5}


@pytest.mark.parametrize(
    ("basis", "rates"), [("excluding_exceptions", EXCLUDING), ("including_exceptions", INCLUDING)]
)
def test_two_bases_of_timeliness(value, basis, rates):
    found = {
        year: round(value("timeliness.within_20_weeks", str(year), basis=basis), 1)
        for year in rates
    }
    assert found == rates


def test_excluding_exceptions_takes_cases_from_both_sides(figure):
    """docs/domain.md 3: 32,863 of 59,097 with exceptions, 31,446 of 54,175 without, in 2020."""
    name = "timeliness.within_20_weeks"
    every, without = (figure(name, "2020", basis=b) for b in (
        "including_exceptions", "excluding_exceptions"))  # fmt: skip
    assert (every.numerator, every.denominator) == (32_863, 59_097)
    assert (without.numerator, without.denominator) == (31_446, 54_175)


def test_bases_do_not_mix(figure):
    """60.4 without exceptions and 55.6 with them are not a fall of 4.8 points."""
    name = "timeliness.within_20_weeks"
    with pytest.raises(Refused, match="needs a basis"):
        ss.series(name)
    before = figure(name, "2019", basis="excluding_exceptions")
    with pytest.raises(Refused, match="different measures"):
        ss.change(before, figure(name, "2020", basis="including_exceptions"))
    fall = ss.change(before, figure(name, "2020", basis="excluding_exceptions"))
    assert round(fall.difference, 3) == -2.326
    assert (fall.unit, fall.percent) == ("percentage points", None)


def test_a_rate_of_england_is_not_the_mean_of_its_authorities(value):
    """docs/pitfalls.md 8: pooled 39,407 of 84,866, not the mean of 53.7."""
    rate = "timeliness.within_20_weeks"
    options = {"basis": "excluding_exceptions", "release": "2025"}
    assert value(rate, "2024", **options) == pytest.approx(100 * 39_407 / 84_866)
    local = ss.series(rate, place="local authorities", **options).rows
    mean = local.filter(local["period"] == "2024")["value"].mean()
    assert round(mean, 1) == 53.7
