"""Files that a user brings: pinned ones whatever their names, others if they are what they say."""

import json
from dataclasses import replace

import pytest

from sendstats.errors import FaultyFile, WrongUse
from sendstats.fetch import Given, import_file
from sendstats.fetch.archive import Source
from sendstats.fetch.faults import FetchFault
from sendstats.fetch.pins import write_pins
from standin.made import PLANS, PUPILS, make_zip, plain, table
from standin.world import pin_of

OLD = "special-educational-needs-in-england-january-2014"
HERE = ("--publication", PLANS, "--release", "2020")


@pytest.fixture
def bring(tmp_path):
    """Write a file that somebody brings; return its path."""

    def write(name, body):
        path = tmp_path / "brought" / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(body)
        return path

    return write


# -- pinned bytes need no words ----------------------------------------------------------------


@pytest.mark.parametrize(
    "name",
    [
        "downloaded (1).csv",
        "caseload",
        "données (août).csv",
        ".hidden.csv",
        "a.txt",
        " a.csv",
        "a.CSV",
    ],
)
def test_a_pinned_file_is_imported_without_words_and_whatever_its_name(call, world, bring, name):
    path = bring(name, world.service.release(PLANS, "2025").files[0].body)
    code, text = call("import", path)
    assert code == 0
    size = path.stat().st_size
    assert text == f"imported {PLANS} 2025 caseload.csv: {size:,} bytes, 30 rows\n"
    assert world.whole() == {f"{PLANS} 2025 caseload.csv"}
    assert path.exists()
    (told,) = json.loads(call("import", path, "--json")[1])
    assert (told["receipt"]["file"], told["replaced"]) == ("caseload.csv", None)


def test_a_zip_is_imported_file_by_file(call, world, bring):
    path = bring("all.zip", world.service.release(PLANS, "2025").zipped())
    code, text = call("import", path)
    assert (code, len(text.splitlines())) == (0, 4)
    assert world.whole() == {pin.name for pin in world.pins if pin.release == "2025"}
    assert call("fetch", "--release", "2025", "--offline")[0] == 0


def test_bytes_that_two_releases_share_go_where_it_is_said(call, world, bring):
    pin = pin_of(world.service.release(PLANS, "2025"), "newplans.csv")
    write_pins(world.project, [replace(pin, release="2024"), pin])
    path = bring("x.csv", plain("new_plans"))
    assert "2025 newplans.csv" in call("import", path, "--release", "2025")[1]
    assert "2024 newplans.csv" in call("import", path)[1]
    assert world.whole() == {f"{PLANS} {slug} newplans.csv" for slug in ("2024", "2025")}


def test_a_file_that_changes_while_it_is_read_is_refused(world, bring, monkeypatch):
    path = bring("a.csv", world.service.release(PLANS, "2025").files[0].body)
    read = Source.pieces

    def changing(source):
        yield from read(source)
        path.write_bytes(table("plans", 1))

    monkeypatch.setattr(Source, "pieces", changing)
    with pytest.raises(FetchFault, match="changes while it is read"):
        import_file(world.project, path, settings=world.settings)
    assert (world.whole(), world.leftovers) == (set(), [])


# -- other files must be named -----------------------------------------------------------------


def test_a_file_without_pin_must_be_named(call, world, bring):
    path = bring("mine.csv", b"time_period,n\n2019,1\n")
    with pytest.raises(WrongUse, match="not pinned"):
        call("import", path)
    with pytest.raises(WrongUse, match="unknown release"):
        call("import", path, "--publication", PLANS, "--release", "1066")
    with pytest.raises(WrongUse, match="unknown publication"):
        call("import", path, "--publication", "plans", "--release", "2020")
    with pytest.raises(WrongUse, match="one plain name"):
        call("import", path, *HERE, "--name", "../mine.csv")
    for odd in (path.parent / "nowhere.csv", path.parent):
        with pytest.raises(WrongUse, match="no such file"):
            call("import", odd)
    assert (world.whole(), world.leftovers) == (set(), [])
    former = ("--publication", "statements-on-sen-and-ehc-plans", "--release", "2020")
    call("import", path, *former, "--name", "caseload.csv", "--extract")
    assert world.whole() == {f"{PLANS} 2020 caseload.csv"}
    (receipt,) = world.project.raw.glob("*/2020/*/receipt.json")
    told = json.loads(receipt.read_text())
    assert (told["surface"], told["extract"], told["url"]) == ("import", True, "import:mine.csv")
    assert (told["published"], told["published_assumed"]) == ("2020-05-07T08:30:00Z", False)


