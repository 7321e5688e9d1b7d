"""A finding reaches the same printed figure of an extract, which could not be checked for it."""

import polars as pl
import pytest

from builders import ENGLAND, INCLUDING, NORTH_EAST, NORTH_EASTERN, stored
from sendstats.series.api import series
from sendstats.series.trace import trace

NUM, DEN = f"within_20_weeks.{INCLUDING}", f"issued.{INCLUDING}"
RATE = "timeliness.within_20_weeks"
SIDES = "numerator present where its denominator counts"
#: England counts ten plans of an authority that has no figure of its own.
FINDING = f"{SIDES}.timeliness.2025.2022.{NORTH_EAST}.total.{DEN}"


def row(place, num, den, label=2022, **more):
    return {"place": place, "label": label, NUM: num, DEN: den} | more


def whole(gone=("x", "x"), label=2022):
    """Rows of the North East: eleven authorities with 5 of 10, and one with no figure."""
    members = [row(key, 5, 10, label) for key in NORTH_EASTERN[1:]]
    return [row(NORTH_EAST, 55, 120, label), row(NORTH_EASTERN[0], *gone, label), *members]


def flags(store, release, rule=SIDES):
    """Return finding, row and column of the flags of one release that are of one rule."""
    found = store.flags.filter(
        pl.col("finding").str.starts_with(rule), pl.col("release") == release
    )
    return found.select("finding", "row", "column").rows()


@pytest.mark.parametrize("extract", ["2024", "2026"])
def test_the_same_figure_of_an_extract_is_wrong_in_the_same_way(tmp_path, extract):
    """Its row is its own, and the finding that of the release where it was made."""
    rows = [row(ENGLAND, 1, 2), row(NORTH_EAST, 55, 120)]
    files = {("timeliness", "2025"): whole(), ("timeliness", extract): rows}
    store = stored(tmp_path, files, "2024")
    assert (FINDING, 1, DEN) in flags(store, "2025")
    assert flags(store, extract) == [(FINDING, 2, DEN)]
    assert set(store.findings["release"]) == {"2025"}


@pytest.mark.parametrize("num", [55, 60])
def test_a_figure_served_by_the_extract_says_what_is_wrong(tmp_path, num):
    """Whatever stands above the line: the finding is about what stands below it."""
    files = {("timeliness", "2025"): whole(), ("timeliness", "2026"): [row(NORTH_EAST, num, 120)]}
    store = stored(tmp_path, files)
    asked = {"basis": INCLUDING, "place": "North East", "store": store}
    found = series(RATE, **asked).at("2022")
    assert found.release == "2026"
    assert FINDING in found.flags
    (note,) = (n.text for n in trace(RATE, "2022", **asked).notes if n.id == FINDING)
    assert f"({SIDES}; found in release 2025)" in note


def test_another_figure_has_no_flag(tmp_path):
    files = {("timeliness", "2025"): whole(), ("timeliness", "2026"): [row(NORTH_EAST, 55, 110)]}
    assert flags(stored(tmp_path, files), "2026") == []


def test_a_symbol_is_no_figure(tmp_path):
    files = {("timeliness", "2025"): whole(), ("timeliness", "2026"): [row(NORTH_EAST, 55, "x")]}
    assert flags(stored(tmp_path, files), "2026") == []


@pytest.mark.parametrize(("printed", "flagged"), [("45.833", [DEN]), ("45.9", []), ("46", [DEN])])
def test_a_rate_with_other_decimals_corrects_nothing(tmp_path, printed, flagged):
    """55 of 120 is 45.833 %; the finding touches the rate and what stands below its line."""
    rate = f"{NUM}.percent"
    wrong = whole()
    wrong[0][rate] = "45.8"
    extract = [row(NORTH_EAST, 55, 120, **{rate: printed})]
    store = stored(tmp_path, {("timeliness", "2025"): wrong, ("timeliness", "2026"): extract})
    assert {column for _, _, column in flags(store, "2025")} == {DEN, rate}
    assert [column for _, _, column in flags(store, "2026")] == flagged


def members(label, first, each=10):
    """The North East with 120 plans issued, its first authority with `first`, the others alike."""
    local = [row(key, 1, each, label) for key in NORTH_EASTERN[1:]]
    return [row(NORTH_EAST, 12, 120, label), row(NORTH_EASTERN[0], 1, first, label), *local]


def test_a_finding_stays_behind_where_one_of_its_cells_was_corrected(tmp_path):
    """The region prints the same; the member that did not fit it prints another figure."""
    rule = "members sum to the whole"
    wrong = {("timeliness", "2025"): members(2022, 40)}
    for name, first, flagged in (("same", 40, [1, 2]), ("corrected", 10, [])):
        extract = {("timeliness", "2026"): members(2022, first)[:2]}
        found = flags(stored(tmp_path / name, wrong | extract), "2026", rule)
        assert sorted({at for _, at, _ in found}) == flagged


def test_what_a_later_whole_release_does_not_find_has_lapsed(tmp_path):
    """The region's figure stands in all three; the second shows that it was right."""
    rule, asked = "members sum to the whole", [row(NORTH_EAST, 12, 120)]
    first = {("timeliness", "2022"): members(2021, 40)}
    then = {("timeliness", "2025"): members(2021, 10)}
    last = {("timeliness", "2026"): [r | {"label": 2021} for r in asked]}
    before = stored(tmp_path / "before", first | last)
    assert [at for _, at, _ in flags(before, "2026", rule)] == [1]
    assert flags(stored(tmp_path / "lapsed", first | then | last), "2026", rule) == []


def test_a_whole_release_was_checked_itself(tmp_path):
    """In it every member has both figures, so the same total is right."""
    files = {("timeliness", "2022"): whole((0, 10), 2021)}
    files[("timeliness", "2025")] = whole(label=2021)
    store = stored(tmp_path, files)
    assert flags(store, "2025")
    assert flags(store, "2022") == []


def test_what_the_extract_shows_itself_is_not_told_twice(tmp_path):
    wrong = [row(ENGLAND, 45, 100, 2024, **{f"{NUM}.percent": "54"})]
    rest = [row("370", 45, 100, 2024, **{f"{NUM}.percent": "45"})]
    files = {("timeliness", "2025"): wrong + rest, ("timeliness", "2026"): wrong}
    store = stored(tmp_path, files)
    mine = store.flags.filter(pl.col("release") == "2026")
    assert set(mine["column"]) == {NUM, DEN, f"{NUM}.percent"}
    assert mine["finding"].str.contains(".timeliness.2026.", literal=True).all()


def test_a_repair_does_not_travel(tmp_path):
    """The extract prints the figure that was repaired, but nothing there proves another."""
    true = dict(zip(NORTH_EASTERN, range(10, 130, 10), strict=True))
    total = sum(true.values())
    rows = [{"place": NORTH_EAST, "label": 2022, "plans": total}]
    for key, plans in true.items():
        placed = {"mainstream": plans, "special": 0, "ap_pru": 0, "fe_post16": 0}
        rows.append({"place": key, "label": 2022, "plans": total} | placed)
        rows.append({"place": key, "label": 2022, "breakdown": ("Sex", "Male"), "plans": plans})
    extract = [{"place": NORTH_EASTERN[0], "label": 2022, "plans": total}]
    store = stored(tmp_path, {("new_plans", "2025"): rows, ("new_plans", "2026"): extract})
    assert set(store.repairs["release"]) == {"2025"}
    assert store.repairs.height == len(true)
    found = flags(store, "2026", "members sum to the whole")
    assert [(at, column) for _, at, column in found] == [(1, "plans")]
