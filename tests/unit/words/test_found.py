"""Findings in two sentences."""

import polars as pl
import pytest

import sendstats as ss
from sendstats.errors import WrongUse


def rows(*kinds, effect=""):
    made = [
        {"kind": k, "effect": effect, "file": "residential.csv", "period": "2023-01"} for k in kinds
    ]
    return pl.DataFrame(made, schema=dict.fromkeys(("kind", "effect", "file", "period"), pl.String))


def test_kinds_are_counted_the_weightiest_first():
    said = str(ss.say_findings(rows("doubt", "gap", "contradiction", "gap")))
    assert said.startswith("Arithmetic finds 1 contradiction, 2 gaps and 1 doubt in the published")
    assert said.endswith("No contradiction touches a printed figure of England.")


def test_the_largest_contradiction_is_said_with_its_file():
    effect = "England Res_tot 44 as published, 22 by its parts; England Res_pc 4 as published, 2"
    said = str(ss.say_findings(rows("contradiction", effect=effect)))
    assert said == (
        "Arithmetic finds 1 contradiction in the published files. The largest contradiction for a "
        "figure of England is in residential.csv, January 2023: Res_tot 44 as published, 22 by its "
        "parts."
    )


def test_nothing_found_is_no_answer():
    with pytest.raises(WrongUse, match="no finding"):
        ss.say_findings(rows())
