"""One call asks for plans by placement, whichever of the four generations answers."""

import pytest

import sendstats as ss
from builders import ENGLAND, stored

#: Plans in mainstream schools, England, as printed: the 2022 and 2025 releases agree on January
#: 2021; January 2025 was revised in 2026.
PRINTED = [
    ("2022", "2021-01", 172_023),
    ("2025", "2021-01", 172_023),
    ("2025", "2025-01", 278_236),
    ("2026", "2025-01", 279_452),
    ("2026", "2026-01", 326_804),
]


def asked(release, **options):
    return ss.series("plans.caseload.placed", placement="mainstream", release=release, **options)


@pytest.mark.parametrize(("release", "period", "plans"), PRINTED)
def test_the_same_call_for_every_release_held(release, period, plans):
    rows = asked(release).rows
    (row,) = rows.filter((rows["period"] == period) & (rows["place"] == ENGLAND)).to_dicts()
    assert row["value"] == plans
    assert row["release"] == release


def test_the_same_call_for_the_generation_that_no_extract_holds(tmp_path):
    """Of the 2023 and 2024 releases no placement file is held: a made-up one, as they print it."""
    rows = [
        {"place": ENGLAND, "label": 2024, "placement": placed, "ehcp_or_statement": kind} | figures
        for placed in (("Total", "Total"), ("Mainstream school", "Total"))
        for kind, figures in (
            ("EHCP", {"plans": 70}),
            ("Statement", {"plans": "z"}),
            ("Total", {"plans": 70 if placed[0] != "Total" else 100}),
        )
    ]
    store = stored(tmp_path, {("caseload", "2024"): rows})
    (row,) = asked("2024", store=store).rows.to_dicts()
    assert (row["period"], row["value"], row["column"]) == (
        "2024-01", 70, "num_caseload (mainstream)")  # fmt: skip
    (share,) = ss.series(
        "plans.caseload.share", placement="mainstream", release="2024", store=store
    ).rows.to_dicts()
    assert share["value"] == 70
