"""The command line: each command parses, calls one function and prints one result."""

from __future__ import annotations

import sys

import typer

from sendstats.errors import SendstatsError, Unreachable, WrongUse
from sendstats.paths import project

app = typer.Typer(
    name="sendstats",
    help="England's SEND statistics: fetch, check, chart and trace them.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)


@app.command()
def run() -> None:
    """Fetch what is pinned, check it, run the notebooks and draw the charts."""
    from sendstats.run import run_all  # noqa: PLC0415 - nothing is loaded before it is asked for

    run_all(project(), say=typer.echo)


@app.command()
def status() -> None:
    """Say what is here."""
    typer.echo(project().root)


def exit_code(error: SendstatsError) -> int:
    """Return 3 where the service cannot be reached, 2 for wrong use, 1 for a problem with data."""
    if isinstance(error, Unreachable):
        return 3
    return 2 if isinstance(error, WrongUse) else 1


def main() -> None:
    """Run the command line; deliberate errors print their message and no traceback."""
    try:
        app()
    except SendstatsError as error:
        typer.echo(str(error), err=True)
        sys.exit(exit_code(error))
