"""A note to the publisher: every paragraph can be checked against the file it names."""

import polars as pl
import pytest

import sendstats as ss
from sendstats.quality.schema import FINDINGS, FLAGS
from sendstats.series.api import default_store
from sendstats.words import letter


def finding(**more):
    """Essex: 606 plans ceased, and reasons that add up to 600 (figures made up)."""
    row = {
        "finding": "parts sum to the total.ceased.2025.2023.881.total.total",
        "rule": "parts sum to the total",
        "kind": "contradiction",
        "table": "ceased",
        "release": "2025",
        "file": "ceased_plans.csv",
        "period": "2023",
        "place": "881",
        "place_name": "Essex",
        "topic": "total",
        "label": "total",
        "column": "total",
        "published_column": "total_ceased",
        "row": 5873,
        "expected": "600 (sum of 10 parts)",
        "found": "606",
        "size": 6.0,
        "places": 1,
        "touches": "881",
        "also": "",
        "cause": "unknown",
        "effect": "",
        "effect_size": 0.0,
        "coverage": "",
        "repairable": False,
        "footnote": "",
    }
    return row | more


def written(*rows, flags=()):
    cells = [dict(zip(FLAGS, flag, strict=True)) for flag in flags]
    return letter(pl.DataFrame(list(rows), schema=FINDINGS), pl.DataFrame(cells, schema=FLAGS))


def test_a_paragraph_names_file_row_column_identity_and_figures():
    text = written(finding())
    assert (
        "1. **Essex, 2023**: `ceased_plans.csv`, row 5873, column `total_ceased` prints 606; "
        "expected: 600 (sum of 10 parts), a difference of 6. The rule is “parts sum to the "
        "total”. The figures cannot all be right. We do not know the cause."
    ) in text
    assert "## Education, health and care plans, Reporting year 2025" in text


def test_a_missing_row_is_said_to_be_missing():
    said = {"row": None, "kind": "gap", "found": "none", "expected": "a row", "size": 0.0}
    text = written(finding(**said))
    assert "**Essex, 2023**: we find no row for it in `ceased_plans.csv`" in text
    assert "prints" not in text


def test_a_part_of_a_breakdown_is_named_with_its_topic():
    said = {"topic": "age_at_start", "label": "age_10", "size": 0.0}
    text = written(finding(**said))
    assert "column `total_ceased`, age at start age 10 prints 606; expected: 600" in text
    assert "difference" not in text


def test_a_symbol_is_no_figure():
    """Wakefield, assessments.csv of 2025, row 538: `x` assessed, its three outcomes are counts."""
    text = written(finding(found="none", expected="a figure", size=0.0))
    assert "column `total_ceased` prints no figure; expected: a figure." in text


def test_a_total_that_its_items_miss_is_named_as_one():
    text = written(finding(topic="placement", found="36", expected="37 (sum of 5 items)", size=1.0))
    assert "column `total_ceased`, the total by placement, prints 36; expected: 37" in text


def test_what_is_known_is_told_and_what_is_not_is_left_out():
    said = {
        "kind": "doubt",
        "cause": "a return is not complete",
        "effect": "England total_ceased 39,419 as published, 39,413 by its parts",
        "coverage": "151 of 153 authorities have a figure",
        "footnote": "Essex could not return reasons.",
        "repairable": True,
        "period": "2023-01",
    }
    text = written(finding(**said))
    for words in (
        "**Essex, January 2023**",
        "it stands out; could it be checked?",
        "What it changes: England total_ceased 39,419 as published, 39,413 by its parts.",
        "Coverage: 151 of 153 authorities have a figure.",
        "As far as we can see: a return is not complete.",
        "Footnotes on this table and period: Essex could not return reasons.",
        "Other cells of the file prove what the figures should be.",
    ):
        assert words in text


def test_a_cause_names_columns_as_they_are_published():
    """Our own names are no words that the publisher knows."""
    said = {
        "table": "caseload",
        "file": "caseload.csv",
        "column": "elsewhere_published",
        "published_column": "ed_elsewhere",
        "cause": "elsewhere.other_settings is not counted in elsewhere_published in this period",
    }
    text = written(finding(**said))
    assert (
        "As far as we can see: `other_placement_settings` is not counted in `ed_elsewhere` in this "
        "period."
    ) in text
    assert "elsewhere." not in text


def test_other_places_and_rows_that_are_touched():
    name = finding()["finding"]
    rows = [5873, 685, 183, 1, 2, 3, 4, 5]
    flags = [(name, "ceased", "2025", row, "2024", "total") for row in rows]
    flags.append((name, "caseload", "2025", 99, "2024-01", "plans"))
    text = written(finding(touches="881;E12000006;E92000001"), flags=flags)
    assert (
        "Places touched: East of England, England; other rows: 1, 2, 3, 4, 5, 183 and 1 more."
        in (text)
    )


def test_the_newest_release_first_and_in_it_the_largest_effect():
    rows = [
        finding(finding="a", place_name="Small", effect_size=0.1),
        finding(finding="b", place_name="Large", effect_size=4.2),
        finding(finding="c", place_name="Doubt", kind="doubt", size=900.0),
        finding(finding="d", place_name="Older", release="2022", effect_size=9.0),
    ]
    text = written(*rows)
    order = [text.index(name) for name in ("Large", "Small", "Doubt", "Older")]
    assert order == sorted(order)
    assert text.count("\n1. ") == 2


def test_nothing_found_is_said_so():
    assert "There is nothing to report." in written()


@pytest.mark.parametrize("wording", ["Thank you", "glad to be told", "not official statistics"])
def test_it_is_polite_and_says_what_it_is(wording):
    assert wording in written(finding())


def test_every_committed_finding_has_its_paragraph():
    found = ss.findings()
    text = letter(found, default_store().flags)
    assert text.count("\n\n1. ") == found["release"].n_unique()
    for row in found.iter_rows(named=True):
        assert f"**{row['place_name']}, " in text
        assert f"`{row['file']}`" in text
    assert len(text.split("\n\n")) == found.height + found["release"].n_unique() + 3
