"""The commands of this room: parse, call one function, print one result."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict, replace
from itertools import groupby
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from sendstats.catalogue.publications import SETS
from sendstats.errors import WrongUse
from sendstats.fetch.commands_releases import releases_command
from sendstats.fetch.imports import Given, import_file, imported_lines
from sendstats.fetch.news import newer
from sendstats.fetch.pins import Pin, read_pins
from sendstats.fetch.plan import UpdatePlan
from sendstats.fetch.report import FetchReport
from sendstats.fetch.run import chosen_pins, fetch_pinned, is_held
from sendstats.fetch.sets import unpinned
from sendstats.fetch.settings import Settings
from sendstats.fetch.status import Held, loose, status
from sendstats.fetch.update import update
from sendstats.fetch.watch import terminal_watch
from sendstats.paths import Project, project


def register(app: typer.Typer) -> None:
    """Add the commands ``fetch``, ``status``, ``releases`` and ``import`` to `app`."""
    app.command("fetch")(fetch_command)
    app.command("status")(status_command)
    app.command("releases")(releases_command)
    app.command("import")(import_command)


Releases = Annotated[
    list[str] | None, typer.Option("--release", help="Release slug, or publication/slug.")
]
Tables = Annotated[list[str] | None, typer.Option("--table", help="Published file name.")]
SetName = Annotated[str, typer.Option("--set", help="core, or full for everything.")]
Archive = Annotated[Path | None, typer.Option("--archive", help="Folder with copies of files.")]
Strict = Annotated[bool, typer.Option("--strict", help="Exit 1 if a pinned file is not served.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Say what would be fetched.")]
Offline = Annotated[bool, typer.Option("--offline", help="Make no request.")]
Update = Annotated[bool, typer.Option("--update", help="Show what is newer, then move the pins.")]
Yes = Annotated[bool, typer.Option("--yes", help="Do not ask before the pins move.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON and nothing else.")]


def fetch_command(  # noqa: PLR0913 - one parameter an option
    *,
    release: Releases = None,
    table: Tables = None,
    set_name: SetName = "core",
    archive: Archive = None,
    strict: Strict = False,
    dry_run: DryRun = False,
    offline: Offline = False,
    update_pins: Update = False,
    yes: Yes = False,
    as_json: AsJson = False,
) -> None:
    """Fetch exactly the pinned files into data/raw."""
    home, sets = project(), _sets(set_name)
    rules = _settings(archive, offline=offline)
    if update_pins:
        answer = False if dry_run else True if yes else None
        _update(home, (release, table, sets), rules, answer=answer, as_json=as_json)
    elif dry_run:
        every = read_pins(home)
        pins = chosen_pins(every, sets, release, table)
        beyond = unpinned(every, sets, release).values() if table is None else ()
        missing = [pin for pin in pins if not is_held(home.raw, pin)]
        _plan(missing, len(pins), [line for lines in beyond for line in lines], as_json)
    else:
        report = fetch_pinned(
            home,
            sets=sets,
            releases=release,
            tables=table,
            strict=strict,
            settings=rules,
            say=(lambda _: None) if as_json else typer.echo,
            watch=terminal_watch(),
        )
        if as_json:
            typer.echo(report_json(report))
        else:
            _print_lines(report.lines)
            if report.outcomes:
                _wide_console().print(fetch_table(report))
            typer.echo(report.summary)
        raise typer.Exit(report.exit_code)


def status_command(
    *,
    as_json: AsJson = False,
    look: Annotated[bool, typer.Option("--newer", help="Also ask the service for news.")] = False,
) -> None:
    """Say which pinned files are here, missing or damaged, and what is newer if asked."""
    home = project()
    held, beside = status(home), loose(home)
    for table in status_tables(held) if not as_json else ():
        # What is here is said before the service is asked, which may not answer.
        _wide_console().print(table)
    unseen: list[str] = []
    news = newer(home, say=unseen.append) if look else []
    if as_json:
        files = [asdict(item) for item in held]
        told = {"files": files, "loose": beside, "newer": news, "not_seen": unseen}
        typer.echo(json.dumps(told, indent=1, ensure_ascii=False))
    else:
        aside = [f"not read, in no folder of its own (sendstats import): {n}" for n in beside]
        _print_lines([*aside, *unseen, *news, summary_of(held)])
    raise typer.Exit(int(any(item.condition == "corrupted" for item in held)))


def import_command(  # noqa: PLR0913 - one parameter an option
    *,
    file: Annotated[Path, typer.Argument(help="A published file, or the zip of all files.")],
    publication: Annotated[str, typer.Option(help="Publication slug.")] = "",
    release: Annotated[str, typer.Option(help="Release slug.")] = "",
    name: Annotated[str, typer.Option(help="Published name, if the copy has another.")] = "",
    extract: Annotated[bool, typer.Option("--extract", help="A filtered download.")] = False,
    supporting: Annotated[
        bool, typer.Option("--supporting", help="A supporting file, which need not be a table.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Take in a file that you bring; a pinned one needs no further words."""
    given = Given(publication, release, name, extract, supporting)
    taken = import_file(project(), file, given)
    if as_json:
        typer.echo(json.dumps([asdict(item) for item in taken], indent=1, ensure_ascii=False))
    else:
        _print_lines(imported_lines(taken))


