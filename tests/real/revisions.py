"""Releases compared with one another on real files, and again by hand with another reader."""

from __future__ import annotations

import csv
import re
import time
from collections import Counter
from decimal import Decimal, InvalidOperation
from pathlib import Path

import polars as pl
import pytest

import sendstats as ss
from sendstats.quality.revisions.schema import KINDS
from sendstats.series.revisions import summary
from sendstats.store.vintages import revisions

EHC = "education-health-and-care-plans"
ENGLAND = "England"


@pytest.fixture(scope="session")
def compared(fetched):
    """Every row of two releases compared, from the raw files; printed with the time it took."""
    known: dict[tuple[str, str], pl.DataFrame] = {}

    def run(old, new):
        if (old, new) not in known:
            start = time.monotonic()
            known[old, new] = ss.revisions(old, new, raw=fetched.raw)
            print(f"\n{summary(known[old, new], raw=True)} ({time.monotonic() - start:.1f} s)")
        return known[old, new]

    return run


def shown(found, *columns):
    for row in found.select(columns).iter_rows():
        print("  " + " | ".join(str(x) for x in row))


def of(found, kind, **where):
    return found.filter(pl.col("kind") == kind, *(pl.col(k) == v for k, v in where.items()))


def test_no_number_was_revised_between_two_whole_releases(compared):
    """Every difference between the releases of 2022 and 2025 is named, and none is a revision."""
    found = compared("2022", "2025")
    assert of(found, "revised").is_empty()
    print(found.group_by("kind", "table").len().sort("kind", "table").rows())
    shown(of(found, "symbol"), "table", "period", "place_name", "column", "old", "new", "note")
    symbols = {
        (p, place, c): (old, new)
        for p, place, c, old, new in of(found, "symbol", table="caseload")
        .select("period", "place_name", "column", "old", "new")
        .iter_rows()
    }
    unit = "mainstream.free_school."
    # Two cells of one authority went from 0 to x: not returned, and no nought.
    assert symbols == {
        ("2021-01", "Northamptonshire", unit + "resourced_provision"): ("0", "x"),
        ("2021-01", "Northamptonshire", unit + "sen_unit"): ("0", "x"),
    }
    # One rate of 0 out of 0 changed its symbol, on both bases.
    rates = of(found, "symbol", table="timeliness")
    assert {*rates.select("place_name", "old", "new").iter_rows()} == {
        ("Isles of Scilly", "z", "x")
    }
    assert rates.height == 2


def test_what_the_later_release_leaves_out(compared):
    """Counts of new plans that only the release of 2022 prints; reference/placement_crosswalk."""
    found = of(compared("2022", "2025"), "withdrawn", table="new_plans")
    lines = found.filter(pl.col("period").is_not_null())
    shown(lines, "period", "place_name", "column", "old", "new", "cells")
    cells = {(p, c): n for p, c, n in lines.select("period", "column", "cells").iter_rows() if c}
    neet = "elsewhere.neet"
    assert sum(n for (_, c), n in cells.items() if c == neet) == 483
    assert cells["2019", "elsewhere.elective_home_education"] == 160
    rows = lines.filter(pl.col("column").is_null())
    assert rows["place_name"].to_list() == ["Isles of Scilly"]


@pytest.mark.parametrize("table", ["caseload", "new_plans"])
def test_every_declared_sum_holds_in_every_place(compared, table):
    lines = of(compared("2022", "2025"), "redefined", table=table)
    shown(lines, "period", "column", "old", "new", "cells")
    assert lines.height >= 12
    assert lines["change"].unique().to_list() == [0.0]
    agree = lines["note"].str.extract_groups(r"agree in (\d+) of (\d+) places").struct.unnest()
    assert (agree["1"] == agree["2"]).all()


def test_two_errors_of_the_earlier_release_stand_in_the_later_one(compared):
    """St. Helens and Medway: refusals 0, and as many assessments without a plan, both times."""
    found = compared("2022", "2025").filter(pl.col("place_name").is_in(["St. Helens", "Medway"]))
    assert found.filter(pl.col("table").is_in(["requests", "assessments"])).is_empty()


#: England as the releases of 2025 and 2026 print it (DfE, caseload.csv and newplans.csv).
REVISED = {
    ("caseload", "2025-01", "mainstream"): ("278236", "279452"),
    ("caseload", "2025-01", "not_recorded"): ("19339", "15389"),
    ("caseload", "2024-01", "fe_post16"): ("83781", "83204"),
    ("caseload", "2025-01", "mainstream.percent"): ("43.6", "43.8"),
    ("new_plans", "2022", "mainstream"): ("47676", "48066"),
    ("new_plans", "2024", "mainstream"): ("73369", "73712"),
    ("new_plans", "2024", "not_recorded"): ("3204", "2766"),
}
REDEFINED = {
    ("caseload", "2019-01", "special.academy_or_free"): ("35065", "35065"),  # not yet split
    ("caseload", "2024-01", "special.academy_or_free"): ("67695", "58746 + 9183"),
    ("caseload", "2025-01", "special.academy_or_free"): ("73932", "63546 + 10917"),
    ("new_plans", "2019", "elsewhere_published"): ("1187", "2196"),
    ("new_plans", "2022", "elsewhere_published"): ("2462", "1740"),
    ("ceased", "2022", "other"): ("5 + 2193", "2198"),
    ("new_plans_by_need", "2024", "plans"): ("4006", "7097"),
}


def pairs(found, kind):
    """England's changes of one kind: undivided figures, and those of children aged eleven."""
    rows = of(found, kind, place_name=ENGLAND).filter(pl.col("item").is_in(["total", "11"]))
    columns = ("table", "period", "column", "old", "new")
    return {(t, p, c): (old, new) for t, p, c, old, new in rows.select(columns).iter_rows()}


