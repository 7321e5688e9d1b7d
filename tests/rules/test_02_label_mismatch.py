"""2. One snapshot, two labels: a year joined to the wrong year.

Wrong: "the caseload of 2021 was revised by +9.9 %": 430,697 under the label 2021 of the 2022
release, joined to 473,255 under 202122 of the 2025 release. Or 202021 read as the year 2020.
Right: 202021 is January 2021; the revision is 0 in all 646 cells that both releases print.
"""

import polars as pl
import pytest

import sendstats as ss
from sendstats.errors import UnknownId

LABELS = {  # one snapshot, two labels: the 2022 and the 2025 release
    "2019-01": ("2019", "201819"),
    "2021-01": ("2021", "202021"),
    "2022-01": ("2022", "202122"),
}


@pytest.fixture
def editions():
    """The caseload of every place as the 2022 and the 2025 release print it."""
    return [ss.series("plans.caseload", place="all", release=r).rows for r in ("2022", "2025")]


def test_the_wrong_number(editions):
    """Joined on the first year of the label, England's caseload of 2021 grows by 9.9 %."""
    old, new = (rows.with_columns(year=pl.col("label").str.head(4)) for rows in editions)
    joined = old.join(new, on=["year", "place"], suffix="_new")
    england = joined.filter((pl.col("level") == "National") & (pl.col("year") == "2021"))
    before, after = england["value"].item(), england["value_new"].item()
    assert (before, after) == (430_697, 473_255)
    assert round(100 * (after - before) / before, 1) == 9.9


@pytest.mark.parametrize("period", LABELS)
def test_two_labels_one_snapshot(figure, period):
    old, new = (figure("plans.caseload", period, release=r) for r in ("2022", "2025"))
    assert (old.label, new.label) == LABELS[period]
    assert old.value == new.value


def test_all_646_overlapping_totals_agree(editions):
    """Four Januaries of England, nine regions and every authority."""
    old, new = editions
    both = old.join(new, on=["period", "place"], suffix="_new")
    assert both.height == 646
    assert (both["value"] == both["value_new"]).all()


def test_an_academic_label_is_no_year_of_a_stock():
    plans = ss.series("plans.caseload", release="2025")
    for wrong in ("2021", "202021", "2020-21"):
        with pytest.raises(UnknownId):
            plans.at(wrong)


def test_every_period_has_the_form_of_its_kind():
    for entry in ss.catalogue().filter("held").iter_rows(named=True):
        options = {"basis": entry["bases"].split(", ")[0]} if entry["bases"] else {}
        if entry["by"] == "placement":
            options["placement"] = "mainstream"
        if entry["by"] == "topic":
            options["topic"] = entry["topics"].split(", ")[0]
        length = {"stock": 7, "flow": 4}[entry["kind"]]
        periods = ss.series(entry["id"], place="all", **options).periods
        assert {len(p) for p in periods} == {length}
        assert all(p.endswith("-01") for p in periods) == (entry["kind"] == "stock")


def test_personal_budgets_are_of_the_year_in_which_the_label_starts(figure):
    """Wrong: 202021 read as 2021 gives 25,259. Right: 22,233, of 2020, as the 2022 release says."""
    old, new = (figure("plans.personal_budgets", "2020", release=r) for r in ("2022", "2025"))
    assert (old.label, new.label) == ("2020", "202021")
    assert old.value == new.value == 22_233
    assert figure("plans.personal_budgets", "2021", release="2025").value == 25_259


def test_personal_budgets_agree_in_all_454_cells():
    old, new = (
        ss.series("plans.personal_budgets", place="local authorities", release=r).rows
        for r in ("2022", "2025")
    )
    both = old.join(new, on=["period", "place"], suffix="_new")
    assert both["period"].unique().sort().to_list() == ["2019", "2020", "2021"]
    assert both.height == 454
    assert (both["value"] == both["value_new"]).all()
