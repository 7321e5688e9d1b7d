"""Every cell of a raw file is harmonised or left out for a stated reason, and counted once."""

import csv
import json

import pytest

from builders import EHC, ENGLAND, lines, put, put_crossed, receipt
from sendstats.catalogue.tables import readers
from sendstats.catalogue.unread import unread
from sendstats.errors import DataProblem
from sendstats.ingest import coverage
from sendstats.ingest.coverage import report
from sendstats.receipts import RECEIPT


def counted_with_csv(path):
    """Rows times columns and blank cells, by another reader than ours."""
    with path.open(encoding="utf-8-sig", newline="") as stream:
        header, *rows = list(csv.reader(stream))
    assert {len(row) for row in rows} == {len(header)}
    blank = [[not cell.strip() for cell in row] for row in rows]
    return len(rows) * len(header), dict(
        zip(header, map(sum, zip(*blank, strict=True)), strict=True)
    )


@pytest.fixture
def raw(tmp_path):
    return tmp_path / "raw"


def only(raw):
    (found,) = report(raw).files
    assert sum(found.cells.values()) == found.all_cells
    return found


def test_cells_add_up_to_an_independent_count(raw):
    rows = lines("timeliness", "2025", [{"place": p, "label": 2024} for p in (ENGLAND, "370")])
    rows[1]["plans_issued_den"] = ""
    path = put(raw, "timeliness", "2025", rows)
    found = only(raw)
    cells, blank = counted_with_csv(path)
    assert found.all_cells == cells == 2 * 26
    assert found.cells == {
        "identification": 20,
        "labels": 4,
        "harmonised": 27,
        "blank as published": 1,
    }
    assert blank["plans_issued_den"] == 1


def test_what_an_extract_lacks_is_no_gap_of_the_publication(raw):
    rows = lines("pupils", "2022-23", [{"place": ENGLAND, "label": 202223}])
    rows[0]["total_pupils"] = ""
    put(raw, "pupils", "2022-23", rows, extract=True)
    assert only(raw).left_out == {"not in this extract": 1}


def test_a_column_of_several_tables_counts_once(raw):
    rows = lines("requests", "2022", [{"place": ENGLAND, "label": 2021}], fill="z")
    published = {c for _, x in readers(EHC, "2022", "sen2_mi.csv") for c in x.columns.values()}
    put(raw, "requests", "2022", [rows[0] | dict.fromkeys(published, "z")])
    found = only(raw)
    assert found.cells == {"identification": 10, "harmonised": 50}
    assert {"requests", "timeliness", "statements", "movements"} <= set(found.tables)


def test_columns_and_rows_that_no_table_takes_say_why(raw):
    rows = lines("pupils_by_language", "2025-26", [{"place": ENGLAND, "label": 202526}] * 3)
    rows[0]["geographic_level"] = "Parliamentary constituency"
    extra = {"pcon_code": "x", "pcon_name": "y", "new": "1", "": "7", " ": ""}
    put(raw, "pupils_by_language", "2025-26", [r | extra for r in rows])
    assert only(raw).left_out == {
        "column without a name and without a figure": 3,
        "constituencies are no places of ours": 2,
        "names of constituencies, which are no places of ours": 6,
        "no table takes this column": 3,
        "row numbers of the publisher's own software": 3,
    }


def test_rows_that_a_table_leaves_to_others(raw):
    rows = lines("pupils_by_need", "2024-25", [{"place": ENGLAND, "label": 202425}] * 2)
    rows[0]["sen_status"] = "SEN support"
    put(raw, "pupils_by_need", "2024-25", rows, extract=True)
    assert only(raw).left_out == {"no table takes this row": 1}


def test_a_file_of_no_table(raw):
    path = raw / EHC / "2025" / "new.csv" / "new.csv"
    path.parent.mkdir(parents=True)
    path.write_text("time_period,a,b\n2024,1,2\n", encoding="utf-8")
    (path.parent / RECEIPT).write_text(receipt(path, "2025").to_json(), encoding="utf-8")
    found = only(raw)
    assert found.cells == {"identification": 1, "no table reads this file": 2}
    assert found.tables == ()


def test_what_is_no_table_has_no_cells(raw):
    path = raw / EHC / "2025" / "data-guidance.txt" / "data-guidance.txt"
    path.parent.mkdir(parents=True)
    path.write_text("words", encoding="utf-8")
    (path.parent / RECEIPT).write_text(receipt(path, "2025").to_json(), encoding="utf-8")
    assert report(raw).files == ()


