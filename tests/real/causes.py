"""Every cause and effect that gives figures, worked out again from the raw files.

As `recheck`: the csv module and arithmetic alone. A phrase of a cause is known by its words; what
it says of rows and columns must be so.
"""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import recheck
from recheck import LOCAL, NATIONAL, REGIONAL, number, opened

from sendstats.catalogue.tables import tables

COUNT = r"(-?[\d,]+)"


def parts_of(f, row):
    """The columns of the identity that a total has no part of in this row."""
    layout = tables()[f["table"]].layout(f["release"])
    for identity in layout.sums:
        cells = [layout.columns[p] for p in identity.parts]
        total = layout.columns[identity.total] == f["published_column"]
        if total and all(number(row[c]) is None for c in cells) and identity.holds(f["period"]):
            return cells
    return []


def held(f, file, row, said):
    """What the region's parts have beyond those of its other members, of which some have none."""
    cells, total = parts_of(f, row), f["published_column"]
    (region,) = file.like(row, geographic_level=REGIONAL, region_code=row["region_code"])
    members = file.like(row, geographic_level=LOCAL, region_code=row["region_code"])
    beyond = sum(number(region[c]) or 0 for c in cells)
    beyond -= sum(number(m[c]) or 0 for m in members for c in cells)
    bare = [m for m in members if all(number(m[c]) is None for c in cells)]
    rest = sum(number(m[total]) for m in bare if m is not row)
    return beyond - (rest if " all " in said[0] else 0) == number(said[1])


def rate_beside(f, file, row, said):
    at, count, percent, rate, meant, base, more = said
    theirs = file.row(int(at))
    told = [number(count), number(meant), number(base)]
    half = 0.5 * 10 ** -len(rate.partition(".")[2])
    fits = abs(100 * told[1] / told[2] - float(rate)) <= half
    there = {number(v) for v in theirs.values()} >= {told[0], told[2]}
    return there and theirs[percent] == rate and fits and abs(told[1] - told[0]) == number(more)


def left(f, file, row, said):
    at, total, added, leaves, less = said
    theirs, layout = file.row(int(at)), tables()[f["table"]].layout(f["release"])
    (identity,) = [s for s in layout.sums if layout.columns[s.total] == total]
    mine = sum(number(theirs[layout.columns[p]]) or 0 for p in identity.parts)
    region = next(r for r in file.like(theirs, geographic_level=REGIONAL)
                  if r["region_code"] == theirs["region_code"])  # fmt: skip
    remains = number(region[total]) - sum(number(k[total]) or 0 for k in file.children(region))
    told = [number(n) for n in (added, leaves, less)]
    return number(theirs[total]) is None and told == [mine, remains, mine - remains]


def same_gap(f, file, row, said):
    gap, column, release, at = said
    layout = tables()[f["table"]].layout(release)
    theirs = opened(f["raw"], release, layout.file)
    (identity,) = [s for s in layout.sums if layout.columns[s.total] == column]
    there = theirs.row(int(at))
    added = sum(number(there[layout.columns[p]]) or 0 for p in identity.parts)
    return abs(added - number(there[column])) == number(gap) == f["size"]


def copied(f, file, row, said):
    return number(row[said[0]]) == number(said[1]) == number(f["found"])


def with_more(f, file, row, said):
    return number(row[said[0]]) == number(said[1]) == number(f["found"]) - number(said[2])


def holds(f, file, row, said):
    """The column holds so many here, and fewer in the years that are named."""
    here, before, after = recheck.around(f | {"published_column": said[0]}, file, row)
    near = {"before": before[-1:], "after": after[:1]}
    told = re.findall(COUNT + r" the year (before|after)", said[2] or "")
    return here == number(said[1]) and all(near[side] == [number(n)] for n, side in told)


def left_out(f, file, row, said):
    return number(row[said[0]]) == f["size"]


def counted_in(f, file, row, said):
    return sum(number(row[c]) for c in said[0].split(" and ")) == f["size"]


