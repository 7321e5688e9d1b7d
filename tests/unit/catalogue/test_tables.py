"""The column registry: every name once, identities over columns that exist, releases once."""

from collections import Counter

import pytest

from sendstats.catalogue import tables as registry
from sendstats.catalogue.labels import spellings, topics
from sendstats.catalogue.publications import publications
from sendstats.catalogue.tables import PERCENT, Base, claimed, readers, table, tables
from sendstats.errors import DataProblem, UnknownId
from sendstats.ingest.checks import IDENTITY

LAYOUTS = [(t, x) for t in tables().values() for x in t.layouts]
EACH = pytest.mark.parametrize(
    ("meant", "layout"), LAYOUTS, ids=[f"{t.id}-{x.id}" for t, x in LAYOUTS]
)


@EACH
def test_columns_are_named_once(meant, layout):
    published = [*layout.columns.values(), *(c for cs in layout.unused.values() for c in cs)]
    assert [c for c, n in Counter(published).items() if n > 1] == []
    assert not {*IDENTITY, *layout.filters} & set(published)
    assert not {"row", "place", "level", "period", "topic", "item"} & set(layout.columns)


@EACH
def test_one_kind_of_total_and_one_base_a_period(meant, layout):
    assert list(layout.topics.values()).count("total") == bool(layout.topics)
    rows = layout.long or layout.dimensions  # the row of the total, of a placement or a filter
    held = {*layout.columns, "total"} if rows else {*layout.columns}
    for base in layout.bases:
        assert set(base.leaves) <= held
    for period in ("2008", "2014-01", "2021", "2022", "2023-01", "2024", "2030-01"):
        assert sum(b.holds(period) for b in layout.bases) == bool(layout.bases)


@EACH
def test_topics_and_labels_are_known(meant, layout):
    named = {*layout.topics.values(), *(d.topic for d in layout.dimensions)} - {"total"}
    assert named <= set(topics())
    assert not (layout.topics and layout.dimensions)
    assert all("total" in spellings(d.group).values() for d in layout.dimensions[1:])
    assert set(layout.texts) <= set(layout.columns)
    for group in layout.texts.values():
        assert spellings(group)


@EACH
def test_topics_that_are_columns_have_the_items_of_their_labels(meant, layout):
    for name in layout.column_topics:
        items = {c.removeprefix(f"{name}.").removesuffix(PERCENT) for c in layout.columns
                 if c.startswith(f"{name}.")}  # fmt: skip
        assert items
        assert items <= set(spellings(topics()[name].labels).values())


@EACH
def test_percentages_are_never_added_up(meant, layout):
    assert not [c for c in layout.additive if c.endswith(PERCENT)]
    summed = {c for s in layout.sums for c in (s.total, *s.parts)}
    assert summed <= set(layout.additive)
    assert all(r.percent.endswith(PERCENT) for r in layout.ratios)


def test_a_release_publishes_a_table_in_one_layout():
    known = publications()
    for meant in tables().values():
        slugs = [r for x in meant.layouts for r in x.releases]
        assert len(slugs) == len(set(slugs))
        assert all(known[meant.publication].release(slug) for slug in slugs)


def test_base_holds_after_and_until():
    base = Base("placed", ("plans",), "all plans", after="2020", until="2022")
    assert [base.holds(p) for p in ("2020", "2021", "2022", "2023")] == [False, True, True, False]


def test_a_sum_holds_where_every_part_was_asked_for():
    (outcomes,) = (s for s in table("requests").layout("2025").sums if s.total == "received")
    assert [outcomes.holds(p) for p in ("2019", "2022", "2023")] == [False, False, True]


def test_unknown_table_suggests():
    with pytest.raises(UnknownId, match="did you mean 'timeliness'"):
        table("timelines")


def test_identity_over_a_column_that_is_not_there():
    entry = {"id": "Z", "releases": [], "file": "z.csv", "columns": {"a": "A"}}
    entry |= {"sums": [{"total": "a", "parts": ["b", "c"]}]}
    with pytest.raises(DataProblem) as caught:
        registry._layout(entry, "z.toml")
    assert (caught.value.where, caught.value.found) == ("z.toml, layout Z", "b, c")


def test_a_topic_of_columns_is_spelled_out_in_identities():
    columns = {"plans": "n", "need.a": "a", "need.b": "b", "need.a.percent": "a_pc"}
    entry = {"id": "Z", "releases": [], "file": "z.csv", "columns": columns}
    entry |= {"sums": [{"total": "plans", "parts": ["need.*"]}], "ratios": {"plans": ["need.a"]}}
    layout = registry._layout(entry, "z.toml")
    assert layout.sums[0].parts == ("need.a", "need.b")
    assert layout.ratios[0].columns == ("need.a", "plans", "need.a.percent")


def test_a_rate_may_divide_by_a_sum():
    columns = {"soon": "s", "late": "l", "soon.percent": "s_pc"}
    entry = {"id": "Z", "releases": [], "file": "z.csv", "columns": columns}
    layout = registry._layout(entry | {"ratios": {"soon + late": ["soon"]}}, "z.toml")
    assert layout.ratios[0].denominator == ("soon", "late")
    assert layout.ratios[0].columns == ("soon", "soon", "late", "soon.percent")


def test_symbols_of_a_layout_stand_beside_those_of_the_release():
    meant = table("timeliness")
    assert meant.symbols("2025")["x"] == "unavailable"


def test_a_file_is_read_by_every_table_that_takes_some_of_it():
    found = [t.id for t, _ in readers("education-health-and-care-plans", "2022", "sen2_mi.csv")]
    assert {"assessments", "requests", "timeliness"} <= set(found)
    assert "InreqEHC" in claimed("education-health-and-care-plans", "2022", "sen2_mi.csv")