def test_a_table_for_reading(raw):
    """Two titles, years and measures, a heading, two places over two years, and the notes."""
    measures = ["Appeals registered4", "Total Appealable Decisions1", "SEND Tribunal Appeal Rate2"]
    records = [
        ["Appeals1", *[""] * 7],
        [""] * 8,
        [""] * 8,
        ["Local Authority", "LA code", "2018", "", "", "2019", "", ""],
        ["", "", *measures, *measures],
        ["SOUTH WEST", *[""] * 7],
        ["Poole5", "836", "3", "300", "1.00%", "..", "..", ".."],
        ["England Total", "", "8", "", "0.24%", "9", "90", "10.00%"],
        ["England total excluding suppressed", "", "8", *[""] * 5],
        ["Sources:", *[""] * 7],
        ["1. A note.", *[""] * 7],
    ]
    put_crossed(raw, records)
    found = only(raw)
    assert found.all_cells == 10 * 8
    assert found.cells == {
        "identification": 4,
        "labels": 16,
        "harmonised": 8,
        "England without the authorities suppressed in one column: no place of ours": 8,
        "blank as published": 1,
        "heading of a region": 8,
        "notes below the table": 16,
        "printed for an authority that did not exist in that year": 3,
        "title": 16,
    }


def loose(raw, publication, release, name, content):
    """Put any file and its receipt where fetch would."""
    path = raw / publication / release / name / name
    path.parent.mkdir(parents=True)
    path.write_text(content, encoding="utf-8")
    made = receipt(path, release, publication=publication)
    (path.parent / RECEIPT).write_text(made.to_json(), encoding="utf-8")


def test_a_file_that_is_listed_as_unread_says_why(raw):
    """The file of single schools: its columns as the catalogue page of the data set shows them."""
    (school,) = (f for f in unread() if "school_urn" in f.columns)
    sen, count = "special-educational-needs-in-england", len(school.columns)
    assert count == 48
    told = report(raw)
    assert school in told.unread
    row = ",".join(["1"] * count)
    loose(raw, sen, "2024-25", school.name, f"{','.join(school.columns)}\n{row}\n")
    found = report(raw)
    assert found.files[0].left_out == {school.why: count - 10}
    assert [f.releases for f in found.unread if f.name == school.name] == [("2025-26",)]


def test_an_unreadable_file_is_named_and_the_others_go_on(raw):
    put(raw, "timeliness", "2025", lines("timeliness", "2025", [{"place": ENGLAND, "label": 2024}]))
    loose(raw, EHC, "2025", "annual.csv", "<html>")
    loose(raw, EHC, "2026", "ragged.csv", "a,b\n1,2\n1,2,3\n")
    found = report(raw)
    assert [f.file for f in found.files] == ["timeliness_20_week.csv"]
    told = [line for line in str(found).splitlines() if "not read: " in line]
    assert told == [
        "2025\tannual.csv\tnot read: the file is a web page: expected CSV; found markup",
        (
            "2026\tragged.csv\tnot read: row 2: rows have more or fewer cells than the header: "
            "expected 2 cells; found 3 cells"
        ),
    ]
    assert [f["release"] for f in json.loads(found.to_json())["not_read"]] == ["2025", "2026"]
    with pytest.raises(DataProblem, match="2 raw files could not be read") as caught:
        found.check()
    assert caught.value.where == "2025/annual.csv, 2026/ragged.csv"


def test_a_plain_file_is_never_held_whole(raw, monkeypatch):
    """What `text.read` returns grows with the file."""
    put(raw, "timeliness", "2025", lines("timeliness", "2025", [{"place": ENGLAND, "label": 2024}]))
    monkeypatch.setattr(coverage.text, "read", None)
    assert only(raw).rows == 1


def test_layouts_whose_file_no_page_names(raw):
    told = [layout["layout"] for layout in json.loads(report(raw).to_json())["assumed_names"]]
    assert {"pupils H", "pupils_by_ethnicity H", "pupils_by_year_group H"} <= set(told)
    assert "pupils_by_age_sex F" not in told


def test_the_report_adds_up_over_files(raw):
    for release in ("2025", "2026"):
        rows = lines("timeliness", release, [{"place": ENGLAND, "label": 2024}])
        rows[0]["plans_issued_den"] = ""
        put(raw, "timeliness", release, rows, extract=release == "2026")
    found = report(raw)
    assert str(found).splitlines()[:8] == [
        "release\tfile\tlayout\tcells\tidentification\tlabels\tharmonised\tnot used",
        "2025\ttimeliness_20_week.csv\tproven\t26\t10\t2\t13\t1",
        "2026\ttimeliness_20_week.csv\tunproven\t28\t10\t2\t15\t1",
        "\tall files\t\t54\t20\t4\t28\t2",
        "",
        "not used, by reason",
        "1\tblank as published",
        "1\tnot in this extract",
    ]
    told = json.loads(found.to_json())
    assert told["total"]["all_cells"] == 54 == sum(told["total"]["cells"].values())
    assert [f["tables"] for f in told["files"]] == [["timeliness"], ["timeliness"]]