def test_revisions_of_england_and_changes_of_definition(compared):
    found = compared("2025", "2026")
    revised, redefined = pairs(found, "revised"), pairs(found, "redefined")
    assert {k: revised.get(k) for k in REVISED} == REVISED
    assert {k: redefined.get(k) for k in REDEFINED} == REDEFINED
    totals = ("received", "assessed", "total", "issued.including_exceptions")
    assert not [k for k in revised if k[2] in totals]
    # Totals of plans are what they were, but for the file by need, which had left some out.
    plans = {k: v for k, v in revised.items() if k[2] == "plans"}
    assert plans == {("new_plans_by_need", "2024", "plans"): ("97563", "97747")}
    split = of(found, "redefined", column="special.academy_or_free", period="2019-01")
    assert split["note"].to_list()[0].endswith("The sums agree in 12 of 12 places.")
    print(f"England: {len(revised)} revised, {len(redefined)} redefined")


def test_what_an_extract_lacks_is_neither_withdrawn_nor_added(compared):
    assert of(compared("2025", "2026"), "withdrawn").is_empty()
    old_extract = compared("2024", "2025")
    assert of(old_extract, "added").is_empty()
    shown(of(old_extract, "withdrawn"), "table", "period", "place_name", "column", "old", "new")


def test_the_release_before_a_whole_redesign(compared):
    """Mediation 7,490 to 7,612 and two more of requests; totals and timeliness are as they were.

    Six plans that ceased for a reason not recorded are 0 later, and no other reason has them: the
    parts of that year fall short of the total by six until the release after it.
    """
    found = compared("2024", "2025")
    revised = pairs(found, "revised")
    print(revised, pairs(found, "redefined"))
    of_requests = {c: pair for (t, p, c), pair in revised.items() if (t, p) == ("requests", "2023")}
    assert of_requests == {
        "received_youth_accommodation": ("45", "52"),
        "mediation": ("7490", "7612"),
        "tribunal": ("3410", "3576"),
    }
    assert revised["ceased", "2023", "not_recorded"] == ("6", "0")
    assert not [k for k in revised if k[0] in ("caseload", "new_plans", "timeliness")]
    assert ("assessments", "2023", "issued.percent") in pairs(found, "redefined")


# The same comparison again, by another reader and another key.


def rows_of(path: Path) -> dict[tuple[str, ...], dict[str, str]]:
    """England's undivided rows by period."""
    with path.open(encoding="utf-8-sig", newline="") as stream:
        rows = [{k.lower(): v.strip() for k, v in row.items()} for row in csv.DictReader(stream)]
    return {
        (row["time_period"],): row
        for row in rows
        if row["geographic_level"] == "National" and row["breakdown"] == row["breakdown_topic"]
    }


def same(old: str, new: str) -> bool:
    """Whether two texts are one number, or one symbol; an extract's blank says nothing."""
    if "" in (old, new):
        return True
    try:
        return Decimal(old) == Decimal(new)
    except InvalidOperation:
        return old == new


#: Files that both releases have under one name, and the table that they are read as.
FILES = {
    "caseload.csv": "caseload",
    "newplans.csv": "new_plans",
    "ceased_plans.csv": "ceased",
    "requests.csv": "requests",
    "assessments.csv": "assessments",
    "timeliness_20_week.csv": "timeliness",
    "sen_need_newplans.csv": "new_plans_by_need",
    "personal_budgets.csv": "personal_budgets",
    "residential_settings.csv": "residential",
    "work_based_placements.csv": "work_based",
}


def test_a_hand_comparison_of_england_finds_the_same_cells(fetched, compared):
    """Period by period and column by column; nothing more, and nothing less."""
    counted: Counter[str] = Counter()
    found = compared("2025", "2026").filter(
        pl.col("place_name") == ENGLAND, pl.col("topic") == "total", pl.col("period").is_not_null()
    )
    for file, table in FILES.items():
        old, new = (rows_of(fetched.raw / EHC / r / file / file) for r in ("2025", "2026"))
        by_hand = {
            (period(key[0]), column)
            for key in old.keys() & new.keys()
            for column in old[key].keys() & new[key].keys()
            if column not in ("breakdown", "breakdown_topic")
            and not same(old[key][column], new[key][column])
        }
        renamed = {"await_prov_2022": "await_prov", "perm_ex_2022": "perm_ex"}
        assert all(
            same(old[k][was], new[k][now])
            for k in old.keys() & new.keys()
            for was, now in renamed.items()
            if was in old[k] and now in new[k]
        )
        told = {
            (p, name.lower())
            for p, columns in found.filter(pl.col("table") == table)
            .select("period", "new_column")
            .iter_rows()
            for name in columns.split(" + ")
        }
        # A split has new columns without a counterpart; a part of it may be as it was.
        split = {(p, c) for p, c in told - by_hand if re.search("academy|free_school", c)}
        assert by_hand == told - split, file
        counted[table] = len(by_hand)
    print("England cells that differ, by hand:", dict(counted))


def period(label: str) -> str:
    return f"20{label[4:]}-01" if len(label) == 6 else label


def test_the_stored_list_is_the_comparison_again(fetched, built):
    """Overlap between releases agrees, or is a listed revision."""
    stored = built.revisions
    assert stored.equals(revisions(built, fetched.raw))
    assert stored["revision"].n_unique() == stored.height
    counts = dict(stored["kind"].value_counts().iter_rows())
    print(f"stored: {stored.height} changes,", {k: counts.get(k, 0) for k in KINDS})
