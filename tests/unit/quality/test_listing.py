"""Findings as lines of text, those that touch England first."""

import polars as pl

from builders import ENGLAND
from sendstats.quality.findings.listing import listing

DEN, NUM = "issued.including_exceptions", "within_20_weeks.including_exceptions"
BANDS = (NUM, "weeks_20_to_52.including_exceptions", "over_52_weeks.including_exceptions")


def counted(place, label, *counts, **more):
    return {"place": place, "label": label} | dict(zip((DEN, *BANDS), counts, strict=True)) | more


def test_what_moves_an_england_figure_comes_first_and_the_rest_is_counted(checked):
    rows = [
        counted(ENGLAND, 2023, 31, 10, 10, 10, **{f"{NUM}.percent": "32.3"}),
        counted(ENGLAND, 2024, 50, 10, 10, 10, **{f"{NUM}.percent": "20"}),
        counted("370", 2024, 30, 10, 10, 10),
    ]
    findings, _, _ = checked(rows, extract=False)
    first, second, *rest = listing(findings)
    assert first.startswith("1. England pc_plans_issued_within_20_weeks 20 as published, 33.3 ")
    assert "timeliness_20_week.csv of release 2025, row 2" in first
    assert second.startswith("2. England pc_plans_issued_within_20_weeks 32.3 as published, 33.3 ")
    assert rest[-1].startswith("besides, ")
    assert "of kind gap" in rest[-1]


def test_the_same_finding_of_two_releases_is_one_line(checked):
    rate = {f"{NUM}.percent": "32.3"}
    findings, _, _ = checked([counted(ENGLAND, 2023, 31, 10, 10, 10, **rate)], extract=True)
    again = findings.with_columns(pl.lit("2026").alias("release"))
    (line,) = listing(pl.concat([findings, again]))
    assert "of release 2025, 2026, row 1" in line


def test_nothing_found_is_no_line(checked):
    findings, _, _ = checked([counted(ENGLAND, 2023, 30, 10, 10, 10)], extract=True)
    assert list(listing(findings)) == []
