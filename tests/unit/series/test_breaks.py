"""Where a series stops being comparable, and that no break is lost for want of a row."""

import polars as pl
import pytest

import sendstats as ss
from builders import stored
from sendstats.errors import Refused
from sendstats.series.api import definition
from sendstats.series.model import ROWS
from sendstats.series.select import broken

PERSON_LEVEL = "person_level"


def rows(**periods):
    """Return made-up rows of new plans: the periods of each place."""
    made = [
        {"place": place, "period": p, "flags": []} for place, held in periods.items() for p in held
    ]
    return pl.DataFrame(made, schema_overrides={"flags": pl.List(pl.String)}).with_columns(
        pl.lit("total").alias(name) for name in ("placement", "topic", "item")
    )


def cut(frame):
    """Return place and period of every row that the person-level return cuts off."""
    found = broken(frame, definition("plans.new")).filter(
        pl.col("flags").list.contains(PERSON_LEVEL)
    )
    return found.select("place", "period").rows()


def test_a_break_is_on_its_own_period():
    assert cut(rows(a=["2021", "2022", "2023"])) == [("a", "2022")]


def test_a_break_without_a_row_is_on_the_first_period_after_it_for_each_place():
    held = rows(a=["2020", "2021", "2023", "2024"], b=["2021", "2022", "2024"])
    assert cut(held) == [("a", "2023"), ("b", "2022")]


def test_a_break_before_everything_held_is_none():
    assert cut(rows(a=["2023", "2024"], b=["2020", "2021"])) == []


def test_series_without_rows_or_breaks_stay_what_they_are():
    assert broken(ROWS.to_frame(), definition("plans.new")).is_empty()
    held = rows(a=["2021", "2022"])
    assert broken(held, definition("pupils.all")).equals(held)


def test_the_other_flags_of_a_figure_are_kept():
    held = rows(a=["2021", "2022"]).with_columns(pl.lit(["repaired", "conversions"]).alias("flags"))
    (_, after) = broken(held, definition("plans.new"))["flags"]
    assert after.to_list() == ["repaired", PERSON_LEVEL, "conversions"]


def test_new_plans_without_statements_have_no_row_of_2022_and_keep_the_break():
    found = ss.series("plans.new.ehc_only")
    assert "2022" not in found.periods
    assert PERSON_LEVEL in found.at("2023").flags
    assert PERSON_LEVEL not in found.at("2021").flags
    assert [b.period for b in found.breaks if b.id == PERSON_LEVEL] == ["2022"]
    assert "than in 2021" not in str(ss.answer(found))
    assert PERSON_LEVEL in {n.id for n in ss.chart(found).notes}
    assert PERSON_LEVEL not in {n.id for n in ss.series("plans.new.ehc_only", release="2022").notes}


@pytest.mark.parametrize(
    ("series_id", "first", "note"),
    [
        ("plans.work_based", "2025-01", PERSON_LEVEL),
        ("mediation.cases", "2022", PERSON_LEVEL),
        ("tribunal.decisions", "2023", "tribunal_new_collection"),
        ("tribunal.appeal_rate", "2023", "tribunal_new_collection"),
        ("reviews.decided", "2025", "reviews_completed_in_year"),
        ("reviews.decided_within_4_weeks", "2025", "reviews_completed_in_year"),
        ("reviews.decided_within_4_weeks_share", "2025", "reviews_completed_in_year"),
        ("reviews.decided_after_4_weeks", "2025", "reviews_completed_in_year"),
        ("reviews.decided_after_4_weeks_share", "2025", "reviews_completed_in_year"),
    ],
)
def test_the_break_of_a_series_is_on_its_first_figure(series_id, first, note):
    found = ss.series(series_id)
    flagged = [p for p in found.periods if note in found.at(p).flags]
    assert flagged == [first]


@pytest.mark.parametrize("series_id", ["reviews.decided", "plans.work_based"])
def test_an_answer_says_no_change_across_a_break(series_id):
    found = ss.series(series_id)
    assert len(found) > 1
    assert "than in" not in str(ss.answer(found))
    assert "since" not in str(ss.answer(found))


def test_decisions_after_a_review_are_told_with_the_arithmetic():
    """Sums of the England rows of annual_reviews.csv, releases of 2025 and 2026."""
    found = ss.series("reviews.decided")
    assert (found.at("2024").value, found.at("2025").value) == (
        154_924 + 193_835,
        161_396 + 177_631,
    )
    (note,) = found.breaks
    assert "154,924 + 193,835 = 348,759" in note.text
    assert "161,396 + 177,631 = 339,027" in note.text


def test_mediation_of_2022_is_less_than_its_stages():
    """England row of sen2_mi.csv, release of 2024: 4,107, 1,024 and 720 beside 5,484."""
    assert 4_107 + 1_024 + 720 == 5_851
    found = ss.series("mediation.cases")
    assert found.at("2022").value == 5_484
    assert "mediation_stages_2022" in found.at("2022").flags
    assert "mediation_stages_2022" not in found.at("2023").flags


def test_the_old_form_of_discontinued_plans_ends_with_2021(tmp_path):
    """From 2022 the columns of these names count on the new form, without one of the reasons."""
    assert ss.series("plans.discontinued").periods[-1] == "2021"
    counts = {f"ehc_plans.{x}": 5 for x in ("transferred", "needs_met", "left_school", "other")}
    rows = [{"place": "370", "label": y, **counts} for y in (2021, 2022, 2023)]
    store = stored(tmp_path, {("discontinued", "2024"): rows}, "2024")
    assert ss.series("plans.discontinued", place="370", store=store).periods == ["2021"]


@pytest.mark.parametrize("year", ["in_year", "next_year"])
def test_finalised_phase_transfers_are_no_part_of_those_due(year):
    """38,887 finalised under the year, 12,232 due in it: the publisher does not say of which."""
    final, due = (
        ss.series(f"phase_transfers.{what}_{year}").at("2025") for what in ("final", "due")
    )
    assert "does not say of which reviews" in final.definition.measures
    with pytest.raises(Refused, match="is no part of"):
        ss.ratio(final, due)
