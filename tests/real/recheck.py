"""Every finding worked out again from the raw files, by the csv module and arithmetic alone.

Nothing of the gates is used: a finding gives a file, a row, a column and what it expects; this
reads the raw rows and says whether the claim holds. `SEED` picks fifty for a person to look at.
"""

from __future__ import annotations

import csv
import random
import re
import statistics
from collections import Counter
from functools import cache
from pathlib import Path

from sendstats.catalogue.labels import spellings
from sendstats.catalogue.tables import tables

SEED = 20251124
IDENTITY = (
    "time_period", "time_identifier", "geographic_level", "country_code", "country_name",
    "region_code", "region_name", "old_la_code", "new_la_code", "la_name",
)  # fmt: skip
LABELS = ("breakdown_topic", "breakdown", "establishment_group", "establishment_type")
LABELS += ("characteristic_age", "age", "ehcp_or_statement")
LOCAL, REGIONAL, NATIONAL = "Local authority", "Regional", "National"
Row = dict[str, str]


class Raw:
    """The raw rows of one published file of one release."""

    def __init__(self, raw: Path, release: str, file: str) -> None:
        (path,) = raw.glob(f"*/{release}/{file}/{file}")
        with path.open(encoding="utf-8-sig", newline="") as stream:
            self.rows = list(csv.DictReader(stream))

    def row(self, n: int) -> Row:
        return self.rows[n - 1]

    def like(self, row: Row, **where: str) -> list[Row]:
        """Rows of the same period and labels that also match `where`."""
        same = {k: row[k] for k in ("time_period", *LABELS) if k in row} | where
        return [r for r in self.rows if all(r[k] == v for k, v in same.items())]

    def children(self, row: Row) -> list[Row]:
        if row["geographic_level"] == NATIONAL:
            return self.like(row, geographic_level=REGIONAL)
        return self.like(row, geographic_level=LOCAL, region_code=row["region_code"])


def number(text: str | None) -> int | None:
    text = (text or "").strip().replace(",", "")
    return int(text) if re.fullmatch(r"-?\d+", text) else None


def rate(text: str | None) -> float | None:
    try:
        return float((text or "").strip().rstrip("%"))
    except ValueError:
        return None


def first_number(text: str) -> float:
    (found,) = re.findall(r"-?[\d,]*\d(?:\.\d+)?", text)[:1]
    return float(found.replace(",", ""))


@cache
def opened(raw: Path, release: str, file: str) -> Raw:
    return Raw(raw, release, file)


def members(f, file, row):
    column = f["published_column"]
    kids = [number(k[column]) for k in file.children(row)]
    total, whole = sum(k for k in kids if k is not None), number(row[column])
    if f["expected"].startswith("members that add up to "):
        copies, printed = (int(n) for n in re.findall(r"[\d,]+", f["found"].replace(",", ""))[:2])
        return kids.count(whole) == copies and printed == whole != total
    return first_number(f["expected"].removeprefix("at least ")) == total != whole


def parts(f, file, row):
    layout = tables()[f["table"]].layout(f["release"])
    column = f["published_column"]
    if beside := re.search(r"\(([\d,]+) (\w+) and ([\d,]+) (\w+) beside it\)", f["expected"]):
        (own, total, other, part) = beside.groups()
        cells = [number(row[total]), number(row[part])]
        return cells == [number(own), number(other)] and sum(cells) == first_number(f["expected"])
    for identity in layout.sums:
        if layout.columns[identity.total] != column:
            continue
        cells = [number(row[layout.columns[p]]) for p in identity.parts]
        total = sum(c for c in cells if c is not None)
        if first_number(f["expected"].removeprefix("at least ")) == total:
            return total != number(row[column])
    return False


def items(f, file, row):
    """The first item of each pair of a group's total and its own items, by the printed labels."""
    column = f["published_column"]
    topics = {r["breakdown_topic"] for r in file.rows} - {row["breakdown_topic"]}
    for topic in topics:
        rows = [r for r in file.rows if r["breakdown_topic"] == topic]
        same = ("time_period", "old_la_code", "geographic_level", "region_code")
        mine = [r for r in rows if all(r[k] == row[k] for k in same)]
        tops = [r for r in mine if r["breakdown"].endswith("- total")]
        heads = tuple(r["breakdown"].removesuffix("total") for r in tops)
        top = tops + [r for r in mine if not r["breakdown"].startswith(heads or ("\0",))]
        if sum(number(r[column]) or 0 for r in top) == first_number(f["expected"]):
            return first_number(f["expected"]) != number(row[column])
    return False


