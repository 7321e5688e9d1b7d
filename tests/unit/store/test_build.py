"""From raw files to stored tables: nothing invented, nothing lost, the same bytes every time."""

import os
import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest

from builders import EHC, ENGLAND, lines, put, receipt, stored, write
from sendstats.errors import DataProblem
from sendstats.quality.schema import FINDINGS, FLAGS, REPAIRS
from sendstats.store.build import build
from sendstats.store.ingested import ingested, planned
from sendstats.store.tables import SourceFile, Store, source_schema

DEN = "issued.including_exceptions"
TIMED = [{"place": p, "label": 2024, DEN: 7} for p in (ENGLAND, "370")]
GIRLS = {"place": ENGLAND, "label": 2024, "breakdown": ("Sex", "Female"), DEN: 3}


def tree(folder: Path) -> dict[str, bytes]:
    found = sorted(p for p in folder.rglob("*") if p.is_file())
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in found}


def test_a_build_says_what_it_did(tmp_path):
    put(tmp_path / "raw", "timeliness", "2025", lines("timeliness", "2025", TIMED), extract=True)
    report = build(tmp_path / "raw", tmp_path / "out")
    assert str(report) == "1 tables from 1 releases, 0 findings, 0 repairs, 0 files refused"
    (source,) = Store(tmp_path / "out").sources
    assert (source.table, source.layout, source.file, source.rows, source.extract) == (
        "timeliness", "C", "timeliness_20_week.csv", 2, True)  # fmt: skip
    assert source == report.sources[0]


def test_a_faulty_file_stops_itself_and_no_other(tmp_path):
    raw = tmp_path / "raw"
    put(raw, "timeliness", "2025", lines("timeliness", "2025", TIMED))
    bad = lines("requests", "2025", [{"place": ENGLAND, "label": 2024, "received": "1,071"}])
    put(raw, "requests", "2025", bad)
    report = build(raw, tmp_path / "out")
    (failure,) = report.failures
    assert failure.file == "2025/requests.csv"
    assert "the other files of the release go on" in failure.untouched
    store = Store(tmp_path / "out")
    assert store.releases("timeliness") == ["2025"]
    assert store.releases("requests") == []
    assert [s.table for s in store.sources] == ["timeliness"]


def test_a_file_that_is_not_the_one_of_its_receipt(tmp_path):
    path = put(tmp_path / "raw", "timeliness", "2025", lines("timeliness", "2025", TIMED))
    path.write_text(path.read_text().replace(",7,", ",8,"))
    (failure,) = build(tmp_path / "raw", tmp_path / "out").failures
    assert "the file changed after it arrived" in str(failure)
    assert Store(tmp_path / "out").releases("timeliness") == []


@pytest.mark.parametrize(
    ("spoil", "what"),
    [
        (lambda _: "<html>moved</html>", "the file is a web page"),
        (lambda text: f"{text.rstrip()},7\n", "rows have more or fewer cells than the header"),
    ],
    ids=["at the header", "in a row"],
)
def test_a_file_of_several_tables_that_is_no_table_is_told_once(tmp_path, spoil, what):
    """Five tables read it, and a later release has one of that name: the message says which."""
    row = {"place": ENGLAND, "label": 2021, "received": 5}
    path = put(tmp_path / "raw", "requests", "2022", lines("requests", "2022", [row], "0"))
    path.write_text(spoil(path.read_text()))
    (path.parent / "receipt.json").write_text(receipt(path, "2022").to_json())
    report = build(tmp_path / "raw", tmp_path / "out")
    (failure,) = report.failures
    assert failure.file == "2022/sen2_mi.csv"
    assert what in str(failure)
    assert str(report).endswith(" 1 files refused")


