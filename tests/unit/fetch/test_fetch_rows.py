"""Rows that differ between two versions of a file are named by key, in bounded memory."""

import csv
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sendstats.fetch import rows
from sendstats.fetch.rows import ChangedRow, RowChanges, row_changes


@pytest.fixture
def compare(tmp_path):
    def run(before, after):
        one, two, scratch = tmp_path / "one.csv", tmp_path / "two.csv", tmp_path / "scratch"
        one.write_text(before, newline="")
        two.write_text(after, newline="")
        scratch.mkdir(exist_ok=True)
        found = row_changes(one, two, scratch)
        assert [path for path in scratch.rglob("*") if path.is_file()] == []
        return found

    return run


def keys(found):
    return tuple(
        tuple(row.key for row in some) for some in (found.changed, found.added, found.removed)
    )


def test_rows_are_told_apart_by_the_shortest_leading_key(compare):
    before = "year,place,n\n1,A,10\n1,B,20\n2,A,30\n"
    after = "year,place,n\n1,A,10\n1,B,21\n3,A,5\n"
    assert compare(before, after) == RowChanges(
        key=("year", "place"),
        changed=(ChangedRow(("1", "B"), (("n", "20", "21"),)),),
        added=(ChangedRow(("3", "A")),),
        removed=(ChangedRow(("2", "A")),),
        counts=(1, 1, 1),
    )


def test_the_key_tells_all_rows_apart_and_not_only_those_that_differ(compare, monkeypatch):
    """One column would do for the rows that differ, and two for the first rows of the file."""
    monkeypatch.setattr(rows, "SAMPLE", 2)
    same = "".join(f"{n},{m},{k},0\n" for n in range(3) for m in range(3) for k in range(3))
    before = "a,b,c,n\n7,0,0,1\n8,1,0,1\n" + same
    found = compare(before, before.replace("8,1,0,1", "8,1,0,2"))
    assert found.key == ("a", "b", "c")
    assert keys(found) == ((("8", "1", "0"),), (), ())


def test_rows_that_nothing_tells_apart_are_compared_whole_and_counted(compare):
    found = compare("a,b\n1,2\n1,2\n", "a,b\n1,2\n1,3\n")
    assert found.key == ("a", "b")
    assert keys(found) == ((), (("1", "3"),), (("1", "2"),))
    # A row that stood there twice and stands there once is a row removed.
    found = compare("a,b\n1,2\n1,2\n3,4\n", "a,b\n1,2\n3,4\n")
    assert found.counts == (0, 0, 1)


def test_columns_that_come_and_go_are_named_and_the_rest_is_compared(compare):
    found = compare("place,old,n\nA,x,1\nB,x,2\n", "place,n,new\nA,1,y\nB,3,y\n")
    assert found.columns == ("old", "new")
    assert keys(found) == ((("B",),), (), ())
    assert found.lines() == [
        "columns that only one version has: old, new",
        "row changed: B: n 2 -> 3",
    ]


@pytest.mark.parametrize(
    "after", ["b,a\n2,1\n3,2\n", "a,b\n2,3\n1,2\n", '"a","b"\r\n"1","2"\r\n"2","3"\r\n']
)
def test_another_order_or_writing_changes_no_row_and_is_said(compare, after):
    found = compare("a,b\n1,2\n2,3\n", after)
    assert (found.counts, found.columns) == ((0, 0, 0), ())
    assert found.lines() == ["every row is the same; their order, quotes or line ends changed"]


def test_cells_beyond_the_header_are_named_by_their_place(compare):
    found = compare("a,b\n1,2\n2,2\n", "a,b\n1,2,3\n2,\n")
    assert [row.cells for row in found.changed] == [(("column 3", "", "3"),), (("b", "2", ""),)]
    assert found.lines() == ["row changed: 1: column 3 blank -> 3", "row changed: 2: b 2 -> blank"]


def test_many_rows_and_cells_are_counted_not_listed(compare):
    before = "a,b,c,d,e\n" + "".join(f"{n},0,0,0,0\n" for n in range(30))
    lines = compare(before, before.replace(",0", ",1")).lines(most=10)
    assert len(lines) == 11
    assert lines[0] == "row changed: 0: b 0 -> 1; c 0 -> 1; d 0 -> 1; 1 more columns"
    assert lines[-1] == "and 20 more rows changed"


