"""Figures that one table withholds as columns and another prints as the items of a breakdown."""

import pytest

from builders import ENGLAND

RULE = "what one table withholds no other prints"
ITEMS = {
    "mainstream": "Mainstream - total",
    "special": "Special - total",
    "not_recorded": "Placement not recorded",
}


def by_need(place, plans, **items):
    rows = [{"place": place, "label": 202425, "plans": plans}]
    for item, n in items.items():
        label = ("Type of placement", ITEMS[item])
        rows.append({"place": place, "label": 202425, "breakdown": label, "plans": n})
    return rows


def tables(special=20, **printed):
    """What caseload.csv of 2025 withholds of North East Lincolnshire; here but for some columns."""
    england = {"place": ENGLAND, "label": 202425, "plans": 638_745, "mainstream": 278_236}
    return {
        "caseload": [
            england | {"not_recorded": 19_339},
            {"place": "812", "label": 202425, "plans": 1_983, "special": special},
        ],
        "caseload_by_need": by_need("812", 1_983, special=20, **printed),
    }


def test_what_is_withheld_in_one_table_and_printed_in_another(released):
    """sen_needs_all_plans.csv row 13670: 1,672 of the 1,983 have no placement recorded."""
    (found,) = released(tables(mainstream=91, not_recorded=1_672), RULE)
    assert (found["kind"], found["table"], found["place"]) == ("gap", "caseload", "812")
    assert (found["row"], found["column"], found["found"]) == (2, "not_recorded", "none")
    assert found["expected"] == "a figure, as sen_needs_all_plans.csv row 4 has one"
    assert found["cause"] == "withheld here and printed in sen_needs_all_plans.csv: 2 figures"


@pytest.mark.parametrize("printed", [{"mainstream": "x", "not_recorded": "x"}, {"mainstream": 0}])
def test_what_neither_prints_or_what_is_nil_is_nothing(released, printed):
    assert released(tables(**printed), RULE) == []


def test_a_total_without_any_part_is_told_as_that(released):
    given = tables(special="x", mainstream=91, not_recorded=1_672)
    assert released(given, RULE) == []
    (found,) = released(given, "a total has its parts")
    assert found["place"] == "812"


def test_what_england_has_no_figure_for_is_held_back_everywhere(released):
    held_back = tables(not_recorded=1_672)
    held_back["caseload"][0]["not_recorded"] = "x"
    assert released(held_back, RULE) == []


def test_a_figure_in_two_other_tables_is_told_once(released):
    given = tables(not_recorded=1_672)
    given["annual_reviews"] = [row | {"label": 2024} for row in given["caseload_by_need"]]
    (found,) = released(given, RULE)
    assert found["cause"].endswith("sen_needs_all_plans.csv and annual_reviews.csv: 1 figure")
