"""What notebooks say in prose, beyond what cells generate, is true of the committed figures."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

import sendstats as ss

NOTEBOOKS = Path(__file__).parents[1] / "notebooks"
EXCL, INCL = "excluding_exceptions", "including_exceptions"


def values(one):
    return dict(one.rows.select("period", "value").iter_rows())


def timely(basis):
    return values(ss.series("timeliness.within_20_weeks", basis=basis))


def two_totals_differ():
    headline, placed = (values(ss.series(f"plans.caseload{x}")) for x in ("", ".placed"))
    return any(headline[p] != placed[p] for p in headline)


def new_above_all():
    """A year's flow is set against the January census that reports it."""
    stock, flow = (values(ss.share("mainstream", kind)) for kind in ("stock", "flow"))
    pairs = [(stock[f"{int(year) + 1}-01"], share) for year, share in flow.items()]
    return len(pairs) == len(flow) and all(new > held for held, new in pairs)


def higher_than_at_the_start():
    shares = [values(ss.series(f"pupils.{x}.share")) for x in ("sen_support", "ehc_plans")]
    return all(s[max(s)] > s[min(s)] for s in shares)


def headline_above_the_other():
    high, low = timely(EXCL), timely(INCL)
    return high.keys() == low.keys() and all(high[p] > low[p] for p in high)


def newest_changes(**where):
    return ss.revisions("2025", "2026", **where)


def totals_of_plans_stayed():
    revised = newest_changes(kind="revised")
    totals = revised.filter(revised["table"].is_in(["caseload", "new_plans"]))
    return totals.height > 0 and "plans" not in totals["column"]


def fewer_are_not_recorded():
    revised = newest_changes(kind="revised", table="caseload").filter(period="2025-01")
    change = dict(revised.filter(unit="count").select("column", "change").iter_rows())
    return change.pop("not_recorded") < 0 < min(change.values())


def of_findings(**where):
    return ss.findings().filter(**where)


def fifteen_print_their_region():
    found = of_findings(rule="members sum to the whole", table="new_plans", period="2022")
    return [(c[:8], e) for c, e in found.select("cause", "effect").rows()] == [("15 of 15", "")]


def most_of_a_stock_is_gone():
    """Newham, as the files print it: 2,705 plans, then 1,199, with 379 begun and 42 ended."""
    found = of_findings(rule="a stock changes by what begins and ends", period="2025-01")
    asked = {"place": "Newham", "release": "2025"}
    stock, begun, ended = (
        values(ss.series(f"plans.{x}", **asked)) for x in ("caseload", "new", "ceased")
    )
    return (
        found["place_name"][0] == "Newham"
        and 2 * stock["2025-01"] < stock["2024-01"]
        and begun["2024"] > ended["2024"]
    )


def one_part_explains_each():
    found = of_findings(kind="definition", table="caseload", release="2025")
    return found.height > 1 and all("is not counted in" in cause for cause in found["cause"])


CLAIMS = [
    ("05-what-is-wrong", "Fifteen authorities with one figure", fifteen_print_their_region),
    ("05-what-is-wrong", "less than half of the stock of the year before", most_of_a_stock_is_gone),
    ("05-what-is-wrong", "one part often explains every gap", one_part_explains_each),
    ("01-growth", "For some years the age file and the placement file", two_totals_differ),
    ("02-placement", "above the share of all plans in every year held", new_above_all),
    ("03-timeliness", "the headline rate above the other", headline_above_the_other),
    (
        "03-timeliness",
        "From 2019 to 2020 the headline rate fell",
        lambda: timely(EXCL)["2020"] < timely(EXCL)["2019"],
    ),
    ("06-what-changed", "Totals of plans stayed as they were", totals_of_plans_stayed),
    ("06-what-changed", "every other count that was revised gained", fewer_are_not_recorded),
    (
        "04-sen-support",
        "Both shares are higher than when the series began",
        higher_than_at_the_start,
    ),
]


def prose(name):
    cells = json.loads((NOTEBOOKS / f"{name}.ipynb").read_text(encoding="utf-8"))["cells"]
    return "\n".join("".join(c["source"]) for c in cells if c["cell_type"] == "markdown")


@pytest.mark.parametrize(
    ("name", "sentence", "holds"), CLAIMS, ids=lambda x: getattr(x, "__name__", str(x))[:40]
)
def test_a_claim_in_prose_holds(name, sentence, holds):
    assert sentence in prose(name)
    assert holds()


#: Numbers that are definitions or dates of events, not figures of a series.
ALLOWED = {"16", "20", "0", "25", "2019", "2020", "2022", "2023", "01"}


@pytest.mark.parametrize("path", sorted(NOTEBOOKS.glob("*.ipynb")), ids=lambda p: p.stem)
def test_prose_holds_no_figure_of_its_own(path):
    found = set(re.findall(r"\d[\d,.]*\d|\d", prose(path.stem)))
    assert {n.strip(".,") for n in found} <= ALLOWED


#: The two sentences on top, with figures as the Department's releases print them (EHC plans 2026,
#: SEN in England 2024/25; changes worked out by hand from the printed counts).
ANSWERS = {
    "01-growth": ["718,838", "12.5%", "more", "January 2026", "517,048", "39.0%", "risen"],
    "02-placement": ["45.5%", "43.8%", "January 2026", "77.1%", "75.4%", "2025", "up 1.7"],
    "03-timeliness": ["46.1%", "46.4%", "down 0.3", "45.5%", "45.9%", "down 0.4", "2025"],
    "05-what-is-wrong": [
        "contradictions",
        "residential_settings",
        "January 2023",
        "4,488",
        "2,196",
    ],
    "06-what-changed": [
        "their symbol",
        "placement not recorded",
        "January 2025",
        "19,339",
        "15,389",
    ],
    "04-sen-support": ["14.2%", "13.6%", "5.3%", "4.8%", "up from", "January 2025"],
}


@pytest.mark.parametrize("name", ANSWERS)
def test_the_answer_on_top_says_what_the_releases_print(name):
    cells = json.loads((NOTEBOOKS / f"{name}.ipynb").read_text(encoding="utf-8"))["cells"]
    assert cells[0]["cell_type"] == "markdown"
    assert "".join(cells[0]["source"]).rstrip().endswith("?")
    outputs = cells[1]["outputs"]
    said = "".join(outputs[0]["data"]["text/plain"])
    missing = [word for word in ANSWERS[name] if word not in said]
    assert not missing, said
    assert len(re.findall(r"\.(?= |$)", said)) == 2


def test_the_chart_of_placements_speaks_of_mainstream_schools():
    """A caveat on the first January after a break would leave the focus nothing to compare."""
    chart = ss.chart(ss.series("plans.caseload.share", placement="groups"))
    assert chart.title.startswith("Mainstream share rose")
