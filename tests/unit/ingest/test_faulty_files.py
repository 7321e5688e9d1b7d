"""Everything that can be wrong with a file of the right shape: each fault says what and where."""

import pytest

from builders import ENGLAND, lines, write
from sendstats.catalogue.tables import table
from sendstats.errors import FaultyFile
from sendstats.ingest.table import ingest

DEN, PERCENT = "plans_issued_den", "PC_plans_issued_20_weeks_ex"


def put(column, value, row=3):
    """A fault made by writing one cell."""

    def spoil(rows):
        rows[row - 1][column] = value
        return rows

    return spoil


def without(column):
    return lambda rows: [{k: v for k, v in r.items() if k != column} for r in rows]


def renamed(old, new):
    return lambda rows: [{new if k == old else k: v for k, v in r.items()} for r in rows]


def added(column, value="1"):
    return lambda rows: [r | {column: value} for r in rows]


FAULTS = {
    "missing column": (without(DEN), "column is missing", DEN, None, "no similar name"),
    "missing key column": (
        without("la_name"), "column is missing", "la_name", None, "no similar name"),
    "extra column": (
        added("surprise"), "column is not in the registry", "surprise", None, "no similar name"),
    "extra column with our own name": (
        added("row"), "column is not in the registry", "row", None, "no similar name"),
    "unnamed column with figures": (
        added(" "), "column is not in the registry", "(unnamed)", None, "no similar name"),
    "thousands comma": (
        put(DEN, "1,071"), "cell is neither a number nor a known symbol", DEN, 3, "1,071"),
    "float in a count": (
        put(DEN, "12.0"), "cell is neither a number nor a known symbol", DEN, 3, "12.0"),
    "unknown symbol": (
        put(DEN, "~"), "cell is neither a number nor a known symbol", DEN, 3, "~"),
    "symbol in another case": (
        put(DEN, "X"), "cell is neither a number nor a known symbol", DEN, 3, "X"),
    "blank that is no blank": (
        put(DEN, " "), "cell is neither a number nor a known symbol", DEN, 3, " "),
    "a nought in front": (
        put(DEN, "071"), "cell is neither a number nor a known symbol", DEN, 3, "071"),
    "a plus in front": (
        put(DEN, "+71"), "cell is neither a number nor a known symbol", DEN, 3, "+71"),
    "exponent": (
        put(PERCENT, "1e1"), "cell is neither a number nor a known symbol", PERCENT, 3, "1e1"),
    "not a number": (
        put(PERCENT, "NaN"), "cell is neither a number nor a known symbol", PERCENT, 3, "NaN"),
    "endless": (
        put(PERCENT, "inf"), "cell is neither a number nor a known symbol", PERCENT, 3, "inf"),
    "blank": (put(DEN, ""), "cell is blank", DEN, 3, "nothing"),
    "negative count": (put(DEN, "-5"), "number is out of range", DEN, 3, "-5"),
    "percentage over 100": (put(PERCENT, "100.1"), "number is out of range", PERCENT, 3, "100.1"),
    "percent sign": (
        put(PERCENT, "60%"), "cell is neither a number nor a known symbol", PERCENT, 3, "60%"),
    "unknown authority": (
        put("old_la_code", "999"), "authority is not known", "old_la_code", 3, "999"),
    "no authority": (put("old_la_code", ""), "authority is not known", "old_la_code", 3, "None"),
    "a region's code as an authority": (
        put("old_la_code", "E12000003"), "authority is not known", "old_la_code", 3, "E12000003"),
    "code of another authority": (
        put("new_la_code", "E08000017"), "code and number disagree", "new_la_code", 3, "E08000017"),
    "name of another authority": (
        put("la_name", "Doncaster"), "name and number disagree", "la_name", 3, "Doncaster"),
    "footnote digit at a name": (
        put("la_name", "Barnsley8"), "name and number disagree", "la_name", 3, "Barnsley8"),
    "unknown region": (put("region_code", "E13000001", 2), "region is not known", "region_code", 2,
                       "E13000001"),
    "name of another region": (put("region_name", "North West", 2), "name and code disagree",
                               "region_name", 2, "North West"),
    "another country": (put("country_code", "W92000004", 1), "country is not known",
                        "country_code", 1, "W92000004"),
    "unknown level": (put("geographic_level", "Ward"), "level is not known", "geographic_level", 3,
                      "Ward"),
    "wrong time identifier": (put("time_identifier", "Academic year"), "period is not known",
                              "time_period, time_identifier", 3, "2024 | Academic year"),
    "wrong time period": (put("time_period", "2024/25"), "period is not known",
                          "time_period, time_identifier", 3, "2024/25 | Calendar year"),
    "a year that was not over": (put("time_period", "2025"), "period is later than the release",
                                 "time_period", 3, "2025"),
    "unknown topic": (put("breakdown_topic", "Gender"), "topic is not known", "breakdown_topic", 3,
                      "Gender"),
    "a total of something else": (put("breakdown", "Girls"), "item is not known",
                                  "breakdown_topic, breakdown", 3, "All EHC plans issued | Girls"),
}  # fmt: skip


