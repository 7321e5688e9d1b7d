"""C3: source lines and citations name everything that a reader needs to find the figures."""

from __future__ import annotations

from dataclasses import replace

import made
import sendstats
from sendstats import words


def test_a_source_line_names_publisher_release_date_licence_version_and_input():
    used = made.caseload()
    line = words.source_line((used,))
    for part in (
        "Source: Department for Education, Education, health and care plans",
        "Reporting year 2025 (published 26 June 2025)",
        "Open Government Licence v3.0",
        f"sendstats {sendstats.__version__}, input {words.input_hash((used,))[:8]}",
        "Not official statistics",
    ):
        assert part in line


def test_assumed_dates_and_extracts_are_marked():
    old = replace(
        made.RELEASE,
        release="2022",
        release_title="Reporting year 2022",
        published="2022-05-12T08:30:00Z",
        published_assumed=True,
    )
    part = replace(made.RELEASE, release="2026", release_title="Reporting year 2026", extract=True)
    unknown = replace(part, release="2023", release_title="Reporting year 2023", published="")
    used = replace(made.caseload(), sources=(part, old, unknown))
    line = words.source_line((used,))
    assert "Reporting year 2022 (published 12 May 2022, date assumed)" in line
    assert "Reporting year 2026 (published 26 June 2025, extract)" in line
    assert "Reporting year 2023 (date not known, extract)" in line
    assert line.count("Department for Education") == 1


def test_the_hash_follows_values_flags_and_lineage_and_nothing_else():
    rows = [made.row("2020-01", 1.0), made.row("2021-01", 2.0)]
    same = words.input_hash((made.series(rows),))
    assert same == words.input_hash((made.series([dict(r) for r in rows]),))
    for changed in ({"value": 1.5}, {"flags": ["x"]}, {"row": "9"}, {"release": "2022"}):
        other = made.series([{**rows[0], **changed}, rows[1]])
        assert words.input_hash((other,)) != same


def test_a_citation_credits_dfe_for_the_data_and_sendstats_for_the_processing():
    text = words.cite(made.caseload())
    data, processing, status = text.split("\n")
    assert data.startswith("Data: Department for Education. Education, health and care plans")
    assert made.RELEASE.url in data
    assert processing.startswith(f"Processing: sendstats {sendstats.__version__} (input ")
    assert status == "sendstats figures and charts are not official statistics."
    bare = words.cite(replace(made.caseload(), sources=()))
    assert "no release is known" in bare
