"""What a hostile answer, a full disk or a meddled folder can do: nothing, and it is said."""

import errno
import gzip
import hashlib
import io
import json
import signal
import struct
import time
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

from sendstats.errors import DataProblem, FaultyFile, WrongUse
from sendstats.fetch import fetch_pinned, known_releases, newer, read_pins, status, update
from sendstats.fetch.archive import from_archive
from sendstats.fetch.body import Sink
from sendstats.fetch.commands_releases import lines_of
from sendstats.fetch.discovery import listing, release_named
from sendstats.fetch.faults import FetchFault
from sendstats.fetch.pins import safe_name, to_toml
from sendstats.fetch.record import utc
from sendstats.fetch.rows import ChangedRow
from sendstats.fetch.settings import Settings
from sendstats.fetch.shape import Shape
from sendstats.fetch.staging import staging
from sendstats.fetch.transport import Transport
from sendstats.fetch.zips import checked
from sendstats.ingest import coverage
from sendstats.receipts import receipts, unread
from sendstats.store.vintages import from_raw
from standin.faults import Answer
from standin.made import PLANS, File, Made, make_zip, plain
from standin.world import pin_of, quick

FILE = {"id": "a", "filename": "b.csv"}


def yes(_):
    return True


def held(world):
    fetch_pinned(world.project, settings=world.settings)
    return world


# -- addresses ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "url",
    [
        # Read by one library as a host of the publisher, and by another as the first one.
        "https://evil.example\\@education.gov.uk/x",
        "https://evil.example\\.education.gov.uk/x",
        "https://user@education.gov.uk/x",
        "https://education.gov.uk .evil.example/",
        "https://educat\u0131on.gov.uk/",
        "https://education.gov.uk/\r\nX: y",
    ],
)
def test_an_address_that_two_readers_read_in_two_ways_is_not_spoken_to(world, url):
    assert not Settings.from_environment({}).allows(url)
    with Transport(world.settings) as transport, pytest.raises(FetchFault, match="publisher's"):
        transport.json(url)


@pytest.mark.parametrize(
    "base",
    ["https://me:secret@mirror.example/api", "https://mirror.example:port/", "http://[::1", "//x"],
)
def test_a_base_address_that_is_none_or_holds_a_password_is_refused(base):
    with pytest.raises(WrongUse) as caught:
        Settings.from_environment({"EES_CONTENT_BASE": base})
    assert "secret" not in str(caught.value)


# -- names and ids -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name",
    ["../../../../escaped.csv", "/escaped.csv", ".hidden.csv", "a\x1b[2Jb.csv", "é" * 150],
)
@pytest.mark.parametrize("kind", ["data", "supporting"])
def test_a_file_name_that_leads_away_is_left_out_and_said(world, name, kind):
    held(world)
    made = world.service.release(PLANS, "2026")
    made.files.append(File(name, plain("x", 3), kind, rows=3))
    made.zipped = lambda: make_zip([("data-guidance/data-guidance.txt", made.guidance())])
    before = {p: p.read_bytes() for p in world.project.raw.glob("*.toml")}
    plan = update(world.project, settings=world.settings, sets=("core", "full"), confirm=yes)
    why = "is left out: its name could lead away from its folder, or hide"
    assert f"{PLANS} 2026: {name!a} {why}" in plan.notes
    assert {p: p.read_bytes() for p in before} == before
    assert not list(world.project.root.rglob("*escaped*"))
    # It stands in the way of no other file.
    world.path(pin_of(made, "caseload.csv")).unlink()
    report = fetch_pinned(world.project, settings=world.settings)
    assert (report.fetched, report.notes) == (1, plan.notes)
    (known,) = known_releases(world.project, names=["2026"], ask=True, settings=world.settings)
    assert any(why in line for line in lines_of(known))


