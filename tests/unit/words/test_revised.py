"""Two sentences on what changed between two releases."""

import polars as pl
import pytest

from sendstats.errors import WrongUse
from sendstats.quality.revisions.schema import listed
from sendstats.words import say_revisions


def change(kind, **more):
    row = {
        "kind": kind,
        "publication": "education-health-and-care-plans",
        "table": "caseload",
        "old_release": "2022",
        "new_release": "2025",
        "period": "2021-01",
        "place": "E92000001",
        "level": "National",
        "topic": "total",
        "item": "total",
        "column": "mainstream",
        "old": "10",
        "new": "12",
        "change": 2.0,
        "new_column": "mainstream_total",
    }
    return row | more


def said(*rows):
    return say_revisions(listed([pl.DataFrame(list(rows))])).sentences


def test_every_kind_is_counted_and_the_largest_revision_of_england_named():
    first, second = said(
        change("revised"),
        change("revised", column="not_recorded", old="19339", new="15389", change=-3950.0),
        change("revised", place="840", level="Local authority", old="0", new="9999", change=9999.0),
        change("revised", column="mainstream.percent", old="1", new="9999", change=9998.0),
        change("symbol", new="x", change=None),
    )
    assert first == (
        "From Reporting year 2022 to Reporting year 2025, 4 numbers were revised, "
        "1 cell changed its symbol and no figure changed its definition."
    )
    assert second == (
        "The largest revision for England is of EHC plans in force in January, placement not "
        "recorded, January 2021: 19,339 became 15,389."
    )


def test_without_a_revision_it_says_what_else_differs():
    first, second = said(change("withdrawn"), change("withdrawn", column="special"))
    assert "no number was revised" in first
    assert second == "Besides, 2 lines were withdrawn and no line was added."


def test_a_figure_without_a_placement_is_named_by_its_column_and_part():
    _, second = said(change("revised", column="plans", new_column="ehcplans", item="age_10"))
    assert ", column ehcplans, age 10, January 2021: 10 became 12." in second


def test_a_sum_of_parts_is_no_count_to_name():
    assert "Besides" in said(change("revised", old="4 + 6"))[1]


@pytest.mark.parametrize("rows", [[], [change("revised"), change("revised", old_release="2024")]])
def test_one_pair_of_releases_at_a_time(rows):
    found = listed([pl.DataFrame(rows)] if rows else [])
    with pytest.raises(WrongUse, match="two releases"):
        say_revisions(found)
