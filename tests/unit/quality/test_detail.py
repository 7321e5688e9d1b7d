"""A total without its parts: whether its region holds them, and what the publisher says of it."""

import pytest

from builders import ENGLAND, NORTH_EAST, NORTH_EASTERN

DETAIL, PARTS = "a total has its parts", "parts sum to the total"
DEN, NUM = "issued.including_exceptions", "within_20_weeks.including_exceptions"
BANDS = (NUM, "weeks_20_to_52.including_exceptions", "over_52_weeks.including_exceptions")


def banded(whole, *bands):
    return dict(zip((DEN, *BANDS), (whole, *bands), strict=True))


OTHERS = "and no row has the parts of the others"


def region(bands, *bare):
    """The North East of 2024: twelve authorities of 10 plans, of which some print a total only."""
    none = banded(10, "x", "x", "x")
    rows = [{"place": NORTH_EAST, "label": 2024} | banded(120, *bands)]
    return rows + [
        {"place": key, "label": 2024} | (none if key in bare else banded(10, 4, 3, 3))
        for key in NORTH_EASTERN
    ]


@pytest.mark.parametrize(
    ("bands", "bare", "cause"),
    [
        ((48, 36, 36), ["390"], "held back in this row only: the parts of North East hold all 10"),
        ((44, 33, 37), ["390"], f"the parts of North East hold 4 for it, {OTHERS}"),
        ((44, 33, 33), ["390"], "only a total is in any row"),
        ((40, 30, 30), ["390", "391"], "only a total is in any row"),
        ((41, 30, 30), ["390", "391"], "only a total is in this row"),
        (("x", "x", "x"), ["390"], "only a total is in this row"),
    ],
)  # fmt: skip
def test_what_the_region_holds_of_a_total_without_parts(gate, bands, bare, cause):
    """The eleven others make 44, 33 and 33; what the region has beyond them is of the twelfth."""
    found = [f for f in gate(DETAIL, region(bands, *bare)) if f["place"] in bare]
    assert [f["cause"] for f in found] == [cause] * len(bare)


@pytest.mark.parametrize(
    ("table", "part", "label", "place", "cause"),
    [
        ("caseload", "special", 202324, "204", "the publisher says that only a total was returned"),
        ("annual_reviews", "review_expected", 2024, "317",
         "returned, and held back while the publisher checks its quality"),
        ("annual_reviews", "review_expected", 2024, "870", "no annual reviews were returned"),
        ("new_plans_by_need", "primary_need.hearing_impairment", 2024, "936",
         "its totals were amended after the collection, and there is no detail of them"),
    ],
)  # fmt: skip
def test_a_footnote_says_why_there_are_no_parts(gate, table, part, label, place, cause):  # noqa: PLR0917
    """Data guidance of release 2025: caseload 5, annual reviews 1, new plans by need 1."""
    rows = [{"place": ENGLAND, "label": label, "plans": 10, part: 4}]
    rows.append({"place": place, "label": label, "plans": 10, part: "x"})
    found = [f for f in gate(DETAIL, rows, table) if f["place"] == place]
    assert [f["cause"] for f in found] == [cause]


#: caseload.csv of release 2025, January 2024: England's plans, of which 248,016 in mainstream
#: schools; London prints 93,539, and 3,186 of Hackney's 3,525 in none of its groups.
NONE = dict.fromkeys(
    ("ap_pru", "fe_post16", "elsewhere_published", "early_years", "not_recorded"), 0
)
GROUPS = {"mainstream": 248_016, "special": 324_813} | NONE


def test_the_effect_says_how_many_of_those_in_no_part_are_of_the_place(gate):
    """576,474 less 572,829 is 3,645; 339 of Hackney's are in London's groups, so 3,186 are left."""
    rows = [
        {"place": ENGLAND, "label": 202324, "plans": 576_474} | GROUPS,
        {"place": "E12000007", "label": 202324, "plans": 93_539, "mainstream": 90_353}
        | NONE
        | {"special": 0},
        {"place": "202", "label": 202324, "plans": 90_014, "mainstream": 90_014}
        | NONE
        | {"special": 0},
        {"place": "204", "label": 202324, "plans": 3_525},
    ]
    (found,) = gate(DETAIL, rows, "caseload")
    assert found["cause"].endswith("; the parts of London hold 339 for it")
    assert found["effect"].startswith(
        "England ehcplans 576,474, of which 3,186 of Hackney are in no part (3,645 in all): "
    )


def test_a_footnote_on_england_says_who_is_in_no_part(gate):
    """caseload.csv of release 2026, row 14, an extract: 576,474 and 572,829 in the groups."""
    row = {"place": ENGLAND, "label": 202324, "plans": 576_474} | GROUPS
    (found,) = gate(PARTS, [row], "caseload", extract=True)
    assert found["cause"] == (
        "the publisher says that Hackney and Peterborough returned only a total"
    )
    assert found["effect"].startswith("England ehcplans 576,474, of which 3,645 are in no part: ")


@pytest.mark.parametrize(("recorded", "told"), [(1_672, True), (1_671, False)])
def test_another_table_that_prints_the_parts_is_named(released, recorded, told):
    """North East Lincolnshire, release 2025: caseload.csv row 17355 has no placement, rows 13653 to
    13673 of sen_needs_all_plans.csv have 1 + 171 + 5 + 91 + 23 + 1,672 + 20 = 1,983."""
    printed = {
        "AP/PRU - total": 1, "Educated elsewhere - total": 171, "FE - total": 5,
        "Mainstream - total": 91, "Non-maintained early years": 23,
        "Placement not recorded": recorded, "Special - total": 20,
    }  # fmt: skip
    year = {"label": 202425, "place": "812"}
    placed = [
        year | {"breakdown": ("Type of placement", k), "plans": n} for k, n in printed.items()
    ]
    bare = [year | {"plans": 1_983}, year | {"place": ENGLAND, "plans": 1_983, "special": 20}]
    tables = {"caseload": bare, "caseload_by_need": [year | {"plans": 1_983}, *placed]}
    (found,) = (f for f in released(tables, DETAIL) if f["table"] == "caseload")
    more = "; rows 2 to 8 of sen_needs_all_plans.csv print the parts"
    assert found["cause"] == "only a total is in this row" + more * told
