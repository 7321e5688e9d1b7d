"""Every cell of the real releases is harmonised or has its reason; counted by a second reader."""

import csv

from sendstats.catalogue.unread import headings
from sendstats.ingest.coverage import report
from sendstats.receipts import receipts

#: Why cells of the files held are not used, with their number. What is new here has no owner yet.
REASONS = {
    "England without the authorities suppressed in one column: no place of ours": 37,
    "blank as published": 18,
    "column without a name and without a figure": 144,
    "heading of a region": 444,
    "not in this extract": 2_150,
    "notes below the table": 518,
    "printed for an authority that did not exist in that year": 153,
    "printed twice under one name, with the same figures": 13_290,
    "title": 74,
}


def again(path):
    """Rows times columns with the csv module."""
    with path.open(encoding="utf-8-sig", newline="") as stream:
        header, *rows = list(csv.reader(stream))
    return len(header) * len(rows)


def test_harmonised_and_not_used_add_up_to_all_cells(fetched):
    found = report(fetched.raw)
    print(found)
    counted = {
        (r.publication, r.release, r.file): again(r.path(fetched.raw))
        for r in receipts(fetched.raw)
        if r.file.endswith(".csv")
    }
    held = {(f.publication, f.release, f.file): f.all_cells for f in found.files}
    assert held == counted
    assert all(sum(f.cells.values()) == f.all_cells for f in found.files)
    assert sum(found.cells.values()) == sum(counted.values()) == 9_768_781


def test_no_cell_is_left_out_without_a_reason(fetched):
    cells = report(fetched.raw).cells
    assert {why: n for why, n in cells.items() if why not in headings().used} == REASONS


def test_what_is_printed_twice_is_the_same(fetched):
    """The second column of one name is left out because it says nothing new."""
    folder = fetched.raw / "education-health-and-care-plans" / "2025" / "annual_reviews.csv"
    with (folder / "annual_reviews.csv").open(encoding="utf-8-sig", newline="") as stream:
        header, *rows = list(csv.reader(stream))
    first, second = (i for i, name in enumerate(header) if name == "review_meeting_prior_24")
    assert all(row[first] == row[second] for row in rows)