def same(f, file, row):
    value, other, at = re.match(r"([\d,]+) \(.*, (\S+\.csv) row (\d+)\)", f["expected"]).groups()
    theirs = opened(f["raw"], f["release"], other).row(int(at))
    keys = ("geographic_level", "region_code", "old_la_code")
    place = all(theirs[k] == row[k] for k in keys) or "E13" in row["region_code"]
    there = int(value.replace(",", "")) in {number(v) for v in theirs.values()}
    return place and there and number(row[f["published_column"]]) == first_number(f["found"])


def sides(f, file, row):
    layout = tables()[f["table"]].layout(f["release"])
    column, kids = f["published_column"], file.like(row, geographic_level=LOCAL)
    if row["geographic_level"] == REGIONAL:
        kids = [k for k in kids if k["region_code"] == row["region_code"]]
    for ratio in layout.ratios:
        pair = [layout.columns[ratio.numerator], layout.columns[ratio.denominator]]
        if column in pair:
            both = [k for k in kids if all(number(k[c]) is not None for c in pair)]
            kept = sum(number(k[column]) for k in both)
            return kept == first_number(f["expected"]) != number(row[column])
    return False


def detail(f, file, row):
    layout = tables()[f["table"]].layout(f["release"])
    column = f["published_column"]
    bare = [
        s
        for s in layout.sums
        if layout.columns[s.total] == column
        and all(number(row[layout.columns[p]]) is None for p in s.parts)
    ]
    if bare:
        return number(row[column]) is not None
    keys = ("time_period", "old_la_code", "geographic_level", "region_code")
    divided = [
        r for r in file.rows
        if all(r[k] == row[k] for k in keys) and r["breakdown"] != row["breakdown"]
    ]  # fmt: skip
    by_topic = {}
    for r in divided:
        by_topic.setdefault(r["breakdown_topic"], []).append(number(r[column]))
    return any(all(n is None for n in cells) for cells in by_topic.values())


def stock(f, file, row):
    """This January less the last, less what began, plus what ended, is not near nought."""
    code, label = row["old_la_code"], row["time_period"]
    year = int(label[:4])

    def undivided(name, column, period):
        rows = opened(f["raw"], f["release"], name).rows
        (found,) = [
            number(r[column]) for r in rows
            if r["old_la_code"] == code and r["time_period"] == period
            and r["breakdown"] == r["breakdown_topic"]
        ] or [None]  # fmt: skip
        return found

    before = undivided("caseload.csv", "ehcplans", f"{year - 1}{str(year)[2:]}")
    new, ended = re.search(r"\+ ([\d,]+) begun(?: less ([\d,]+))?", f["expected"]).groups()
    new, ended = (int((n or "0").replace(",", "")) for n in (new, ended))
    printed = undivided("newplans.csv", "new_ehc_plans", str(year))
    fits = printed == new or any(number(v) == new for v in row.values()) or f["place"] in REPAIRED
    gap = number(row["ehcplans"]) - (before + new - ended)
    return fits and abs(gap) > 0.025 * before


REPAIRED = {"370", "371", "372", "373", "380", "381", "382", "383", "384", "810", "811", "812",
            "813", "815", "816"}  # fmt: skip


def around(f, file, row):
    """Neighbours in time of an authority's undivided cell."""
    column, code = f["published_column"], row["old_la_code"]
    rows = [
        r for r in file.rows
        if r["old_la_code"] == code
        and all(r[k] == row[k] for k in LABELS if k in r and k != "time_period")
    ]  # fmt: skip
    counts = {r["time_period"]: number(r[column]) for r in rows}
    counts = {k: v for k, v in counts.items() if v is not None}
    here = row["time_period"]
    before = [counts[p] for p in sorted(counts) if p < here]
    after = [counts[p] for p in sorted(counts) if p > here]
    return counts[here], before, after


