"""A raw file counts only with a receipt that lies where it says."""

import hashlib
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builders import EHC, lines, put, receipt
from sendstats.errors import DataProblem
from sendstats.paths import Project, project
from sendstats.receipts import RECEIPT, Receipt, receipts, sha256_of, unread, without_receipt


@pytest.fixture
def held(tmp_path):
    rows = lines("ceased", "2025", [{"place": "370", "label": 2024}])
    return put(tmp_path, "ceased", "2025", rows, ids={"dataSet": "é"}, published_assumed=True)


def test_a_receipt_reads_back_as_written(held, tmp_path):
    (found,) = receipts(tmp_path)
    assert found == receipt(held, "2025", ids={"dataSet": "é"}, published_assumed=True)
    assert found.path(tmp_path) == held
    assert found.folder(tmp_path) == held.parent
    assert found.sha256 == hashlib.sha256(held.read_bytes()).hexdigest() == sha256_of(held)
    assert found.to_json().endswith("}\n")
    assert "é" in found.to_json()


@given(st.dictionaries(st.text(min_size=1), st.text()), st.none() | st.integers(0))
def test_any_receipt_survives_the_disk(ids, rows):
    fields = dict.fromkeys(("publication", "release", "file", "sha256", "surface", "url"), "x")
    made = Receipt(**fields, bytes=1, rows=rows, retrieved="", published="", ids=ids)
    assert Receipt(**json.loads(made.to_json())) == made


@pytest.mark.parametrize("away", [".staging", "other.csv", ".ceased_plans.csv.old"])
def test_a_receipt_elsewhere_does_not_count(held, tmp_path, away):
    held.parent.rename(held.parent.with_name(away))
    assert list(receipts(tmp_path)) == []


def test_a_receipt_without_its_file_does_not_count(held, tmp_path):
    held.unlink()
    assert list(receipts(tmp_path)) == []


def test_a_publication_folder_with_a_dot_does_not_count(held, tmp_path):
    (tmp_path / EHC).rename(tmp_path / f".{EHC}")
    assert list(receipts(tmp_path)) == []


@pytest.mark.parametrize("text", ["", "{", "[]", '{"publication": "x"}', '{"surprise": 1}'])
def test_a_receipt_that_cannot_be_read_is_told(held, tmp_path, text):
    (held.parent / RECEIPT).write_text(text)
    with pytest.raises(DataProblem) as caught:
        Receipt.read(held.parent / RECEIPT)
    assert caught.value.where.endswith(f"ceased_plans.csv/{RECEIPT}")
    assert list(receipts(tmp_path)) == []
    (refusal,) = unread(tmp_path)
    assert refusal.file == "2025/ceased_plans.csv"
    assert refusal.faults[0].what == "its receipt cannot be read"
    assert refusal.todo == caught.value.todo
    assert without_receipt(tmp_path) == []


def test_files_that_no_receipt_speaks_of_are_found(held, tmp_path):
    for name in ("README.md", "pins.toml", f"{EHC}/.staging/x.csv"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    assert without_receipt(tmp_path) == unread(tmp_path) == []
    loose = ["a.csv", f"{EHC}/2025/b.csv", f"{EHC}/2025/c.csv/c.csv", f"{EHC}/2025/d.csv/x/d.csv"]
    for name in loose:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    found = [path.relative_to(tmp_path).as_posix() for path in without_receipt(tmp_path)]
    assert sorted(found) == sorted(loose)


def test_receipts_come_sorted(tmp_path):
    rows = lines("ceased", "2025", [{"place": "370", "label": 2024}])
    for release in ("2026", "2025"):
        put(tmp_path, "ceased", release, rows)
    assert [r.release for r in receipts(tmp_path)] == ["2025", "2026"]


def test_project_is_the_checkout_unless_told(monkeypatch, tmp_path):
    monkeypatch.delenv("SENDSTATS_HOME", raising=False)
    assert (project().root / "pyproject.toml").is_file()
    monkeypatch.setenv("SENDSTATS_HOME", str(tmp_path))
    assert project() == Project(tmp_path)
    folders = (project().raw, project().processed, project().notebooks, project().build)
    assert [f.relative_to(tmp_path).as_posix() for f in folders] == [
        "data/raw",
        "data/processed",
        "notebooks",
        "build",
    ]
