"""A stock is counted on a day in January, a flow over a calendar year; labels hide which.

Sources: docs/domain.md, section 2; docs/pitfalls.md 1 and 2; issue 2.
"""

import pytest

import sendstats as ss
from sendstats.errors import Refused, UnknownId

LABELS = {  # one snapshot, two labels: the 2022 and the 2025 release
    "2019-01": ("2019", "201819"),
    "2021-01": ("2021", "202021"),
    "2022-01": ("2022", "202122"),
}


@pytest.mark.parametrize("period", LABELS)
def test_two_labels_one_snapshot(figure, period):
    old, new = (figure("plans.caseload", period, release=r) for r in ("2022", "2025"))
    assert (old.label, new.label) == LABELS[period]
    assert old.value == new.value


def test_all_646_overlapping_totals_agree():
    """Four Januaries of England, nine regions and every authority."""
    old, new = (ss.series("plans.caseload", place="all", release=r).rows for r in ("2022", "2025"))
    both = old.join(new, on=["period", "place"], suffix="_new")
    assert both.height == 646
    assert (both["value"] == both["value_new"]).all()


def test_an_academic_label_is_no_year_of_a_stock():
    plans = ss.series("plans.caseload", release="2025")
    for wrong in ("2021", "202021", "2020-21"):
        with pytest.raises(UnknownId):
            plans.at(wrong)


def test_every_period_has_the_form_of_its_kind():
    for entry in ss.catalogue().iter_rows(named=True):
        options = {"basis": entry["bases"].split(", ")[0]} if entry["bases"] else {}
        if entry["by"] == "placement":
            options["placement"] = "mainstream"
        length = {"stock": 7, "flow": 4}[entry["kind"]]
        periods = ss.series(entry["id"], **options).periods
        assert {len(p) for p in periods} == {length}
        assert all(p.endswith("-01") for p in periods) == (entry["kind"] == "stock")


def test_the_share_of_the_stock_is_not_the_share_of_the_flow(figure):
    """Mainstream: 172,023 of 430,697 plans in January 2021, 43,037 of 60,097 made in 2020."""
    stock = figure("plans.caseload.share", "2021-01", placement="mainstream")
    flow = figure("plans.new.share", "2020", placement="mainstream")
    assert (stock.numerator, stock.denominator) == (172_023, 430_697)
    assert (flow.numerator, flow.denominator) == (43_037, 60_097)
    assert (round(stock.value, 1), round(flow.value, 1)) == (39.9, 71.6)
    with pytest.raises(Refused, match="must say of what"):
        ss.share("mainstream")
    with pytest.raises(Refused, match="kind"):
        ss.difference(stock, flow)


def test_no_share_of_a_stock_from_a_flow(figure):
    """The 60,097 plans made in 2020 are no part of the 430,697 in force in January 2021."""
    with pytest.raises(Refused, match="a stock is counted on a day, a flow over a year"):
        ss.ratio(figure("plans.new", "2020"), figure("plans.caseload", "2021-01"))


@pytest.mark.parametrize(
    ("earlier", "later", "percent"),
    [("2018", "2019", 10.7), ("2020", "2021", 10.4), ("2025", "2026", 12.5)],
)
def test_growth(figure, earlier, later, percent):
    pair = [figure("plans.caseload", f"{year}-01") for year in (earlier, later)]
    assert round(ss.change(*pair).percent, 1) == percent
