"""C1, C2, C12: titles are short and true, subtitles complete, alternative text equals the data."""

from __future__ import annotations

import re
from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

import made
from sendstats import words
from sendstats.series.model import Note

PLANS = "EHC plans in force"
BREAK = Note("person_level", "break", "A new return.", "2022", "New return")


def lines(*series):
    return words.lines_of(series)


def test_a_title_compares_the_ends_of_a_line():
    assert words.title(lines(made.timeliness())) == (
        "EHC plans issued within 20 weeks fell to 46.4%"
    )
    assert words.title(lines(made.timeliness()), subject="On-time plans") == (
        "On-time plans fell from 59.2% to 46.4%"
    )
    # 718,838 of 353,995 is 203.1 per cent
    assert words.title(lines(made.caseload())) == (
        "EHC plans in force up 103.1% since January 2019"
    )


def test_a_title_never_reaches_across_a_break():
    line = lines(made.timeliness())
    before, after = words.comparable(line[0], (BREAK,))
    assert (before.period, after.period) == ("2022", "2024")
    assert "from 49.2% to 46.4%" in words.title(line, (BREAK,), subject="On time")


def test_a_title_that_differs_from_the_whole_line_says_since_when():
    fell_then_rose = [(2020, 60), (2021, 30), (2022, 40), (2023, 45)]
    rows = [made.rate(str(y), n, 100) for y, n in fell_then_rose]
    back = Note("back", "break", "A new return.", "2021")
    line = lines(made.series(rows, **made.TIMED))
    # 60 per cent at first, so "rose to 45.0%" alone would mislead
    assert words.title(line, (back,), subject="On time") == (
        "On time rose from 30.0% to 45.0% since 2021"
    )


def test_a_title_does_not_start_from_a_flagged_figure():
    flagged = made.timeliness(y2015=["odd"], y2016=["odd"])
    pair = words.comparable(lines(flagged)[0])
    assert pair[0].period == "2017"


@pytest.mark.parametrize(("slight", "start"), [(True, "2015"), (False, "2017")])
def test_a_finding_that_leaves_a_figure_what_it_is_may_start_a_title(slight, start):
    flagged = made.timeliness(y2015=["odd"], y2016=["odd"])
    odd = replace(flagged, notes=(Note("odd", "finding", "Parts miss it.", slight=slight),))
    assert words.comparable(lines(odd)[0])[0].period == start


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (
            [("2020-01", 5.0), ("2021-01", 5.0)],
            "EHC plans in force unchanged at 5 since January 2020",
        ),
        ([("2020-01", 0.0), ("2021-01", 40.0)], f"{PLANS} up 40 since January 2020"),
        ([("2020-01", 10.0), ("2021-01", 5.0)], f"{PLANS} down 50.0% since January 2020"),
        ([("2020-01", 10.0)], f"{PLANS}: 10 in January 2020"),
        ([("2020-01", None)], f"No figures for {PLANS}"),
    ],
)
def test_titles_of_other_shapes(values, expected):
    assert words.title(lines(made.series([made.row(*v) for v in values]))) == expected


@pytest.mark.parametrize(
    ("values", "expected"),
    [([10.0, 20.0], "From 10 to 20"), ([10.0], "10 in January 2020"), ([None], "No figures for")],
)
def test_a_name_too_long_for_a_title_is_left_to_the_subtitle(values, expected):
    rows = [made.row(f"{2020 + n}-01", v) for n, v in enumerate(values)]
    assert words.title(lines(made.series(rows, title="a " * 12))).startswith(expected)


def test_a_compared_place_is_named():
    rows = [
        made.row(p, v * k, place=f"E{k}", place_name=name)
        for p, v in (("2020-01", 10.0), ("2021-01", 20.0))
        for k, name in ((1, "Kent"), (2, "London"))
    ]
    assert words.title(lines(made.series(rows))) == (
        "EHC plans in force in Kent up 100.0% since 2020"
    )


