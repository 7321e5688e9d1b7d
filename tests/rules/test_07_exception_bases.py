"""7. Rates including and excluding exceptions, mixed.

Wrong: timeliness fell by 4.8 points, from 60.4 % in 2019 (without exceptions) to 55.6 % in 2020
(with them).
Right: by 2.3 points without exceptions (60.4 to 58.0; 2.326 from the counts), by 3.1 with them
(58.7 to 55.6). "58.0" is the rate of 2020 on one basis and of 2018 on the other.
"""

import pytest

import sendstats as ss
from sendstats.errors import Refused

RATE = "timeliness.within_20_weeks"
WITHOUT, WITH = "excluding_exceptions", "including_exceptions"
EXCLUDING = {2019: 60.4, 2020: 58.0, 2021: 59.9, 2022: 49.2, 2023: 50.3, 2024: 46.4, 2025: 46.1}
INCLUDING = {2019: 58.7, 2020: 55.6, 2021: 57.9, 2022: 47.7, 2023: 49.1, 2024: 45.9, 2025: 45.5}


def test_the_wrong_number(value):
    before, after = value(RATE, "2019", basis=WITHOUT), value(RATE, "2020", basis=WITH)
    assert round(after - before, 1) == -4.8


@pytest.mark.parametrize(("basis", "rates"), [(WITHOUT, EXCLUDING), (WITH, INCLUDING)])
def test_two_bases_of_timeliness(value, basis, rates):
    assert {year: round(value(RATE, str(year), basis=basis), 1) for year in rates} == rates


def test_excluding_exceptions_takes_cases_from_both_sides(figure):
    """32,863 of 59,097 with exceptions, 31,446 of 54,175 without, in 2020."""
    every, without = (figure(RATE, "2020", basis=b) for b in (WITH, WITHOUT))
    assert (every.numerator, every.denominator) == (32_863, 59_097)
    assert (without.numerator, without.denominator) == (31_446, 54_175)


def test_bases_do_not_mix(figure):
    with pytest.raises(Refused, match="needs a basis"):
        ss.series(RATE)
    before = figure(RATE, "2019", basis=WITHOUT)
    with pytest.raises(Refused, match="another measure"):
        ss.change(before, figure(RATE, "2020", basis=WITH))
    fall = ss.change(before, figure(RATE, "2020", basis=WITHOUT))
    assert round(fall.value, 3) == -2.326
    assert f"{fall.value:.1f}" == "-2.3"
    assert (fall.unit, fall.percent) == ("percentage points", None)


def test_one_printed_rate_two_meanings(value):
    assert round(value(RATE, "2020", basis=WITHOUT), 1) == 58.0
    assert round(value(RATE, "2018", basis=WITH), 1) == 58.0
