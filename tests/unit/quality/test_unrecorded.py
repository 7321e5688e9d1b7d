"""Items that say that nothing is recorded, where they hold nearly all of a place's cases."""

import pytest

from builders import ENGLAND, NORTH_EASTERN

RULE = "what is not recorded is not nearly all"


def reviews(place, held, unrecorded, outstanding=0):
    return {
        "place": place, "label": 2024, "meetings": held,
        "outcome.not_recorded": unrecorded, "decision.outstanding": outstanding,
    }  # fmt: skip


def placed(place, label, whole, unrecorded, column="plans"):
    """The undivided row of a place and its row of placements that are not recorded."""
    item = ("Type of placement", "Placement not recorded")
    rows = [{"place": place, "label": label, column: whole}]
    return [*rows, {"place": place, "label": label, "breakdown": item, column: unrecorded}]


@pytest.mark.parametrize(
    ("held", "unrecorded", "wrong"),
    [(2_619, 2_619, True), (100, 81, True), (100, 80, False), (99, 99, False), ("x", 2_619, False)],
)
def test_nothing_is_recorded_for_nearly_all_of_a_place(released, held, unrecorded, wrong):
    """Release 2025, annual_reviews.csv row 2113: all 2,619 of Sefton, 20.9 % of England."""
    tables = {
        "annual_reviews": [reviews(ENGLAND, 453_731, 94_872), reviews("343", held, unrecorded)]
    }
    assert len(released(tables, RULE)) == wrong


def test_where_england_has_it_too_it_tells_nothing(released):
    tables = {"annual_reviews": [reviews(ENGLAND, 1_000, 300), reviews("343", 200, 200)]}
    assert released(tables, RULE) == []


def test_the_effect_is_englands_share_without_the_place(released):
    """(200 - 90) of 900 are 12.2 %."""
    tables = {"annual_reviews": [reviews(ENGLAND, 1_000, 200), reviews("343", 100, 90)]}
    (found,) = released(tables, RULE)
    assert (found["kind"], found["cause"]) == (
        "gap", "no outcome is recorded for nearly all reviews")  # fmt: skip
    assert (found["place"], found["found"]) == ("343", "90")
    assert found["expected"] == "about 20 of 100 total_review_meeting, as in England"
    assert found["effect"] == (
        "England no_outcome 20.0 % of total_review_meeting as published, "
        "12.2 % without this authority"
    )


def test_many_places_are_one_finding_of_england(released):
    """Four authorities have 400 of England's 600; the others 200 of 4,600, which is 4.3 %."""
    rows = [reviews(ENGLAND, 5_000, 600), *(reviews(k, 100, 100) for k in NORTH_EASTERN[:4])]
    (found,) = released({"annual_reviews": rows}, RULE)
    assert (found["place"], found["places"], found["found"]) == (ENGLAND, 5, "600")
    assert found["expected"] == "200 (without 4 authorities that have 400)"
    assert found["effect"].endswith(
        "12.0 % of total_review_meeting as published, 4.3 % without these 4 authorities"
    )
    assert len(released({"annual_reviews": rows[:4]}, RULE)) == 3


def test_one_return_in_several_tables_is_one_finding(released):
    """Release 2025: 8,007 of Cambridgeshire's plans and all that ceased have no placement."""
    tables = {
        "caseload_by_need": [
            *placed(ENGLAND, 202425, 638_000, 19_339), *placed("873", 202425, 8_007, 8_007)],
        "ceased": [
            *placed(ENGLAND, 2024, 30_000, 780, "total"), *placed("873", 2024, 497, 497, "total")],
    }  # fmt: skip
    (found,) = released(tables, RULE)
    assert (found["table"], found["period"], found["place"]) == (
        "caseload_by_need",
        "2025-01",
        "873",
    )
    assert (found["topic"], found["label"], found["found"]) == (
        "placement",
        "not_recorded",
        "8,007",
    )
    assert found["cause"].endswith("nearly all; so too 497 of 497 in ceased_plans.csv row 4")
