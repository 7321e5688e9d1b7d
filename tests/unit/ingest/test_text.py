"""Bytes that are no table, or no regular one, and those that are."""

import pytest

from sendstats.errors import FaultyFile
from sendstats.ingest.text import header, read

LONG = b"a,b\n" + b"1,2\n" * 5000


@pytest.fixture
def file(tmp_path):
    def make(content: bytes):
        path = tmp_path / "made-up.csv"
        path.write_bytes(content)
        return path

    return make


@pytest.mark.parametrize(
    ("content", "what", "row"),
    [
        (b"", "the file is empty", None),
        (b" \r\n\r\n", "the file is empty", None),
        (b"<!DOCTYPE html><p>busy", "the file is a web page", None),
        (b"\xef\xbb\xbf\n <html>", "the file is a web page", None),
        (b"\na,b\n1,2\n", "the file has no header", None),
        (b"a,b", "the file has a header and no rows", None),
        (b"a,b\r\n", "the file has a header and no rows", None),
        (b"a,b\n1,caf\xe9\n", "the file is not UTF-8", None),
        (b"caf\xe9,b\n1,2\n", "the file is not UTF-8", None),
        (LONG + b"1,caf\xe9\n", "the file is not UTF-8", None),
        (LONG + b"1,caf\xe9,3\n", "the file is not UTF-8", None),
        ("a,b\n1,2\n".encode("utf-16"), "the file is not UTF-8", None),
        (b"a,b\n1,2,3\n", "rows have more or fewer cells than the header", 1),
        (b"a,b\n1,2\n3\n", "rows have more or fewer cells than the header", 2),
        (b"a,b\n1,2\n\n3,4\n", "rows have more or fewer cells than the header", 2),
        (b"a,b\n1,2\n3,4\n\n", "rows have more or fewer cells than the header", 3),
        (LONG + b"1", "rows have more or fewer cells than the header", 5001),
        (b'a,b\n1,"2\n3,4\n', "the file is not a regular CSV", None),
        (b'a\n"' + b"1\n" * 100_000, "the file is not a regular CSV", None),
    ],
    ids=str,
)
def test_bytes_that_are_no_regular_table(file, content, what, row):
    path = file(content)
    with pytest.raises(FaultyFile) as caught:
        read(path)
    (fault,) = caught.value.faults
    assert (fault.what, fault.row) == (what, row)
    assert caught.value.untouched
    assert caught.value.todo
    assert str(caught.value).startswith("made-up.csv: 1 fault\n")


def test_ragged_rows_are_told_once_for_each_width(file):
    with pytest.raises(FaultyFile) as caught:
        read(file(b"a,b\n1\n1,2,3\n1\n1,2\n"))
    one, three = caught.value.faults
    assert (one.row, one.expected, one.found) == (1, "2 cells", "1 cells (2 rows)")
    assert (three.row, three.found) == (2, "3 cells")


def test_header_names_every_column_once(file):
    path = file(b"\xef\xbb\xbftime_period,x, x ,,y,\r\n1,2,3,4,5,6\r\n")
    assert header(path) == ["time_period", "x", "x#2", "(unnamed)", "y", "(unnamed)#2"]


def test_cells_are_text_as_published_and_blanks_are_null(file):
    frame = read(file(b'a,b,c\r\n"", 47.665,"1,071"\r\n007,"two\nlines","say ""so"""\r\n,NA,null'))
    assert frame.rows() == [
        (None, " 47.665", "1,071"),
        ("007", "two\nlines", 'say "so"'),
        (None, "NA", "null"),
    ]


def test_a_last_cell_that_is_blank_is_a_cell_all_the_same(file):
    assert read(file(LONG + b"1,")).row(-1) == ("1", None)


def test_byte_order_mark_and_line_ends_change_nothing(file):
    plain = read(file(b"a,b\n1,2\n3,\n"))
    assert plain.equals(read(file(b"\xef\xbb\xbfa,b\r\n1,2\r\n3,\r\n")))