def test_more_files_than_are_read_ahead(tmp_path):
    """What is made does not depend on how many files are read at the same time."""
    raw = tmp_path / "raw"
    for release in ("2025", "2026"):
        for name in ("timeliness", "requests", "ceased", "personal_budgets"):
            row = {"place": ENGLAND, "label": 2024}
            put(raw, name, release, lines(name, release, [row]), extract=True)
    assert len(build(raw, tmp_path / "out").sources) == 8
    whole = list(planned(raw))
    made = list(ingested(raw, whole, tmp_path / "kept", keep=True))
    assert len(made) == len(whole) == 8
    assert len(list((tmp_path / "kept").rglob("*.parquet"))) == 8


def test_files_that_no_table_reads_are_left_alone(tmp_path):
    path = write(tmp_path / "raw" / EHC / "2025" / "other.csv" / "other.csv", [{"a": "1"}])
    (path.parent / "receipt.json").write_text(receipt(path, "2025").to_json())
    assert build(tmp_path / "raw", tmp_path / "out").sources == []
    assert tree(tmp_path / "out").keys() == {
        "findings.csv", "flags.parquet", "repairs.csv", "revisions.csv", "sources.csv"}  # fmt: skip


def test_nothing_raw_builds_an_empty_store(tmp_path):
    build(tmp_path / "raw", tmp_path / "out")
    store = Store(tmp_path / "out")
    assert store.sources == ()
    assert (store.findings.schema, store.flags.schema, store.repairs.schema) == (
        FINDINGS, FLAGS, REPAIRS)  # fmt: skip
    assert Store(tmp_path / "nowhere").sources == ()


def test_two_builds_give_the_same_bytes(tmp_path):
    """Also with another number of threads: nothing may depend on who finishes first."""
    rows = [{"place": p, "label": 202425, "plans": n} for n, p in enumerate((ENGLAND, "370"))]
    put(tmp_path / "raw", "caseload", "2025", lines("caseload", "2025", rows))
    put(tmp_path / "raw", "timeliness", "2025", lines("timeliness", "2025", [*TIMED, GIRLS]))
    program = "import sys; from pathlib import Path; from sendstats.store.build import build; "
    program += "build(Path(sys.argv[1]), Path(sys.argv[2]))"
    for threads in ("1", "2"):
        subprocess.run(
            [sys.executable, "-c", program, str(tmp_path / "raw"), str(tmp_path / threads)],
            env=os.environ
            | {"POLARS_MAX_THREADS": threads, "PYTHONPATH": os.pathsep.join(sys.path)},
            check=True,
        )
    assert tree(tmp_path / "1") == tree(tmp_path / "2")
    assert len(tree(tmp_path / "1")) == 7


def test_committed_are_the_rows_and_columns_that_a_series_can_say(tmp_path):
    """Breakdowns of England and the regions, not of authorities."""
    boys = GIRLS | {"place": "370", "breakdown": ("Sex", "Male")}
    files = {("timeliness", "2025"): [*TIMED, GIRLS, boys]}
    small = stored(tmp_path / "small", files).read("timeliness", "2025")
    detail = stored(tmp_path / "detail", files, detail=True).read("timeliness", "2025")
    assert small["row"].to_list() == [1, 2, 3]
    assert detail["row"].to_list() == [1, 2, 3, 4]
    assert detail["item"].to_list() == ["total", "total", "female", "male"]
    assert set(detail.columns) >= set(small.columns)
    assert small.equals(detail.head(3).select(small.columns))


def test_a_table_is_read_in_part(tmp_path):
    store = stored(tmp_path, {("timeliness", "2025"): [*TIMED, GIRLS]}, detail=True)
    found = store.scan("timeliness", "2025").filter(pl.col("item") == "female").select("row", DEN)
    assert found.collect().rows() == [(3, "3")]
    assert Store(str(store.root)).scan("timeliness", "2025").collect().equals(
        store.read("timeliness", "2025"))  # fmt: skip


