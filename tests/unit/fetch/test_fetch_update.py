"""News are shown before pins move; amended files are named with their rows; nothing is lost."""

from dataclasses import replace

import pytest

from sendstats.errors import UnknownId, Unreachable
from sendstats.fetch import fetch_pinned, newer, read_pins, update
from sendstats.fetch.pins import write_pins
from standin.made import PLANS, PUPILS, File, Made, plain, table
from standin.world import pin_of


@pytest.fixture
def held(world):
    """A world in which every pinned file is here."""
    fetch_pinned(world.project, settings=world.settings)
    return world


def yes(_):
    return True


def moved(world, **choice):
    return update(world.project, settings=world.settings, **choice)


def test_nothing_newer_is_one_line(held):
    assert newer(held.project, held.settings, say=print) == []
    plan = moved(held, confirm=yes)
    assert (plan.lines, plan.applied) == (("nothing is newer than the pins",), False)


def test_an_amended_file_is_named_with_its_rows_and_both_vintages_stay(held):
    made = held.service.release(PLANS, "2025")
    old = made.files[0].body
    new = old.replace(b"Place 7,107", b"Place 7,999") + b"202425,Academic year,LA,Place X,1\r\n"
    made.amend("caseload.csv", new, rows=31)
    shown = []
    plan = moved(held, confirm=lambda plan: bool(shown.append(plan.lines)) or True)
    assert plan.applied
    lines = list(shown[0])
    assert lines[0].startswith(f"{PLANS} 2025 caseload.csv: restated, ")
    assert lines[0].endswith("31 rows (was 30 rows)")
    key = "202425, Academic year, Local authority"
    assert lines[1:] == [
        f"  row changed: {key}, Place 7: plans 107 -> 999",
        "  row added: 202425, Academic year, LA, Place X",
    ]
    pin = read_pins(held.project).get(PLANS, "2025", "caseload.csv")
    assert held.path(pin).read_bytes() == new
    assert pin.release_version == made.version_id
    kept = list((held.project.raw / ".superseded").glob("*/*/caseload.csv/*/caseload.csv"))
    assert [path.read_bytes() for path in kept] == [old]
    assert fetch_pinned(held.project, settings=held.settings).present == len(held.pins)


def test_an_amendment_moves_the_pins_of_the_release_to_its_new_version(world):
    """What did not change keeps its hash; else it would be called amended for ever."""
    made = world.service.release(PLANS, "2025")
    mine = [replace(p, release_version=made.version_id) for p in world.pins if p.release == "2025"]
    write_pins(world.project, mine)
    fetch_pinned(world.project, settings=world.settings)
    made.amend("newplans.csv", made.files[1].body.replace(b",4\n", b",5\n"))

    def news():
        return [x for x in newer(world.project, world.settings, say=print) if " 2025: " in x]

    (line,) = news()
    assert "amended since it was pinned" in line
    plan = moved(world, confirm=yes, releases=["2025"])
    assert [line.split(",")[0] for line in plan.lines if not line.startswith(" ")] == [
        f"{PLANS} 2025 newplans.csv: amended",
        f"{PLANS} 2025: 3 pinned as before",
    ]
    after = [pin for pin in read_pins(world.project).pins if pin.release == "2025"]
    assert {pin.release_version for pin in after} == {made.version_id}
    same = {pin.file: pin.sha256 for pin in mine if pin.file != "newplans.csv"}
    assert {pin.file: pin.sha256 for pin in after if pin.file != "newplans.csv"} == same
    assert news() == []
    assert fetch_pinned(world.project, settings=world.settings).present == 4


def test_without_consent_nothing_moves(held):
    held.service.release(PLANS, "2025").amend("newplans.csv", plain("new_plans", 41), 41)
    before = {path: path.read_bytes() for path in held.project.raw.glob("*.toml")}
    plan = moved(held)
    assert len(plan.moves) == 1
    assert not plan.applied
    assert {path: path.read_bytes() for path in before} == before
    assert held.whole() == {pin.name for pin in held.pins}
    assert held.leftovers == []


def test_changed_bytes_under_an_unchanged_version_are_named_too(held):
    made = held.service.release(PLANS, "2025")
    made.files[1].body = made.files[1].body.replace(b",4\n", b",5\n")
    assert newer(held.project, held.settings, say=print) == []
    plan = moved(held)
    assert "restated" in plan.lines[0]
    assert plan.lines[1].strip().startswith("row ")


def test_news_are_found_from_lists_alone(world):
    write_pins(
        world.project,
        [
            replace(pin, release_version="0" * 8) if pin.release == "2025" else pin
            for pin in world.pins
            if pin.file != "newplans.csv"
        ],
    )
    world.service.made.insert(
        0,
        Made(PUPILS, "2026-27", "Academic year 2026/27", "2027-06-10T08:30:00+00:00", []),
    )
    world.service.release(PLANS, "2026").files[0].rows = 44
    lines = newer(world.project, world.settings, say=print)
    assert f"{PUPILS} 2026-27: a newer release (Academic year 2026/27)" in lines
    assert any(line.startswith(f"{PLANS} 2025: amended since it was pinned") for line in lines)
    assert f"{PLANS} 2026 caseload.csv: another number of rows" in lines
    assert f"{PLANS} 2025: files without a pin: newplans.csv" in lines
    assert len(lines) == 4
    assert not [line for line in world.requests() if "download" in line or "fromPage" in line]


