"""A place in force without a row: never a made-up cell, never silent."""

import polars as pl
import pytest

import sendstats as ss
from builders import ENGLAND, EXCLUDING, NORTH_EAST, NORTH_EASTERN, stored
from sendstats.errors import DataProblem, UnknownId
from sendstats.series.api import series
from sendstats.words.readings import lines_of

RATE = "timeliness.within_20_weeks"
DEN, NUM = f"issued.{EXCLUDING}", f"within_20_weeks.{EXCLUDING}"
GATESHEAD, NEWCASTLE = "390", "391"


def row(place, label, den=90, num=60):
    return {"place": place, "label": label, DEN: den, NUM: num}


def year(label, *but, extra=()):
    """England, the North East and its twelve authorities but some."""
    held = [p for p in NORTH_EASTERN if p not in but]
    return [row(p, label) for p in (ENGLAND, NORTH_EAST, *held)] + [row(*x) for x in extra]


#: Newcastle has no row in 2023 and prints x in 2024; the extract holds England alone.
FILES = {
    ("timeliness", "2025"): [
        *year(2022),
        *year(2023, NEWCASTLE),
        *year(2024, NEWCASTLE, extra=[(NEWCASTLE, 2024, "x", "x")]),
    ],
    ("timeliness", "2026"): [row(ENGLAND, 2025)],
}


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    return stored(tmp_path_factory.mktemp("absent"), FILES)


@pytest.fixture
def timely(store):
    return lambda **options: series(RATE, basis=EXCLUDING, store=store, **options)


def told(found):
    return [(a.period, a.why, a.release, a.places) for a in found.absent]


def test_no_cell_is_made_up_and_the_series_says_so(timely):
    found = timely(place="Newcastle upon Tyne")
    assert found.periods == ["2022", "2024"]
    assert told(found) == [("2023", "no_row", "2025", (NEWCASTLE,))]
    assert "absent      2023, Newcastle upon Tyne: no row in release 2025" in repr(found)


def test_a_printed_symbol_is_told_from_a_row_that_is_not_there(timely):
    found = timely(place=NEWCASTLE)
    assert (found.at("2024").reason, found.at("2024").published) == ("non_return", "x")
    with pytest.raises(DataProblem, match="has no row of Newcastle upon Tyne for 2023"):
        found.at("2023", "Newcastle upon Tyne")
    with pytest.raises(DataProblem, match="no row in release 2025"):
        found.at("2023")
    with pytest.raises(UnknownId, match="unknown period '2020'"):
        found.at("2020")


def test_the_finding_comes_with_it(timely, store):
    found = timely(place=NEWCASTLE)
    (one,) = found.absent
    (listed,) = store.findings.filter(
        (pl.col("rule") == "a place in force has a row")
        & (pl.col("period") == "2023")
        & (pl.col("touches").str.contains(NEWCASTLE))
    )["finding"]
    assert one.findings == (listed,)
    assert listed in {n.id for n in found.notes}
    assert found.latest(1).absent == ()
    assert listed not in {n.id for n in found.latest(1).notes}


def test_of_all_places_those_that_lack_a_row_are_named_by_period(timely):
    found = timely(place=[ENGLAND, NORTH_EAST, *NORTH_EASTERN])
    rest = (NORTH_EAST, *NORTH_EASTERN)
    assert told(found) == [
        ("2023", "no_row", "2025", (NEWCASTLE,)),
        ("2025", "extract", "2026", rest),
    ]
    assert found.lacks() == [
        "2023, Newcastle upon Tyne: no row in release 2025",
        "2025, 13 places: not in the extract held of release 2026",
    ]
    counted = found.coverage().select("period", "release", "places", "rows", "known").rows()
    assert counted == [
        ("2022", "2025", 14, 14, 14),
        ("2023", "2025", 14, 13, 13),
        ("2024", "2025", 14, 14, 13),
        ("2025", "2026", 14, 1, 1),
    ]


def test_what_is_all_there_lacks_nothing(timely):
    for place in (ENGLAND, GATESHEAD):
        assert timely(place=place).absent == ()
    assert timely(place=GATESHEAD).coverage()["absent"].to_list() == ["", "", ""]


def test_a_line_has_a_gap_and_the_answer_says_why(timely):
    found = timely(place=NEWCASTLE)
    (line,) = lines_of((found,))
    assert [(r.period, r.reason) for r in line.readings][1] == ("2023", "no_row")
    assert "(no row)" in repr(ss.table(found))
    said = str(ss.answer(timely(place=NEWCASTLE)))
    assert said.endswith("There is no row of Newcastle upon Tyne for 2023.")


