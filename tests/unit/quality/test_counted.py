"""Plans issued are new plans: two counts of one flow, and which of them a stock speaks for."""

from builders import ENGLAND, NORTH_EASTERN

COUNTED = "two counts of one flow are close"
FLOW, JUMP = "a stock changes by what begins and ends", "a stock does not jump without its flows"
CLOSED = "a stock holds no more than the one before and what began"
TIMED = "issued.including_exceptions"


def place(key, counts):
    """Rows of one authority: two stocks, and between them the flows, counted twice."""
    before, after, new, ended, issued, timed, *requests = counts
    requests = requests or (500, 500)
    years = [{"place": key, "label": 2023}, {"place": key, "label": 2024}]
    return {
        "caseload": [
            {"place": key, "label": 202324, "plans": before},
            {"place": key, "label": 202425, "plans": after},
        ],
        "ceased": [years[1] | {"total": ended}],
        "requests": [y | {"received": n} for y, n in zip(years, requests, strict=True)],
        "assessments": [years[1] | {"issued": issued}],
        "timeliness": [years[1] | {TIMED: timed}],
        "new_plans": [years[1] | {"plans": new}],
    }


def release(**odd):
    """England, and twelve authorities that differ by up to 1 per cent but for those of `odd`."""
    tables = place(ENGLAND, (576_474, 638_745, 97_747, 44_862, 98_547, 90_392))
    for n, key in enumerate(NORTH_EASTERN):
        usual = (1000, 1020 + n, 100, 80, 100, 95)
        for name, rows in place(key, odd.get(f"k{key}", usual)).items():
            tables[name] += rows
    return tables


#: As printed, whatever the year: new plans row 4178, stock rows 591 and 752, and so on.
TOWER_HAMLETS = (3464, 4111, 309, 28, 738, "x")
SOUTHWARK = (2783, 2956, 103, 68, 204, 184)
ISLE_OF_WIGHT = (1662, 1799, 187, 1, 8, 7, 382, 74)
LEWISHAM = (3558, 3696, 348, 249, 199, 193, 821, 646)
ST_HELENS = (1595, 2179, 592, 129, 653, 597)


def test_new_plans_far_below_the_plans_issued_are_told(released):
    odd = {"k390": TOWER_HAMLETS, "k391": SOUTHWARK, "k392": ISLE_OF_WIGHT, "k393": LEWISHAM}
    found = released(release(**odd, k394=ST_HELENS), (COUNTED, FLOW, JUMP))
    assert [f["place"] for f in found] == ["390", "391", "392", "393", "394"]
    assert {f["kind"] for f in found} == {"doubt"}
    *far, stock = found
    told = {f["place"]: f for f in far}

    one = told["390"]  # 3,464 + 738 - 28 = 4,174 against 4,111; 3,464 + 309 - 28 = 3,745
    assert (one["table"], one["found"]) == ("new_plans", "309")
    assert one["expected"] == "about 738 (738 assess_issued in assessments.csv)"
    assert one["cause"] == (
        "the plans issued are among them, but for a few of another year; with plans issued -1.8 % "
        "of the next stock stays unexplained, with these +10.6 %, so these are too few"
    )
    assert one["effect"] == (
        "England new_ehc_plans 97,747 as published, about 98,176 if the plans issued are right"
    )

    both = told["391"]  # 2,956 - 2,783 + 68 = 241: 37 more than 204 and 138 more than 103
    assert both["expected"] == (
        "about 204 (204 assess_issued in assessments.csv, "
        "184 plans_issued_den in timeliness_20_week.csv)"
    )
    assert both["cause"].endswith(
        "which of the two is wrong is not told; with plans issued +1.3 % of the next stock "
        "stays unexplained, with these +5.0 %"
    )

    short = told["392"]
    assert (short["table"], short["found"]) == ("assessments", "8")
    assert short["expected"] == "about 187 (187 new_ehc_plans in newplans.csv)"
    assert short["cause"].startswith(
        "the return is short: 74 requests_received_in_year in requests.csv, and 382 in 2023; "
    )
    assert told["393"]["cause"].startswith("which of the two is wrong is not told; with new_ehc_")

    # 1,595 + 653 - 129 = 2,119 is 60 short of 2,179; the stock of 390 gives way to its new plans
    assert stock["rule"] == JUMP
    assert stock["cause"].endswith("; with 653 assess_issued the rest is +3.8 %")


