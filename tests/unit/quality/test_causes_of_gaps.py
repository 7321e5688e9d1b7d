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
