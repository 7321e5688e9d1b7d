"""Decisions that must have been taken: something followed, or another took their place."""

import pytest

from builders import ENGLAND, NORTH_EASTERN

FOLLOWS = "a decision is there where disputes over it are"
TAKEN = "a usual outcome is not nought while another takes its place"
OUTCOMES = ("received", "decided_to_assess", "refused", "undecided", "withdrawn")
APPEALS, USUAL = "24 tribunal_related_request", "the usual share of 1,176 requests_received_in_year"
LONDON = ("201", "202", "203", "204", "205", "206", "207", "208")


def requests(place, label, *outcomes, **disputes):
    counts = dict(zip(OUTCOMES, outcomes, strict=True))
    disputes = {"mediation": 0, "tribunal": 0} | disputes
    return {"place": place, "label": label} | counts | disputes


def milton_keynes(before, refused, undecided, mediation):
    return [
        requests("826", 2023, 761, 761 - before, before, 0, 0),
        requests("826", 2024, 846, 591, refused, undecided, 3, mediation=mediation, tribunal=24),
    ]


@pytest.mark.parametrize(
    ("before", "refused", "mediation", "expected"),
    [
        (0, 0, 82, f"at least 82 (82 mediation_related_request, {APPEALS}; 0 the year before)"),
        (40, 40, 82, "at least 42 (82 mediation_related_request; 40 the year before)"),
        (40, 41, 82, None),
        (0, 0, "x", f"at least 24 ({APPEALS}; 0 the year before)"),
        ("x", 0, 82, None),
        (0, "x", 82, None),
    ],
)  # fmt: skip
def test_disputes_are_no_more_than_the_decisions_of_two_years(
    gate, before, refused, mediation, expected
):
    """Release 2025, requests.csv rows 5609 and 11916: none refused in both years, 82 mediations."""
    rows = milton_keynes(0, refused, 252, mediation)
    rows[0]["refused"] = before
    assert [f["expected"] for f in gate(FOLLOWS, rows, "requests")] == [expected] * bool(expected)


@pytest.mark.parametrize(("first", "told"), [(3, True), (7, False)])
def test_disputes_beyond_their_own_years_may_be_what_is_wrong(gate, first, told):
    """Release 2025, assessments.csv, Halton: 3 to 19 not issued; 3, 10 and then 32 mediations."""
    counts = ((2022, first, 3), (2023, 19, 10), (2024, 6, 32))
    rows = [
        {"place": "876", "label": year, "assessed": 250, "not_issued": none, "mediation": cases}
        for year, none, cases in counts
    ]
    appeals = ({"tribunal": 0}, {"tribunal": 0}, {"tribunal": 2})
    rows = [row | more for row, more in zip(rows, appeals, strict=True)]
    (found,) = gate(FOLLOWS, rows, "assessments")
    said = (
        "the disputes may be too many: 32 number_assess_mediation where other years have at most "
    )
    said += "10, while 6 is no less than its other years have"
    assert found["cause"] == (said if told else "unknown")


def test_the_effect_is_englands_share_without_the_authority(gate):
    """38,889 of 154,489 are 25.2 %; less 0 of 846 they are 25.3 %."""
    england = requests(ENGLAND, 2024, 154_489, 101_045, 38_889, 12_038, 2_517)
    england["refused.percent"] = "25.2"
    (found,) = gate(FOLLOWS, [england, *milton_keynes(0, 0, 252, 82)], "requests")
    assert (found["kind"], found["place_name"], found["found"]) == ("doubt", "Milton Keynes", "0")
    assert found["effect"] == (
        "England request_not_assess_pc 25.2 as published, 25.3 without this authority")  # fmt: skip
    assert found["effect_size"] == pytest.approx(0.11, abs=0.02)


def many(*odd, usual=(1_000, 700, 230, 60, 10)):
    """Twenty authorities with 23 refusals of a hundred requests, and one more."""
    others = [requests(place, 2024, *usual) for place in (*NORTH_EASTERN, *LONDON)]
    return [*others, requests("879", 2024, *odd)]


@pytest.mark.parametrize(
    ("odd", "expected"),
    [
        ((1_176, 522, 1, 201, 452), f"about 270 ({USUAL})"),
        ((1_176, 1_104, 1, 70, 1), None),  # the rest are assessed: few refusals are no error
        ((1_176, 522, 68, 201, 385), None),  # a quarter of the usual share is 67.6
        ((99, 40, 1, 10, 48), None),
        ((1_176, 522, 1, 653, "x"), None),
    ],
)  # fmt: skip
def test_a_usual_outcome_is_not_nought_while_another_takes_its_place(gate, odd, expected):
    """Release 2025, requests.csv row 12981, Plymouth: 1 refused, 452 withdrawn."""
    found = gate(TAKEN, many(*odd), "requests")
    assert [f["expected"] for f in found] == [expected] * bool(expected)
    if found:
        assert found[0]["cause"] == (
            "201 (17.1 %) stand in requests_decision_not_made, where 95 of 100 authorities have "
            "at most 6.0 %; 452 (38.4 %) stand in requests_withdrawn, where 95 of 100 "
            "authorities have at most 1.0 %"
        )


def test_of_few_authorities_no_usual_share_is_taken(gate):
    assert gate(TAKEN, many(1_176, 522, 1, 201, 452)[8:], "requests") == []
    assert gate(TAKEN, many(1_176, 522, 1, 201, 452), "requests", extract=True) == []


def test_a_nought_between_counts_is_told_with_what_tells_of_it(checked):
    """Release 2025, requests.csv row 1561, St. Helens: 0 of 551; the mediations are made up."""
    rows = [
        requests("342", 2022, 500, 400, 100, 0, 0),
        requests("342", 2023, 551, 415, 0, 122, 14, mediation=328),
        requests("342", 2024, 600, 499, 101, 0, 0),
    ]
    findings, _, _ = checked(rows, "requests")
    of = findings.filter((findings["period"] == "2023") & (findings["column"] == "refused"))
    assert of["rule"].to_list() == [FOLLOWS]


def test_all_that_the_row_says_is_one_finding(checked):
    """Release 2025, requests.csv row 11834, Waltham Forest: 0 refused, 284 undecided, 90 mediations
    after 135 refusals in the year before."""
    before = requests("320", 2023, 871, 733, 135, 0, 3)
    odd = requests("320", 2024, 796, 510, 0, 284, 2, mediation=90, tribunal=13)
    findings, flags, _ = checked([*many(1_000, 700, 230, 60, 10), before, odd], "requests")
    (found,) = findings.filter(findings["rule"].is_in([FOLLOWS, TAKEN])).iter_rows(named=True)
    assert (found["place"], found["column"]) == ("320", "refused")
    assert found["cause"].endswith("at most 6.0 %; beside 90 mediation_related_request")
    mine = set(flags.filter(flags["finding"] == found["finding"])["column"])
    assert {"refused", "refused.percent", "undecided", "withdrawn", "mediation"} <= mine
