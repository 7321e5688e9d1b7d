"""What a claim finds in the committed figures; expected values are DfE's, with their release."""

import shutil
from dataclasses import replace

import polars as pl
import pytest

import made
import sendstats as ss
from sendstats.catalogue.places import find
from sendstats.catalogue.series import entries
from sendstats.claims import claim
from sendstats.claims.figures import OnePlace, merged, told
from sendstats.errors import DataProblem, UnknownId, WrongUse
from sendstats.series.absent import Absent
from sendstats.series.api import default_store
from sendstats.store.tables import Store


def found(*figure, **options):
    return [(m.definition.id, m.period) for m in claim(*figure, **options).matches]


def test_one_share_of_new_plans_in_two_years_and_never_of_all_plans():
    # EHC plans 2022: 43,037 of 60,097 in 2020; 19,224 of 26,859 in 2011.
    matches = claim("71.6%").matches
    assert [(m.period, m.numerator, m.denominator) for m in matches] == [
        ("2020", 43_037, 60_097),
        ("2011", 19_224, 26_859),
    ]
    assert {m.definition.kind for m in matches} == {"flow"}


def test_the_period_asked_comes_first_then_the_newest():
    assert [p for _, p in found("71.6%", period=2011)] == ["2011", "2020"]
    # Timeliness: 58.0 in 2020, 57.9 in 2021 and 58.0 in 2018, the last two with exceptions.
    timely = "timeliness.within_20_weeks"
    assert [p for s, p in found("58 per cent") if s == timely] == ["2021", "2020", "2018"]
    asked = found("58 per cent", period="2018")
    assert [p for s, p in asked if s == timely] == ["2018", "2020", "2021"]


def test_the_same_figure_of_two_series_is_one_match():
    (match,) = claim("430,697").matches
    assert match.definition.id == "plans.caseload"
    assert "plans.caseload.placed" in match.also


def test_two_totals_that_differ_stay_apart():
    # January 2018: age file 319,819, placement file 312,626.
    assert found("319,819") == [("plans.caseload", "2018-01")]
    assert found("312,626") == [("plans.caseload.placed", "2018-01")]


def test_growth_is_found_as_a_change_only():
    matches = claim("10.4 per cent increase", period="2021-01").matches
    assert all(m.since for m in matches)
    first = matches[0]
    assert (first.definition.id, first.since, first.period) == (
        "plans.caseload",
        "2020-01",
        "2021-01",
    )
    assert first.numerator is None


def test_a_change_of_a_rate_is_in_points_and_a_quote_in_per_cent_is_told_so():
    # 31,446 of 54,175 less 29,895 of 49,519: -2.326 percentage points.
    (match,) = (
        m for m in claim("2.3 point fall").matches if m.definition.id.startswith("timeliness.")
    )
    assert (match.unit, match.since, match.period) == ("percentage points", "2019", "2020")
    assert match.basis == "excluding_exceptions"
    assert "in percentage points, not in per cent" in repr(claim("fell by 2.3%"))
    assert "not in per cent" not in repr(claim("2.3 point fall"))
    # 2.4 is what the rounded rates give, and no change that is held.
    assert not [m for m in claim("2.4 point fall").matches if m.period == "2020" and m.basis]


def test_an_older_release_is_searched_and_named():
    # January 2025, mainstream: 278,236 of 638,745 in release 2025, 279,452 (43.8) in 2026.
    old = next(m for m in claim("43.6%").matches if m.period == "2025-01")
    assert (old.numerator, old.releases, old.superseded) == (278_236, ("2025",), True)
    assert old.now is not None
    assert old.text(1, old.now) == "43.8%"
    assert "as release 2025 says it" in repr(claim("43.6%"))
    new = next(m for m in claim("43.8%").matches if m.period == "2025-01")
    assert (new.numerator, new.superseded) == (279_452, False)


def test_a_misprint_that_was_repaired_is_recognised():
    # New plans of 2022: each authority of the region carries its total, 6,078; Barnsley made 319.
    match = next(m for m in claim("6,078", place="Barnsley").matches if m.place_name == "Barnsley")
    assert match.as_printed
    assert (match.value, match.published) == (319, "6078")
    assert "repair" in {note.kind for note in match.caveats}
    assert "as printed (6078)" in repr(claim("6,078", place="Barnsley"))