def test_a_release_name_or_id_that_leads_away_is_refused(world):
    instant = "2027-06-10T08:30:00+00:00"
    world.service.made.insert(0, Made(PLANS, "../../evil", "Evil", instant, []))
    plan = update(world.project, settings=world.settings, confirm=yes)
    assert "slug is no plain name or id" in plan.notes[0]
    said = []
    assert newer(world.project, world.settings, say=said.append) == []
    assert said[0].startswith(f"{PLANS}: whether anything is newer cannot be seen: ")


@pytest.mark.parametrize(
    ("match", "params", "words"),
    [
        ("version-summary", {"id": None}, "id is no plain name"),
        (
            "data-set-files.releaseId",
            {"results": [{"id": "a", "filename": "a.csv", "fileId": 5}]},
            "fileId is no",
        ),
        ("data-set-files.releaseId", {"paging": {"totalPages": "many"}}, "invalid literal"),
        (
            "data-set-files.releaseId",
            {"results": [FILE | {"release": {"id": "another"}}]},
            "not that of the release alone",
        ),
        (
            "data-set-files.releaseId",
            {"results": [FILE, FILE]},
            "two files are called b.csv",
        ),
    ],
)
def test_a_list_in_another_form_is_a_fault_and_the_known_ids_stand_in(world, match, params, words):
    world.faults([{"match": match, "kind": "json_replace", "params": params}])
    with Transport(world.settings) as transport, pytest.raises(FetchFault) as caught:
        listing(transport, release_named(PLANS, "2025"))
    assert "in a form that is not known" in caught.value.what
    assert words in caught.value.found
    report = fetch_pinned(world.project, settings=world.settings)
    assert "the known ids are used instead" in report.notes[0]


def test_what_people_read_cannot_steer_a_terminal(world):
    title = "Evil \x1b]0;title\x07 release"
    instant = "2027-06-10T08:30:00+00:00"
    world.service.made.insert(0, Made(PLANS, "2027", title, instant, []))
    (known,) = known_releases(world.project, names=["2027"], ask=True, settings=world.settings)
    assert known.release.title == "Evil ]0;title release"
    fault = FetchFault("x", "html", found="a\x1b[2J\u202eb")
    assert fault.line == r"x (found a\x1b[2J\u202eb)"
    assert ChangedRow(("a\x1b",), (("n", "1", "\x07"),)).words() == r"a\x1b: n 1 -> \x07"


# -- answers without end -----------------------------------------------------------------------


def test_a_list_without_end_is_given_up(world, monkeypatch):
    monkeypatch.setattr("sendstats.fetch.paging.MOST", 3)
    paging = {"paging": {"page": 1, "totalPages": 10**12}}
    item = {"results": [{"id": "a", "filename": "a.csv"}]}
    rule = {"match": "data-set-files.releaseId", "kind": "json_replace", "params": paging | item}
    world.faults([rule])
    with Transport(world.settings) as transport, pytest.raises(FetchFault, match="has no end"):
        listing(transport, release_named(PLANS, "2025"))


@pytest.mark.parametrize("where", ["answer", "problem"])
def test_json_that_is_nested_without_end_is_no_json(world, where, tmp_path):
    world.service.summary = lambda *_: deep
    status_of = 200 if where == "answer" else 404
    deep = Answer(status_of, b"[" * 200_000, "application/problem+json")
    with Transport(world.settings) as transport, pytest.raises(FetchFault) as caught:
        listing(transport, release_named(PLANS, "2025"))
    assert caught.value.kind == ("json" if where == "answer" else "status")


def test_bytes_that_unpack_to_nothing_end_as_well():
    sink = Sink(Shape("a.csv", 1000))
    empty = gzip.compress(b"")
    sink.check_packed(len(empty) * 1000)
    with pytest.raises(FetchFault, match="more bytes arrive") as caught:
        sink.check_packed(2 << 20)
    assert caught.value.kind == "size"


def test_a_line_in_many_pieces_takes_no_more_time_than_in_few():
    sink = Sink(Shape("a.csv", 10_000_000))
    start = time.monotonic()
    sink.feed(b"a,b\n")
    for _ in range(100_000):
        sink.feed(b"0123456789")
    sink.feed(b"\n")
    assert sink.finish().rows == 1
    # Joining each piece to all before it would move fifty gigabytes.
    assert time.monotonic() - start < 10


