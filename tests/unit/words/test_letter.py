"""A note to the publisher: every paragraph can be checked against the file it names."""

import re

import polars as pl
import pytest

import sendstats as ss
from sendstats.quality.schema import FINDINGS, FLAGS
from sendstats.series.api import default_store
from sendstats.words import letter, say_period
from sendstats.words.letter_points import same_once


def finding(**more):
    """Essex: 606 plans ceased, and reasons that add up to 600 (figures made up)."""
    row = {
        "finding": "parts sum to the total.ceased.2025.2023.881.total.total",
        "rule": "parts sum to the total",
        "kind": "contradiction",
        "table": "ceased",
        "release": "2025",
        "file": "ceased_plans.csv",
        "period": "2023",
        "place": "881",
        "place_name": "Essex",
        "topic": "total",
        "label": "total",
        "column": "total",
        "published_column": "total_ceased",
        "row": 5873,
        "expected": "600 (sum of 10 parts)",
        "found": "606",
        "size": 6.0,
        "places": 1,
        "touches": "881",
        "also": "",
        "cause": "unknown",
        "effect": "",
        "effect_size": 0.0,
        "coverage": "",
        "repairable": False,
        "footnote": "",
    }
    return row | more


def written(*rows, flags=()):
    cells = [dict(zip(FLAGS, flag, strict=True)) for flag in flags]
    return letter(pl.DataFrame(list(rows), schema=FINDINGS), pl.DataFrame(cells, schema=FLAGS))


def test_a_paragraph_names_file_row_column_identity_and_figures():
    text = written(finding())
    assert "## Education, health and care plans, Reporting year 2025" in text
    assert "### `ceased_plans.csv`" in text
    assert (
        "1. **Rule “parts sum to the total”** (contradiction): Essex, 2023, row 5873: "
        "`total_ceased` prints 606, expected 600 (sum of 10 parts)."
    ) in text


def test_the_top_counts_and_lists_what_follows():
    rows = [finding(), finding(finding="b", release="2022", kind="doubt", effect_size=1.26)]
    text = written(*rows)
    assert "2 findings, told in 2 points:" in text
    assert "- 1 × contradiction: figures that cannot all be right\n- 1 × doubt: possible" in text
    assert "| Reporting year 2025 | `ceased_plans.csv` | 1 | 1 | none |" in text
    assert "| Reporting year 2022 | `ceased_plans.csv` | 2 | 1 | 1.3 % |" in text


def test_missing_rows_of_one_file_are_one_paragraph():
    gone = {"row": None, "kind": "gap", "found": "none", "expected": "a row", "size": 0.0}
    where = [("Leicester", "2023"), ("Hackney", "2023"), ("Essex", "2019")]
    rows = [
        finding(finding=f"{place}.{period}", place=place, place_name=place, period=period, **gone)
        for place, period in where
    ]
    text = written(*rows)
    assert (
        "1. **Rule “parts sum to the total”** (gap): we expected a row and found none for Essex, "
        "2019; Hackney and Leicester, 2023."
    ) in text
    assert "prints" not in text.split("###")[1]


def test_findings_of_one_rule_and_file_are_one_paragraph_with_a_list():
    rows = [finding(effect_size=2.0), finding(finding="b", place="373", place_name="Sheffield")]
    assert (
        "1. **Rule “parts sum to the total”** (contradiction).\n   - Essex, 2023, row 5873: "
        "`total_ceased` prints 606, expected 600 (sum of 10 parts).\n   - Sheffield, 2023"
    ) in written(*rows)


def test_two_columns_of_one_row_are_one_line():
    both = finding(finding="z", column="deaths", published_column="deaths", found="7")
    assert (
        "`total_ceased` prints 606, expected 600 (sum of 10 parts); `deaths` prints 7, expected "
        "600 (sum of 10 parts)."
    ) in written(finding(), both)


def test_the_same_fact_in_two_releases_is_told_once_with_both_files():
    older = finding(
        finding="b", release="2022", file="older.csv", row=12, published_column="ceased_all"
    )
    text = written(older, finding())
    assert "row 5873: `total_ceased` prints 606" in text
    assert "The same in `older.csv` of Reporting year 2022, row 12, column `ceased_all`." in text
    assert "2 findings, told in 1 point" in text


def test_a_row_that_two_releases_lack_is_told_once():
    gone = {"row": None, "kind": "gap", "found": "none", "expected": "a row"}
    text = written(finding(**gone), finding(finding="b", release="2022", **gone))
    assert "The same in `ceased_plans.csv` of Reporting year 2022, no row of Essex." in text


