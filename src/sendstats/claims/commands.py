"""The command `sendstats claim`."""

from __future__ import annotations

import json
from typing import Annotated

import typer

from sendstats.claims.search import claim as look_up


def claim(
    figure: Annotated[str, typer.Argument(help='As quoted: 71.6%, 430,697, "1.4 million".')],
    *,
    period: Annotated[str | None, typer.Option(help="Put matches near this period first.")] = None,
    place: Annotated[str, typer.Option(help="Name, number or code; besides England.")] = "England",
    unit: Annotated[str | None, typer.Option(help="If the figure does not say its unit.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON instead of text.")] = False,
) -> None:
    """Find every published figure that a quoted figure could be."""
    found = look_up(figure, unit=unit, period=period, place=place)
    text = json.dumps(found.to_dict(), ensure_ascii=False, indent=1) if as_json else repr(found)
    typer.echo(text)