def test_a_place_that_has_rows_of_other_items_is_there(tmp_path):
    files = {
        ("requests", "2025"): [
            {"place": GATESHEAD, "label": 2023, "received": 9, "breakdown": ("Sex", "Male")},
            {"place": NEWCASTLE, "label": 2023, "received": 9, "breakdown": ("Sex", "Female")},
        ]
    }
    held = stored(tmp_path, files, detail=True)
    found = series(
        "requests.received", place=[GATESHEAD, NEWCASTLE], topic="sex", item="female", store=held
    )
    assert found.rows["place"].to_list() == [NEWCASTLE]
    assert found.absent == ()


INNER, OUTER, LONDON = "E13000001", "E13000002", "E12000007"
#: Plans made in 2024, and for autism: of London as release 2025 has them (sen_need_newplans.csv).
NEEDS = [(ENGLAND, 97_188, 30_000), (INNER, 4_284, 1_551), (OUTER, 9_753, 3_223)]


@pytest.fixture(scope="module")
def needs(tmp_path_factory):
    rows = [{"place": p, "label": 2024, "plans": n, ASD: asd} for p, n, asd in NEEDS]
    return stored(tmp_path_factory.mktemp("needs"), {("new_plans_by_need", "2025"): rows})


ASD = "primary_need.autistic_spectrum_disorder"


def test_a_region_that_is_printed_in_parts_is_their_sum(needs):
    """4,284 and 9,753 plans; 1,551 and 3,223 of them for autism: 34.0 per cent."""
    found = series("plans.new.by_need", place="London", store=needs).at("2024")
    assert (found.value, found.published, found.row) == (14_037, "4284 + 9753", "2 + 3")
    assert (found.level, found.place, found.flags) == ("Regional", LONDON, ["region_in_parts"])
    share = series(
        "plans.new.need_share",
        place="regions",
        topic="primary_need",
        item="autistic_spectrum_disorder",
        store=needs,
    )
    (london,) = share.rows.iter_rows(named=True)
    assert (london["numerator"], london["denominator"]) == (4_774, 14_037)
    assert f"{london['value']:.1f}" == "34.0"
    assert "region_in_parts" in {n.id for n in share.notes}


def test_the_parts_are_asked_for_by_name_and_are_no_region_more(needs):
    rows = series("plans.new.by_need", place=["Inner London", "regions"], store=needs).rows
    assert dict(rows.select("place", "value").iter_rows()) == {LONDON: 14_037, INNER: 4_284}


def test_a_part_of_a_region_that_is_printed_whole_says_so(tmp_path):
    rows = [{"place": p, "label": 202425, "plans": 9} for p in (ENGLAND, LONDON)]
    held = stored(tmp_path, {("caseload", "2025"): rows})
    found = series("plans.caseload", place=["Inner London", "England"], store=held)
    assert told(found) == [("2025-01", "as_whole", "2025", (INNER,))]
    assert series("plans.caseload", place=[LONDON, INNER], store=held).absent == ()


def test_a_region_of_which_an_extract_lacks_a_part_is_no_sum(tmp_path):
    files = {("new_plans_by_need", "2026"): [{"place": INNER, "label": 2025, "plans": 4_284}]}
    store = stored(tmp_path, files)
    found = series("plans.new.by_need", place=["London", "Inner London"], store=store)
    assert found.rows["place"].to_list() == [INNER]
    assert told(found) == [("2025", "in_parts", "2026", (LONDON,))]


def test_a_level_that_no_file_prints_is_said_once(tmp_path):
    rows = [row(GATESHEAD, year) for year in (2022, 2023)]
    held = stored(tmp_path, {("timeliness", "2025"): rows})
    found = series(RATE, basis=EXCLUDING, place=[GATESHEAD, "North East"], store=held)
    assert told(found) == [("", "nowhere", "", (NORTH_EAST,))]
    assert found.lacks() == ["every period, North East: no row in any release held"]
    with pytest.raises(DataProblem, match="no row of North East for 2023"):
        found.at("2023", "North East")
    assert found.latest(1).absent == found.absent
    said = "North East: no row in any release held"
    assert found.coverage().select("places", "rows", "absent").rows() == [(2, 1, said)] * 2
