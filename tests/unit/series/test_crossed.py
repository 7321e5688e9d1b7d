"""A table with years across: figures, flags and reasons of one year are not those of the next."""

import polars as pl
import pytest

import sendstats as ss
from builders import EHC, put_crossed
from sendstats.errors import NothingHeld
from sendstats.store.build import build
from sendstats.store.tables import Store
from sendstats.store.vintages import changes, from_store

MEASURES = ["Appeals registered4", "Total Appealable Decisions1", "SEND Tribunal Appeal Rate2"]
NEW = ["In development: Total Appealable Decisions1", "In development: SEND Tribunal Appeal Rate"]
#: In 2023 the cell of Durham is blank, and the rate of England is not that of its counts.
RECORDS = [
    ["Made-up table 1: appeals1", *[""] * 9],
    [""] * 10,
    [""] * 10,
    ["Local Authority", "LA code", "2022", "", "", "2023", "", "", "", ""],
    ["", "", *MEASURES, *MEASURES, *NEW],
    ["NORTH EAST", *[""] * 9],
    ["Darlington", "841", "4", "1,400", "0.3%", "10", "1,000", "1.0%", "900", "1.1%"],
    ["Durham", "840", "6", "1,600", "0.4%", "", "2,000", "0.3%", "x", "x"],
    ["England Total4", "", "10", "3,000", "0.3%", "15", "3,000", "5.0%", "900", "1.7%"],
    ["Sources:", *[""] * 9],
]
ENGLAND = 8  # data row of the file: the title is the header


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("crossed")


@pytest.fixture(scope="module")
def store(folder):
    put_crossed(folder / "raw", RECORDS)
    assert not build(folder / "raw", folder / "processed").failures
    return Store(folder / "processed")


def test_a_figure_is_traced_to_the_row_of_the_file_and_the_year_above_its_column(store):
    text = repr(ss.trace("tribunal.appeals", "2022", store=store))
    assert "column      Appeals registered (2022)" in text
    assert f"row         {ENGLAND} of SEND Tribunals" in text
    assert "printed     '10' as 2022, without the commas and per-cent signs of the file" in text
    rate = ss.trace("tribunal.appeal_rate", "2022", store=store).observation
    assert rate.row == str(ENGLAND)
    assert rate.column == (
        "SEND Tribunal Appeal Rate (2022) "
        "(computed: Appeals registered (2022) ÷ Total Appealable Decisions (2022))"
    )


def test_a_finding_names_the_row_of_the_file_and_touches_its_own_year(store):
    of = pl.col("column") == "appeals.percent", pl.col("place") == "E92000001"
    (found,) = store.findings.filter(*of).iter_rows(named=True)
    assert (found["period"], found["row"]) == ("2023", ENGLAND)
    assert found["published_column"] == "SEND Tribunal Appeal Rate (2023)"
    cells = store.flags.filter(pl.col("finding") == found["finding"]).unique(["row", "period"])
    assert cells.select("row", "period").rows() == [(ENGLAND, "2023")]
    flags = ss.series("tribunal.appeals", store=store).rows.select("period", "flags").rows()
    assert [period for period, on in flags if found["finding"] in on] == ["2023"]


def test_a_blank_cell_is_a_null_that_says_so(store):
    durham = ss.series("tribunal.appeals", place="County Durham", store=store).rows
    assert durham.select("period", "value", "reason", "published").rows() == [
        ("2022", 6.0, None, "6"),
        ("2023", None, "blank", ""),
    ]


def test_a_year_without_the_column_has_no_figure_of_it(store):
    rate = ss.series("tribunal.appeal_rate_in_development", place="Darlington", store=store)
    assert rate.periods == ["2023"]


def test_two_such_tables_are_compared_by_their_figures(folder, store):
    """They have no columns of labels, names and codes to hold against each other."""
    held = from_store(store, EHC, "2025", folder / "raw")
    (one,) = held.values()
    assert one.file is not None
    assert changes(held, held).is_empty()


def test_a_level_that_the_file_does_not_print(store):
    with pytest.raises(NothingHeld, match="has no row of North East") as caught:
        ss.series("tribunal.appeals", place="North East", store=store)
    assert caught.value.where == "2025/SEND Tribunals and appeal rate 2014-2024.csv"
    assert caught.value.found == "rows of level Local authority and National, 2022 to 2023"
    assert caught.value.todo == "place='all' gives every place that has a row"


def test_a_place_that_was_not_in_force(store):
    """Bournemouth ended in the spring of 2019; a message names the first three of many places."""
    ended = ["Bournemouth", "Poole", "Cumbria footprint", "North Yorkshire"]
    with pytest.raises(NothingHeld) as caught:
        ss.series("tribunal.appeals", place=ended, store=store)
    assert "Bournemouth, Poole, Cumbria" in caught.value.what
    assert caught.value.what.endswith("and 1 more")