def _plan(missing: list[Pin], of: int, notes: list[str], as_json: bool) -> None:  # noqa: FBT001
    size = sum(pin.bytes for pin in missing)
    if as_json:
        told = {"files": [asdict(pin) for pin in missing], "pinned": of, "bytes": size}
        typer.echo(json.dumps(told | {"notes": notes}, indent=1, ensure_ascii=False))
        return
    _print_lines([*(f"{pin.name}: {pin.bytes:,} bytes" for pin in missing), *notes])
    typer.echo(f"{len(missing)} of {of} pinned files to fetch, {size:,} bytes")


def fetch_table(report: FetchReport) -> Table:
    """Return the counts of a fetch, one row a release."""
    states = ("fetched", "present", "not served", "failed")
    table = Table(box=None, pad_edge=False)
    for heading in ("publication", "release"):
        table.add_column(heading, overflow="fold")
    for heading in ("fetched", "already here", "not served", "failed", "bytes here"):
        table.add_column(heading, justify="right")
    for key, items in groupby(report.outcomes, key=lambda o: (o.pin.publication, o.pin.release)):
        outcomes = list(items)
        counts = [str(sum(o.state == state for o in outcomes)) for state in states]
        size = sum(o.pin.bytes for o in outcomes if o.state in ("fetched", "present"))
        table.add_row(*key, *counts, f"{size:,}")
    return table


def report_json(report: FetchReport) -> str:
    """Return a fetch report as JSON text."""
    files = [
        {
            "publication": outcome.pin.publication,
            "release": outcome.pin.release,
            "file": outcome.pin.file,
            "state": outcome.state,
            "surface": outcome.surface,
            "line": outcome.line,
        }
        for outcome in report.outcomes
    ]
    counts = {
        "fetched": report.fetched,
        "present": report.present,
        "not_served": report.not_served,
        "failed": report.failed,
    }
    told = {"counts": counts, "exit_code": report.exit_code, "notes": report.notes, "files": files}
    return json.dumps(told, indent=1, ensure_ascii=False)


def status_tables(held: tuple[Held, ...]) -> Iterator[Table]:
    """Yield one table a publication with the condition of every file."""
    for publication, items in groupby(held, key=lambda item: item.publication):
        yield _table(publication, list(items))


def _table(title: str, held: list[Held]) -> Table:
    table = Table(title=title, title_justify="left", box=None, pad_edge=False)
    for heading in ("release", "file", "set", "condition"):
        table.add_column(heading, overflow="fold")
    for heading in ("bytes", "rows"):
        table.add_column(heading, justify="right")
    for item in held:
        rows = f"{item.rows:,}" if item.rows is not None else ""
        condition = item.condition + (" (extract)" if item.extract else "")
        cells = (item.release, item.file, item.set, condition)
        table.add_row(*cells, f"{item.bytes:,}", rows)
    return table


def summary_of(held: tuple[Held, ...]) -> str:
    """Return the counts of each condition on one line."""
    conditions = [item.condition for item in held]
    counts = [f"{conditions.count(c)} {c}" for c in dict.fromkeys(sorted(conditions))]
    return f"{len(held)} files: {', '.join(counts) or 'nothing pinned, nothing here'}"


Choice = tuple[list[str] | None, list[str] | None, tuple[str, ...]]


def _update(
    home: Project, choice: Choice, rules: Settings, *, answer: bool | None, as_json: bool
) -> None:
    """Show what is newer; move the pins if `answer` is True, or asks and is told so."""

    def agreed(plan: UpdatePlan) -> bool:
        if not as_json:
            _print_lines(plan.lines)
        if answer is None:
            return not as_json and typer.confirm("Move the pins?")
        return answer

    releases, tables, sets = choice
    plan = update(
        home,
        releases=releases,
        tables=tables,
        sets=sets,
        settings=rules,
        confirm=agreed,
        say=(lambda _: None) if as_json else typer.echo,
        watch=terminal_watch(),
    )
    if as_json:
        moves = [move.as_dict() for move in plan.moves]
        told = {"lines": plan.lines, "applied": plan.applied, "moves": moves}
        typer.echo(json.dumps(told, indent=1, ensure_ascii=False))
    elif not plan.movable:
        _print_lines(plan.lines)
    else:
        typer.echo("the pins were moved" if plan.applied else "the pins stay as they were")


def _settings(archive: Path | None, *, offline: bool) -> Settings:
    rules = Settings.from_environment()
    if archive is not None and not archive.is_dir():
        raise WrongUse(
            "there is no such archive folder",
            where=str(archive),
            expected="a folder with copies of published files",
            found="a file" if archive.exists() else "nothing",
            untouched="everything: no run was begun",
            todo="name another folder with --archive, or set EES_ARCHIVE",
        )
    return replace(rules, archive=archive or rules.archive, offline=offline)


def _wide_console() -> Console:
    """Return a console that does not fold names in a log or a pipe."""
    console = Console()
    return console if console.is_terminal else Console(width=max(console.width, 140))


def _sets(name: str) -> tuple[str, ...]:
    if name not in SETS:
        raise WrongUse(
            "there is no such set of files",
            found=name,
            expected=" or ".join(SETS),
            untouched="everything: no run was begun",
            todo="say --set core, or --set full for everything",
        )
    return SETS[: SETS.index(name) + 1]


def _print_lines(lines: Iterable[str]) -> None:
    for line in lines:
        typer.echo(line)
