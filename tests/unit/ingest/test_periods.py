"""A label says when a stock was counted or over which year a flow ran, or it says nothing."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sendstats.ingest.periods import ACADEMIC, CALENDAR, census_day, ended, period

YEARS = st.integers(1990, 2098)


@pytest.mark.parametrize(
    ("label", "identifier", "kind", "expected"),
    [
        (
            "2021",
            CALENDAR,
            "stock",
            "2021-01",
        ),  # EHC plans and SEN in England: one snapshot, two labels
        ("202021", ACADEMIC, "stock", "2021-01"),
        ("201819", ACADEMIC, "stock", "2019-01"),
        ("199900", ACADEMIC, "stock", "2000-01"),
        ("2020", CALENDAR, "flow", "2020"),
        ("202021", ACADEMIC, "flow", None),  # no flow of these tables is academic
        ("202021", CALENDAR, "stock", None),
        ("2021", ACADEMIC, "stock", None),
        ("202022", ACADEMIC, "stock", None),
        ("2021", "Financial year", "stock", None),
        ("2021", "calendar year", "flow", None),
        ("0000", CALENDAR, "flow", None),
        ("9999", CALENDAR, "flow", None),
        ("٢٠٢١", CALENDAR, "flow", None),
        (" 2021", CALENDAR, "flow", None),
        ("", "", "flow", None),
    ],
)
def test_labels(label, identifier, kind, expected):
    assert period(label, identifier, kind) == expected


@pytest.mark.parametrize(
    ("label", "identifier", "kind", "expected"),
    [
        ("202021", ACADEMIC, "flow", "2020"),  # 22,233 personal budgets of 2020 carry this label
        ("2020", CALENDAR, "flow", "2020"),
        ("202022", ACADEMIC, "flow", None),
        ("2020", ACADEMIC, "flow", None),
    ],
)
def test_flows_whose_academic_label_names_the_year_it_starts_in(label, identifier, kind, expected):
    assert period(label, identifier, kind, "academic_start") == expected


@given(YEARS)
def test_both_labels_of_one_january_agree(year):
    academic = f"{year - 1}{year % 100:02d}"
    assert period(academic, ACADEMIC, "stock") == period(str(year), CALENDAR, "stock")


@given(st.text(max_size=8), st.sampled_from([CALENDAR, ACADEMIC, "Week 1"]))
def test_any_label_gives_a_period_with_a_census_or_none(label, identifier):
    for kind in ("stock", "flow"):
        found = period(label, identifier, kind)
        assert found is None or census_day(found).month == 1


@given(YEARS)
def test_a_flow_is_returned_in_the_january_that_follows(year):
    assert census_day(str(year)) == census_day(f"{year + 1}-01") == date(year + 1, 1, 15)


def test_a_stock_can_be_counted_once_its_january_began_and_a_flow_once_its_year_is_over():
    assert ended("2025-01") == date(2025, 1, 1)
    assert ended("2024") == date(2024, 12, 31)
