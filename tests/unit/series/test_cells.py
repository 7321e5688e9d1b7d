"""From published text to values: symbols keep their reason, sums need every part."""

import random

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from builders import ENGLAND, EXCLUDING, INCLUDING, NORTH_EAST, stored
from sendstats.series.api import series

DEN, NUM = f"issued.{INCLUDING}", f"within_20_weeks.{INCLUDING}"
FINE = {DEN: 200, NUM: 90, f"{NUM}.percent": "45"}


def timed(*rows):
    return {("timeliness", "2025"): [{"label": 2024} | row for row in rows]}


def cell(found, place="370"):
    return found.rows.filter(pl.col("place") == place).row(0, named=True)


def test_a_rate_is_computed_from_counts_and_keeps_what_was_printed(held):
    files = timed({"place": ENGLAND, DEN: 300, NUM: 91, f"{NUM}.percent": "30.3"})
    found = held(files, "timeliness.within_20_weeks", basis=INCLUDING).at("2024")
    assert found.value == pytest.approx(100 * 91 / 300)
    assert (found.numerator, found.denominator) == (91, 300)
    assert (found.published, found.reason) == ("30.3", None)
    assert "small_base" not in found.flags
    assert found.column == (
        "pc_plans_issued_within_20_weeks "
        "(computed: plans_issued_within_20_weeks ÷ plans_issued_den)"
    )
    assert (found.file, found.row, found.release) == ("timeliness_20_week.csv", "1", "2025")


@pytest.mark.parametrize(
    ("counts", "reason"),
    [
        ({DEN: 0, NUM: 0}, "undefined"),  # Dorset 2024, timeliness_20_week.csv of 2025
        ({DEN: 0, NUM: "x"}, "undefined"),
        ({DEN: "x", NUM: "x"}, "non_return"),
        ({DEN: 200, NUM: "x"}, "non_return"),
        ({DEN: "x", NUM: 90}, "non_return"),
        ({DEN: "z", NUM: "z"}, "not_applicable"),
        ({DEN: 200, NUM: "c"}, "suppressed"),
        ({DEN: 200, NUM: "low"}, "rounds_to_zero"),
    ],
)
def test_a_symbol_is_null_with_a_reason_and_never_zero(held, counts, reason):
    files = timed({"place": ENGLAND} | FINE, {"place": "370"} | counts)
    found = cell(held(files, "timeliness.within_20_weeks", basis=INCLUDING, place="all"))
    assert (found["value"], found["reason"]) == (None, reason)


def test_what_nobody_has_was_not_collected(held):
    files = timed({"place": ENGLAND}, {"place": "370"})
    found = held(files, "timeliness.issued", basis=EXCLUDING, place="all").rows
    assert found["reason"].to_list() == ["not_collected"] * 2
    assert found["published"].to_list() == ["x", "x"]


@pytest.mark.parametrize("england", ["x", None])
def test_what_somebody_has_was_collected_though_england_has_none(held, england):
    rows = [{"place": "370"}, {"place": "371", DEN: 5}]
    rows += [{"place": ENGLAND, DEN: england}] if england else []
    found = held(timed(*rows), "timeliness.issued", basis=INCLUDING, place="all")
    assert cell(found)["reason"] == "non_return"
    assert cell(found, "371")["value"] == 5


def test_a_published_rate_without_counts_knows_a_non_return(held):
    rows = [{"place": p, "label": 202425} for p in (ENGLAND, "370")]
    rows[0] |= {"sen_support.percent": "14.2"}
    rows[1] |= {"sen_support.percent": "z"}  # what this release's guidance calls not available
    found = held({("pupils", "2024-25"): rows}, "pupils.sen_support.share", place="all")
    assert cell(found, ENGLAND)["value"] == 14.2
    assert cell(found, ENGLAND)["denominator"] is None
    assert (cell(found)["value"], cell(found)["reason"]) == (None, "non_return")


