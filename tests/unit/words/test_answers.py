"""Answers: figures from DfE (EHC plans 2022, 2025, 2026), sentences worked out by hand."""

from __future__ import annotations

from dataclasses import replace

import polars as pl
import pytest

import made
import sendstats as ss
from sendstats.catalogue.load import document
from sendstats.catalogue.series import Cells, entries
from sendstats.errors import WrongUse
from sendstats.series.model import Note
from sendstats.words import alt_text, answer, lines_of, show, table, title

BREAK = Note("person_level", "break", "One record a person.", "2023-01", "Person-level return")
RATE = {
    "id": "timeliness.within_20_weeks",
    "title": "EHC plans issued within 20 weeks",
    "kind": "flow",
    "unit": "percent",
    "decimals": 1,
}


def rates(*cells, **changes):
    """Rates of England from (period, numerator, denominator)."""
    rows = [
        made.row(p, None if d in (None, 0) else 100 * n / d, numerator=n, denominator=d)
        | ({"reason": "undefined"} if d == 0 else {})
        for p, n, d in cells
    ]
    return made.series(rows, basis="excluding_exceptions", **(RATE | changes))


def counts(cells, notes=()):
    return made.series([made.row(p, v) for p, v in cells.items()], notes=notes)


def test_a_count_is_said_with_its_change_and_its_longest_comparable_move():
    said = answer(counts(made.CASELOAD, (BREAK,)))
    newest = list(made.CASELOAD)[-1]
    assert newest == "2026-01"
    assert said.sentences == (
        (
            "In January 2026, 718,838 EHC plans were in force in England, "
            "12.5% more than in January 2025."
        ),
        "The number has risen by 39.0% since January 2023, from 517,048.",
    )
    assert repr(said) == " ".join(said.sentences)
    assert said._repr_markdown_() == f"**{said}**"


def test_a_rate_moves_in_points_from_unrounded_counts():
    """29,895 of 49,519 to 31,446 of 54,175: 60.371 to 58.045, so 2.3 points and not 2.4."""
    said = answer(rates(("2019", 29895, 49519), ("2020", 31446, 54175)))
    assert said.sentences == (
        (
            "In 2020, 58.0% of EHC plans in England were issued within 20 weeks, excluding "
            "exceptions, down 2.3 percentage points before rounding from 60.4% in 2019."
        ),
    )


def test_several_series_get_one_sentence_each():
    both = answer(rates(("2019", 29895, 49519)), counts({"2025-01": 638745, "2026-01": 718838}))
    assert [s.split()[2] for s in both.sentences] == ["60.4%", "2026,"]
    assert both.sentences[0].endswith("excluding exceptions.")


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        (400, 300, "25.0% fewer than in January 2025"),
        (400, 400, "about as much as in January 2025"),
        (0, 7, "7 more than in January 2025"),
    ],
)
def test_ways_a_count_can_move(before, after, said):
    assert said in str(answer(counts({"2025-01": before, "2026-01": after})))


def test_no_change_is_said_across_a_break_which_is_named():
    said = answer(counts({"2022-01": 473255, "2023-01": 517048}, (BREAK,)))
    assert said.sentences == (
        (
            "In January 2023, 517,048 EHC plans were in force in England. It is not to be compared "
            "with the figure of January 2022: One record a person."
        ),
    )


def test_what_is_noted_on_the_figures_said_stands_under_the_answer():
    """Mediation: 5,484 cases in 2022 beside 5,851 by stages, 10,314 in 2023 (DfE, 2024)."""
    said = answer(ss.series("mediation.cases"))
    assert "10,314 mediation cases" in str(said)
    caveat, found = said.notes
    assert "5,484 mediation cases against 4,107 + 1,024 + 720 = 5,851" in caveat
    assert "5,851 (4,107 request_mediation + 1,024 assessment_mediation" in found
    assert repr(said) == f"{said}\n  mind: {caveat}\n  mind: {found}"
    assert said._repr_markdown_() == f"**{said}**\n\n- {caveat}\n\n- {found}"
    odd = Note("odd", "caveat", "One authority is missing.")
    cells = [made.row(f"{y}-01", float(y), flags=f) for y, f in ((2023, ["odd"]), (2024, []))]
    assert answer(made.series(cells, notes=(odd,))).notes == ("One authority is missing.",)
    later = made.row("2025-01", 5.0)
    assert answer(made.series([*cells, later], notes=(odd,))).notes == ()
    crossed = answer(made.series(cells, notes=(odd, replace(BREAK, period="2024-01"))))
    assert crossed.notes == ()
    assert "One record a person." in str(crossed)


