"""Every edition is kept; what is printed stays beside what other cells prove.

Sources: issue 2; docs/pitfalls.md 4; docs/domain.md, section 5; docs/design.md, Vintages.
"""

import polars as pl
import pytest

import sendstats as ss

MAINSTREAM = {"placement": "mainstream"}


@pytest.mark.parametrize(
    ("series_id", "period", "fixed", "newest"),
    [("plans.caseload.share", "2025-01", 43.6, 43.8), ("plans.new.share", "2024", 75.1, 75.4)],
)
def test_an_edition_can_be_fixed(figure, series_id, period, fixed, newest):
    old = figure(series_id, period, release="2025", **MAINSTREAM)
    new = figure(series_id, period, **MAINSTREAM)
    assert (round(old.value, 1), round(new.value, 1)) == (fixed, newest)
    assert (old.release, new.release) == ("2025", "2026")


def test_england_alone_may_be_newer_than_england_with_its_authorities():
    alone = ss.series("plans.caseload.placed", **MAINSTREAM).at("2025-01")
    both = ss.series("plans.caseload.placed", place=["England", "regions"], **MAINSTREAM)
    assert (alone.release, alone.value) == ("2026", 279_452)
    assert both.at("2025-01", "England").value == 278_236
    january = both.rows.filter(pl.col("period") == "2025-01")
    assert january["release"].unique().to_list() == ["2025"]
    parts = january.filter(pl.col("level") == "Regional")
    assert parts["value"].sum() == 278_236


@pytest.mark.parametrize("place", ["all", ["England", "regions"], "England"])
@pytest.mark.parametrize("series_id", ["plans.caseload", "plans.new", "requests.received"])
def test_within_a_period_nothing_is_mixed(series_id, place):
    rows = ss.series(series_id, place=place).rows
    assert rows.group_by("period").agg(pl.col("release").n_unique())["release"].max() == 1


REPAIRED = {"Barnsley": 319, "Wakefield": 462}


@pytest.mark.parametrize("place", REPAIRED)
def test_a_repair_shows_both_figures(figure, place):
    found = figure("plans.new", "2022", place=place)
    assert (found.value, found.published) == (REPAIRED[place], "6078")
    assert "repaired" in found.flags
    assert any(flag.startswith("members sum to the whole") for flag in found.flags)
    printed = figure("plans.new", "2022", place=place, values="published")
    assert (printed.value, "repaired" in printed.flags) == (6_078, False)


def test_repaired_authorities_sum_to_region_and_england():
    """The fifteen authorities print 6,078 each; regions and England print the right sums."""
    rows = ss.series("plans.new", place="all", release="2025").rows
    rows = rows.filter(pl.col("period") == "2022")
    yorkshire = rows.filter(pl.col("region") == "Yorkshire and The Humber")
    assert yorkshire.height == 15
    assert yorkshire["value"].sum() == 6_078
    assert yorkshire["flags"].list.contains("repaired").all()
    sums = dict(rows.group_by("level").agg(pl.col("value").sum()).iter_rows())
    assert set(sums.values()) == {66_706}
    as_printed = ss.series(
        "plans.new", place="local authorities", release="2025", values="published"
    )
    assert as_printed.rows.filter(pl.col("period") == "2022")["value"].sum() == 151_798


def test_barnsleys_share_is_of_its_own_plans(figure):
    """254 of 319, as its printed 79.6 says; not 254 of 6,078 = 4.2."""
    share = figure("plans.new.share", "2022", place="Barnsley", release="2025", **MAINSTREAM)
    assert (share.numerator, share.denominator, share.published) == (254, 319, "79.6")


def test_england_and_regions_are_never_repaired():
    repaired = pl.col("flags").list.contains("repaired")
    for series_id in ("plans.caseload", "plans.new", "requests.received", "plans.ceased"):
        rows = ss.series(series_id, place="all").rows
        assert rows.filter(repaired & (pl.col("level") != "Local authority")).is_empty()


def test_an_incoherent_total_is_flagged_and_left_as_published(figure):
    """docs/pitfalls.md 14: 49.2 in 2022 would be 49.8 for the same authorities on both sides."""
    rate, basis = "timeliness.within_20_weeks", "excluding_exceptions"
    found = figure(rate, "2022", basis=basis, release="2025")
    assert round(found.value, 1) == 49.2
    effects = ss.findings("England").filter(
        (pl.col("period") == "2022") & (pl.col("column") == "issued.excluding_exceptions")
    )
    assert effects["effect"].to_list() == ["49.2 % as published, 49.8 % for the same members"]
    assert effects["finding"].item() in found.flags
    london = ss.findings("London")["effect"].to_list()
    assert "54.7 % as published, 58.9 % for the same members" in london


def test_a_trace_of_a_repair_says_what_is_printed_and_what_proves_the_other():
    """docs/pitfalls.md 4: every one of fifteen rows prints 6,078; Barnsley made 319 plans."""
    notes = {n.kind: n.text for n in ss.trace("plans.new", "2022", place="Barnsley").notes}
    assert "prints 6078; 319 is the sum of its placement groups" in notes["repair"]
    notes = {n.kind: n.text for n in ss.trace("plans.new", "2022", place="Wakefield").notes}
    assert "prints 6078; 462 is what the region's total leaves" in notes["repair"]
