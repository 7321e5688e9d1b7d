"""Runs over pins: which surface serves, what a refusal means, and what is said about it."""

import hashlib
import threading
import time
from dataclasses import replace

import pytest

from sendstats.catalogue.publications import publication
from sendstats.errors import UnknownId, Unreachable
from sendstats.fetch import fetch_pinned
from sendstats.fetch.pins import write_pins
from sendstats.fetch.transport import Transport
from sendstats.receipts import receipts
from standin.kinds import BODIES
from standin.made import PLANS, PUPILS, File, make_zip, plain, table
from standin.world import pin_of

PHASE = "sen_phase_type_.csv"


def run(world, **choice):
    said = []
    report = fetch_pinned(world.project, settings=world.settings, say=said.append, **choice)
    return report, [*said, *report.lines, report.summary]


def pinned(world, *pins):
    write_pins(world.project, pins)
    world.pins = list(pins)


def receipt(world):
    (only,) = receipts(world.project.raw)
    return only


@pytest.fixture
def phase(world):
    """A world with one pin, that of a file which every surface serves."""
    pinned(world, pin_of(world.service.release(PUPILS, "2025-26"), PHASE))
    return world


@pytest.mark.parametrize(
    ("broken", "surface", "ids"),
    [
        ("nothing", "release-file", {"data_set_file_id", "file_id"}),
        ("/download", "release-file", {"data_set_file_id", "file_id"}),
        ("/download|/files/", "zip", set()),
        ("/download|/files[/?]", "api", {"data_set", "version", "data_set_file_id"}),
        ("/download|/files[/?]|/v1/", "catalogue", {"data_set_file_id"}),
        ("/download|/files[/?]|/v1/.*/csv", "catalogue", {"data_set_file_id"}),
    ],
)
def test_the_next_surface_serves_where_one_fails(phase, broken, surface, ids):
    phase.faults([{"match": broken, "kind": "status", "params": {"status": 500}}])
    report, _ = run(phase)
    assert report.fetched == 1
    assert receipt(phase).surface == surface
    assert set(receipt(phase).ids) == ids
    assert receipt(phase).last_updated == "2026-06-11T08:30:04Z"


def test_bodies_are_asked_for_whole(world):
    run(world)
    asked = {name.lower() for headers in world.service.headers for name in headers}
    conditions = {"range", "if-range", "if-none-match", "if-match", "if-modified-since"}
    assert not asked & conditions


def test_where_file_and_zip_disagree_the_hash_decides(phase):
    """After an amendment one of the two may be older for a while; the pin says which is meant."""
    made = phase.service.release(PUPILS, "2025-26")
    zipped = made.zipped()
    made.zipped = lambda: zipped
    made.files[0].body = plain("pupils", 24) + b"2024,Calendar year,National,9\n"
    report, _ = run(phase)
    assert (report.fetched, receipt(phase).surface) == (1, "zip")
    assert phase.whole() == {pin.name for pin in phase.pins}


def test_the_catalogue_serves_the_newest_release_only(world):
    pinned(world, pin_of(world.service.release(PLANS, "2025"), "newplans.csv"))
    broken = {"match": "/download|/files[/?]", "kind": "status", "params": {"status": 500}}
    world.faults([broken])
    report, said = run(world)
    assert report.failed == 1
    assert not [line for line in world.requests() if line.startswith("GET /site")]
    assert "the service answered 500" in "\n".join(said)


@pytest.mark.parametrize(
    ("match", "fault"),
    [
        ("version-summary", {"kind": "status", "params": {"status": 404}}),
        ("data-content", {"kind": "challenge"}),
        ("data-set-files.releaseId", {"kind": "json_cut"}),
        ("version-summary", {"kind": "replace", "params": {"replace": ['"id"', '"ident"']}}),
    ],
)
def test_without_discovery_the_known_ids_stand_in(world, match, fault):
    made = world.service.release(PLANS, "2026")
    known = publication(PLANS).release("2026").file("caseload.csv").data_set_file_id
    pinned(world, pin_of(made, "caseload.csv"))
    world.service.data_file = lambda ident: (made, made.files[0]) if ident == known else None
    world.faults([dict(fault, match=match)])
    report, said = run(world)
    assert report.fetched == 1
    assert receipt(world).ids == {"data_set_file_id": known}
    # No other instant is known then than the one the catalogue assumes.
    assert receipt(world).published_assumed
    assert "the known ids are used instead" in said[1]


