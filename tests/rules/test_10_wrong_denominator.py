"""10. A share divided by another whole than the published one.

Wrong: 43.0 % of plans in mainstream schools in January 2024 (248,016 of 576,474), and 71.5 % of
the plans made in 2022 (47,676 of 66,706): some authorities returned a total and no placements.
Right: 43.3 % of the 572,829 whose placement was returned, and 71.8 % of 66,356, as published.
"""

import pytest

MAINSTREAM = {"placement": "mainstream"}
WRONG = [
    ("plans.caseload", "2024-01", 248_016, 576_474, 43.0),
    ("plans.new", "2022", 47_676, 66_706, 71.5),
]
SHARES = [
    ("plans.new.share", "2011", 19_224, 26_859, 71.6, {}),
    ("plans.caseload.share", "2021-01", 172_023, 430_697, 39.9, {}),
    ("plans.caseload.share", "2024-01", 248_016, 572_829, 43.3, {"release": "2025"}),
    ("plans.new.share", "2022", 47_676, 66_356, 71.8, {"release": "2025"}),
    ("plans.caseload.share", "2025-01", 278_236, 638_745, 43.6, {"release": "2025"}),
]


@pytest.mark.parametrize("case", WRONG)
def test_the_wrong_number(value, case):
    series_id, period, part, whole, share = case
    assert value(f"{series_id}.placed", period, release="2025", **MAINSTREAM) == part
    assert value(series_id, period, release="2025") == whole
    assert round(100 * part / whole, 1) == share


@pytest.mark.parametrize("case", SHARES)
def test_a_share_names_its_base(figure, case):
    series_id, period, part, whole, printed, options = case
    found = figure(series_id, period, **MAINSTREAM, **options)
    assert (found.numerator, found.denominator) == (part, whole)
    assert round(found.value, 1) == printed
    base = figure(found.definition.denominator, period, **options)
    assert base.value == whole
    assert figure(base.series, period, **MAINSTREAM, **options).value == part


def test_who_is_missing_is_said_beside_the_share(figure):
    for period, series_id, caveat in (
        ("2024-01", "plans.caseload.share", "total_only_authorities"),
        ("2022", "plans.new.share", "new_plans_total_only"),
    ):
        assert caveat in figure(series_id, period, release="2025", **MAINSTREAM).flags


@pytest.mark.parametrize(
    ("series_id", "period", "fixed", "newest"),
    [("plans.caseload.share", "2025-01", 43.6, 43.8), ("plans.new.share", "2024", 75.1, 75.4)],
)
def test_an_edition_can_be_fixed(figure, series_id, period, fixed, newest):
    """The 2026 edition revised placements: which share is quoted depends on the edition."""
    old = figure(series_id, period, release="2025", **MAINSTREAM)
    new = figure(series_id, period, **MAINSTREAM)
    assert (round(old.value, 1), round(new.value, 1)) == (fixed, newest)
    assert (old.release, new.release) == ("2025", "2026")