def test_a_zip_with_a_directory_of_millions_is_refused_before_it_is_read(tmp_path):
    path = tmp_path / "all-files.zip"
    body = bytearray(make_zip([("data/a.csv", b"a,b\n1,2\n")]))
    end = body.rindex(b"PK\x05\x06")
    struct.pack_into("<I", body, end + 12, 100 << 20)
    path.write_bytes(body)
    with pytest.raises(FetchFault) as caught:
        checked(path, quick("http://127.0.0.1:9"))
    assert "a directory of too many files" in caught.value.found


def test_a_zip_of_the_large_form_is_read(tmp_path):
    path = tmp_path / "all-files.zip"
    buffer = io.BytesIO()
    with (
        zipfile.ZipFile(buffer, "w") as archive,
        archive.open("data/a.csv", "w", force_zip64=True) as stream,
    ):
        stream.write(b"a,b\n1,2\n")
    path.write_bytes(buffer.getvalue())
    assert list(checked(path, quick("http://127.0.0.1:9"))) == ["data/a.csv"]


# -- the clock ---------------------------------------------------------------------------------


def test_a_date_to_come_back_counts_from_the_date_of_the_answer(world):
    """A clock here that is a day late would wait a day, and one that is early not at all."""
    dates = ("Mon, 07 Nov 1994 08:49:30 GMT", "Mon, 07 Nov 1994 08:49:37 GMT")
    busy = Answer(503, headers=dict(zip(("Date", "Retry-After"), dates, strict=True)))
    answers = [busy]
    world.service.summary = lambda *_: answers.pop() if answers else Answer(404)
    waits = []
    transport = Transport(world.settings, sleep=waits.append)
    with transport, pytest.raises(FetchFault, match="404"):
        listing(transport, release_named(PLANS, "2025"))
    assert waits == [7.0]


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        ("2026-06-25T09:30:00+01:00", "2026-06-25T08:30:00Z"),
        # Without an offset it does not depend on where this machine stands.
        ("2026-06-25T08:30:00", "2026-06-25T08:30:00Z"),
        ("0001-01-01T00:00:00+23:00", "0001-01-01T00:00:00+23:00"),
        ("soon", "soon"),
        ("", ""),
    ],
)
def test_instants_do_not_depend_on_the_machine(text, instant, monkeypatch):
    monkeypatch.setenv("TZ", "Asia/Tokyo")
    time.tzset()
    try:
        assert utc(text) == instant
    finally:
        monkeypatch.undo()
        time.tzset()


# -- the disk ----------------------------------------------------------------------------------


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EROFS, errno.EACCES, errno.EDQUOT])
@pytest.mark.parametrize("step", ["os.fsync", "pathlib.Path.mkdir", "pathlib.Path.rename"])
def test_a_disk_that_takes_nothing_is_said_and_what_is_here_stays(world, number, step, monkeypatch):
    one = [pin for pin in world.pins if pin.release == "2026"]
    fetch_pinned(world.project, releases=["2026"], settings=world.settings)

    def full(*_, **__):
        raise OSError(number, "no room at all", "a file")

    with monkeypatch.context() as patch:
        patch.setattr(step, full)
        with pytest.raises(DataProblem) as caught:
            fetch_pinned(world.project, settings=world.settings)
    said = str(caught.value)
    parts = ("cannot be written", "where: a file", "found: no room", "untouched", "to do: make")
    for words in parts:
        assert words in said
    assert world.whole() == {pin.name for pin in one}
    assert world.leftovers == []
    assert fetch_pinned(world.project, settings=world.settings).failed == 0


