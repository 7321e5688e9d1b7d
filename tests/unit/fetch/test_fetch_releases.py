"""Every release is listed with what is known of it; the set full is named, and pinned when seen."""

import json
from dataclasses import replace

import pytest

from sendstats.catalogue.publications import publication, publications
from sendstats.errors import UnknownId, Unreachable
from sendstats.fetch import fetch_pinned, known_releases, read_pins, update
from sendstats.fetch.pins import Pin, PinSet, write_pins
from sendstats.fetch.sets import unpinned
from sendstats.paths import Project
from sendstats.receipts import receipts
from standin.made import PLANS, PUPILS, File, Made, plain
from standin.world import pin_of, quick

NOTHING, UNSEEN = "nothing is pinned", "known whose whole bytes were never seen"
HOW = "sendstats fetch --update --set full --release"


def yes(_):
    return True


# -- the set full ----------------------------------------------------------------------------


def test_the_catalogue_names_the_large_data_sets_of_the_set_full():
    full = {
        (release.slug, file.title): file.rows
        for release in publication(PUPILS).releases
        for file in release.files
        if file.set == "full"
    }
    # Rows as DfE's catalogue pages show them.
    assert full["2025-26", "Ethnicity"] == 12_560_016
    assert full["2025-26", "Age and gender"] == 1_570_002
    assert full["2024-25", "Language"] == 1_608_380
    assert len(full) == 13
    assert {file.set for r in publication(PLANS).releases for file in r.files} == {"core"}


def test_what_the_set_full_lacks_is_said_with_all_that_is_known_and_all_that_is_not(world):
    report = fetch_pinned(world.project, sets=("core", "full"), settings=world.settings)
    assert (report.fetched, report.exit_code) == (len(world.pins), 0)
    heads = [line for line in report.lines if not line.startswith(" ")]
    # Every release: of those that are pinned here, files beyond the pins are known.
    every = [f"{r.publication} {r.slug}" for h in publications().values() for r in h.releases]
    assert [line.split(":")[0] for line in heads] == every
    place = report.lines.index(f"{PUPILS} 2019-20: {NOTHING}; 2 data sets are {UNSEEN}")
    assert "\n".join(report.lines[place + 1 : place + 5]) == (
        "  known: National Curriculum year: rows not known; file not known; "
        "data set fe733b94-10df-4a81-b588-fe9027be7400; API data set not known\n"
        "  known: Secondary need: rows not known; file not known; "
        "data set 8e6589ab-35a3-4f01-a2ad-bec4f117f61a; API data set not known\n"
        "  not known: release version id, publication date, file names of 2 data sets, "
        "how many data sets there are\n"
        f"  to pin what the service serves: {HOW} {PUPILS}/2019-20"
    )
    assert f"{PLANS} 2020: {NOTHING}; no data set is known" in report.lines
    # The default set says nothing of it.
    assert fetch_pinned(world.project, settings=world.settings).lines == ()


def test_an_extract_is_no_whole_file_of_the_set_full():
    small = Pin(PUPILS, "2022-23", "a.csv", "0" * 64, 5, 1, extract=True)
    lines = unpinned(PinSet((small,)), ["core", "full"], ["2022-23"])[f"{PUPILS}/2022-23"]
    assert lines[0].endswith("0 whole files and 1 extract are pinned; no data set is known")


def test_a_release_of_the_set_full_may_be_named_before_it_is_pinned(world):
    rules = {"settings": world.settings, "releases": ["2019-20"]}
    report = fetch_pinned(world.project, sets=("core", "full"), **rules)
    assert (report.outcomes, len(report.lines)) == ((), 5)
    with pytest.raises(UnknownId):
        fetch_pinned(world.project, **rules)


def test_an_update_of_the_set_full_pins_what_is_served(world):
    """Also releases that no pin names; what is known of a data set goes before its file name."""
    known = next(
        f for f in publication(PUPILS).release("2019-20").files if f.title == "Secondary need"
    )
    file = File("sen_phase_type_of_old.csv", plain("pupils", 9), rows=9)
    made = Made(PUPILS, "2019-20", "Academic year 2019/20", "2020-07-02T08:30:00+00:00", [file])
    made.data_set_file_id = lambda _: known.data_set_file_id
    world.service.made.append(made)
    assert update(world.project, settings=world.settings, confirm=yes).moves == ()

    plan = update(world.project, settings=world.settings, sets=("core", "full"), confirm=yes)
    assert plan.applied
    assert {move.new.file for move in plan.moves} == {file.name, "data-guidance.txt"}
    pin = read_pins(world.project).get(PUPILS, "2019-20", file.name)
    assert (pin.set, pin.rows, pin.data_set_file_id) == ("full", 9, known.data_set_file_id)
    lines = unpinned(read_pins(world.project), ["full"])[f"{PUPILS}/2019-20"]
    assert "Secondary need" not in "\n".join(lines)
    assert lines[0].endswith(f"2 whole files and 0 extracts are pinned; 1 data set is {UNSEEN}")
    # Asked for, it is fetched; the default set does without it.
    assert fetch_pinned(world.project, settings=world.settings).fetched == len(world.pins)
    report = fetch_pinned(world.project, sets=("core", "full"), settings=world.settings)
    assert report.present == len(world.pins) + 2


