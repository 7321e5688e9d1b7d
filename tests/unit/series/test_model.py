"""What a reader holds: one figure or many, never without their meaning."""

import copy
from dataclasses import replace

import polars as pl
import pytest

from made import RELEASE, caseload, row, series, timeliness
from sendstats.errors import UnknownId, WrongUse
from sendstats.series.model import Note

BREAK = Note("b", "break", "It broke.", period="2020-01", label="Break")


def test_one_observation():
    found = caseload().at("2021-01")
    assert (found.value, found.period, found.definition.kind) == (430_697, "2021-01", "stock")
    assert repr(found) == (
        "<plans.caseload 2021-01 England: 430,697 plans; published '430697', release 2025>"
    )
    assert copy.copy(found) == found
    with pytest.raises(AttributeError):
        found.colour  # noqa: B018 - asking is the test


def test_a_null_says_why_and_a_basis_is_said():
    null = series([row("2020", None)]).at("2020")
    assert ": null (suppressed); published 'x'" in repr(null)
    assert "timeliness.within_20_weeks, excluding_exceptions" in repr(timeliness().at("2020"))


TWO = series([row("2020-01", 1), row("2020-01", 2, place="370", place_name="Barnsley")])


def test_at_needs_exactly_one():
    assert TWO.at("2020-01", "Barnsley").value == TWO.at("2020-01", "370").value == 2
    with pytest.raises(WrongUse, match="2 observations for 2020-01"):
        TWO.at("2020-01")
    with pytest.raises(UnknownId, match="did you mean '2020-01'"):
        TWO.at("2020-02")
    with pytest.raises(UnknownId, match="unknown period '2020'"):
        TWO.at(2020)
    with pytest.raises(UnknownId, match="did you mean 'Barnsley'"):
        TWO.at("2020-01", "Barnsly")


def test_latest_periods_keep_what_touches_them():
    rows = [row("2015", 1, flags=["b"]), row("2024", 2, flags=["c"])]
    found = series(rows, notes=(BREAK, Note("c", "caveat", "Careful."))).latest(1)
    assert [n.id for n in found.notes] == ["c"]
    assert [s.periods for s in found.sources] == [("2024",)]


def test_a_series_is_itself_and_no_other():
    one = caseload()
    assert one in [one]
    assert one not in [caseload()]


def test_latest_periods():
    assert caseload().latest(2).periods == ["2025-01", "2026-01"]
    assert len(caseload().latest()) == 5
    assert len(caseload().latest(99)) == 8


def test_frames():
    found = timeliness()
    assert found.to_polars() is found.rows
    frame = found.to_pandas()
    assert list(frame.columns) == found.rows.columns
    assert frame["value"].tolist() == found.rows["value"].to_list()


def test_repr_says_everything_that_a_number_needs():
    """Issue 2, point 6: title, unit, stock or flow, universe, basis, release, breaks, flags."""
    notes = (Note("z", "break", "Later.", "2021-01"), BREAK, Note("c", "caveat", "Careful."))
    rows = [row("2020-01", 1, flags=["b"]), row("2021-01", 2)]
    text = repr(series(rows, notes=notes))
    for part in (
        "EHC plans in force [plans.caseload]",
        "unit        plans",
        "kind        stock",
        "universe    plans for people aged 0 to 25, by the authority that maintains the plan",
        "basis       one only",
        "releases    2025: 2015, 2024",
        "breaks      It broke.; Later.",
        "cells       2, of which 1 flagged",
    ):
        assert part in text
    assert "unit        percent, of" not in repr(timeliness())
    assert "basis       excluding_exceptions" in repr(timeliness())
    nothing = series([]).latest()
    assert "none in these periods" in repr(nothing)
    assert len(nothing) == 0
    assert nothing.rows.filter(pl.col("value") > 0).is_empty()


def test_repr_names_the_periods_that_a_release_served_and_not_those_between():
    served = replace(RELEASE, periods=("2018-01", "2020-01", "2021-01"))
    rows = [row(f"{year}-01", 1) for year in range(2018, 2022)]
    shown = repr(replace(series(rows), sources=(served,)))
    assert "releases    2025: 2018-01, 2020-01 to 2021-01" in shown
