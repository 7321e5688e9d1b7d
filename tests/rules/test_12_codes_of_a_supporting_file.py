"""12. Codes in a supporting file taken at their word.

Wrong: joined on the number printed beside the name, 292 of 302 authority cells of the tribunal
table agree with what the authorities returned: five numbers belong to other authorities, so that
Nottingham has the decisions of Northamptonshire.
Right: joined on the name, 302 of 302. A number that is not the name's own is a fault unless it is
listed as a misprint, and the name decides.
"""

import polars as pl
import pytest

import sendstats as ss
from sendstats.catalogue.places import places
from sendstats.catalogue.tables import table

YEARS = ["2019", "2020"]
#: Name of an authority, and the number printed beside it.
MISPRINTED = {
    "Cambridgeshire": "823",
    "Central Bedfordshire": "873",
    "Northamptonshire": "892",
    "Nottingham": "891",
    "Nottinghamshire": "928",
}


def local(series_id, **options):
    """Values of every authority, by year and number; a stock counts for the year before it."""
    found = ss.series(series_id, place="local authorities", **options).rows
    year = pl.col("period").str.head(4).cast(pl.Int32)
    year = year - pl.col("period").str.ends_with("-01").cast(pl.Int32)
    return found.select(
        year.cast(pl.String).alias("year"), "place", pl.col("value").alias("number")
    )


@pytest.fixture(scope="module")
def returned():
    """What authorities returned: refused, without a plan, needs met, and in force a month later."""
    parts = [
        local("requests.refused", release="2022"),
        local("assessments.not_issued", release="2022"),
        local("plans.discontinued", topic="reason_old", item="needs_met", release="2022"),
        local("plans.caseload", release="2022"),
    ]
    summed = pl.concat(parts).group_by("year", "place").agg(pl.col("number").sum(), pl.len())
    return summed.filter(pl.col("len") == len(parts)).drop("len")


@pytest.fixture(scope="module")
def printed():
    """What the tribunal table prints, under the authority that its row names."""
    rows = local("tribunal.decisions", release="2025")
    return rows.filter(pl.col("year").is_in(YEARS) & pl.col("number").is_not_null())


def agreeing(printed, returned):
    both = printed.join(returned, on=["year", "place"], suffix="_returned")
    return both.filter(pl.col("number") == pl.col("number_returned")).height


def test_the_wrong_number(printed, returned):
    """The same rows, put under the number that is printed beside the name."""
    keys = {p.name: key for key, p in places().items() if p.level == "Local authority"}
    as_printed = {keys[name]: code for name, code in MISPRINTED.items()}
    by_code = printed.with_columns(pl.col("place").replace(as_printed))
    assert (printed.height, agreeing(by_code, returned)) == (302, 292)


def test_the_name_decides(printed, returned):
    assert (printed.height, agreeing(printed, returned)) == (302, 302)


def test_a_figure_is_found_again_in_the_file():
    """The row of England is the 173rd under the title, line 174; it prints "9,184" under 2021."""
    england = ss.trace("tribunal.appeals", "2021").observation
    assert (england.value, england.row, england.column) == (
        9_184, "173", "Appeals registered (2021)")  # fmt: skip
    scilly = ss.series("tribunal.appeals", place="Isles of Scilly").at("2023")
    assert (scilly.value, scilly.reason, scilly.row) == (None, "blank", "164")


def test_every_misprint_is_listed():
    assert table("tribunal_appeals").layout("2025").cross.misprinted == MISPRINTED


def test_the_decisions_of_england(value):
    """2021: 20,830 refused, 3,903 without a plan, 428 ceased, 473,255 in force a month later."""
    assert value("tribunal.decisions", "2021") == 20_830 + 3_903 + 428 + 473_255 == 498_416
    assert value("tribunal.decisions", "2020") == 450_751
