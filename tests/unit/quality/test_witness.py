"""Why two tables count one thing differently, where a third figure or their own parts tell."""

import pytest

from builders import ENGLAND, NORTH_EASTERN

SAME = "two tables that count one thing agree"
LEAST = "what began in a year and has not ended is in the stock"
ONE_OF_TWO = "one of the two figures is wrong, and no third one tells which"
AGE, PLACEMENT = "sen2_age_new_plans.csv", "sen2_estab_new_plans.csv"


def new_plans(by_age, by_placement, issued=None):
    """New plans of 2017 in two files of the older release, and the plans issued in a third."""
    tables = {"new_plans_by_age": [], "new_plans": []}
    pairs = zip(NORTH_EASTERN, by_age, by_placement, strict=False)
    for place, one, two in [*pairs, (ENGLAND, sum(by_age), sum(by_placement))]:
        row = {"place": place, "label": 2017}
        for name, n in (("new_plans_by_age", one), ("new_plans", two)):
            tables[name].append(row | {"plans": n, "ehc_plans": n, "statements": 0})
    if issued:
        rows = zip(NORTH_EASTERN, issued, strict=False)
        tables["assessments"] = [{"place": p, "label": 2017, "issued": n} for p, n in rows]
    return tables


def totals(released, tables):
    """What is found of all new plans; the plans issued are held against the age file as well."""
    found = released(tables, SAME, release="2022")
    return [f for f in found if f["published_column"] == "Total_new_all"]


def test_a_third_table_decides_between_two(released):
    """England: 42,162 by age and 41,698 by placement; NewallEHC agrees with the first, 75 of 75."""
    one, two = [100, 200, 300, 400], [97, 196, 295, 400]
    (found,) = totals(released, new_plans(one, two, issued=one))
    assert (found["table"], found["found"], found["kind"]) == ("new_plans", "97", "contradiction")
    assert found["cause"] == (
        f"NewallEHC of sen2_mi.csv agrees with Total_new_ehc of {AGE} in 3 of 3 authorities "
        "where the two differ"
    )
    (found,) = totals(released, new_plans(one, two, issued=two))
    assert (found["table"], found["found"]) == ("new_plans_by_age", "100")
    assert f"agrees with Total_new_ehc of {PLACEMENT} in 3 of 3" in found["cause"]


@pytest.mark.parametrize("issued", [[97, 200, 300, 400], [1, 2, 3, 4], None])
def test_a_third_table_that_has_neither_decides_nothing(released, issued):
    tables = new_plans([100, 200, 300, 400], [97, 196, 295, 400], issued)
    (found,) = totals(released, tables)
    assert (found["cause"], found["kind"]) == (ONE_OF_TWO, "contradiction")


@pytest.mark.parametrize(("differing", "kind"), [(9, "contradiction"), (10, "definition")])
def test_a_table_that_counts_fewer_wherever_they_differ_may_leave_some_out(
    released, differing, kind
):
    """2009 to 2014: the placement table counts fewer in all of some hundred authorities."""
    one = [100 + n for n in range(12)]
    two = [count - 3 * (n < differing) for n, count in enumerate(one)]
    (found,) = totals(released, new_plans(one, two))
    assert found["kind"] == kind
    said = f"{PLACEMENT} counts fewer in each of the 10 authorities that differ: it may leave "
    assert found["cause"].startswith(said if kind == "definition" else ONE_OF_TWO)
    if kind == "definition":
        one[0] = 90
        (found,) = totals(released, new_plans(one, two))
        assert found["cause"] == ONE_OF_TWO


@pytest.mark.parametrize(
    ("by", "kind"), [(0.92, "definition"), (0.88, "contradiction"), (0.001, "contradiction")]
)
def test_a_table_that_counts_far_fewer_leaves_nobody_out(released, by, kind):
    """One in ten at most is left out; counts in thousands are another thing."""
    one = [1_000 + n for n in range(12)]
    (found,) = totals(released, new_plans(one, [int(by * count) for count in one]))
    assert found["kind"] == kind
    (found,) = totals(released, new_plans([int(by * count) for count in one], one))
    assert found["kind"] == kind


def stocks(unknown):
    """Plans of January 2016 by age, and by placement with a group of those that are unknown."""
    tables = {"caseload_by_age": [], "caseload": []}
    for n, place in enumerate(NORTH_EASTERN):
        row = {"place": place, "label": 201516}
        tables["caseload_by_age"].append(row | {"plans": 1000 + n})
        lost = unknown[n] if n < len(unknown) else 0
        tables["caseload"].append(row | {"plans": 1000 + n + (n < 3) * (n + 1)})
        placed = {"placement": ("Unknown", "Total"), "plans": lost}
        tables["caseload"].append(row | placed)
    return tables


def test_a_group_that_is_the_whole_gap_is_named(released):
    """England: 256,530 and 256,315; the 215 are the group Unknown, alike in 152 of 152."""
    (found,) = released(stocks([1, 2, 3]), SAME, release="2022")
    assert (found["kind"], found["places"]) == ("definition", 3)
    assert found["cause"] == (
        "only sen2_estab_caseload.csv counts what it says is not recorded: the gap in all 3 "
        "authorities that differ, and nought in the others"
    )


@pytest.mark.parametrize("unknown", [[1, 2], [1, 2, 4], [1, 2, 3, 1]])
def test_a_group_that_is_not_the_gap_everywhere_explains_nothing(released, unknown):
    (found,) = released(stocks(unknown), SAME, release="2022")
    assert found["cause"] == ONE_OF_TWO


def broken_down(name, place, counts, total):
    topic = {"caseload": "Years EHC plan in place", "new_plans": "Age when plan started",
             "new_plans_by_need": "Child or young persons age"}  # fmt: skip
    label = 2024 if name.startswith("new") else 202425
    row = {"place": place, "label": label}
    parts = [row | {"plans": n, "breakdown": (topic[name], i)} for i, n in counts.items()]
    return [row | {"plans": total}, *parts]


def test_a_breakdown_under_two_names_may_be_two_things(released):
    """England, 10 years: newplans.csv row 11877 and sen_need_newplans.csv row 2."""
    tables = {
        "new_plans": broken_down("new_plans", ENGLAND, {"age 10": 7594}, 97_747),
        "new_plans_by_need": broken_down("new_plans_by_need", ENGLAND, {"age 10": 8303}, 97_747),
    }
    (found,) = released(tables, SAME)
    assert (found["kind"], found["found"]) == ("definition", "8,303")
    assert found["cause"] == (
        "sen_need_newplans.csv prints 'Child or young persons age', newplans.csv prints "
        "'Age when plan started': the two may not be the same"
    )