@pytest.mark.parametrize("kind", ["drip", "stall"])
def test_a_run_that_is_stopped_does_not_wait_for_what_is_under_way(world, kind):
    """Ctrl-C while two bodies come, or keep silent, for half a minute."""
    params = {"size": 20, "delay": 0.4, "seconds": 30, "after_bytes": 20}
    world.faults([{"match": "/download", "kind": kind, "params": params}])
    rules = replace(world.settings, read_timeout=40.0)

    def pressed(*_):
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGALRM, pressed)
    start = time.monotonic()
    signal.setitimer(signal.ITIMER_REAL, 0.7)
    try:
        with pytest.raises(KeyboardInterrupt):
            fetch_pinned(world.project, releases=["2025"], settings=rules)
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
    assert time.monotonic() - start < 5
    assert world.leftovers == []
    # What the zip had brought before counts, whole; nothing more is asked for.
    assert world.whole() <= {pin.name for pin in world.pins}
    asked = len(world.requests())
    time.sleep(0.2)
    assert len(world.requests()) == asked


def test_a_link_in_place_of_staging_is_not_followed(world, tmp_path):
    """What it points at would else be swept away."""
    precious = tmp_path / "precious"
    (precious / "photos").mkdir(parents=True)
    (world.project.raw / ".staging").symlink_to(precious)
    with pytest.raises(DataProblem, match="cannot be written") as caught:
        fetch_pinned(world.project, settings=world.settings)
    assert "a link stands where staging is" in caught.value.found
    assert (precious / "photos").is_dir()


def test_a_link_or_file_in_place_of_a_raw_file_gives_way_and_its_target_stays(world, tmp_path):
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "caseload.csv").write_bytes(b"mine")
    one, two = (world.path(p).parent for p in world.pins if p.release == "2026")
    one.parent.mkdir(parents=True)
    one.symlink_to(elsewhere)
    two.write_bytes(b"a file where a folder should be")
    fetch_pinned(world.project, settings=world.settings)
    assert world.whole() == {pin.name for pin in world.pins}
    assert not one.is_symlink()
    assert (elsewhere / "caseload.csv").read_bytes() == b"mine"


def test_a_kept_vintage_that_was_damaged_gives_way_to_a_good_one(world):
    old = pin_of(held(world).service.release(PLANS, "2025"), "newplans.csv")
    made = world.service.release(PLANS, "2025")
    made.amend("newplans.csv", plain("new_plans", 41), 41)
    update(world.project, settings=world.settings, confirm=yes)
    (kept,) = (world.project.raw / ".superseded").glob("*/2025/newplans.csv/*/newplans.csv")
    made.amend("newplans.csv", plain("new_plans"), 40)
    kept.write_bytes(b"damaged")
    update(world.project, settings=world.settings, confirm=yes)
    made.amend("newplans.csv", plain("new_plans", 41), 41)
    update(world.project, settings=world.settings, confirm=yes)
    assert kept.read_bytes() == plain("new_plans")
    assert old.bytes == len(plain("new_plans"))


# -- receipts and pins that somebody edited ----------------------------------------------------


@pytest.mark.parametrize(
    "change",
    [
        {"file": 5},
        {"publication": ["x"]},
        {"bytes": "12"},
        {"bytes": True},
        {"rows": 1.5},
        {"ids": []},
        {"extract": "no"},
        {"sha256": None},
        {"release": "../2026"},
        {"colour": "red"},
    ],
)
def test_a_receipt_that_somebody_edited_does_not_count_and_stops_nothing(world, change):
    pin = next(p for p in world.pins if p.release == "2026")
    path = world.path(held(world).pins[world.pins.index(pin)]).parent / "receipt.json"
    told = json.loads(path.read_text())
    path.write_text(json.dumps(told | change))
    mine = [h for h in status(world.project) if (h.release, h.file) == ("2026", pin.file)]
    assert [h.condition for h in mine] == ["corrupted"]
    assert fetch_pinned(world.project, settings=world.settings).fetched == 1
    assert world.whole() == {p.name for p in world.pins}


