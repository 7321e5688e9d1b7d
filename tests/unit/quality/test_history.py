"""A count against the same count of the years around it."""

import pytest

from builders import ENGLAND

ZERO, SPIKE = (
    "a nought does not stand between counts",
    "a count does not stand far from both its neighbours",
)
END = "a last count does not stand far from all others"
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


def test_a_count_that_is_not_next_to_a_nought_is_told_with_its_year(gate):
    """Release 2025, personal_budgets.csv: Isle of Wight 95, 0, x and 41."""
    (found,) = gate(ZERO, years(95, 0, "x", 41, start=2021))
    assert found["expected"] == "a count, as 95 before and 41 in 2024"


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
    ("rule", "counts", "size"),
    [(ZERO, (100, 0, 90), 90), (SPIKE, (20, 300, 30), 270), (SPIKE, (300, 20, 280), 260)],
)
def test_a_doubt_is_as_large_as_the_nearer_neighbour_says(gate, rule, counts, size):
    (found,) = gate(rule, years(*counts))
    assert found["size"] == size


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


def counts(column, *of, place="390", start=2019):
    return [{"place": place, "label": start + n, column: c} for n, c in enumerate(of)]


@pytest.mark.parametrize(
    ("of", "england", "told"),
    [
        ((0, 348, 0), 368, True),  # Wolverhampton, requests.csv of 2025 row 237
        ((0, 348, 0), 3_481, False),
        ((0, 348, 0), "x", False),
        ((0, 99, 0), 110, False),
        ((50, 348, 0), 368, False),
        ((0, 348, 0, 50), 368, False),
    ],
    ids=["visible", "no visible share", "no England", "small", "beside another", "as another"],
)
def test_a_part_that_is_most_of_what_england_prints(gate, of, england, told):
    column = "received_youth_accommodation"
    rows = [*counts(column, *of), *counts(column, 1, england, 1, place="E92000001")]
    found = gate(SPIKE, rows, "requests")
    assert len(found) == told
    if told:
        assert found[0]["effect"] == (
            "England requests_rya 368 as published, about 20 if it were as in the years around"
        )
        assert found[0]["effect_size"] == pytest.approx(100 * 348 / 368)


@pytest.mark.parametrize(
    ("of", "told"),
    [
        ((324, 0, 364), True),  # Leeds, caseload.csv of 2025 row 215
        ((582, 13, 643), True),  # Bristol, row 796, further education
        ((324, 0, 149), False),
        ((324, 41, 364), False),
        ((324, 0, 364, 12), False),
    ],
)
def test_a_part_that_is_gone_in_one_year(gate, of, told):
    rows = [r | {"label": 201819 + 101 * n} for n, r in enumerate(counts("fe_post16.general", *of))]
    assert len(gate(SPIKE, rows, "caseload")) == told


def test_what_is_in_no_other_column_may_empty_at_once(gate):
    """Wirral, caseload.csv of 2025: 173, 2 and 188 not recorded."""
    rows = [
        r | {"label": 201819 + 101 * n} for n, r in enumerate(counts("not_recorded", 273, 2, 288))
    ]
    assert gate(SPIKE, rows, "caseload") == []


@pytest.mark.parametrize(
    ("of", "says"),
    [
        ((352, 296, 358, 517, 5), "517 in the year before, and to 296 to 517 in all 4 others"),
        ((5, 135, 121, 124, 932), "124 in the year before, and to 5 to 135 in all 4 others"),
        ((8, 366, 326, 415), None),
        ((352, 517, 5), None),
        ((352, 296, 58, 517, 5), "517 in the year before, and to 58 to 517 in all 4 others"),
        ((352, 296, 20, 517, 5), None),
        ((149, 140, 148, 149, 5), None),
    ],
)
def test_a_last_count_far_from_all_others(gate, of, says):
    """Lewisham, St. Helens, and Sheffield, which had begun: personal_budgets.csv of 2025."""
    found = gate(END, [*years(*of), *steady(len(of))])
    assert [f["expected"] for f in found] == ([f"nearer to {says}"] if says else [])


def steady(years_long):
    """Two authorities that change as little as most do."""
    return [
        r | {"place": key}
        for key in ("391", "392")
        for r in years(*[200 + n for n in range(years_long)])
    ]


def test_a_year_in_which_everybody_changed(gate):
    rows = [r | {"place": key} for key in ("390", "391", "392") for r in years(300, 310, 320, 8)]
    assert gate(END, rows) == []


def test_several_doubts_about_one_return_are_one_finding(checked):
    """Isle of Wight 2024, timeliness_20_week.csv row 11572: 7 and 7 issued, 193 and 170 before."""
    other = "issued.excluding_exceptions"
    rows = [
        r | {other: n} for r, n in zip(years(152, 129, 193, 7), (130, 107, 170, 0), strict=True)
    ]
    findings, _, _ = checked([*rows, *steady(4)])
    assert findings.filter(findings["kind"] == "doubt")["place"].to_list() == ["390"]


def test_a_doubt_that_a_contradiction_explains_is_told_once(gate):
    """Waltham Forest, personal_budgets.csv of 2025 row 612: 2,883 of 2,880 budgets."""
    rows = [
        {"place": "320", "label": label, "budgets": n, "integrated": part}
        for label, n, part in ((202122, 173, 0), (202223, 2_880, 2_883), (202324, 22, 1))
    ]
    assert gate(SPIKE, rows, "personal_budgets") == []
    (found,) = gate("a part is not more than its whole", rows, "personal_budgets")
    assert found["row"] == 2


