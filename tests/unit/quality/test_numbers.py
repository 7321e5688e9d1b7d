"""Numbers that stand beside another authority's name, in a table made for people to read."""

import polars as pl
import pytest

from sendstats.catalogue.tables import table
from sendstats.quality.gates import Checks

RULE = "a number belongs to the name beside it"
TRIBUNAL = table("tribunal_appeals")


@pytest.fixture
def printed():
    """Return a function that checks rows of a name and a number, in two years."""

    def run(*numbers):
        rows = [
            {
                "row": row,
                "place": key,
                "level": "Local authority" if key[0] != "E" else "National",
                "period": year,
                "topic": "total",
                "item": "total",
                "appeals": "9",
                "printed_number": number,
            }
            for row, (key, number) in enumerate(numbers, 66)
            for year in ("2014", "2015")
        ]
        held = dict.fromkeys(["label", *TRIBUNAL.layout("2025").columns])
        frame = pl.DataFrame([held | row for row in rows], infer_schema_length=None)
        checks = Checks()
        checks.add(
            frame.with_columns(pl.col(pl.Null).cast(pl.String)), TRIBUNAL, "2025", extract=False
        )
        findings, flags, _ = checks.result()
        mine = findings.filter(pl.col("rule") == RULE).to_dicts()
        return mine, flags.filter(pl.col("finding").is_in([f["finding"] for f in mine]))

    return run


def test_numbers_of_others_are_one_finding(printed):
    """Rows 67 to 69 of the file: 892, 891 and 928 beside the three names."""
    (found,), flags = printed(("857", "857"), ("928", "892"), ("892", "891"), ("891", "928"))
    assert (found["row"], found["found"], found["expected"]) == (
        67,
        "892",
        "928 (Northamptonshire)",
    )
    assert (found["published_column"], found["kind"]) == ("LA code", "contradiction")
    assert found["touches"] == "891;892;928"
    assert found["cause"] == (
        "892 beside Northamptonshire, 891 beside Nottingham, 928 beside Nottinghamshire: "
        "numbers of other authorities"
    )
    assert set(flags["row"]) == {67, 68, 69}
    assert set(flags["period"]) == {"2014", "2015"}
    assert {"appeals", "appealable_decisions"} <= set(flags["column"])


def test_numbers_that_are_no_others(printed):
    """England has none; Dorset was another area before, of the same name; codes are numbers."""
    mine, _ = printed(("E92000001", ""), ("835", "838"), ("838", "838"), ("838", "E06000059"))
    assert mine == []


def test_a_number_of_nobody(printed):
    (found,), _ = printed(("838", "999"))
    assert found["found"] == "999"
