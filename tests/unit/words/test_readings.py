"""Lines of series: labels, exact values, gaps and small bases."""

from __future__ import annotations

import pytest

import made
from sendstats import words
from sendstats.series.model import Note


def only(series):
    (line,) = words.lines_of((series,))
    return line


def test_a_line_is_labelled_by_what_tells_it_from_the_others():
    rows = [
        made.row("2020-01", 1.0, place=key, place_name=name)
        for key, name in (("E1", "London"), ("E2", "Kent"))
    ]
    assert [x.label for x in words.lines_of((made.series(rows),))] == ["London", "Kent"]
    shares = made.placements(
        {"mainstream": {"2020-01": 4}, "ap_pru": {"2020-01": 1}}, {"2020-01": 100}
    )
    lines = words.lines_of(tuple(shares), {"ap_pru": "Alternative provision"})
    assert [x.label for x in lines] == ["Mainstream", "Alternative provision"]
    assert lines[1].subject == "Alternative provision share of EHC plans in force"
    assert only(made.caseload()).label == "England"


def test_one_figure_of_two_releases_is_two_lines():
    first, second = (
        made.series([made.row("2020-01", value, release=slug)])
        for slug, value in (("2024", 8.0), ("2025", 9.0))
    )
    lines = words.lines_of((first, second))
    assert [x.label for x in lines] == ["Release 2024", "Release 2025"]
    assert [len(x.readings) for x in lines] == [1, 1]
    assert only(first).label == "England"


def test_a_count_of_one_placement_is_named_by_it():
    rows = [made.row("2020-01", 1.0, placement="special")]
    line = only(made.series(rows, title="EHC plans in force, by placement"))
    assert line.subject == "EHC plans in force, special"


def test_the_value_is_exact_and_rounded_once():
    (reading,) = only(made.series([made.rate("2020", 1, 32)], **made.TIMED)).readings
    assert reading.value == pytest.approx(3.125)
    assert str(reading.rounded) == "3.1"
    assert reading.text == "3.1%"


@pytest.mark.parametrize(("base", "shown"), [(29, False), (30, True)])
def test_a_rate_of_fewer_than_thirty_is_held_back(base, shown):
    (reading,) = only(made.series([made.rate("2020", 9, base)], **made.TIMED)).readings
    assert (reading.value is not None) is shown
    assert reading.reason == ("" if shown else "small_base")
    assert reading.denominator == base


def test_a_small_base_known_only_by_its_flag_is_held_back_too():
    note = Note("tiny", "small_base", "Fewer than 30.")
    flagged = [made.row("2020", 50.0, flags=["tiny"])]
    (reading,) = only(made.series(flagged, notes=(note,), **made.TIMED)).readings
    assert reading.value is None


def test_counts_do_not_fill_a_published_gap():
    gap = made.rate("2020", 40, 100) | {"value": None, "reason": "suppressed"}
    (reading,) = only(made.series([gap], **made.TIMED)).readings
    assert reading.value is None
    assert reading.rounded is None
    assert reading.text == ""
    assert reading.reason == "suppressed"