def test_long_layouts_keep_the_labels_that_placements_are_made_of(tmp_path):
    rows = [
        {"place": ENGLAND, "label": 2021, "placement": pair, "plans": 5}
        for pair in (
            ("Total", "Total"),
            ("Special school", "Hospital School"),
            ("Educated elsewhere", "Total"),
        )
    ]
    frame = stored(tmp_path, {("caseload", "2022"): rows}).read("caseload", "2022")
    assert frame["placement"].to_list() == ["total", "special.hospital"]
    assert frame.columns[-2:] == ["plans", "plans.percent"]


def test_findings_reach_the_side_tables(tmp_path):
    rows = [
        {"place": ENGLAND, "label": 2024, DEN: 1},
        {"place": "E12000001", "label": 2024, DEN: 2},
        {"place": "370", "label": 2024, DEN: 1},
    ]
    store = stored(tmp_path, {("timeliness", "2025"): rows})
    assert "members sum to the whole" in set(store.findings["rule"])
    assert set(store.flags["finding"]) <= set(store.findings["finding"])
    assert store.findings["finding"].is_sorted()


def test_a_table_that_is_not_stored(tmp_path):
    with pytest.raises(DataProblem) as caught:
        Store(tmp_path).read("timeliness", "2031")
    assert caught.value.where == "timeliness/2031.parquet"
    assert "fetch" in caught.value.todo


@pytest.mark.parametrize(
    "name", ["tables/timeliness/2025.parquet", "findings.csv", "flags.parquet", "sources.csv"]
)
def test_a_stored_file_that_cannot_be_read(tmp_path, name):
    root = stored(tmp_path, {("timeliness", "2025"): TIMED}).root
    (root / name).write_text("a,b\n1,2\n")
    broken = Store(root)
    with pytest.raises(DataProblem, match="a stored table cannot be read") as caught:
        _ = broken.read("timeliness", "2025"), broken.findings, broken.flags, broken.sources
    assert caught.value.where.endswith(Path(name).name)
    assert caught.value.untouched == "every other table"


def test_a_source_that_is_not_recorded(tmp_path):
    store = stored(tmp_path, {("timeliness", "2025"): TIMED})
    assert store.source(EHC, "2025").file == "timeliness_20_week.csv"
    for missing in ((EHC, "2022"), (EHC, "2025", "other.csv")):
        with pytest.raises(DataProblem, match="no source is recorded"):
            store.source(*missing)


def test_work_is_done_once(tmp_path):
    store, done = Store(tmp_path), []
    for key in ("a", "a", "b"):
        store.once((key,), lambda key=key: done.append(key) or pl.DataFrame({"k": [key]}))
    assert done == ["a", "b"]


def test_sources_keep_their_types(tmp_path):
    assert source_schema()["bytes"] == pl.Int64
    assert source_schema()["extract"] == pl.Boolean
    (source,) = stored(tmp_path, {("timeliness", "2025"): TIMED}).sources
    assert isinstance(source, SourceFile)
    assert source.published == "2025-06-26"  # catalogue: publication date of the release


def test_the_first_whole_file_of_an_unproven_layout_is_refused(tmp_path):
    """Known from an extract only, so the differences are shown first."""
    row = {"place": "E92000001", "label": 202526, "plans": 1}
    for plans, differences in ((1, 0), ("1,071", 1)):
        rows = lines("caseload", "2026", [row | {"plans": plans}])
        put(tmp_path / "raw", "caseload", "2026", rows, extract=False)
        (failure,) = build(tmp_path / "raw", tmp_path / "processed").failures
        assert f"whole file with {differences} differences" in str(failure)
        assert "proven = true" in str(failure)


def test_a_stored_table_that_is_gone_is_told_of(tmp_path):
    """Without it another release would answer, in silence."""
    put(tmp_path / "raw", "timeliness", "2025", lines("timeliness", "2025", TIMED))
    build(tmp_path / "raw", tmp_path / "processed")
    Store(tmp_path / "processed").path("timeliness", "2025").unlink()
    with pytest.raises(DataProblem, match=r"2025\.parquet, as sources\.csv says"):
        Store(tmp_path / "processed").releases("timeliness")