def elsewhere(f, file, row, said):
    """The rows are of the place, and those that are no part of others add up to the total."""
    first, last, name = said
    file = opened(f["raw"], f["release"], name)
    rows = [file.row(n) for n in range(int(first), int(last or first) + 1)]
    tops = [
        r["breakdown"].removesuffix("total") for r in rows if r["breakdown"].endswith("- total")
    ]
    top = [r for r in rows if r["breakdown"].removesuffix("total") in tops
           or not r["breakdown"].startswith(tuple(tops) or ("\0",))]  # fmt: skip
    column = next(c for c in rows[0] if "ehc_plans" in c or "ehcplans" in c)
    ours = all(r["old_la_code"] == f["place"] for r in rows)
    return ours and sum(number(r[column]) for r in top) == recheck.first_number(f["found"])


def is_rest(f, file, row, said):
    """In every row that prints them all the column is the first of the others less the rest."""
    columns = [said[0], *said[1].split(" - ")]
    rows = [[number(r[c]) for c in columns] for r in file.rows]
    full = [r for r in rows if None not in r]
    return len(full) > 1000 and all(r[0] == r[1] - sum(r[2:]) for r in full)


PHRASES = {
    r"(\w+) is a remainder, ((?:\w+ - )+\w+) in every row": is_rest,
    r"the parts of .+? hold( all | )" + COUNT: held,
    r"row (\d+), prints " + COUNT + r" beside the rate (\w+) ([\d.]+), which is " + COUNT
    + " of " + COUNT + ", " + COUNT + " (?:more|less)": rate_beside,
    r"row (\d+), has no (\w+): its parts add up to " + COUNT + ", and the total leaves " + COUNT
    + " for it, " + COUNT + " less": left,
    COUNT + r" is what (\w+) of .+? misses in release (\d+), row (\d+)": same_gap,
    r"(\w+) of the same row is " + COUNT + " too": copied,
    r"it is (\w+) of the same row, " + COUNT + ", and " + COUNT: with_more,
    r"(\w+) holds " + COUNT + r" in the same row(?: (\(.+?\)))?": holds,
    r"(\w+) is not counted in (\w+) in this period": left_out,
    r"((?:\w+ and )*\w+) (?:is|are) counted in (\w+) in this period": counted_in,
    r"rows? (\d+)(?: to (\d+))? of (\S+\.csv)(?= and| print)": elsewhere,
}  # fmt: skip


def national(f, file, row):
    """England's undivided row of the finding's period."""
    (found,) = [
        r for r in file.rows
        if r["geographic_level"] == NATIONAL and r["time_period"] == row["time_period"]
        and r.get("breakdown", "") == r.get("breakdown_topic", "")
        and all(r[c].startswith(("Total", "All")) for c in recheck.LABELS[2:] if c in r)
    ] or [None]  # fmt: skip
    return found


def printed(f, file, row):
    """The figures that an effect calls published are those of England's row."""
    said = re.findall(r"England (\S+) ([\d,.]*\d) as published", f["effect"])
    england = national(f, file, row) if said else None
    if england is None:
        return
    for column, figure in (one for one in said if one[0] in england):  # or the name of a placement
        yield england[column] in {figure, figure.replace(",", "")}


def verdicts(finding, raw: Path):
    """Yield whether each phrase of a cause and each figure of an effect is so."""
    if finding["table"] == "tribunal_appeals" or finding["row"] is None:
        return
    f = finding | {"raw": raw}
    file = opened(raw, f["release"], f["file"])
    row = file.row(f["row"])
    yield from printed(f, file, row)
    here = re.sub(r"( in release \d+, row \d+): .*", r"\1", f["cause"])  # the rest is of that one
    for phrase, check in PHRASES.items():
        for said in re.finditer(phrase, here):
            yield check(f, file, row, said.groups())


def run(findings, raw: Path) -> tuple[Counter, list[dict]]:
    """Return how many statements hold and do not, and the findings of those that do not."""
    told = [(f, v) for f in findings for v in verdicts(f, raw)]
    return Counter(v for _, v in told), [f for f, v in told if not v]