def test_news_do_not_need_every_list(world):
    world.faults([{"match": "/releases$", "kind": "status", "params": {"status": 404}}])
    assert newer(world.project, world.settings, say=print) == []


def test_a_whole_file_takes_the_place_of_an_extract(world):
    made = world.service.release(PLANS, "2026")
    small = replace(pin_of(made, "caseload.csv"), sha256="0" * 64, bytes=5, rows=3, extract=True)
    write_pins(world.project, [small])
    (line,) = newer(world.project, world.settings, say=print)
    assert line.endswith("whole files are served in place of 1 pinned extracts")
    plan = moved(world, confirm=yes)
    assert "takes the place of the extract" in plan.lines[0]
    after = read_pins(world.project).get(*small.key)
    assert (after.extract, after.rows) == (False, 30)
    assert "caseload.csv" not in (world.project.raw / "extracts.toml").read_text()
    assert (world.project.raw / "extracts.toml").exists()


def test_an_extract_that_is_all_there_is_stays_one(world):
    made = world.service.release(PLANS, "2026")
    write_pins(world.project, [replace(pin_of(made, "caseload.csv"), extract=True)])
    assert moved(world, confirm=yes).lines == ("nothing is newer than the pins",)


def test_a_newer_release_is_taken_by_set(world):
    write_pins(world.project, [p for p in world.pins if p.publication == PUPILS])
    files = [
        File("sen_phase_type_2027.csv", plain("pupils", 12), rows=12),
        File("sen_ethnicity.csv", plain("pupils", 99), rows=99),
    ]
    instant = "2027-06-10T08:30:00+00:00"
    world.service.made.insert(0, Made(PUPILS, "2026-27", "Academic year 2026/27", instant, files))
    plan = moved(world)
    assert plan.notes == (f"{PUPILS} 2026-27: a newer release",)
    assert [move.new.file for move in plan.moves] == ["sen_phase_type_2027.csv"]
    both = moved(world, sets=("core", "full"), releases=[f"{PUPILS}/2026-27"])
    assert {(m.new.file, m.new.set) for m in both.moves} == {
        ("sen_phase_type_2027.csv", "core"),
        ("sen_ethnicity.csv", "full"),
        ("data-guidance.txt", "full"),
    }
    with pytest.raises(UnknownId, match="did you mean"):
        moved(world, releases=[f"{PUPILS}/2027-28"])


def test_a_file_that_is_no_longer_listed_keeps_its_pin(held):
    made = held.service.release(PLANS, "2025")
    made.files = [file for file in made.files if file.name != "newplans.csv"]
    plan = moved(held, confirm=yes)
    assert f"{PLANS} 2025 newplans.csv: no longer listed; its pin stays" in plan.lines
    assert read_pins(held.project).get(PLANS, "2025", "newplans.csv")


def test_a_release_amended_meanwhile_keeps_its_pins(held):
    made = held.service.release(PLANS, "2025")
    made.amend("newplans.csv", plain("new_plans", 41), 41)

    def amend(line):
        if "/download" in line and made.version == 2:
            made.amend("caseload.csv", table("plans", 5))

    held.service.on_request = amend
    plan = moved(held, confirm=yes)
    assert plan.notes == (f"{PLANS} 2025: amended meanwhile; its pins stay, run it again",)
    assert plan.moves == ()
    assert "restated" in moved(held).lines[0]


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"a,b\n1,2\n", "the header is not that of a data file"),
        (plain("new_plans", 7), "has not the rows that the service counts"),
    ],
)
def test_a_body_that_cannot_be_believed_moves_no_pin(held, body, words):
    held.service.release(PLANS, "2025").files[1].body = body
    plan = moved(held, confirm=yes)
    assert words in plan.notes[0]
    assert plan.moves == ()


def test_a_file_that_no_surface_gives_is_noted(held):
    held.faults(
        [{"match": "/download|/files[/?]|/csv", "kind": "status", "params": {"status": 500}}]
    )
    plan = moved(held)
    assert len(plan.notes) == 3
    assert "the service answered 500" in plan.notes[0]


def test_without_the_old_bytes_rows_are_not_compared(world):
    world.service.release(PLANS, "2025").amend("newplans.csv", plain("new_plans", 41), 41)
    assert moved(world).lines[1].strip() == "the old bytes are not here, so rows cannot be compared"


def test_a_file_that_is_no_table_has_no_rows_to_compare(held):
    held.service.release(PLANS, "2025").title = "Reporting year 2025, corrected"
    (line,) = moved(held).lines
    assert line.endswith("bytes)")


def test_rows_with_a_cell_that_is_too_long_are_not_compared_but_the_file_is_named(
    held,
):
    made = held.service.release(PLANS, "2025")
    long = made.files[1].body + b"2024,Calendar year,National," + b"9" * 200_000 + b"\n"
    made.amend("newplans.csv", long, 41)
    plan = moved(held)
    assert plan.lines[0].endswith("41 rows (was 40 rows)")
    assert plan.lines[1].startswith("  rows cannot be compared: field larger than field limit")


def test_looking_for_news_needs_the_service(world):
    rules = replace(world.settings, offline=True)
    with pytest.raises(Unreachable):
        newer(world.project, rules, say=print)
