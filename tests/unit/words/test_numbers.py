"""C19: numbers in British English, rounded once, half up, from exact figures."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sendstats import words


@pytest.mark.parametrize(
    ("value", "decimals", "text"),
    [
        (1234, 0, "1,234"),
        (638745, 0, "638,745"),
        (0, 0, "0"),
        (-1234.5, 1, "\N{MINUS SIGN}1,234.5"),
        (Fraction(1, 3), 3, "0.333"),
        (2.5, 0, "3"),
        (-0.04, 1, "0.0"),
    ],
)
def test_numbers_print_as_british_english_does(value, decimals, text):
    assert words.number(value, decimals) == text


def test_a_half_in_print_rounds_up_although_binary_lies_below_it():
    assert float.hex(1.005) < float.hex(1.0050001)
    assert words.half_up(1.005, 2) == Decimal("1.01")
    assert words.half_up(-1.005, 2) == Decimal("-1.01")
    assert str(words.half_up(0.04, 1)) == "0.0"


@given(st.integers(0, 10**7), st.integers(1, 10**7))
def test_a_percentage_comes_from_its_counts(numerator, denominator):
    exact = words.exact(12.3, numerator, denominator)
    assert exact is not None
    rounded = words.half_up(exact, 1)
    # off by at most half of the last digit, and the half itself goes up
    off = Fraction(rounded) - Fraction(100 * numerator, denominator)
    assert -Fraction(1, 20) < off <= Fraction(1, 20)


def test_a_share_of_nothing_has_no_percentage_and_no_value_is_no_number():
    assert words.exact(0.0, 0, 0) is None
    assert words.exact() is None
    assert words.exact(46.4) == Fraction(232, 5)


def test_timeliness_of_2024_rounds_as_published():
    # 39,407 of 84,866: DfE prints 46.4
    assert words.percent(words.exact(None, 39_407, 84_866)) == "46.4%"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (words.percent(12.34), "12.3%"),
        (words.percent(10.45, signed=True), "+10.5%"),
        (words.points(-2.326), "\N{MINUS SIGN}2.3 percentage points"),
        (words.points(0, signed=True), "0.0 percentage points"),
        (words.pounds_millions(12_345_678), "£12.3m"),
        (words.pounds_millions(-500_000), "\N{MINUS SIGN}£0.5m"),
        (words.figure(46.4, "percent", 1), "46.4%"),
        (words.figure(1000, "plans", 0), "1,000"),
    ],
)
def test_units(text, expected):
    assert text == expected
