"""The command that lists releases: what is known of each, and what the service has."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict
from typing import Annotated, Any

import typer

from sendstats.fetch.releases import Known, known_releases
from sendstats.fetch.sets import counted
from sendstats.paths import project

Names = Annotated[
    list[str] | None, typer.Option("--release", help="Release slug, or publication/slug.")
]
Ask = Annotated[bool, typer.Option("--ask", help="Ask the service which files each has.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON and nothing else.")]


def releases_command(*, release: Names = None, ask: Ask = False, as_json: AsJson = False) -> None:
    """List every release, what is known of it and what is not, and the pages before the service."""
    found = known_releases(
        project(), names=release, ask=ask, say=lambda line: typer.echo(line, err=as_json)
    )
    if as_json:
        told = [as_dict(known) for known in found]
        typer.echo(json.dumps(told, indent=1, ensure_ascii=False))
        return
    for known in found:
        for line in lines_of(known):
            typer.echo(line)


def lines_of(known: Known) -> Iterator[str]:
    """Yield a release in words: one line, then one for each thing that is known or served."""
    release = known.release
    yield f"{release.publication} {release.slug}: {release.title}"
    if known.legacy:
        yield f"  before the service; take its files in with sendstats import: {release.page}"
        return
    assumed = " (assumed)" if release.published_assumed else ""
    pinned = f"{counted(known.pins, known.extracts)} pinned"
    yield f"  published {release.published or 'not known'}{assumed}; {pinned}; {release.page}"
    if known.fresh:
        yield "  the catalogue of this version of sendstats does not know it yet"
    yield from (f"  known: {file.ids}" for file in release.files)
    if known.without_id:
        yield f"  pinned, and its id not known: {', '.join(known.without_id)}"
    if release.unknown:
        yield f"  not known: {', '.join(release.unknown)}"
    if known.note:
        yield f"  {known.note}"
    elif known.served:
        yield from (f"  {note}" for note in known.served.notes)
        for item in known.served.files.values():
            rows = f", {item.rows:,} rows" if item.rows is not None else ""
            yield f"  served: {item.file} ({item.kind}{rows})"


def as_dict(known: Known) -> dict[str, Any]:
    """Return a release as plain values for JSON."""
    release = known.release
    told = asdict(release) | {"legacy": known.legacy, "unknown": list(release.unknown)}
    if known.legacy:
        return {k: told[k] for k in ("publication", "slug", "title", "page", "legacy")}
    told |= {"pins": known.pins, "extracts": known.extracts, "fresh": known.fresh}
    told |= {"without_id": list(known.without_id)}
    if known.served:
        files = [asdict(item) for item in known.served.files.values()]
        told |= {"served": files if known.served.discovered else [], "note": known.note}
    return told
