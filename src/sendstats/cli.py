"""The command line: each command parses, calls one function and prints one result."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import polars as pl
import typer

from sendstats.errors import SendstatsError, Unreachable, WrongUse
from sendstats.paths import existing, project
from sendstats.run.job import run_all

if TYPE_CHECKING:
    from sendstats.series.model import Series

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON instead of text.")]
Offline = Annotated[bool, typer.Option("--offline", help="Make no request.")]
SeriesId = Annotated[str, typer.Argument(help="Id of a series; the command catalogue lists them.")]
Place = Annotated[str, typer.Option(help="Name, number or code; regions; local authorities; all.")]
Placement = Annotated[
    str | None, typer.Option(help="Id of a placement; groups; types; provisions.")
]
Topic = Annotated[
    str | None, typer.Option(help="What to divide by, such as age or primary_need × age.")
]
Item = Annotated[str | None, typer.Option(help="Item of the topic; all unless given.")]
_BASIS = "Needed where a series has more than one; after a comma, same_authorities as well."
Basis = Annotated[str | None, typer.Option(help=_BASIS)]
Release = Annotated[str | None, typer.Option(help="Read every period from this release.")]


def app() -> typer.Typer:
    """Return the command line application with every command."""
    from sendstats.claims.commands import claim  # noqa: PLC0415 - only when asked for
    from sendstats.fetch.commands import register  # noqa: PLC0415 - loads the network libraries

    made = typer.Typer(
        name="sendstats",
        help="England's SEND statistics: fetch, check, chart and trace them.",
        no_args_is_help=True,
        pretty_exceptions_enable=False,
        add_completion=False,
    )
    made.callback()(_options)
    made.command()(run)
    made.command()(refresh)
    register(made)
    for command in (
        ingest,
        check,
        coverage,
        catalogue,
        series,
        trace,
        findings,
        diff,
        claim,
        export,
    ):
        made.command()(command)
    return made


def run(*, offline: Offline = False) -> None:
    """Fetch what is pinned, check it, execute the notebooks and draw the charts."""
    run_all(project(), say=typer.echo, offline=offline)


def refresh(
    *,
    notebooks: Annotated[
        bool, typer.Option("--notebooks", help="Only the notebooks, on the committed figures.")
    ] = False,
) -> None:
    """Rebuild data/processed and the notebooks from the raw files; print what moved."""
    from sendstats.run import refresh as rooms  # noqa: PLC0415 - only when asked for

    (rooms.refresh_notebooks if notebooks else rooms.renew)(project(), say=typer.echo)


def ingest(
    *,
    detail: Annotated[
        bool, typer.Option("--detail", help="Keep every row and column, in build/detail.")
    ] = False,
) -> None:
    """Turn the raw files into tables under build; the committed figures stay as they are."""
    from sendstats.run import candidate  # noqa: PLC0415 - only when asked for

    (candidate.store_detail if detail else candidate.check_raw)(existing(), say=typer.echo)


def check() -> None:
    """Ingest and check the raw files; list what is wrong by what it does to England's figures."""
    from sendstats.run.candidate import check_raw  # noqa: PLC0415 - only when asked for

    check_raw(existing(), say=typer.echo)


def coverage(*, as_json: AsJson = False) -> None:
    """Count the cells of the raw files: harmonised, or not used and why."""
    from sendstats.ingest.coverage import report  # noqa: PLC0415 - only when asked for

    found = report(existing().raw)
    if not found.files and not found.faulty:
        typer.echo("no raw files are here: nothing is counted", err=as_json)
    if found.files or found.faulty or as_json:
        typer.echo(found.to_json() if as_json else str(found))
    found.check()


def catalogue(*, as_json: AsJson = False) -> None:
    """List every series."""
    import sendstats as ss  # noqa: PLC0415 - its `catalogue` would shadow this command

    found = ss.catalogue()
    if not as_json:
        same = pl.when("same_authorities").then(pl.lit("same_authorities"))
        named = pl.concat_str(
            pl.col("bases").replace("", None), same, ignore_nulls=True, separator=", "
        )
        found = found.with_columns(named.alias("bases"))
    _table(found, ["id", "kind", "unit", "bases", "by", "topics", "title"], as_json=as_json)


def series(  # noqa: PLR0913 - one parameter an option
    series_id: SeriesId,
    *,
    place: Place = "England",
    placement: Placement = None,
    topic: Topic = None,
    item: Item = None,
    basis: Basis = None,
    release: Release = None,
    as_json: AsJson = False,
) -> None:
    """Print a series: what it means, then its figures."""
    import sendstats as ss  # noqa: PLC0415 - its `series` would shadow this command

    found = ss.series(
        series_id,
        place=place,
        placement=placement,
        topic=topic,
        item=item,
        basis=basis,
        release=release,
    )
    lacks = "".join(f"absent: {line}\n" for line in found.lacks())
    typer.echo(lacks if as_json else f"{found!r}\n", err=as_json, nl=False)
    _as_json(found) if as_json else _noted(found)


def trace(  # noqa: PLR0913 - one parameter an option
    series_id: SeriesId,
    period: Annotated[str, typer.Argument(help="Year and month of a stock, year of a flow.")],
    *,
    place: Place = "England",
    placement: Placement = None,
    topic: Topic = None,
    item: Item = None,
    basis: Basis = None,
    release: Release = None,
) -> None:
    """Trace one figure to its release, file, row, column, printed text and caveats."""
    import sendstats as ss  # noqa: PLC0415 - its `trace` would shadow this command

    narrowing = {"placement": placement, "topic": topic, "item": item}
    found = ss.trace(series_id, period, place=place, basis=basis, release=release, **narrowing)
    typer.echo(repr(found))


