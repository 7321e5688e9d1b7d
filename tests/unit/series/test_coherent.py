"""Rates over the authorities that have both counts: ``basis="same_authorities"``."""

import polars as pl
import pytest

from builders import ENGLAND, EXCLUDING, INCLUDING
from sendstats.errors import DataProblem, Refused, UnknownId, WrongUse
from sendstats.series.coherent import over_same_authorities
from sendstats.series.compare import change

RATE, SAME = "timeliness.within_20_weeks", "same_authorities"
DEN, NUM = f"issued.{EXCLUDING}", f"within_20_weeks.{EXCLUDING}"
LONDON = "E12000007"


def row(place, den, num, label=2022):
    return {"place": place, "label": label, DEN: den, NUM: num}


#: Tower Hamlets (211) has no numerator, but London and England still count its plans.
ROWS = [
    row(ENGLAND, 1000, 360),
    row(LONDON, 600, 200),
    row("202", 400, 200),
    row("211", 200, "x"),
    row("370", 400, 160),
]
FILES = {("timeliness", "2025"): ROWS}


def test_an_authority_without_one_count_is_on_neither_side(held):
    found = held(FILES, RATE, basis=[EXCLUDING, SAME], place=["England", "London"])
    england, london = found.at("2022", "England"), found.at("2022", "London")
    assert (england.numerator, england.denominator, england.value) == (360, 800, 45.0)
    assert (london.numerator, london.denominator, london.value) == (200, 400, 50.0)
    assert (england.row, london.row) == (
        "rows of 2 of 152 authorities",
        "rows of 1 of 33 authorities",
    )
    assert england.published is None
    assert SAME in england.flags
    assert any(n.id == SAME for n in found.notes)


def test_authorities_in_force_are_counted_whether_or_not_they_have_a_row(held):
    """153 in the census after 2023 (Cumbria and two counties were reorganised), 151 before 2021."""
    rows = [row(p, 90, 40, year) for year in (2020, 2023) for p in ("202", "370")]
    found = held({("timeliness", "2025"): rows}, RATE, basis=[EXCLUDING, SAME])
    assert [found.at(year).row for year in ("2020", "2023")] == [
        "rows of 2 of 151 authorities",
        "rows of 2 of 153 authorities",
    ]


def test_the_published_figure_stays_the_value(held):
    found = held(FILES, RATE, basis=EXCLUDING, place=["England", "London"])
    assert found.at("2022", "England").value == 36.0
    assert SAME not in found.at("2022", "England").flags


def test_an_authority_keeps_its_own_rate_and_its_own_gap(held):
    found = held(FILES, RATE, basis=f"{EXCLUDING}, {SAME}", place=["370", "211"])
    assert found.at("2022", "370").value == 40.0
    assert (found.at("2022", "211").value, found.at("2022", "211").reason) == (None, "non_return")
    assert found.basis == f"{EXCLUDING}, {SAME}"


def test_where_no_authority_has_both_there_is_no_rate(held):
    rows = [row(ENGLAND, 1000, 360), row("202", "x", 5), row("211", 200, "x"), row("370", 0, 0)]
    found = held({("timeliness", "2025"): rows}, RATE, basis=[EXCLUDING, SAME], place="London")
    assert (found.at("2022").value, found.at("2022").reason) == (None, "undefined")


def test_the_two_bases_are_never_compared(held):
    published = held(FILES, RATE, basis=EXCLUDING).at("2022")
    later = held(
        {("timeliness", "2025"): [row("370", 90, 40, 2023)]}, RATE, basis=[EXCLUDING, SAME]
    )
    with pytest.raises(Refused, match="basis"):
        change(published, later.at("2023"))


@pytest.mark.parametrize(
    ("series_id", "basis", "error", "says"),
    [
        (RATE, SAME, Refused, "needs a basis"),
        (RATE, [EXCLUDING, INCLUDING], WrongUse, "is read on one basis"),
        (RATE, [EXCLUDING, "same_authoritys"], UnknownId, "did you mean 'same_authorities'"),
        ("timeliness.issued", [EXCLUDING, SAME], Refused, "no rate of two counts"),
        ("pupils.sen_support.share", SAME, Refused, "no rate of two counts"),
    ],
)
def test_only_a_rate_of_two_counts_has_it(held, series_id, basis, error, says):
    with pytest.raises(error, match=says):
        held(FILES, series_id, basis=basis)


def test_an_extract_is_no_whole_file(held):
    with pytest.raises(DataProblem, match="no whole release"):
        held(FILES, RATE, "2025", basis=[EXCLUDING, SAME])


def test_a_topic_that_is_stored_of_no_authority_is_named_and_not_the_release(held):
    """The release is whole; its rows of authorities by sex are in a store of every row."""
    with pytest.raises(DataProblem, match=f"lack {RATE} by sex") as caught:
        held(FILES, RATE, basis=[EXCLUDING, SAME], topic="sex")
    assert caught.value.expected == "rows of authorities"
    assert "sendstats ingest --detail" in caught.value.todo


def test_a_footprint_is_an_area_and_no_choice_of_authorities(held):
    with pytest.raises(Refused, match="cannot be worked out for a footprint"):
        held(FILES, RATE, basis=[EXCLUDING, SAME], place="Cumbria footprint")


@pytest.mark.parametrize("mark", ["repaired", "unrepaired"])
def test_a_sum_says_that_a_cell_in_it_is_repaired_or_left_as_printed(mark):
    words = dict.fromkeys(
        ("period", "item", "group", "label", "shown", "_shown", "row", "_row"), ""
    )
    counts = {"number": 40, "denominator": 90, "reason": None, "_reason": None}
    local = words | counts | {"level": "Local authority", "marks": [], "period": "2022"}
    rows = [
        local | {"place": place, "_marks": marks}
        for place, marks in (("202", []), ("211", ["finding", mark]), ("370", []))
    ]
    types = {"marks": pl.List(pl.String), "_marks": pl.List(pl.String)}
    types |= {"reason": pl.String, "_reason": pl.String}
    found = over_same_authorities(pl.DataFrame(rows, schema_overrides=types))
    marks = dict(found.select("place", "marks").iter_rows())
    assert marks[ENGLAND] == marks[LONDON] == [SAME, mark]
    assert SAME in marks["370"]
    assert mark not in marks["370"]
