"""England, nine regions and every authority; an authority's key is its DfE number."""

from collections import Counter
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sendstats.catalogue.places import LOCAL, NATIONAL, REGIONAL, england, find, of_level, places
from sendstats.errors import UnknownId

DAYS = st.dates(date(2009, 4, 1), date(2030, 1, 1))


def test_levels():
    assert of_level(NATIONAL) == [england()]
    assert len(of_level(REGIONAL)) == 9
    assert {p.region for p in of_level(LOCAL)} == {r.key for r in of_level(REGIONAL)}
    assert all(p.key.isdigit() and len(p.key) == 3 for p in of_level(LOCAL))


def test_names_and_codes_belong_to_one_place_only():
    every = list(places().values())
    codes = [c for p in every for c in p.codes]
    assert len({p.name.casefold() for p in every}) == len(every)
    assert len(set(codes)) == len(codes)


@given(DAYS)
def test_there_are_150_to_153_authorities_on_any_day(day):
    """152 upper-tier authorities before 2019, 151 to 2021, 152 to 2023, 153 since."""
    expected = 152 if day < date(2019, 4, 1) else 151 if day < date(2021, 4, 1) else 152
    expected = 153 if day >= date(2023, 4, 1) else expected
    assert sum(p.in_force(day) for p in of_level(LOCAL)) == expected


@pytest.mark.parametrize(
    ("before", "after", "first_day"),
    [
        (("835", "836", "837"), ("838", "839"), date(2019, 4, 1)),
        (("928",), ("940", "941"), date(2021, 4, 1)),
        (("909",), ("942", "943"), date(2023, 4, 1)),
    ],
    ids=["Dorset", "Northamptonshire", "Cumbria"],
)
def test_succession(before, after, first_day):
    """Reorganisations: reference/la_changes.csv."""
    last_day = date.fromordinal(first_day.toordinal() - 1)
    for keys, lives, gone in ((before, last_day, first_day), (after, first_day, last_day)):
        for key in keys:
            assert places()[key].in_force(lives)
            assert not places()[key].in_force(gone)
    assert len({places()[k].region for k in (*before, *after)}) == 1


@pytest.mark.parametrize(
    ("key", "codes"),
    [
        ("825", {"E10000002", "E06000060"}),  # Buckinghamshire
        ("929", {"E06000048", "E06000057"}),  # Northumberland
        ("390", {"E08000020", "E08000037"}),  # Gateshead
    ],
)
def test_a_recoded_authority_keeps_its_key(key, codes):
    """Recodings: reference/la_changes.csv."""
    assert {find(code).key for code in codes} == {key}


@pytest.mark.parametrize(
    ("asked", "key"),
    [
        ("England", "E92000001"),
        ("e92000001", "E92000001"),
        ("yorkshire and the humber", "E12000003"),
        (" Barnsley ", "370"),
        ("370", "370"),
        ("Dorset", "838"),  # the name alone is the area in force
        ("E10000009", "835"),
        ("e06000060", "825"),
    ],
)
def test_find(asked, key):
    assert find(asked).key == key


@pytest.mark.parametrize(("asked", "near"), [("Barnsly", "Barnsley"), ("Wakefeild", "Wakefield")])
def test_find_suggests(asked, near):
    with pytest.raises(UnknownId, match=f"did you mean '{near}'"):
        find(asked)


@pytest.mark.parametrize("asked", ["", "999", "E06999999"])
def test_find_knows_its_limits(asked):
    with pytest.raises(UnknownId, match="unknown place"):
        find(asked)


def test_parts_of_london_are_regions_only_where_a_file_prints_them():
    divided = ("E12000007",)
    whole = [p.name for p in of_level("Regional")]
    parts = [p.name for p in of_level("Regional", divided)]
    assert len(whole) == 9
    assert "London" in whole
    assert set(parts) - set(whole) == {"Inner London", "Outer London"}
    assert set(whole) - set(parts) == {"London"}


def test_every_london_authority_lies_in_one_part():
    boroughs = [p for p in places().values() if p.region == "E12000007" and p.key[0] != "E"]
    assert Counter(p.part for p in boroughs) == {"E13000001": 14, "E13000002": 19}
    assert places()["203"].region_in(("E12000007",)) == "E13000002"  # Greenwich
    assert places()["203"].region_in(()) == "E12000007"
