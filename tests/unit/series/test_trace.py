"""From one figure back to its file, row, column and text; findings by place."""

import pytest

import sendstats as ss
from builders import ENGLAND, INCLUDING, stored
from sendstats.errors import UnknownId, WrongUse
from sendstats.receipts import receipts, sha256_of

DEN, NUM = f"issued.{INCLUDING}", f"within_20_weeks.{INCLUDING}"
LATE = f"weeks_20_to_52.{INCLUDING}"
ROWS = [
    {"place": ENGLAND, "label": 2024, DEN: 300, NUM: 91, LATE: 209, f"{NUM}.percent": "30.3"},
    {"place": "370", "label": 2024, DEN: 20, NUM: 5, LATE: 15, f"{NUM}.percent": "25"},
    {"place": "371", "label": 2024},
]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("traced")


@pytest.fixture(scope="module")
def store(folder):
    return stored(folder, {("timeliness", "2025"): ROWS}, "2025")


def test_a_rate_is_traced_to_its_cells(folder, store):
    found = ss.trace("timeliness.within_20_weeks", "2024", basis=INCLUDING, store=store)
    (receipt,) = receipts(folder / "raw")
    assert found.sha256 == sha256_of(receipt.path(folder / "raw"))
    text = repr(found)
    for part in (
        "England, 2024, including_exceptions",
        "30.33333333 percent (91 of 300)",
        "'30.3' as 2024",
        "row         1 of timeliness_20_week.csv, the header not counted",
        f"sha256 {receipt.sha256}",
        "an extract: its row numbers are its own",
        "page        https://",
    ):
        assert part in text


def test_nulls_and_notes_are_told(store):
    rate = "timeliness.within_20_weeks"
    found = ss.trace(rate, "2024", basis=INCLUDING, place="370", store=store)
    assert {n.id for n in found.notes if n.kind != "finding"} == {"small_base"}
    assert "small_base  The base is under 30" in repr(found)
    null = ss.trace("timeliness.issued", "2024", basis=INCLUDING, place="371", store=store)
    assert "null (non_return) plans" in repr(null)


def test_what_cannot_be_traced(store):
    options = {"basis": INCLUDING, "store": store}
    with pytest.raises(UnknownId, match="unknown period '2031'"):
        ss.trace("timeliness.issued", "2031", **options)
    with pytest.raises(WrongUse, match="3 observations"):
        ss.trace("timeliness.issued", "2024", place="all", **options)


def test_findings_come_largest_first_and_by_place():
    every = ss.findings()
    assert every["effect_size"].is_sorted(descending=True)
    yorkshire = ss.findings("yorkshire and the humber")
    assert "E12000003" in set(yorkshire["place"])
    assert all("E12000003" in touched.split(";") for touched in yorkshire["touches"])
    assert 0 < yorkshire.height < every.height
    with pytest.raises(UnknownId, match="Bolton"):
        ss.findings("Boltn")


def test_what_other_releases_print_of_the_same_figure(tmp_path):
    """Both vintages stay; a release that lacks the period says nothing."""
    files = {
        ("caseload", "2022"): [{"place": ENGLAND, "label": 2020, "plans": 900}],
        ("caseload", "2025"): [{"place": ENGLAND, "label": "201920", "plans": 910}],
        ("caseload", "2026"): [{"place": ENGLAND, "label": "202526", "plans": 999}],
    }
    held = stored(tmp_path, files)
    found = ss.trace("plans.caseload.placed", "2020-01", store=held)
    assert (found.observation.release, found.observation.value) == ("2025", 910)
    assert [(v.release, v.value) for v in found.vintages] == [("2022", 900)]
    assert (
        "vintage     release 2022: 900, printed '900' in row 1 of sen2_estab_caseload.csv"
        in repr(found)
    )