def divided(f, file, row):
    """The groups named hold the shares said, and the first is far outside those around it."""
    said = r"(\w+) is ([\d.]+) % of (\w+), ([\d.]+) the year before and ([\d.]+) the year after"
    found = re.findall(said, f["cause"])
    shares = []
    for group, now, whole, was, then in found:
        (here, before, after), (of, *around_it) = (
            (n, side[0][-1], side[1][0])
            for n, *side in (around(f | {"published_column": c}, file, row) for c in (group, whole))
        )
        pairs = zip((here, before, after), (of, *around_it), strict=True)
        shares.append([100 * n / all_ for n, all_ in pairs])
        if [round(x, 1) for x in shares[-1]] != [float(x) for x in (now, was, then)]:
            return False
    now, *near = shares[0]
    return found[0][0] == f["published_column"] and max(now - max(near), min(near) - now) > 15


def nought(f, file, row):
    here, before, after = around(f, file, row)
    near = [next((n for n in side if n), 0) for side in (before[::-1], after)]
    return here == 0 and min(near) >= 30


def spike(f, file, row):
    here, before, after = around(f, file, row)
    low, high = sorted((before[-1], after[0]))
    return here >= 6 * high or low >= 6 * here


def end(f, file, row):
    """The last count, far from every other one of the place."""
    here, before, after = around(f, file, row)
    others = before + after
    far = here >= 6 * max(*others, 1) or min(others) >= 6 * max(here, 1)
    return not after and f"in all {len(others)} others" in f["expected"] and far


def beyond_both(n, *sides):
    """How far a count is from what lies between two others."""
    return max(n - max(sides), min(sides) - n, 0)


def swapped(f, file, row):
    """Both counts and those around them are printed, and fit in each other's place only."""
    said = re.match(r"([\d,]+) \((.+?)\), and ([\d,]+) in (.+) \((.+?)\)$", f["expected"]).groups()
    named = re.fullmatch(r"(.+?)(?: of (\S+\.csv))?(?:, row (\d+))?", said[3])
    name, where, at = named.groups()
    other = opened(f["raw"], f["release"], where) if where else file
    there = other.row(int(at)) if at else row
    column = name if name in there else f["published_column"]
    mine, theirs = around(f, file, row), around(f | {"published_column": column}, other, there)
    a, b = (
        (here, *((before[-1], after[0]) if before and after else after[:2] or before[-2:]))
        for here, before, after in (mine, theirs)
    )
    told = [sorted(int(t.replace(",", "")) for t in re.findall(r"[\d,]*\d", said[i]))
            for i in (0, 1, 2, 4)]  # fmt: skip
    right = (0, a[0] + b[0]) if "look moved" in f["cause"] else (b[0], a[0])
    if told != [[right[0]], sorted(a[1:]), [right[1]], sorted(b[1:])]:
        return False
    printed = beyond_both(*a), beyond_both(*b)
    if_exchanged = beyond_both(right[0], *a[1:]) + beyond_both(right[1], *b[1:])
    return min(printed) >= 45 and if_exchanged <= 0.2 * sum(printed)


def misnumbered(f, file, row):
    """The number beside the name, in the file as it is; rows are counted below the title."""
    (path,) = f["raw"].glob(f"*/{f['release']}/{f['file']}/{f['file']}")
    with path.open(encoding="utf-8-sig", newline="") as stream:
        line = list(csv.reader(stream))[f["row"]]
    named = line[0].startswith(f["place_name"])
    return named and line[1] == f["found"] != f["place"]


def repeat(f, file, row):
    here, before, _ = around(f, file, row)
    return before[-1] == here


def absent(f, file, row):
    return not any(
        r["old_la_code"] == f["place"] and r["time_period"] == f["period"] for r in file.rows
    )


def bare(f, file, row):
    layout = tables()[f["table"]].layout(f["release"])
    count = layout.columns.get(f["column"].removesuffix(".percent"), "")
    return rate(row[f["published_column"]]) is not None and number(row.get(count)) is None


def share(f, file, row):
    top, below = re.search(r"\(([\d,]+) of ([\d,]+)\)", f["expected"]).groups()
    top, below = (int(n.replace(",", "")) for n in (top, below))
    printed = rate(row[f["published_column"]])
    return top in {number(v) for v in row.values()} and abs(100 * top / below - printed) > 0.05


