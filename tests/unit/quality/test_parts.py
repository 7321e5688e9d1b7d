"""Totals against what they are made of: columns, items of a breakdown, placements."""

import pytest

from builders import ENGLAND

ITEMS, DETAIL = "items of a breakdown sum to the total", "a total has its parts"
PARTS, WHOLE = "parts sum to the total", "a total is there where its parts are"
DEN, NUM = "issued.including_exceptions", "within_20_weeks.including_exceptions"
BANDS = (NUM, "weeks_20_to_52.including_exceptions", "over_52_weeks.including_exceptions")


def split(place, whole, parts, topic="Sex", column=DEN):
    """An undivided row of one place and its rows of one topic."""
    rows = [{"place": place, "label": 2024, column: whole}]
    for item, n in parts.items():
        rows.append({"place": place, "label": 2024, "breakdown": (topic, item), column: n})
    return rows


@pytest.mark.parametrize(
    ("whole", "girls", "boys", "expected"),
    [
        (10, 4, 6, None),
        (10, 4, 5, "9 (sum of 2 items of sex)"),
        (10, "x", 5, None),
        (10, "x", 11, "at least 11 (sum of 2 items of sex)"),
    ],
)
def test_items_of_a_breakdown_sum_to_the_undivided_row(gate, whole, girls, boys, expected):
    england = split(ENGLAND, 10, {"Female": 4, "Male": 6})
    rows = england + split("370", whole, {"Female": girls, "Male": boys})
    found = gate(ITEMS, rows)
    assert [f["expected"] for f in found] == ([expected] if expected else [])
    assert all((f["place"], f["topic"], f["column"]) == ("370", "sex", DEN) for f in found)


def test_an_item_without_a_row_has_nobody(gate):
    assert gate(ITEMS, split(ENGLAND, 10, {"Female": 10})) == []
    (found,) = gate(ITEMS, split(ENGLAND, 10, {"Female": 9}))
    assert found["expected"] == "9 (sum of 1 items of sex)"


def test_what_an_extract_lacks_is_no_gap(gate):
    assert gate(ITEMS, split(ENGLAND, 10, {"Female": 4}), extract=True) == []
    assert gate(ITEMS, split(ENGLAND, 10, {"Female": 14}), extract=True) != []


PLACED = {
    "Mainstream - total": 7,
    "Mainstream - academy": 4,
    "Mainstream - LA maintained": 3,
    "Placement not recorded": 3,
}


def test_a_total_row_of_a_breakdown_is_held_against_its_own_items(gate):
    """Rows such as "Mainstream - total" are no further parts of the whole."""

    def found(**change):
        rows = split(ENGLAND, 10, PLACED | change, "Type of placement", "total")
        return {f["label"]: f["expected"] for f in gate(ITEMS, rows, "ceased")}

    assert found() == {}
    assert found(**{"Mainstream - academy": 5}) == {"mainstream": "8 (sum of 2 items of placement)"}
    assert found(**{"Placement not recorded": 2}) == {"total": "9 (sum of 2 items of placement)"}


def placed(*counts):
    groups = ("Total", "Mainstream school", "Special school", "Educated elsewhere")
    pairs = [(g, "Total") for g in groups] + [("Educated elsewhere", "Elective home education")]
    return [
        {"place": ENGLAND, "label": 2021, "placement": pair, "plans": n}
        for pair, n in zip(pairs, counts, strict=True)
    ]


def test_placements_of_the_long_layout_sum_to_their_groups_and_the_total(gate):
    assert gate(ITEMS, placed(100, 60, 30, 10, 10), "caseload", "2022") == []
    (whole,) = gate(ITEMS, placed(100, 60, 31, 10, 10), "caseload", "2022")
    assert (whole["label"], whole["expected"]) == ("total", "101 (sum of 3 items)")
    (group,) = gate(ITEMS, placed(100, 60, 30, 10, 9), "caseload", "2022")
    assert (group["label"], group["expected"]) == ("elsewhere_old_group", "9 (sum of 1 items)")


