"""A table made to be read by people: years across, footnote marks, numbers beside wrong names."""

import pytest

from builders import write
from sendstats.catalogue.tables import table
from sendstats.errors import FaultyFile
from sendstats.ingest.cross import beside
from sendstats.ingest.table import ingest

TABLE, RELEASE = table("tribunal_appeals"), "2025"
TITLE = "Made-up table 1: appeals1,2"
LONG = ["Appeals registered4", "Total Appealable Decisions1,9", "SEND Tribunal Appeal Rate2"]
NEW = ["In development: Total Appealable Decisions1,8", "In development: SEND Tribunal Appeal Rate"]
YEARS = ["Local Authority", "LA code", "2018", "", "", "2019", "", "", "", ""]
MEASURES = ["", "", *LONG, *LONG, *NEW]
NONE = [" .. "] * 3


def place(name, code, before, after, new=(" x ", "x")):
    return [name, code, *before, *after, *new]


ROWS = [
    place("NORTH EAST", "", [""] * 3, ["  "] * 3, ["", ""]),
    place("Durham", "840", [" - ", "2,533", "0.00%"], ["34", "2,533", "1.30%"]),
    place("Dorset6", "838", ["1", "100", "1.00%"], ["2", "200", "1.00%"]),
    place("Poole5", "", ["3", "300", "1.00%"], NONE, ["", ""]),
    place("Nottingham", "891", ["4", "400", "1.00%"], ["5", "500", "1.00%"]),
    place("England Total4,9", "", ["8", "3,333", "0.24%"], ["41", "3,233", "1.30%"]),
    place("England total excluding suppressed", "", [""] * 3, ["40", "", ""], ["3,000", "1.3%"]),
]
NOTES = [["Sources:", "somebody", *[""] * 8], ["1. Durham is a county.", *[""] * 9]]


@pytest.fixture
def read(tmp_path):
    """Return a function that writes records and ingests them."""

    def run(rows=ROWS, years=YEARS, measures=MEASURES):
        records = [[TITLE, *[""] * 9], [""] * 10, [""] * 10, years, measures, *rows, *NOTES]
        lines = [dict(enumerate(record)) for record in records[1:]]
        path = write(tmp_path / TABLE.layout(RELEASE).file, lines, bom=True)
        text = path.read_text(encoding="utf-8-sig").split("\n", 1)[1]
        path.write_text(f'"{TITLE}"{"," * 9}\n{text}', encoding="utf-8-sig")
        return ingest(path, TABLE, RELEASE)

    return run


def test_a_total_of_some_is_read_beside_the_places(read, tmp_path):
    """Its years without a figure are blank; it is a row of no place."""
    assert 11 not in set(read()["row"])
    layout = TABLE.layout(RELEASE)
    found = beside(tmp_path / layout.file, layout)
    columns = ["row", "time_period", "appeals", "appealable_decisions_in_development"]
    assert found.select(columns).rows() == [(11, "2018", "", None), (11, "2019", "40", "3000")]
    assert set(found["name"]) == {"England total excluding suppressed"}


def cells(frame, key):
    found = frame.filter(frame["place"].cast(str) == key).drop("place", "level", "label")
    return found.drop("topic", "item", "printed_number").rows()


def test_a_row_for_each_place_and_year_with_its_record(read):
    frame = read()
    assert cells(frame, "840") == [
        (6, "2018", "0", "2533", "0.00", None, None),
        (6, "2019", "34", "2533", "1.30", "x", "x"),
    ]
    assert cells(frame, "E92000001")[1] == (10, "2019", "41", "3233", "1.30", "x", "x")


def test_a_name_of_two_areas_is_the_one_in_force(read):
    """Dorset was one area until the spring of 2019 and another one afterwards."""
    frame = read()
    assert [row[1] for row in cells(frame, "835")] == ["2018"]
    assert [row[1] for row in cells(frame, "838")] == ["2019"]


def test_a_place_that_was_gone_has_no_row(read):
    assert [row[1] for row in cells(read(), "836")] == ["2018"]


def test_the_name_decides_where_the_number_is_known_to_be_wrong(read):
    assert len(cells(read(), "892")) == 2
    assert cells(read(), "891") == []


def test_the_number_is_kept_as_it_is_printed(read):
    frame = read()
    printed = dict(frame.select(frame["place"].cast(str), "printed_number").unique().rows())
    assert (printed["892"], printed["840"], printed["836"]) == ("891", "840", "")


def test_wrong_numbers_and_unknown_names_are_told_together(read):
    rows = [
        place("Durham", "841", [" - ", "2", "0.00%"], ["3", "4", "75.00%"]),
        place("Camelot", "999", ["1", "2", "50.00%"], ["1", "2", "50.00%"]),
        *ROWS[1:],
    ]
    with pytest.raises(FaultyFile) as caught:
        read(rows)
    assert [(f.what, f.row, f.found) for f in caught.value.faults] == [
        ("name and number disagree", 5, "841 beside Durham"),
        ("authority is not known", 6, "Camelot"),
    ]


def test_a_file_without_years_where_they_should_be(read):
    with pytest.raises(FaultyFile) as caught:
        read(years=[""] * 10)
    assert caught.value.faults[0].what == "no years where the layout says"


def test_a_file_that_ends_before_its_years(tmp_path):
    path = tmp_path / "short.csv"
    path.write_text("title,\n,\n", encoding="utf-8")
    with pytest.raises(FaultyFile, match="no years where the layout says"):
        ingest(path, TABLE, RELEASE)


def test_a_year_that_stands_there_twice(read):
    """The second of two columns would silently stand for both."""
    years = ["2018" if year == "2019" else year for year in YEARS]
    with pytest.raises(FaultyFile) as caught:
        read(ROWS[1:3], years=years)
    assert [(f.what, f.column, f.found) for f in caught.value.faults] == [
        ("a year has a measure twice", measure, "2 columns under 2018")
        for measure in list(TABLE.layout(RELEASE).columns.values())[:3]
    ]


def test_a_measure_that_is_not_known(read):
    measures = [m.replace("Appeals registered4", "Appeals lodged4") for m in MEASURES]
    with pytest.raises(FaultyFile) as caught:
        read(measures=measures)
    assert {(f.what, f.column) for f in caught.value.faults} == {
        ("column is missing", "Appeals registered"),
        ("column is not in the registry", "Appeals lodged"),
    }


def test_cells_are_judged_like_any_other(read):
    with pytest.raises(FaultyFile, match="neither a number nor a known symbol") as caught:
        read([place("Durham", "840", ["many", "2", "0.00%"], ["3", "4", "75.00%"])])
    assert [f.row for f in caught.value.faults] == [5]


def test_a_figure_of_an_authority_that_was_not_there(read):
    rows = [place("Poole5", "836", ["1", "2", "50.00%"], ["3", "4", "75.00%"])]
    with pytest.raises(FaultyFile) as caught:
        read(rows, [y.replace("2019", "2020") for y in YEARS])
    (fault,) = caught.value.faults
    assert (fault.what, fault.row, fault.found) == ("authority was not in force", 5, "2020")


def test_an_authority_has_cases_in_the_year_in_which_it_ends(read):
    """Northamptonshire ended in the spring of 2021 and had 85 appeals registered in that year."""
    years = [y.replace("2019", "2021") for y in YEARS]
    rows = [place("Northamptonshire7", "892", ["1", "2", "50.00%"], ["85", " .. ", ".."])]
    frame = read(rows, years)
    assert [row[1:4] for row in cells(frame, "928")] == [("2018", "1", "2"), ("2021", "85", "..")]