def test_a_part_of_a_breakdown_is_named_with_its_topic():
    text = written(finding(topic="age_at_start", label="age_10"))
    assert "`total_ceased` (age at start age 10) prints 606, expected 600" in text


def test_a_symbol_is_no_figure():
    """Wakefield, assessments.csv of 2025, row 538: `x` assessed, its three outcomes are counts."""
    text = written(finding(found="none", expected="a figure", size=0.0))
    assert "`total_ceased` prints no figure, expected a figure." in text


def test_a_total_that_its_items_miss_is_named_as_one():
    text = written(finding(topic="placement", found="36", expected="37 (sum of 5 items)", size=1.0))
    assert "`total_ceased` (total by placement) prints 36, expected 37" in text


def test_what_is_known_is_told_and_what_is_not_is_left_out():
    said = {
        "kind": "gap",
        "cause": "a return is not complete",
        "effect": "England total_ceased 39,419 as published, 39,413 by its parts",
        "coverage": "151 of 153 authorities have a figure",
        "footnote": "Essex could not return reasons.",
        "repairable": True,
        "period": "2023-01",
    }
    text = written(finding(**said))
    assert "(gap): Essex, January 2023, row 5873" in text
    for words in (
        "Effect: England total_ceased 39,419 as published, 39,413 by its parts.",
        "Coverage: 151 of 153 authorities have a figure.",
        "As far as we can see: a return is not complete.",
        "Other cells prove what it should be.",
        "Footnote 1.",
        "1. Essex could not return reasons.",
    ):
        assert words in text
        assert words not in written(finding())


def test_causes_that_differ_stand_with_their_figures():
    rows = [
        finding(finding=name, place=name, place_name=name, cause=f"{name} are in no part")
        for name in ("6", "27")
    ]
    assert written(*rows).count("As far as we can see: ") == 2
    alike = [row | {"cause": "a return is not complete"} for row in rows]
    assert written(*alike).count("As far as we can see: a return is not complete.") == 1


def test_what_causes_have_in_common_is_said_once():
    said = (
        "the two are close; +3.5 % stays unexplained",
        "the two are close; -1.8 % stays unexplained",
    )
    rows = [
        finding(finding=str(n), place=str(n), place_name=f"Place {n}", cause=cause)
        for n, cause in enumerate(said)
    ]
    text = written(*rows)
    assert "(contradiction). As far as we can see: the two are close." in text
    assert text.count("the two are close") == 1
    assert "As far as we can see: -1.8 % stays unexplained." in text


def test_of_many_effects_the_first_are_told_and_of_a_doubt_how_large_it_is():
    many = "; ".join(f"England column_{n} 1 as published, 2" for n in range(5))
    told = written(finding(effect=many, effect_size=6.04))
    assert "column_2 1 as published, 2; 2 more figures." in told
    doubt = written(finding(effect=many, effect_size=6.04, kind="doubt"))
    assert "Effect: moves a figure of England by 6.0 %." in doubt
    assert "column_0" not in doubt


def test_a_placement_of_a_long_file_is_named_as_it_is_printed():
    """sen2_estab_new_plans.csv of 2022, row 10087: Leicester, 165 in free schools."""
    said = {
        "table": "new_plans",
        "release": "2022",
        "label": "mainstream.free_school.general",
        "expected": "0, and 165 in mainstream.la_maintained.general, row 9204",
        "effect": "England special.academy 2 as published, 1",
    }
    text = written(finding(**said))
    assert "`total_ceased` (Mainstream - free school) prints 606" in text
    assert "165 in “Mainstream - LA maintained”, row 9204" in text
    assert "England “Special - Academy” 2 as published" in text


def test_an_effect_that_repeats_the_figures_of_the_cell_is_left_out():
    said = {
        "place": "E92000001",
        "place_name": "England",
        "effect": "England total_ceased 606 as published, 600 by its parts; England share 4 %",
    }
    assert "Effect: England share 4 %." in written(finding(**said))


def test_footnotes_that_say_the_same_are_said_once():
    """The two that DfE prints below the breakdowns of January 2024, in our words."""
    first = "Hackney returned a total only for 2024, so figures do not add up to the totals."
    second = "Hackney returned a total only for 2024, so parts do not add up to totals."
    third = "Hackney returned a total only for 2023, so parts do not add up to totals."
    assert same_once([first, second, third, first]) == [first, third]
    text = written(
        finding(footnote=first), finding(finding="z", found="5", footnote=f"{second} {third}")
    )
    assert "Footnotes 1 and 2." in text
    assert f"1. {first}\n2. {third}" in text


