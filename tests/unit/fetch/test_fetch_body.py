"""Bodies are decoded and checked piece by piece, and the pieces do not matter."""

import csv
import gzip
import hashlib
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sendstats.fetch.body import Gunzip, Rows, Sink, decoder
from sendstats.fetch.faults import FetchFault
from sendstats.fetch.shape import Shape

cells = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=8)
tables = st.lists(st.lists(cells, min_size=1, max_size=4), min_size=1, max_size=8)


def chunks(data, size):
    return [data[start : start + size] for start in range(0, len(data), size)]


def sunk(body, file="a.csv"):
    sink = Sink(Shape(file, 10_000))
    for piece in chunks(body, 100):
        sink.feed(piece)
    return sink.finish()


def unpacked(packed, size=10_000):
    decode = Gunzip()
    plain = b"".join(out for piece in chunks(packed, size) for out in decode.feed(piece))
    decode.finish()
    return plain


@given(tables, st.integers(1, 50), st.sampled_from(["\n", "\r\n"]))
def test_records_are_counted_as_the_csv_module_counts_them(table, size, end):
    buffer = io.StringIO()
    csv.writer(buffer, quoting=csv.QUOTE_ALL, lineterminator=end).writerows(table)
    rows = Rows()
    for piece in chunks(buffer.getvalue().encode(), size):
        rows.feed(piece)
    rows.finish()
    assert rows.records == len(table)


@pytest.mark.parametrize(
    ("text", "records"),
    [
        (b"", 0),
        (b"a", 1),
        (b"a\n", 1),
        (b"a\n\n\nb\n\n", 2),
        (b'a\n"b\n\nc"\nd', 3),
        (b"a\r\nb\r\n\r\n", 2),
    ],
)
def test_blank_lines_are_no_records_and_a_last_line_end_is_not_needed(text, records):
    rows = Rows()
    rows.feed(text)
    rows.finish()
    assert rows.records == records


def test_a_csv_that_ends_inside_quotes_was_cut():
    rows = Rows()
    rows.feed(b'a\n"b')
    with pytest.raises(FetchFault, match="inside a quoted cell"):
        rows.finish()


def test_a_line_without_end_is_refused_before_memory_grows(monkeypatch):
    monkeypatch.setattr(Rows, "longest", 100)
    with pytest.raises(FetchFault, match="a line has no end"):
        Rows().feed(b"x" * 101)


@pytest.mark.parametrize("size", [1, 7, 1000])
def test_measurements_do_not_depend_on_the_pieces(size):
    body = b'\xef\xbb\xbfName,"Other name"\r\n1,2\r\n3,4\r\n'
    sink = Sink(Shape("a.csv", 1000))
    for piece in chunks(body, size):
        sink.feed(piece)
    found = sink.finish()
    assert found.sha256 == hashlib.sha256(body).hexdigest()
    assert (found.bytes, found.rows, found.header) == (len(body), 2, ("Name", "Other name"))


@pytest.mark.parametrize(
    ("body", "found"),
    [
        (b"<!DOCTYPE html><p>hello</p>", "HTML"),
        (b"\xef\xbb\xbf  \n<html>", "HTML"),
        (b'{"status": 404}', "JSON"),
        (b"\x1f\x8b\x08rest", "gzip"),
        (b"PK\x03\x04rest", "zip"),
        (b"%PDF-1.7", "PDF"),
        (b"a,b\n1,\x002\n", "NUL"),
        (b"  \r\n", "nothing"),
        (b"", "nothing"),
    ],
)
@pytest.mark.parametrize("padding", [0, 2000])
def test_what_is_no_csv_is_named(body, found, padding):
    with pytest.raises(FetchFault, match="not a CSV") as caught:
        sunk(body + b" " * padding)
    assert found in caught.value.found


def test_other_files_may_hold_anything_but_not_more_than_the_limit():
    sink = Sink(Shape("a.bin", 5))
    sink.feed(b"<\0>")
    assert sink.finish().rows is None
    with pytest.raises(FetchFault, match="longer than it may be"):
        sink.feed(b"123")


@pytest.mark.parametrize("size", [1, 13, 10_000])
def test_gzip_of_several_members_is_decoded(size):
    packed = gzip.compress(b"one ") + gzip.compress(b"two" * 5000)
    assert unpacked(packed, size) == b"one " + b"two" * 5000


@pytest.mark.parametrize("cut", [1, 4, 8, 15, 10_000])
def test_gzip_without_its_end_is_a_fault(cut):
    packed = gzip.compress(b"a,b\n1,2\n" * 100)
    with pytest.raises(FetchFault) as caught:
        unpacked(packed[: max(len(packed) - cut, 0)])
    assert caught.value.kind == "gzip"
    assert caught.value.transient


