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
    total, group = ["100 (sum of 9 parts)"], ["10 (sum of 1 parts)"]
    assert set(found["expected"]) <= {*total, *group}
    assert set(found["cause"]) == {cause}
