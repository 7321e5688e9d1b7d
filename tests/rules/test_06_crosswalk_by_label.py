"""6. Settings joined label by label between two layouts.

Wrong: 84,042 plans in maintained special schools in January 2021, the old label alone: it agrees
with the new column in 419 of 606 authority cells, and the old label of general FE colleges in 46.
Right: 84,182 in both layouts: hospital schools belong to the one (84,042 + 140), other FE and
sixth form colleges to the other; every one of the 606 cells agrees.
"""

import polars as pl
import pytest

import sendstats as ss
from sendstats.series.api import default_store

YEARS = ["2019-01", "2020-01", "2021-01", "2022-01"]
OLD_LABELS = {  # placement, the one old label of the same name, cells that agree with it alone
    "special.la_maintained": ("special.la_maintained_without_hospital", 419),
    "fe_post16.general": ("fe_post16.general_only", 46),
}
SAME = [
    "mainstream", "special", "ap_pru", "early_years",
    "special.la_maintained", "special.academy_or_free", "special.independent",
    "special.non_maintained", "mainstream.la_maintained", "mainstream.academy",
    "mainstream.independent", "ap_pru.academy", "ap_pru.free_school", "ap_pru.la_maintained",
    "fe_post16.general", "fe_post16.specialist",
]  # fmt: skip


def cells(placement, release):
    """Authority cells of the four Januaries that both layouts print."""
    rows = ss.series(
        "plans.caseload.placed", placement=placement, place="local authorities", release=release
    ).rows
    return rows.filter(pl.col("period").is_in(YEARS)).select("period", "place", "value")


def agree(old, new):
    both = old.join(new, on=["period", "place"], suffix="_new")
    return both.height, both.filter(pl.col("value") == pl.col("value_new")).height


@pytest.mark.parametrize("placement", OLD_LABELS)
def test_the_wrong_number(placement):
    """One old label against one new column."""
    label, expected = OLD_LABELS[placement]
    stored = default_store().read("caseload", "2022")
    alone = stored.filter(
        (pl.col("placement") == label)
        & pl.col("period").is_in(YEARS)
        & (pl.col("level") == "Local authority")
    )
    old = alone.select(
        "period", pl.col("place").cast(pl.String), pl.col("plans").cast(pl.Float64).alias("value")
    )
    assert agree(old, cells(placement, "2025")) == (606, expected)


@pytest.mark.parametrize("placement", SAME)
def test_every_cell_of_two_layouts_agrees(placement):
    assert agree(cells(placement, "2022"), cells(placement, "2025")) == (606, 606)


def test_free_schools_agree_but_where_the_later_release_prints_x():
    """Northamptonshire, January 2021: two cells of units are 0 in 2022 and x in 2025."""
    old, new = (cells("mainstream.free_school", r) for r in ("2022", "2025"))
    assert agree(old, new) == (606, 605)
    null = new.filter(pl.col("value").is_null())
    assert null.select("period", "place").rows() == [("2021-01", "928")]


def test_hospital_schools_are_maintained_special_schools(value):
    """84,042 + 140 in the old layout, 84,182 in the new."""
    for release in ("2022", "2025"):
        options = {"placement": "special.la_maintained", "release": release}
        assert value("plans.caseload.placed", "2021-01", **options) == 84_182


def test_labels_that_differ_in_case_are_one():
    """ "Resourced Provision" of academies and "Resourced provision" of the others."""
    provision = {p for p in default_store().read("caseload", "2022")["placement"].unique()
                 if p.endswith("resourced_provision")}  # fmt: skip
    kinds = ("academy", "free_school", "la_maintained")
    assert provision == {f"mainstream.{kind}.resourced_provision" for kind in kinds}
