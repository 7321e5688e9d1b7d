"""What a question asks for, made definite: bases, placements, topics, items and places."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sendstats.catalogue.footprints import footprints
from sendstats.catalogue.labels import TIMES, TOTAL
from sendstats.catalogue.places import find, of_level, places
from sendstats.catalogue.series import SAME_AUTHORITIES, Definition, placements
from sendstats.catalogue.tables import table
from sendstats.errors import Refused, UnknownId, WrongUse
from sendstats.series.read import Request

Names = str | Sequence[str]
#: Asks for every item of a topic.
ALL = "all"


def request(
    asked: Definition, *, basis: Names | None, placement: Names | None, topic: Names | None
) -> Request:
    """Return what to read for a question.

    Raises
    ------
    UnknownId
        If a basis, placement or topic is not known.
    Refused
        If a basis or placement is needed and not given.
    WrongUse
        If the series is not asked by what is given.
    """
    published, coherent = _bases(asked, basis)
    return Request(
        entry=asked,
        basis=", ".join(filter(None, (published, coherent))),
        published=published,
        placements=_placements(asked, placement),
        topic=_topic(asked, topic),
    )


def _bases(asked: Definition, basis: Names | None) -> tuple[str, str]:
    """Return the basis of the published columns, and whether authorities must be the same."""
    names = [n.strip() for part in _listed(basis) for n in part.split(",")]
    coherent = SAME_AUTHORITIES if SAME_AUTHORITIES in names else ""
    names = [n for n in names if n != SAME_AUTHORITIES]
    if coherent and not asked.computed:
        raise Refused(
            f"{asked.id} is no rate of two counts held",
            found=f"basis {SAME_AUTHORITIES!r}",
            todo="leave the basis out: there is nothing to add up over the same authorities",
        )
    return _basis(asked, names, coherent), coherent


def _basis(asked: Definition, names: list[str], coherent: str) -> str:
    if not asked.bases:
        if names:
            raise WrongUse(f"{asked.id} has one basis only", found=names[0], todo="leave basis out")
        return ""
    if not names:
        raise Refused(
            f"{asked.id} needs a basis",
            expected=" or ".join(", ".join(filter(None, (b, coherent))) for b in asked.bases),
            todo="say which; the two are different figures and never compared",
        )
    for name in names:
        if name not in asked.bases:
            raise UnknownId.of(f"basis of {asked.id}", name, [*asked.bases, SAME_AUTHORITIES])
    if len(names) > 1:
        raise WrongUse(f"{asked.id} is read on one basis", found=" and ".join(names))
    return names[0]


def _placements(asked: Definition, placement: Names | None) -> tuple[str, ...]:
    if asked.dimension != "placement":
        if placement:
            raise WrongUse(
                f"{asked.id} is not broken down by placement",
                found=str(placement),
                todo="use plans.caseload.placed or plans.new.placed",
            )
        return (TOTAL,)
    known = placements()
    if placement is None and asked.is_rate:
        groups = ", ".join(p.id for p in known.values() if p.level == "group")
        raise Refused(f"{asked.id} needs a placement", expected=f"one of {groups}, or a finer one")
    levels = {"groups": "group", "types": "type", "provisions": "provision"}
    wholes = [] if asked.is_rate else [TOTAL]
    wanted = [
        one
        for name in _listed(TOTAL if placement is None else placement)
        for one in (
            [p.id for p in known.values() if p.level == levels[name]] if name in levels else [name]
        )
    ]
    if not wanted:
        raise WrongUse("no placement is asked for", found="an empty list", todo="name one or more")
    for name in wanted:
        if name not in [*wholes, *known]:
            raise UnknownId.of("placement", name, [*wholes, *known])
    return tuple(dict.fromkeys(wanted))


def _listed(names: Names | None) -> list[str]:
    """Return names as a list, each once."""
    if names is None:
        return []
    return [names] if isinstance(names, str) else list(dict.fromkeys(names))


def topics(asked: Definition) -> list[str]:
    """Return every topic that some release divides the series by, columns first."""
    columns: list[str] = []
    rows: list[str] = []
    for cells in asked.cells:
        for layout in table(cells.table).layouts:
            if not cells.layouts or layout.id in cells.layouts:
                columns += cells.divided_by(layout)
                held = [*layout.topics.values(), *(d.topic for d in layout.dimensions)]
                held = [t for t in held if not cells.only_by or t in cells.only_by]
                rows += [t for t in held if t not in cells.where]
    return [t for t in dict.fromkeys([*columns, *rows]) if t != TOTAL]


def _topic(asked: Definition, topic: Names | None) -> str:
    parts = [p.strip() for name in _listed(topic) for p in name.split(TIMES.strip())]
    wanted = [p for p in dict.fromkeys(parts) if p != TOTAL]
    known = topics(asked)
    for name in wanted:
        if not known:
            raise WrongUse(f"{asked.id} is not broken down by topics", found=name)
        if name not in known:
            raise UnknownId.of(f"topic of {asked.id}", name, known)
    if not wanted and asked.needs_topic:
        raise Refused(f"{asked.id} needs a topic", expected=f"one of {', '.join(known)}")
    return TIMES.join(sorted(wanted, key=known.index)) or TOTAL


def items(asked: Request, item: Names | None, held: Iterable[str]) -> list[str] | None:
    """Return which of the items held are asked for; None for every one.

    Parameters
    ----------
    asked : Request
    item : str or sequence of str, optional
        Ids, joined by " × " where several topics divide; ``"all"`` for any.
    held : iterable of str

    Raises
    ------
    WrongUse
        If an item is asked for without a topic, or the list is empty.
    UnknownId
        If an item is not held.
    """
    if asked.topic == TOTAL:
        if item not in (None, TOTAL):
            raise WrongUse(
                f"{asked.entry.id} has items by topic only",
                found=f"item {item!r} without a topic",
                todo=f"say topic=, one of {', '.join(topics(asked.entry)) or 'none here'}",
            )
        return None
    wanted = _listed(ALL if item is None else item)
    if not wanted:
        raise WrongUse(
            f"no item of {asked.entry.id} is asked for",
            found="an empty list",
            todo="name one or more",
        )
    if ALL in wanted:
        return None
    return [fit for name in wanted for fit in _fitting(asked, name, list(held))]


def _fitting(asked: Request, name: str, held: list[str]) -> list[str]:
    want = [w.strip() for w in name.split(TIMES.strip())]
    found = [
        one
        for one in held
        if len(have := one.split(TIMES)) == len(want)
        and all(w in (ALL, h) for w, h in zip(want, have, strict=True))
    ]
    if not found:
        raise UnknownId.of(f"item of {asked.entry.id} by {asked.topic}", name, sorted(held))
    return found


def keys(asked: str | Sequence[str]) -> tuple[str, ...]:
    """Return place keys for a name, a level, ``"all"``, or a list of them; each key once.

    Raises
    ------
    UnknownId
        If a name is not known.
    WrongUse
        If the list is empty.
    """
    groups = {
        ALL: [*places()],
        "regions": [p.key for p in of_level("Regional")],
        "local authorities": [p.key for p in of_level("Local authority")],
        "footprints": [*footprints()],
    }
    areas = {n.casefold(): f.key for f in footprints().values() for n in (f.key, f.name)}
    names = asked if isinstance(asked, Iterable) and not isinstance(asked, str) else [asked]
    chosen: list[str] = []
    for name in (str(n) for n in names):  # a DfE number may come as one
        area = areas.get(name.strip().casefold())
        chosen += [area] if area else groups.get(name.casefold()) or [_place(name, areas)]
    if not chosen:
        raise WrongUse("no place is asked for", found="an empty list", todo="name one or more")
    return tuple(dict.fromkeys(chosen))


def _place(name: str, areas: Iterable[str]) -> str:
    try:
        return find(name).key
    except UnknownId:
        if "footprint" in name.casefold():
            raise UnknownId.of("footprint", name, areas) from None
        raise