def base(f, file, row):
    """The share divides by another figure than the two counts of decisions add up to."""
    counts = [number(v) for k, v in row.items() if re.fullmatch(r"request_outcome.*weeks", k)]
    said = re.search(r"of ([\d,]+)\)", f["expected"])[1]
    return sum(counts) == int(said.replace(",", "")) and share(f, file, row)


def whole(f, name, column, label):
    """The cell of an undivided row of the finding's place, in another file of the release."""
    keys = ("old_la_code", "region_code", "country_code")
    found = {
        number(r[column]) for r in opened(f["raw"], f["release"], name).rows
        if r["time_period"] == label and f["place"] == next(r[k] for k in keys if r[k])
        and (r.get("breakdown_topic", "").startswith(("All ", "Total"))
             or r.get("breakdown") == r.get("breakdown_topic"))
    }  # fmt: skip
    return found.pop() if len(found) == 1 else None


#: Columns of other files that totals are made of, and whether they are counted in January after.
STAND_IN = {
    "requests_decided_not_to_assess": ("requests.csv", False),
    "assess_not_issued": ("assessments.csv", False),
    "ehcplans": ("caseload.csv", True),
    "needs_met": ("ceased_plans.csv", False),
    "other": ("ceased_plans.csv", False),
    "review_meeting_24": ("annual_reviews.csv", False),
}


def total(f, file, row):
    """The terms stand in the files, and their sum is not near what is printed."""
    said = re.findall(r"([\d,]+) ([a-z_]+\d*)", f["expected"].split("(")[1])
    terms = [(int(n.replace(",", "")), column) for n, column in said]
    year, printed = f["period"], first_number(f["found"])
    for n, column in terms:
        name, january = STAND_IN.get(column, (f["file"], False))
        label = f"{year}{int(year[2:]) + 1}" if january else year
        if (number(row[column]) if column in row else whole(f, name, column, label)) != n:
            return False
    added = sum(n for n, _ in terms)
    near = 0 if row and "time_period" in row else 0.05 * added
    return added == first_number(f["expected"].lstrip("about ")) and abs(printed - added) > near


def counted(f, file, row):
    """Each other count stands in its file for the place and year, and one of them is far away.

    Where the stock after it tells that all are wrong, the usual share of it is expected.
    """
    said = re.findall(r"([\d,]+) (\w+) in ([\w.]+)", f["expected"].split("(")[1])
    terms = [(int(n.replace(",", "")), column, name) for n, column, name in said]
    printed, found = number(row[f["published_column"]]), first_number(f["found"])
    mended = re.search(r"repaired to ([\d,]+)", f["cause"])
    mine = int(mended[1].replace(",", "")) if mended else found
    stands = all(whole(f, name, column, f["period"]) == n for n, column, name in terms)
    most = max(n for n, _, _ in terms)
    expected = first_number(f["expected"].removeprefix("about "))
    stood = still(f)
    if stood:
        counted, times = stood
        most = expected if abs(expected * times - counted) <= 0.01 * counted else most
    low, high = sorted((most, mine))
    return stands and printed == found and expected == most and low < 0.85 * high


def still(f):
    """What of the year is in the stock as the finding cites it, and how much of it is usual."""
    said = re.search(
        r"([\d,]+) of the year are in the stock \((\S+) of (\d+)-01, years in place: ([^)]+)\), "
        r"where half of all authorities have ([\d.]+) times", f["cause"]
    )  # fmt: skip
    if not said:
        return None
    (n, name, year, labels, times), label = said.groups(), f"{int(said[3]) - 1}{said[3][2:]}"
    rows = opened(f["raw"], f["release"], name).rows
    (column,) = {"ehcplans", "ehc_plans"} & set(rows[0])
    found = sum(
        number(r[column]) for r in rows
        if r["time_period"] == label and r["old_la_code"] == f["place"]
        and r["breakdown_topic"].startswith("Years") and r["breakdown"] in labels.split(" and ")
    )  # fmt: skip
    assert found == int(n.replace(",", "")), (f["place"], year, found)
    return found, float(times)


