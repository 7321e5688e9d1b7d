"""The stored tables of the data dictionary: layouts, breakdowns, and columns by generation."""

from __future__ import annotations

from collections.abc import Iterable

from sendstats.catalogue.labels import TOTAL, topic
from sendstats.catalogue.places import places
from sendstats.catalogue.publications import publications
from sendstats.catalogue.tables import Layout, Table, tables
from sendstats.catalogue.titles import titles
from sendstats.catalogue.unread import Unread, unread
from sendstats.words.markdown import code, listed, table

INTRO = """\
One table is one subject; a layout is one generation of its file, and a letter stands for it. An
unproven layout is known from an extract or from guidance, and its first whole file is looked at
before it is used. Columns that end in `.percent` hold published percentages. A title is what the
publisher's data guidance calls a column, where its list of columns is held.
"""


def tables_section() -> list[str]:
    """Return the part of the dictionary on stored tables, as pieces of Markdown."""
    return [INTRO, *(piece for one in tables().values() for piece in _table(one)), *_unread()]


def _unread() -> list[str]:
    """Return the files that no figure is taken from, with what is known of them."""
    rows = [
        (
            publications()[file.publication].title,
            listed(file.releases),
            _called(file),
            file.why,
            file.source,
            listed(code(c) for c in file.columns),
        )
        for file in unread()
    ]
    head = ("publication", "releases", "file", "why", "known from", "columns, if known")
    return ["### Files that no figure is taken from\n", table(head, rows)]


def _called(file: Unread) -> str:
    if not file.name:
        return f"{file.title}; its name is not known"
    return f"{file.title}: {code(file.name)}" + (", a name that is assumed" if file.assumed else "")


def _table(one: Table) -> list[str]:
    found = [
        f"### {one.id}\n",
        f"{one.title}. A {one.kind}, from *{publications()[one.publication].title}*.\n",
        table(("layout", "releases", "file", "remarks"), [_layout(x) for x in one.layouts]),
    ]
    topics = _merged((x.id, _topics(x)) for x in one.layouts)
    if topics:
        rows = [(code(ours), topic(ours).title, names) for ours, names in topics.items()]
        found += ["Divided by:\n", table(("topic", "title", "published as"), rows)]
    columns = _merged((x.id, x.columns) for x in one.layouts)
    said = _merged((x.id, titles(one, x)) for x in one.layouts)
    named = [(code(ours), names, said.get(ours, "")) for ours, names in columns.items()]
    found += ["Columns:\n", table(("column", "published as", "title in the guidance"), named)]
    unused = _merged((x.id, _unused(x)) for x in one.layouts)
    if unused:
        found += ["Not used:\n", table(("reason", "columns"), list(unused.items()))]
    return found


def _layout(layout: Layout) -> tuple[str, str, str, str]:
    return layout.id, listed(layout.releases), code(layout.file), "; ".join(_remarks(layout))


def _remarks(layout: Layout) -> list[str]:
    """Say what sets a layout apart from a plain table."""
    symbols = (f"{code(s)} {why.replace('_', ' ')}" for s, why in layout.symbols.items())
    remarks = {
        "proven": layout.proven,
        "unproven": not layout.proven,
        "no page names the file: its name is assumed": not layout.named,
        "a table made to be read: years across, notes below": layout.cross is not None,
        "an academic label names the calendar year that it starts in": bool(layout.period),
        f"prints the parts of {_divided(layout)} and not the whole": layout.divides,
        f"symbols of its own: {listed(symbols)}": layout.symbols,
        f"remainders that may be negative: {listed(map(code, layout.signed))}": layout.signed,
        f"words, not figures: {listed(map(code, layout.texts))}": layout.texts,
    }
    return [text for text, holds in remarks.items() if holds]


def _divided(layout: Layout) -> str:
    names = listed(places()[key].name for key in layout.divides)
    return names + (f", until {layout.divides_until}," if layout.divides_until else "")


def _topics(layout: Layout) -> dict[str, str]:
    """Return each topic of a layout with the published topic, columns or prefix that holds it."""
    found = {ours: published for published, ours in layout.topics.items() if ours != TOTAL}
    for dimension in layout.dimensions:
        found[dimension.topic] = "column " + listed(dimension.columns)
    for ours in layout.column_topics:
        found[ours] = f"columns {code(ours + '.*')}"
    if layout.long:
        found["placement"] = "columns " + listed(layout.placement_labels)
    return found


def _unused(layout: Layout) -> dict[str, str]:
    return {why: listed(columns) for why, columns in layout.unused.items()}


def _merged(layouts: Iterable[tuple[str, dict[str, str]]]) -> dict[str, str]:
    """Return, for each key in the order it comes, what each layout says; equal ones together."""
    said: dict[str, dict[str, list[str]]] = {}
    for name, entries in layouts:
        for key, text in entries.items():
            said.setdefault(key, {}).setdefault(text, []).append(name)
    return {
        key: "; ".join(f"{listed(names)}: {text}" for text, names in texts.items())
        for key, texts in said.items()
    }
