"""A total that something else bears out is right; then it is its parts that lack somebody."""

import pytest

from builders import ENGLAND, NORTH_EAST, NORTH_EASTERN

PARTS = "parts sum to the total"
DIVIDED = {"not_issued_within_16_weeks": 1_661, "not_issued_after_16_weeks": 2_926}
#: Release 2025, assessments.csv row 647: 85,924 + 4,614 + 123 + 362 = 91,023, and 4,587 by weeks.
ROW = {
    "place": ENGLAND,
    "label": 2023,
    "assessed": 91_023,
    "issued": 85_924,
    "not_issued": 4_614,
    "withdrawn": 123,
    "outstanding": 362,
} | DIVIDED


def found_of(gate, rows, column, table="assessments"):
    (found,) = (f for f in gate(PARTS, rows, table) if f["column"] == column)
    return found


def test_a_total_that_is_part_of_another_that_adds_up(gate):
    found = found_of(gate, [ROW], "not_issued")
    assert (found["expected"], found["found"]) == ("4,587 (sum of 2 parts)", "4,614")
    assert found["cause"] == (
        "the total agrees with assess_in_year, which it is part of; 27 are in none of its parts"
    )
    assert found["effect"] == ""


def test_where_the_other_does_not_add_up_either_nothing_is_borne_out(gate):
    found = found_of(gate, [ROW | {"assessed": 91_024}], "not_issued")
    assert found["cause"] == "unknown"
    assert found["effect"].startswith("England assess_not_issued 4,614, of which 27 are in no part")


def ended(*, reasons=600, sexes=(("Female", 200), ("Male", 406)), stages=((5, 300), (6, 306))):
    """Ceased plans of one authority: release 2025, row 5873 prints 606 with reasons for 600."""
    row = {"place": "881", "label": 2023}
    divided = [(("Sex", sex), n) for sex, n in sexes]
    divided += [(("Age plan ceased", f"age {age}"), n) for age, n in stages]
    of_items = [row | {"breakdown": pair, "total": n, "max_age": n} for pair, n in divided]
    nought = dict.fromkeys(
        ("needs_met", "higher_education", "employment", "transferred", "no_engagement",
         "moved_outside_england", "deceased", "not_recorded", "other"), 0)  # fmt: skip
    return [row | nought | {"total": 606, "reached_maximum_age": reasons}, *of_items]


@pytest.mark.parametrize(
    ("options", "borne"),
    [
        ({}, True),
        ({"stages": ((5, 300), (6, 300))}, False),  # one breakdown alone bears nothing out
        ({"sexes": (("Female", "x"), ("Male", 606))}, False),
    ],
)
def test_a_total_that_its_breakdowns_add_up_to(gate, options, borne):
    found = next(f for f in gate(PARTS, ended(**options), "ceased") if f["label"] == "total")
    says = "the total agrees with its breakdowns; 6 are in none of its parts"
    assert found["cause"] == (says if borne else "unknown")


def test_one_is_in_none_of_its_parts(gate):
    found = next(f for f in gate(PARTS, ended(reasons=605), "ceased") if f["label"] == "total")
    assert found["cause"].endswith("; 1 is in none of its parts")


def test_the_few_authorities_that_hold_what_no_part_does_are_named(gate):
    """Release 2025, plans issued in 2023: 347 of Manchester and 120 of Luton, of 523 in England.

    Hackney has no figure, so that the sum of the others contradicts nothing.
    """
    sexes = [
        {"breakdown": ("Sex", "Female")},
        {"breakdown": ("Ethnicity", "White - White British")},
    ]
    late = {"weeks_20_to_52.excluding_exceptions": 0, "over_52_weeks.excluding_exceptions": 0}
    counts = {"352": (1_305, 958), "821": (489, 369), "874": (60, 5), ENGLAND: (1_900, 1_377)}
    rows = []
    for place, (issued, within) in counts.items():
        row = {"place": place, "label": 2023, "issued.excluding_exceptions": issued}
        rows += [row | late | {"within_20_weeks.excluding_exceptions": within}]
        rows += [row | sex for sex in sexes]
    rows.append({"place": "204", "label": 2023, "issued.excluding_exceptions": "x"})
    found = gate(PARTS, rows, "timeliness")
    (mine,) = (f for f in found if f["label"] == "total" and f["place"] == ENGLAND)
    assert mine["cause"] == (
        "the total agrees with its breakdowns; 523 are in none of its parts, most of them in few "
        "places: Manchester 347, Luton 120"
    )


@pytest.mark.parametrize(("each", "borne"), [(10, True), (5, False)])
def test_a_region_that_its_authorities_contradict_is_not_borne_out(checked, each, borne):
    """As the residential placements of January 2023: twice what the authorities add up to."""
    none = {"issued": 0, "withdrawn": 0, "outstanding": 0}
    half = {"not_issued_within_16_weeks": 60, "not_issued_after_16_weeks": 0}
    whole = {"place": NORTH_EAST, "label": 2023, "assessed": 120, "not_issued": 120}
    less = {"not_issued_within_16_weeks": each, "not_issued_after_16_weeks": 0}
    rows = [whole | none | half]
    rows += [
        {"place": key, "label": 2023, "assessed": each, "not_issued": each} | none | less
        for key in NORTH_EASTERN
    ]
    findings, _, _ = checked(rows, "assessments")
    of_region = findings.filter(findings["place"] == NORTH_EAST)
    assert of_region.height
    assert any("agrees with assess_in_year" in cause for cause in of_region["cause"]) == borne
