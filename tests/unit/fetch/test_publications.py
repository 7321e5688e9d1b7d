"""The catalogue of publications: what is stated, what is assumed, what is not known."""

import copy
import re

import pytest

from sendstats.catalogue.load import document
from sendstats.catalogue.publications import parse, publication, publications, service
from sendstats.errors import DataProblem, UnknownId

PLANS = "education-health-and-care-plans"
PUPILS = "special-educational-needs-in-england"


def test_all_releases_are_there_oldest_first():
    found = {slug: [r.slug for r in p.releases] for slug, p in publications().items()}
    assert found == {
        PLANS: [str(year) for year in range(2020, 2027)],
        PUPILS: [f"{year}-{year - 1999}" for year in range(2019, 2026)],
    }
    assert {p.newest.slug for p in publications().values()} == {"2026", "2025-26"}
    assert {p.publisher for p in publications().values()} == {"Department for Education"}
    assert {p.licence for p in publications().values()} == {"Open Government Licence v3.0"}


def test_dates_are_stated_assumed_or_unknown_and_never_both():
    for home in publications().values():
        for release in home.releases:
            assert release.published or not release.published_assumed
            assert ("publication date" in release.unknown) == (release.published == "")
    assumed = [r.slug for r in publication(PLANS).releases if r.published_assumed]
    assert assumed == ["2022", "2024", "2026"]
    assert publication(PUPILS).release("2023-24").published == ""


def test_addresses_and_titles_fit_the_slugs():
    for slug, home in publications().items():
        assert home.landing == f"{service().site}/find-statistics/{slug}"
        assert home.title in home.attribution
        for release in home.releases:
            assert release.page == f"{home.landing}/{release.slug}"
            assert release.slug.replace("-", "/") in release.title


def test_ids_are_ids_and_none_is_used_twice():
    guid = re.compile(r"[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}")
    ids = [p.id for p in publications().values()]
    for home in publications().values():
        for release in home.releases:
            ids += release.release_versions
            ids += [f.data_set_file_id for f in release.files if f.data_set_file_id]
    assert all(guid.fullmatch(ident) for ident in ids)
    assert len(set(ids)) == len(ids)


def test_what_is_not_known_is_said():
    uncounted = "how many data sets there are"
    unknown = {r.slug: r.unknown for home in publications().values() for r in home.releases}
    assert unknown["2020"] == ("release version id", "data set ids", uncounted)
    assert unknown["2026"] == ("file names of 1 data set", uncounted)
    # The zip of all files of these two was seen whole; ids of four of its files stand on pages.
    assert unknown["2022"] == ("release version id", "ids of 6 of 6 data sets")
    assert unknown["2025"] == ("ids of 8 of 12 data sets",)
    # DfE's page counts nine.
    assert "ids of 5 of 9 data sets" in unknown["2025-26"]
    known = publication(PLANS).release("2026").file("caseload.csv")
    assert (known.rows, known.data_set_file_id[:8]) == (37_291, "49e7efca")
    assert publication(PLANS).release("2026").file("other.csv") is None


def test_older_pages_are_listed_by_address():
    for home in publications().values():
        assert len(home.legacy) >= 5
        assert all(page.url.startswith("https://www.gov.uk/") for page in home.legacy)


def test_unknown_names_suggest_the_nearest():
    assert publication("statements-on-sen-and-ehc-plans").slug == PLANS
    with pytest.raises(UnknownId, match="did you mean"):
        publication("education-health-care-plans")
    with pytest.raises(UnknownId, match="'2025'"):
        publication(PLANS).release("20255")


@pytest.mark.parametrize("place", ["service", "publication", "release", "file", "legacy"])
@pytest.mark.parametrize("fault", ["unknown", "missing"])
def test_a_catalogue_with_an_odd_or_missing_key_is_refused(place, fault):
    table = copy.deepcopy(document("publications.toml"))
    plans = table["publication"][0]
    entry, key = {
        "service": (table["service"], "api"),
        "publication": (plans, "title"),
        "release": (plans["release"][0], "title"),
        "file": (plans["release"][-1]["files"][0], "title"),
        "legacy": (plans["legacy"][0], "url"),
    }[place]
    if fault == "unknown":
        entry["colour"] = "red"
    else:
        del entry[key]
    with pytest.raises(DataProblem, match=fault if fault == "unknown" else "lacks a key"):
        parse(table)


def test_a_catalogue_with_an_unknown_set_is_refused():
    table = copy.deepcopy(document("publications.toml"))
    table["publication"][0]["release"][-1]["files"][0]["set"] = "huge"
    with pytest.raises(DataProblem, match="unknown set of files") as caught:
        parse(table)
    assert (caught.value.expected, caught.value.found) == ("core or full", "huge")


def test_a_page_from_before_the_service_is_a_release_to_import_into():
    release = publication(PUPILS).release("special-educational-needs-in-england-january-2014")
    assert release.page.endswith("/government/statistics/" + release.slug)
    assert (release.files, release.published) == ((), "")