def test_without_discovery_the_ids_of_the_pin_lead_to_its_bytes(world):
    """A release that the catalogue knows nothing of, and that an update pinned with its ids."""
    made = world.service.release(PLANS, "2025")
    made.slug = "2020"
    file = made.files[1]
    ids = {"release_version": made.version_id, "data_set_file_id": made.data_set_file_id(file)}
    pinned(world, pin_of(made, file.name, **ids), pin_of(made, "data-guidance.txt", **ids))
    world.faults([{"match": "version-summary", "kind": "status", "params": {"status": 404}}])
    report, _ = run(world)
    assert (report.fetched, report.failed) == (2, 0)
    assert {r.surface for r in receipts(world.project.raw)} == {"release-file", "zip"}
    assert {r.release_version for r in receipts(world.project.raw)} == {made.version_id}


def test_without_discovery_and_ids_a_file_is_not_said_to_be_gone(world):
    """Known ids that are refused say nothing about what is served now."""
    pin = replace(pin_of(world.service.release(PLANS, "2025"), "newplans.csv"), release="2020")
    pinned(world, pin)
    world.faults([{"match": "version-summary", "kind": "challenge"}])
    report, said = run(world)
    assert (report.failed, report.not_served, report.exit_code) == (1, 0, 1)
    assert "failed: its release could not be listed, and no known id leads to it" in said[1]


def test_no_more_than_two_requests_are_under_way(world, monkeypatch):
    under_way, most, lock = [], [], threading.Lock()
    once = Transport._download_once

    def counted(*given):
        with lock:
            under_way.append(1)
            most.append(len(under_way))
        try:
            return once(*given)
        finally:
            with lock:
                under_way.pop()

    monkeypatch.setattr(Transport, "_download_once", counted)
    world.faults([{"match": BODIES, "kind": "drip", "params": {"size": 500, "delay": 0.02}}])
    run(world)
    assert max(most) == 2


def test_an_instant_that_the_service_states_differently_is_not_assumed(world):
    made = world.service.release(PLANS, "2026")
    made.published = "2026-06-24T08:30:00+00:00"
    pinned(world, pin_of(made, "caseload.csv"))
    run(world)
    assert (receipt(world).published, receipt(world).published_assumed) == (
        "2026-06-24T08:30:00Z",
        False,
    )


def test_other_bytes_are_reported_and_never_used(phase):
    body = plain("pupils", 24) + b"2024,Calendar year,National,9\n"
    phase.service.release(PUPILS, "2025-26").files[0].body = body
    report, said = run(phase)
    assert (report.not_served, report.exit_code) == (1, 0)
    assert phase.whole() == set()
    (pin,) = phase.pins
    # What, where, expected, found, what was left untouched, what to do: on one line.
    assert said[0] == (
        f"{pin.name}: not served as pinned: the service has other bytes "
        f"(expected {pin.bytes:,} bytes, sha256 {pin.sha256}; "
        f"found {len(body):,} bytes, sha256 {hashlib.sha256(body).hexdigest()}); "
        "restated, or damaged on the way; "
        "left untouched: the pin, every file that is here and the committed figures; "
        "what to do: sendstats fetch --update shows what changed; "
        "sendstats fetch --archive DIR or sendstats import FILE can supply the pinned bytes"
    )
    strict, _ = run(phase, strict=True)
    assert strict.exit_code == 1


def test_a_longer_body_is_other_bytes_too_and_is_not_read_to_its_end(phase):
    made = phase.service.release(PUPILS, "2025-26")
    made.files[0].body = plain("pupils", 60_000)
    made.files[0].rows = 60_000
    report, said = run(phase)
    assert report.not_served == 1
    (pin,) = phase.pins
    assert f"sha256 {pin.sha256}; found a longer body (more than {pin.bytes:,} bytes)" in said[0]


def test_another_header_is_other_bytes_and_the_rest_is_not_read(phase):
    made = phase.service.release(PUPILS, "2025-26")
    (pin,) = phase.pins
    # As long as the pinned body, so that neither length nor rows tell; and slow.
    made.files[0].body = made.files[0].body.replace(b"pupils", b"people")
    made.zipped = lambda: make_zip([("data/other.csv", b"a,b\n1,2\n")])
    phase.faults([{"match": "/download", "kind": "drip", "params": {"size": 80, "delay": 0.05}}])
    start = time.monotonic()
    report, said = run(phase)
    assert time.monotonic() - start < 3
    assert (report.not_served, report.failed) == (1, 0)
    names = "4 columns: time_period, time_identifier, geographic_level, people ..."
    assert f"sha256 {pin.sha256}; found another header ({names})" in said[0]


