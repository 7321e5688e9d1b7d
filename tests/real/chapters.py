"""The chapters of `tests/rules` that need whole files: how the wrong number comes out of raw ones.

Every figure is of the releases of 2022 and 2025. Files are read here as a stranger would read them,
without the catalogue, so that the arithmetic is nobody's but the publisher's.
"""

import csv
import re

import polars as pl
import pytest

from sendstats.receipts import receipts

NATIONAL, LOCAL = "National", "Local authority"
TRIBUNAL = "SEND Tribunals and appeal rate 2014-2024.csv"


@pytest.fixture(scope="session")
def file(fetched):
    """Return a function that gives the path of one raw file."""
    paths = {(r.release, r.file): r.path(fetched.raw) for r in receipts(fetched.raw)}
    return lambda release, name: paths[release, name]


@pytest.fixture(scope="session")
def raw(file):
    """Return a function that reads one raw file as text, all of it or one level."""

    def read(release, name, level=None):
        frame = pl.read_csv(file(release, name), infer_schema=False)
        frame = frame.rename({frame.columns[0]: frame.columns[0].removeprefix("\ufeff")})
        return frame if level is None else frame.filter(pl.col("geographic_level") == level)

    return read


def number(*columns):
    return pl.sum_horizontal(pl.col(c).cast(pl.Int64, strict=False) for c in columns)


def whole(frame, topic):
    return frame.filter(pl.col("breakdown_topic") == topic)


def test_02_one_figure_of_personal_budgets_under_two_labels(raw):
    """Wrong: 202021 read as January 2021 gives 25,259, of 2021. Right: 22,233, of 2020."""
    new = whole(raw("2025", "personal_budgets.csv", NATIONAL), "All personal budgets")
    old = raw("2022", "sen2_mi.csv", NATIONAL)
    labelled = dict(new.select("time_period", "personal_budget").iter_rows())
    by_year = dict(old.select("time_period", "PersonalBudgets").iter_rows())
    assert by_year["2021"] == "25259"
    assert labelled["202021"] == by_year["2020"] == "22233"


def test_02_six_columns_of_personal_budgets_agree_in_every_authority(raw):
    pairs = {
        "personal_budget": "PersonalBudgets",
        "org_arrangments": "OrgArrangements",
        "pb_health": "DirectPayHealth",
        "pb_education": "DirectPayEducation",
        "pb_social": "DirectPaySocialCare",
        "pb_integrated": "DirectPayIntegrated",
    }
    new = whole(raw("2025", "personal_budgets.csv", LOCAL), "All personal budgets")
    new = new.with_columns(year=pl.col("time_period").str.head(4))
    old = raw("2022", "sen2_mi.csv", LOCAL)
    both = new.join(
        old, left_on=["year", "old_la_code"], right_on=["time_period", "old_la_code"], suffix="_old"
    )
    assert both["year"].unique().sort().to_list() == ["2019", "2020", "2021"]
    for ours, theirs in pairs.items():
        assert (both.height, (both[ours] == both[theirs]).sum()) == (454, 454), ours


def test_03_rows_of_one_file_counted_with_their_totals(raw):
    """Wrong: 3,832,470 over 80 rows, 1,253,627 over the placements. Right: 638,745."""
    plans = raw("2025", "caseload.csv", NATIONAL).filter(pl.col("time_period") == "202425")
    assert (plans.height, plans["ehcplans"].cast(pl.Int64).sum()) == (80, 3_832_470)
    needs = whole(raw("2025", "sen_needs_all_plans.csv", NATIONAL), "Type of placement")
    assert needs["ehc_plans"].cast(pl.Int64).sum() == 1_253_627
    parts = needs.filter(~pl.col("breakdown").str.ends_with("- total"))
    assert parts["ehc_plans"].cast(pl.Int64).sum() == 638_745
    assert whole(plans, "All EHC plans")["ehcplans"].to_list() == ["638745"]


def test_05_a_basket_that_grows(raw):
    """Wrong: educated elsewhere, as published, more than doubles from 2022 to 2025."""
    rows = whole(raw("2025", "caseload.csv", NATIONAL), "All EHC plans")
    printed = dict(rows.select("time_period", "ed_elsewhere").iter_rows())
    years = ["202122", "202223", "202324", "202425"]
    assert [printed[y] for y in years] == ["22364", "31640", "40601", "49750"]
    assert round(100 * (49_750 / 22_364 - 1)) == 122
    old = raw("2022", "sen2_estab_caseload.csv", NATIONAL).filter(
        (pl.col("time_period") == "2021")
        & (pl.col("establishment_group") == "Educated elsewhere")
        & (pl.col("establishment_type") == "Total")
    )
    assert (old["Total_all"].to_list(), printed["202021"]) == (["14452"], "19509")


