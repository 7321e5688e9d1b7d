"""9. x, z, a blank and 0 taken for one thing.

Wrong: Dorset is the worst authority of England in 2024, with 0 % within 20 weeks: it prints x, for
it classed every plan as an exception, and 0 of 0 is no rate. Hackney issued nothing in 2023: it
prints x.
Right: a null with its reason. Dorset's rate with exceptions is 49.1 %; a row that is absent is no
cell at all; no symbol is ever 0.
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


def test_the_wrong_number():
    """A symbol read as 0 puts Dorset and City of London at the bottom of a table of 2024."""
    rows = ss.series(RATE, place="local authorities", basis=EXCLUDING, release="2025").rows
    ranked = rows.filter(pl.col("period") == "2024").with_columns(pl.col("value").fill_null(0))
    worst = ranked.sort("value", "place")["place_name"].to_list()[:2]
    assert worst == ["City of London", "Dorset"]


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
    for entry in ss.catalogue().filter("held").iter_rows(named=True):
        for basis in entry["bases"].split(", "):
            options = {"basis": basis} if basis else {}
            if entry["by"] == "placement":
                options["placement"] = ["mainstream", "special.independent"]
            if entry["by"] == "topic":
                options["topic"] = entry["topics"].split(", ")[0]
            rows = ss.series(entry["id"], place="all", **options).rows
            odd = rows.filter(pl.col("value").is_null() == pl.col("reason").is_null())
            assert odd.is_empty(), entry["id"]


def test_an_absent_row_is_a_finding_and_not_a_cell():
    """Hackney has no row among the plans that ceased in 2023; the series says so."""
    ceased = ss.series("plans.ceased", place="Hackney")
    assert "2023" not in ceased.periods
    assert ceased.lacks() == ["2023, Hackney: no row in release 2025"]
    found = ss.findings("Hackney").filter(pl.col("rule") == "a place in force has a row")
    assert "2023" in found["period"].to_list()
