"""Answers: figures from DfE (EHC plans 2022, 2025, 2026), sentences worked out by hand."""

from __future__ import annotations

import polars as pl
import pytest

import made
from sendstats.errors import WrongUse
from sendstats.series.model import Note
from sendstats.words import answer, show, table

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
            "exceptions, down 2.3 percentage points from 60.4% in 2019."
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


def test_no_change_is_said_across_a_break():
    said = answer(counts({"2022-01": 473255, "2023-01": 517048}, (BREAK,)))
    assert said.sentences == ("In January 2023, 517,048 EHC plans were in force in England.",)


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


def test_a_series_is_no_frame_and_the_refusal_says_what_shows_it():
    with pytest.raises(WrongUse, match=r"say ss\.table\(series\)"):
        show(made.caseload())
