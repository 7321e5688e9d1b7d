"""What a good file becomes: published text beside typed keys, in the file's own order."""

import polars as pl
import pytest

from builders import ENGLAND, NORTH_EAST, lines
from sendstats.catalogue.tables import tables
from sendstats.errors import UnknownId


def test_keys_are_typed_and_figures_stay_text(ingested, timed):
    timed[0]["plans_issued_den"] = " 200"
    timed[1]["PC_plans_issued_20_weeks_ex"] = "x"
    frame = ingested(timed, bom=True, newline="\r\n")
    assert frame["row"].to_list() == [1, 2, 3]
    assert frame["place"].to_list() == [ENGLAND, NORTH_EAST, "370"]
    assert frame["period"].unique().to_list() == ["2024"]
    assert frame["issued.including_exceptions"].to_list() == [" 200", "200", "200"]
    assert frame["within_20_weeks.excluding_exceptions.percent"].to_list() == ["60", "x", "60"]
    assert frame.schema["row"] == pl.Int32
    assert isinstance(frame.schema["place"], pl.Enum)


def test_bytes_of_the_file_do_not_matter_beyond_their_text(ingested, timed):
    plain = ingested(timed)
    assert plain.equals(ingested(timed, bom=True, newline="\r\n"))


def test_rows_carry_our_topic_and_item(ingested):
    rows = [
        {"place": ENGLAND, "label": 2024},
        {"place": ENGLAND, "label": 2024, "breakdown": ("Sex", "Female")},
        {"place": ENGLAND, "label": 2024, "breakdown": ("Child or young persons age", "age 10")},
    ]
    frame = ingested(lines("timeliness", "2025", rows))
    found = frame.select("topic", "item").rows()
    assert found == [("total", "total"), ("sex", "female"), ("age_at_request", "10")]


def test_rows_that_several_filters_divide_carry_both(ingested):
    rows = lines("caseload_by_age", "2024", [{"place": ENGLAND, "label": 2024}] * 4)
    for row, age, kind in zip(rows, ("Total", "Age 5 to 10") * 2, ("Total", "EHCP"), strict=False):
        row |= {"age": age, "ehcp_or_statement": kind}
    rows[2] |= {"ehcp_or_statement": "EHCP"}
    rows[3] |= {"age": "Under age 5"}
    frame = ingested(rows, "caseload_by_age", "2024")
    assert frame.select("topic", "item").rows() == [
        ("total", "total"),
        ("age_band × plan_type", "5_to_10 × ehc_plan"),
        ("plan_type", "ehc_plan"),
        ("age_band", "under_5"),
    ]


def test_rows_that_belong_to_no_table_yet_leave_their_numbers_behind(ingested):
    rows = lines("pupils_by_need", "2024-25", [{"place": ENGLAND, "label": 202425}] * 2)
    rows[0]["sen_status"] = "SEN support"
    frame = ingested(rows, "pupils_by_need", "2024-25")
    assert frame["row"].to_list() == [2]


def test_rows_that_no_table_takes_stay_out_for_a_stated_reason(ingested):
    rows = lines("pupils_by_language", "2025-26", [{"place": ENGLAND, "label": 202526}] * 2)
    rows[0]["geographic_level"] = "Parliamentary constituency"
    frame = ingested(rows, "pupils_by_language", "2025-26")
    assert frame["row"].to_list() == [2]


def test_words_and_symbols_of_a_layout(ingested, faults):
    rows = lines("medical_officers", "2025", [{"place": "390", "label": 2024}], fill="n/a")
    rows[0] |= {"des_med_off": "Recruiting", "des_clin_off": "Not returned"}
    frame = ingested(rows, "medical_officers", "2025")
    found = frame.select("designated_medical_officer", "designated_social_care_officer").row(0)
    assert found == ("Recruiting", "n/a")
    rows[0]["des_med_off"] = "Maybe"
    (fault,) = faults(rows, "medical_officers", "2025")
    assert (fault.what, fault.found) == ("word is not known", "Maybe")
    rows[0]["des_med_off"] = "7"
    (fault,) = faults(rows, "medical_officers", "2025")
    assert fault.what == "word is not known"


def test_remainders_may_be_negative_where_the_layout_says_so(ingested, faults):
    row = {"place": ENGLAND, "label": 2024, "decision.outstanding": -2}
    ingested(lines("annual_reviews", "2025", [row]), "annual_reviews", "2025")
    (fault,) = faults(
        lines("annual_reviews", "2025", [row | {"expected": -2}]), "annual_reviews", "2025"
    )
    assert (fault.what, fault.column) == ("number is out of range", "review_expected")


def test_parts_of_london_are_places_where_a_file_prints_them(ingested, faults):
    rows = [{"place": p, "label": 2024} for p in ("E13000001", "202")]
    published = lines("new_plans_by_need", "2025", rows)
    published[1] |= {"region_code": "E13000001", "region_name": "Inner London"}
    frame = ingested(published, "new_plans_by_need", "2025")
    assert frame["place"].cast(str).to_list() == ["E13000001", "202"]
    rows = lines("timeliness", "2025", [{"place": "E13000001", "label": 2024}])
    assert faults(rows)[0].what == "region is not known"


def test_a_part_of_london_beside_the_wrong_authority(faults):
    rows = [{"place": p, "label": 2024} for p in ("E13000001", "202")]
    published = lines("new_plans_by_need", "2025", rows)
    published[1] |= {"region_code": "E13000002", "region_name": "Outer London"}
    (fault,) = faults(published, "new_plans_by_need", "2025")
    assert (fault.what, fault.found) == ("region and number disagree", "E13000002")


def test_unknown_labels_are_told_together_with_the_nearest(faults):
    rows = lines("timeliness", "2025", [{"place": ENGLAND, "label": 2024}] * 3)
    pairs = [("Sex", "Girls"), ("Child or young persons age", "Aged 1O"), ("Gender", "Female")]
    for row, (topic, label) in zip(rows, pairs, strict=True):
        row |= {"breakdown_topic": topic, "breakdown": label}
    found = faults(rows)
    assert [(f.what, f.row) for f in found] == [
        ("topic is not known", 3),
        ("item is not known", 1),
        ("item is not known", 2),
    ]
    assert "Child or young persons age | Aged 1" in found[2].expected


def test_column_without_name_or_figures_is_no_column(ingested, timed):
    assert ingested([r | {"": "", " ": " "} for r in timed]).height == 3


def test_a_release_that_does_not_publish_the_table():
    with pytest.raises(UnknownId, match="release of timeliness"):
        tables()["timeliness"].layout("2021")


@pytest.mark.parametrize(
    ("table_id", "release"),
    [(t.id, r) for t in tables().values() for x in t.layouts for r in x.releases if not x.cross],
)
def test_every_layout_takes_a_file_of_its_own_columns(ingested, table_id, release):
    kind = tables()[table_id].kind
    label = 202223 if release in ("2025", "2026", "2022-23", "2024-25") else 2021
    rows = [{"place": p, "label": label if kind == "stock" else 2021} for p in (ENGLAND, "370")]
    symbol = "z" if release == "2022" else "x"
    frame = ingested(lines(table_id, release, rows, symbol), table_id, release)
    layout = tables()[table_id].layout(release)
    assert frame.columns[-len(layout.columns) :] == list(layout.columns)
    figures = frame.select(list(layout.columns))
    assert all(figures[c].to_list() == [symbol, symbol] for c in figures.columns)