@pytest.mark.parametrize(
    ("name", "body", "words"),
    [
        ("a.csv", b"These are words.\nAnd more of them.\n", "the first row does not name columns"),
        ("a.csv", b"a;b\n1;2\n", "the first row does not name columns"),
        ("a.csv", b"a\tb\n1\t2\n", "the first row does not name columns"),
        ("a.csv", b"Dear reader, hello\nthis, is, a letter\n", "row 1: a row is not as wide"),
        ("a.csv", b"a,b\n\n\n", "there is no row below the header"),
        ("a.csv", b"a,b\n1," + b"9" * 200_000 + b"\n", "a row that cannot be read"),
    ],
)
def test_a_text_that_is_no_table_is_refused_with_all_there_is_to_say(
    world, bring, name, body, words
):
    path = bring(name, body)
    with pytest.raises(FaultyFile) as caught:
        import_file(world.project, path, Given(PLANS, "2020"), settings=world.settings)
    said = str(caught.value)
    for part in (words, name, "found", "left untouched: every file", "what to do: "):
        assert part in said
    assert (world.whole(), world.leftovers) == (set(), [])


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("time_period,n\n2019,1\n".encode("utf-16"), "NUL bytes"),
        (b"<!DOCTYPE html>", "an HTML page"),
        (b"PK\x03\x04", "a zip file"),
        (b"", "nothing"),
        (b'a,b\n1,"2\n', "inside a quoted cell"),
    ],
)
def test_a_file_that_calls_itself_csv_and_is_none_is_refused(world, bring, body, words):
    path = bring("a.csv", body)
    with pytest.raises(FetchFault) as caught:
        import_file(world.project, path, Given(PLANS, "2020"), settings=world.settings)
    assert words in str(caught.value)
    assert (world.whole(), world.leftovers) == (set(), [])


def test_every_ragged_row_is_counted_and_the_first_are_named(world, bring):
    path = bring("a.csv", b"a,b\n" + b"1,2\n1\n" * 9)
    with pytest.raises(FaultyFile) as caught:
        import_file(world.project, path, Given(PLANS, "2020"), settings=world.settings)
    lines = [str(fault) for fault in caught.value.faults]
    assert lines[0] == "row 2: a row is not as wide as the header: expected 2 cells; found 1"
    assert (len(lines), lines[-1]) == (6, "and 4 more rows like these")


def test_a_table_may_have_the_warts_that_published_files_have(world, bring):
    body = b'\xef\xbb\xbf,a,a\r\n1,"x\r\ny",\r\n\r\n2,NULL,1e5\r\n,,\r\n'
    (taken,) = import_file(
        world.project,
        bring("odd name, (2).csv", body),
        Given(PLANS, "2020"),
        settings=world.settings,
    )
    assert (taken.receipt.file, taken.receipt.rows) == ("odd name, (2).csv", 3)


def test_a_supporting_file_need_not_be_a_table(call, world, bring):
    path = bring("notes.csv", b"A title\n\nplace,count\nA,1\n")
    assert call("import", path, *HERE, "--supporting")[0] == 0
    (receipt,) = world.project.raw.glob("*/2020/*/receipt.json")
    assert json.loads(receipt.read_text())["kind"] == "supporting"


@pytest.mark.parametrize("name", ["caseload", "caseload.dat", "caseload.csv.part"])
def test_a_name_that_says_nothing_is_refused_and_another_may_be_said(call, world, bring, name):
    path = bring(name, b"a,b\n1,2\n")
    with pytest.raises(WrongUse, match="does not say what sort of file") as caught:
        call("import", path, *HERE)
    assert ".csv" in caught.value.expected
    assert "--name" in caught.value.todo
    assert call("import", path, *HERE, "--name", "caseload.csv")[0] == 0


# -- before the service ------------------------------------------------------------------------