def closed(f, file, row):
    """The statements of the year before and those made are printed, and fewer than these."""
    before, began = re.search(r"\(([\d,]+) \+ ([\d,]+) begun", f["expected"]).groups()
    before, began = (int(n.replace(",", "")) for n in (before, began))
    year = str(int(row["time_period"]) - 1)

    def total(name, column):
        rows = opened(f["raw"], f["release"], name).rows
        keys = {"time_period": year, "old_la_code": f["place"], "characteristic_age": "Total"}
        (found,) = [number(r[column]) for r in rows if all(r[k] == v for k, v in keys.items())]
        return found

    column = f["published_column"]
    flow = total("sen2_age_new_plans.csv", "Total_new_st")
    printed = number(row[column])
    return (total(f["file"], column), flow) == (before, began) and printed > before + began


def first_year(f, file, row):
    """What began and what ended are printed, and the first year holds fewer than they leave."""
    began, ended = re.search(r"\(([\d,]+) begun less all ([\d,]+)", f["expected"]).groups()
    began, ended = (int(n.replace(",", "")) for n in (began, ended))
    year = str(int(row["time_period"][:4]))
    new = whole(f, "newplans.csv", "new_ehc_plans", year)
    gone = whole(f, "ceased_plans.csv", "total_ceased", year)
    return (new, gone) == (began, ended) and number(row[f["published_column"]]) < began - ended


def first_labels(f, column, name):
    """What the rows of a place say of the first year: the first label, and the first two."""
    mine = {
        (r["time_period"], r["breakdown"]): number(r[column])
        for r in opened(f["raw"], f["release"], name).rows
        if r["breakdown_topic"].startswith("Years") and r["old_la_code"] == f["place"]
    }
    periods = {p for p, _ in mine}
    first = {p: mine.get((p, "Less than a year")) or 0 for p in periods}
    return set(first.values()) | {n + (mine.get((p, "1")) or 0) for p, n in first.items()}


def beginners(f, file, row):
    """The first year and what began are printed, and the one is far more than the other."""
    far = first_number(f["expected"].removeprefix("about ")), first_number(f["found"])
    began, first = sorted(far)
    if f["table"] == "new_plans":
        name = re.search(r"(\S+\.csv) row", f["expected"])[1]
        (column,) = {"ehcplans", "ehc_plans"} & set(opened(f["raw"], f["release"], name).rows[0])
        printed = number(row[f["published_column"]])
    else:
        name, column = f["file"], f["published_column"]
        printed = whole(f, "newplans.csv", "new_ehc_plans", str(int(f["period"][:4]) - 1))
    return printed == began and first in first_labels(f, column, name) and first > 1.4 * began + 30


def ended(f, file, row):
    """Less than a hundredth of the stock of the January before."""
    year = int(row["time_period"])
    before = whole(f, "caseload.csv", "ehcplans", f"{year - 1}{str(year)[2:]}")
    return before >= 500 and number(row[f["published_column"]]) < 0.01 * before


def none(f, file, row):
    """Nought here, of a number that is printed in this row or in the stock of that January."""
    of, column = re.search(r"% of ([\d,]+) (\w+),", f["expected"]).groups()
    of, here = int(of.replace(",", "")), number(row[f["published_column"]])
    if column in row:
        return here == 0 and number(row[column]) == of >= 100
    code, label = row["old_la_code"], row["time_period"]
    name = {"ehcplans": "caseload.csv", "Total_all": "sen2_estab_caseload.csv"}[column]
    stock = {
        number(r[column]) for r in opened(f["raw"], f["release"], name).rows
        if (r["old_la_code"], r["time_period"]) == (code, label)
    }  # fmt: skip
    return here == 0 and max(n for n in stock if n is not None) == of >= 100


def negative(f, file, row):
    return (number(row[f["published_column"]]) or 0) < 0


WHOLES = {
    "phase_transfers": "due_25",
    "personal_budgets": r"personal_?budgets?",
    "requests": r"requests_received_in_year",
}


def beyond(f, file, row):
    """The whole stands in the column of the file that is called after the table."""
    names = [c for c in row if re.fullmatch(WHOLES[f["table"]], c, re.IGNORECASE)]
    return len(names) == 1 and number(row[f["published_column"]]) > number(row[names[0]])