@pytest.mark.usefixtures("blanks")
def test_blank_cells_are_no_observations(held):
    """What an extract lacks is neither a finding nor a cell."""
    files = timed({"place": ENGLAND} | FINE, {"place": "370", DEN: "", NUM: 5})
    for series_id in ("timeliness.issued", "timeliness.within_20_weeks"):
        found = held(files, series_id, "2025", basis=INCLUDING, place="all")
        assert found.rows["place"].to_list() == [ENGLAND]


def test_a_base_under_thirty_is_flagged(held):
    for cases, small in ((29, True), (30, False)):
        files = timed({"place": ENGLAND, DEN: cases, NUM: 3})
        found = held(files, "timeliness.within_20_weeks", basis=INCLUDING)
        assert ("small_base" in found.at("2024").flags) == small


TYPE = "mainstream.la_maintained"
LEAVES = [f"{TYPE}.{x}" for x in ("general", "resourced_provision", "sen_unit")]


@pytest.mark.usefixtures("blanks")
@pytest.mark.parametrize(
    ("cells", "value", "reason"),
    [
        ((1, 2, 3), 6, None),
        ((1, 2, 0), 3, None),
        ((1, 2, "x"), None, "non_return"),
        ((1, "c", "x"), None, "suppressed"),  # the first that is missing
        ((1, 2, "z"), 3, None),  # not applicable: no part then
        (("z", "z", "z"), None, "not_applicable"),
        ((1, 2, ""), 3, None),
    ],
)
def test_a_sum_needs_every_part_that_was_collected(held, cells, value, reason):
    base = {"label": 202122, "plans": 100}
    rows = [{"place": ENGLAND} | base | dict.fromkeys(LEAVES, 5)]
    rows.append({"place": "370"} | base | dict(zip(LEAVES, cells, strict=True)))
    found = held({("caseload", "2025"): rows}, "plans.caseload.placed", placement=TYPE, place="370")
    assert (found.at("2022-01").value, found.at("2022-01").reason) == (value, reason)


def test_a_part_that_nobody_has_is_no_part(held):
    rows = [{"place": ENGLAND, "label": 202122, LEAVES[0]: 4, LEAVES[1]: 3}]
    found = held({("caseload", "2025"): rows}, "plans.caseload.placed", placement=TYPE)
    assert found.at("2022-01").value == 7
    assert found.at("2022-01").published == "4 + 3 + x"


def test_placements_of_long_layouts_add_up_their_labels(held):
    """Maintained special schools hold hospital schools: caseload.csv of 2025 prints their sum."""
    rows = [
        {"place": ENGLAND, "label": 2021, "placement": ("Special school", label), "plans": n}
        for label, n in (("Special - LA maintained", 40), ("Hospital School", 2))
    ]
    rows.append({"place": ENGLAND, "label": 2021, "plans": 84})
    files = {("caseload", "2022"): rows}
    found = held(files, "plans.caseload.share", placement="special.la_maintained").at("2021-01")
    assert (found.numerator, found.denominator, found.value) == (42, 84, 50.0)
    assert found.row == "1 + 2 ÷ 3"
    assert found.published is None
    assert found.column.startswith(
        "computed: (Total_all (special.la_maintained_without_hospital) +"
    )


@given(st.lists(st.integers(0, 10**7), min_size=3, max_size=3), st.randoms())
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=10)
def test_order_of_rows_does_not_matter(tmp_path_factory, counts, chance):
    keys = [ENGLAND, NORTH_EAST, "370"]
    rows = [
        {"place": p, "label": label, "plans": n, "special.independent": n}
        for p, n in zip(keys, counts, strict=True)
        for label in (202021, 202122)
    ]
    shuffled = random.Random(chance.random()).sample(rows, len(rows))  # noqa: S311
    said = [
        series(
            "plans.caseload.placed",
            placement=["total", "special.independent"],
            place="all",
            store=stored(tmp_path_factory.mktemp("store"), {("caseload", "2025"): some}),
        ).rows.drop("row")
        for some in (rows, shuffled)
    ]
    assert said[0].equals(said[1])
    assert said[0].height == 12
