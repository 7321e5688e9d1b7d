"""Percentages of a file whose parts are rows: each row over the row of the total."""

import pytest

from builders import ENGLAND, stored


@pytest.mark.parametrize(("printed", "findings"), [("25", 0), ("26", 1), ("25.04", 0)])
def test_an_age_band_is_held_against_all_ages(tmp_path, printed, findings):
    rows = [
        {"place": ENGLAND, "label": 2022, "plans": 100, "plans.percent": "100"},
        {"place": ENGLAND, "label": 2022, "item": "Under 5", "plans": 25, "plans.percent": printed},
    ]
    if printed == "25.04":
        rows[1]["plans"] = "z"  # without a count there is nothing to hold it against
    store = stored(tmp_path, {("caseload_by_age", "2022"): rows}, "2022")
    found = store.findings.filter(store.findings["column"] == "plans.percent")
    shares = found.filter(found["expected"].str.contains("25 of 100"))
    assert shares.height == findings