def test_11_a_join_on_the_code(raw):
    """Wrong: Buckinghamshire and Cumbria end, and three authorities begin."""
    old = raw("2022", "sen2_age_caseload.csv", LOCAL).filter(
        (pl.col("time_period") == "2022") & (pl.col("characteristic_age") == "Total")
    )
    new = whole(raw("2025", "caseload.csv", LOCAL), "All EHC plans")
    new = new.filter(pl.col("time_period") == "202425")
    names = ["Buckinghamshire", "Cumberland", "Cumbria", "Westmorland and Furness"]
    lost = old.join(new, on="new_la_code", how="anti")["la_name"].sort().to_list()
    begun = new.join(old, on="new_la_code", how="anti")["la_name"].sort().to_list()
    assert (lost, begun) == ([names[0], names[2]], [names[0], names[1], names[3]])
    kept = old.join(new, on="old_la_code", how="anti")["la_name"].to_list()
    assert kept == ["Cumbria"]


@pytest.fixture(scope="session")
def decisions(raw):
    """Appealable decisions by year and DfE number, and the numbers by printed name.

    Refused requests, assessments without a plan, plans ceased because needs are met, and the plans
    in force in the January after the year.
    """
    year = raw("2022", "sen2_mi.csv", LOCAL).select(
        pl.col("time_period").cast(pl.Int64).alias("year"),
        "old_la_code",
        "la_name",
        number("AssRefusedEHC", "AssnoneEHC", "DismetEHC").alias("events"),
    )
    after = raw("2022", "sen2_age_caseload.csv", LOCAL)
    after = after.filter(pl.col("characteristic_age") == "Total").select(
        (pl.col("time_period").cast(pl.Int64) - 1).alias("year"),
        "old_la_code",
        number("Total_all").alias("plans"),
    )
    joined = year.join(after, on=["year", "old_la_code"])
    found = {(y, c): e + p for y, c, _, e, p in joined.iter_rows()}
    of_2020 = joined.filter(pl.col("year") == 2020)
    names = {n.lower(): c for n, c in of_2020.select("la_name", "old_la_code").iter_rows()}
    renamed = {"durham": names["county durham"], "cumbria": "909"}
    renamed["herefordshire"] = names["herefordshire, county of"]
    return found, names | renamed


def test_12_codes_of_a_supporting_file(file, decisions):
    """Wrong: joined on the printed code, 10 of 302 authority cells of 2019 and 2020 differ.

    Right: joined on the name, all 302 give the published decisions.
    """
    found, names = decisions
    with file("2025", TRIBUNAL).open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.reader(stream))
    first = {year: rows[3].index(year) for year in ("2019", "2020")}
    by_name = by_code = cells = 0
    strangers = set()
    for row in rows[6:]:
        code, name = row[1].strip(), re.sub(r"\d+$", "", row[0].strip()).strip()
        if not re.fullmatch(r"\d{3}", code):
            continue
        number_of = names.get(name.lower(), code)
        if number_of != code:
            strangers.add((name, code))
        for year, at in first.items():
            printed = row[at + 1].strip().replace(",", "")
            if printed.isdigit():
                cells += 1
                by_name += found[int(year), number_of] == int(printed)
                by_code += found.get((int(year), code)) == int(printed)
    assert (cells, by_name, by_code) == (302, 302, 292)
    assert strangers == {
        ("Nottingham", "891"),
        ("Nottinghamshire", "928"),
        ("Northamptonshire", "892"),
        ("Central Bedfordshire", "873"),
        ("Cambridgeshire", "823"),
    }


def test_12_the_decisions_of_england(file, raw):
    """2021: 20,830 refused, 3,903 without a plan, 428 ceased, 473,255 in force a month later."""
    old = raw("2022", "sen2_mi.csv", NATIONAL).filter(pl.col("time_period") == "2021")
    events = old.select("AssRefusedEHC", "AssnoneEHC", "DismetEHC").row(0)
    assert events == ("20830", "3903", "428")
    text = file("2025", TRIBUNAL).read_text(encoding="utf-8-sig")
    assert f"{sum(map(int, events)) + 473_255:,}" in text
    assert sum(map(int, events)) + 473_255 == 498_416


def test_13_a_change_of_what_is_counted(raw):
    """Wrong: 61 % more plans ceased in 2022 than in 2021, a quarter fewer personal budgets."""
    old = raw("2022", "sen2_mi.csv", NATIONAL).filter(pl.col("time_period") == "2021")
    reasons = ("DisleaEHC", "DismetEHC", "DisothEHC", "DisleftEHC")
    before = old.select(number(*reasons)).item()
    new = whole(raw("2025", "ceased_plans.csv", NATIONAL), "All ceased EHC plans")
    after = int(new.filter(pl.col("time_period") == "2022")["total_ceased"].item())
    assert (before, after, round(100 * (after / before - 1))) == (21_546, 34_724, 61)
    budgets = whole(raw("2025", "personal_budgets.csv", NATIONAL), "All personal budgets")
    counted = dict(budgets.select("time_period", "personal_budget").iter_rows())
    assert (counted["202122"], counted["202223"]) == ("25259", "18887")
