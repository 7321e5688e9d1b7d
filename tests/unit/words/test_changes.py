"""Changes come from unrounded counts; figures that mean different things are refused."""

from __future__ import annotations

import pytest

import made
from sendstats import words


def between(series, first, last):
    (line,) = words.lines_of((series,))
    at = {reading.period: reading for reading in line.readings}
    return words.change_of(at[first], at[last])


def test_timeliness_2019_to_2020_is_minus_2_3_points_not_2_4_and_not_per_cent():
    found = between(made.timeliness(), "2019", "2020")
    assert float(found.difference) == pytest.approx(-2.326, abs=0.0005)
    assert str(found) == "\N{MINUS SIGN}2.3 percentage points"
    assert found.relative is None
    # the difference of the rounded figures would be wrong
    assert round(58.0 - 60.4, 1) == -2.4


@pytest.mark.parametrize(
    ("first", "last", "text"),
    [
        ("2020-01", "2021-01", "+10.4%"),
        ("2025-01", "2026-01", "+12.5%"),
    ],
)
def test_caseload_changes_as_dfe_publishes_them(first, last, text):
    assert str(between(made.caseload(), first, last)) == text


def test_sentences_say_rose_fell_and_did_not_change():
    rates = made.timeliness()
    assert between(rates, "2019", "2020").sentence("The share") == (
        "The share fell by 2.3 percentage points between 2019 and 2020."
    )
    assert between(made.caseload(), "2020-01", "2021-01").sentence("The number of plans") == (
        "The number of plans rose by 10.4% between January 2020 and January 2021."
    )
    assert between(rates, "2019", "2019").sentence("It") == (
        "It did not change between 2019 and 2019."
    )


def test_a_count_that_begins_at_zero_changes_by_a_number():
    grown = made.series([made.row("2020-01", 0.0), made.row("2021-01", 1200.0)])
    found = between(grown, "2020-01", "2021-01")
    assert found.relative is None
    assert str(found) == "+1,200"
    assert found.direction == 1


def test_a_null_has_no_change():
    gap = made.series([made.row("2020-01", None), made.row("2021-01", 5.0)])
    assert between(gap, "2020-01", "2021-01") is None
