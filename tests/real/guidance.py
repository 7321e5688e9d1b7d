"""Guidance texts held without the files of their releases: every footnote is listed."""

from pathlib import Path

import pytest

from sendstats.catalogue.footnotes import footnotes, held
from sendstats.catalogue.load import document
from sendstats.ingest.guidance import compare, read

SHARED = Path(__file__).resolve().parents[2].parent / "shared"
FOLDER = SHARED / "releases" / "guidance"
TEXTS = {
    "ehc-2023-data-guidance.txt": ("education-health-and-care-plans", "2023", 30),
    "ehc-2024-data-guidance.txt": ("education-health-and-care-plans", "2024", 30),
    "sen-2021-22-data-guidance.txt": ("special-educational-needs-in-england", "2021-22", 6),
}


def test_every_text_is_among_them():
    assert {p.name for p in FOLDER.glob("*.txt")} == set(TEXTS)
    held_as_text = {(p, r) for p, kinds in held().items() for r in kinds.get("text", [])}
    assert held_as_text == {(p, r) for p, r, _ in TEXTS.values()}


@pytest.mark.parametrize("name", TEXTS)
def test_every_footnote_is_listed(name):
    publication, release, number = TEXTS[name]
    found = read(FOLDER / name)
    assert len(found) == number
    assert compare(publication, release, found) == ([], [])


@pytest.mark.parametrize("name", ["ehc-2024-data-guidance.txt", "sen-2021-22-data-guidance.txt"])
def test_titles_are_those_of_the_text(name):
    """Every title stands in the line of its column; a longer text there is a description."""
    publication, release, _ = TEXTS[name]
    lines = (FOLDER / name).read_text(encoding="utf-8-sig").splitlines()
    printed = {tuple(" ".join(c.split()) for c in x.split("|")) for x in lines if x.count("|") == 1}
    files = document("titles.toml")[publication][release].values()
    assert {pair for columns in files for pair in columns.items()} <= printed


def test_print_what_is_listed():
    spots = [(n.linked, s) for n in footnotes() for s in n.at]
    linked = sum(linked for linked, _ in spots)
    print(f"{len(spots)} footnotes listed: {linked} linked, {len(spots) - linked} not linked")
