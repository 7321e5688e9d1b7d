"""Asking what changed between releases."""

from pathlib import Path

import polars as pl
import pytest

import sendstats as ss
from builders import ENGLAND, stored
from sendstats.errors import DataProblem, UnknownId, WrongUse
from sendstats.quality.revisions.schema import REVISIONS
from sendstats.series.revisions import SHOWN, readable, revisions, summary, titled


@pytest.fixture
def store(tmp_path):
    files = {
        ("caseload", release): [
            {"place": ENGLAND, "label": label, "plans": 900 + more},
            {"place": "825", "label": label, "plans": 80 + more, "new_la_code": code},
        ]
        for release, label, more, code in (
            ("2022", 2020, 0, "E06000060"),
            ("2025", "201920", 10, "E10000002"),
        )
    }
    return stored(tmp_path, files)


def test_two_releases_for_every_place(store):
    found = revisions("2022", "2025", store=store, kind="revised")
    assert found.select("place_name", "old", "new", "england_old", "england_new").rows() == [
        ("England", "900", "910", "900", "910"),
        ("Buckinghamshire", "80", "90", "900", "910"),
    ]


def test_without_releases_what_is_stored(store):
    assert revisions(store=store).drop("title", "unit").equals(store.revisions)
    assert {*revisions(store=store, kind="revised")["place_name"]} == {"England"}


def test_narrowed_by_place_and_table(store):
    asked = {"store": store, "kind": "revised"}
    assert revisions("2022", "2025", place="Buckinghamshire", **asked).height == 1
    assert revisions("2022", "2025", table="ceased", **asked).is_empty()


def test_every_row_label_and_code_of_raw_files(store):
    found = revisions("2022", "2025", raw=store.root.parent / "raw", store=store)
    assert "recoded" in found["kind"]
    assert "recoded" not in revisions("2022", "2025", store=store)["kind"]


@pytest.mark.parametrize(
    ("asked", "error", "said"),
    [
        ({"old": "2022"}, WrongUse, "two releases are needed"),
        ({"raw": Path("raw")}, WrongUse, "two releases are needed"),
        ({"old": "2022", "new": "2024"}, DataProblem, "no table of release 2024 is held"),
        ({"kind": "revisd"}, UnknownId, "did you mean 'revised'"),
        ({"table": "caselod"}, UnknownId, "did you mean 'caseload'"),
        ({"place": "Atlantis"}, UnknownId, "unknown place"),
    ],
)
def test_questions_that_have_no_answer(store, asked, error, said):
    with pytest.raises(error, match=said):
        revisions(store=store, **asked)


def test_a_summary_counts_every_kind(store):
    found = revisions("2022", "2025", store=store)
    assert summary(found).startswith("2022 → 2025: 2 revised, 0 symbol, 0 redefined, ")
    assert summary(found.clear()) == "no change"


#: England, as the releases of reporting years 2025 and 2026 print it (DfE, caseload.csv, 202425).
PRINTED = {
    "mainstream": ("278236", "279452"),
    "not_recorded": ("19339", "15389"),
    "special": ("193880", "194919"),
    "mainstream.percent": ("43.6", "43.8"),
}


def test_the_committed_revisions_are_what_the_releases_print():
    found = ss.revisions(place="England", table="caseload", kind="revised")
    newest = found.filter(pl.col("new_release") == "2026", pl.col("period") == "2025-01")
    said = {c: (old, new) for c, old, new in newest.select("column", "old", "new").iter_rows()}
    assert {c: said[c] for c in PRINTED} == PRINTED
    assert "plans" not in said


def test_no_number_of_england_was_revised_between_two_whole_releases():
    found = ss.revisions().filter(pl.col("old_release") == "2022", pl.col("new_release") == "2025")
    assert found.height > 0
    assert "revised" not in found["kind"]


def change(**more):
    row = dict.fromkeys(REVISIONS) | {"kind": "revised", "table": "caseload", "period": "2023-01"}
    return titled(pl.DataFrame([row | more], schema=REVISIONS))


def test_a_reader_gets_published_names_and_words():
    """The titles are those of the data guidance of the release of 2025."""
    column = {"column": "elsewhere_published", "old_column": "ed_elsewhere"}
    read = readable(change(**column, new_column="ed_elsewhere")).row(0, named=True)
    assert (read["column"], read["title"]) == ("ed_elsewhere", "Total educated elsewhere")
    assert read["period"] == "January 2023"
    assert list(read) == SHOWN
    both = readable(change(**column, new_column="other")).row(0, named=True)
    assert both["column"] == "ed_elsewhere → other"


def test_counts_and_shares_have_their_own_unit():
    """Not recorded, January 2025: 19,339 became 15,389, and 3 % became 2.4 %."""
    shown = [change(column=c)["unit"].item() for c in ("not_recorded", "not_recorded.percent")]
    assert shown == ["count", "percentage points"]


def test_a_reader_gets_topic_and_item_in_words():
    read = readable(change(topic="age", item="10", period=None)).row(0, named=True)
    assert (read["topic"], read["item"], read["period"]) == ("Age", "Age 10", None)
    total = readable(change(topic="total", item="total")).row(0, named=True)
    assert (total["topic"], total["item"], total["title"]) == (None, None, None)
    word = readable(change(item="under_recruitment", column="x")).row(0, named=True)
    assert (word["item"], word["column"]) == ("under recruitment", "x")
