"""Identities that published figures must fulfil, each on figures that do and that do not."""

import polars as pl
import pytest

from builders import ENGLAND, NORTH_EAST

DEN, NUM = "issued.including_exceptions", "within_20_weeks.including_exceptions"
SUM, ROW = "members sum to the whole", "a place in force has a row"
RATE, PARTS = "numerator over denominator is the rate", "parts sum to the total"
SIDES = "numerator present where its denominator counts"


def test_authorities_that_sum_to_their_region_are_no_finding(gate, north_east):
    assert gate(SUM, north_east(2024, {DEN: 120}, {DEN: 10})) == []


def test_authorities_that_do_not_sum_to_their_region(checked, north_east):
    rows = north_east(2024, {DEN: 121}, {DEN: 10})
    findings, flags, _ = checked(rows)
    (found,) = findings.filter(pl.col("rule") == SUM).iter_rows(named=True)
    assert (found["place_name"], found["period"], found["row"]) == ("North East", "2024", 1)
    assert (found["column"], found["published_column"]) == (DEN, "plans_issued_den")
    assert (found["expected"], found["found"]) == ("120 (sum of 12 members)", "121")
    assert (found["size"], found["cause"]) == (1.0, "unknown")
    mine = flags.filter(pl.col("finding") == found["finding"])
    assert sorted(mine["row"]) == list(range(1, 14))


def test_percentages_are_not_summed(gate, north_east):
    percent = "within_20_weeks.including_exceptions.percent"
    assert gate(SUM, north_east(2024, {percent: 50}, {percent: 50})) == []


@pytest.mark.parametrize(
    ("changes", "whole", "expected"),
    [
        ({"k390": {DEN: "x"}}, 115, None),  # the rest is coverage, not a finding
        ({"k390": {DEN: "x"}}, 109, "at least 110 (sum of 12 members)"),
        ({"k390": None}, 115, None),
        ({"k390": None}, 109, "at least 110 (sum of 11 members)"),
        ({"k390": None}, "x", None),
    ],
)
def test_a_region_is_at_least_the_members_that_have_a_number(
    gate, north_east, changes, whole, expected
):
    found = gate(SUM, north_east(2024, {DEN: whole}, {DEN: 10}, **changes))
    assert [f["expected"] for f in found] == ([expected] if expected else [])


def test_regions_that_exceed_england(gate):
    rows = [{"place": p, "label": 2024, DEN: n} for p, n in ((ENGLAND, 9), (NORTH_EAST, 10))]
    (found,) = gate(SUM, rows)
    assert (found["place_name"], found["expected"]) == ("England", "at least 10 (sum of 1 members)")


def test_the_total_in_every_row_is_named_as_the_cause(gate, north_east):
    """As newplans.csv of 2025 has it for Yorkshire and The Humber, 2022; figures made up."""
    (found,) = gate(SUM, north_east(2024, {DEN: 120}, {DEN: 120}))
    assert found["cause"] == "12 of 12 members carry the total itself"
    assert found["size"] == 12 * 120 - 120


def test_an_authority_in_force_without_a_row(gate, north_east):
    missing = {
        label: {f["place"]: f for f in gate(ROW, north_east(label, {}, {}, k841=None))}
        for label in (2022, 2023)
    }
    assert missing[2023]["841"]["place_name"] == "Darlington"
    assert missing[2023]["841"]["row"] is None
    assert "390" not in missing[2023]
    # Cumberland began in April 2023, Cumbria ended (reference/la_changes.csv)
    assert {"942", "909"} & set(missing[2022]) == {"909"}
    assert {"942", "909"} & set(missing[2023]) == {"942"}


def test_what_an_extract_lacks_is_no_finding(checked, north_east):
    findings, flags, _ = checked(north_east(2024, {DEN: 99}, {DEN: 10}, k841=None), extract=True)
    assert findings.is_empty()
    assert flags.is_empty()


SPECIAL = {
    "special": 10,
    "special.la_maintained": 4,
    "special.academy_or_free": 3,
    "special.independent": 2,
    "special.non_maintained": 1,
}


def test_parts_sum_to_their_total(gate):
    def found(change, england=None):
        rows = [
            {"place": ENGLAND, "label": 202425} | SPECIAL | (england or {}),
            {"place": "370", "label": 202425} | SPECIAL | change,
        ]
        return [(f["place"], f["expected"]) for f in gate(PARTS, rows, "caseload")]

    assert found({}) == []
    assert found({"special": 11}) == [("370", "10 (sum of 4 parts)")]
    assert found({"special": "x"}) == []
    assert found({"special.independent": "x"}) == []
    # what England was not asked for is no part
    unasked = {"special.non_maintained": "z"}
    assert found(unasked, unasked | {"special": 9}) == [("370", "9 (sum of 3 parts)")]


