"""Every column of every layout is read by some series, or listed with the reason why not."""

import re
from fnmatch import fnmatch

import pytest

from builders import stored
from sendstats.catalogue.labels import TOTAL, spellings, titles, topic
from sendstats.catalogue.load import document
from sendstats.catalogue.series import columns_read, entries
from sendstats.catalogue.tables import tables
from sendstats.errors import DataProblem
from sendstats.series.api import series
from sendstats.series.ask import topics
from sendstats.series.select import slight

EVERY = [(t, layout) for t in tables().values() for layout in t.layouts if not layout.cross]
CROSS = [(t, layout) for t in tables().values() for layout in t.layouts if layout.cross]
PLACE = "370"
UNREAD = [name for entry in document("series.toml")["unread"] for name in entry["columns"]]


def label(table, layout):
    """A period that the release can print, as the first file of the table labels it."""
    year = int(re.match(r"\d{4}", layout.releases[-1]).group()) - 1
    cells = [c for e in entries().values() for c in e.cells if c.table == table.id]
    year = min([year, *(int(c.until) for c in cells if c.until)])
    if table.kind == "flow" and not (table.id == "personal_budgets" and layout.topics):
        return year
    return f"{year}{(year + 1) % 100:02d}"


def questions(table, layout):
    """Every way to ask the series that read a layout: on each basis, by each topic."""
    for one in entries().values():
        cells = [c for c in one.cells if c.table == table.id]
        cells = [c for c in cells if not c.layouts or layout.id in c.layouts]
        for basis in {c.basis for c in cells}:
            options = {"basis": basis} if basis else {}
            if one.dimension:
                for level in ("groups", "types", "provisions"):
                    yield one.id, options | {"placement": level}
                continue
            if not one.needs_topic:
                yield one.id, options
            yield from ((one.id, options | {"topic": t}) for t in topics(one))
            if "primary_need" in topics(one):
                pairs = ([t, "primary_need"] for t in topics(one) if t != "primary_need")
                yield from ((one.id, options | {"topic": pair}) for pair in pairs)


def narrowed(table, layout):
    """The labels of one row by each topic, and of rows that series read as a total."""
    for printed, topic_id in ((p, t) for p, t in layout.topics.items() if t != TOTAL):
        labels = [x for x, item in spellings(topic(topic_id).labels).items() if item != TOTAL]
        yield from ({"breakdown": (printed, label)} for label in labels[:1])
    dimensions = {d.topic: d for d in layout.dimensions}
    labels = set()
    for topic_id, dimension in dimensions.items():
        other = [x for i, x in titles(dimension.group).items() if i != TOTAL][-1:]
        labels |= {((topic_id, label),) for label in other}
    for cells in (c for e in entries().values() for c in e.cells if c.table == table.id):
        if cells.where and set(cells.where) <= set(dimensions):
            named = {t: titles(dimensions[t].group)[item] for t, item in cells.where.items()}
            labels.add(tuple(sorted(named.items())))
    yield from ({"items": dict(x)} for x in sorted(labels))


def reached(store, table, layout):
    """The published columns that some answer names as its own."""
    found = set()
    for series_id, options in questions(table, layout):
        try:
            rows = series(
                series_id, store=store, release=layout.releases[-1], place=PLACE, **options
            ).rows
        except DataProblem:  # a topic that this layout has no row of
            continue
        for text in rows["column"]:
            found |= set(re.split(r" \+ | ÷ | \(|[()]|computed: ", text))
    return found


@pytest.mark.parametrize(("table", "layout"), EVERY, ids=[f"{t.id}-{x.id}" for t, x in EVERY])
def test_every_column_is_in_a_series_or_listed(tmp_path, table, layout):
    columns = {c: "Yes" if c in layout.texts else "10" for c in layout.columns}
    row = {"place": PLACE, "label": label(table, layout)}
    rows = [row | columns]
    if layout.long:
        special = ("Special school", "Special - Independent")
        rows.append(row | columns | {"placement": special})
    rows += [row | columns | more for more in narrowed(table, layout)]
    release = layout.releases[-1]
    store = stored(tmp_path, {(table.id, release): rows}, release, detail=True)
    read = reached(store, table, layout)
    lost = [
        ours
        for ours, published in layout.columns.items()
        if published not in read and not any(fnmatch(f"{table.id}.{ours}", u) for u in UNREAD)
    ]
    assert lost == []


@pytest.mark.parametrize(("table", "layout"), CROSS, ids=[f"{t.id}-{x.id}" for t, x in CROSS])
def test_every_measure_of_a_table_for_people_is_in_a_series(table, layout):
    assert columns_read(table.id, layout) == set(layout.columns)


PARTS = "parts sum to the total"


@pytest.mark.parametrize(
    ("rule", "kind", "effect", "expected"),
    [
        (PARTS, "definition", 16.3, True),  # ed_elsewhere, a basket
        (PARTS, "contradiction", 100 * 6 / 39_419, True),  # plans ceased in 2023: 39,413 by parts
        (PARTS, "contradiction", 100 * 2_292 / 4_488, False),  # residential, January 2023
        (PARTS, "contradiction", 0.0, False),  # in one authority only
        ("a stock changes by what begins and ends", "doubt", 100 * 1_843 / 638_745, False),
    ],
)
def test_only_parts_that_miss_a_total_by_little_or_by_meaning_are_slight(
    rule, kind, effect, expected
):
    assert slight({"rule": rule, "kind": kind, "effect_size": effect}) is expected
