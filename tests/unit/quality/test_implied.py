"""Published shares of one base, and the base that they imply."""

import pytest

from builders import ENGLAND

RULE = "shares of one base divide by what their counts add up to"
WITHIN, AFTER = "decided_within_6_weeks", "decided_after_6_weeks"


def decided(within, after, *shares, place=ENGLAND, **more):
    counts = {WITHIN: within, AFTER: after}
    percents = dict(zip([f"{WITHIN}.percent", f"{AFTER}.percent"], shares, strict=True))
    return {"place": place, "label": 2023} | counts | percents | more


def test_england(checked):
    """Row 647 of requests.csv: 84.8 + 15.1; 100 * 111,723 / 84.85 and 84.75 are the bounds."""
    rows = [
        decided(111_723, 19_863, "84.8", "15.1"),
        decided(855, 145, "85.5", "12.1", place="358"),
    ]
    findings, flags, _ = checked(rows, "requests")
    (found,) = [f for f in findings.iter_rows(named=True) if f["rule"] == RULE]
    assert (found["place"], found["found"]) == (ENGLAND, "84.8")
    assert found["expected"] == (
        "84.90 (111,723 of 131,586) if these were all that the shares divide by"
    )
    assert found["cause"] == (
        "the printed shares divide by 131,672 to 131,826, which no column holds: cases without a "
        "date are likely in the base"
    )
    assert (found["kind"], found["effect"]) == ("definition", "")  # neither figure is the right one
    assert found["touches"] == "358;E92000001"
    mine = flags.filter(flags["finding"] == found["finding"])
    assert set(mine["row"]) == {1, 2}
    assert set(mine["column"]) == {f"{WITHIN}.percent", f"{AFTER}.percent"}


@pytest.mark.parametrize(
    ("row", "cause"),
    [
        (decided(849, 151, "84.9", "15.1"), None),
        (decided(849, 151, "x", "15.1"), None),
        (decided(0, 0, "0", "0"), None),
        (decided(10, 0, "100", "0"), None),
        (decided(9_999, 1, "100", "0"), None),
        (decided(586, 355, "58.6", "35.5", received=1000), "1,000 to 1,000, which is received"),
        (decided(500, 500, "50", "40"), "no base gives all the shares that are printed"),
        (decided(0, 1, "0", "1"), "the printed shares divide by 96 to 105, which no column holds"),
    ],
    ids=[
        "agrees",
        "no share",
        "nothing",
        "all",
        "next to all",
        "another column",
        "no base",
        "not a share",
    ],
)
def test_the_base_that_is_implied(gate, row, cause):
    """Wokingham 2023 prints 58.6 + 35.5, and age unknown, row 648, 1 % for one of one."""
    beside = decided(849, 151, "84.9", "15.1", place="358")
    found = gate(RULE, [row, beside], "requests")
    assert len(found) == (cause is not None)
    assert all(f["cause"].endswith(cause) for f in found)
