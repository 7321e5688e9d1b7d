"""Periods: snapshots by month, flows by year, academic years with a stroke."""

from __future__ import annotations

from fractions import Fraction

import pytest

from sendstats import words
from sendstats.errors import WrongUse


@pytest.mark.parametrize(
    ("period", "text", "year"),
    [
        ("2021-01", "January 2021", 2021),
        ("2021-10", "October 2021", 2021),
        ("2020", "2020", 2020),
        ("2024/25", "2024/25", 2024),
    ],
)
def test_a_period_is_said_as_what_it_is(period, text, year):
    assert words.say_period(period) == text
    assert words.year_of(period) == year


@pytest.mark.parametrize("wrong", ["202101", "2021-13", "21", "2021-1", "", "January 2021"])
def test_anything_else_is_refused(wrong):
    with pytest.raises(WrongUse, match="is not a period"):
        words.say_period(wrong)


def test_ranges_and_dates():
    assert words.say_range("2010-01", "2026-01") == "January 2010 to January 2026"
    assert words.say_range("2020", "2020") == "2020"
    assert words.say_date("2025-06-26T08:30:00Z") == "26 June 2025"
    assert words.say_date("2022-05-02") == "2 May 2022"


def test_dfe_labels_become_academic_years():
    assert words.academic_year("202425") == "2024/25"
    assert words.academic_year("199900") == "1999/00"
    for wrong in ("202426", "2024", "20242"):
        with pytest.raises(WrongUse, match="academic-year label"):
            words.academic_year(wrong)


def test_on_a_shared_axis_a_flow_stands_in_the_middle_of_its_year():
    assert words.position("2021-01") == words.position("2021-01", true_time=True) == 2021
    assert words.position("2020") == 2020
    assert words.position("2020", true_time=True) == Fraction(4041, 2)
    assert words.position("2021-07") == Fraction(4043, 2)
    # September 2024 to August 2025: its middle is the end of February
    assert words.position("2024/25", true_time=True) == 2025 + Fraction(1, 6)
    assert words.is_month("2021-01")
    assert not words.is_month("2021")
