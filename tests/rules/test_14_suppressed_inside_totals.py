"""14. Suppressed authorities inside a national total.

Wrong: timeliness improved from 49.2 % in 2022 to 50.3 % in 2023. Four authorities printed no
figure for 2022, yet 871 plans (825 without exceptions) of two of them stay below the line.
Right: the same authorities on both sides give 49.8 % in 2022, and London 58.9 % instead of 54.7 %.
The published figure stays the value; the finding stands beside it.
"""

import polars as pl
import pytest

import sendstats as ss
from sendstats.errors import Refused

RATE, BASIS = "timeliness.within_20_weeks", "excluding_exceptions"
BOTH = "the authorities that have both counts"
SILENT = ["Norfolk", "Havering", "Tower Hamlets", "West Berkshire"]


def counted(series_id, place, basis):
    rows = ss.series(series_id, place=place, basis=basis, release="2025").rows
    return rows.filter(pl.col("period") == "2022")


def test_the_wrong_number(value):
    rates = [value(RATE, year, basis=BASIS, release="2025") for year in ("2022", "2023")]
    assert [round(rate, 1) for rate in rates] == [49.2, 50.3]


@pytest.mark.parametrize(("basis", "below"), [(BASIS, 825), ("including_exceptions", 871)])
def test_plans_below_the_line_without_any_above(basis, below):
    """Authorities with figures make up all of England's numerator, and not of its denominator."""
    silent = counted("timeliness.issued_within_20_weeks", SILENT, basis)
    assert silent["reason"].to_list() == ["non_return"] * 4
    missing = {}
    for name in ("timeliness.issued_within_20_weeks", "timeliness.issued"):
        england = counted(name, "England", basis)["value"].item()
        missing[name] = england - counted(name, "local authorities", basis)["value"].sum()
    assert list(missing.values()) == [0, below]


def test_an_incoherent_total_is_flagged_and_left_as_published(figure):
    found = figure(RATE, "2022", basis=BASIS, release="2025")
    assert round(found.value, 1) == 49.2
    assert _effect("England", found).endswith("_ex 49.2 as published, 49.8 for " + BOTH)


def test_what_a_value_of_london_shows_is_of_london(figure):
    """5,222 of 9,555 is 54.7 per cent; of the 8,860 of authorities that have both counts, 58.9."""
    found = figure(RATE, "2022", place="London", basis=BASIS, release="2025")
    assert _effect("London", found).endswith("_ex 54.7 as published, 58.9 for " + BOTH)
    told = ss.trace(RATE, "2022", place="London", basis=BASIS, release="2025").notes
    (text,) = (n.text for n in told if n.id.startswith("numerator present"))
    assert text.startswith("London, 2022, plans_issued_den_ex: expected 8,860 ")


def _effect(place, found):
    """The effect of the one finding of a place that stands on its rate of 2022."""
    mine = ss.findings(place).filter(
        (pl.col("period") == "2022")
        & (pl.col("column") == "issued.excluding_exceptions")
        & (pl.col("place_name") == place)
    )
    assert mine["finding"].item() in found.flags
    return mine["effect"].item()


@pytest.mark.parametrize(
    ("basis", "column"),
    [(BASIS, "plans_issued_den_ex"), ("including_exceptions", "plans_issued_den")],
)
def test_the_finding_stands_beside_the_figure_that_is_served(figure, basis, column):
    """A later release, held as an extract, prints the same counts; it could not be checked."""
    served, checked = (figure(RATE, "2022", basis=basis, **r) for r in ({}, {"release": "2025"}))
    assert served.release == "2026"
    assert (served.numerator, served.denominator) == (checked.numerator, checked.denominator)
    notes = ss.trace(RATE, "2022", basis=basis).notes
    (told,) = (n.text for n in notes if n.id.startswith("numerator present"))
    assert told.startswith(f"England, 2022, {column}: ")
    assert "found in release 2025" in told


def test_the_right_number_from_the_counts():
    """30,536 of 61,283: the authorities that have a numerator, on both sides."""
    names = ("timeliness.issued_within_20_weeks", "timeliness.issued")
    above, below = (counted(n, "local authorities", BASIS)["value"].sum() for n in names)
    assert (above, below) == (30_536, 61_283)
    assert round(100 * above / below, 1) == 49.8


@pytest.mark.parametrize(("place", "rate"), [("England", 49.8), ("London", 58.9)])
def test_the_same_authorities_on_both_sides_are_a_basis_of_their_own(figure, place, rate):
    found = figure(RATE, "2022", place=place, basis=[BASIS, "same_authorities"], release="2025")
    assert round(found.value, 1) == rate
    assert "same_authorities" in found.flags


def test_what_is_worked_out_over_some_authorities_stands_in_no_cell():
    basis = [BASIS, "same_authorities"]
    traced = repr(ss.trace(RATE, "2022", place="London", basis=basis, release="2025"))
    assert "(5,222 of 8,860)" in traced
    assert "printed     in no cell: it is worked out" in traced


def test_the_two_bases_are_not_spliced(figure):
    coherent = figure(RATE, "2022", basis=[BASIS, "same_authorities"], release="2025")
    with pytest.raises(Refused, match="basis"):
        ss.change(coherent, figure(RATE, "2023", basis=BASIS, release="2025"))
    later = figure(RATE, "2023", basis=[BASIS, "same_authorities"], release="2025")
    assert round(ss.change(coherent, later).value, 1) == 0.4
