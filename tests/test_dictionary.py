"""The data dictionary is what the catalogue says: no more, no less, and no older."""

import re
from pathlib import Path

import pytest

from sendstats.catalogue.footnotes import footnotes
from sendstats.catalogue.footprints import footprints
from sendstats.catalogue.labels import topics
from sendstats.catalogue.load import document
from sendstats.catalogue.notes import notes
from sendstats.catalogue.series import entries, placements, universes
from sendstats.catalogue.symbols import REASONS
from sendstats.catalogue.tables import tables
from sendstats.catalogue.unread import unread
from sendstats.words.dictionary import dictionary
from sendstats.words.markdown import table

PAGE = Path(__file__).resolve().parents[1] / "docs" / "data-dictionary.md"


@pytest.fixture(scope="module")
def page():
    return dictionary()


def test_the_committed_page_is_what_the_catalogue_says(page, rewrite_golden):
    if rewrite_golden:
        PAGE.write_text(page, encoding="utf-8")
    assert PAGE.read_text(encoding="utf-8") == page, "make golden writes it anew"


def test_nothing_of_the_catalogue_is_left_out(page):
    assert [f.text for f in footprints().values() if f.text not in page] == []
    for known in (entries(), tables(), topics(), placements(), REASONS, [n.id for n in notes()]):
        assert [name for name in known if name not in page] == []
    for layout in (x for t in tables().values() for x in t.layouts):
        names = [*layout.columns, *layout.columns.values(), layout.file]
        names += [c for unused in layout.unused.values() for c in unused]
        assert [name for name in names if name not in page] == []
    plain = page.replace("\\|", "|")
    for items in document("labels.toml").values():
        assert [s for spelled in items.values() for s in spelled if s not in plain] == []
    assert [n.says for n in footnotes() if n.says not in page] == []
    for file in unread():
        assert [said for said in (file.title, file.why, *file.columns) if said not in page] == []


def test_titles_of_the_guidance_stand_beside_the_columns_that_they_name(page):
    """Two as the guidance prints them: EHC plans 2025, SEN in England 2021/22."""
    line = next(x for x in page.splitlines() if x.startswith("| `mainstream.academy.sen_unit` |"))
    assert "C, D: mainstream_academy_senunit" in line
    assert line.endswith("| C: Mainstream academies - SEN units |")
    assert "F: First language is known to be, or believed to be English" in page
    read = {
        (t.publication, release, x.file, name)
        for t in tables().values()
        for x in t.layouts
        for release in x.releases
        for name in x.columns.values()
    }
    book = document("titles.toml")
    for publication, release, file, name, title in _leaves(book):
        assert (publication, release, file, name) in read
        assert title in page
        assert 0 < len(title) <= 80


def _leaves(book, *above):
    for key, inner in book.items():
        if isinstance(inner, dict):
            yield from _leaves(inner, *above, key)
        else:
            yield (*above, key, inner)


def test_every_layout_says_whether_it_is_proven_and_its_file_named(page):
    assumed = [x for t in tables().values() for x in t.layouts if not x.named]
    said = re.findall(r"^\| \w+ \| .* \| .* \| unproven; no page names the file", page, re.M)
    assert len(said) == len(assumed) > 0
    assert not any(layout.proven for layout in assumed)


def test_every_universe_has_a_series(page):
    headings = re.findall(r"^### (.*)", page, re.M)
    for says in universes().values():
        assert f"{says[0].upper()}{says[1:]}" in headings


def test_every_reason_is_explained():
    assert list(document("symbols.toml")["reasons"]) == list(REASONS)


def test_every_table_has_as_many_cells_in_every_row(page):
    for block in re.findall(r"(?:^\|.*\n)+", page, re.M):
        widths = {len(re.split(r"(?<!\\)\|", line)) for line in block.splitlines()}
        assert len(widths) == 1, block.splitlines()[0]


def test_a_bar_in_a_cell_is_escaped():
    assert table(("a", "b"), [("x | y", "z")]) == "| a | b |\n| --- | --- |\n| x \\| y | z |\n"
