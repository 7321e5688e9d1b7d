"""Text, axes, ids and the edges of `chart` that no check of the list names."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

import made
from sendstats.charts import chart
from sendstats.charts.axes import scale, years
from sendstats.charts.text import balanced, joined, width_of, wrap
from sendstats.charts.theme import scheme, size
from sendstats.errors import UnknownId, WrongUse
from sendstats.series.absent import Absent

values = st.lists(st.integers(-(10**6), 10**6).map(lambda n: Fraction(n, 10)), min_size=1)


@given(values, st.sampled_from(["plans", "percent"]), st.booleans())
def test_an_axis_holds_every_value_between_few_even_ticks(found, unit, zero):
    axis = scale(found, unit, zero=zero)
    assert axis.low <= min(found)
    assert axis.high >= max(found)
    assert 2 <= len(axis.ticks) <= 9
    assert len({b - a for a, b in pairwise(axis.ticks)}) == 1
    assert len(set(axis.texts)) == len(axis.ticks)
    assert not zero or axis.from_zero
    assert all(0 <= axis.fraction(v) <= 1 for v in found)


def test_an_axis_of_nothing_and_of_one_value():
    assert scale([], "plans", zero=True).texts == ("0", "1")
    assert scale([Fraction(5)], "plans", zero=False).low == 5


@given(st.integers(1900, 2100), st.integers(0, 120), st.integers(2, 12))
def test_the_last_year_is_always_labelled(first, span, most):
    ticks = years(first, first + span, most)
    assert ticks[-1] == first + span
    assert ticks[0] >= first
    assert len(ticks) <= most or span > 50


@given(st.text(alphabet="abc MWi,%", max_size=60), st.integers(20, 300))
def test_wrapped_lines_keep_every_word_and_the_width(text, width):
    lines = wrap(text, 12, width)
    assert " ".join(lines).split() == text.split()
    assert all(width_of(line, 12) <= width or " " not in line for line in lines)


def test_a_headline_breaks_evenly_into_as_few_lines():
    text = "Mainstream share rose from 41.6% to 44.0% since January 2023"
    wide = width_of(text, 22, bold=True) - 1
    assert wrap(text, 22, wide, bold=True)[1] == "2023"
    first, second = balanced(text, 22, wide, bold=True)
    assert f"{first} {second}" == text
    assert abs(width_of(first, 22) - width_of(second, 22)) < width_of(text, 22) / 3
    assert balanced("", 22, wide) == []
    assert balanced("Short", 22, wide) == ["Short"]


def test_text_widths_are_arials():
    # Arial at 1000 px: digits 556, space 278, W 944
    assert width_of("1 W", 1000) == 556 + 278 + 944
    assert joined(["A & B", "<c>"]) == "A &amp; B<br>&lt;c&gt;"


def test_unknown_names_are_named():
    with pytest.raises(UnknownId, match="unknown colour scheme 'pink'"):
        scheme("pink")
    with pytest.raises(UnknownId, match="unknown chart size 'fone'"):
        size("fone")
    with pytest.raises(WrongUse, match="unknown kind of chart 'pie'"):
        chart(made.caseload(), kind="pie")


def test_an_id_is_no_series():
    with pytest.raises(WrongUse, match=r"drawn from series(.|\n)*found: 'plans.caseload'"):
        chart("plans.caseload")


@pytest.mark.parametrize("empty", [(), (made.series([]),)])
def test_nothing_to_draw(empty):
    with pytest.raises(WrongUse, match="there is nothing to draw"):
        chart(*empty)


def test_a_series_of_gaps_is_still_a_chart():
    drawn = chart(made.series([made.row("2020-01", None), made.row("2021-01", None)]))
    assert drawn.title == "No figures for EHC plans in force"
    spec = drawn.spec()
    assert spec["data"][0]["y"] == [None, None]
    assert [a["name"] for a in spec["layout"]["annotations"]] == ["title", "subtitle", "source"]


def test_a_year_without_a_row_is_a_gap_with_its_reason():
    held = made.series([made.row(f"{year}-01", 9) for year in (2019, 2020, 2022)])
    lost = Absent("2021-01", "no_row", "2025", ("E92000001",))
    drawn = chart(replace(held, absent=(lost,)))
    assert dict(drawn.rows)["January 2021"] == "no row"
    assert "Not shown, no row in the file: January 2021." in [n.text for n in drawn.notes]


def test_many_gaps_are_counted_and_few_are_named():
    rows = [made.row(f"{2010 + n}-01", None if n < 5 else 1.0) for n in range(8)]
    assert chart(made.series(rows)).notes[0].text == "Not shown, suppressed: 5 values."


def test_ids_say_series_basis_place_and_kind_or_what_is_asked():
    drawn = chart(made.timeliness())
    assert drawn.id == "timeliness-within-20-weeks-excluding-exceptions-england-trend"
    assert chart(made.caseload(), id="growth").id == "growth"
    assert repr(chart(made.caseload(), id="growth")).startswith("<Chart growth: EHC plans")


def test_snapshots_and_flows_share_an_axis_in_true_time():
    flow = made.series(
        [made.row("2019", 10.0), made.row("2020", 12.0)], id="plans.new", title="New EHC plans",
        kind="flow",
    )  # fmt: skip
    stock = made.series([made.row("2020-01", 20.0), made.row("2021-01", 22.0)])
    found = {t["name"]: t["x"] for t in chart(stock, flow).spec()["data"]}
    assert found == {"EHC plans in force": [2020.0, 2021.0], "New EHC plans": [2019.5, 2020.5]}


def test_labels_can_be_reworded():
    drawn = chart(made.caseload(), labels={"England": "All of England"}, subtitle="Plans, England")
    assert drawn.lines[0].line.label == "All of England"
    assert drawn.subtitle == "Plans, England"


def test_shares_keep_the_group_in_focus_however_small():
    groups = ["mainstream", "special", "fe_post16", "ap_pru", "early_years"]
    counts = {g: {"2024-01": 500 - 100 * n, "2025-01": 525 - 105 * n} for n, g in enumerate(groups)}
    whole = {"2024-01": 2000, "2025-01": 2100}
    drawn = chart(*made.placements(counts, whole), focus="Early years")
    assert "Early years" in [d.line.label for d in drawn.lines]
    assert drawn.title.startswith("Early years share unchanged at 5.0% since")
    assert "Alternative provision" in drawn.headings