def test_a_row_more_than_pinned_is_other_bytes(phase):
    (pin,) = phase.pins
    body = b"\n".join(phase.service.release(PUPILS, "2025-26").files[0].body.split(b"\n")[:1])
    phase.service.release(PUPILS, "2025-26").files[0].body = body + b"\n1,2,3,4" * 26
    report, said = run(phase)
    assert report.not_served == 1
    assert f"sha256 {pin.sha256}; found more rows than 25 rows" in said[0]


def test_a_body_without_the_rows_that_the_service_counts_is_a_fault(phase):
    cut = plain("pupils", 20)
    phase.service.release(PUPILS, "2025-26").files[0].body = cut
    report, said = run(phase)
    assert (report.failed, report.exit_code) == (1, 1)
    assert "expected 25 rows; found 20" in said[0]


@pytest.mark.parametrize("rows", [30, 31])
def test_an_extract_gives_way_without_a_word_of_restatement(world, rows):
    made = world.service.release(PLANS, "2026")
    pin = replace(pin_of(made, "caseload.csv"), extract=True)
    made.files[0].body = table("plans", 1, rows)
    made.files[0].rows = rows
    pinned(world, pin)
    report, said = run(world, strict=True)
    assert (report.not_served, report.failed, report.exit_code) == (1, 0, 0)
    assert len(said) == 2
    assert "1 pinned extract is not what the service serves (it has whole files)" in said[0]
    # Where the service itself counts other rows, nothing needs to be read.
    read = [line for line in world.requests() if "/download" in line]
    assert len(read) == (1 if rows == 30 else 0)


def test_a_file_that_is_nowhere_is_not_served(world):
    pin = replace(pin_of(world.service.release(PLANS, "2025"), "newplans.csv"), file="gone.csv")
    pinned(world, pin)
    report, said = run(world)
    assert report.not_served == 1
    assert "no surface has it" in said[0]


def test_a_release_amended_during_the_run_is_listed_again(world):
    made = world.service.release(PLANS, "2025")
    old = made.version_id

    def amend(line):
        if f"/releases/{old}/files" in line and made.version == 1:
            made.amend("caseload.csv", table("plans", 5))

    world.service.on_request = amend
    pinned(world, *(pin for pin in world.pins if pin.release == "2025"))
    report, said = run(world)
    notes = [line for line in said if "amended while it was being fetched" in line]
    assert len(notes) == 1
    here = {r.file for r in receipts(world.project.raw)}
    # Every file that is here has its pinned bytes; guidance came from the new version.
    assert here >= {"newplans.csv", "Notes on a table 1.csv", "data-guidance.txt"}
    assert report.failed == 0
    versions = {r.file: r.release_version for r in receipts(world.project.raw)}
    assert versions["data-guidance.txt"] == made.version_id != old


def test_the_zip_of_a_release_is_fetched_once(world):
    pinned(world, *(pin for pin in world.pins if pin.release == "2025"))
    world.faults([{"match": "/download|/files/", "kind": "status", "params": {"status": 500}}])
    report, _ = run(world)
    assert report.fetched == 4
    assert len([line for line in world.requests() if "fromPage" in line]) == 1


@pytest.mark.parametrize("kind", ["zip_traversal", "zip_bomb", "zip_bad_crc"])
def test_an_unsafe_zip_is_refused_whole(world, kind):
    pinned(world, *(pin for pin in world.pins if pin.release == "2026"))
    world.faults(
        [
            {"match": "/download|/files/|/csv", "kind": "status", "params": {"status": 500}},
            {"match": "fromPage", "kind": kind},
        ]
    )
    report, said = run(world)
    assert report.failed == 2
    assert world.whole() == set()
    assert world.leftovers == []
    assert "the zip file is refused" in "\n".join(said)
    assert not list(world.project.root.rglob("escaped*"))


def test_a_zip_without_the_file_is_no_reason_to_fail(phase):
    zipped = make_zip([("data/other.csv", b"a\n1\n")])
    phase.service.release(PUPILS, "2025-26").zipped = lambda: zipped
    phase.faults([{"match": "/download|/files/", "kind": "status", "params": {"status": 500}}])
    run(phase)
    assert receipt(phase).surface == "api"


def test_damaged_files_are_fetched_again_and_others_are_left(phase):
    run(phase)
    (pin,) = phase.pins
    phase.path(pin).write_bytes(b"a\n")
    before = len(phase.requests())
    report, _ = run(phase)
    assert report.fetched == 1
    assert len(phase.requests()) > before
    assert phase.whole() == {pin.name}


