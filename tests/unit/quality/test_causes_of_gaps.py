"""What explains a gap between a total and its parts: one column in every row, or nothing."""

import pytest

from builders import ENGLAND, NORTH_EAST, stored

PARTS = [
    "special",
    "ap_pru",
    "fe_post16",
    "elsewhere_published",
    "elsewhere.other_settings",
    "early_years",
    "awaiting_provision",
    "permanently_excluded",
    "not_recorded",
]


@pytest.mark.parametrize(
    ("places", "more", "cause"),
    [
        ((ENGLAND, NORTH_EAST, "390"), {}, "unknown"),
        (
            (ENGLAND, NORTH_EAST, "390"),
            {"fe_post16.ukrlp": 10},
            "ukrlp_provider is not counted in fe_total in this period",
        ),
        ((ENGLAND,), {"fe_post16.ukrlp": 10}, "unknown"),
    ],
    ids=["columns of symbols explain nothing", "in every row", "once may be chance"],
)
def test_a_cause_is_named_where_it_explains_every_row(tmp_path, places, more, cause):
    figures = {"plans": 110, "mainstream": 100, **dict.fromkeys(PARTS, 0), **more}
    rows = [{"place": p, "label": 202021, **figures} for p in places]
    store = stored(tmp_path, {("caseload", "2025"): rows}, "2025")
    found = store.findings.filter(store.findings["rule"].str.contains("parts sum"))
    total, group = ["100 (sum of 10 parts)"], ["at least 10 (sum of 1 parts)"]
    assert set(found["expected"]) <= {*total, *group}
    assert set(found["cause"]) == {cause}


@pytest.mark.parametrize(
    ("excluded", "expected"),
    [
        (21, "1,099 (sum of 2 parts): await_prov and perm_ex are counted in"),
        (22, None),
    ],
)
def test_columns_beside_a_total_that_explain_it_to_the_unit_are_named(gate, excluded, expected):
    """New plans, England 2020 (DfE, release 2026): 2,386 are 1,099 in the parts of the group, 1,266
    awaiting provision and 21 permanently excluded; some parts are printed as x."""
    row = {
        "place": ENGLAND,
        "label": 2020,
        "elsewhere_published": 2386,
        "elsewhere.other_arrangements_parents": 1000,
        "elsewhere.other_arrangements_la": 99,
        "awaiting_provision": 1266,
        "permanently_excluded": excluded,
    }
    rule = "parts sum to the total"
    found = gate(rule, [row], "new_plans", "2026", extract=True)
    mine = [f for f in found if f["column"] == "elsewhere_published"]
    assert [f["kind"] for f in mine] == (["definition"] if expected else [])
    assert all(f"{f['expected']}: {f['cause']}".startswith(expected) for f in mine)


#: newplans.csv of release 2026, row 15: England's new plans of 2022.
ELSEWHERE = {
    "elsewhere.elective_home_education": 573, "elsewhere.other_arrangements_la": 634,
    "elsewhere.other_arrangements_parents": 95, "elsewhere.neet": 271,
    "elsewhere.neet_notice_to_cease": 15, "elsewhere.neet_other": 212,
    "elsewhere.neet_compulsory_school_age": 211,
}  # fmt: skip
GROUPS = {
    "mainstream": 48066, "special": 8350, "ap_pru": 965, "fe_post16": 1889, "early_years": 2507,
    "not_recorded": 2459, "elsewhere_published": 1740, "plans": 66706,
}  # fmt: skip


@pytest.mark.parametrize(
    ("changed", "cause"),
    [
        ({}, "neet is not counted in ed_elsewhere in this period"),
        ({"elsewhere_published": 1741}, "The basket of those educated elsewhere changed"),
        ({"elsewhere.other_schools": 271}, "The basket of those educated elsewhere changed"),
    ],
    ids=["as printed", "one off", "two columns fit"],
)
def test_in_a_single_row_a_large_gap_that_one_column_fits_is_explained(gate, changed, cause):
    """2,011 in the parts, 1,740 printed: 271 less, as many as are not in education or work."""
    parts = ELSEWHERE | changed
    fits = sum(parts.values()) - parts.get("elsewhere_published", 0) - 271
    row = {"place": ENGLAND, "label": 2022, "elsewhere_published": fits} | parts
    found = gate("parts sum to the total", [row], "new_plans", "2026", extract=True)
    (mine,) = (f for f in found if f["column"] == "elsewhere_published")
    assert mine["cause"].startswith(cause)


