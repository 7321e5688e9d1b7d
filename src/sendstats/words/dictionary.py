"""The data dictionary: everything the catalogue knows, as one page for an analyst."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sendstats.catalogue import fields, footnotes, labels, publications, series
from sendstats.catalogue.footprints import footprints
from sendstats.catalogue.load import document
from sendstats.catalogue.notes import CatalogueNote, notes
from sendstats.catalogue.places import places
from sendstats.series.ask import topics
from sendstats.words import dictionary_tables as stored
from sendstats.words.markdown import code, listed, table

HEAD = """\
# Data dictionary

Written by `make golden` from the catalogue, which is what the programs themselves read. Words are
those of the [glossary](../GLOSSARY.md). A series is what you ask for, as in
`ss.series("plans.caseload")`; a table is where its figures stand, release by release, as printed;
`ss.trace` names the very cell. What a symbol, a break, a caveat or a footnote means for a figure is
said further down.

[Series](#series) · [Tables](#tables) · [Topics and items](#topics-and-items) ·
[Placements](#placements) · [Footprints](#footprints) ·
[Symbols and reasons](#symbols-and-reasons) · [Breaks and caveats](#breaks-and-caveats) ·
[Footnotes](#footnotes-of-the-data-guidance) ·
[Committed files](#columns-of-the-committed-files)
"""
SERIES_HEAD = ("id", "what it measures", "kind", "unit", "basis", "divided by", "tables")
ITEMS = """\
What divides a row, and every spelling of an item, the one we print first. Ages at different dates
are topics of their own and share their labels.
"""
PLACEMENTS = """\
Placements that mean the same in every layout, and the columns or labels that each adds up.
"""
FOOTPRINTS = """\
Areas that stayed the same while their authorities were reorganised: counts of the members in force
are added up and rates worked out anew; null where a member is null. No release prints them.
"""
FOOTNOTES = """\
Every footnote of the guidance texts, restated, and the figures that it touches. A number is that of
the footnote in the section of its file; without one, only a summary of the guidance is held.
"""


def dictionary() -> str:
    """Return the data dictionary as Markdown."""
    parts = [
        HEAD,
        "## Series\n",
        *_series(),
        "## Tables\n",
        *stored.tables_section(),
        "## Topics and items\n",
        *_topics(),
        "## Placements\n",
        *_placements(),
        "## Footprints\n",
        *_footprints(),
        "## Symbols and reasons\n",
        *_symbols(),
        "## Breaks and caveats\n",
        *_notes(),
        "## Footnotes of the data guidance\n",
        *_footnotes(),
        "## Columns of the committed files\n",
        *_files(),
    ]
    return "\n".join(parts)


def _series() -> list[str]:
    """Return one table a universe: figures of two universes are never compared."""
    found = []
    for universe, says in series.universes().items():
        rows = [_one_series(one) for one in series.entries().values() if one.universe == universe]
        if rows:
            found += [f"### {says[0].upper()}{says[1:]}\n"]
            found += [table(SERIES_HEAD, rows)]
    return found


def _one_series(one: series.Definition) -> tuple[str, ...]:
    bases = [*one.bases, *([series.SAME_AUTHORITIES] if one.computed else [])]
    divided = ([one.dimension] if one.dimension else []) + topics(one)
    return (
        code(one.id),
        f"{one.title}. {one.measures}",
        one.kind,
        one.unit + (f" of {code(one.denominator)}" if one.denominator else ""),
        listed(code(b) for b in bases),
        listed(code(d) for d in divided),
        listed(code(t) for t in dict.fromkeys(c.table for c in one.cells)),
    )


def _topics() -> list[str]:
    book = document("labels.toml")
    used: dict[str, list[str]] = {}
    for topic in labels.topics().values():
        used.setdefault(topic.labels, []).append(f"{code(topic.id)} ({topic.title.lower()})")
    found = [ITEMS]
    for group, items in book.items():
        found.append(f"### Labels of {group.replace('_', ' ')}\n")
        if group in used:
            found.append(f"Topics: {listed(used[group])}.\n")
        rows = [(code(item), "; ".join(spelled)) for item, spelled in items.items()]
        found.append(table(("item", "spellings in the files"), rows))
    return found


def _placements() -> list[str]:
    rows = [
        (
            code(p.id),
            p.title + (f". {p.why}" if p.why else ""),
            p.level,
            listed(code(leaf) for leaf in p.leaves),
            " ".join(_instead(i) for i in p.instead),
        )
        for p in series.placements().values()
    ]
    head = ("placement", "title", "level", "made of", "where it is made of something else")
    return [PLACEMENTS, table(head, rows)]


def _instead(other: series.Instead) -> str:
    """Say what a placement is made of in some periods of one table."""
    layouts = f", layout {listed(other.layouts)}" if other.layouts else ""
    after = f", after {other.after}" if other.after else ""
    until = f", until {other.until}" if other.until else ""
    made = listed(code(leaf) for leaf in other.leaves) or "nothing, it cannot be told apart"
    return f"{other.table}{layouts}{after}{until}: {made}. {other.why}"


def _footprints() -> list[str]:
    rows = [
        (code(f.name), places()[f.region].name, f.text, _places(f.members))
        for f in footprints().values()
    ]
    return [FOOTPRINTS, table(("place", "region", "what it covers", "members"), rows)]


def _symbols() -> list[str]:
    book = document("symbols.toml")
    reasons = [(code(name), says) for name, says in book["reasons"].items()]
    rows = []
    for publication in publications.publications().values():
        for release, meanings in book[publication.slug].items():
            where = "every other release" if release == "default" else f"release {release}"
            says = "; ".join(f"{code(s)} {m.replace('_', ' ')}" for s, m in meanings.items())
            rows.append((publication.title, where, says))
    return [
        "A symbol is a null with a reason, and never 0.\n",
        table(("publication", "release", "symbols"), rows),
        table(("reason", "meaning"), reasons),
    ]


def _places(keys: Sequence[str]) -> str:
    return listed(places()[key].name for key in keys) or "every place"


def _when(note: CatalogueNote) -> str:
    if note.kind == "break":
        return f"from {note.stock} (stocks), {note.flow} (flows)"
    return listed(note.periods) or "every period"


def _notes() -> list[str]:
    rows = [
        (
            code(n.id),
            n.kind,
            f"{n.text} ({n.source})",
            listed(code(s) for s in (*n.series, *n.placements)),
            _when(n),
            _places(n.places),
        )
        for n in notes()
    ]
    head = ("id", "kind", "what it says (source)", "series, placements", "periods", "places")
    return ["What stands among the flags of a value.\n", table(head, rows)]


def _footnotes() -> list[str]:
    rows = [
        (_printed(n.at), n.says, _touched(n), listed(code(i) for i in n.notes) or "this page")
        for n in footnotes.footnotes()
    ]
    return [FOOTNOTES, table(("printed in", "what it says", "touches", "said by"), rows)]


def _printed(spots: Iterable[footnotes.Spot]) -> str:
    by_release: dict[str, list[str]] = {}
    for spot in spots:
        number = f" {spot.number}" if spot.number else ""
        by_release.setdefault(spot.release, []).append(f"{spot.file}{number}")
    return "; ".join(f"{release}: {listed(files)}" for release, files in by_release.items())


def _touched(note: footnotes.Footnote) -> str:
    if not note.linked:
        return f"nothing held: {note.why}"
    parts = [
        listed(note.files),
        listed(code(c) for c in note.columns),
        "by " + listed(note.topics) if note.topics else "",
        listed(note.periods),
        listed(places()[key].name for key in note.places),
    ]
    return "; ".join(part for part in parts if part)


def _files() -> list[str]:
    titles = {
        "flags": "`flags.parquet`",
        "headline": "Headline CSVs, `csv/*.csv`",
        "stored": "Keys of stored tables, `tables/<table>/<release>.parquet`",
    }
    found = []
    for name, file in fields.files().items():
        rows = [(code(n), f.type, f.says) for n, f in file.fields.items()]
        found.append(f"### {titles.get(name, f'Side table `{name}`')}\n")
        found.append(f"Primary key: {listed(code(k) for k in file.key)}.\n")
        found.append(table(("column", "type", "meaning"), rows))
    return found
