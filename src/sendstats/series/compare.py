"""Changes, differences and ratios that keep what numbers mean, or are refused with the reason."""

from __future__ import annotations

from typing import Any

from sendstats.catalogue.footprints import FOOTPRINT, footprints
from sendstats.catalogue.labels import TIMES, TOTAL
from sendstats.catalogue.series import universes
from sendstats.errors import Refused, WrongUse
from sendstats.series.compared import Change, Difference, Ratio, unit_of
from sendstats.series.model import REPAIRED, UNREPAIRED, Observation

#: What must agree, with the words that say why a difference matters.
_ALWAYS = {
    "unit": "a count is not a rate",
    "universe": "they count different people or plans",
    "kind": "a stock is counted on a day, a flow over a year",
    "denominator": "they are shares of different things",
    "basis": "a figure on another basis, such as including exceptions, is another measure",
}
_CHANGE = _ALWAYS | {
    "series": "a change is between two periods of one series",
    "placement": "they are different placements",
    "topic": "they are divided by different topics",
    "item": "they are different items",
    "place": "they are different places",
}


def _meaning(observation: Observation) -> dict[str, Any]:
    d, f = observation.definition, observation.fields
    meant = {"unit": d.unit, "universe": d.universe, "kind": d.kind, "denominator": d.denominator}
    return meant | {k: f[k] for k in ("series", "basis", "placement", "topic", "item", "place")}


def _refuse(
    what: str, a: Observation, b: Observation, must: dict[str, str], *, meant: bool
) -> None:
    left, right = _meaning(a), _meaning(b)
    broken = [k for k in must if left[k] != right[k]]
    if broken and not meant:
        raise Refused(
            f"no {what} between {a.series} {a.period} and {b.series} {b.period}",
            expected="; ".join(f"the same {k}, because {must[k]}" for k in broken),
            found="; ".join(f"{k} {_said(k, left)} and {_said(k, right)}" for k in broken),
            todo="compare like with like" + ("" if must is _CHANGE else ", or say meant=True"),
        )


def _said(name: str, meaning: dict[str, Any]) -> str:
    """Return a part of what a figure means as a reader knows it: a universe in words."""
    told: str = meaning[name]
    return repr(universes()[told] if name == "universe" else told)


def _value(observation: Observation) -> float:
    if observation.value is None:
        raise Refused(
            f"{observation.series} has no value for {observation.place_name}, {observation.period}",
            found=f"null, because: {observation.reason}",
        )
    if "small_base" in observation.flags:
        raise Refused(
            f"{observation.series} of {observation.place_name}, {observation.period}, is a rate "
            f"of {observation.denominator} cases",
            expected="a base of at least 30",
            todo="show numerator and denominator in a table instead",
        )
    return float(observation.value)


def _same(
    what: str, a: Observation, b: Observation, names: tuple[str, ...], *, meant: bool
) -> None:
    for name in names:
        if a.fields[name] != b.fields[name] and not meant:
            raise Refused(
                f"no {what} across {name}s",
                found=f"{a.fields[name]} and {b.fields[name]}",
                todo=f"read both from one {name}, or say meant=True",
            )


def _refuse_mixed(what: str, a: Observation, b: Observation, *, meant: bool = False) -> None:
    """Refuse a repaired value beside one that is left as printed though a repair replaces it."""
    marks = [{REPAIRED, UNREPAIRED} & set(o.flags) for o in (a, b)]
    if not meant and set.union(*marks) == {REPAIRED, UNREPAIRED}:
        raise Refused(
            f"no {what} between a repaired value and one that a repair replaces",
            found=" and ".join(
                f"{o.place_name} {o.period}, {o.published!r} printed" for o in (a, b)
            ),
            todo='read both with values="repaired", or both with values="published"',
        )


def change(earlier: Observation, later: Observation) -> Change:
    """Return the change from one period of a series to another, from unrounded values.

    Parameters
    ----------
    earlier, later : Observation
        As `Series.at` returns them.

    Raises
    ------
    Refused
        If the two differ in series, universe, basis, denominator, placement, item or place, if one
        is repaired and the other as printed though a repair replaces it, if a value is null, or if
        a rate has a base under 30.
    WrongUse
        If `later` is not later.
    """
    _refuse("change", earlier, later, _CHANGE, meant=False)
    _refuse_mixed("change", earlier, later)
    if earlier.period >= later.period:
        raise WrongUse(
            "a change runs from an earlier to a later period",
            found=f"{earlier.period} to {later.period}",
        )
    moved = _value(later) - _value(earlier)
    rate = earlier.definition.is_rate
    percent = None if rate or not earlier.value else 100 * moved / _value(earlier)
    return Change(moved, unit_of(earlier, later), earlier, later, percent)


