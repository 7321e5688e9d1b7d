"""4. A published authority column taken at its word.

Wrong: Barnsley made 6,078 plans in 2022, as its row prints, so 4.2 % of them (254) are in
mainstream schools; the authorities made 151,798. Every one of the 15 authorities of Yorkshire and
The Humber prints the region's total.
Right: Barnsley made 319, as its own breakdown says, and 254 of them are the 79.6 % that it prints;
Wakefield made 462; the region 6,078; England 66,706.
"""

import polars as pl
import pytest

import sendstats as ss
from sendstats.errors import Refused

MAINSTREAM = {"placement": "mainstream"}
REPAIRED = {"Barnsley": 319, "Wakefield": 462}
RULE = "members sum to the whole"


def in_2022(**options):
    rows = ss.series("plans.new", release="2025", **options).rows
    return rows.filter(pl.col("period") == "2022")


def test_the_wrong_number(figure):
    printed = in_2022(place="local authorities", values="published")
    assert printed["value"].sum() == 151_798
    yorkshire = printed.filter(pl.col("region") == "Yorkshire and The Humber")
    assert yorkshire["value"].to_list() == [6_078] * 15
    placed = figure("plans.new.placed", "2022", place="Barnsley", release="2025", **MAINSTREAM)
    assert round(100 * placed.value / 6_078, 1) == 4.2


def test_the_rule_fails_the_printed_column_and_passes_the_repaired_one():
    found = ss.findings("Yorkshire and The Humber")
    found = found.filter((pl.col("rule") == RULE) & (pl.col("table") == "new_plans"))
    assert found["expected"].to_list() == ["members that add up to 6,078"]
    assert found["found"].to_list() == ["15 that print 6,078 each, with all others 91,170"]
    rows = in_2022(place="all")
    yorkshire = rows.filter(pl.col("region") == "Yorkshire and The Humber")
    assert yorkshire.height == 15
    assert yorkshire["value"].sum() == 6_078
    assert yorkshire["flags"].list.contains("repaired").all()
    sums = dict(rows.group_by("level").agg(pl.col("value").sum()).iter_rows())
    assert set(sums.values()) == {66_706}


@pytest.mark.parametrize("place", REPAIRED)
def test_a_repair_shows_both_figures(figure, place):
    found = figure("plans.new", "2022", place=place)
    assert (found.value, found.published) == (REPAIRED[place], "6078")
    assert "repaired" in found.flags
    assert any(flag.startswith(RULE) for flag in found.flags)
    printed = figure("plans.new", "2022", place=place, values="published")
    assert (printed.value, "repaired" in printed.flags) == (6_078, False)
    assert "unrepaired" in printed.flags


def test_no_change_from_a_repaired_figure_to_one_that_is_left_as_printed(figure):
    repaired, printed = (
        figure("plans.new", "2022", place="Barnsley", values=v) for v in ("repaired", "published")
    )
    with pytest.raises(Refused, match="a repaired value and one that a repair replaces"):
        ss.difference(printed, repaired)
    before = figure("plans.new", "2021", place="Barnsley", values="published")
    assert "2022 as printed, though proven wrong" in repr(ss.change(before, printed))


def test_barnsleys_share_is_of_its_own_plans(figure):
    share = figure("plans.new.share", "2022", place="Barnsley", release="2025", **MAINSTREAM)
    assert (share.numerator, share.denominator, share.published) == (254, 319, "79.6")
    assert round(share.value, 1) == 79.6


def test_england_and_regions_are_never_repaired():
    repaired = pl.col("flags").list.contains("repaired")
    for series_id in ("plans.caseload", "plans.new", "requests.received", "plans.ceased"):
        rows = ss.series(series_id, place="all").rows
        assert rows.filter(repaired & (pl.col("level") != "Local authority")).is_empty()


def test_a_trace_of_a_repair_says_what_is_printed_and_what_proves_the_other():
    notes = {n.kind: n.text for n in ss.trace("plans.new", "2022", place="Barnsley").notes}
    assert "prints 6078; 319 is the sum of its placement groups" in notes["repair"]
    notes = {n.kind: n.text for n in ss.trace("plans.new", "2022", place="Wakefield").notes}
    assert "prints 6078; 462 is what the region's total leaves" in notes["repair"]
