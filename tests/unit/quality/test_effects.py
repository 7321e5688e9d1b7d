"""What a finding does to the figures printed for England, worked out by hand."""

from builders import ENGLAND, NORTH_EAST

DEN, NUM = "issued.including_exceptions", "within_20_weeks.including_exceptions"
BANDS = (NUM, "weeks_20_to_52.including_exceptions", "over_52_weeks.including_exceptions")
PARTS, SUM = "parts sum to the total", "members sum to the whole"
RATE = "numerator over denominator is the rate"


def test_a_rate_over_a_total_whose_parts_fall_short_prints_otherwise(gate):
    """50 of 100 is 50.0; of the 90 that are in some part it is 55.6."""
    row = {"place": ENGLAND, "label": 2024, DEN: 100, f"{NUM}.percent": "50"}
    row |= dict(zip(BANDS, (50, 20, 20), strict=True))
    (found,) = gate(PARTS, [row], extract=True)
    assert found["effect"] == (
        "England pc_plans_issued_within_20_weeks 50 as published, 55.6 without the 10 in no part"
    )
    assert round(found["effect_size"], 1) == 5.6


def test_a_region_that_its_members_contradict_moves_england_as_far(gate, north_east):
    rows = [{"place": ENGLAND, "label": 2024, DEN: 1000}]
    rows += north_east(2024, {DEN: 130}, {DEN: 10})
    (found,) = gate(SUM, rows)
    assert found["effect"] == "England plans_issued_den 1,000 as published, 990 by its parts"
    assert found["effect_size"] == 1


def test_members_that_copy_their_whole_leave_england_as_it_is(gate, north_east):
    rows = [{"place": ENGLAND, "label": 2024, DEN: 1000}]
    (found,) = gate(SUM, rows + north_east(2024, {DEN: 120}, {DEN: 120}))
    assert (found["effect"], found["effect_size"]) == ("", 0)


def test_a_misprinted_rate_of_england(gate):
    row = {"place": ENGLAND, "label": 2024, DEN: 100, NUM: 45, f"{NUM}.percent": "54"}
    (found,) = gate(RATE, [row], extract=True)
    assert found["effect"] == (
        "England pc_plans_issued_within_20_weeks 54 as published, 45.00 (45 of 100)"
    )
    (elsewhere,) = gate(RATE, [row | {"place": NORTH_EAST}], extract=True)
    assert elsewhere["effect"] == ""


def test_only_the_largest_effects_are_named(gate):
    """Needs of one table, each wrong for England: four are named, the rest is counted."""
    needs = ["autistic_spectrum_disorder", "hearing_impairment", "visual_impairment"]
    needs += ["moderate_learning_difficulty", "physical_disability", "multi_sensory_impairment"]
    columns = [f"primary_need.{need}" for need in needs]
    rows = [{"place": p, "label": 202425} | dict.fromkeys(columns, n)
            for p, n in ((ENGLAND, 9), (NORTH_EAST, 10))]  # fmt: skip
    (found,) = gate(SUM, rows, "caseload_by_need")
    assert found["effect"].count("as published") == 4
    assert found["effect"].endswith("; and 2 more")