#: New plans, plans issued, plans timed; and in which table that is told.
LIMITS = [
    ((400, 500, 470), None),  # a fifth of those issued
    ((399, 500, 469), "new_plans"),
    ((340, 400, 400), None),  # 15 per cent of those timed
    ((339, 400, 400), "new_plans"),
    ((50, 79, 79), None),  # 29 say nothing, whatever their share
    ((200, 170, 110), None),  # 15 per cent of the new plans
    ((200, 169, 110), "assessments"),
    ((200, 170, "x"), None),
    ((200, "x", "x"), None),
    ((200, 200, 99), "timeliness"),  # more than half of the plans issued
]


def test_how_far_two_counts_may_be_apart(released):
    odd, expected = {}, {}
    for key, ((new, issued, timed), table) in zip(NORTH_EASTERN, LIMITS, strict=False):
        odd[f"k{key}"] = (5000, 5100, new, 0, issued, timed)
        expected |= {key: table} if table else {}
    told = released(release(**odd), COUNTED)
    assert {f["place"]: f["table"] for f in told} == expected


def test_statements_were_not_issued_after_these_assessments(released):
    """In the older release both are in one file; 280 statements are no plans issued."""
    new = {"place": "390", "label": 2015, "plans": 300, "statements": 280, "ehc_plans": 20}
    year = {"place": "390", "label": 2015}
    tables = {
        "requests": [year | {"received": 400}],
        "assessments": [year | {"issued": 20}],
        "timeliness": [year | {TIMED: 20}],
        "new_plans": [new],
    }
    assert released(tables, COUNTED, release="2022") == []
    tables["new_plans"] = [new | {"statements": 200, "ehc_plans": 100}]
    (found,) = released(tables, COUNTED, release="2022")
    assert (found["table"], found["found"], found["effect"]) == ("assessments", "20", "")
    assert found["cause"] == "which of the two is wrong is not told"


def test_more_plans_than_requests_are_too_many(released):
    """Ealing 2017, sen2_mi.csv row 658: 1,015 issued of 344 requests, and 225 timed."""
    year = {"place": "307", "label": 2017}
    tables = {
        "requests": [year | {"received": 344}],
        "assessments": [year | {"issued": 1015}, year | {"place": ENGLAND, "issued": 42_162}],
        "timeliness": [year | {TIMED: 225}],
        "new_plans": [year | {"plans": 1015, "ehc_plans": 1015}],
    }
    (found,) = released(tables, COUNTED, release="2022")
    assert (found["place"], found["table"], found["found"]) == ("307", "assessments", "1,015")
    assert found["expected"] == "about 225 (225 TotIncExcEHC in sen2_mi.csv)"
    assert found["cause"] == (
        "more than the year's 344 InreqEHC in sen2_mi.csv, so these are too many"
    )
    assert found["effect"] == (
        "England NewallEHC 42,162 as published, about 41,372 if the plans timed are right"
    )


def statements(*places):
    """Statements of two years and those made between them, by age, of the older release."""
    tables = {"caseload_by_age": [], "new_plans_by_age": []}
    for key, (before, begun, after) in zip(NORTH_EASTERN, places, strict=False):
        for year, n in ((2015, before), (2016, after)):
            tables["caseload_by_age"].append({"place": key, "label": year, "statements": n})
        new = {"place": key, "label": 2015, "statements": begun}
        tables["new_plans_by_age"].append(new)
    return tables


def test_statements_do_not_grow_by_more_than_were_made(released):
    """East Riding, January 2016: 1,104 after 981 and 1 made (sen2_age_caseload.csv row 5915)."""
    kept = [(973, 8, 1003), (440, 33, 496), (1000, 100, 1150), (1132, 64, 1190)]
    told = released(statements((981, 1, 1104), (1000, 100, 1151), *kept), CLOSED, release="2022")
    assert [f["place"] for f in told] == NORTH_EASTERN[:2]
    assert told[0]["expected"] == "at most about 982 (981 + 1 begun)"
    assert (told[0]["period"], told[0]["found"], told[0]["kind"]) == ("2016-01", "1,104", "doubt")
