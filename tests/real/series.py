"""Series over real releases: two releases agree, areas that stayed the same, constant baskets."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import polars as pl
import pytest

import sendstats as ss
from sendstats.series.model import ROWS

SHARED = Path(__file__).resolve().parents[3] / "shared"
EXCL, INCL, SAME = "excluding_exceptions", "including_exceptions", "same_authorities"
LEVELS = {"National": "N", "Regional": "R", "Local authority": "LA"}
KEY = ["period", "level", "place"]


def agreement(store, series_id, span, **options):
    """How many cells of two releases agree, by level; cells that neither prints are left out."""
    old, new = (
        ss.series(series_id, store=store, place="all", release=r, **options).rows
        for r in ("2022", "2025")
    )
    both = old.join(new, on=KEY, suffix="_new").filter(
        pl.col("period").is_between(*map(pl.lit, span))
    )
    both = both.filter(pl.col("value").is_not_null() | pl.col("value_new").is_not_null())
    same = (pl.col("value") == pl.col("value_new")).fill_null(value=False)
    counted = both.group_by("level").agg(same.sum().alias("same"), pl.len().alias("all"))
    return {LEVELS[level]: (same, count) for level, same, count in counted.iter_rows()}


def crosswalk() -> list[dict[str, str]]:
    path = SHARED / "reference" / "placement_crosswalk.csv"
    if not path.exists():
        return []
    with path.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    known = [r for r in rows if re.match("N ", r["match_caseload_2019_2022"])]
    return list(
        {r["placement_code"]: r for r in known if r["column_2025"] != "ed_elsewhere"}.values()
    )


#: Where our placement has another name than the crosswalk's code.
OURS = {
    "elsewhere.neet": "elsewhere.neet.general",
    "elsewhere.other_settings": "other_settings.other",
    "early_years.non_maintained": "early_years",
    "mainstream.independent.general": "mainstream.independent",
}
JANUARIES, YEARS = ("2019-01", "2022-01"), ("2019", "2021")
SPANS = {
    "plans.caseload.placed": (JANUARIES, "match_caseload_2019_2022"),
    "plans.new.placed": (YEARS, "match_new_plans_2019_2021"),
}


@pytest.mark.parametrize("series_id", SPANS)
def test_placements_agree_as_the_crosswalk_says(built, series_id):
    span, column = SPANS[series_id]
    for row in crosswalk():
        code = row["placement_code"]
        said = re.findall(r"(N|R|LA) (\d+)/(\d+)", row[column])
        expected = {level: (int(same), int(count)) for level, same, count in said}
        placement = OURS.get(code, code)
        found = agreement(built, series_id, span, placement=placement)
        counts = "; ".join(f"{level} {a}/{b}" for level, (a, b) in sorted(found.items()))
        print(f"{series_id} {placement}: {counts}")
        assert found == expected, code


TOTALS = [
    ("plans.caseload", {}, 606),
    ("plans.new", {}, 453),
    ("plans.caseload.placed", {"placement": "elsewhere"}, 606),
    ("plans.new.placed", {"placement": "elsewhere"}, 453),
    ("timeliness.within_20_weeks", {"basis": EXCL}, None),
    ("timeliness.issued", {"basis": EXCL}, 454),
    ("timeliness.issued", {"basis": INCL}, 454),
    ("timeliness.issued_within_20_weeks", {"basis": EXCL}, 454),
    ("timeliness.issued_within_20_weeks", {"basis": INCL}, 454),
    ("requests.received", {}, 454),
    ("requests.refused", {}, 454),
    ("assessments.issued", {}, 454),
    ("assessments.not_issued", {}, 454),
    ("plans.personal_budgets", {}, 454),
]  # fmt: skip


@pytest.mark.parametrize(
    ("series_id", "options", "cells"),
    TOTALS,
    ids=[" ".join([x[0], *x[1].values()]) for x in TOTALS],
)
def test_totals_agree_in_every_authority(built, series_id, options, cells):
    stock = ss.series(series_id, store=built, **options).definition.kind == "stock"
    span = JANUARIES if stock else YEARS
    same, count = agreement(built, series_id, span, **options)["LA"]
    print(f"{series_id} {options}: {same} of {count} authority cells")
    assert same == count
    assert cells in (None, count)


FOOTPRINTS = [
    ("plans.caseload", {}, "Dorset footprint", {"2019-01": 4283, "2020-01": 4982}),
    ("plans.caseload", {}, "Cumbria footprint", {
        "2022-01": 4292, "2023-01": 4489, "2024-01": 4852, "2025-01": 5270,
    }),
    ("plans.caseload", {}, "825", {"2022-01": 5415, "2025-01": 7217}),
]  # fmt: skip


@pytest.mark.parametrize(("series_id", "options", "place", "expected"), FOOTPRINTS)
def test_areas_that_stayed_the_same(built, series_id, options, place, expected):
    found = ss.series(series_id, store=built, place=place, **options)
    assert {p: found.at(p).value for p in expected} == expected


def test_a_footprint_has_a_rate_of_its_own(built):
    """timeliness_20_week.csv: (159 + 274) of (373 + 299), without exceptions; not the mean 67.1."""
    rate = "timeliness.within_20_weeks"
    found = ss.series(rate, store=built, place="Cumbria footprint", basis=EXCL).at("2024")
    assert (found.numerator, found.denominator, round(found.value, 1)) == (433, 672, 64.4)


def test_elsewhere_is_one_basket(built):
    """caseload.csv of 2025: the published group jumps from 22,364 to 49,750."""
    found = ss.series("plans.caseload.placed", placement="elsewhere", store=built, release="2025")
    periods = [f"{year}-01" for year in range(2019, 2026)]
    assert [found.at(p).value for p in periods] == [
        11654, 15693, 19509, 22364, 31640, 36853, 45005]  # fmt: skip


@pytest.mark.parametrize("series_id", ["plans.caseload.placed", "plans.new.placed"])
@pytest.mark.parametrize("release", ["2022", "2025"])
def test_groups_make_up_the_whole_and_types_make_up_the_groups(built, series_id, release):
    """In every place and period where each group is known."""
    held = {
        level: ss.series(series_id, placement=level, place="all", release=release, store=built).rows
        for level in ("total", "groups", "types")
    }
    groups = (
        held["groups"]
        .group_by("period", "place")
        .agg(
            pl.col("value").sum().alias("sum"),
            (
                pl.col("value").is_null()
                & ~pl.col("reason").is_in(["not_collected", "not_applicable"])
            )
            .any()
            .alias("unknown"),
        )
    )
    both = held["total"].join(groups, on=["period", "place"]).filter(~pl.col("unknown"))
    if series_id == "plans.new.placed" and release == "2025":
        both = both.filter(pl.col("period") <= "2022")  # other settings cannot be told apart later
    wrong = both.filter(pl.col("value") != pl.col("sum"))
    print(f"{series_id} {release}: {both.height - wrong.height} of {both.height} wholes add up")
    assert wrong.is_empty(), wrong.select("period", "place_name", "value", "sum")


COHERENT = [
    (EXCL, "England", "49.8", (30536, 61283)),
    (INCL, "England", "48.3", (31226, 64641)),
    (EXCL, "London", "58.9", (5222, 8860)),
]  # fmt: skip


@pytest.mark.parametrize(("basis", "place", "rate", "counts"), COHERENT)
def test_rates_over_the_same_authorities(built, basis, place, rate, counts):
    """timeliness_20_week.csv, 2022, where two authorities stood in the denominator alone."""
    question = {"store": built, "place": place}
    found = ss.series("timeliness.within_20_weeks", basis=[basis, SAME], **question).at("2022")
    assert (found.numerator, found.denominator) == counts
    assert f"{found.value:.1f}" == rate
    published = ss.series("timeliness.within_20_weeks", basis=basis, **question).at("2022")
    printed = {(EXCL, "England"): "49.2", (INCL, "England"): "47.7", (EXCL, "London"): "54.7"}
    assert f"{published.value:.1f}" == printed[basis, place]


def test_two_ways_to_cease_are_two_series(built):
    """21,546 in sen2_mi.csv for 2021, 34,724 on another basis in ceased_plans.csv for 2022."""
    old = ss.series("plans.discontinued", store=built).at("2021")
    new = ss.series("plans.ceased", store=built).at("2022")
    assert (old.value, new.value) == (21546, 34724)
    with pytest.raises(ss.errors.Refused, match="universe"):
        ss.difference(old, new)


def test_personal_budgets_break(built):
    budgets = ss.series("plans.personal_budgets", store=built)
    assert (budgets.at("2021").value, budgets.at("2022").value) == (25259, 18887)
    assert "2022" in [b.period for b in budgets.breaks]


#: What an older release prints and a newer one prints for no place.
OLDER = [
    ("requests.decided_to_assess", {}, "2022", 81_588, "2024"),
    ("requests.undecided", {}, "2022", 5_747, "2024"),
    ("requests.mediation", {}, "2022", 4_107, "2024"),
    ("plans.new.placed", {"placement": "elsewhere.elective_home_education"}, "2019", 433, "2022"),
    ("plans.new.placed", {"placement": "elsewhere.neet"}, "2020", 268, "2022"),
    ("plans.new.placed", {"placement": "elsewhere"}, "2019", 1_187, "2025"),
    ("plans.new.placed", {"placement": "other_settings"}, "2022", 459, "2025"),
]


@pytest.mark.parametrize("case", OLDER, ids=lambda c: f"{c[0]} {c[2]}")
def test_what_an_older_release_prints_is_read_from_it(built, case):
    series_id, options, period, value, release = case
    found = ss.series(series_id, store=built, **options).at(period)
    assert (found.value, found.release) == (value, release)


def england(store, series_id, **options):
    """Rows of England; none where a release holds no such series, or no England in it."""
    try:
        return ss.series(series_id, store=store, **options).rows
    except (ss.errors.UnknownId, ss.errors.DataProblem):
        return ROWS.to_frame()


def test_no_period_is_not_collected_that_some_release_prints(built):
    """Over every count of England: no null for everybody hides a figure of another release."""
    hidden, looked = [], set()
    for entry in ss.catalogue(built).filter("held").iter_rows(named=True):
        if entry["by"] == "topic" or entry["unit"] == "percent":
            continue
        bases = entry["bases"].split(", ")
        for options in ({"basis": b} if b else {} for b in bases):
            placed = [{}]
            if entry["by"] == "placement":  # one by one: within a period nothing is mixed
                rows = england(built, entry["id"], placement="types", release="2025", **options)
                placed = [{"placement": p} for p in rows["placement"].unique().sort()]
            for asked in ({**options, **p} for p in placed):
                lost = england(built, entry["id"], **asked).filter(
                    pl.col("reason").is_in(["not_collected", "not_told_apart"])
                )
                looked |= {*lost["series"]}
                for release in ("2022", "2024", "2025", "2026") if lost.height else ():
                    then = england(built, entry["id"], release=release, **asked)
                    told = then.filter(pl.col("value").is_not_null())
                    hidden += lost.join(told, on=KEY).rows()
    assert hidden == []
    assert {"requests.decided_to_assess", "plans.new.placed"} <= looked


def test_an_authority_without_a_row_is_named_and_counted(built):
    """timeliness_20_week.csv, 2023: 151 rows, one of them x, for 153 authorities in force."""
    rate, question = "timeliness.within_20_weeks", {"store": built}
    found = ss.series(rate, place="local authorities", basis=EXCL, **question)
    assert found.lacks() == ["2023, Leicester, Isle of Wight: no row in release 2025"]
    (counted,) = found.coverage().filter(pl.col("period") == "2023").iter_rows(named=True)
    assert (counted["places"], counted["rows"], counted["known"]) == (153, 151, 150)
    same = ss.series(rate, basis=[EXCL, SAME], **question).at("2023")
    assert (same.row, same.numerator, same.denominator) == (
        "rows of 150 of 153 authorities", 38_287, 76_185)  # fmt: skip


def test_a_footprint_with_a_member_of_0_of_0_keeps_its_caveat(built):
    """Dorset 2024: 0 of 0 excluding exceptions; Bournemouth, Christchurch and Poole 493 of 635."""
    rate = "timeliness.within_20_weeks"
    found = ss.series(rate, store=built, place="Dorset footprint", basis=EXCL).at("2024")
    assert (found.numerator, found.denominator) == (493, 635)
    assert "timeliness_all_exceptions" in found.flags


def test_london_is_the_sum_of_what_is_printed_of_it(built):
    """sen_need_newplans.csv, 2024: Inner London 4,284, Outer London 9,753."""
    found = ss.series("plans.new.by_need", store=built, place="London", release="2025").at("2024")
    assert (found.value, found.published) == (14_037, "4284 + 9753")
