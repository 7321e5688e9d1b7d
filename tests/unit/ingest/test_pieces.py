"""A file is read in pieces: the size of a piece, and the order they come in, change nothing."""

import os
import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest

from builders import ENGLAND, lines, write
from sendstats.catalogue.tables import table
from sendstats.errors import FaultyFile
from sendstats.ingest import keys, opened
from sendstats.ingest.lookup import Lookup
from sendstats.ingest.stored import stored
from sendstats.ingest.table import ingest, ingest_to

DEN, PERCENT = "plans_issued_den", "PC_plans_issued_20_weeks_ex"


def piece(*rows):
    return pl.DataFrame(rows, schema=dict.fromkeys("ab", pl.Categorical), orient="row")


@pytest.fixture
def lookup():
    """A lookup that joins two texts, and counts how often it is asked."""
    asked = []

    def of(texts):
        asked.append(texts)
        return ("+".join(t or "nothing" for t in texts),)

    made = Lookup(["a", "b"], {"ours": pl.String()}, of)
    return made, asked


def test_each_combination_is_worked_out_once(lookup):
    found, asked = lookup
    first = found(piece(("x", "y"), ("x", "y"), ("x", None), ("x", "y")))
    assert first["ours"].to_list() == ["x+y", "x+y", "x+nothing", "x+y"]
    again = found(piece(("x", None), ("z", "y")))  # every row begins a run
    assert again["ours"].to_list() == ["x+nothing", "z+y"]
    assert sorted(asked, key=str) == [("x", "y"), ("x", None), ("z", "y")]
    assert found.met[("z", "y")] == ("z+y",)


def test_an_empty_piece_is_no_trouble(lookup):
    found, asked = lookup
    assert found(piece()).columns == ["ours"]
    assert asked == []


def test_keys_are_compared_over_all_parts(monkeypatch):
    """Twelve rows, of which the second and the eleventh carry one key, in parts of five rows."""
    monkeypatch.setattr(keys, "PART", 5)
    frame = pl.DataFrame({"row": range(1, 13), "k": [*range(10), 1, 11], "c": ["same"] * 12})
    found = keys.repeated(frame.lazy(), ["k", "c"], frame.height)
    assert found.rows() == [(1, "same", [2, 11])]
    unique = frame.filter(pl.col("row") != 11).lazy()
    assert keys.repeated(unique, ["k", "c"], 11).is_empty()


@pytest.fixture
def long(tmp_path):
    """A file of 30,000 rows, which is read in several pieces, and a function that spoils it."""
    rows = lines("timeliness", "2025", [{"place": ENGLAND, "label": 2024}])

    def make(spoil=lambda _: None):
        many = [rows[0] | {DEN: str(i)} for i in range(30_000)]
        spoil(many)
        return write(tmp_path / "timeliness_20_week.csv", many)

    return make


def test_a_fault_far_down_is_told_with_its_row_and_how_often(long):
    def spoil(rows):
        for i in (19_999, 29_998):
            rows[i][DEN] = "1,071"
        rows[24_999][PERCENT] = "100.5"

    with pytest.raises(FaultyFile) as caught:
        ingest(long(spoil), table("timeliness"), "2025")
    first, second = (f for f in caught.value.faults if "key" not in f.what)
    assert (first.column, first.row, first.found) == (DEN, 20_000, "1,071 (2 rows)")
    assert (second.column, second.row, second.found) == (PERCENT, 25_000, "100.5")


def test_a_key_that_occurs_in_two_pieces(long):
    with pytest.raises(FaultyFile) as caught:
        ingest(long(), table("timeliness"), "2025")
    (fault,) = caught.value.faults
    assert (fault.what, fault.row) == ("the same key occurs more than once", 2)


def test_an_unknown_label_of_a_filter_is_told_once(faults):
    """Not once for each combination with the labels of other filters."""
    rows = lines("caseload_by_age", "2024", [{"place": ENGLAND, "label": 2024}] * 2)
    for row, kind in zip(rows, ("Total", "EHCP"), strict=True):
        row |= {"age": "Age 5-10", "ehcp_or_statement": kind}
    (fault,) = faults(rows, "caseload_by_age", "2024")
    assert (fault.what, fault.column, fault.row) == ("item is not known", "age", 1)
    assert fault.found == "Age 5-10 (2 rows)"
    assert "Age 5 to 10" in fault.expected


def test_an_unknown_period_says_what_one_looks_like(faults, timed):
    (fault,) = faults([row | {"time_period": "2024/25"} for row in timed])
    assert fault.expected.startswith("a calendar year")


def test_nothing_is_left_of_a_faulty_file(long, tmp_path):
    target = tmp_path / "out" / "2025.parquet"
    with pytest.raises(FaultyFile):
        ingest_to(long(), table("timeliness"), "2025", target)
    assert list(target.parent.iterdir()) == []


def test_what_is_written_is_what_is_read_at_once(timed, tmp_path):
    path = write(tmp_path / "timeliness_20_week.csv", timed)
    frame = ingest_to(path, table("timeliness"), "2025", tmp_path / "2025.parquet").collect()
    assert frame.equals(ingest(path, table("timeliness"), "2025"))
    assert frame.equals(stored(tmp_path / "2025.parquet").collect())
    assert pl.Categorical not in frame.dtypes


@pytest.mark.parametrize("spoil", [lambda _: None, lambda rows: rows.append(rows[0])])
def test_a_file_read_piece_by_piece_is_the_file_held(timed, tmp_path, monkeypatch, spoil):
    """The same rows, and of a faulty file the same faults."""
    spoil(timed)
    path = write(tmp_path / "timeliness_20_week.csv", timed)

    def outcome():
        try:
            return ingest(path, table("timeliness"), "2025").rows()
        except FaultyFile as faulty:
            return faulty.faults

    held = outcome()
    monkeypatch.setattr(opened, "HELD", 0)
    assert outcome() == held
    assert [p.name for p in tmp_path.iterdir()] == [path.name]


def test_the_same_bytes_with_one_thread_and_two(tmp_path):
    """Enough rows for several pieces: 17,500 combinations that a layout with filters allows."""
    program = """
import sys
from pathlib import Path
sys.path.insert(0, sys.argv[1])
from pathlib import Path
import ethnicity
from sendstats.catalogue.tables import table
from sendstats.ingest.table import ingest_to
folder = Path(sys.argv[2])
path = ethnicity.write(folder / "made.csv", 60_000)
ingest_to(path, table(ethnicity.TABLE), ethnicity.RELEASE, folder / "made.parquet")
"""
    tests = str(Path(__file__).resolve().parents[2])
    made = []
    for threads in ("1", "2"):
        folder = tmp_path / threads
        folder.mkdir()
        subprocess.run(
            [sys.executable, "-c", program, tests, str(folder)],
            env=os.environ
            | {"POLARS_MAX_THREADS": threads, "PYTHONPATH": os.pathsep.join(sys.path)},
            check=True,
        )
        made.append((folder / "made.parquet").read_bytes())
    assert made[0] == made[1]
    assert stored(tmp_path / "1" / "made.parquet").select(pl.len()).collect().item() == 60_000