def test_a_receipt_of_the_wrong_kind_is_named_by_those_who_read_it(world):
    pin = held(world).pins[0]
    path = world.path(pin).parent / "receipt.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | {"bytes": "12"}))
    assert pin.key not in {(r.publication, r.release, r.file) for r in receipts(world.project.raw)}
    (refusal,) = unread(world.project.raw)
    assert (refusal.file, refusal.faults[0].what) == (
        f"{pin.release}/{pin.file}",
        "its receipt cannot be read",
    )
    assert refusal.faults[0].found == "bytes is not int: '12'"
    path.write_text("[" * 100_000)
    assert [one.file for one in unread(world.project.raw)] == [refusal.file]
    # Whoever says what the raw files hold names it.
    named = {h.file: h.condition for h in status(world.project) if h.release == pin.release}
    assert named[pin.file] == "corrupted"
    assert (pin.release, pin.file) in coverage.report(world.project.raw).faulty
    with pytest.raises(FaultyFile, match="receipt cannot be read"):
        from_raw(world.project.raw, pin.publication, pin.release, world.project.build)
    assert fetch_pinned(world.project, settings=world.settings).failed == 0
    assert unread(world.project.raw) == []


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ('file = "caseload.csv"', "file is not a list of tables"),
        ("file = [1, 2]", "file is not a list of tables"),
        (
            "twice",
            "entry 2: education-health-and-care-plans 2025 caseload.csv is pinned by an entry",
        ),
    ],
)
def test_a_pin_file_that_somebody_edited_is_named(world, text, fault):
    good = to_toml("pins.toml", world.pins[1:2])
    path = world.project.raw / "pins.toml"
    path.write_text(good + good if text == "twice" else text)
    with pytest.raises(DataProblem) as caught:
        read_pins(world.project)
    assert fault in caught.value.found


def test_names_are_measured_as_a_disk_measures_them():
    assert safe_name("é" * 100)
    assert not safe_name("é" * 101)
    assert not safe_name("\ud800")


def test_a_newer_release_than_the_catalogue_is_fetched_again(world):
    """An update pins it; another checkout of these pins has to fetch it."""
    file = File("caseload.csv", plain("plans", 3), rows=3)
    instant = "2027-06-10T08:30:00+00:00"
    world.service.made.insert(0, Made(PLANS, "2027", "Reporting year 2027", instant, [file]))
    plan = update(world.project, settings=world.settings, confirm=yes)
    assert f"{PLANS} 2027: a newer release" in plan.notes
    (pin,) = [p for p in read_pins(world.project).pins if (p.release, p.kind) == ("2027", "data")]
    for path in sorted((world.project.raw / PLANS / "2027").rglob("*"), reverse=True):
        path.unlink() if path.is_file() else path.rmdir()
    report = fetch_pinned(world.project, releases=["2027"], settings=world.settings)
    assert (report.fetched, report.failed) == (2, 0)
    assert world.path(pin).read_bytes() == file.body


def test_an_archive_with_files_that_cannot_be_read_is_searched_on(world, tmp_path, monkeypatch):
    pin = world.pins[0]
    body = plain("x", 3)
    (tmp_path / "archive").mkdir()
    for name in ("a.csv", "b.csv"):
        (tmp_path / "archive" / name).write_bytes(body)
    (tmp_path / "archive" / "loop").symlink_to(tmp_path / "archive" / "loop")
    real = Path.open

    def refuse(path, *args, **more):
        if path.name == "a.csv":
            raise PermissionError(errno.EACCES, "not for you", str(path))
        return real(path, *args, **more)

    monkeypatch.setattr(Path, "open", refuse)
    found = from_archive(tmp_path / "archive", replace(pin, bytes=len(body), sha256=_sha(body)))
    assert found.path.name == "b.csv"


def _sha(body):
    return hashlib.sha256(body).hexdigest()


def test_a_run_that_ends_may_remove_the_folder_that_another_begins_in(tmp_path, monkeypatch):
    real = Path.mkdir
    seen = []

    def mkdir(path, *args, **more):
        real(path, *args, **more)
        if path.name == ".staging" and not seen:
            seen.append(path)
            path.rmdir()

    monkeypatch.setattr(Path, "mkdir", mkdir)
    with staging(tmp_path) as stage:
        assert stage.folder.is_dir()
    assert seen