def test_a_file_from_before_the_service_is_taken_in(world, bring):
    path = bring("table.xlsx", b"PK\x03\x04 made up")
    (taken,) = import_file(world.project, path, Given(PUPILS, OLD), settings=world.settings)
    receipt = taken.receipt
    assert (receipt.release, receipt.file, receipt.rows) == (OLD, "table.xlsx", None)
    assert receipt.kind == "supporting"
    assert receipt.path(world.project.raw).read_bytes() == b"PK\x03\x04 made up"


def test_a_file_that_calls_itself_xlsx_and_is_none_is_refused(world, bring):
    path = bring("table.xlsx", b"a,b\n1,2\n")
    with pytest.raises(FetchFault, match=r"not what a file ending in \.xlsx"):
        import_file(world.project, path, Given(PUPILS, OLD), settings=world.settings)


def test_a_bundle_without_the_folders_of_a_release_is_taken_in_file_by_file(world, bring):
    members = [("UD/one.csv", b"a,b\n1,2\n"), ("UD/meta data.txt", b"words"), ("map.png", b"png")]
    path = bring("underlying data.zip", make_zip(members))
    taken = import_file(world.project, path, Given(PUPILS, OLD), settings=world.settings)
    assert {(t.receipt.file, t.receipt.kind, t.receipt.rows) for t in taken} == {
        ("one.csv", "data", 1),
        ("meta data.txt", "supporting", None),
        ("map.png", "supporting", None),
    }
    assert {t.receipt.url for t in taken} >= {"import:underlying data.zip!UD/one.csv"}


@pytest.mark.parametrize(
    ("members", "words"),
    [
        ([("a/one.csv", b"a,b\n1,2\n"), ("b/one.csv", b"a,b\n1,3\n")], "two files of one name"),
        ([("a/one.csv", b"a,b\n1,2\n"), ("b/two.csv", b"words")], "does not name columns"),
        ([("empty/", b"")], "holds no file"),
    ],
)
def test_a_bundle_with_one_bad_file_is_refused_whole(world, bring, members, words):
    path = bring("bundle.zip", make_zip(members))
    with pytest.raises((FetchFault, FaultyFile)) as caught:
        import_file(world.project, path, Given(PUPILS, OLD), settings=world.settings)
    assert words in str(caught.value)
    assert (world.whole(), world.leftovers) == (set(), [])


def test_words_about_one_file_are_refused_with_a_zip(call, bring):
    path = bring("bundle.zip", make_zip([("a.csv", b"a,b\n1,2\n")]))
    for words in (["--name", "b.csv"], ["--supporting"]):
        with pytest.raises(WrongUse, match="names and folders of their own"):
            call("import", path, *HERE, *words)


# -- what was there before ---------------------------------------------------------------------


def test_another_vintage_is_kept_and_it_is_said(call, world, bring):
    call("fetch", "--release", "2026", "--table", "caseload.csv")
    old = world.service.release(PLANS, "2026").files[0].body
    path = bring("caseload.csv", old.replace(b"Place 7", b"Place Z"))
    code, text = call("import", path, "--publication", PLANS, "--release", "2026")
    assert code == 0
    assert text.splitlines()[1] == (
        f"  in place of another vintage ({len(old):,} bytes, from release-file), "
        "which is kept in data/raw/.superseded"
    )
    (kept,) = (world.project.raw / ".superseded").glob("*/*/caseload.csv/*/caseload.csv")
    assert kept.read_bytes() == old
    assert "other bytes" in call("status")[1]
    # The pinned bytes come back from there, and no request is made.
    assert call("fetch", "--release", "2026", "--table", "caseload.csv", "--offline")[0] == 0
    assert world.whole() == {f"{PLANS} 2026 caseload.csv"}


def test_a_link_is_followed_and_what_is_taken_in_is_a_copy(world, bring, tmp_path):
    path = bring("real.csv", b"a,b\n1,2\n")
    link = tmp_path / "link.csv"
    link.symlink_to(path)
    (taken,) = import_file(world.project, link, Given(PLANS, "2020"), settings=world.settings)
    held = taken.receipt.path(world.project.raw)
    assert (held.is_symlink(), held.read_bytes()) == (False, b"a,b\n1,2\n")