def difference(a: Observation, b: Observation, *, meant: bool = False) -> Difference:
    """Return `a` minus `b` of one period, for example of two places.

    Parameters
    ----------
    a, b : Observation
    meant : bool
        Compare across universes, bases, kinds, topics or releases on purpose.

    Returns
    -------
    Difference
        The number with its unit, both figures and what is noted on them; ``float`` gives it bare.

    Raises
    ------
    Refused
        If the two mean different things or are of different periods, are divided by different
        topics, are of two places in two releases, of a footprint and a member of it, or repaired
        and not, and `meant` is false.
    """
    _refuse("difference", a, b, _ALWAYS, meant=meant)
    _same("difference", a, b, ("period",), meant=meant)
    if a.place != b.place:
        _same("difference of two places", a, b, ("release",), meant=meant)
    _refuse_mixed("difference", a, b, meant=meant)
    if not meant:
        _refuse_overlap(a, b)
    return Difference(_value(a) - _value(b), unit_of(a, b), a, b)


def _refuse_overlap(a: Observation, b: Observation) -> None:
    """Refuse a difference of two topics, which overlap, and of a footprint and a member of it."""
    if TOTAL not in (a.topic, b.topic):
        _same("difference", a, b, ("topic",), meant=False)
    for whole, member in ((a, b), (b, a)):
        if whole.level == FOOTPRINT and member.place in footprints()[whole.place].members:
            raise Refused(
                "no difference between a footprint and a member of it",
                found=f"{whole.place_name} and {member.place_name}",
                todo="compare footprints, or authorities, with each other, or say meant=True",
            )


def ratio(part: Observation, whole: Observation, *, meant: bool = False) -> Ratio:
    """Return `part` as a percentage of `whole`.

    Parameters
    ----------
    part, whole : Observation
    meant : bool
        Divide what is no part by what is no whole on purpose.

    Returns
    -------
    Ratio
        The number with both figures and what is noted on them; ``float`` gives it bare.

    Raises
    ------
    Refused
        If `whole` is not what the catalogue says `part` is a part of (its own series, or the one
        named as its whole), if either is a rate, if one is a stock and the other a flow, if
        universe, unit, period, place or release differ, if `whole` is narrowed to a placement or
        item that `part` is not, or if only one of them is repaired, and `meant` is false.
    """
    same = {k: _ALWAYS[k] for k in ("unit", "universe", "kind")}
    same |= {"place": "they are different places", "basis": _ALWAYS["basis"]}
    _refuse("ratio", part, whole, same, meant=meant)
    _refuse_mixed("ratio", part, whole, meant=meant)
    if not meant:
        _refuse_unrelated(part, whole)
    if not _value(whole):
        raise Refused("no ratio to nothing", found="a denominator of 0")
    return Ratio(100 * _value(part) / _value(whole), "percent", part, whole)


def _refuse_unrelated(part: Observation, whole: Observation) -> None:
    """Refuse a ratio of two series that are not part and whole, and one across releases."""
    if not part.definition.adds_up:
        raise Refused(
            "no ratio of two rates or averages",
            found=f"{part.series} and {whole.series}",
            todo="say which is larger, and by how many points, with difference",
        )
    if whole.series not in (part.series, part.definition.whole):
        raise Refused(
            f"{part.series} is no part of {whole.series}",
            expected=part.definition.whole or part.series,
            found=whole.series,
            todo="divide by the series that the share divides by, or say meant=True",
        )
    if _narrowed(whole) - _narrowed(part):
        raise Refused(
            "no ratio of two selections that are not part and whole",
            expected="a whole of the same placement and items, or of the total",
            found=" ÷ ".join(_selection(o) for o in (part, whole)),
            todo="divide by the total, or by the same selection, or say meant=True",
        )
    _same("ratio", part, whole, ("period", "release"), meant=False)


def _narrowed(observation: Observation) -> set[tuple[str, str]]:
    """Return what an observation is narrowed to: an item of each topic, and a placement."""
    o = observation
    items = zip(o.topic.split(TIMES), o.item.split(TIMES), strict=True)
    return {(t, i) for t, i in (("placement", o.placement), *items) if i != TOTAL}


def _selection(observation: Observation) -> str:
    return ", ".join(f"{t} {i}" for t, i in sorted(_narrowed(observation))) or TOTAL