def banded(whole, *bands):
    return dict(zip((DEN, *BANDS), (whole, *bands), strict=True))


def test_a_total_without_any_part_is_a_gap_and_what_follows_from_it_is_not_told_twice(checked):
    """England falls short by the one authority that returned a total only."""
    rows = [
        {"place": ENGLAND, "label": 2024} | banded(30, 10, 5, 5),
        {"place": "370", "label": 2024} | banded(20, 10, 5, 5),
        {"place": "390", "label": 2024} | banded(10, "x", "x", "x"),
    ]
    findings, _, _ = checked(rows)
    mine = findings.filter(findings["rule"].is_in([DETAIL, PARTS]))
    (found,) = mine.iter_rows(named=True)
    assert (found["rule"], found["kind"], found["place"]) == (DETAIL, "gap", "390")
    assert (found["expected"], found["found"]) == ("3 parts with a number", "10 and no part")
    assert "England plans_issued_den 30, of which 10 are in no part" in found["effect"]
    assert found["coverage"] == "1 of 2 authorities have a figure"


def test_a_missing_total_whose_parts_are_all_there_is_named_without_its_value(gate):
    rows = [
        {"place": ENGLAND, "label": 2024} | banded(30, 10, 10, 10),
        {"place": "370", "label": 2024} | banded("x", 11, 12, 13),
    ]
    (found,) = gate(WHOLE, rows)
    assert (found["place"], found["found"]) == ("370", "none")
    assert found["expected"] == "a figure, as all of its 3 parts have one"
    assert "36" not in str(found)


def test_a_whole_without_a_figure_whose_members_all_have_one(gate, north_east):
    (found,) = gate(WHOLE, north_east(2024, {DEN: "x"}, {DEN: 10}))
    assert (found["place_name"], found["expected"]) == (
        "North East", "a figure, as all of its 12 parts have one")  # fmt: skip


def test_an_error_that_spreads_upwards_is_one_finding_at_its_root(checked):
    """The authority's total is one too many, and with it England's: of 30, 10 are 33.3 per cent."""
    rows = [
        {"place": ENGLAND, "label": 2024, f"{NUM}.percent": "32.3"} | banded(31, 10, 10, 10),
        {"place": "390", "label": 2024} | banded(31, 10, 10, 10),
    ]
    findings, flags, _ = checked(rows)
    (found,) = findings.filter(findings["rule"] == PARTS).iter_rows(named=True)
    assert (found["place"], found["places"], found["touches"]) == ("390", 2, "390;E92000001")
    assert found["effect"] == (
        "England pc_plans_issued_within_20_weeks 32.3 as published, 33.3 without the 1 in no part"
    )
    assert set(flags.filter(flags["finding"] == found["finding"])["row"]) == {1, 2}


def test_what_is_wrong_in_many_places_is_one_finding_of_what_contains_them(gate, north_east):
    whole, each = banded(132, 40, 40, 40), banded(11, 4, 3, 3)
    rows = [{"place": ENGLAND, "label": 2024} | banded(132, 48, 36, 36)]
    rows += north_east(2024, banded(132, 48, 36, 36), each)
    assert whole
    (found,) = gate(PARTS, rows)
    assert (found["place_name"], found["places"]) == ("North East", 14)
    assert found["kind"] == "definition"


BASKET = {
    "special": 10,
    "special.la_maintained": 4,
    "special.academy_or_free": 3,
    "special.independent": 2,
    "special.non_maintained": 1,
}


def test_a_part_that_explains_every_gap_is_named(gate):
    """A total whose meaning differs in one period: here without independent schools."""
    shifted = {"special": 8}
    places = (ENGLAND, "370", "371", "372", "373")
    rows = [{"place": place, "label": 202021} | BASKET | shifted for place in places]
    rows.append({"place": ENGLAND, "label": 202122} | BASKET)
    (found,) = (f for f in gate(PARTS, rows, "caseload") if f["column"] == "special")
    assert found["period"] == "2021-01"
    assert found["cause"] == "special_independent is not counted in special_total in this period"


