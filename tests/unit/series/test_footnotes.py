"""What the publisher's guidance says of one figure, beside our own caveats."""

import sendstats as ss
from builders import ENGLAND, stored

TIMED = "without mediation or a tribunal appeal"
EXCLUDING = "excluding_exceptions"


def said(series_id, period, **options):
    return " ".join(n.says for n in ss.trace(series_id, period, **options).footnotes)


def test_a_footnote_is_told_with_the_figure():
    found = ss.trace("timeliness.within_20_weeks", "2023", basis=EXCLUDING, release="2025")
    (note,) = found.footnotes
    assert TIMED in note.says
    assert f"  footnote    {note.says}" in repr(found)


def test_what_a_caveat_says_is_not_said_twice():
    """The exceptions of Dorset and City of London are a caveat on the values themselves."""
    found = ss.trace(
        "timeliness.within_20_weeks", "2024", place="Dorset", basis=EXCLUDING, release="2025"
    )
    assert "timeliness_all_exceptions" in {n.id for n in found.notes}
    assert [n.says for n in found.footnotes if "Dorset" in n.says] == []


def test_footnotes_of_a_column_are_not_those_of_another():
    schools = said(
        "plans.caseload.placed", "2025-01", placement="other_settings.schools", release="2025"
    )
    assert "offshore schools" in schools
    assert "offshore schools" not in said(
        "plans.caseload.placed", "2025-01", placement="mainstream", release="2025"
    )


def test_layouts_whose_placements_are_rows():
    options = {"placement": "mainstream", "release": "2022"}
    assert said("plans.caseload.placed", "2021-01", **options) == ""


def test_footnotes_of_a_breakdown_are_not_those_of_the_whole(tmp_path):
    rows = [
        {"place": ENGLAND, "label": 2024, "received": 8},
        {"place": ENGLAND, "label": 2024, "received": 3}
        | {"breakdown": ("Child or young persons age", "Aged 10")},
    ]
    store = stored(tmp_path, {("requests", "2025"): rows}, detail=True)
    whole = said("requests.received", "2024", store=store)
    by_age = said("requests.received", "2024", topic="age_at_request", item="10", store=store)
    assert "on the day the request" not in whole
    assert "on the day the request" in by_age


def test_figures_of_the_other_publication():
    found = said("pupils.sen_support", "2023-01")
    assert "known to have SEN without an EHC plan" in found
    assert "known to have SEN without an EHC plan" not in said("pupils.ehc_plans", "2023-01")


def test_a_footnote_on_what_was_not_collected_is_not_on_what_was():
    """The 2025 release prints Yes for Leeds, 2023; the footnote of the 2023 release says no more.

    Beside the Yes it must say so itself.
    """
    assert "designated officers" not in said("officers.medical", "2025-01", place="Leeds")
    beside = said("officers.medical", "2023-01", place="Leeds")
    assert "designated officers were collected up to 2022" in beside
    assert "the 2025 release prints them for 2023" in beside
    assert ss.series("officers.medical", place="Leeds").at("2023-01").published == "Yes"


def test_plans_that_were_discontinued_are_not_timed():
    assert TIMED not in said("plans.discontinued", "2021")