def test_a_part_that_england_prints_a_symbol_for_is_coverage(gate):
    """New plans, England 2023 (DfE, release 2026): 3,553 in the group, 3,524 in its parts, and x
    for Welsh settings; 1,740 of 2022 stand below the 2,011 of the parts that have a number."""

    def found(whole, *more, **silent):
        rows = [{"place": ENGLAND, "label": 202425} | SPECIAL | {"special": whole} | silent, *more]
        return [(f["place"], f["expected"]) for f in gate(PARTS, rows, "caseload")]

    silent = {"special.non_maintained": "x"}
    assert found(10, **silent) == []
    assert found(8, **silent) == [("E92000001", "at least 9 (sum of 3 parts)")]
    # another row of England has a number: the part was collected, here it stands for nobody
    boys = {"place": ENGLAND, "label": 202425, "breakdown": ("Sex", "Male")} | SPECIAL
    assert found(10, boys, **silent) == [("E92000001", "9 (sum of 3 parts)")]


@pytest.mark.parametrize(
    ("numerator", "denominator", "percent", "expected"),
    [
        (45, 100, "45", None),
        (51, 80, "63.7", None),  # 63.75 printed as 63.7, as the files do with ties
        (45, 100, "45.1", "45.00 (45 of 100)"),
        (45, 100, "0.45", "45.00 (45 of 100)"),
        (45, 100, "x", None),
        (0, 0, "x", None),
        (0, 0, "0", None),
        ("x", 100, "45", None),
    ],
)
def test_counts_give_the_printed_rate(gate, numerator, denominator, percent, expected):
    row = {"place": ENGLAND, "label": 2024, NUM: numerator, DEN: denominator}
    row |= {f"{NUM}.percent": percent, "within_20_weeks.excluding_exceptions.percent": "50"}
    found = gate(RATE, [row], extract=True)
    assert [f["expected"] for f in found] == ([expected] if expected else [])


@pytest.mark.usefixtures("blanks")
def test_a_ratio_over_columns_without_a_number_is_left_out(gate):
    for nothing in ("x", ""):
        assert gate(RATE, [{"place": ENGLAND, "label": 2024, NUM: nothing}]) == []


def test_a_denominator_that_counts_whom_its_numerator_does_not(gate, north_east):
    """As in timeliness_20_week.csv, 2022, made up: 10 cases stand below the line and not above."""
    counts = {DEN: 10, NUM: 5}
    gone = {DEN: "x", NUM: "x"}
    printed = {DEN: 120, NUM: 55, f"{NUM}.percent": "45.8"}
    (found,) = gate(SIDES, north_east(2022, printed, counts, k390=gone))
    assert (found["place_name"], found["column"], found["size"]) == ("North East", DEN, 10.0)
    assert (found["expected"], found["found"]) == (
        "110 (authorities that have both counts)", "120")  # fmt: skip
    assert found["effect"] == (
        "North East pc_plans_issued_within_20_weeks 45.8 as published, 50.0 for the authorities "
        "that have both counts"
    )
    assert found["effect_size"] == 0  # no figure of England moves
    assert gate(SIDES, north_east(2022, {DEN: 110, NUM: 55}, counts, k390=gone)) == []
    assert gate(SIDES, north_east(2022, {DEN: 120, NUM: 60}, counts, k390=gone)) == []
    assert gate(SIDES, north_east(2022, {DEN: 120, NUM: 60}, counts)) == []


@pytest.mark.parametrize(("label", "found"), [(2019, 0), (2020, 1)])
def test_in_the_year_of_a_reorganisation_one_may_count_for_another(gate, label, found):
    """Dorset began on 1 April 2019 (reference/la_changes.csv): its cases may stand elsewhere.

    So do 85 appeals of Northamptonshire in 2021, with the decisions under its two successors.
    """
    south_west = {"place": "E12000009", "label": label, DEN: 20, NUM: 10}
    rows = [
        south_west,
        {"place": "838", "label": label, DEN: "x", NUM: 5},
        {"place": "839", "label": label, DEN: 20, NUM: 5},
    ]
    assert len(gate(SIDES, rows)) == found


def test_ids_of_findings_are_unique_and_of_flags_known(checked, north_east):
    findings, flags, _ = checked(north_east(2024, {DEN: 99, NUM: 99}, {DEN: 10, NUM: 12}))
    assert findings["finding"].is_unique().all()
    assert set(flags["finding"]) <= set(findings["finding"])