@pytest.mark.shared
def test_the_reference_stand_in_has_files_of_the_set_full_and_they_are_pinned(
    tmp_path, mini_service
):
    project, rules = Project(tmp_path), quick(mini_service["root"])
    before = unpinned(PinSet(()), ["full"])
    assert "Ethnicity" in "\n".join(before[f"{PUPILS}/2025-26"])
    plan = update(project, sets=("core", "full"), settings=rules, confirm=yes)
    assert f"{PLANS}: no list of releases" in plan.notes[0]
    pins = read_pins(project)
    pin = pins.get(PUPILS, "2025-26", "sen_ethnicity.csv")
    # Sixty rows, and the id that DfE's catalogue gives this data set.
    assert (pin.set, pin.rows) == ("full", 60)
    assert pin.data_set_file_id == "63376464-c4c7-4ac7-a456-ccc2f5930e5b"
    after = unpinned(pins, ["full"])
    said = "\n".join(after[f"{PUPILS}/2025-26"])
    assert "Ethnicity" not in said
    # Known by its id in the API alone.
    assert "Age and gender" not in said
    report = fetch_pinned(project, sets=("core", "full"), settings=rules)
    assert (report.present, report.failed) == (len(pins.pins), 0)


# -- updates look where they are told ----------------------------------------------------------


def test_an_update_looks_at_the_releases_and_files_that_are_named(world):
    for slug in ("2025", "2026"):
        made = world.service.release(PLANS, slug)
        made.amend("caseload.csv", made.files[0].body.replace(b"Place 7", b"Place Z"))
    made.title = "Reporting year 2026, corrected"
    plan = update(world.project, releases=["2026"], settings=world.settings)
    assert [(m.new.release, m.new.file) for m in plan.moves] == [
        ("2026", "caseload.csv"),
        ("2026", "data-guidance.txt"),
    ]
    choice = {"releases": [f"{PLANS}/2026"], "tables": ["caseload.csv"]}
    plan = update(world.project, settings=world.settings, **choice)
    assert [m.new.file for m in plan.moves] == ["caseload.csv"]


def test_an_answer_of_another_form_is_a_fault_and_no_crash(world):
    fault = {"kind": "json_replace", "params": {"results": [{"ident": 1}]}}
    world.faults([fault | {"match": f"{PLANS}/release-entries"}])
    plan = update(world.project, settings=world.settings)
    assert "in a form that is not known" in plan.notes[0]
    assert plan.notes[0].endswith("its pins stay")


def test_pins_move_before_files_so_that_a_kill_between_is_mended(world, monkeypatch):
    fetch_pinned(world.project, settings=world.settings)
    made = world.service.release(PLANS, "2025")
    made.amend("newplans.csv", plain("new_plans", 41), 41)

    def killed(*_):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("sendstats.fetch.staging.Staging.accept", killed)
        with pytest.raises(KeyboardInterrupt):
            update(world.project, settings=world.settings, confirm=yes)
    report = fetch_pinned(world.project, settings=world.settings)
    assert (report.fetched, report.not_served) == (1, 0)
    pin = read_pins(world.project).get(PLANS, "2025", "newplans.csv")
    assert world.path(pin).read_bytes() == made.files[1].body


def test_an_older_pin_finds_its_bytes_among_the_kept_vintages(world):
    """A checkout that goes back to older pins needs no service that still has the bytes."""
    fetch_pinned(world.project, settings=world.settings)
    old = pin_of(world.service.release(PLANS, "2025"), "newplans.csv")
    told = {r.file: r for r in receipts(world.project.raw) if r.release == "2025"}
    world.service.release(PLANS, "2025").amend("newplans.csv", plain("new_plans", 41), 41)
    update(world.project, settings=world.settings, confirm=yes)
    write_pins(world.project, world.pins)
    rules = replace(world.settings, offline=True)
    report = fetch_pinned(world.project, settings=rules)
    (taken,) = [o for o in report.outcomes if o.state == "fetched"]
    assert (taken.pin.file, taken.surface) == ("newplans.csv", "kept")
    assert world.path(old).read_bytes() == plain("new_plans")
    again = {r.file: r for r in receipts(world.project.raw) if r.release == "2025"}
    assert again["newplans.csv"] == told["newplans.csv"]
    # Both vintages are still here: one counts, the other is kept.
    assert len(list((world.project.raw / ".superseded").glob("*/2025/newplans.csv/*"))) == 2


# -- listing -----------------------------------------------------------------------------------


