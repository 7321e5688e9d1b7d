"""Every footnote is linked to figures or says why it is not; links name what exists."""

from fnmatch import fnmatchcase

import pytest

from sendstats.catalogue.footnotes import footnotes, footnotes_for, held, parse
from sendstats.catalogue.load import document
from sendstats.catalogue.notes import notes
from sendstats.catalogue.places import places
from sendstats.catalogue.publications import publications
from sendstats.catalogue.tables import tables
from sendstats.errors import DataProblem, UnknownId

LINKED = [n for n in footnotes() if n.linked]
EACH = pytest.mark.parametrize("note", LINKED, ids=[n.says[:50] for n in LINKED])


def test_every_footnote_says_what_it_touches_or_why_nothing():
    for note in footnotes():
        assert note.says.endswith(".")
        assert note.at
        assert note.linked == bool(note.files)
        assert note.linked or not (note.columns or note.topics or note.periods or note.notes)


def test_a_spot_is_listed_once_and_a_hash_is_known_where_the_text_is():
    spots = [(n.publication, s) for n in footnotes() for s in n.at if s.number]
    # counted by hand over the five texts, and below the tribunal table
    assert len(spots) == len(set(spots)) == 89 + 9
    for note in footnotes():
        kinds = {k for k, slugs in held()[note.publication].items() for s in note.at
                 if s.release in slugs}  # fmt: skip
        assert kinds == {"restated"} if not note.sha256 else "restated" not in kinds
        assert len(note.sha256) in (0, 64)
        assert all(bool(spot.number) == bool(note.sha256) for spot in note.at)
        known = publications()[note.publication]
        assert all(known.release(spot.release) for spot in note.at)


@EACH
def test_links_name_places_notes_and_columns_that_exist(note):
    assert set(note.places) <= set(places())
    assert set(note.notes) <= {n.id for n in notes()}
    read = [x for t in tables().values() for x in t.layouts if x.file in note.files]
    assert read, "no table reads these files"
    leaves = {c for x in read for c in x.columns} | set(document("labels.toml")["placement"])
    for pattern in note.columns:
        assert any(fnmatchcase(leaf, pattern) for leaf in leaves), pattern
    topics = {t for x in read for t in x.topics.values()}
    assert not note.topics or topics & set(note.topics)


def says(found):
    return " ".join(n.says for n in found)


def test_footnotes_of_a_cell():
    """St. Helens' refusals of 2021, in both releases that print them: one table of ours."""
    found = footnotes_for("requests", "refused", "2021", "342")
    assert "there were 107" in says(found)
    others = [
        ("requests", "received", "2021", "342"),
        ("requests", "refused", "2020", "342"),
        ("requests", "refused", "2021", "330"),
        ("assessments", "issued", "2021", "342"),
    ]
    for other in others:
        assert "there were 107" not in says(footnotes_for(*other))


def test_an_empty_part_means_any():
    assert "there were 107" in says(footnotes_for("requests"))
    assert "there were 107" in says(footnotes_for("requests", period="2021"))


def test_placements_and_topics_are_told_apart():
    leaf = footnotes_for("caseload", "mainstream.academy.sen_unit", "2023-01", "330")
    assert "under-reported in January 2023" in says(leaf)
    whole = footnotes_for("caseload", "mainstream", "2023-01", "330")
    assert "under-reported" not in says(whole)
    by_sex = footnotes_for("caseload", "plans", "2023-01", "330", topic="sex")
    assert "Ethnicity and sex" in says(by_sex)
    assert "Ethnicity and sex" not in says(footnotes_for("caseload", topic="age_at_start"))


def test_the_other_publication_has_its_own():
    assert "independent schools" in says(footnotes_for("pupils"))
    assert "Hackney" not in says(footnotes_for("pupils"))
    with pytest.raises(UnknownId, match="did you mean"):
        footnotes_for("caselaod")


@pytest.mark.parametrize(
    ("entry", "what"),
    [
        ({}, "linked to files, or say why"),
        ({"files": ["a.csv"], "why": "no"}, "linked to files, or say why"),
        ({"files": ["a.csv"], "colour": "red"}, "unknown key"),
        ({"files": ["a.csv"], "at": [{"release": "2022"}]}, "lacks a key"),
    ],
)
def test_a_listing_that_is_not_clear(entry, what):
    whole = {"publication": "p", "says": "It says.", "at": [], **entry}
    with pytest.raises(DataProblem, match=what):
        parse({"footnote": [whole]})