def findings(
    *,
    place: Annotated[str | None, typer.Option(help="Name, number or code.")] = None,
    note: Annotated[bool, typer.Option("--note", help="Write a note to the publisher.")] = False,
    output: Annotated[
        Path | None, typer.Option(help="File for the list (.csv or .json), or for the note.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """List what is wrong in the published files, or write it as a note to the publisher."""
    import sendstats as ss  # noqa: PLC0415 - its `findings` would shadow this command
    from sendstats.run import note as letters  # noqa: PLC0415 - only when asked for

    if note and as_json:
        raise WrongUse("a note is a text for people, not JSON", todo="leave out --note or --json")
    if note:
        typer.echo(letters.note(project(), place, output))
    else:
        typer.echo(letters.listing(ss.findings(place), output, as_json=as_json))


def diff(  # noqa: PLR0913 - one parameter an option
    old: Annotated[str, typer.Argument(help="The earlier release.")],
    new: Annotated[str, typer.Argument(help="The later release of the same publication.")],
    *,
    place: Annotated[str | None, typer.Option(help="Name, number or code.")] = None,
    table: Annotated[
        str | None, typer.Option(help="Id of a table, as the data dictionary has it.")
    ] = None,
    kind: Annotated[str | None, typer.Option(help="Such as revised, symbol or redefined.")] = None,
    raw: Annotated[bool, typer.Option("--raw", help="Compare every row of the raw files.")] = False,
    as_json: AsJson = False,
) -> None:
    """Print what changed from one release to a later one, the weightiest kind first."""
    from sendstats.series import revisions as told  # noqa: PLC0415 - only when asked for

    files = project().raw if raw else None
    found = told.revisions(old, new, place=place, table=table, kind=kind, raw=files)
    if not as_json:
        for line in (told.summary(found, raw=raw), *told.unseen(old, new, raw=raw)):
            typer.echo(line)
    _table(found if as_json else told.readable(found), told.SHOWN, as_json=as_json)


def export(
    folder: Annotated[Path, typer.Argument(help="Where the charts go.")],
    chart: Annotated[list[str] | None, typer.Option(help="Only the chart of this id.")] = None,
) -> None:
    """Export the charts of the gallery: HTML, JSON, CSV, and images if a Chromium is found."""
    from sendstats.run.gallery import export_to  # noqa: PLC0415 - only when asked for

    typer.echo(export_to(folder, chart, project=project()))


def _version(asked: bool) -> None:  # noqa: FBT001 - as typer calls it
    if asked:
        import sendstats as ss  # noqa: PLC0415 - only when asked for

        typer.echo(ss.__version__)
        raise typer.Exit


def _options(
    *,
    version: Annotated[
        bool,
        typer.Option("--version", help="Print the version.", is_eager=True, callback=_version),
    ] = False,
) -> None:
    """England's SEND statistics: fetch, check, chart and trace them."""


def _table(frame: pl.DataFrame, columns: list[str], *, as_json: bool) -> None:
    """Print a frame: all of it as JSON, or some columns as tab-separated text."""
    if as_json:
        typer.echo(json.dumps(frame.to_dicts(), ensure_ascii=False, indent=1))
        return
    used = [c for c in columns if c in frame.columns and not _empty(frame[c])]
    typer.echo(frame.select(used).write_csv(separator="\t", quote_style="never"), nl=False)


def _as_json(found: Series) -> None:
    """Print a series as JSON: what it means, the text of each flag once, and its rows."""
    from sendstats.words import meaning  # noqa: PLC0415 - only when asked for

    rows = {"rows": found.rows.to_dicts()}
    typer.echo(json.dumps(meaning(found) | rows, ensure_ascii=False, indent=1))


def _noted(found: Series) -> None:
    """Print a series with the marks of what is noted on each figure, then the notes."""
    from sendstats.words import noted_rows, printed  # noqa: PLC0415 - only when asked for

    marks, notes = noted_rows(found)
    values = pl.Series("value", printed(found), pl.String)
    rows = found.rows.with_columns(values, pl.Series("notes", marks, pl.String))
    columns = ["period", "place_name", "placement", "topic", "item", "value", "reason", "release"]
    _table(rows, [*columns, "notes"], as_json=False)
    typer.echo("".join(f"{note}\n" for note in notes), nl=False)


def _empty(column: pl.Series) -> bool:
    values: list[Any] = column.unique().to_list()
    return set(values) <= {None, "", "total"}


def exit_code(error: SendstatsError) -> int:
    """Return 3 where the service cannot be reached, 2 for wrong use, 1 for a problem with data."""
    if isinstance(error, Unreachable):
        return 3
    return 2 if isinstance(error, WrongUse) else 1


#: Files and folders that a user names and that cannot be used: a message, not a traceback.
_OUT_OF_REACH = (
    FileExistsError,
    FileNotFoundError,
    IsADirectoryError,
    NotADirectoryError,
    PermissionError,
)


def main(application: Callable[[], Any] | None = None) -> None:
    """Run the command line; deliberate errors, and files out of reach, print no traceback."""
    try:
        (application or app())()
    except SendstatsError as error:
        typer.echo(str(error), err=True)
        sys.exit(exit_code(error))
    except _OUT_OF_REACH as error:
        typer.echo(f"{error.strerror or error}\n  where: {error.filename}", err=True)
        sys.exit(1)
