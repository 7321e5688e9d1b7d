"""Raw files are ingested beside the committed tables, which stay as they are."""

from pathlib import Path

import polars as pl
import pytest

from sendstats.errors import DataProblem, Fault, FaultyFile
from sendstats.quality.schema import FINDINGS
from sendstats.receipts import RECEIPT, Receipt
from sendstats.run import candidate
from sendstats.store.build import BuildReport


@pytest.fixture
def said():
    return []


@pytest.fixture
def raw(home):
    receipt = Receipt(
        publication="plans",
        release="r1",
        file="a.csv",
        sha256="0" * 64,
        bytes=1,
        rows=1,
        surface="import",
        url="",
        retrieved="",
        published="",
    )
    folder = receipt.folder(home.raw)
    folder.mkdir(parents=True)
    (folder / "receipt.json").write_text(receipt.to_json())
    (folder / receipt.file).write_text("x")
    return home


def builds(monkeypatch, tables, failures=()):
    """Replace the build by one that writes `tables`; return the list of its targets."""
    done = []

    def build(raw, target, *, detail=False):
        for name, text in tables.items():
            path = target / "tables" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        done.append(target)
        return BuildReport(failures=list(failures))

    monkeypatch.setattr(candidate, "build", build)
    monkeypatch.setattr(candidate, "publish", lambda folder: (folder / "x.csv").write_text("x"))
    return done


FAULTY = FaultyFile("a.csv", [Fault("unknown symbol", "plans", 3), Fault("no such column")])


def test_no_raw_files_is_said_and_nothing_is_built(home, said, monkeypatch):
    done = builds(monkeypatch, {})
    candidate.ingest_raw(home, "state", say=said.append)
    assert said == ["ingest and quality: skipped: no raw files"]
    assert done == []


def test_raw_files_are_ingested_once(raw, said, monkeypatch):
    done = builds(monkeypatch, {"a.parquet": "1"})
    candidate.ingest_raw(raw, "state", say=said.append)
    candidate.ingest_raw(raw, "state", say=said.append)
    assert len(done) == 1
    assert said[-1] == "ingest and quality: 1 raw files up to date"
    candidate.ingest_raw(raw, "other state", say=said.append)
    assert len(done) == 2


def test_a_table_unlike_the_committed_one_is_named_and_stays(raw, said, monkeypatch):
    builds(monkeypatch, {"a.parquet": "1", "b.parquet": "2", "c.parquet": "3"})
    committed = raw.processed / "tables"
    committed.mkdir()
    (committed / "a.parquet").write_text("1")
    (committed / "b.parquet").write_text("old")
    candidate.ingest_raw(raw, "state", say=said.append)
    assert "3 of 4 files differ" in said[-1]
    assert "tables/b.parquet, tables/c.parquet" in said[-1]
    assert (committed / "b.parquet").read_text() == "old"


def test_equal_files_are_said_to_be_equal(raw, said, monkeypatch):
    builds(monkeypatch, {"a.parquet": "1"})
    (raw.processed / "tables").mkdir()
    (raw.processed / "tables" / "a.parquet").write_text("1")
    (raw.processed / "x.csv").write_text("x")
    candidate.check_raw(raw, say=said.append)
    assert said[-1] == "2 files equal the committed ones"


def test_tables_without_raw_files_are_counted_and_lists_over_all_are_not_compared(
    raw, said, monkeypatch
):
    builds(monkeypatch, {"a.parquet": "1"})
    (raw.processed / "tables").mkdir()
    for name in ("a", "b"):
        (raw.processed / "tables" / f"{name}.parquet").write_text("1")
    (raw.processed / "x.csv").write_text("of both tables")
    candidate.check_raw(raw, say=said.append)
    assert said[-1] == "1 files equal the committed ones; 1 committed tables have no raw file here"


def test_a_refused_file_is_told_with_all_faults_and_tried_again(raw, said, monkeypatch):
    done = builds(monkeypatch, {}, [FAULTY])
    candidate.ingest_raw(raw, "state", say=said.append)
    assert "row 3, column 'plans': unknown symbol" in said[0]
    assert "no such column" in said[0]
    candidate.ingest_raw(raw, "state", say=said.append)
    assert len(done) == 2


def test_the_check_refuses_faulty_files(raw, said, monkeypatch):
    builds(monkeypatch, {}, [FAULTY])
    monkeypatch.setattr(candidate, "listing", lambda findings: ["1. a finding"])
    with pytest.raises(DataProblem, match="2 faults"):
        candidate.check_raw(raw, say=said.append)
    assert said[0] == "1. a finding"  # of the files that were not refused