@pytest.mark.parametrize("place", [0, 30, -6, -2])
def test_damaged_gzip_is_a_fault(place):
    packed = bytearray(gzip.compress(bytes(range(256)) * 40))
    packed[place] ^= 0xFF
    with pytest.raises(FetchFault) as caught:
        unpacked(bytes(packed))
    assert caught.value.kind == "gzip"


def test_a_bomb_comes_out_in_small_pieces():
    decode = Gunzip()
    sizes = [len(piece) for piece in decode.feed(gzip.compress(bytes(20_000_000)))]
    assert max(sizes) <= 1 << 20
    assert sum(sizes) == 20_000_000


def test_encodings_that_were_not_asked_for_are_refused():
    assert list(decoder("identity").feed(b"as it is")) == [b"as it is"]
    assert isinstance(decoder(" GZIP "), Gunzip)
    with pytest.raises(FetchFault, match="not asked for"):
        decoder("br")


# -- what shows early is seen early ------------------------------------------------------------

HEADER = b"time_period,geographic_level,n"
GOOD = b"\xef\xbb\xbf" + HEADER + b"\r\n" + b"2024,National,1\r\n" * 500


def seen_after(body, **known):
    """Bytes that were taken, three at a time, when the fault was raised; and the fault."""
    sink = Sink(Shape("a.csv", 100_000, **known))
    for piece in chunks(body, 3):
        try:
            sink.feed(piece)
        except FetchFault as fault:
            return sink.length, fault
    sink.finish()
    return None, None


def near(place):
    return range(place, place + 4)


def test_another_header_than_the_pinned_one_is_seen_as_soon_as_it_is_there():
    pinned = hashlib.sha256(HEADER).hexdigest()
    assert seen_after(GOOD, header=pinned) == (None, None)
    other = GOOD.replace(b"geographic_level", b"geographic_levels")
    place, fault = seen_after(other, header=pinned)
    assert place in near(len(b"\xef\xbb\xbf" + HEADER) + 3)
    assert fault.kind == "header"
    assert fault.found == "3 columns: time_period, geographic_levels, n ..."


def test_a_header_without_the_columns_of_a_data_file_is_seen_as_soon_as_it_is_there():
    needed = ("time_period", "geographic_level")
    assert seen_after(GOOD, columns=needed) == (None, None)
    assert seen_after(GOOD.replace(b"time_period", b"Time_Period"), columns=needed)[0] is None
    place, fault = seen_after(b"a,b\n" + b"1,2\n" * 500, columns=needed)
    assert place in near(4)
    assert (fault.kind, fault.found) == ("header", "a, b")
    assert fault.expected == "columns time_period, geographic_level among others"


def test_a_header_of_several_lines_is_one_record():
    body = b'"a title\nin two lines, one cell",b\n1,2\n'
    sink = Sink(Shape("a.csv", 1000))
    sink.feed(body)
    found = sink.finish()
    assert found.header == ("a title\nin two lines, one cell", "b")
    first = b'"a title\nin two lines, one cell",b'
    assert found.header_sha256 == hashlib.sha256(first).hexdigest()


def test_one_row_too_many_is_seen_at_once():
    assert seen_after(GOOD, most_rows=500) == (None, None)
    place, fault = seen_after(GOOD, most_rows=10)
    row = len(b"2024,National,1\r\n")
    assert place in near(len(b"\xef\xbb\xbf" + HEADER) + 2 + 11 * row)
    assert (fault.kind, fault.transient, fault.expected) == ("rows", False, "10 rows")


@pytest.mark.parametrize("body", [b"<!DOCTYPE html>", b"\xef\xbb\xbf \r\n {}"])
def test_a_page_or_json_is_seen_at_its_first_letter(body):
    place, fault = seen_after(body + b" " * 1000)
    assert place in near(body.index(body.strip(b"\xef\xbb\xbf \r\n")[:1]) + 1)
    assert fault.kind == "html"


@pytest.mark.parametrize(
    ("file", "body", "words"),
    [
        ("a.xlsx", b"<!DOCTYPE html><p>robots</p>", "an HTML page instead of the file"),
        ("guidance.txt", b" \n<HTML><p>robots</p>", "an HTML page instead of the file"),
        ("a.XLSX", b"a,b\n1,2\n", "not what a file ending in .xlsx is"),
        ("a.pdf", b"PK\x03\x04", "not what a file ending in .pdf is"),
        ("all-files.zip", b"", "not what a file ending in .zip is"),
    ],
)
def test_other_files_must_begin_as_their_names_say(file, body, words):
    with pytest.raises(FetchFault, match=words) as caught:
        sunk(body, file)
    assert caught.value.where == file


@pytest.mark.parametrize(
    ("file", "body"),
    [("page.html", b"<html>"), ("a.ods", b"PK\x03\x04"), ("a.txt", b"plain"), ("a", b"\0")],
)
def test_other_files_that_are_what_they_say_are_taken(file, body):
    sink = Sink(Shape(file, 1000))
    sink.feed(body)
    assert sink.finish().rows is None
