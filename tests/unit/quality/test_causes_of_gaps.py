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
            "fe_post16.ukrlp is not counted in fe_post16 in this period",
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
        (21, "1,099 (sum of 2 parts): awaiting_provision and permanently_excluded are counted in"),
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
        ({}, "elsewhere.neet is not counted in elsewhere_published in this period"),
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
