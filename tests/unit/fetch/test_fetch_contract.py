"""What a fetch must do against any service of this contract: our stand-in and the reference one."""

from __future__ import annotations

import json
import re

import pytest

from sendstats.fetch import fetch_pinned
from sendstats.receipts import receipts
from standin.kinds import BODIES, KINDS, OTHER, clear, patient, places


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


#: The requests of a fetch without any fault, by kind of stand-in: the same every time.
PLAIN = {}


def plain_requests(world):
    kind = "own" if world.service else "shared"
    if kind not in PLAIN:
        start = len(world.requests())
        fetch_pinned(world.project, settings=world.settings)
        PLAIN[kind] = world.requests()[start:]
        clear(world.project.raw)
    return PLAIN[kind]


def is_body(line):
    return re.search(r"/download|/files(/|\?from)|/csv", line)


def fault_of(kind, world):
    """The fault of a kind; what the reference stand-in does not offer is left to ours."""
    if KINDS[kind].own and not world.service:
        pytest.skip("only our own stand-in offers it")
    return KINDS[kind]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("where", ["first", "middle", "last"])
def test_after_any_fault_only_whole_files_count_and_the_next_run_completes(either, kind, where):
    fault = fault_of(kind, either)
    place = places(fault, plain_requests(either))[where]
    either.faults([fault.rule(nth=place)])
    report = fetch_pinned(either.project, settings=patient(either, kind))
    if either.service:
        assert either.service.rules.fired == 1
    here = either.whole()
    assert here <= names(either)
    assert either.leftovers == []
    missing = [pin for pin in either.pins if pin.name not in here]
    said = "\n".join(report.lines)
    assert all(pin.name in said for pin in missing)
    # The reference stand-in damages bodies that are not packed, too: then only the hash can tell.
    words = fault.words if either.service else f"{fault.words}|{OTHER}"
    assert not said or re.search(words, said)
    if fault.harmless:
        assert (missing, said) == ([], "")

    either.faults([])
    start = len(either.requests())
    again = fetch_pinned(either.project, settings=either.settings)
    moved = 1 if fault.kind == "bump" and missing else 0
    assert (again.present, again.fetched) == (len(here), len(missing) - moved)
    assert (again.failed, again.not_served) == (0, moved)
    asked = either.requests()[start:]
    # Nothing is asked about releases that are here, and no body but those that are missing.
    releases = {pin.release for pin in missing}
    listed = {found[1] for line in asked if (found := re.search(r"/releases/([\d-]+)/", line))}
    assert listed == releases
    if not moved:
        assert len([line for line in asked if is_body(line)]) <= len(missing)


@pytest.mark.parametrize("kind", KINDS)
def test_a_fault_on_every_body_is_named_and_leaves_nothing(either, kind):
    fault = fault_of(kind, either)
    if fault.match != "." or fault.kind == "bump":
        pytest.skip("does not concern every body")
    either.faults([fault.rule(match=BODIES)])
    report = fetch_pinned(either.project, settings=patient(either, kind, attempts=1))
    assert len(report.outcomes) == len(either.pins)
    assert either.leftovers == []
    if fault.harmless:
        assert (report.fetched, either.whole()) == (len(either.pins), names(either))
        return
    assert report.fetched + report.present == 0
    assert either.whole() == set()
    words = fault.words if either.service else f"{fault.words}|{OTHER}"
    for outcome in report.outcomes:
        assert outcome.line.startswith(f"{outcome.pin.name}: ")
        assert re.search(words, outcome.line)
        assert "left untouched: " in outcome.line
        assert "what to do: " in outcome.line
    # A refusal for good and other bytes are no failure of this run; anything else is.
    quiet = fault.gone or fault.kind in ("json_cut", "corrupt_gzip")
    if not quiet or (either.service and fault.kind == "corrupt_gzip"):
        assert report.failed == len(either.pins)
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
