"""A figure is replaced only where other published cells prove another one exactly.

The pattern is that of newplans.csv of 2025 in 2022, on figures made up: every authority of a region
carries the region's own total.
"""

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from builders import ENGLAND, NORTH_EAST, NORTH_EASTERN

GROUPS = ("mainstream", "special", "ap_pru", "fe_post16")


def printed(key, total, true, *, placed=True, split=True):
    """The rows of one authority that prints `total` and truly has `true` plans."""
    row = {"place": key, "label": 2022, "plans": total}
    if placed:
        row |= dict.fromkeys(GROUPS, 0) | {"mainstream": true // 3, "special": true - true // 3}
    rows = [row]
    for item, part in (("Female", true // 2), ("Male", true - true // 2)) if split else ():
        rows.append({"place": key, "label": 2022, "breakdown": ("Sex", item), "plans": part})
    return rows


def region(values, changed=(), **spoil):
    """Rows of a region whose first authority differs as `spoil` says."""
    total = sum(values.values())
    rows = [{"place": NORTH_EAST, "label": 2022, "plans": total}]
    for n, (key, true) in enumerate(values.items()):
        rows += printed(key, total, true, **(spoil if n == 0 else {}))
    for index, change in changed:
        rows[index] |= change
    return rows


TRUE = dict(zip(NORTH_EASTERN, range(10, 130, 10), strict=True))


@pytest.fixture
def repairs(checked):
    def run(rows):
        _, _, found = checked(rows, "new_plans")
        return dict(found.select("place", "value").iter_rows())

    return run


@given(st.lists(st.integers(1, 5000), min_size=12, max_size=12), st.booleans())
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=15)
def test_what_was_lost_is_found_again(checked, values, placed):
    """Whatever the true figures are, also where one authority returned no placements."""
    true = dict(zip(NORTH_EASTERN, values, strict=True))
    _, _, found = checked(region(true, placed=placed), "new_plans")
    assert dict(found.select("place", "value").iter_rows()) == true
    assert set(found["published"]) == {str(sum(values))}
    assert found["place"].is_in(NORTH_EASTERN).all()


def test_proof_is_told(checked):
    _, _, found = checked(region(TRUE, placed=False), "new_plans")
    proofs = dict(found.select("place", "proof").iter_rows())
    assert proofs["390"].startswith("what the region's total leaves")
    assert proofs["391"].startswith("the sum of its placement groups")
    assert found.filter(pl.col("place") == "391").row(0, named=True)["published"] == "780"


#: Rows of an authority: its total at 1, its two breakdowns after it.
HOLES = {
    "groups against breakdowns": region(TRUE, [(1, {"mainstream": 4}), (4, {"mainstream": 5})]),
    "two authorities without proof": region(
        TRUE, [(4, dict.fromkeys(GROUPS, "x"))], placed=False),
    "an authority without a figure": region(TRUE, [(1, {"plans": "x"})]),
    "an authority without a total row": region(TRUE)[:1] + region(TRUE)[2:],
    "what is left is less than a breakdown": region(
        TRUE, [(1, dict.fromkeys(GROUPS, "x")), (2, {"plans": 50}), (3, {"plans": 50})]),
    "everyone proven, and yet not the total": region(
        TRUE, [(1, {"mainstream": 4, "special": 7}), (2, {"plans": 6}), (3, {"plans": 5})]),
    "nothing wrong": [
        {"place": NORTH_EAST, "label": 2022, "plans": 12},
        *({"place": k, "label": 2022, "plans": 1} for k in NORTH_EASTERN)],
    "before shares divide by groups": [r | {"label": 2021} for r in region(TRUE)],
}  # fmt: skip


@pytest.mark.parametrize("hole", HOLES)
def test_a_hole_in_the_proof_repairs_nothing(repairs, hole):
    assert repairs(HOLES[hole]) == {}


def test_england_and_regions_are_never_repaired(checked):
    rows = [{"place": ENGLAND, "label": 2022, "plans": 1}, *region(TRUE)]
    findings, _, found = checked(rows, "new_plans")
    broken = findings.filter(pl.col("rule") == "members sum to the whole")
    assert set(broken["place"]) == {NORTH_EAST}  # England fails with its region
    assert set(found["place"]) == set(NORTH_EASTERN)