def test_every_release_and_every_older_page_is_listed(world):
    found = known_releases(world.project)
    assert world.requests() == []
    new = [k.release.slug for k in found if not k.legacy and k.release.publication == PLANS]
    assert new == [str(year) for year in range(2020, 2027)]
    old = [k.release for k in found if k.legacy]
    assert len(old) == sum(len(home.legacy) for home in publications().values())
    assert old[4].slug == "statements-of-sen-and-ehc-plans-england-2019"
    assert old[4].page.startswith("https://www.gov.uk/")
    (one,) = known_releases(world.project, names=[f"{PLANS}/2025"])
    assert (one.pins, one.extracts) == (4, 0)
    with pytest.raises(UnknownId, match="did you mean"):
        known_releases(world.project, names=["20255"])


def test_the_service_is_asked_for_data_supporting_files_and_guidance(world):
    (one,) = known_releases(world.project, names=["2025"], ask=True, settings=world.settings)
    kinds = {item.file: item.kind for item in one.served.files.values()}
    assert kinds == {
        "caseload.csv": "data",
        "newplans.csv": "data",
        "Notes on a table 1.csv": "supporting",
        "data-guidance.txt": "guidance",
    }
    assert not [line for line in world.requests() if "/download" in line]
    assert one.fresh is False
    (gone,) = known_releases(world.project, names=["2023"], ask=True, settings=world.settings)
    assert "the known ids are used instead" in gone.note
    rules = replace(world.settings, offline=True)
    with pytest.raises(Unreachable):
        known_releases(world.project, ask=True, settings=rules)


def test_what_the_service_lists_and_the_catalogue_does_not_know_is_listed_too(call, world):
    instant = "2027-06-10T08:30:00+00:00"
    file = File("caseload.csv", plain("plans", 3), rows=3)
    world.service.made.insert(0, Made(PLANS, "2027", "Reporting year 2027", instant, [file]))
    found = known_releases(world.project, ask=True, settings=world.settings)
    fresh = [known for known in found if known.fresh]
    # An older page, of each publication, and the release.
    assert [(known.release.slug, known.legacy) for known in fresh] == [
        ("an-older-page", True),
        ("2027", False),
        ("an-older-page", True),
    ]
    assert [known.release.publication for known in found] == sorted(
        known.release.publication for known in found
    )
    text = call("releases", "--ask", "--release", "2027")[1]
    assert [*text.splitlines()[2:3], *text.splitlines()[4:]] == [
        "  the catalogue of this version of sendstats does not know it yet",
        "  served: caseload.csv (data, 3 rows)",
        "  served: data-guidance.txt (guidance)",
    ]
    with pytest.raises(UnknownId):
        known_releases(world.project, names=["2027"])


def test_a_list_of_releases_that_cannot_be_read_is_said(call, world):
    world.faults([{"match": f"{PLANS}/release-entries", "kind": "challenge"}])
    code, text = call("releases", "--ask", "--release", "2025")
    first = text.splitlines()[0]
    assert code == 0
    assert first.startswith(f"{PLANS}: no list of releases: the service answered with an HTML")
    assert first.endswith("; those known are listed")
    assert "  served: caseload.csv (data, 30 rows)" in text
    assert json.loads(call("releases", "--ask", "--release", "2025", "--json")[1])


def test_releases_in_words_and_as_json(call, world):
    code, text = call("releases")
    lines = text.splitlines()
    assert code == 0
    place = lines.index(f"{PLANS} 2020: Reporting year 2020")
    assert lines[place + 1].startswith(
        "  published 2020-05-07T08:30:00Z; 0 whole files and 0 extracts pinned; https://"
    )
    unknown = "release version id, data set ids, how many data sets there are"
    assert lines[place + 2] == f"  not known: {unknown}"
    place = lines.index(f"{PLANS} 2025: Reporting year 2025")
    assert lines[place + 2] == (
        "  known: Caseload: 25,339 rows; file caseload.csv; "
        "data set 897aaeeb-39b2-4913-8739-d0773d99f674; API data set not known"
    )
    assert lines[place + 6 : place + 8] == [
        "  pinned, and its id not known: newplans.csv",
        "  not known: ids of 8 of 12 data sets",
    ]
    assert "take its files in with sendstats import: https://www.gov.uk/" in lines[1]
    _, text = call("releases", "--release", "2025", "--release", "2023", "--ask")
    assert "  served: caseload.csv (data, 30 rows)" in text.splitlines()
    assert "the known ids are used instead" in text
    told = json.loads(call("releases", "--json", "--ask")[1])
    by_slug = {(item["publication"], item["slug"]): item for item in told}
    assert by_slug[PLANS, "2025"]["pins"] == 4
    assert [f["file"] for f in by_slug[PLANS, "2026"]["served"]] == [
        "caseload.csv",
        "data-guidance.txt",
    ]
    assert by_slug[PLANS, "2020"]["served"] == []
    assert by_slug[PLANS, "2020"]["unknown"] == unknown.split(", ")
    assert by_slug[PLANS, "2025"]["without_id"] == ["newplans.csv"]
    page = by_slug[PLANS, "statements-of-sen-and-ehc-plans-england-2019"]
    assert page["legacy"] is True
    assert set(page) == {"publication", "slug", "title", "page", "legacy"}