subjects = st.lists(st.sampled_from(["plans", "in", "force", "EHC", "schools"]), min_size=1)


@given(subjects, st.integers(1, 10**6), st.integers(1, 10**6))
def test_every_generated_title_is_short_sentence_case_and_borne_out(subject, first, last):
    rows = [made.row("2020-01", float(first)), made.row("2021-01", float(last))]
    line = lines(made.series(rows))
    text = words.title(line, subject=" ".join(subject))
    assert 0 < len(text.split()) <= 10
    assert text[0].upper() == text[0]
    assert words.unsupported(text, line) == []
    # judged here on the figures, not by the code under test
    moved = Fraction(last - first, first)
    assert not (" up " in text and moved <= 0)
    assert not (" down " in text and moved >= 0)


def test_figures_in_a_title_written_by_hand_must_be_in_the_data():
    line = lines(made.caseload())
    assert words.unsupported("Plans more than doubled since 2019", line) == []
    assert words.unsupported("Plans rose 12.5% in a year to 718,838", line) == []
    assert words.unsupported("Plans rose 13% from 2025, or 12%", line) == ["12%"]
    rates = lines(made.timeliness())
    assert words.unsupported("Plans issued within 20 weeks: 46.4%", rates) == []
    assert words.unsupported("Down 2.3 points from 60.4%", rates) == []
    assert words.unsupported("Down 2.4 points from 60.4%", rates) == ["2.4"]


def test_a_subtitle_states_measure_basis_unit_area_and_period():
    used = made.timeliness()
    assert words.subtitle([used], lines(used)) == (
        "EHC plans issued within 20 weeks, excluding exceptions, per cent, England, 2015 to 2024"
    )
    assert words.subtitle([made.caseload()], lines(made.caseload())) == (
        "EHC plans in force, number of plans, England, January 2019 to January 2026"
    )
    rows = [made.row("2020-01", 1.0, place=str(n), place_name=f"Area {n}") for n in range(5)]
    assert "5 areas" in words.subtitle([made.series(rows)], lines(made.series(rows)))
    two = made.series(rows[:2])
    assert "Area 0 and Area 1" in words.subtitle([two], lines(two))


def test_alternative_text_holds_the_figures_of_the_data():
    text = words.alt_text("Line chart", lines(made.timeliness()))
    for part in ("Line chart", "England", "2015 to 2024", "59.2% first", "46.4% last"):
        assert part in text
    # the highest of the counts: 23,805 of 36,702
    assert "peak 64.9% in 2017" in text
    assert "\N{MINUS SIGN}12.8 percentage points" in text
    assert "the peak" in words.alt_text("Line chart", lines(made.caseload()))
    across = words.alt_text("Line chart", lines(made.timeliness()), (BREAK,))
    assert "Change since 2022" in across


def test_alternative_text_compares_lines_and_stays_within_fifty_words():
    long = "Bournemouth, Christchurch and Poole and the rest of an unusually long name of a place"
    rows = [
        made.row(p, 10.0 * n, place=str(n), place_name=f"{long} {n}")
        for p in ("2020-01", "2021-01")
        for n in range(1, 5)
    ]
    text = words.alt_text("Line chart", lines(made.series(rows)))
    assert len(text.split()) <= 50
    short = [made.row("2020-01", 10.0 * n, place=str(n), place_name=f"A{n}") for n in (1, 2)]
    assert "Others last: A2 20." in words.alt_text("Line chart", lines(made.series(short)))
    wordy = made.series([made.row("2020-01", 1.0)], title="word " * 60)
    assert len(words.alt_text("Line chart", lines(wordy)).split()) == 50
    empty = lines(made.series([made.row("2020-01", None)]))
    assert words.alt_text("Line chart", empty).endswith("No figures to show.")


def test_only_figures_count_as_figures():
    assert words.unsupported("No figure at all", lines(made.caseload())) == []
    assert re.search(r"\d", "No figure at all") is None
