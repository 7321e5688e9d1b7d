"""Oddities of real files, each met once in a made-up file of the published layout.

Each is named with what it is; the figures are made up.
"""

import csv

import polars as pl
import pytest

from builders import ENGLAND, lines, write
from sendstats.catalogue.tables import table
from sendstats.ingest.symbols import number
from sendstats.ingest.table import ingest
from sendstats.ingest.text import header

RATE = "within_20_weeks.excluding_exceptions.percent"
DEN = "issued.excluding_exceptions"


def rated(text, release="2025"):
    """One row of timeliness whose published rate is `text`."""
    rows = [{"place": ENGLAND, "label": 2021, RATE: text}]
    return lines("timeliness", release, rows, "z" if release == "2022" else "x")


def test_a_byte_order_mark_is_no_part_of_the_first_column(ingested, timed, tmp_path):
    path = write(tmp_path / "marked.csv", timed, bom=True)
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")
    assert header(path)[0] == next(iter(timed[0]))
    assert ingested(timed, bom=True).equals(ingested(timed))


def test_a_prefix_in_capitals_is_another_name(ingested, timed, faults):
    """The release of 2025 prints `PC_plans_issued_20_weeks_ex` beside `pc_plans_issued_...`."""
    assert {"PC_plans_issued_20_weeks_ex", "pc_plans_issued_within_20_weeks"} <= set(timed[0])
    frame = ingested(timed)
    assert frame[RATE].to_list() == ["60"] * 3
    assert frame["within_20_weeks.including_exceptions.percent"].to_list() == ["45"] * 3
    lower = [{k.replace("PC_plans_issued_20", "pc_plans_issued_20"): v for k, v in r.items()}
             for r in timed]  # fmt: skip
    gone, new = faults(lower)
    assert (gone.what, gone.column) == ("column is missing", "PC_plans_issued_20_weeks_ex")
    assert "'pc_plans_issued_20_weeks_ex'" in gone.found
    assert new.what == "column is not in the registry"


@pytest.mark.parametrize(
    ("text", "release", "value"),
    [
        ("57.900000000000", "2022", 57.9),  # one decimal printed with twelve
        (" 47.665", "2025", 47.665),  # a blank before, in the vintage of 2023
        ("100", "2025", 100.0),  # 100.0 without its decimal
        ("45", "2025", 45.0),
    ],
)
def test_printed_forms_of_a_percentage(ingested, text, release, value):
    frame = ingested(rated(text, release), release=release)
    assert frame[RATE].item() == text
    assert frame.select(number(pl.col(RATE), pl.Float64)).item() == value


@pytest.mark.parametrize(("text", "column"), [("1,071", DEN), ("1.60%", RATE), ("57.9", DEN)])
def test_forms_of_tables_for_reading_are_no_figures_of_a_plain_file(faults, timed, text, column):
    """Thousands with a comma and percent signs are of the tribunal table, and nowhere else."""
    timed[1] |= dict.fromkeys(
        [{DEN: "plans_issued_den_ex", RATE: "PC_plans_issued_20_weeks_ex"}[column]], text
    )
    (fault,) = faults(timed)
    assert (fault.what, fault.row, fault.found) == (
        "cell is neither a number nor a known symbol", 2, text)  # fmt: skip


COMMA = ["839", "810", "801", "884"]  # Bournemouth, Hull, Bristol, Herefordshire


def test_names_with_a_comma_are_one_cell(ingested):
    rows = lines("timeliness", "2025", [{"place": key, "label": 2024} for key in COMMA])
    assert all("," in row["la_name"] for row in rows)
    assert ingested(rows)["place"].to_list() == COMMA


def test_a_tie_printed_the_other_way_is_no_finding():
    """51 of 80 is 63.75, printed as 63.7: within the tolerance, half a unit and a hair."""
    from sendstats.quality.settings import threshold  # noqa: PLC0415 - its room comes after

    assert abs(100 * 51 / 80 - 63.7) < 0.1 * (0.5 + threshold("rounding_tie"))


def twice(rows):
    """Rows whose header names `review_meeting_prior_24` a second time, as the file does."""
    return [row | {"review_meeting_prior_24 ": row["review_meeting_prior_24"]} for row in rows]


def test_a_column_printed_twice_is_read_once(ingested, faults):
    """The annual reviews of 2025 hold one column under one name two times; a third is a fault."""
    rows = lines("annual_reviews", "2025", [{"place": ENGLAND, "label": 2024, "plans": 7}])
    rows = twice(rows)
    frame = ingested(rows, "annual_reviews", "2025")
    assert frame["meeting.before_year"].to_list() == ["x"]
    again = [row | {" review_meeting_prior_24": "x"} for row in rows]
    (fault,) = faults(again, "annual_reviews", "2025")
    assert fault.column == "review_meeting_prior_24#3"


