"""One shape of message: what, where, expected, found, what was left alone, what to do."""

import pytest

from sendstats import errors
from sendstats.errors import Fault, FaultyFile, SendstatsError, UnknownId


def test_message_lists_what_is_known_and_nothing_else():
    whole = SendstatsError("it broke", where="a", expected="b", found="c", untouched="d", todo="e")
    assert str(whole).splitlines() == [
        "it broke",
        "  where: a",
        "  expected: b",
        "  found: c",
        "  left untouched: d",
        "  what to do: e",
    ]
    assert str(SendstatsError("it broke")) == "it broke"
    assert (whole.what, whole.where, whole.todo) == ("it broke", "a", "e")


@pytest.mark.parametrize(
    ("asked", "todo"),
    [
        ("plan.new", "did you mean 'plans.new'"),
        ("zzz", "list them with sendstats catalogue; the first are ['plans.new', 'pupils.all']"),
    ],
)
def test_unknown_id_names_the_nearest_or_where_to_look(asked, todo):
    error = UnknownId.of("series", asked, (n for n in ["plans.new", "pupils.all"]))
    assert error.what == f"unknown series {asked!r}"
    assert error.todo.startswith(todo)
    assert error.expected == "one of 2 known series names"


@pytest.mark.parametrize(
    ("asked", "todo"),
    [
        ("hull", "did you mean 'Kingston upon Hull, City of' or 'Solihull'?"),
        ("Of", "the first are ['Solihull', 'Kingston upon Hull, City of']"),
    ],
)
def test_a_name_that_holds_the_words_asked_for_is_the_nearest(asked, todo):
    known = ["Solihull", "Kingston upon Hull, City of"]
    assert UnknownId.of("place", asked, known).todo == todo


@pytest.mark.parametrize(
    ("fault", "text"),
    [
        (Fault("bad"), "bad"),
        (Fault("bad", column="c"), "column 'c': bad"),
        (Fault("bad", "c", 0), "row 0, column 'c': bad"),
        (Fault("bad", row=7, found="x"), "row 7: bad: found x"),
        (Fault("bad", "c", 7, "y", "x"), "row 7, column 'c': bad: expected y; found x"),
    ],
)
def test_fault_says_where_as_far_as_known(fault, text):
    assert str(fault) == text


def test_faulty_file_lists_every_fault():
    error = FaultyFile("a.csv", [Fault("one"), Fault("two", "c")], untouched="the rest", todo="ask")
    assert str(error).splitlines() == [
        "a.csv: 2 faults",
        "  - one",
        "  - column 'c': two",
        "  left untouched: the rest",
        "  what to do: ask",
    ]
    assert (error.file, len(error.faults)) == ("a.csv", 2)
    assert str(FaultyFile("a.csv", [Fault("one")])).startswith("a.csv: 1 fault\n")


def test_wrong_questions_and_wrong_data_are_told_apart():
    """Commands give exit code 2 to the first and 1 to the second, 3 where nothing answers."""
    wrong_use = {errors.WrongUse, UnknownId, errors.Refused}
    wrong_data = {errors.DataProblem, FaultyFile}
    for kind in wrong_use | wrong_data | {errors.Unreachable}:
        assert issubclass(kind, SendstatsError)
        assert issubclass(kind, errors.WrongUse) == (kind in wrong_use)
        assert issubclass(kind, errors.DataProblem) == (kind in wrong_data)
