"""The harness itself, on files made up: it tells absorbed, refused, flagged and silent apart."""

from collections import Counter

import pytest

from builders import ENGLAND, NORTH_EAST, NORTH_EASTERN, lines, put
from mutations import chance, edits, named
from mutations.outcome import ABSORBED, FLAGGED, REFUSED, SILENT, UNDETECTABLE, Outcome, judge
from mutations.pipeline import Bench
from mutations.sheet import Sheet

FILE = "2025/timeliness_20_week.csv"
DEN, NUM = "plans_issued_den", "plans_issued_within_20_weeks"
BASES = ("including_exceptions", "excluding_exceptions")
OURS = {"issued": 10, "within_20_weeks": 5, "weeks_20_to_52": 5, "over_52_weeks": 0}
RATES = {"within_20_weeks": 50, "weeks_20_to_52": 50}


def cells(times):
    """Counts of `times` authorities, and their rates, in both bases."""
    counts = {f"{k}.{basis}": v * times for k, v in OURS.items() for basis in BASES}
    return counts | {f"{k}.{basis}.percent": v for k, v in RATES.items() for basis in BASES}


@pytest.fixture
def bench(tmp_path):
    """One region whole: 12 authorities that issued 10 plans each, 5 of them in time."""
    rows = [{"place": p, "label": 2024} | cells(1) for p in NORTH_EASTERN]
    rows += [{"place": p, "label": 2024} | cells(12) for p in (NORTH_EAST, ENGLAND)]
    put(tmp_path / "raw", "timeliness", "2025", lines("timeliness", "2025", rows))
    return Bench(tmp_path / "raw", tmp_path / "scratch")


@pytest.fixture
def spoil(bench):
    """Return a function that applies one edit and says what became of it."""

    def run(edit, **options):
        sheet = Sheet.of(bench.source(FILE).read_bytes())
        edit(sheet, **options)
        return judge(bench, FILE, sheet)

    return run


def at(name="Darlington"):
    return {"la_name": name}


def test_a_sheet_that_nothing_was_done_to_gives_the_same_bytes(bench):
    data = bench.source(FILE).read_bytes()
    assert Sheet.of(data).data() == data
    marked = b"\xef\xbb\xbf" + data.replace(b"\n", b"\r\n")
    assert Sheet.of(marked).data() == marked


@pytest.mark.parametrize(
    ("edit", "options"),
    [
        (edits.encoded, {"bom": True, "newline": "\r\n"}),
        (edits.quoted, {}),
        (edits.reordered, {"seed": 1}),
        (edits.shuffled, {"seed": 1}),
        (edits.cell, {"at": at(), "column": DEN, "text": " {} "}),
    ],
)
def test_what_changes_no_figure_is_absorbed(spoil, edit, options):
    assert spoil(edit, **options) == Outcome(ABSORBED)


@pytest.mark.parametrize(
    ("edit", "options", "says"),
    [
        (edits.renamed, {"column": DEN, "to": "den"}, DEN),
        (edits.repeated, {"at": at()}, "row 15"),
        (
            edits.cell,
            {"at": at(), "column": DEN, "text": "1,0"},
            "row 11, column",
        ),
        (edits.replaced, {"text": ""}, "the file is empty"),
        (edits.latin_letter, {"at": at(), "column": "la_name"}, "not UTF-8"),
    ],
)
def test_what_is_no_such_file_is_refused_with_its_place(spoil, edit, options, says):
    outcome = spoil(edit, **options)
    assert (outcome.what, outcome.problems) == (REFUSED, ())
    assert says in outcome.says


def test_a_refusal_that_does_not_name_the_place_is_a_problem(bench):
    sheet = Sheet.of(bench.source(FILE).read_bytes())
    edits.cell(sheet, at=at(), column=DEN, text="?")
    sheet.touched = [(12, NUM)]
    outcome = judge(bench, FILE, sheet)
    assert outcome.problems == (f"does not name row 12 and {NUM}",)


def test_one_plan_too_many_is_flagged_on_its_cell(spoil):
    outcome = spoil(edits.added, at=at(), columns=[NUM], by=1)
    assert (outcome.what, outcome.cells, outcome.told) == (FLAGGED, 1, 1)


def test_an_authority_without_its_row_is_flagged(spoil):
    outcome = spoil(edits.missing, at=at())
    assert outcome.what == FLAGGED
    assert outcome.told == outcome.cells > 4


def test_what_no_identity_sees_is_silent_unless_the_list_says_so(spoil):
    """Twice as many plans everywhere: every identity still holds."""
    counts = "plans_issued_(den|within_20_weeks|20_weeks|gt20weeks_ltYear)(_ex)?"
    outcome = spoil(edits.rewritten, columns=counts, by=2)
    assert (outcome.says, outcome.what, outcome.cells) == ("", SILENT, 6 * 14)
    stated = named.Mutation("", "", FILE, "", UNDETECTABLE, {}, of_class="consistent")
    assert named.Result(stated, outcome).came_to == UNDETECTABLE
    assert named.Result(stated, outcome).holds
    unstated = named.Mutation("", "", FILE, "", FLAGGED, {})
    assert not named.Result(unstated, outcome).holds


def test_the_list_states_what_it_must():
    stated = named.mutations()
    assert len(stated) >= 60
    assert [n for n, times in Counter(m.name for m in stated).items() if times > 1] == []
    for one in stated:
        assert callable(getattr(edits, one.edit)), one.name
        assert one.expect in {ABSORBED, REFUSED, FLAGGED, UNDETECTABLE}, one.name
        assert bool(one.of_class) == (one.expect == UNDETECTABLE), one.name
        assert not one.of_class or one.of_class in named.classes(), one.name
    assert all(entry["reason"] for entry in named.classes().values())


def test_edits_are_drawn_again_from_their_seed(bench):
    first, again, other = (chance.draw(bench, seed, 14) for seed in (1, 1, 2))
    assert first == again != other
    assert {edit.kind for edit in first} == set(chance.KINDS)
    assert all(edit.was != edit.now for edit in first)


def test_what_came_of_drawn_edits_is_told(bench):
    found = list(chance.run(bench, chance.draw(bench, 3, 14)))
    assert len(found) == 14
    assert {d.table for d in found} == {"timeliness"}
    assert {d.cell for d in found} <= {"count, undivided", "rate, undivided"}
    assert FLAGGED in {d.came_to for d in found}