@pytest.mark.parametrize("spoil", FAULTS, ids=str)
def test_each_fault_is_named_with_its_place(faults, timed, spoil):
    change, what, column, row, found = FAULTS[spoil]
    (fault,) = faults(change(timed))
    assert (fault.what, fault.column, fault.row) == (what, column, row)
    assert found in (fault.found, fault.expected)


def test_an_authority_of_another_region(faults, timed):
    timed[2] |= {"region_code": "E12000004", "region_name": "East Midlands"}
    (fault,) = faults(timed)
    assert (fault.what, fault.expected) == ("region and number disagree", "E12000003")


def test_a_renamed_column_is_told_with_its_likely_old_name(faults, timed):
    gone, new = faults(renamed(PERCENT, PERCENT.lower())(timed))
    assert (gone.column, gone.found) == (PERCENT, f"nearest name {PERCENT.lower()!r}")
    assert (new.column, new.expected) == (PERCENT.lower(), f"nearest name {PERCENT!r}")


def test_a_column_that_occurs_twice(tmp_path, timed):
    path = write(tmp_path / "timeliness_20_week.csv", timed)
    twice = [f"{line},{line.split(',')[-1]}" for line in path.read_text().splitlines()]
    path.write_text("\n".join(twice) + "\n")
    with pytest.raises(FaultyFile, match="#2': column is not in the registry"):
        ingest(path, table("timeliness"), "2025")


def test_repeated_rows(faults, timed):
    (fault,) = faults([*timed, timed[2] | {DEN: "7"}])
    assert fault.what == "the same key occurs more than once"
    assert fault.row == 4
    assert fault.column == (
        "time_period, time_identifier, geographic_level, region_code, old_la_code, "
        "breakdown_topic, breakdown"
    )
    assert fault.found == "2024 | 370 | total | total in rows [3, 4]"


def test_fractions_in_place_of_percentages(faults, timed):
    for row in timed:
        row |= {PERCENT: "0.6", "pc_plans_issued_within_20_weeks": "0.45"}
    (fault,) = faults(timed)
    assert fault.what == "percentages are fractions of one"
    assert fault.found == "none above 0.6"
    timed[0][PERCENT] = "60"  # one percentage is enough to say that they are none
    assert faults([*timed, timed[0]])[0].what == "the same key occurs more than once"


@pytest.mark.parametrize(
    ("key", "label", "lived"),
    [
        ("942", 2022, "2023-04-01 to now"),  # Cumberland
        ("909", 2023, "ever to 2023-03-31"),  # Cumbria
        ("838", 2018, "2019-04-01 to now"),  # Dorset
        ("835", 2019, "ever to 2019-03-31"),  # Dorset as it was
    ],
)
def test_an_authority_outside_its_life(faults, key, label, lived):
    """Dates: reference/la_changes.csv; a flow is returned in the January that follows."""
    (fault,) = faults(lines("timeliness", "2025", [{"place": key, "label": label}]))
    assert (fault.what, fault.expected, fault.found) == (
        "authority was not in force", lived, str(label))  # fmt: skip
    assert fault.column == "time_period, old_la_code"


