"""1. The share of a flow said of a stock.

Wrong: "71.6 % of 430,697 plans are in mainstream schools": the share of the plans made in a year,
hung on all plans in force, makes 308,433 plans of 172,023.
Right: 39.9 % of the plans in force in January 2021 (172,023 of 430,697), and 71.6 % of the plans
made in 2020 (43,037 of 60,097).
"""

import pytest

import sendstats as ss
from sendstats.errors import Refused


@pytest.fixture
def shares(figure):
    """Mainstream: of the stock of January 2021, and of the flow of 2020 published with it."""
    stock = figure("plans.caseload.share", "2021-01", placement="mainstream")
    flow = figure("plans.new.share", "2020", placement="mainstream")
    return stock, flow


def test_the_wrong_number(shares, value):
    _, flow = shares
    stated = flow.value / 100 * value("plans.caseload", "2021-01")
    assert round(flow.value, 1) == 71.6
    assert round(stated) == 308_433


def test_the_share_of_the_stock_is_not_the_share_of_the_flow(shares):
    stock, flow = shares
    assert (stock.numerator, stock.denominator) == (172_023, 430_697)
    assert (flow.numerator, flow.denominator) == (43_037, 60_097)
    assert (round(stock.value, 2), round(stock.value, 1), round(flow.value, 1)) == (
        39.94, 39.9, 71.6)  # fmt: skip


def test_a_share_must_say_of_what(shares):
    with pytest.raises(Refused, match="must say of what"):
        ss.share("mainstream")
    assert ss.share("mainstream", "stock").at("2021-01").value == shares[0].value
    assert ss.share("mainstream", "flow").at("2020").value == shares[1].value


def test_the_two_are_not_compared(shares):
    stock, flow = shares
    for compare in (ss.difference, ss.ratio):
        with pytest.raises(Refused, match="kind"):
            compare(stock, flow)


def test_no_share_of_a_stock_from_a_flow(figure):
    """The 60,097 plans made in 2020 are no part of the 430,697 in force in January 2021."""
    with pytest.raises(Refused, match="a stock is counted on a day, a flow over a year"):
        ss.ratio(figure("plans.new", "2020"), figure("plans.caseload", "2021-01"))
