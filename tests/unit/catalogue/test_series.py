"""Series name tables, columns and universes that exist, and state what a number means."""

from datetime import timedelta
from fnmatch import fnmatch

import pytest

from sendstats.catalogue import gallery
from sendstats.catalogue.footprints import footprints
from sendstats.catalogue.labels import topics
from sendstats.catalogue.load import document
from sendstats.catalogue.notes import notes
from sendstats.catalogue.places import places
from sendstats.catalogue.series import (
    BY_PART,
    BY_PLACEMENT,
    entries,
    entry,
    placement,
    placements,
    universes,
)
from sendstats.catalogue.tables import table
from sendstats.errors import DataProblem, UnknownId

EACH = pytest.mark.parametrize("meant", entries().values(), ids=list(entries()))


@EACH
def test_every_series_says_what_it_is(meant):
    assert meant.kind == ("stock" if meant.universe in STOCKS else "flow")
    assert meant.universe in universes()
    assert (meant.unit == "percent") == bool(meant.denominator)
    assert meant.decimals == (0 if meant.adds_up else 1)
    assert not meant.whole or entry(meant.whole).universe == meant.universe
    assert not meant.whole or meant.adds_up
    assert meant.measures.endswith(".")
    if meant.denominator:
        whole = entry(meant.denominator)
        assert (whole.kind, whole.universe) == (meant.kind, meant.universe)
        assert whole.unit != "percent"


#: Plans in force and pupils on roll are counted in January.
STOCKS = {"plans_home_authority", "pupils_all_schools", "pupils_state_and_special", "officers"}


@EACH
def test_cells_name_columns_of_their_layouts(meant):
    assert {c.basis for c in meant.cells} == ({*meant.bases} or {""})
    for cells in meant.cells:
        source = table(cells.table)
        assert (source.kind, source.publication) == (meant.kind, meant.publication)
        for layout in source.layouts:
            if cells.layouts and layout.id not in cells.layouts:
                continue
            known = {*layout.columns, BY_PLACEMENT, BY_PART}
            divided = {c for i in cells.parts.values() for columns in i.values() for c in columns}
            assert cells.named - divided - {cells.percent} <= known
            assert set(cells.where) <= {d.topic for d in layout.dimensions}
            assert not cells.base or any(b.of == cells.base for b in layout.bases)


@EACH
def test_no_cell_of_a_release_is_read_twice(meant):
    """Cells of one release are of one table, or each of topics that the others do not read."""
    for basis in meant.bases or ("",):
        read: dict[str, list[set[str]]] = {}
        for cells in (c for c in meant.cells if c.basis == basis):
            for layout in table(cells.table).layouts:
                if not cells.layouts or layout.id in cells.layouts:
                    for release in layout.releases:
                        read.setdefault(release, []).append(set(cells.only_by) or _topics(layout))
        for release, held in read.items():
            assert len(held) == 1 or sum(map(len, held)) == len(set.union(*held)), release


def _topics(layout):
    """What the rows and columns of a layout are divided by, and the total."""
    own = {d.topic for d in layout.dimensions} | set(layout.topics.values())
    return own | set(layout.column_topics) | {"total"}


def test_placements_are_made_of_leaves_that_are_published():
    tables = [x for t in ("caseload", "new_plans") for x in table(t).layouts]
    labels = set(document("labels.toml")["placement"])
    known = labels | {c for x in tables for c in x.columns}
    for level in ("group", "type", "provision"):
        leaves = [x for p in placements().values() if p.level == level for x in p.leaves]
        assert set(leaves) <= known
        assert len(leaves) == len(set(leaves)), "a plan would count in two placements"
    assert {p.level for p in placements().values()} == {"group", "type", "provision"}
    stated = [i for p in placements().values() for i in p.instead]
    assert all(i.why.endswith(".") and set(i.leaves) <= known for i in stated)


def test_every_placement_that_is_published_has_a_name_of_its_own_or_is_in_one():
    """Group totals of the long layout that changed their meaning are read from their parts."""
    tables = [x for t in ("caseload", "new_plans") for x in table(t).layouts]
    columns = {c for x in tables if not x.long for c in x.columns if not c.endswith(".percent")}
    labels = {*document("labels.toml")["placement"]}
    read = {leaf for p in placements().values() for leaf in p.leaves}
    assert (labels | columns) - read - {"plans", "total"} == {
        "elsewhere_old_group", "elsewhere_published", "neet_group", "other_group",
        "early_years.non_maintained"}  # fmt: skip


def test_footprints_are_of_authorities_that_follow_each_other():
    for footprint in footprints().values():
        members = [places()[key] for key in footprint.members]
        assert {m.region for m in members} == {footprint.region}
        ends = {m.end for m in members if m.end}
        starts = {m.start for m in members if m.start}
        assert len(ends) == len(starts) == 1
        assert starts.pop() - ends.pop() == timedelta(days=1)
        assert footprint.key not in places()


@pytest.mark.parametrize(("find", "asked"), [(entry, "plans.caselaod"), (placement, "mainstrem")])
def test_unknown_ids_suggest(find, asked):
    with pytest.raises(UnknownId, match="did you mean"):
        find(asked)


def test_notes_touch_series_and_places_that_exist():
    ids = [n.id for n in notes()]
    assert len(ids) == len(set(ids))
    for note in notes():
        assert any(note.concerns(s) for s in entries())
        assert set(note.places) <= set(places())
        assert all(any(fnmatch(p, x) for p in placements()) for x in note.placements)
        assert set(note.topics) <= set(topics())
        assert (note.kind == "break") == bool(note.stock and note.flow and note.label)
        assert note.text.endswith(".")
    first = next(n for n in notes() if n.id == "person_level")
    assert (first.first("stock"), first.first("flow")) == ("2023-01", "2022")


def test_a_note_concerns_ids_and_prefixes():
    caveat = next(n for n in notes() if n.id == "work_based_in_placements")
    assert caveat.concerns("plans.caseload.placed")
    assert not caveat.concerns("plans.caseload")
    every = next(n for n in notes() if n.series == ("timeliness.*",))
    assert every.concerns("timeliness.issued")
    assert not every.concerns("requests.received")


def test_headlines_and_pictures_ask_for_series_that_exist():
    for spec in document("headlines.toml")["headline"]:
        assert entry(spec["series"])
    for picture in gallery.pictures():
        for asked in picture.series:
            assert entry(asked.series)
            assert set(asked.narrowing) <= {"place", "placement", "item", "basis", "release"}


@pytest.mark.parametrize(
    ("charts", "what"),
    [
        ([{"id": "a", "series": []}] * 2, "two charts of the gallery have one id"),
        ([{"id": "a", "series": [{"siries": "x"}]}], "the catalogue has an unknown key"),
        ([{"id": "a", "colour": "red", "series": []}], "the catalogue has an unknown key"),
    ],
)
def test_gallery_refuses(monkeypatch, charts, what):
    monkeypatch.setattr(gallery, "document", lambda _: {"chart": charts})
    gallery.pictures.cache_clear()
    with pytest.raises(DataProblem, match=what):
        gallery.pictures()
    gallery.pictures.cache_clear()