def test_a_count_below_nought(gate):
    row = {"place": ENGLAND, "label": 2024, "decision.outstanding": -2}
    (found,) = gate("a count is not negative", [row], "annual_reviews")
    assert (found["expected"], found["found"]) == ("0 or more", "-2")
    assert (found["cause"], found["effect"]) == ("unknown", "")


OUTCOMES = ("outcome.amended", "outcome.ceased", "outcome.maintained")


@pytest.mark.parametrize(("none", "told"), [(-153, True), (-152, False)])
def test_a_count_below_nought_may_be_what_is_left_of_a_whole(gate, none, told):
    """2,653 outcomes of 2,500 meetings leave -153; 10 of 100 leave 90 in the other."""
    hull = {"meetings": 2_500, **dict(zip(OUTCOMES, (1_000, 53, 1_600), strict=True))}
    other = {"meetings": 100, **dict.fromkeys(OUTCOMES, 0), "outcome.ceased": 10}
    rows = [
        {"place": "810", "label": 2024, "outcome.not_recorded": none} | hull,
        {"place": "811", "label": 2024, "outcome.not_recorded": 90} | other,
        {"place": ENGLAND, "label": 2024, "outcome.not_recorded": 1_000},
    ]
    (found,) = gate("a count is not negative", rows, "annual_reviews")
    rest = (
        "no_outcome is a remainder, total_review_meeting - outcome_amend - outcome_cease - "
        "outcome_maintan in every row: what is taken off is more than what it is taken from"
    )
    assert found["cause"] == (rest if told else "unknown")
    assert found["effect"] == (
        f"England no_outcome 1,000 as published, {1_000 - none:,} without the negative figures of "
        "1 authority"
    )


WITHIN = "a part is not more than its whole"


def test_a_part_that_may_overlap_is_not_more_than_its_whole(gate):
    """Release 2025, personal_budgets.csv: Norfolk 77 and 1,367 in 2022/23; parts may overlap."""
    kinds = dict.fromkeys(("organised_arrangements", "health", "education", "integrated"), 0)
    norfolk = {"place": "926", "label": 202223, "budgets": 77, "social_care": 1_367} | kinds
    fine = {"place": "370", "label": 202223, "budgets": 8, "social_care": 8, "health": 8}
    (found,) = gate(WITHIN, [norfolk, kinds | fine], "personal_budgets")
    assert (found["place_name"], found["column"]) == ("Norfolk", "social_care")
    assert (found["expected"], found["found"]) == ("at most 77 (personal_budget)", "1,367")


def test_a_breakdown_may_show_what_the_undivided_row_does_not(gate):
    """Release 2025, requests.csv rows 11993 and 12001: 454 of 466, and 14 of 13 at age 16."""
    brighton = {"place": "846", "label": 2024, "received": 466, "received_youth_accommodation": 454}
    of_16 = {"received": 13, "received_youth_accommodation": 14}
    of_16 |= {"breakdown": ("Child or young persons age", "age 16")}
    (found,) = gate(WITHIN, [brighton, brighton | of_16], "requests")
    assert (found["label"], found["expected"], found["found"]) == (
        "16", "at most 13 (requests_received_in_year)", "14")  # fmt: skip


AGES = "nobody is counted at an age that cannot be"


def ages(topic, label, columns, **counts):
    """A row for each age, given as ``a4=26``; further columns are nought."""
    return [
        {"label": label, "breakdown": (topic, f"age {key[1:]}")} | dict.fromkeys(columns, 0) | n
        for key, n in counts.items()
    ]


