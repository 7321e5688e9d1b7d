"""How a quoted figure is read: digits, precision, unit, change."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sendstats.claims import Quote, read_quote
from sendstats.errors import UnknownId, WrongUse
from sendstats.words import half_up


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("71.6%", "71.55", "71.65"),
        ("58 per cent", "57.5", "58.5"),
        ("58.0", "57.95", "58.05"),
        ("430,697", "430696.5", "430697.5"),
        ("1.4 million", "1350000", "1450000"),
        ("1.40m", "1395000", "1405000"),
        ("430.7 thousand", "430650", "430750"),
        ("431k", "430500", "431500"),
        ("431,000 plans", "430500", "431500"),  # whole thousands are rounded thousands
        ("1,000 per cent", "999.5", "1000.5"),  # but not of a percentage
    ],
)
def test_the_digits_printed_say_the_precision(text, low, high):
    quote = read_quote(text)
    assert (quote.low, quote.high) == (Fraction(low), Fraction(high))
    assert quote.fits(Fraction(low))
    assert not quote.fits(Fraction(high))


@given(st.decimals(min_value=0, max_value=10**6, places=2), st.fractions(0, 10**6))
def test_what_fits_is_what_rounds_half_up_to_the_digits(digits, value):
    quote = Quote(str(digits), digits)
    assert quote.fits(value) == (half_up(value, 2) == digits)
    near = Fraction(digits) + value / 10**8
    assert quote.fits(near) == (half_up(near, 2) == digits)


@pytest.mark.parametrize(
    ("text", "unit", "change", "direction"),
    [
        ("71.6%", "percent", False, 0),
        ("71.6 percent of plans", "percent", False, 0),
        ("more than 71.6 per cent", "percent", False, 0),
        ("up to 58%", "percent", False, 0),
        ("10.4 per cent increase", "percent", True, 1),
        ("grew by 10.4%", "percent", True, 1),
        ("+10.4%", "percent", True, 1),
        ("fell 2.3 percentage points", "percentage points", True, -1),
        ("2.3 points", "percentage points", True, 0),
        ("-2.3pp", "percentage points", True, -1),
        ("\N{MINUS SIGN}2.3", "", True, -1),
        ("rose or fell by 3%", "percent", True, 0),
        ("430,697", "", False, 0),
    ],
)
def test_unit_and_change_are_read_from_the_words(text, unit, change, direction):
    quote = read_quote(text)
    assert (quote.unit, quote.change, quote.direction) == (unit, change, direction)


def test_a_stated_direction_refuses_the_other_sign():
    fall = read_quote("2.3 percentage point fall")
    assert fall.fits(Fraction("-2.326"))
    assert not fall.fits(Fraction("2.326"))
    assert fall.distance(Fraction("2.3")) == Fraction("4.6")
    either = read_quote("2.3 points")
    assert either.fits(Fraction("2.326"))
    assert either.fits(Fraction("-2.326"))
    assert either.distance(Fraction("-2.4")) == Fraction("0.1")


@pytest.mark.parametrize(
    ("figure", "text"),
    [(71.6, "71.6"), (58.0, "58.0"), (430697, "430697"), (Decimal("4.80"), "4.80")],
)
def test_a_number_is_quoted_as_it_prints(figure, text):
    assert read_quote(figure).text == text


@pytest.mark.parametrize(
    "figure",
    [
        "",
        "half of all plans",
        "SEN2",
        "58 per cent in 2020",
        "1,07",
        True,
        float("nan"),
        Decimal("Infinity"),
    ],
)
def test_anything_but_one_figure_is_wrong_use(figure):
    with pytest.raises(WrongUse):
        read_quote(figure)


def test_digits_inside_a_word_are_no_figure():
    assert read_quote("SEN2: 430,697").digits == 430_697


def test_the_unit_given_must_exist_and_agree():
    assert read_quote("71.6", "percent").unit == "percent"
    with pytest.raises(UnknownId, match="plans"):
        read_quote("71.6", "plan")
    with pytest.raises(WrongUse, match="another unit"):
        read_quote("71.6%", "plans")


@pytest.mark.parametrize(
    ("text", "unit", "said"),
    [
        ("58%", None, "57.5 to under 58.5 per cent"),
        ("1.4 million", None, "1,350,000 to under 1,450,000"),
        ("430,697", "plans", "430,697 plans"),
        ("0%", None, "0.0 to under 0.5 per cent"),
        ("2.3% fall", None, "2.25 to under 2.35 per cent, a fall"),
        ("2.3 points", None, "2.25 to under 2.35 percentage points, a change"),
    ],
)
def test_the_reading_is_said(text, unit, said):
    assert read_quote(text, unit).reading == said