def test_all_faults_come_at_once(faults, timed):
    timed[0] |= {DEN: "1,071", "breakdown_topic": "Gender"}
    timed[2] |= {"la_name": "Bolton", PERCENT: "?"}
    found = faults(timed)
    assert [f.what for f in found] == [
        "topic is not known",
        "name and number disagree",
        "cell is neither a number nor a known symbol",
        "cell is neither a number nor a known symbol",
    ]
    text = str(found[2])
    assert text.startswith("row 1, column 'plans_issued_den': cell is neither")


def test_a_text_hides_no_impossible_figure_of_its_column(faults, timed):
    for row, text in zip(timed, ("abc", "150", ""), strict=True):
        row[PERCENT] = text
    told = [(f.what, f.row) for f in faults(timed)]
    assert told == [
        ("cell is neither a number nor a known symbol", 1),
        ("number is out of range", 2),
        ("cell is blank", 3),
    ]


SPOILT = {
    "label": put("breakdown_topic", "Gender", 2),
    "authority": put("la_name", "Bolton", 3),
    "symbol": put(DEN, "~", 1),
    "blank": put("PC_plans_issued_within_20_weeks", "", 1),
    "period": put("time_period", "2025", 1),
}


@pytest.mark.parametrize(
    ("gone", "hidden"),
    [
        (DEN, {"symbol"}),
        (PERCENT, set()),
        ("breakdown", set()),
        ("breakdown_topic", {"label"}),
        ("old_la_code", {"authority"}),  # nothing is left to compare the name with
        ("geographic_level", {"authority"}),  # which rows are authorities' is not said
        ("country_code", set()),
        ("region_code", set()),
        ("region_name", set()),
        ("la_name", {"authority"}),
        ("time_identifier", {"period"}),
    ],
)
def test_a_column_that_is_missing_hides_no_other_fault(faults, timed, gone, hidden):
    """A renamed column and wrong labels, names, symbols and periods come in one message."""
    for spoil in SPOILT.values():
        spoil(timed)
    whole = {fault.what for fault in faults(timed)}
    assert len(whole) == len(SPOILT)
    found = [fault.what for fault in faults(renamed(gone, "surprise")(timed))]
    assert found[:2] == ["column is missing", "column is not in the registry"]
    assert len(found) == 2 + len(SPOILT) - len(hidden)
    assert set(found[2:]) <= whole


def test_a_blank_cell_of_many_rows(faults, timed):
    for row in timed:
        row[PERCENT] = ""
    (fault,) = faults(timed)
    assert (fault.what, fault.column, fault.row) == ("cell is blank", PERCENT, 1)
    assert fault.found == "3 such rows"
    assert " or x" in fault.expected


def test_a_column_that_may_be_blank(ingested):
    """As published in the extract of 2022-23: counts are blank where only rates are held."""
    rows = lines("pupils", "2022-23", [{"place": ENGLAND, "label": 202021}], "2")
    rows[0]["total_pupils"] = ""
    assert ingested(rows, "pupils", "2022-23")["pupils"].to_list() == [None]


def test_one_fault_stands_for_many_rows(faults, timed):
    for row in timed:
        row[DEN] = "n/a"
    (fault,) = faults(timed)
    assert (fault.row, fault.found) == (1, "n/a (3 rows)")


def test_labels_of_long_layouts(faults):
    rows = [{"place": ENGLAND, "label": 2021, "placement": ("Special school", "Hospital Scool")}]
    (fault,) = faults(lines("caseload", "2022", rows, "z"), "caseload", "2022")
    assert fault.what == "placement is not known"
    assert fault.column == "establishment_group, establishment_type"
    assert "Special school | Hospital School" in fault.expected
    rows = [{"place": ENGLAND, "label": 2021, "item": "Age 5-10"}]
    (fault,) = faults(lines("caseload_by_age", "2022", rows, "z"), "caseload_by_age", "2022")
    assert fault.what == "item is not known"
    assert "Age 5 to 10" in fault.expected