INNER, OUTER = ("E13000001", "Inner London"), ("E13000002", "Outer London")


def test_london_in_two_parts_where_the_file_prints_it_so(ingested, faults, timed):
    """New plans by need have ten regions and no London; every other file has nine and London."""
    rows = lines("new_plans_by_need", "2025", [{"place": p, "label": 2024} for p in ("202", "203")])
    for row, (key, name) in zip(rows, (INNER, OUTER), strict=True):
        row |= {"region_code": key, "region_name": name}
    regions = [dict(rows[0]), dict(rows[1])]
    for row in regions:
        row |= {"geographic_level": "Regional", "old_la_code": "", "new_la_code": "", "la_name": ""}
    frame = ingested([*regions, *rows], "new_plans_by_need", "2025")
    assert frame["place"].to_list() == [INNER[0], OUTER[0], "202", "203"]  # Camden, Greenwich
    rows[1] |= {"region_code": INNER[0], "region_name": INNER[1]}
    (fault,) = faults(rows, "new_plans_by_need", "2025")
    assert (fault.what, fault.row) == ("region and number disagree", 2)
    (fault,) = faults([timed[0], timed[2] | {"region_code": INNER[0]}])
    assert (fault.what, fault.found) == ("region is not known", INNER[0])


def test_london_as_a_whole_where_the_file_prints_its_parts(faults):
    """A plain London would be counted beside its two parts."""
    asked = [{"place": p, "label": 2024} for p in ("E12000007", "202")]
    found = faults(lines("new_plans_by_need", "2025", asked), "new_plans_by_need", "2025")
    assert [(f.what, f.row, f.found) for f in found] == [
        ("region is not known", 1, "E12000007"),
        ("region is not known", 2, "E12000007"),
    ]


def test_london_in_two_parts_until_a_year(ingested, faults):
    """Officers in post stand under Inner and Outer London to 2023, under London from 2024 (DfE)."""
    asked = [{"place": "202", "label": year} for year in (2023, 2024)]
    rows = lines("medical_officers", "2025", asked, fill="n/a")
    parts = {"region_code": INNER[0], "region_name": INNER[1]}
    assert ingested([rows[0] | parts, rows[1]], "medical_officers", "2025").height == 2
    found = faults([rows[0], rows[1] | parts], "medical_officers", "2025")
    assert [(f.what, f.row) for f in found] == [("region is not known", n) for n in (1, 2)]


def test_marks_of_a_table_made_to_be_read(tmp_path):
    """Cumberland8; 1,071; 1.60%; a dash for nought; two dots for a place that was not there."""
    meant = table("tribunal_appeals")
    measures = [
        "Appeals registered4",
        "Total Appealable Decisions1,9",
        "SEND Tribunal Appeal Rate2",
    ]
    development = ["In development: Total Appealable Decisions1,8"]
    development += ["In development: SEND Tribunal Appeal Rate"]
    records = [
        ["A made-up table1", *[""] * 9],
        [""] * 10,
        [""] * 10,
        ["Local Authority", "LA code", "2022", "", "", "2023", "", "", "", ""],
        ["", "", *measures, *measures, *development],
        ["Cumberland8", "942", "..", "..", "..", " - ", "1,071", "0.00%", "x", "x"],
        ["Cumbria8", "909", "17", "1,071", "1.60%", "..", "..", "..", "x", "x"],
        ["England Total4", "", "17", "1,071", "1.60%", "0", "1,071", "0.00%", "x", "x"],
        ["Sources:", *[""] * 9],
    ]
    path = tmp_path / meant.layout("2025").file
    with path.open("w", encoding="utf-8-sig", newline="") as stream:
        csv.writer(stream, lineterminator="\r\n").writerows(records)
    frame = ingest(path, meant, "2025").select(
        pl.col("place").cast(pl.String), "period", "appeals", "appealable_decisions",
        "appeals.percent",
    )  # fmt: skip
    assert set(frame.rows()) == {
        ("942", "2023", "0", "1071", "0.00"),
        ("909", "2022", "17", "1071", "1.60"),
        ("909", "2023", "..", "..", ".."),  # in force until March of that year
        (ENGLAND, "2022", "17", "1071", "1.60"),
        (ENGLAND, "2023", "0", "1071", "0.00"),
    }