def test_the_check_names_columns_as_the_files_do(raw, said, monkeypatch):
    """caseload.csv of 2025: ed_elsewhere leaves out other_placement_settings."""
    found = {
        **{"table": "caseload", "release": "2025", "file": "caseload.csv", "kind": "definition"},
        **{"period": "2023-01", "place_name": "England", "row": 647, "expected": "36,138"},
        **{"effect": "England ed_elsewhere 31,640", "effect_size": 14.2, "found": "31,640"},
        "cause": "elsewhere.other_settings is not counted in elsewhere_published in this period",
    }
    held = pl.DataFrame([dict.fromkeys(FINDINGS) | found], schema=FINDINGS).write_csv()
    builds(monkeypatch, {"../findings.csv": held})
    candidate.check_raw(raw, say=said.append)
    assert said[0].endswith(
        "(other_placement_settings is not counted in ed_elsewhere in this period)"
    )


def test_an_unreadable_receipt_is_a_refusal_and_the_others_go_on(raw, said):
    """Nothing is made up here: the build is the real one, on files of no table."""
    broken = raw.raw / "plans" / "r1" / "b.csv"
    broken.mkdir()
    (broken / RECEIPT).write_text("{")
    (raw.raw / "plans" / "r1" / "loose.csv").touch()
    with pytest.raises(DataProblem, match=r"r1/b\.csv: 1 fault\n  - its receipt cannot be read"):
        candidate.check_raw(raw, say=said.append)
    assert said[0] == "not read, for want of a receipt: plans/r1/loose.csv"
    assert "1 files refused" in said[1]
    said.clear()
    report = candidate.ingest_raw(raw, "state", say=said.append)
    assert [fault.file for fault in report.failures] == ["r1/b.csv"]
    assert said[0].startswith("ingest and quality: refused r1/b.csv")


def test_nothing_of_an_earlier_build_survives(raw, said, monkeypatch):
    builds(monkeypatch, {"a.parquet": "1"})
    stale = raw.build / "processed" / "tables" / "stale.parquet"
    stale.parent.mkdir(parents=True)
    stale.write_text("old")
    candidate.ingest_raw(raw, "state", say=said.append)
    assert not stale.exists()


def test_without_committed_tables_there_is_nothing_to_compare(raw, said, monkeypatch):
    builds(monkeypatch, {"a.parquet": "1"})
    candidate.ingest_raw(raw, "state", say=said.append)
    assert said[-1].endswith("there are no committed tables to compare with")


def test_a_store_of_every_row_replaces_the_one_before(raw, said, monkeypatch):
    done = builds(monkeypatch, {"a.parquet": "1"})
    for _ in range(2):
        candidate.store_detail(raw, say=said.append)
    assert done == [raw.build / "detail.new"] * 2
    assert (raw.build / "detail" / "tables" / "a.parquet").is_file()
    assert not (raw.build / "detail.new").exists()
    assert said[-1].endswith("read them with ss.Store('build/detail')")


def test_a_refused_file_leaves_the_store_of_every_row_alone(raw, said, monkeypatch):
    builds(monkeypatch, {"a.parquet": "1"})
    candidate.store_detail(raw, say=said.append)
    builds(monkeypatch, {"b.parquet": "2"}, [FAULTY])
    with pytest.raises(DataProblem, match="unknown symbol"):
        candidate.store_detail(raw, say=said.append)
    assert [p.name for p in (raw.build / "detail" / "tables").iterdir()] == ["a.parquet"]


def test_a_store_of_nothing_is_refused_as_a_check_of_nothing_is(home, said):
    (home.raw / "x.csv").touch()
    for job in (candidate.store_detail, candidate.check_raw):
        with pytest.raises(DataProblem, match="no raw files") as raised:
            job(home, say=said.append)
        assert raised.value.found == "1 files without a receipt"
    assert said == []


@pytest.mark.parametrize("killed", ["before the old one was aside", "before the new one came"])
def test_the_store_before_outlives_a_run_that_is_killed(raw, said, monkeypatch, killed):
    builds(monkeypatch, {"a.parquet": "1"})
    candidate.store_detail(raw, say=said.append)
    rename = Path.rename

    def stopped(path, target):
        if (path.name == "detail") == (killed == "before the old one was aside"):
            raise KeyboardInterrupt
        return rename(path, target)

    builds(monkeypatch, {"b.parquet": "2"})
    with monkeypatch.context() as patched:
        patched.setattr(Path, "rename", stopped)
        with pytest.raises(KeyboardInterrupt):
            candidate.store_detail(raw, say=said.append)
    assert list(raw.build.glob("detail*/tables/a.parquet"))
    with pytest.raises(OSError, match="absent"):
        candidate.put(raw.build / "absent", raw.build / "detail")
    candidate.store_detail(raw, say=said.append)
    assert [p.name for p in (raw.build / "detail" / "tables").iterdir()] == ["b.parquet"]
    assert [p.name for p in raw.build.iterdir()] == ["detail"]
