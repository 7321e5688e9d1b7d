"""Findings told together: figures of DfE's EHC plans 2022, texts worked out by hand."""

import sendstats as ss
from sendstats.series.about import About, about, finding_text
from sendstats.series.model import Note
from sendstats.words import few, gathered, listed, paragraphs

RULE = "two tables that count one thing agree"
#: New plans and statements of England in two files of the 2022 release: by age, and in all.
PRINTED = {
    "2009": ("26,494", "26,019", 475),
    "2010": ("25,887", "25,427", 460),
    "2013": ("29,109", "28,518", 591),
}


def note(period, place="England", level="National", **changes):
    expected, found, size = PRINTED.get(period, ("10", "8", 2))
    fields = {"rule": RULE, "column": "Total_new_all", "cause": "", "size": size}
    fields |= {"expected": f"{expected} (by age)", "found": found} | changes
    said = About(place=place, level=level, period=period, **fields)
    return Note(f"{said.rule}.{said.column}.{period}.{place}", "finding", f"{place}.", about=said)


def texts(notes):
    return [one.text for one in gathered(notes)]


def test_one_rule_over_years_is_one_note_that_names_the_years_and_the_largest_gap():
    (said,) = gathered([note("2013"), note("2009"), note("2010")])
    assert said.text == (
        "England, 2009 to 2010 and 2013, Total_new_all: 3 figures do not keep the rule “two tables "
        "that count one thing agree”; the largest gap: 2013, expected 29,109, published 28,518. "
        "The cause is not known."
    )
    assert [n.about.period for n in said.notes] == ["2009", "2010", "2013"]


def test_a_note_alone_is_said_as_it_is():
    caveat = Note("c", "caveat", "Careful.")
    assert texts([caveat, note("2009"), Note("d", "finding", "Odd.")]) == [
        "Careful.",
        "England.",
        "Odd.",
    ]


def test_places_are_named_england_first_and_many_are_counted():
    names = ("Barnsley", "Camden", "Devon", "Dudley")
    some = [note("2022-01", name, "Local authority") for name in names]
    regions = [note("2022-01", name, "Regional") for name in ("London", "South East")]
    (text,) = texts([*some, *regions, note("2022-01")])
    assert text.startswith(
        "England, London, South East, Barnsley and 3 other authorities, January 2022, "
    )
    assert "the largest gap: England, expected 10, published 8" in text


def test_other_rules_columns_and_kinds_of_cause_are_other_notes():
    asked = [note("2009"), note("2010", rule="parts sum"), note("2011", column="ehcplans")]
    causes = [f"{n} of 15 members carry the total itself" for n in (15, 14)]
    asked += [note(f"202{n}", cause=cause, size=n) for n, cause in enumerate(causes)]
    assert len(texts(asked)) == 4
    assert texts(asked)[-1].endswith("Cause of that: 14 of 15 members carry the total itself.")
    same = [note(p, cause="only a total was returned", size=0.0) for p in ("2023", "2024")]
    assert texts(same) == [
        (
            "England, 2023 to 2024, Total_new_all: 2 figures do not keep the rule “two tables that "
            "count one thing agree”. Cause: only a total was returned."
        )
    ]


def test_findings_on_authorities_stand_last_and_the_uncounted_say_what_lists_them():
    local = [note("2009", "Devon", "Local authority", column=c) for c in ("a", "b", "c")]
    caveat = Note("c", "caveat", "Careful.")
    told = few(gathered([*local, caveat, note("2010")]), 2)
    assert [one.text for one in told] == [
        "Careful.",
        "England.",
        "Devon.",
        '2 more findings touch these values: sendstats findings --place "Devon" lists all.',
    ]
    assert [n.about.column for n in told[-1].notes] == ["b", "c"]
    (last,) = few(gathered([*local[:1], Note("odd", "finding", "Odd.")]), 1)[1:]
    assert last.text == (
        '1 more finding touches these values: sendstats findings --place "Devon" lists all.'
    )
    (last,) = few(gathered([note("2010"), *local[:2]]), 0)
    assert last.text == "3 more findings touch these values: sendstats findings lists all."


def test_lists_in_words():
    assert [listed(["a"]), listed(["a", "b"]), listed(["a", "b", "c"])] == [
        "a",
        "a and b",
        "a, b and c",
    ]


def test_a_cause_is_told_with_the_names_that_the_file_prints():
    """newplans.csv of 2026, row 14: 2,429 less 1,085 is 1,329 `await_prov` + 15 `perm_ex`."""
    found = ss.findings("England").filter(release="2026", period="2021", found="2,429")
    (row,) = found.to_dicts()
    said = "await_prov and perm_ex are counted in ed_elsewhere in this period"
    assert finding_text(row).endswith(f" Cause: {said}.")
    assert about(row).cause == said
    assert said in " ".join(paragraphs(found, 200).split())


def test_a_finding_says_its_period_in_words():
    """England's plans of January 2018: 312,626 by placement, 319,819 by age (DfE, 2022)."""
    found = ss.findings("England").filter(release="2022", period="2018-01", found="312,626")
    (row,) = found.filter(published_column="Total_all").to_dicts()
    assert finding_text(row).startswith("England, January 2018, Total_all: expected 319,819 (")
    assert about(row).level == "National"
    assert about(row).expected.startswith("319,819")
    said = "sen2_estab_caseload.csv counts fewer in each of the 122 authorities that differ"
    assert about(row).cause.startswith(said)
