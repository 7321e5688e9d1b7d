"""Areas that stayed the same while their authorities were reorganised: counts add up."""

import pytest

from builders import ENGLAND, EXCLUDING
from sendstats.errors import Refused, UnknownId

DEN, NUM = f"issued.{EXCLUDING}", f"within_20_weeks.{EXCLUDING}"
#: Plans in force of each authority (EHC plans, release 2025): Dorset area, January 2019 and 2020.
DORSET = [("835", 2392), ("836", 661), ("837", 1230)], [("838", 2534), ("839", 2448)]


def plans(cells, label):
    return [{"place": p, "label": label, "plans": n} for p, n in cells]


def test_counts_are_summed_over_the_members_in_force(held):
    """4,283 plans in January 2019 and 4,982 in January 2020: no fall and no rise by a border."""
    rows = [*plans(DORSET[0], 201819), *plans(DORSET[1], 201920), *plans([(ENGLAND, 9)], 201920)]
    found = held({("caseload", "2025"): rows}, "plans.caseload", place="Dorset footprint")
    assert [found.at(p).value for p in found.periods] == [4283, 4982]
    assert found.at("2019-01").published == "2392 + 661 + 1230"
    assert found.at("2019-01").row == "1 + 2 + 3"
    assert (found.at("2019-01").level, found.at("2019-01").region) == ("Footprint", "South West")
    (note,) = (n for n in found.notes if n.id == "footprint.F835")
    assert "(835, 836, 837)" in note.text
    assert "footprint.F835" in found.at("2020-01").flags


def test_a_footprint_is_asked_for_by_name_or_key_and_is_in_no_list_of_places(held):
    rows = plans(DORSET[1], 201920)
    files = {("caseload", "2025"): rows}
    for name in ("dorset footprint", "F835", ["F835", "Dorset footprint"], "footprints"):
        assert held(files, "plans.caseload", place=name).rows["value"].to_list() == [4982]
    assert held(files, "plans.caseload", place="all").rows.height == 2


@pytest.mark.parametrize(
    ("second", "reason"),
    [("x", "non_return"), ("c", "suppressed"), (None, "no_row")],
)
def test_a_member_that_is_null_or_has_no_row_makes_the_footprint_null(held, second, reason):
    rows = plans([("942", 10), ("940", 7)], 202324)
    rows += plans([("943", second)], 202324) if second else []
    found = held({("caseload", "2025"): rows}, "plans.caseload", place="Cumbria footprint")
    assert (found.at("2024-01").value, found.at("2024-01").reason) == (None, reason)


def test_rates_are_worked_out_from_summed_counts_and_never_averaged(held):
    """timeliness_20_week.csv, 2024: 159 of 373 and 274 of 299 are 64.4 %, not the mean 67.1."""
    rows = [
        {"place": "942", "label": 2024, DEN: 373, NUM: 159, f"{NUM}.percent": "42.6"},
        {"place": "943", "label": 2024, DEN: 299, NUM: 274, f"{NUM}.percent": "91.6"},
    ]
    files = {("timeliness", "2025"): rows}
    question = {"basis": EXCLUDING, "place": "Cumbria footprint"}
    found = held(files, "timeliness.within_20_weeks", **question).at("2024")
    assert (found.numerator, found.denominator) == (433, 672)
    assert round(found.value, 1) == 64.4
    assert found.published is None


def test_a_member_that_counts_0_of_0_adds_nothing_and_its_caveat_stays(held):
    """Dorset classed every plan of 2024 as an exception: 0 of 0, beside 493 of 635 (timeliness).

    Both counts are printed (timeliness_20_week.csv, release 2025), so 77.6 per cent is known; that
    it leaves a whole authority out is said with it. Of the year before, nothing is.
    """
    rows = [
        {"place": "838", "label": 2024, DEN: 0, NUM: 0},
        {"place": "839", "label": 2024, DEN: 635, NUM: 493},
        {"place": "838", "label": 2023, DEN: 568, NUM: 342},
        {"place": "839", "label": 2023, DEN: 273, NUM: 13},
    ]
    question = {"basis": EXCLUDING, "place": ["Dorset footprint", "838"]}
    found = held({("timeliness", "2025"): rows}, "timeliness.within_20_weeks", **question)
    whole, member = found.at("2024", "F835"), found.at("2024", "838")
    assert (member.value, member.reason) == (None, "undefined")
    assert (whole.numerator, whole.denominator) == (493, 635)
    assert f"{whole.value:.1f}" == "77.6"
    assert "timeliness_all_exceptions" in whole.flags
    assert "timeliness_all_exceptions" in {n.id for n in found.notes}
    assert "timeliness_all_exceptions" not in found.at("2023", "F835").flags


def test_the_caveat_of_an_authority_that_is_gone_is_of_its_own_years(held):
    """Northamptonshire's x of January 2021; North and West Northamptonshire came after it."""
    unit = "mainstream.free_school.sen_unit"
    rows = [{"place": p, "label": 202122, "plans": 9, unit: 3} for p in ("940", "941")]
    rows += [
        {"place": p, "label": 202021, "plans": 9, unit: n} for p, n in (("928", "x"), ("390", 3))
    ]
    found = held(
        {("caseload", "2025"): rows},
        "plans.caseload.placed",
        placement=unit,
        place="Northamptonshire footprint",
    )
    before, after = found.at("2021-01"), found.at("2022-01")
    assert (before.value, before.reason, after.value) == (None, "non_return", 6)
    assert "northamptonshire_free_school_units" in before.flags
    assert "northamptonshire_free_school_units" not in after.flags


def test_an_extract_that_lacks_a_member_makes_no_footprint(held):
    """An extract says nothing of a row that it does not have; the whole file before it serves."""
    files = {
        ("timeliness", "2022"): [
            {"place": p, "label": 2014, DEN: n, NUM: n}
            for p, n in (("835", 0), ("836", 6), ("837", 0))
        ],
        ("timeliness", "2024"): [{"place": "835", "label": 2014, DEN: 0, NUM: 0}],
    }
    question = {"basis": EXCLUDING, "place": "Dorset footprint"}
    found = held(files, "timeliness.within_20_weeks", **question).at("2014")
    assert (found.numerator, found.denominator, found.release) == (6, 6, "2022")


def test_a_flow_is_returned_by_the_authorities_of_the_census_after_it(held):
    """The flows of 2022 are Cumbria's own; those of 2023 its successors' (la_changes)."""
    rows = [{"place": "909", "label": 2022, "received": 900}]
    rows += [{"place": p, "label": 2023, "received": n} for p, n in (("942", 500), ("943", 420))]
    found = held({("requests", "2025"): rows}, "requests.received", place="Cumbria footprint")
    assert [(p, found.at(p).value) for p in found.periods] == [("2022", 900), ("2023", 920)]


def test_what_has_no_counts_has_no_footprint(held):
    rows = [{"place": ENGLAND, "label": 202425, "sen_support.percent": "14.2"}]
    files = {("pupils", "2024-25"): rows}
    with pytest.raises(Refused, match="cannot be worked out for a footprint"):
        held(files, "pupils.sen_support.share", place="Cumbria footprint")


def test_an_unknown_footprint_suggests():
    from sendstats.series.ask import keys  # noqa: PLC0415 - the one function looked at

    with pytest.raises(UnknownId, match="did you mean 'cumbria footprint'"):
        keys("Cumbra footprint")
