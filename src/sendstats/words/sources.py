"""Who said it: source lines, citations, versions and the hash of what went in."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING

from sendstats.words.periods import say_date

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sendstats.series.model import Series, Source

NOT_OFFICIAL = "sendstats figures and charts are not official statistics."


def version() -> str:
    """Return the version of sendstats."""
    from sendstats import __version__  # noqa: PLC0415 - the package imports this room

    return __version__


def input_hash(series: Iterable[Series]) -> str:
    """Return the SHA-256 of everything that went into a result: definitions, rows and notes.

    Rows enter in their own order with every column, so that a changed value, flag or lineage
    changes the hash and nothing else does.
    """
    content = [
        {
            "definition": one.definition.id,
            "basis": one.basis,
            "rows": list(one.rows.iter_rows()),
            "notes": [(n.id, n.kind, n.period, n.text) for n in one.notes],
        }
        for one in series
    ]
    text = json.dumps(content, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def sources_of(series: Iterable[Series]) -> tuple[Source, ...]:
    """Return the releases behind some series, each once, by publication and date."""
    found = {(s.publication, s.release): s for one in series for s in one.sources}
    return tuple(sorted(found.values(), key=lambda s: (s.publication, s.published, s.release)))


def _release(source: Source) -> str:
    """Print one release: its title, its date (marked if only assumed), and whether an extract."""
    date = f"published {say_date(source.published)}" if source.published else "date not known"
    marks = [date]
    if source.published and source.published_assumed:
        marks.append("date assumed")
    if source.extract:
        marks.append("extract")
    return f"{source.release_title} ({', '.join(marks)})"


def source_line(series: Iterable[Series]) -> str:
    """Return the source line: publisher, publication, releases, licence, version, input hash.

    Parameters
    ----------
    series : iterable of Series
        Everything that a chart or table shows.
    """
    used = tuple(series)
    publications: dict[tuple[str, str, str], list[Source]] = {}
    for source in sources_of(used):
        key = (source.publisher, source.publication_title, source.licence)
        publications.setdefault(key, []).append(source)
    parts = [
        f"{publisher}, {title}: {'; '.join(_release(s) for s in releases)}. {licence}."
        for (publisher, title, licence), releases in publications.items()
    ]
    maker = f"sendstats {version()}, input {input_hash(used)[:8]}. Not official statistics."
    return " ".join(["Source:", *parts, maker])


def cite(*series: Series) -> str:
    """Return citation text: DfE (or the publisher) for the data, sendstats for the processing."""
    data = [
        f"{s.publisher}. {s.publication_title}, {_release(s)}. {s.licence}. {s.url}".rstrip()
        for s in sources_of(series)
    ]
    digest = input_hash(series)[:8]
    return "\n".join(
        [
            "Data: " + "\n      ".join(data or ["no release is known for these rows"]),
            f"Processing: sendstats {version()} (input {digest}).",
            NOT_OFFICIAL,
        ]
    )