SHARE = "a placement over its base is the share"


def placed(period, **cells):
    """One wide row: 40 of 100 plans in mainstream schools, unless changed."""
    whole = {"plans": 100, "mainstream": 40, "mainstream.percent": 40, "special": 60}
    return {"place": ENGLAND, "label": period} | whole | cells


@pytest.mark.parametrize(
    ("printed", "expected"),
    [("40", None), ("4", "40.00 (40 of 100)"), ("41", "40.00 (40 of 100)")],
)
def test_a_share_is_its_placement_over_the_base(gate, printed, expected):
    """Up to January 2023 the published base is every plan."""
    found = gate(SHARE, [placed(202021, **{"mainstream.percent": printed})], "caseload")
    assert [f["expected"] for f in found] == ([expected] if expected else [])
    assert all(f["column"] == "mainstream.percent" for f in found)


def test_from_the_first_january_after_the_break_the_base_is_the_sum_of_groups(gate):
    """As in caseload.csv, January 2024, made up: 50 plans of no known placement are no base."""
    rows = [placed(202324, plans=150, **{"special.percent": 60})]
    assert gate(SHARE, rows, "caseload") == []
    rows = [placed(202324, plans=150, **{"mainstream.percent": 26.7})]
    assert [f["found"] for f in gate(SHARE, rows, "caseload")] == ["26.7"]


def test_a_share_in_the_long_layout_divides_by_the_total_row(gate):
    def row(placement, plans, percent):
        cells = {"placement": placement, "plans": plans, "plans.percent": percent}
        return {"place": ENGLAND, "label": 2021} | cells

    groups = ("Total", "Total"), ("Special school", "Total"), ("Mainstream school", "Total")
    whole = [row(groups[0], 200, 100), row(groups[1], 150, 75)]
    assert gate(SHARE, [*whole, row(groups[2], 50, 25)], "caseload", "2022") == []
    rows = [*whole, row(groups[2], 50, 26)]
    (found,) = gate(SHARE, rows, "caseload", "2022")
    assert (found["label"], found["expected"]) == ("mainstream", "25.00 (50 of 200)")


def test_a_base_with_a_non_return_is_no_base(gate):
    """One authority's x beside another's figure: nothing can be said of its share."""
    others = placed(202324, place="841", **{"ap_pru": 1, "mainstream.percent": 39.6})
    silent = placed(202324, place="390", **{"ap_pru": "x", "mainstream.percent": 99})
    assert gate(SHARE, [others, silent], "caseload", extract=True) == []


def test_england_and_the_regions_need_a_row_too(gate, north_east):
    rows = north_east(2024, {}, {})
    absent = {f["place"] for f in gate(ROW, rows)}
    assert ENGLAND in absent
    assert NORTH_EAST not in absent


def test_a_file_without_any_authority_lacks_them_all(gate):
    """Every file has authorities; totals alone are a file that was cut."""
    found = gate(ROW, [{"place": p, "label": 2024} for p in (ENGLAND, NORTH_EAST)])
    assert {"841", "370"} <= {f["place"] for f in found}


@pytest.mark.parametrize(
    ("whole", "own", "told"), [(110, 3, False), (113, 3, True), (110, 40, True)]
)
def test_a_nought_that_has_no_row(gate, north_east, whole, own, told):
    """Isles of Scilly, new plans of 2019: the others sum to the whole, and it has a few.

    England had 152 authorities, and 151 since two took the place of three in April 2019.
    """
    count = "issued.including_exceptions"
    rows = north_east(2019, {count: whole}, {count: 10}, k390=None)
    rows += [{"place": "390", "label": 2020, count: own}]
    missing = [f for f in gate("a place in force has a row", rows) if f["period"] == "2019"]
    assert ("390" in [f["place"] for f in missing]) == told
    causes = {f["cause"] for f in missing if f["place"] == "390"}
    assert causes <= {"the whole row is missing; 11 of 151 authorities have one"}


def test_what_is_final_is_some_of_what_was_due(gate):
    """England, phase_transfers.csv of 2026: 12,232 due and 38,887 final."""
    row = {"place": ENGLAND, "label": 2025, "due.in_year": 12_232, "final.in_year": 38_887}
    (found,) = gate("a part is not more than its whole", [row], "phase_transfers", "2026")
    assert (found["found"], found["expected"]) == ("38,887", "at most 12,232 (due_25)")
    assert found["kind"] == "definition"
    assert found["cause"] == (
        "those finalised are no part of those due, and the publisher does not say of which reviews "
        "they are"
    )
