"""A symbol is a null with a reason; an absent row is nothing at all; neither is ever 0.

Sources: docs/pitfalls.md 9 and 15; docs/domain.md, sections 3 to 5.
"""

import polars as pl
import pytest

import sendstats as ss
from sendstats.errors import Refused

EXCLUDING, INCLUDING = "excluding_exceptions", "including_exceptions"
RATE = "timeliness.within_20_weeks"

NULLS = [
    # every plan of 2024 was an exception: x, and a denominator of 0
    (RATE, "Dorset", "2024", EXCLUDING, "x", "undefined"),
    (RATE, "City of London", "2024", EXCLUDING, "x", "undefined"),
    (RATE, "Hackney", "2023", EXCLUDING, "x", "non_return"),
    (RATE, "Norfolk", "2022", INCLUDING, "x", "non_return"),
    ("timeliness.issued_within_20_weeks", "Tower Hamlets", "2022", EXCLUDING, "x", "non_return"),
    # z in the old release: 0 of 0
    (RATE, "Isles of Scilly", "2019", EXCLUDING, "z", "undefined"),
]


@pytest.mark.parametrize("case", NULLS)
def test_null_with_its_reason(figure, case):
    series_id, place, period, basis, text, reason = case
    release = {"release": "2022"} if text == "z" else {}
    found = figure(series_id, period, place=place, basis=basis, **release)
    assert (found.value, found.reason, found.published) == (None, reason, text)


def test_the_other_basis_of_dorset_is_there(figure):
    found = figure(RATE, "2024", place="Dorset", basis=INCLUDING)
    assert round(found.value, 1) == 49.1
    with pytest.raises(Refused, match="null, because: undefined"):
        ss.difference(found, figure(RATE, "2024", place="Dorset", basis=EXCLUDING), meant=True)


def test_placements_of_a_non_return_are_null_though_its_total_is_there(figure):
    """Hackney, January 2024: a total of 3,525 and no placement."""
    assert figure("plans.caseload", "2024-01", place="Hackney").value == 3_525
    placed = figure("plans.caseload.placed", "2024-01", place="Hackney", placement="mainstream")
    assert (placed.value, placed.reason) == (None, "non_return")


def test_every_null_has_a_reason_and_no_value_has_one():
    for entry in ss.catalogue().iter_rows(named=True):
        for basis in entry["bases"].split(", "):
            options = {"basis": basis} if basis else {}
            if entry["by"] == "placement":
                options["placement"] = ["mainstream", "special.independent"]
            rows = ss.series(entry["id"], place="all", **options).rows
            odd = rows.filter(pl.col("value").is_null() == pl.col("reason").is_null())
            assert odd.is_empty(), entry["id"]


def test_a_small_base_is_flagged_and_no_rate_is_compared(figure):
    """docs/pitfalls.md 15: Isles of Scilly, 100 % of one plan."""
    rows = ss.series(RATE, basis=INCLUDING, place="Isles of Scilly").rows
    rates = rows.filter(pl.col("denominator") > 0)
    assert rates["denominator"].max() < 30
    assert rates["flags"].list.contains("small_base").all()
    two = ss.series(RATE, basis=INCLUDING, place="Isles of Scilly")
    periods = rates["period"].to_list()
    with pytest.raises(Refused, match="a base of at least 30"):
        ss.change(two.at(periods[0]), two.at(periods[-1]))


def test_an_absent_row_is_a_finding_and_not_a_cell():
    """Hackney has no row among the plans that ceased in 2023."""
    assert "2023" not in ss.series("plans.ceased", place="Hackney").periods
    found = ss.findings("Hackney").filter(pl.col("rule") == "a place in force has a row")
    assert "2023" in found["period"].to_list()