def test_nobody_of_ten_is_in_further_education(gate):
    """Release 2025, newplans.csv rows 1864 to 1876: Lancashire 2022; England rows 519 and 522."""
    columns = ["fe_post16.general", "fe_post16.specialist", "fe_post16.ukrlp"]
    many = {"a10": {columns[0]: 13}, "a4": {columns[0]: 26, columns[2]: 1}, "a14": {columns[0]: 99}}
    rows = ages("Age when plan started", 2022, columns, **many)
    england = {"place": ENGLAND, "label": 2022, "fe_post16": 1_874, "fe_post16.percent": 2.8}
    england |= {"mainstream": 65_056}
    few = {"a4": {columns[2]: 14}}
    found = gate(
        AGES,
        [
            england,
            *({"place": "888"} | r for r in rows),
            *({"place": "889"} | r for r in ages("Age when plan started", 2022, columns, **few)),
        ],
        "new_plans",
    )
    assert [(f["place_name"], f["label"], f["column"]) for f in found] == [
        ("Lancashire", "4", "fe_post16.general")]  # fmt: skip
    assert found[0]["cause"].startswith("40 at such an age in 2 rows, 0 in all of England")
    assert found[0]["expected"] == "0: further education takes nobody below 14"
    assert found[0]["effect"] == (
        "England fe_total 1,874 as published, about 1,834 if so; "
        "England fe_total_pc 2.8 as published, about 2.7 if so"
    )


def test_an_age_of_a_start_long_ago_says_nothing_of_the_stock(gate):
    """Who is in early years at seven is one thing; whose plan began at seven another."""
    column = "early_years"
    by_start = ages("Age when plan started", 202425, [column], a9={column: 31})
    by_age = ages("Child or young persons age", 202425, [column], a9={column: 31}, a6={column: 90})
    both = [{"place": "921"} | row for row in (*by_start, *by_age)]
    (found,) = gate(AGES, both, "caseload")
    assert (found["label"], found["found"], found["row"]) == ("9", "31", 2)


HOLE = "a part is there where its total and the others are"


@pytest.mark.parametrize(("boys", "expected"), [(6, 0), ("x", 1)])
def test_one_missing_part_that_the_others_would_prove_is_named_without_its_value(
    gate, boys, expected
):
    england = split(ENGLAND, 10, {"Female": 4, "Male": 6})
    found = gate(HOLE, england + split("370", 10, {"Female": 4, "Male": boys}))
    assert len(found) == expected
    assert all(f["label"] == "male" and f["found"] == "none" for f in found)


def test_what_england_has_no_figure_for_was_not_asked(gate):
    rows = split(ENGLAND, 10, {"Female": 4, "Male": "x"})
    assert gate(HOLE, rows + split("370", 10, {"Female": 4, "Male": "x"})) == []


def test_where_a_meaning_differs_only_what_explains_it_is_flagged(checked, north_east):
    """The total is right; what is flagged is the part left out and the group that leaves it out."""
    each = BASKET | {"special": 8}
    whole = {c: 12 * n for c, n in each.items()}
    rows = north_east(202021, whole, each)
    rows = [{"place": ENGLAND, "label": 202021} | whole, *rows]
    findings, flags, _ = checked(rows, "caseload")
    (found,) = findings.filter(findings["column"] == "special").iter_rows(named=True)
    assert (found["kind"], found["place"]) == ("definition", "E12000001")
    mine = flags.filter(flags["finding"] == found["finding"])
    assert set(mine["column"]) == {"special", "special.independent"}


def test_a_gap_that_nothing_explains_flags_all_columns_if_it_matters(checked, north_east):
    def flagged(missing):
        each = banded(1000, 400, 300, 300 - missing)
        whole = {c: 12 * n for c, n in each.items()}
        rows = [{"place": ENGLAND, "label": 2024} | whole, *north_east(2024, whole, each)]
        findings, flags, _ = checked(rows)
        (found,) = findings.filter(findings["rule"] == PARTS).iter_rows(named=True)
        return set(flags.filter(flags["finding"] == found["finding"])["column"])

    assert flagged(10) == {DEN, *BANDS}
    assert flagged(4) == set()