def test_a_place_is_searched_beside_england_and_first_among_equals():
    both = claim("58%", place="leeds")
    assert both.places == ("Leeds", "England")
    assert {m.place_name for m in both.matches} == {"Leeds", "England"}
    periods = [(m.period, m.place_name) for m in both.matches if not m.superseded]
    for period in {p for p, _ in periods}:
        names = [name for p, name in periods if p == period]
        assert names == sorted(names, reverse=True)


def test_nothing_fits_and_the_two_nearest_are_named():
    none = claim("391,500")
    assert not none
    # Plans in force in January 2020; pupils with a plan in January 2023.
    assert [int(m.value) for m in none.nearest] == [390_109, 389_171]
    told_so = repr(none)
    assert "No figure held for England fits." in told_so
    assert "The nearest in value:" in told_so
    assert all(m.since for m in claim("+512%").nearest)


def test_a_unit_narrows_the_search():
    assert found("430,697", unit="plans")
    assert not found("430,697", unit="pupils")
    assert {m.unit for m in claim(58, unit="percent").matches} == {"percent"}
    units = {m.unit for m in claim("20").matches}
    assert "percent" in units


def test_rates_of_a_small_base_are_left_out():
    # City of London, 2020, is timed on fewer than 30 plans.
    rates = [
        m
        for m in claim("100%", place="City of London").matches
        if m.denominator is not None and m.place_name == "City of London"
    ]
    assert all(m.denominator >= 30 for m in rates)
    shares = ss.series("timeliness.within_20_weeks", basis="including_exceptions", place="201")
    assert shares.rows.filter((pl.col("value") == 100) & (pl.col("denominator") < 30)).height


def test_the_list_is_short_and_says_what_a_match_is_worth():
    many = claim("5%")
    shown = repr(many)
    assert len(many) > 6
    assert f"{len(many)} different figures held for England fit." in shown
    assert "A match of the value alone proves nothing" in shown
    assert f"... and {len(many) - 6} more, in .matches" in shown
    assert "\n  6. " in shown
    assert "\n  7. " not in shown


def test_each_match_says_what_it_means():
    shown = repr(claim("58.0%"))
    assert shown.startswith("'58.0%', read as 57.95 to under 58.05 per cent\n2 different figures")
    assert (
        "EHC plans issued within 20 weeks, excluding exceptions: England, 2020 [timeliness."
        in shown
    )
    assert "flow; 31,446 of 54,175, a share of: EHC plans issued, timed; counts plans" in shown
    assert "[a] From 1 May to 25 September 2020" in shown
    assert "One figure held for England fits." in repr(claim("60.4%"))


def test_plain_values_for_other_programs():
    values = claim("71.6%", period="2020").to_dict()
    assert values["period"] == "2020"
    first = values["matches"][0]
    assert (first["kind"], first["share_of"], first["shown"]) == (
        "flow",
        "plans.new.placed",
        "71.6%",
    )
    assert claim("43.6%").to_dict()["matches"][0]["now"] == pytest.approx(43.75, abs=0.05)
    nearest = claim("391,500").to_dict()["nearest"]
    assert nearest[0]["period_in_words"] == "January 2020"


@pytest.mark.parametrize(
    ("options", "error"),
    [({"place": "Atlantis"}, UnknownId), ({"period": "last year"}, WrongUse)],
)
def test_an_unknown_place_or_period_is_named(options, error):
    with pytest.raises(error):
        claim("58%", **options)


def test_an_empty_store_is_a_problem_with_data(tmp_path):
    with pytest.raises(DataProblem, match="no figures to search"):
        claim("58%", store=Store(tmp_path))


def test_a_part_of_the_tables_is_searched_as_far_as_it_goes(tmp_path):
    whole = default_store().root
    shutil.copy(whole / "sources.csv", tmp_path)
    shutil.copytree(whole / "tables" / "ceased", tmp_path / "tables" / "ceased")
    # Person-level return: 34,724 plans ceased in England in 2022.
    (match,) = claim("34,724", store=Store(tmp_path)).matches
    assert (match.definition.id, match.period) == ("plans.ceased", "2022")