def test_what_is_printed_alike_and_moved_says_that_it_was_rounded():
    """93.56 to 93.62 and 1.64 to 0.97: +0.06 and -0.67, printed 93.6, 93.6, 1.6 and 1.0."""
    same = str(answer(rates(("2024", 9356, 10000), ("2025", 9362, 10000))))
    assert "93.6% of" in same
    assert same.endswith("up 0.1 percentage points before rounding from 93.6% in 2024.")
    down = str(answer(rates(("2024", 164, 10000), ("2025", 97, 10000))))
    assert down.endswith("down 0.7 percentage points before rounding from 1.6% in 2024.")
    plain = str(answer(rates(("2024", 464, 1000), ("2025", 461, 1000))))
    assert plain.endswith("down 0.3 percentage points from 46.4% in 2024.")


def test_an_average_is_said_in_its_unit():
    meant = {"id": "timeliness.average_weeks", "unit": "weeks", "decimals": 1, "kind": "flow"}
    meant |= {"cells": (Cells("timeliness", published="average_weeks"),)}
    rows = [made.row(p, v) for p, v in (("2023", 38.0), ("2024", 45.5), ("2025", 51.0))]
    said = answer(made.series(rows, basis="excluding_exceptions", **meant))
    assert said.sentences == (
        (
            "In 2025, 51.0 weeks on average passed in England between request and plan, excluding "
            "exceptions, up from 45.5 weeks in 2024."
        ),
        "The average has risen by 34.2% since 2023, from 38.0 weeks.",
    )
    lines = lines_of((made.series(rows, basis="excluding_exceptions", **meant),))
    assert title(lines, subject="One name that takes nine words of the ten there") == (
        "From 38.0 to 51.0 weeks"
    )
    assert "38.0 weeks first, 51.0 weeks last, the peak." in alt_text("Line chart", lines)
    drawn = ss.chart(ss.series("timeliness.average_weeks", basis="excluding_exceptions"))
    assert ", excluding exceptions, weeks, England, " in drawn.subtitle
    assert drawn.title == "Average time to issue an EHC plan: 24.0 weeks"


@pytest.mark.parametrize(
    ("series_id", "unit", "said"),
    [
        ("plans.caseload", "plans", "1 EHC plan was in force in England"),
        ("plans.caseload.ehc_only", "plans", "1 EHC plan, statements not counted, was in force"),
        ("requests.received", "requests", "1 request for an EHC needs assessment was received"),
        ("reviews.plans", "plans", "1 EHC plan in England is covered by the return"),
        ("plans.moved", "people", "1 person with an EHC plan in England changed the kind"),
        ("assessments.issued", "assessments", "1 assessment in England led to a plan"),
    ],
)
def test_one_is_said_in_the_singular(series_id, unit, said):
    one = made.series([made.row("2025-01", 1)], id=series_id, unit=unit, decimals=0)
    assert f"In January 2025, {said}" in str(answer(one))
    two = made.series([made.row("2025-01", 2)], id=series_id, unit=unit, decimals=0)
    assert said.removeprefix("1 ") not in str(answer(two))


def test_every_count_can_be_said_of_one():
    for series_id, definition in entries().items():
        if definition.adds_up and not definition.in_words:
            row = made.row("2025-01", 1, placement="mainstream")
            one = made.series([row], id=series_id, unit=definition.unit, decimals=0)
            said = str(answer(one)).removeprefix("In January 2025, 1 ")
            template = document("sentences.toml")["says"][series_id].split(" {")[0]
            assert not said.startswith(template), series_id
            assert not {"were", "are"} & {*said.split()}, series_id