def remainder(f, file, row):
    """The region less its members with a figure leaves what is said, which cannot be a count."""
    column, kids = f["published_column"], file.children(row)
    rest = number(row[column]) - sum(number(k[column]) or 0 for k in kids)
    withheld = {k["old_la_code"] for k in kids if number(k[column]) is None}
    cannot = rest < 0 or rest > first_number(f["expected"].removeprefix("at most "))
    return cannot and rest == first_number(f["found"]) and withheld <= set(f["touches"].split(";"))


def uncounted(f, file, row):
    """The regions of those withheld leave next to nothing for them, who count in other years."""
    column, codes = f["published_column"], [c for c in f["touches"].split(";") if c.isdigit()]
    mine = [r for code in codes for r in file.like(row, old_la_code=code)]
    regions = {r["region_code"] for r in mine}
    rest = 0
    for code in regions:
        (region,) = file.like(row, region_code=code, geographic_level=REGIONAL)
        rest += number(region[column]) - sum(number(k[column]) or 0 for k in file.children(region))
    none = all(number(r[column]) is None for r in mine)
    return none and rest == first_number(f["found"]) < 0.4 * first_number(f["expected"])


def together(f, file, row):
    """The columns named add up to what is said, and are more than the whole in so many places."""
    names = r"((?:\w+ \+ )*\w+)"
    said = re.search(
        rf": {names} is more than {names} in (\d+) authorities, by ([\d,]+)", f["cause"]
    )
    parts, whole = (said[n].split(" + ") for n in (1, 2))

    def both(r):
        cells = [[number(r[c]) for c in columns] for columns in (parts, whole)]
        return [sum(c) if None not in c else 0 for c in cells]

    beyond = [a - b for a, b in map(both, file.like(row, geographic_level=LOCAL)) if a > b]
    counted = (len(beyond), sum(beyond)) == (int(said[3]), int(said[4].replace(",", "")))
    return counted and both(row)[0] == first_number(f["found"])


def crossed(f):
    """Of a table with years across: who has both sides of the rate sums to what is said."""
    layout = tables()[f["table"]].layout(f["release"])
    (path,) = f["raw"].glob(f"*/{f['release']}/{layout.file}/{layout.file}")
    with path.open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.reader(stream))
    start = rows[layout.cross.years].index(f["period"])
    heads = [re.sub(r"[\d,\s]+$", "", h) for h in rows[layout.cross.measures][start : start + 5]]
    at = {name: start + n for n, name in reversed([*enumerate(heads)])}
    column = f["published_column"].removesuffix(f" ({f['period']})")
    people = [r for r in rows if r[1].strip().isdigit()]

    def kept(one, other):
        pairs = [(number(r[at[one]]), number(r[at[other]])) for r in people]
        return sum(a for a, b in pairs if a is not None and b is not None)

    if "Rate" in column:
        top, base = (int(n.replace(",", "")) for n in re.findall(r"[\d,]+(?= of|, auth)",
                                                                 f["expected"]))  # fmt: skip
        counts = [h for h in heads if "Rate" not in h]
        both = {(kept(a, b), kept(b, c)) for a in counts for b in counts for c in (a, b)}
        printed = rate(rows[f["row"]][at[column]]) == float(f["found"])
        return (
            printed and (top, base) in both and f["expected"].startswith(f"{100 * top / base:.2f} ")
        )
    others = [h for h in heads if h != column and "Rate" not in h]
    said = first_number(f["expected"]) in {kept(column, other) for other in others}
    return said and number(rows[f["row"]][at[column]]) == first_number(f["found"])


def figure(row, text):
    """Whether a figure with its column, such as "82 mediations", is what the row prints."""
    n, column = text.split(" ")
    return number(row[column]) == int(n.replace(",", ""))


def disputes(f, file, row):
    """Disputes, and decisions of the year before, are printed; there are more of the former."""
    said, before = re.search(r"\((.*); ([\d,]+) the year before\)", f["expected"]).groups()
    here, earlier, _ = around(f, file, row)
    most = max(first_number(one) for one in said.split(", "))
    printed = all(figure(row, one) for one in said.split(", "))
    return printed and earlier[-1] == first_number(before) and most > here + earlier[-1]


