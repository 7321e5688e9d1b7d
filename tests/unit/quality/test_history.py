"""A count against the same count of the years around it."""

import pytest

ZERO, SPIKE = (
    "a nought does not stand between counts",
    "a count does not stand far from both its neighbours",
)
REPEAT = "a row does not repeat the year before"
DEN = "issued.including_exceptions"


def years(*counts, start=2019):
    return [{"place": "390", "label": start + n, DEN: c} for n, c in enumerate(counts)]


@pytest.mark.parametrize(
    ("counts", "periods"),
    [
        ((100, 0, 90), ["2020"]),
        ((100, 0, 0, 90), ["2020", "2021"]),
        ((100, "x", 90), []),
        ((100, 0), []),
        ((0, 90), []),
        ((29, 0, 90), []),
    ],
)
def test_a_nought_between_counts(gate, counts, periods):
    assert [f["period"] for f in gate(ZERO, years(*counts))] == periods


@pytest.mark.parametrize(
    ("counts", "expected"),
    [
        ((20, 300, 30), "nearer to 20 before and 30 after"),
        ((300, 20, 280), "nearer to 300 before and 280 after"),
        ((20, 100, 10), None),
        ((300, 100, 280), None),
        ((300, 20), None),
    ],
)
def test_a_count_far_from_both_its_neighbours(gate, counts, expected):
    found = gate(SPIKE, years(*counts))
    assert [f["expected"] for f in found] == ([expected] if expected else [])
    assert all(f["kind"] == "doubt" for f in found)


@pytest.mark.parametrize(
    ("counts", "wrong"),
    [
        ((0, 335, 5, 535, 956, 895, 1004, 880), "5"),  # Cambridgeshire, personal budgets
        ((8, 15, 155, 5, 185, 185, 136, 166), "5"),  # Worcestershire, requests refused
        ((18, 18, 495, 0, 0, 0), "495"),  # Essex, personal budgets
    ],
)
def test_of_two_years_side_by_side_the_other_years_tell_which_is_wrong(gate, counts, wrong):
    """Printed in sen2_mi.csv of 2022, 2014 to 2021, and personal_budgets.csv of 2025."""
    assert [f["found"] for f in gate(SPIKE, years(*counts, start=2014))] == [wrong]


def test_several_columns_of_one_return_are_one_finding(gate):
    other = "issued.excluding_exceptions"
    rows = [r | {other: r[DEN]} for r in years(100, 0, 90)]
    (found,) = gate(ZERO, rows)
    assert "1 in 1 place" in found["also"]


def test_a_row_that_is_that_of_the_year_before(gate):
    columns = ["within_20_weeks", "weeks_20_to_52", "over_52_weeks"]
    counts = {f"{c}.including_exceptions": n for n, c in enumerate(columns, 31)}
    rows = [r | counts for r in years(96, 96, 97)]
    assert [f["period"] for f in gate(REPEAT, rows)] == ["2020"]
    assert gate(REPEAT, years(96, 96)) == []


def test_a_year_that_is_missing_between_two(gate):
    rows = [r for r in years(10, 10, 10) if r["label"] != 2020]
    told = [
        f for f in gate("a place in force has a row", rows) if "a year is missing" in f["cause"]
    ]
    assert [(f["place"], f["period"]) for f in told] == [("E92000001", "2021")]


def test_a_performance_may_fall_and_recover(gate):
    """Oxfordshire, timeliness.csv row 629: 27 of 667 plans in time."""
    column = "within_20_weeks.including_exceptions"
    rows = [r | {column: r.pop(DEN), DEN: 667} for r in years(300, 27, 280)]
    assert gate(SPIKE, rows) == []


@pytest.mark.parametrize(("female", "told"), [((63, 71), 0), ((71, 71), 1)])
def test_a_row_whose_breakdown_differs_was_counted_anew(gate, female, told):
    """Westmorland and Furness, personal_budgets.csv rows 3736 and 14853: 63 + 134, 71 + 126."""
    columns = ["within_20_weeks", "weeks_20_to_52", "over_52_weeks"]
    counts = {f"{c}.including_exceptions": n for n, c in enumerate(columns, 31)}
    rows = [r | counts for r in years(197, 197)]
    for year, n in zip((2019, 2020), female, strict=True):
        sexes = {"Female": n, "Male": 197 - n}
        rows += [
            {"place": "390", "label": year, "breakdown": ("Sex", item), DEN: count}
            for item, count in sexes.items()
        ]
    assert len(gate(REPEAT, rows)) == told
