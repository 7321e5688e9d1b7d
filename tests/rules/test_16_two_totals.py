"""16. Two totals for one stock.

Wrong: plans grew by 13.2 % between January 2018 and 2019: from 312,626, the total of the placement
file, to 353,995.
Right: by 10.7 %, from the headline total of 319,819. Shares divide by the placement file's own
total, whatever the headline is: 71.6 % of the plans made in 2011 (19,224 of 26,859).
"""

import pytest

import sendstats as ss

TOTALS = [  # the age file, which is the headline, and the placement file
    ("plans.caseload", "2016-01", 256_315, 256_530),
    ("plans.caseload", "2018-01", 319_819, 312_626),
    ("plans.caseload", "2019-01", 353_995, 353_995),
    ("plans.new", "2011", 27_447, 26_859),
    ("plans.new", "2014", 27_139, 26_662),
    ("plans.new", "2017", 42_162, 41_698),
]
CAVEATS = {"work_based_in_placements", "placements_outside_the_list", "two_totals_new"}


def test_the_wrong_number(value):
    before, after = (value("plans.caseload.placed", f"{y}-01") for y in ("2018", "2019"))
    assert round(100 * (after - before) / before, 1) == 13.2


@pytest.mark.parametrize(
    ("earlier", "later", "percent"),
    [("2018", "2019", 10.7), ("2020", "2021", 10.4), ("2025", "2026", 12.5)],
)
def test_growth(figure, earlier, later, percent):
    pair = [figure("plans.caseload", f"{year}-01") for year in (earlier, later)]
    assert round(ss.change(*pair).percent, 1) == percent


@pytest.mark.parametrize(("series_id", "period", "headline", "placed"), TOTALS)
def test_the_headline_and_what_shares_divide_by(figure, series_id, period, headline, placed):
    one, other = figure(series_id, period), figure(f"{series_id}.placed", period)
    assert (one.value, other.value) == (headline, placed)
    assert bool({*other.flags} & CAVEATS) == (headline != placed)


def test_122_of_152_authorities_have_two_totals_in_january_2018():
    one, other = (
        ss.series(s, place="local authorities", release="2022").rows
        for s in ("plans.caseload", "plans.caseload.placed")
    )
    both = one.join(other, on=["period", "place"], suffix="_placed")
    january = both.filter(both["period"] == "2018-01")
    assert january.height == 152
    assert (january["value"] != january["value_placed"]).sum() == 122


def test_the_files_are_found_to_disagree():
    found = ss.findings("England")
    found = found.filter(found["rule"] == "two tables that count one thing agree")
    told = {(r["period"], r["found"]): r["expected"] for r in found.iter_rows(named=True)}
    for _, period, headline, placed in TOTALS:
        key = (period, f"{placed:,}")
        assert (key in told) == (headline != placed)
        assert headline == placed or told[key].startswith(f"{headline:,} ")


def test_a_share_divides_by_the_placement_total(figure):
    found = figure("plans.new.share", "2011", placement="mainstream")
    assert (found.numerator, found.denominator, round(found.value, 1)) == (19_224, 26_859, 71.6)