def test_a_listed_change_of_basket_is_the_cause_of_what_a_total_holds_beyond(gate):
    """66,706 printed and 65,976 in the groups: 271, and 459 in other settings by release 2025."""
    row = {"place": ENGLAND, "label": 2022} | GROUPS
    found = gate("parts sum to the total", [row], "new_plans", "2026", extract=True)
    (mine,) = (f for f in found if f["column"] == "plans")
    assert mine["expected"] == "65,976 (sum of 7 parts)"
    assert mine["cause"].startswith(
        "The basket of those educated elsewhere changed: other settings"
    )


#: newplans.csv of release 2025, England 2019 (row 1): 53,899 in all, 53,788 in the other groups.
ENGLAND_2019 = {
    "plans": 53_899, "mainstream": 36_755, "special": 10_059, "ap_pru": 1_018, "fe_post16": 1_719,
    "elsewhere_published": 1_187, "elsewhere.other_settings": 111, "early_years": 1_877,
    "awaiting_provision": 1_134, "permanently_excluded": 39, "elsewhere.other_arrangements_la": 445,
    "elsewhere.other_arrangements_parents": 145, "elsewhere_published.percent": "2.2",
}  # fmt: skip


@pytest.mark.parametrize(
    ("awaiting", "expected"),
    [
        (1_134, "1,298 (1,187 ed_elsewhere and 111 other_placement_settings beside it)"),
        (1_135, "at least 9 (sum of 3 parts)"),
    ],
)
def test_what_another_sum_counts_beside_a_total_is_not_counted_in_it(gate, awaiting, expected):
    """Rows 69, 13, 27 and 35 of authorities: 2 in their group and 9 in other settings, 5 and 9,
    0 and 4, 2 and 3; some parts are not said."""
    none = {"elsewhere.other_arrangements_la": 0, "elsewhere.other_arrangements_parents": 0}
    rows = [ENGLAND_2019 | {"place": ENGLAND, "label": 2019, "awaiting_provision": awaiting}]
    for place, n, m in (("928", 2, 9), ("392", 5, 9), ("344", 0, 4), ("357", 2, 3)):
        both = {"elsewhere_published": n, "elsewhere.other_settings": m}
        rows.append({"place": place, "label": 2019} | both | none)
    found = gate("parts sum to the total", rows, "new_plans")
    (mine,) = (f for f in found if f["column"] == "elsewhere_published")
    assert mine["expected"] == expected
    if awaiting == ENGLAND_2019["awaiting_provision"]:
        assert (mine["place"], mine["places"]) == (ENGLAND, 5)
        assert mine["cause"] == (
            "other_placement_settings is not counted in ed_elsewhere in this period"
        )
        assert mine["effect"] == (
            "England ed_elsewhere 1,187 as published, 1,298 with other_placement_settings; "
            "England ed_elsewhere_pc 2.2 as published, 2.4"
        )


@pytest.mark.parametrize(
    ("received", "kind"), [(114_482, "contradiction"), (114_660, "definition")]
)
def test_parts_that_are_more_than_their_total_are_no_matter_of_meaning(gate, received, kind):
    """sen2_mi.csv of 2024, England 2022: 114,482 requests, 114,653 in their outcomes."""
    row = {"place": ENGLAND, "label": 2022, "received": received, "decided_to_assess": 114_653}
    row |= {"refused": 0, "withdrawn": 0, "undecided": 0}
    (found,) = gate("parts sum to the total", [row], "requests", "2024", extract=True)
    assert (found["kind"], found["cause"]) == (kind, "unknown")