@pytest.mark.parametrize("place", ["England", "Dorset"])
@pytest.mark.parametrize("series_id", ["plans.new.placed", "timeliness.issued", "pupils.ehc_plans"])
def test_narrowing_to_one_place_changes_no_figure(series_id, place):
    whole = default_store()
    narrow = OnePlace(whole, find(place).key)
    asked = entries()[series_id]
    for basis in asked.bases or (None,):
        options = {"place": place, "basis": basis}
        if asked.dimension:
            options["placement"] = "groups"
        full = ss.series(series_id, store=whole, **options)
        assert ss.series(series_id, store=narrow, **options).rows.equals(full.rows)
    table = asked.cells[0].table
    slug = whole.releases(table)[0]
    assert narrow.read(table, slug).height < whole.read(table, slug).height


def rows(release, cells):
    return made.series([made.row(p, v, release=release) for p, v in cells.items()])


def test_an_extract_with_holes_makes_no_change_across_them():
    full = rows("2025", {"2019-01": 100.0, "2020-01": 110.0, "2021-01": 121.0})
    extract = rows("2026", {"2019-01": 100.0, "2021-01": 121.0})
    changes = {(m.since, m.period) for m in told([full, extract]) if m.since}
    assert changes == {("2019-01", "2020-01"), ("2020-01", "2021-01")}


def test_a_year_without_a_row_makes_no_change_across_it():
    held = rows("2025", {"2019-01": 100.0, "2020-01": 110.0, "2022-01": 130.0})
    lost = Absent("2021-01", "no_row", "2025", ("E92000001",))
    elsewhere = Absent("2020-01", "no_row", "2024", ("E92000001",))  # a release that does not serve
    series = replace(held, absent=(lost, elsewhere))
    assert {(m.since, m.period) for m in told([series]) if m.since} == {("2019-01", "2020-01")}


def test_a_revision_is_told_once_with_what_replaced_it():
    old = rows("2024", {"2019-01": 100.0, "2020-01": 108.0})
    new = rows("2025", {"2019-01": 100.0, "2020-01": 110.0})
    revised = [(m.since, m.period, m.value, m.now) for m in told([old, new]) if m.superseded]
    assert revised == [("", "2020-01", 108, 110), ("2019-01", "2020-01", 8, 10)]


def test_a_gap_or_a_start_from_nothing_has_no_change():
    held = rows("2025", {"2018-01": 0.0, "2019-01": 5.0, "2020-01": None, "2021-01": 6.0})
    assert [m.period for m in told([held])] == ["2018-01", "2019-01", "2021-01"]


def test_a_break_cuts_the_change_that_ends_there_and_not_the_next():
    note = made.Note("cut", "break", "Counted anew.", "2020-01", "Break")
    caveat = made.Note("odd", "caveat", "One authority is missing.")
    cells = [("2019-01", []), ("2020-01", ["cut", "odd"]), ("2021-01", [])]
    series = made.series([made.row(p, 100.0, flags=f) for p, f in cells], notes=(note, caveat))
    noted = {m.period: {n.id for n in m.caveats} for m in told([series]) if m.since}
    assert noted == {"2020-01": {"cut", "odd"}, "2021-01": {"odd"}}


def test_equal_figures_of_different_universes_stay_apart():
    plans = told([rows("2025", {"2019-01": 100.0})])
    again = told([made.series([made.row("2019-01", 100.0)], id="plans.caseload.placed")])
    pupils = told(
        [made.series([made.row("2019-01", 100.0)], id="pupils.all", universe="pupils_all_schools")]
    )
    joined = merged([*plans, *again, *plans, *pupils])
    assert [(m.definition.id, m.also) for m in joined] == [
        ("plans.caseload", ("plans.caseload.placed",)),
        ("pupils.all", ()),
    ]


def test_a_match_of_averages_keeps_their_decimals():
    assert "25.6  Average time to issue an EHC plan" in repr(claim("25.6 weeks"))
