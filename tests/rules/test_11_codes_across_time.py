"""11. Authorities joined by code, or by name, over time.

Wrong: Buckinghamshire disappears between January 2022 (E06000060) and January 2025 (E10000002),
and so does all of Cumbria; "Dorset" grows from 2,392 plans to 2,534 in a year, on two different
areas.
Right: an authority is its DfE number. 825 goes on from 5,415 to 7,217 plans; the old Dorset is 835
and the new one 838; Cumbria's area holds 4,292 plans in January 2022 and 5,270 in January 2025.
"""

from contextlib import suppress

import polars as pl
import pytest

import sendstats as ss
from sendstats.catalogue.places import places
from sendstats.errors import NothingHeld

LIVES = [  # first and last January held
    ("Cumbria", "2010-01", "2023-01"),
    ("Cumberland", "2024-01", "2025-01"),
    ("Westmorland and Furness", "2024-01", "2025-01"),
    ("835", "2010-01", "2019-01"),
    ("838", "2020-01", "2025-01"),
    ("Bournemouth", "2010-01", "2019-01"),
    ("Bournemouth, Christchurch and Poole", "2020-01", "2025-01"),
    ("928", "2010-01", "2021-01"),
    ("North Northamptonshire", "2022-01", "2025-01"),
    ("Buckinghamshire", "2010-01", "2025-01"),
    ("Northumberland", "2010-01", "2025-01"),
]


def test_the_wrong_number(value):
    """One printed name, two areas; one new authority against two of the three it replaced."""
    old, new = (places()[key] for key in ("835", "838"))
    assert {*old.published_names, old.name} & {*new.published_names, new.name}
    grown = value("plans.caseload", "2020-01", place="838") / value(
        "plans.caseload", "2019-01", place="835"
    )
    assert round(100 * (grown - 1), 1) == 5.9
    before = sum(value("plans.caseload", "2019-01", place=p) for p in ("836", "837"))
    after = value("plans.caseload", "2020-01", place="839")
    assert (before, after, round(100 * (after / before - 1))) == (1_891, 2_448, 29)


@pytest.mark.parametrize(("place", "first", "last"), LIVES)
def test_an_authority_is_counted_while_it_is_in_force(place, first, last):
    periods = ss.series("plans.caseload", place=place).periods
    assert (periods[0], periods[-1]) == (first, last)


@pytest.mark.parametrize("place", ["Cumberland", "Westmorland and Furness"])
def test_no_series_back_casts_a_successor(place):
    for entry in ss.catalogue().filter("held").iter_rows(named=True):
        options = {"basis": entry["bases"].split(", ")[0]} if entry["bases"] else {}
        if entry["by"] == "placement":
            options["placement"] = "mainstream"
        if entry["by"] == "topic":
            options["topic"] = entry["topics"].split(", ")[0]
        first = {"stock": "2024-01", "flow": "2023"}[entry["kind"]]
        with suppress(NothingHeld):  # of a table that ended before it began
            assert all(p >= first for p in ss.series(entry["id"], place=place, **options).periods)


def test_dorset_is_two_areas(value):
    """2,392 plans in January 2019 on the old area, 2,534 a year later on another one."""
    assert value("plans.caseload", "2019-01", place="835") == 2_392
    assert value("plans.caseload", "2020-01", place="838") == 2_534
    assert ss.series("plans.caseload", place="Dorset").rows["place"].unique().to_list() == ["838"]


def test_buckinghamshire_is_one_through_two_codes(value):
    series = ss.series("plans.caseload", place="825")
    assert len(series) == 16
    assert value("plans.caseload", "2022-01", place="825") == 5_415
    assert value("plans.caseload", "2025-01", place="825") == 7_217


def test_cumbria_and_its_successors(value):
    """4,489 plans in January 2023 on the one footprint, 4,852 a year later on the same."""
    parts = ("Cumberland", "Westmorland and Furness")
    assert value("plans.caseload", "2023-01", place="Cumbria") == 4_489
    assert sum(value("plans.caseload", "2024-01", place=p) for p in parts) == 4_852


FOOTPRINTS = [
    ("Cumbria footprint", {"2022-01": 4_292, "2023-01": 4_489, "2024-01": 4_852, "2025-01": 5_270}),
    ("Dorset footprint", {"2019-01": 4_283, "2020-01": 4_982}),
]


@pytest.mark.parametrize(("place", "plans"), FOOTPRINTS)
def test_an_area_goes_on_through_a_reorganisation(place, plans):
    found = ss.series("plans.caseload", place=place)
    assert (len(found), found.periods[0], found.periods[-1]) == (16, "2010-01", "2025-01")
    assert {p: found.at(p).value for p in plans} == plans


def test_a_footprint_is_no_place_of_a_release():
    """It is worked out when asked for: no list of places counts it beside its authorities."""
    every = ss.series("plans.caseload", place="all").rows
    assert every["level"].unique().sort().to_list() == ["Local authority", "National", "Regional"]


def test_each_january_has_the_authorities_in_force():
    rows = ss.series("plans.caseload", place="local authorities").rows
    held = dict(rows.group_by("period").agg(pl.col("place").n_unique()).iter_rows())
    for period, number in held.items():
        expected = 152 if period < "2020" else 151 if period < "2022" else 152
        assert number == (153 if period > "2024" else expected)
