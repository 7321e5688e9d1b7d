"""A guidance text: its footnotes are found, numbered, and held against those that are listed."""

import hashlib
import json
from pathlib import Path

import pytest

from builders import EHC, put_crossed
from sendstats.errors import FaultyFile
from sendstats.ingest.guidance import check, compare, printed
from sendstats.store.build import build

TEXT = """\
Something about plans
Footnotes are explained below.

01 - Plans

Filename: plans.csv
Content summary: footnotes of plans

Footnotes:

1. Counted  on a\tday.
2. Goes on
in the next line.


02 - Requests

Filename: requests.csv

Variable name  |  Variable description

03 - Reviews

Filename: reviews.csv

Footnotes:

1. Two authorities, café: none returned.
"""


def test_footnotes_by_file_and_number():
    found = [(n.file, n.number, n.text, n.line) for n in printed(TEXT)]
    assert found == [
        ("plans.csv", 1, "Counted on a day.", 11),
        ("plans.csv", 2, "Goes on in the next line.", 12),
        ("reviews.csv", 1, "Two authorities, café: none returned.", 28),
    ]


def test_a_text_without_footnotes_has_none():
    assert printed("Filename: plans.csv\n\nVariable name | Description\n") == []
    assert printed("") == []


def test_the_hash_does_not_see_white_space():
    one, other = (printed(t)[0] for t in (TEXT, TEXT.replace("  on a\t", " on a ")))
    assert one.sha256 == other.sha256 == hashlib.sha256(b"Counted on a day.").hexdigest()
    assert printed(TEXT.replace("day", "date"))[0].sha256 != one.sha256


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Filename: a.csv\nFootnotes:\n\n", "line 2: a.csv.*no footnote"),
        ("Filename: a.csv\nFootnotes\n\nAn unnumbered one.\n", "line 2: a.csv.*no footnote"),
        ("Filename: a.csv\nFootnotes:\n1. One.\n3. Three.\n", "line 2: a.csv.*found 1, 3"),
        ("Footnotes:\n1. Of what?\n", "line 1: no file"),
    ],
)
def test_a_form_that_is_not_known_is_refused(text, found):
    with pytest.raises(FaultyFile, match=found) as raised:
        printed(text, "2099/data-guidance.txt")
    assert "2099/data-guidance.txt" in str(raised.value)
    assert "no table was built" in raised.value.untouched


def put(raw: Path, release: str, text: str | bytes) -> None:
    path = raw / EHC / release / "data-guidance.txt" / "data-guidance.txt"
    path.parent.mkdir(parents=True)
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    (path.parent / "receipt.json").write_text(json.dumps(described(path, release)))


def described(path: Path, release: str, **changes) -> dict:
    fields = {"publication": EHC, "release": release, "file": path.name, "sha256": "0" * 64}
    fields |= {"bytes": 1, "rows": None, "surface": "zip", "url": "", "retrieved": ""}
    return {**fields, "published": "", "kind": "guidance", **changes}


def test_unlisted_footnotes_stop_the_build_all_at_once(tmp_path):
    put(tmp_path / "raw", "2022", TEXT)
    put(tmp_path / "raw", "2025", TEXT.replace("Two", "Three"))
    with pytest.raises(FaultyFile) as raised:
        build(tmp_path / "raw", tmp_path / "out")
    assert len(raised.value.faults) == 6
    message = str(raised.value)
    assert "2022, plans.csv, footnote 2 is not listed" in message
    assert "2025, reviews.csv, footnote 1 is not listed" in message
    assert printed(TEXT)[2].sha256 in message
    assert "found Two authorities" in message
    assert "footnotes.toml" in raised.value.todo
    assert not (tmp_path / "out").exists()


def test_a_listed_footnote_that_is_gone_is_told(tmp_path):
    put(tmp_path / "raw", "2022", "A guidance without any.\n")
    told = [f"2022, sen2_mi.csv, footnote {n} is listed and not printed there" for n in range(1, 6)]
    assert check(tmp_path / "raw") == told
    assert build(tmp_path / "raw", tmp_path / "out").told == told


def test_changed_words_are_unlisted_and_gone_in_one():
    unlisted, gone = compare(EHC, "2022", printed(
        "Filename: sen2_mi.csv\nFootnotes:\n1. In other words.\n"))  # fmt: skip
    assert len(unlisted) == 1
    assert len(gone) == 5


def test_a_text_in_another_encoding_is_refused(tmp_path):
    put(tmp_path / "raw", "2022", "Filename: café.csv".encode("cp1252"))
    with pytest.raises(FaultyFile, match="not UTF-8"):
        check(tmp_path / "raw")


def test_other_files_of_the_kind_are_left_alone(tmp_path):
    put(tmp_path / "raw", "2022", "Nothing.\n")
    path = tmp_path / "raw" / EHC / "2022" / "notes.ods" / "notes.ods"
    path.parent.mkdir()
    path.write_bytes(b"\x00\xff")
    (path.parent / "receipt.json").write_text(json.dumps(described(path, "2022")))
    assert len(check(tmp_path / "raw")) == 5


NOTES = [
    ["Title", ""],
    ["", ""],
    ["Sources:", "a register"],
    ["Notes: ", ""],
    ["1. Counted  in\n- two ways", ""],
    [".. Not there", ""],
    ["Of no number.", ""],
]


def test_notes_that_a_table_prints_itself_stop_the_build_too(tmp_path):
    """Numbered ones and any other; what explains a symbol is no note. Rows: the title is none."""
    put_crossed(tmp_path / "raw", NOTES)
    with pytest.raises(FaultyFile) as raised:
        build(tmp_path / "raw", tmp_path / "out")
    name = "2025, SEND Tribunals and appeal rate 2014-2024.csv, footnote"
    assert [(f.what, f.found) for f in raised.value.faults] == [
        (f"{name} 1 is not listed", "Counted in - two ways"),
        (f"{name} 0 is not listed", "Of no number."),
    ]
    digest = hashlib.sha256(b"Counted in - two ways").hexdigest()
    assert raised.value.faults[0].expected == f"an entry with sha256 {digest}"


def test_a_table_without_its_notes_tells_the_nine_and_none_of_the_guidance(tmp_path):
    put_crossed(tmp_path / "raw", NOTES[:3])
    told = check(tmp_path / "raw")
    assert len(told) == 9
    assert all("SEND Tribunals" in line for line in told)


def test_a_table_that_cannot_be_read_stops_nothing_but_itself(tmp_path):
    put_crossed(tmp_path / "raw", [*NOTES[:5], ["more", "cells", "than the title"]])
    report = build(tmp_path / "raw", tmp_path / "out")
    assert [fault.what for f in report.failures for fault in f.faults] == [
        "rows have more or fewer cells than the header"
    ]
    assert report.told == []