def test_an_archive_needs_no_request(world, tmp_path):
    archive = tmp_path / "archive"
    archive.mkdir()
    made = world.service.release(PLANS, "2025")
    (archive / "2025.zip").write_bytes(made.zipped())
    (archive / "broken.zip").write_bytes(b"no zip")
    spoilt = bytearray(make_zip([("data/newplans.csv", plain("new_plans"))]))
    spoilt[50:90] = bytes([255]) * 40
    (archive / "2025 spoilt.zip").write_bytes(spoilt)
    same_length = bytes(len(world.service.made[0].files[0].body))
    (archive / "a.csv").write_bytes(same_length)
    (archive / "copy of caseload").write_bytes(world.service.made[0].files[0].body)
    pins = [pin for pin in world.pins if pin.publication == PLANS]
    pinned(world, *(pin for pin in pins if (pin.release, pin.kind) != ("2026", "guidance")))
    rules = replace(world.settings, archive=archive, offline=True)
    report = fetch_pinned(world.project, settings=rules)
    assert report.fetched == 5
    assert world.requests() == []
    told = {(r.release, r.file): (r.surface, r.url) for r in receipts(world.project.raw)}
    assert told["2025", "newplans.csv"] == ("archive", "archive:2025.zip!data/newplans.csv")
    assert told["2026", "caseload.csv"] == ("archive", "archive:copy of caseload")


def test_what_cannot_be_reached_is_said_at_once_and_nothing_is_touched(world):
    rules = replace(world.settings, offline=True)
    with pytest.raises(Unreachable, match="cannot be reached"):
        fetch_pinned(world.project, settings=rules)
    assert world.leftovers == []
    fetch_pinned(world.project, settings=world.settings)
    # With everything here, the network is not missed.
    assert fetch_pinned(world.project, settings=rules).present == len(world.pins)


def test_one_surface_that_cannot_be_reached_is_not_the_end(phase):
    phase.settings = replace(
        phase.settings, api="http://127.0.0.1:9/v1", own=(*phase.settings.own, "http://127.0.0.1:9")
    )
    phase.faults([{"match": "/download|/files[/?]", "kind": "status", "params": {"status": 500}}])
    report, _ = run(phase)
    assert report.fetched == 1
    assert receipt(phase).surface == "catalogue"


def test_sets_releases_and_tables_choose_pins(world):
    full = replace(pin_of(world.service.release(PLANS, "2025"), "newplans.csv"), set="full")
    core = pin_of(world.service.release(PLANS, "2025"), "caseload.csv")
    late = pin_of(world.service.release(PLANS, "2026"), "caseload.csv")
    pinned(world, full, core, late)
    report, _ = run(world, releases=["2026"])
    assert [o.pin for o in report.outcomes] == [late]
    report, _ = run(world, sets=("core", "full"), tables=["newplans.csv"])
    assert [o.pin for o in report.outcomes] == [full]
    with pytest.raises(UnknownId):
        run(world, releases=["2031"])


def test_nothing_pinned_is_said_plainly(world):
    pinned(world)
    assert run(world)[1] == ["0 pinned files: nothing pinned"]


def test_names_with_spaces_travel_as_they_are(world):
    made = world.service.release(PLANS, "2025")
    made.files.append(File("A table, no 2.csv", b"a\n1\n", "supporting"))
    pin = replace(pin_of(made, "A table, no 2.csv"), rows=1)
    pinned(world, pin)
    run(world)
    assert world.path(pin).read_bytes() == b"a\n1\n"


def test_receipts_name_the_release_version_and_not_the_release(world):
    run(world)
    made = world.service.release(PLANS, "2025")
    told = {r.release_version for r in receipts(world.project.raw) if r.release == "2025"}
    assert told == {made.version_id}


def test_a_gateway_that_wants_a_browser_is_a_failure_and_not_a_missing_file(phase):
    phase.faults(
        [{"match": "/download|/files|/csv", "kind": "challenge", "params": {"status": 403}}]
    )
    report, said = run(phase)
    assert (report.failed, report.not_served) == (1, 0)
    assert "answered 403" in said[0]


def test_every_way_of_failing_is_named(phase):
    phase.faults(
        [
            {"match": "/download", "kind": "truncate_chunked"},
            {"match": "/files[/?]|/csv", "kind": "challenge"},
        ]
    )
    report, said = run(phase)
    assert report.failed == 1
    assert "the connection broke before the body was whole" in said[0]
    assert "an HTML page instead of data" in said[0]
