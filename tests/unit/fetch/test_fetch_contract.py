"""What a fetch must do against any service of this contract: our stand-in and the reference one."""

from __future__ import annotations

import json

import pytest

from sendstats.fetch import fetch_pinned
from sendstats.receipts import receipts
from standin.kinds import KINDS, clear, patient


def names(world):
    return {pin.name for pin in world.pins}


def test_every_pinned_file_arrives_once_with_a_receipt(either):
    report = fetch_pinned(either.project, settings=either.settings)
    assert (report.fetched, report.failed, report.not_served) == (len(either.pins), 0, 0)
    assert report.exit_code == 0
    assert either.whole() == names(either)
    told = {(r.publication, r.release, r.file): r for r in receipts(either.project.raw)}
    for pin in either.pins:
        receipt = told[pin.key]
        assert (receipt.sha256, receipt.bytes, receipt.rows) == (pin.sha256, pin.bytes, pin.rows)
        assert receipt.url.startswith(either.settings.content)
        assert receipt.surface == ("zip" if pin.kind == "guidance" else "release-file")
        assert receipt.extract == pin.extract
        assert receipt.release_version
    assert either.leftovers == []


def test_a_second_run_makes_no_request(either):
    fetch_pinned(either.project, settings=either.settings)
    before = len(either.requests())
    report = fetch_pinned(either.project, settings=either.settings)
    assert report.present == len(either.pins)
    assert len(either.requests()) == before


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("where", ["first", "middle", "last"])
def test_after_any_fault_only_whole_files_count_and_the_next_run_completes(world, kind, where):
    fetch_pinned(world.project, settings=world.settings)
    plain = world.requests()
    place = {"first": 1, "middle": len(plain) // 2, "last": len(plain)}[where]
    clear(world.project.raw)

    world.faults([dict(KINDS[kind], match=".", nth=place)])
    fetch_pinned(world.project, settings=patient(world, kind))
    assert world.service.rules.fired == 1
    assert world.whole() <= names(world)
    assert world.leftovers == []

    world.faults([])
    missing = [pin for pin in world.pins if pin.name not in world.whole()]
    start = len(world.requests())
    report = fetch_pinned(world.project, settings=world.settings)
    assert (report.fetched, report.failed) == (len(missing), 0)
    assert world.whole() == names(world)
    bodies = [line for line in world.requests()[start:] if "download" in line or "/files" in line]
    assert len([line for line in bodies if "data-set-files?" not in line]) <= len(missing)


@pytest.mark.parametrize("kind", KINDS)
def test_a_fault_on_every_body_is_named_and_leaves_nothing(either, kind):
    bodies = r"/download|/releases/[^/]+/files|/csv"
    either.faults([dict(KINDS[kind], match=bodies)])
    settings = patient(either, kind, attempts=2)
    report = fetch_pinned(either.project, settings=settings)
    gone = kind == "404"
    assert report.fetched + report.present == 0
    assert len(report.outcomes) == len(either.pins)
    # The reference stand-in damages plain bodies too: then only the hash can tell.
    if either.service or "gzip" not in kind:
        assert report.failed == (0 if gone else len(either.pins))
    assert either.whole() == set()
    assert either.leftovers == []
    # Extracts that are not served are one line a release, anything else is named by file.
    named = [o.pin for o in report.outcomes if o.state == "failed" or not o.pin.extract]
    assert all(pin.name in "\n".join(report.lines) for pin in named)
    assert report.exit_code == (1 if report.failed else 0)


def test_busy_answers_are_retried_and_refusals_are_not(either):
    either.faults([{"match": "/download", "kind": "status", "params": {"status": 429}, "nth": 1}])
    fetch_pinned(either.project, settings=either.settings)
    downloads = [line for line in either.requests() if "/download" in line]
    assert len(downloads) == len(set(downloads)) + 1
    assert either.whole() == names(either)


def test_receipts_mark_a_date_that_is_only_assumed(either):
    fetch_pinned(either.project, settings=either.settings)
    told = {(r.release, r.published_assumed) for r in receipts(either.project.raw)}
    assumed = {release for release, flag in told if flag}
    # The catalogue assumes the instants of these two releases; the others are known.
    assert assumed == {pin.release for pin in either.pins} & {"2022", "2026"}


@pytest.mark.shared
def test_all_pins_of_the_checkout_are_served_by_the_reference_releases(everything):
    report = fetch_pinned(everything.project, settings=everything.settings)
    assert (report.fetched, report.failed, report.not_served) == (45, 0, 0)
    assert {(p.publication[:5], p.release, p.extract) for p in everything.pins} == {
        ("educa", "2022", False),
        ("educa", "2025", False),
        ("educa", "2024", True),
        ("educa", "2026", True),
        ("speci", "2022-23", True),
        ("speci", "2024-25", True),
    }
    folder = everything.project.raw / "education-health-and-care-plans" / "2025" / "caseload.csv"
    receipt = json.loads((folder / "receipt.json").read_text())
    # The row count is DfE's own, on the catalogue page of this file.
    assert receipt["rows"] == 25_339
    assert receipt["ids"]["data_set_file_id"] == "897aaeeb-39b2-4913-8739-d0773d99f674"