def taken(f, file, row):
    """The usual share is far more than what is printed, and one of the other outcomes is beyond
    that of 95 of 100 authorities."""
    whole = re.search(r"of ([\d,]+ \S+)\)", f["expected"]).group(1)
    mine, total = f["published_column"], whole.split(" ")[1]
    others = re.findall(r"stand in (\w+)", f["cause"])
    kids = [
        k for k in file.like(row, geographic_level=LOCAL)
        if (number(k[total]) or 0) >= 100 and all(number(k[c]) is not None for c in (mine, *others))
    ]  # fmt: skip
    usual = statistics.median(number(k[mine]) / number(k[total]) for k in kids)
    far = number(row[mine]) < usual * number(row[total]) / 4
    high = [
        sum(number(k[c]) / number(k[total]) >= number(row[c]) / number(row[total]) for k in kids)
        for c in others
    ]
    near = abs(usual * number(row[total]) - first_number(f["expected"])) <= 1
    return figure(row, whole) and near and far and max(high) <= 0.06 * len(kids)


def unrecorded(f, file, row):
    """Nearly all of the place's cases, or England's without those of which that is so."""
    mine = f["published_column"]
    whole = re.search(r"of ([\d,]+ \S+), as in", f["expected"])
    if whole:
        of = number(row[mine]) / first_number(whole.group(1))
        keys = ("time_period", "old_la_code")
        same = [r for r in file.rows if all(r[k] == row[k] for k in keys)]
        return 0.8 < of <= 1 and any(figure(r, whole.group(1)) for r in same)
    total = re.search(r"% of (\w+) as published", f["effect"]).group(1)
    kids = file.like(row, geographic_level=LOCAL)
    gone = [
        number(k[mine]) for k in kids
        if number(k[mine]) and number(k[total]) >= 100 and number(k[mine]) > 0.8 * number(k[total])
    ]  # fmt: skip
    places, n = re.search(r"without (\d+) authorities that have ([\d,]+)", f["expected"]).groups()
    held = (len(gone), sum(gone)) == (int(places), first_number(n))
    return held and number(row[mine]) - sum(gone) == first_number(f["expected"])


def printed(f, file, row):
    """The cell holds no number, and the row of the other file is about the same place and does."""
    other, at = re.search(r"as (\S+\.csv) row (\d+) has", f["expected"]).groups()
    theirs = opened(f["raw"], f["release"], other).row(int(at))
    same = theirs["old_la_code"] == row["old_la_code"]
    counts = [number(theirs[c]) for c in theirs if c not in IDENTITY + LABELS]
    return same and number(row[f["published_column"]]) is None and counts[0] is not None


def profile(f, file, row):
    """Shares of the twelve needs are more than 0.3 apart from those of the same place's pupils."""
    layout = tables()[f["table"]].layout(f["release"])
    name = re.search(r" in (\S+\.csv)$", f["expected"]).group(1)
    (path,) = f["raw"].glob(f"special-educational-needs-in-england/*/{name}/{name}")
    theirs = opened(f["raw"], path.parts[-3], name).rows
    items = spellings("primary_need")
    there = {
        items[r["sen_primary_need"]]: number(r["number_of_pupils"]) for r in theirs
        if (r["old_la_code"], r["time_period"]) == (row["old_la_code"], row["time_period"])
        and r["sen_status"] == "EHC plans" and r["sen_primary_need"] in items
    }  # fmt: skip
    needs = {c.removeprefix("primary_need."): p for c, p in layout.columns.items()}
    both = {i: (number(row[needs[i]]) or 0, n) for i, n in there.items() if i in needs}
    one, two = (sum(n[side] for n in both.values()) for side in (0, 1))
    distance = sum(abs(a / one - b / two) for a, b in both.values()) / 2
    printed = number(row[f["published_column"]]) == first_number(f["found"])
    return printed and min(one, two) >= 100 and distance > 0.3


#: Ages that the columns cannot hold: below the first, or above the second.
LIMITS = {"nm_early_years": (0, 6), "neet": (14, 99), "max_age": (19, 99)}


