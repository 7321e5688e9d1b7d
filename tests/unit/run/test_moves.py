"""What moved is told figure by figure, with the old and the new value."""

import shutil

import polars as pl
import pytest

from sendstats.paths import project
from sendstats.run.moves import moves
from sendstats.store.tables import Store

# Published in *Education, health and care plans*, 2025: plans in force in England, January 2025.
PUBLISHED = "638745"


@pytest.fixture(scope="module")
def committed():
    return project().processed


@pytest.fixture
def altered(committed, tmp_path):
    """A copy of the committed tables in which England's newest whole-release total is 5 more."""
    copy = tmp_path / "processed"
    shutil.copytree(committed, copy)
    path = copy / "tables" / "caseload" / "2025.parquet"
    england = (
        (pl.col("level") == "National")
        & (pl.col("period") == "2025-01")
        & (pl.col("topic") == "total")
    )
    frame = pl.read_parquet(path)
    assert frame.filter(england)["plans"].to_list() == [PUBLISHED]
    frame.with_columns(
        plans=pl.when(england).then(pl.lit("638750")).otherwise("plans")
    ).write_parquet(path)
    return copy


def test_equal_stores_have_no_moves(committed):
    assert moves(Store(committed), Store(committed)) == []


def test_a_changed_cell_is_the_only_move(committed, altered):
    found = {moved.series: moved for moved in moves(Store(committed), Store(altered))}
    assert list(found) == ["plans.caseload"]
    lines = list(found["plans.caseload"].lines())
    assert lines[0].startswith("plans.caseload: 1 of ")
    assert lines[1] == "  England total total 2025-01: 638,745 → 638,750"


def test_figures_that_are_held_no_more_did_not_move(committed, tmp_path):
    lost = {moved.series: moved for moved in moves(Store(committed), Store(tmp_path))}
    caseload = lost["plans.caseload"]
    assert caseload.held == 0
    heading, first, *_ = caseload.lines()
    assert heading == f"plans.caseload: {caseload.rows.height:,} figures are held no more"
    assert first == "  England total total 2026-01: 718,838 → not held"


def test_a_store_without_the_tables_holds_nothing(committed, tmp_path):
    found = {moved.series: moved for moved in moves(Store(tmp_path), Store(committed))}
    caseload = found["plans.caseload"]
    assert caseload.rows.height == caseload.held
    assert "England total total 2026-01: not held → 718,838" in list(caseload.lines())[1]
    assert "timeliness.within_20_weeks excluding_exceptions" in found
    assert len(list(caseload.lines())) == 6
