"""8. Rates of authorities, averaged.

Wrong: 53.7 % of the plans of 2024 within 20 weeks, the mean over the authorities (52.6 % with
exceptions); 67.1 % on the area of the old Cumbria.
Right: 46.4 % (39,407 of 84,866; 45.9 % with exceptions), and 64.4 % in Cumbria (433 of 672):
counts are added up and divided once.
"""

import polars as pl
import pytest

import sendstats as ss

RATE = "timeliness.within_20_weeks"
BASES = {"excluding_exceptions": (53.7, 46.4), "including_exceptions": (52.6, 45.9)}
CUMBRIA = ["Cumberland", "Westmorland and Furness"]


def of_2024(place, basis):
    rows = ss.series(RATE, place=place, basis=basis, release="2025").rows
    return rows.filter(pl.col("period") == "2024")


@pytest.mark.parametrize("basis", BASES)
def test_the_wrong_number(basis):
    assert round(of_2024("local authorities", basis)["value"].mean(), 1) == BASES[basis][0]


@pytest.mark.parametrize("basis", BASES)
def test_a_rate_of_england_is_pooled(value, basis):
    pooled = value(RATE, "2024", basis=basis, release="2025")
    assert round(pooled, 1) == BASES[basis][1]
    local = of_2024("local authorities", basis)
    # Authorities without a rate still have counts: their plans are in England's, too.
    assert local["denominator"].sum() == of_2024("England", basis)["denominator"].item()


def test_england_is_39_407_of_84_866(figure):
    found = figure(RATE, "2024", basis="excluding_exceptions", release="2025")
    assert (found.numerator, found.denominator) == (39_407, 84_866)
    assert found.value == pytest.approx(100 * 39_407 / 84_866)


def test_the_wrong_number_of_an_area_that_was_split():
    parts = of_2024(CUMBRIA, "excluding_exceptions")
    assert [round(v, 1) for v in parts["value"]] == [42.6, 91.6]
    assert round(parts["value"].mean(), 1) == 67.1
    assert (parts["numerator"].sum(), parts["denominator"].sum()) == (159 + 274, 373 + 299)


def test_a_footprint_is_pooled_too(figure):
    found = figure(
        RATE, "2024", place="Cumbria footprint", basis="excluding_exceptions", release="2025"
    )
    assert (found.numerator, found.denominator, round(found.value, 1)) == (433, 672, 64.4)
    assert found.published is None, "nobody printed it"