def test_a_yes_or_no_of_an_authority_is_no_number():
    """Barnsley, designated medical officer: Yes in 2023, No in 2024 and 2025 (DfE, 2025)."""
    one = ss.series("officers.medical", place="Barnsley")
    assert [one.at(f"{y}-01").published for y in (2023, 2024, 2025)] == ["Yes", "No", "No"]
    assert answer(one).sentences == (
        (
            "In January 2025, Barnsley had no designated medical officer in post, "
            "as in January 2024."
        ),
    )
    rows = one.rows.filter(pl.col("period") <= "2023-01")
    assert answer(replace(one, rows=rows)).sentences == (
        (
            "In January 2023, Barnsley had a designated medical officer in post, "
            "unlike in January 2022."
        ),
    )
    assert "value       1 authority\n" in repr(
        ss.trace("officers.medical", "2023-01", place="Barnsley")
    )
    assert ": 1 authority;" in repr(one.at("2023-01"))


def test_a_rate_printed_without_counts_is_set_beside_the_last_one():
    meant = RATE | {"id": "pupils.sen_support.share", "kind": "stock"}
    rows = [made.row("2024-01", 13.6), made.row("2025-01", 14.2)]
    said = str(answer(made.series(rows, **meant)))
    assert said.endswith("were on SEN support, up from 13.6% in January 2024.")


def test_long_moves_of_rates():
    down = answer(rates(("2019", 60, 100), ("2020", 55, 100), ("2021", 40, 100)))
    assert (
        down.sentences[1] == "The rate has fallen by 20.0 percentage points since 2019, from 60.0%."
    )
    level = answer(rates(("2019", 60, 100), ("2020", 55, 100), ("2021", 60, 100)))
    assert level.sentences[1] == "The rate stands where it stood in 2019."


@pytest.mark.parametrize("cells", [{}, {"2025-01": None}])
def test_nothing_to_say_is_refused(cells):
    with pytest.raises(WrongUse, match="one line with a figure"):
        answer(counts(cells))


def test_a_table_shows_counts_gaps_and_stars():
    one = rates(("2023", 342, 568), ("2024", 0, 0))
    shown = table(one)
    assert shown.headings == ("Period", "England", "cases", "of")
    assert shown.rows == (("2023", "60.2%", "342", "568"), ("2024", "(undefined)", "0", "0"))
    assert "60.2%" in repr(shown)
    html = shown._repr_html_()
    assert '<th scope="row">2023</th><td>60.2%</td>' in html
    assert "<caption>EHC plans issued within 20 weeks</caption>" in html
    assert "tfoot" not in html


def test_a_star_is_explained_at_the_foot():
    shown = table(made.timeliness(y2020=["covid"]))
    assert next(row[1] for row in shown.rows if row[0] == "2020").endswith(" *")
    said = (
        "* A caveat, break, finding or repair is noted on this figure: .notes of the series has it."
    )
    assert repr(shown).endswith(f"\n{said}")
    assert '<tfoot><tr><td colspan="4">* A caveat' in shown._repr_html_()


def test_a_table_keeps_the_newest_periods_and_marks_flags():
    rows = [
        made.row(f"{y}-01", 1000 + y, flags=["a"] if y == 2025 else []) for y in range(2019, 2026)
    ]
    shown = table(made.series(rows), periods=2)
    assert [r[0] for r in shown.rows] == ["January 2024", "January 2025"]
    assert shown.rows[-1][1] == "3,025 *"


def test_a_table_of_two_places_leaves_missing_periods_blank():
    one = counts({"2024-01": 5})
    other = made.series([made.row("2025-01", 6, place="201", place_name="City of London")])
    shown = table(one, other)
    assert shown.rows == (("January 2024", "5", ""), ("January 2025", "", "6"))


def test_a_frame_is_shown_as_it_is_with_blanks_for_nulls():
    frame = pl.DataFrame({"place_name": ["Dorset"], "found": [None], "more": [1]})
    shown = show(frame, "place_name", "found", caption="Some")
    assert shown.headings == ("Place name", "Found")
    assert shown.rows == (("Dorset", ""),)
    assert show(frame).headings == ("Place name", "Found", "More")


def test_a_whole_number_is_shown_without_decimals():
    frame = pl.DataFrame({"change": [-3950.0, 0.3]})
    assert show(frame).rows == (("-3950",), ("0.3",))


def test_a_series_is_no_frame_and_the_refusal_says_what_shows_it():
    with pytest.raises(WrongUse, match=r"say ss\.table\(series\)"):
        show(made.caseload())
