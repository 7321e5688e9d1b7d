"""Published rates beside their counts: which of the three stands without the others."""

import pytest

from builders import ENGLAND

HALF, BARE = "both sides of a rate have a figure, and the rate", "a rate stands with its counts"
DEN, NUM = "issued.including_exceptions", "within_20_weeks.including_exceptions"
RATE = f"{NUM}.percent"


def row(place, num, den, rate):
    return {"place": place, "label": 2024, NUM: num, DEN: den, RATE: rate}


#: Numerator, denominator, rate of an authority; which rules speak of it.
STANDS = [
    ((5, 10, "50"), set()),
    (("x", "x", "x"), set()),
    (("x", 10, "x"), {HALF}),
    ((5, "x", "x"), {HALF}),
    ((5, 10, "x"), {HALF}),
    ((0, 10, "x"), set()),  # a rate of nought is printed as a symbol in some files
    ((0, 0, "x"), set()),
    ((0, 0, "0"), {BARE}),
    (("x", "x", "50"), {BARE}),
]


@pytest.mark.parametrize(("stands", "rules"), STANDS)
def test_numerator_denominator_and_rate_stand_together(checked, stands, rules):
    """A finding that tells more of the same return may speak for the rule."""
    findings, _, _ = checked([row(ENGLAND, 50, 100, "50"), row("370", *stands)])
    mine = findings.filter((findings["place"] == "370") & (findings["row"].is_not_null()))
    told = " ".join([*mine["rule"], *mine["also"]])
    assert {rule for rule in (HALF, BARE) if rule in told} == rules


def test_a_rate_that_england_has_not_is_asked_of_nobody(gate):
    rows = [row(ENGLAND, 50, 100, "x"), row("370", 5, 10, "x")]
    assert gate(HALF, rows) == []


def test_every_cell_of_a_wrong_rate_is_flagged(checked):
    _, flags, _ = checked([row(ENGLAND, 45, 100, "54")], extract=True)
    assert set(flags["column"]) == {NUM, DEN, RATE}


def test_a_rate_is_exact_to_the_decimals_that_its_column_prints(gate):
    """Figures of one size were rounded to the same place, whatever noughts print dropped."""

    def found(printed):
        rows = [
            row("370", 1, 3, "33.3333"), row("390", 2, 3, "66.6667"), row("391", 1, 4, printed),
        ]  # fmt: skip
        return [f["place"] for f in gate("numerator over denominator is the rate", rows)]

    assert found("25") == []
    assert found("25.0001") == ["391"]


def test_a_printed_rate_of_no_known_identity_needs_the_count_of_its_name(gate):
    """The old placement files print shares of statements; one beside no count is a gap."""
    rows = [{"place": ENGLAND, "label": 2013, "plans": 10, "statements": n,
             "statements.percent": p} for n, p in (("z", "40"),)]  # fmt: skip
    (found,) = gate(BARE, rows, "caseload", "2022")
    assert found["column"] == "statements.percent"