def age(f, file, row):
    """The cell is above nought, its age is outside the limits, and the rows of the place add up."""
    low, high = LIMITS.get(f["published_column"], (14, 99))
    columns = [f["published_column"]]
    if columns[0] not in LIMITS:
        columns = ["general_fe_tertiary_colleges", "specialist_post_16_institutions"]
        columns += ["ukrlp_provider"]
    same = [
        r for r in file.rows
        if all(r[k] == row[k] for k in ("time_period", "old_la_code", "breakdown_topic"))
    ]  # fmt: skip
    years = [(int((re.findall(r"\d+", r["breakdown"]) or [low])[0]), r) for r in same]
    odd = [number(r[c]) or 0 for n, r in years if not low <= n <= high for c in columns]
    return sum(odd) == first_number(f["cause"]) >= 15 and number(row[f["published_column"]]) > 0


def missing(f, file, row):
    return number(row[f["published_column"]]) is None


BESIDE = "a total of some members is their sum"
RULES = {
    "members sum to the whole": members,
    "parts sum to the total": parts,
    "items of a breakdown sum to the total": items,
    "two tables that count one thing agree": same,
    "numerator present where its denominator counts": sides,
    "a total has its parts": detail,
    "a stock changes by what begins and ends": stock,
    "a stock does not jump without its flows": stock,
    "a nought does not stand between counts": nought,
    "a count does not stand far from both its neighbours": spike,
    "a share does not stand far from both its neighbours": divided,
    "a last count does not stand far from all others": end,
    "a return is not short in several tables": end,
    "two columns do not stand in each other's place": swapped,
    "a number belongs to the name beside it": misnumbered,
    "a row does not repeat the year before": repeat,
    "a place in force has a row": absent,
    "a rate stands with its counts": bare,
    "a placement over its base is the share": share,
    "numerator over denominator is the rate": share,
    "shares of one base divide by what their counts add up to": base,
    "a count is not negative": negative,
    "a part is not more than its whole": beyond,
    "a decision is there where disputes over it are": disputes,
    "cases divide as the same cases do elsewhere": profile,
    "what one table withholds no other prints": printed,
    "what is not recorded is not nearly all": unrecorded,
    "a usual outcome is not nought while another takes its place": taken,
    "a total is the sum of its parts in other tables": total,
    "what began in a year and has not ended is in the stock": first_year,
    "two counts of one flow are close": counted,
    "a stock holds no more than the one before and what began": closed,
    "no more are in their first year than began in it": beginners,
    "nobody is counted at an age that cannot be": age,
    "some of a stock ends in a year": ended,
    "none of many are not none by chance": none,
    "a total is there where its parts are": missing,
    "what a whole leaves for withheld members can be a count": remainder,
    "a whole counts its withheld members": uncounted,
    "columns that exclude each other are not more than their whole": together,
}


#: Rules that read the table with years across by other means.
WITHOUT_ROWS = (
    "a total is the sum of its parts in other tables",
    "a number belongs to the name beside it",
)


def sided(finding: dict) -> bool:
    """Whether a finding is of who stands on both sides of a rate."""
    return finding["rule"] in (BESIDE, "numerator present where its denominator counts")


def verdict(finding: dict, raw: Path) -> bool | None:
    """Whether the raw file bears the finding out; None where it is read in another way."""
    if finding["table"] == "tribunal_appeals":  # years across, no plain rows
        if sided(finding):
            return crossed(finding | {"raw": raw})
        return (
            RULES[finding["rule"]](finding | {"raw": raw}, None, {})
            if finding["rule"] in WITHOUT_ROWS
            else None
        )
    file = opened(raw, finding["release"], finding["file"])
    row = file.row(finding["row"]) if finding["row"] else {}
    return RULES[finding["rule"]](finding | {"raw": raw}, file, row)


def run(findings: list[dict], raw: Path) -> tuple[Counter, list[dict]]:
    """Return how many findings hold, do not, and could not be read; and those that do not."""
    verdicts = [(f, verdict(f, raw)) for f in findings]
    return Counter(v for _, v in verdicts), [f for f, v in verdicts if v is False]


def sample(findings: list[dict], n: int = 50) -> list[dict]:
    """Return the findings for a person to look at, the same every time."""
    rest = [f for f in findings if not f["effect_size"]]
    return random.Random(SEED).sample(rest, min(n, len(rest)))  # noqa: S311
