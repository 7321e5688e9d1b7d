"""Releases side by side: which are compared, in which tables, and what is stored of it."""

import polars as pl
import pytest

from builders import EHC, ENGLAND, NORTH_EAST, lines, put, stored
from sendstats.errors import UnknownId, WrongUse
from sendstats.store.vintages import changes, from_raw, from_store, publication_of, revisions

DEN = "issued.including_exceptions"
#: One of the two codes that files print for Buckinghamshire; made-up rows have the other one.
BUCKS = {"new_la_code": "E10000002"}


def plans(place, count, label="201920"):
    return {"place": place, "label": label, "plans": count}


@pytest.fixture
def three(tmp_path):
    """Two whole releases, and an extract after them."""
    files = {
        ("caseload", "2022"): [plans(ENGLAND, 900, 2020), BUCKS | plans("825", 80, 2020)],
        ("caseload", "2025"): [plans(ENGLAND, 910), plans("825", 90)],
        ("caseload", "2026"): [plans(ENGLAND, 911)],
    }
    return stored(tmp_path, files)


def test_the_publication_of_two_releases_in_their_order():
    assert publication_of("2022", "2025") == EHC
    assert publication_of("2022-23", "2024-25") == "special-educational-needs-in-england"


@pytest.mark.parametrize(
    ("releases", "error", "said"),
    [
        (("2025", "2022"), WrongUse, "2025 is not earlier than 2022"),
        (("2025", "2025"), WrongUse, "is not earlier"),
        (("2022", "2024-25"), WrongUse, "different publications"),
        (("2022", "2029"), UnknownId, "unknown release '2029'"),
    ],
)
def test_releases_that_cannot_be_compared(releases, error, said):
    with pytest.raises(error, match=said):
        publication_of(*releases)


def test_raw_files_give_every_row_and_stored_tables_what_is_kept(tmp_path, three):
    for release in ("2022", "2025"):
        raw = from_raw(tmp_path / "raw", EHC, release, tmp_path)
        kept = from_store(three, EHC, release)
        assert raw.keys() == kept.keys() == {"caseload"}
        assert raw["caseload"].vintage.whole
        assert not kept["caseload"].vintage.whole
        assert raw["caseload"].file.name == three.source(EHC, release).file
        assert kept["caseload"].file is None


def test_raw_files_are_compared_period_by_period_from_disk(tmp_path, monkeypatch):
    """Memory is bounded by one period: nothing of a release is ever collected whole."""
    sexes = [None, *(("Sex", name) for name in ("Female", "Male", "Unknown"))]
    for release, more in (("2025", 0), ("2026", 5)):
        rows = [
            {"place": place, "label": year, DEN: n + more} | ({"breakdown": sex} if sex else {})
            for year in (2020, 2021, 2022)
            for n, place in enumerate((ENGLAND, "840", "370"))
            for sex in sexes
        ]
        put(tmp_path / "raw", "timeliness", release, lines("timeliness", release, rows))
    sides = [from_raw(tmp_path / "raw", EHC, r, tmp_path) for r in ("2025", "2026")]
    heights = []
    collect = pl.LazyFrame.collect

    def noted(frame, **how):
        made = collect(frame, **how)
        heights.append(made.height)
        return made

    monkeypatch.setattr(pl.LazyFrame, "collect", noted)
    found = changes(*sides)
    revised = found.filter(kind="revised", column=DEN).select("period", "place", "old", "new")
    assert revised.height == 3 * 3 * len(sexes)
    assert revised.row(0) == ("2020", ENGLAND, "0", "5")
    # A file has 36 rows, a period of it 12.
    assert max(heights) == 3 * len(sexes)


def test_changes_of_every_table_that_both_have(tmp_path, three):
    found = changes(*(from_raw(tmp_path / "raw", EHC, r, tmp_path) for r in ("2022", "2025")))
    revised = found.filter(pl.col("kind") == "revised")
    assert revised.select("place_name", "old", "new").rows() == [
        ("England", "900", "910"),
        ("Buckinghamshire", "80", "90"),
    ]
    recoded = found.filter(pl.col("kind") == "recoded")
    assert recoded.select("place_name", "old", "new").rows() == [
        ("Buckinghamshire", "E10000002", "E06000060")
    ]


def test_each_release_is_compared_with_the_one_before_it_and_the_last_whole_one(tmp_path):
    """The file by age of two releases goes on in the file of all plans of a third."""
    files = {
        ("caseload_by_age", "2022"): [plans(ENGLAND, 1, 2020)],
        ("caseload_by_age", "2024"): [plans(ENGLAND, 2, 2020)],
        ("caseload", "2025"): [plans(ENGLAND, 3)],
    }
    found = revisions(stored(tmp_path, files)).filter(pl.col("kind") == "revised")
    assert found.select("old_release", "new_release", "old", "new").rows() == [
        ("2022", "2024", "1", "2"),
        ("2022", "2025", "1", "3"),
        ("2024", "2025", "2", "3"),
    ]


def test_what_is_stored_are_the_changes_of_england_and_the_regions(three):
    kept = three.revisions
    assert {*kept.filter(pl.col("kind") == "revised")["place_name"]} == {"England"}
    assert {("2022", "2025"), ("2025", "2026")} == {
        *kept.select("old_release", "new_release").iter_rows()
    }
    assert kept.filter(pl.col("kind") == "recoded")["place"].to_list() == ["825"]


def test_a_table_that_goes_on_in_another_is_compared_by_its_total(tmp_path):
    """The file by age and the file of all plans print one total; other columns do not go on."""
    young = {"place": ENGLAND, "label": 2024, "item": "Under age 5", "plans": 9}
    files = {
        ("caseload_by_age", "2024"): [{"place": ENGLAND, "label": 2024, "plans": 575}, young],
        ("caseload", "2025"): [
            {"place": p, "label": "202324", "plans": 576, "mainstream": 5}
            for p in (ENGLAND, NORTH_EAST)
        ],
    }
    found = changes(*(from_store(stored(tmp_path, files), EHC, r) for r in ("2024", "2025")))
    assert found.select("kind", "table", "column", "old", "new", "old_column").rows() == [
        ("revised", "caseload", "plans", "575", "576", "num_caseload")
    ]
