"""Find every figure that a quoted figure could be."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

from sendstats.catalogue.places import Place, england, find
from sendstats.catalogue.series import entries
from sendstats.claims.figures import figures, merged
from sendstats.claims.model import Claim, Match
from sendstats.claims.quote import PERCENT, POINTS, Quote, read_quote
from sendstats.errors import DataProblem
from sendstats.series.api import default_store
from sendstats.words import position

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from sendstats.store.tables import Store

_PRINTED = re.compile(r"\d+(?:\.\d+)?")
#: No rate, and no change of a rate, is larger.
_WHOLE = 100


def claim(
    figure: str | float | Decimal,
    *,
    unit: str | None = None,
    period: str | int | None = None,
    place: str = "England",
    store: Store | None = None,
) -> Claim:
    """Find every published figure that a quoted figure could be, each with its full meaning.

    Searched are all series that are held, on every basis, totals and placement groups, and the
    changes between consecutive periods held (in per cent; of a rate in percentage points), for
    England and the place asked, as the newest releases say them and as older ones did. A figure
    fits if it rounds, half up, to the digits quoted, or if its published text does.

    Parameters
    ----------
    figure : str or number
        ``"71.6%"``, ``"430,697"``, ``"1.4 million"``, ``"10.4 per cent increase"``, ``58.0``. The
        digits printed say the precision: 58 stands for 57.5 to under 58.5.
    unit : str, optional
        ``"percent"``, ``"percentage points"`` or a unit of the catalogue, if `figure` names none.
    period : str or int, optional
        Puts matches nearest to it first: a month for a stock, a year for a flow.
    place : str, default "England"
        Name, DfE number or ONS code; England is always searched too.
    store : Store, optional
        Tables to search; the committed ones unless given.

    Returns
    -------
    Claim
        Matches in order; where nothing fits, the two figures nearest in value.

    Raises
    ------
    WrongUse
        If `figure` does not quote one figure, or `period` is not a period.
    UnknownId
        If place or unit is not known.
    DataProblem
        If no series is held at all.
    """
    quote = read_quote(figure, unit)
    order = _order(str(period or ""), find(place))
    places = list(dict.fromkeys((find(place), england())))
    held = [*_held(store or default_store(), quote, places)]
    known = [match for match in held if _eligible(quote, match)]
    fitting = filter(None, (_fitted(quote, match) for match in known))
    matches = merged(sorted(fitting, key=order))
    return Claim(
        quote=quote,
        places=tuple(p.name for p in places),
        matches=tuple(matches),
        nearest=() if matches else _nearest(quote, known, order),
        period=str(period or ""),
    )


def _held(store: Store, quote: Quote, places: Iterable[Place]) -> Iterable[Match]:
    """Return all figures of the places, without series that cannot hold the quote."""
    wanted = [e.id for e in entries().values() if e.unit != PERCENT or _may_be_rate(quote)]
    found = [m for p in places for series_id in wanted for m in figures(store, p.key, series_id)]
    if not found:
        raise DataProblem(
            "there are no figures to search",
            where="data/processed/tables",
            todo="use a checkout with its committed figures, or fetch and run make refresh",
        )
    return found


def _may_be_rate(quote: Quote) -> bool:
    return quote.unit in (PERCENT, POINTS) or (not quote.unit and quote.low <= _WHOLE)


def _eligible(quote: Quote, match: Match) -> bool:
    """Whether a figure is of the sort quoted, whatever its value.

    A change of a rate that is quoted "in per cent" is let in: it is a common slip, and said.
    """
    if quote.change:
        units = {POINTS: (POINTS,)}.get(quote.unit, (PERCENT, POINTS))
        return bool(match.since) and match.unit in units
    if quote.unit:
        return match.unit == quote.unit
    return not match.since or _may_be_rate(quote)


def _fitted(quote: Quote, match: Match) -> Match | None:
    """Return the match if it fits, marked if only its published text does."""
    if quote.fits(match.value):
        return match
    printed = match.published.replace(",", "")
    if _PRINTED.fullmatch(printed) and quote.fits(Fraction(printed)):
        return replace(match, as_printed=True)
    return None


def _order(period: str, asked: Place) -> Callable[[Match], tuple[object, ...]]:
    """Return the sort key: nearest to the period, newest, in force, place asked, figure first."""
    aim = position(period, true_time=True) if period else None
    rank = {series_id: i for i, series_id in enumerate(entries())}

    def key(match: Match) -> tuple[object, ...]:
        at = position(match.period, true_time=True)
        away = 0 if aim is None else abs(at - aim)
        first = (away, -at, match.superseded, match.place != asked.key, bool(match.since))
        return (*first, rank[match.definition.id], match.key, match.value)

    return key


def _nearest(
    quote: Quote, known: list[Match], order: Callable[[Match], tuple[object, ...]]
) -> tuple[Match, ...]:
    """Return the two figures nearest in value; changes only where a change is quoted."""
    sort = [m for m in known if quote.change or not m.since]
    by_value = sorted(sort, key=lambda m: (quote.distance(m.value), *order(m)))
    return tuple(merged(by_value)[:2])