def test_of_many_rows_the_first_of_the_file_are_kept(compare, monkeypatch):
    monkeypatch.setattr(rows, "KEPT", 3)
    monkeypatch.setattr(rows, "BUCKET", 40)
    before = "a,b\n" + "".join(f"{n},0\n" for n in range(50))
    found = compare(before, before.replace(",0", ",1").replace("0,1\n", "0,0\n", 1))
    assert keys(found)[0] == (("1",), ("2",), ("3",))
    assert found.counts == (49, 0, 0)


@pytest.mark.parametrize("text", ["", "a,b\n"])
def test_a_file_without_rows_has_none_in_common(compare, text):
    assert compare(text, "a,b\n1,2\n").counts[0] == 0


made = st.lists(st.lists(st.sampled_from("xyz"), min_size=3, max_size=3), max_size=12)


@given(made, made, st.integers(1, 60))
def test_differences_are_those_of_a_plain_comparison(tmp_path_factory, before, after, bucket):
    """Keyed by the width that is found, the same as two dictionaries say."""
    folder = tmp_path_factory.mktemp("rows")
    for name, table in (("one", before), ("two", after)):
        with (folder / name).open("w", newline="") as stream:
            csv.writer(stream).writerows([["a", "b", "c"], *table])
    (folder / "scratch").mkdir()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(rows, "BUCKET", bucket)
        patch.setattr(rows, "SAMPLE", 2)
        # A bucket is written when a few numbers wait, and again at the end.
        patch.setattr(rows, "_WAITING", 8)
        found = row_changes(folder / "one", folder / "two", folder / "scratch")
    width = len(found.key)
    one, two = ([tuple(row) for row in table] for table in (before, after))
    if width == 3:
        # Whole rows, with how often each occurs.
        gone = sum(max(one.count(row) - two.count(row), 0) for row in set(one))
        come = sum(max(two.count(row) - one.count(row), 0) for row in set(two))
        assert found.counts == (0, come, gone)
        return
    held, held_now = ({row[:width]: row for row in table} for table in (one, two))
    assert (len(held), len(held_now)) == (len(one), len(two))
    same = held.keys() & held_now.keys()
    assert {row.key for row in found.changed} == {k for k in same if held[k] != held_now[k]}
    assert {row.key for row in found.added} == held_now.keys() - same
    assert {row.key for row in found.removed} == held.keys() - same
    for narrower in range(1, width):
        assert any(len({row[:narrower] for row in t}) < len(t) for t in (one, two))


MEASURE = """
import re, sys
from pathlib import Path
from sendstats.fetch.rows import row_changes
folder = Path(sys.argv[1])
found = row_changes(folder / "one.csv", folder / "two.csv", folder / "scratch")
peak = re.search(r"VmHWM:\\s+(\\d+) kB", Path("/proc/self/status").read_text())[1]
print(*found.counts, int(peak) // 1024, *found.lines(), sep="\\n")
"""


@pytest.mark.parametrize(
    "megabytes", [65, pytest.param(1000, marks=pytest.mark.slow)], ids=lambda n: f"{n}MB"
)
def test_large_files_are_compared_row_by_row_in_bounded_memory(tmp_path, megabytes):
    """A row in the middle changes, one comes at the end; no limit on length stands between."""
    words = "words of a row " * 40
    count = megabytes * 1_000_000 // 640
    (tmp_path / "scratch").mkdir()
    for name, figure, more in (("one.csv", 1, 0), ("two.csv", 2, 1)):
        with (tmp_path / name).open("w") as stream:
            stream.write("time_period,geographic_level,place,words,figure\n")
            for n in range(count + more):
                value = figure if n == count // 2 else 0
                stream.write(f"2024,Local authority,Place {n},{words},{value}\n")
    assert (tmp_path / "one.csv").stat().st_size > megabytes * 1_000_000 * 0.98
    source = Path(rows.__file__).parents[2]
    done = subprocess.run(
        [sys.executable, "-c", MEASURE, tmp_path],
        env={"PYTHONPATH": str(source)},
        capture_output=True,
        text=True,
        check=True,
    )
    changed, added, removed, peak, *lines = done.stdout.splitlines()
    assert (changed, added, removed) == ("1", "1", "0")
    key = "2024, Local authority, Place"
    assert lines == [
        f"row changed: {key} {count // 2}: figure 1 -> 2",
        f"row added: {key} {count}",
    ]
    assert int(peak) < 150