def test_a_cause_names_columns_as_they_are_published():
    """Our own names are no words that the publisher knows."""
    said = {
        "table": "caseload",
        "file": "caseload.csv",
        "column": "elsewhere_published",
        "published_column": "ed_elsewhere",
        "cause": "elsewhere.other_settings is not counted in elsewhere_published in this period",
    }
    text = written(finding(**said))
    assert (
        "As far as we can see: `other_placement_settings` is not counted in `ed_elsewhere` in this "
        "period."
    ) in text
    assert "elsewhere." not in text


def test_what_is_expected_names_columns_as_they_are_published():
    """personal_budgets.csv of 2025, row 578: Norfolk, 1,367 for social care out of 77."""
    said = {"table": "personal_budgets", "expected": "at most 77 (budgets)", "found": "1,367"}
    assert "prints 1,367, expected at most 77 (`personal_budget`)." in written(finding(**said))


def test_other_places_and_rows_that_are_touched():
    name = finding()["finding"]
    rows = [5873, 685, 183, 1, 2, 3, 4, 5, 7]
    flags = [(name, "ceased", "2025", row, "2024", "total") for row in rows]
    flags.append((name, "caseload", "2025", 99, "2024-01", "plans"))
    text = written(finding(touches="881;E12000006;E92000001"), flags=flags)
    assert "Also East of England and England; other rows 1–5, 7 and 2 more." in text  # noqa: RUF001
    many = written(finding(touches="881;E12000006;E92000001;373;380;383"), flags=flags[:2])
    assert "Also 5 other places; other row 685." in many


def test_the_newest_release_first_and_in_it_the_largest_effect():
    rows = [
        finding(finding="a", place="Small", place_name="Small", effect_size=0.1, rule="a"),
        finding(finding="b", place="Large", place_name="Large", effect_size=4.2, rule="b"),
        finding(finding="c", place="Doubt", place_name="Doubt", kind="doubt", size=900.0),
        finding(finding="d", place="Other", place_name="Other", file="other.csv", effect_size=2.0),
        finding(finding="e", place="Older", place_name="Older", release="2022", effect_size=9.0),
    ]
    text = written(*rows)
    order = [text.index(name) for name in ("Large", "Small", "Doubt", "Other", "Older")]
    assert order == sorted(order)
    assert re.findall(r"^\d+(?=\. \*\*Rule)", text, re.MULTILINE) == ["1", "2", "3", "4", "5"]


def test_nothing_found_is_said_so():
    assert "There is nothing to report." in written()


@pytest.mark.parametrize("wording", ["Thank you", "glad to be told", "not official statistics"])
def test_it_is_polite_and_says_what_it_is(wording):
    assert wording in written(finding())


@pytest.fixture(scope="module")
def whole():
    return ss.findings(), letter(ss.findings(), default_store().flags)


def test_every_committed_finding_is_in_it(whole):
    """With its place and period, file, row, column, and both figures."""
    found, text = whole
    lines = [""]
    for line in text.splitlines():
        lines.append(line if line.startswith("### ") else f"{file_of(lines[-1])}\n{line}")
    for row in found.iter_rows(named=True):
        wanted = [row["place_name"], say_period(row["period"])]
        if row["row"] is not None:
            said = "no figure" if row["found"] == "none" else row["found"]
            expected = row["expected"].split(" (")[0]
            wanted.append(f"`{row['published_column']}`")
            one_cell = said[-1].isdigit() or said == "no figure"
            wanted.append(f"{' prints' if one_cell else ':'} {said}, expected {expected}")
        at = rf"`{re.escape(row['file'])}`.*\b{'row ' + str(row['row']) if row['row'] else 'row'}\b"
        held = [x for x in lines if all(w in x for w in wanted) and re.search(at, x, re.DOTALL)]
        assert held, row["finding"]


def file_of(line):
    return line.split("\n")[0].removeprefix("### ")


def test_every_committed_finding_is_counted_once(whole):
    found, text = whole
    assert f"{found.height} findings, told in " in text
    counts = [int(n) for n in re.findall(r"^- (\d+) × ", text, re.MULTILINE)]
    assert sum(counts) == found.height


def test_it_is_short(whole):
    """A paragraph of its own for each finding took 500 bytes and more."""
    found, text = whole
    assert len(text.encode()) / found.height < 350