def test_a_return_that_is_short_in_several_tables(released):
    """Isle of Wight 2024: 8 issued, 7 timed and 7 refused, after 217, 193 and 166 in 2022."""
    counts = {
        "assessments": ("issued", (152, 129, 165, 217, 8)),
        "timeliness": (DEN, (152, 129, 165, 193, 7)),
        "requests": ("refused", (117, 105, 131, 166, 7)),
    }
    rows = {
        table: [
            {"place": place, "label": label, column: n}
            for place in ("921", "390", "391")
            for label, n in zip((2019, 2020, 2021, 2022, 2024), of, strict=True)
            for n in [n if place == "921" else 200]
        ]
        for table, (column, of) in counts.items()
    }
    assert released(rows, END) == []
    (found,) = released(rows, "a return is not short in several tables")
    assert (found["table"], found["found"], found["place"]) == ("assessments", "8", "921")
    assert found["cause"] == (
        "the return is short: assess_issued is 8 in assessments.csv, row 5, beside 217; "
        "requests_decided_not_to_assess is 7 in requests.csv, row 5, beside 166; "
        "plans_issued_den is 7 in timeliness_20_week.csv, row 5, beside 193"
    )
    assert found["also"] == f"{END}: 2 in other tables"


NONE = "none of many are not none by chance"
WITHIN = "within_20_weeks.including_exceptions"


def in_time(place, label, n, of):
    return {"place": place, "label": label, WITHIN: n, DEN: of}


def test_none_of_many_in_the_first_year_are_a_return_that_was_not_made(released):
    """Release 2022, sen2_mi.csv rows 1045 and 1054, England row 971: 0 of 307 and 0 of 408."""
    rows = [
        in_time(ENGLAND, 2015, 13_451, 24_624),
        in_time("830", 2015, 0, 307),
        in_time("888", 2015, 0, 408),
        in_time("889", 2015, 560, 1_000),
        in_time("830", 2016, 157, 332),
        in_time("888", 2016, 345, 634),
    ]
    (found,) = released({"timeliness": rows}, NONE, release="2022")
    assert (found["place_name"], found["places"], found["row"]) == ("Lancashire", 2, 3)
    assert found["expected"] == "about 228 (56 % of 408 TotIncExcEHC, as where there are any)"
    assert found["cause"].startswith("2 authorities print a nought")
    assert found["effect"] == (
        "England 13,451 of 24,624 TotIncExcEHC (54.63 %), 56.26 % without them")  # fmt: skip
    assert found["effect_size"] == pytest.approx(100 * 13_451 / 23_909 - 100 * 13_451 / 24_624)


@pytest.mark.parametrize(
    ("first", "then", "told"),
    [
        ((0, 100), (90, 200), 1),
        ((0, 99), (90, 200), 0),  # too few to say
        ((0, 100), (27, 200), 0),  # never many there
        ((0, 100), (29, 200), 1),
    ],
)
def test_none_of_few_or_where_there_are_never_many(released, first, then, told):
    rows = [in_time("889", y, 560, 1_000) for y in (2015, 2016)]
    rows += [in_time("830", 2015, *first), in_time("830", 2016, *then)]
    found = released({"timeliness": rows}, NONE, release="2022")
    assert [(f["found"], f["cause"], f["effect"]) for f in found] == [("0", "unknown", "")] * told


def test_a_nought_between_counts_is_told_once(released):
    rows = [in_time("889", y, 560, 1_000) for y in (2015, 2016, 2017)]
    rows += [in_time("830", y, n, 300) for y, n in ((2015, 150), (2016, 0), (2017, 160))]
    assert released({"timeliness": rows}, NONE, release="2022") == []
    assert len(released({"timeliness": rows}, ZERO, release="2022")) == 1


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [(4_017, 4_427, 0), (4_017, 5_034, 1), ("x", 4_427, 1)],
    ids=["needed", "the stock is as if 59 had ended", "no stock before"],
)
def test_what_ended_and_is_missing_from_the_stock_is_no_spike(released, before, after, told):
    """Wirral 2023, ceased_plans.csv of 2025: 59, 642, 59; 4,017 + 1,076 - 642 = 4,451."""
    rows = {
        "caseload": [
            {"place": "344", "label": 202223, "plans": before},
            {"place": "344", "label": 202324, "plans": after},
        ],
        "new_plans": [{"place": "344", "label": 2023, "plans": 1_076}],
        "ceased": [
            {"place": "344", "label": label, "total": n}
            for label, n in ((2022, 59), (2023, 642), (2024, 59))
        ],
    }
    others = {
        "caseload": [{"label": 202223, "plans": 1_000}, {"label": 202324, "plans": 1_000}],
        "new_plans": [{"label": 2023, "plans": 100}],
        "ceased": [{"label": label, "total": 100} for label in (2022, 2023, 2024)],
    }
    for place in ("340", "341", "342"):
        for name, of in others.items():
            rows[name] += [{"place": place} | row for row in of]
    assert len(released(rows, SPIKE)) == told
