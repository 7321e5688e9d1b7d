"""The client of the public data API: versions, wildcards, paging, typed refusals."""

import json
import os
import re
import subprocess
import sys

import pytest

from sendstats.errors import WrongUse
from sendstats.fetch.api import (
    ApiError,
    BadRequest,
    Busy,
    Ees,
    Forbidden,
    NotFound,
    VersionNumber,
)
from standin.faults import Answer
from standin.made import made_id
from standin.service import Service, as_json, paging, serve
from standin.world import quick

DATA = made_id("api", "made")
#: As the service lists them: newest first, patches in no order.
NUMBERS = ["2.1", "2.1.2", "2.1.1", "2.0", "1.0"]
ROWS = [{"values": {"bCd90": text}} for text in ["1", "z", "", "4.80", "low"]]


class Api(Service):
    """One data set with five versions and five rows."""

    def answer(self, target):
        path, _, _ = target.partition("?")
        body = json.loads(self.bodies[-1] or b"{}")
        if path.endswith("/query"):
            return self._query(target, body)
        if found := re.search(r"/versions/([^/]+)(/changes)?$", path):
            return self._one(found[1], changes=bool(found[2]))
        if path.endswith("/versions"):
            return as_json({"results": [item(n) for n in NUMBERS], "paging": paging(1, 20, 5)})
        if path.endswith("/csv"):
            return Answer(200, b"time_period\n2024\n", "text/csv", gzip=True)
        return as_json({"target": target, "results": [], "paging": paging(1, 20, 0)})

    def _one(self, wanted, *, changes):
        if changes:
            return as_json({"versionNumber": wanted, "patchHistory": []})
        known = {"*": "2.1.2", "2.*": "2.1.2", "1.*": "1.0", **{n: n for n in NUMBERS}}
        return as_json(item(known[wanted])) if wanted in known else Answer(404)

    def _query(self, target, body):
        if body.get("indicators") == ["unknown"]:
            told = {"errors": [{"code": "IndicatorsNotFound", "path": "indicators"}, "odd"]}
            return Answer(400, json.dumps(told).encode(), "application/problem+json")
        if "dataSetVersion=1.0" in target:
            return Answer(403)
        size = 2
        start = (body["page"] - 1) * size
        warnings = [{"code": "FiltersNotFound"}] if body.get("criteria") else []
        return as_json(
            {
                "paging": paging(body["page"], size, len(ROWS)),
                "results": ROWS[start : start + size],
                "warnings": warnings,
            }
        )


def item(number):
    return {
        "version": number,
        "status": "Published",
        "published": "2026-06-11T08:30:04+00:00",
        "release": {"slug": "2025-26"},
        "totalResults": 5,
        "file": {"id": made_id("file", number)},
    }


@pytest.fixture
def api():
    service = Api([])
    with serve(service) as base, Ees(quick(base)) as client:
        yield client, service


def test_versions_are_sorted_by_number_and_not_by_text(api):
    client, _ = api
    assert [str(v.number) for v in client.versions(DATA)] == ["1.0", "2.0", "2.1", "2.1.1", "2.1.2"]


@pytest.mark.parametrize(
    ("text", "number"),
    [("1", "1.0"), ("1.0.0", "1.0"), ("v2.0", "2.0"), (" 1.10 ", "1.10"), ("2.1.1", "2.1.1")],
)
def test_version_numbers_are_read_as_the_service_reads_them(text, number):
    assert str(VersionNumber.parse(text)) == number


@pytest.mark.parametrize("text", ["V2.0", "1.", "1.2.3.4", "", "2.*", "latest"])
def test_what_is_no_version_number(text):
    with pytest.raises(WrongUse, match="no version"):
        VersionNumber.parse(text)


def test_a_query_takes_all_pages_from_one_version(api):
    client, service = api
    found = client.query(DATA, {"geographicLevels": {"eq": "LA"}}, indicators=["bCd90"])
    assert [row["values"]["bCd90"] for row in found.rows] == ["1", "z", "", "4.80", "low"]
    assert str(found.version) == "2.1.2"
    assert found.warnings == ({"code": "FiltersNotFound"},)
    queries = [line for line in service.log if "/query" in line]
    assert queries == [f"POST /statistics/v1/data-sets/{DATA}/query?dataSetVersion=2.1.2"] * 3
    bodies = [json.loads(body) for body in service.bodies if body]
    assert [body["page"] for body in bodies] == [1, 2, 3]
    assert {body["pageSize"] for body in bodies} == {10_000}


def test_refusals_are_typed_and_carry_the_services_codes(api):
    client, service = api
    with pytest.raises(BadRequest) as caught:
        client.query(DATA, indicators=["unknown"])
    assert (caught.value.codes, caught.value.paths) == (("IndicatorsNotFound",), ("indicators",))
    with pytest.raises(Forbidden):
        client.query(DATA, version="1.*")
    with pytest.raises(NotFound):
        client.version(DATA, "7.*")
    service.rules.load([{"match": ".", "kind": "status", "params": {"status": 504}}])
    with pytest.raises(Busy):
        client.publications()
    service.rules.load([{"match": ".", "kind": "challenge"}])
    with pytest.raises(ApiError, match="HTML page"):
        client.publications()


def test_wrong_use_is_found_before_it_is_sent(api):
    client, service = api
    with pytest.raises(WrongUse, match="three characters"):
        client.publications("eh")
    with pytest.raises(WrongUse, match="no id"):
        client.data_set("phase")
    with pytest.raises(WrongUse, match="unknown kind"):
        client.meta(DATA, "filters")
    with pytest.raises(WrongUse, match="too long"):
        client.query(DATA, {"filters": {"in": ["x" * 10] * 12_000}})
    assert service.log == []


def test_requests_are_those_of_the_contract(api):
    client, service = api
    base = f"GET /statistics/v1/data-sets/{DATA}"
    client.publications("ehc plans")
    client.data_sets(DATA)
    client.data_set(DATA)
    client.meta(DATA, "Filters", "Locations", version="2.0")
    client.meta(DATA)
    client.changes(DATA, "2.1", history=True)
    client.changes(DATA, "2.1.1", history=True)
    assert service.log == [
        "GET /statistics/v1/publications?search=ehc+plans&page=1&pageSize=40",
        f"GET /statistics/v1/publications/{DATA}/data-sets?page=1&pageSize=20",
        base,
        f"{base}/meta?types=Filters%2CLocations&dataSetVersion=2.0",
        f"{base}/meta",
        # Patch history of a version that is no patch makes the service fail: it is not asked.
        f"{base}/versions/2.1/changes",
        f"{base}/versions/2.1.1/changes?includePatchHistory=true",
    ]


def test_a_comma_in_a_criterion_arrives_whole(api):
    client, service = api
    criteria = {"locations": {"eq": {"level": "LA", "code": "a,b"}}}
    client.query(DATA, criteria)
    bodies = [json.loads(body) for body in service.bodies if body]
    assert [body["criteria"] for body in bodies] == [criteria] * 3


def test_members_that_are_left_out_are_empty(api):
    client, service = api
    few = {"version": "2.1", "status": "Published"}
    service.answer = lambda _: as_json(few)
    found = client.version(DATA, "2.1")
    assert (found.published, found.release, found.rows, found.file_id) == ("", "", 0, "")
    del few["status"]
    with pytest.raises(ApiError, match="in a form that is not known"):
        client.version(DATA, "2.1")


def test_the_history_of_a_wildcard_is_that_of_the_version_it_names(api):
    client, service = api
    assert client.changes(DATA, "2.*", history=True)["versionNumber"] == "2.1.2"
    assert service.log[-1].endswith("/versions/2.1.2/changes?includePatchHistory=true")


def test_pages_that_do_not_add_up_are_no_answer(api):
    client, service = api
    service.rules.load(
        [{"match": "/query", "nth": 2, "kind": "json_replace", "params": {"results": []}}]
    )
    with pytest.raises(ApiError, match="do not add up") as caught:
        client.query(DATA)
    assert (caught.value.expected, caught.value.found) == ("5 rows", "2")


def test_a_version_withdrawn_between_two_pages_is_said(api):
    client, service = api
    service.rules.load([{"match": "/query", "nth": 2, "kind": "status", "params": {"status": 403}}])
    with pytest.raises(Forbidden):
        client.query(DATA)


def test_the_client_is_public_by_itself(api):
    client, _ = api
    script = (
        "import sys, sendstats\n"
        "assert 'requests' not in sys.modules\n"
        "with sendstats.ees.Ees() as client:\n"
        f"    print(client.version('{DATA}', '2.*').number)\n"
        "from sendstats import ees\n"
        "assert ees is sendstats.ees and issubclass(ees.NotFound, ees.ApiError)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script],
        env={"PYTHONPATH": os.pathsep.join(sys.path), "EES_API_BASE": client._base},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.stdout, done.stderr) == ("2.1.2\n", "")


def test_the_csv_of_a_version_is_measured(api, tmp_path):
    client, service = api
    body = client.csv(DATA, tmp_path / "a.csv", version="2.0")
    assert (body.rows, (tmp_path / "a.csv").read_bytes()) == (1, b"time_period\n2024\n")
    assert service.log == [f"GET /statistics/v1/data-sets/{DATA}/csv?dataSetVersion=2.0"]


def test_a_version_cannot_lead_to_another_address(api):
    client, service = api
    with pytest.raises(NotFound):
        client.version(DATA, "../../evil?x=1#y")
    (line,) = service.log
    assert line.endswith("/versions/..%2F..%2Fevil%3Fx%3D1%23y")


# -- against the reference stand-in and its made-up API data set ------------------------------

PUPILS = "f657afb4-8f4a-427d-a683-15f11a2aefb5"


@pytest.fixture
def reference(mini_service):
    with Ees(quick(mini_service["root"])) as client:
        yield client


@pytest.mark.shared
def test_reference_versions_wildcards_and_withdrawals(reference, tmp_path):
    (publication,) = reference.publications()
    assert publication["id"] == PUPILS
    assert reference.publications("special")
    sets = {item["id"]: item for item in reference.data_sets(PUPILS)}
    (ident,) = [i for i, s in sets.items() if s["status"] == "Published"]
    versions = reference.versions(ident)
    status = {str(v.number): v.status for v in versions}
    assert [str(v.number) for v in versions] == sorted(status, key=VersionNumber.parse)
    newest = max(v.number for v in versions if v.status == "Published")
    # A wildcard never names a withdrawn or deprecated version.
    assert reference.version(ident, "*").number == newest
    withdrawn = next(n for n, s in status.items() if s == "Withdrawn")
    assert reference.version(ident, withdrawn).status == "Withdrawn"
    assert reference.csv(ident, tmp_path / "w.csv", withdrawn).rows
    with pytest.raises(Forbidden):
        reference.query(ident, version=withdrawn)
    for bad in ("2.**", "1.", "9.*", "1.2.3.4"):
        with pytest.raises(NotFound):
            reference.version(ident, bad)
    for number in status:
        assert reference.changes(ident, number, history=True)["versionNumber"] == number


@pytest.mark.shared
def test_reference_queries_agree_with_the_csv(reference, tmp_path):
    (ident,) = [s["id"] for s in reference.data_sets(PUPILS) if s["status"] == "Published"]
    meta = reference.meta(ident, version="2.1")
    assert {"filters", "indicators", "geographicLevels", "locations", "timePeriods"} <= set(meta)
    found = reference.query(ident, version="2.*")
    body = reference.csv(ident, tmp_path / "a.csv", version=str(found.version))
    assert len(found.rows) == body.rows == reference.version(ident, str(found.version)).rows
    texts = {text for row in found.rows for text in row["values"].values()}
    assert all(isinstance(text, str) for text in texts)
    indicator = meta["indicators"][0]["id"]
    one = reference.query(
        ident,
        {"and": [{"geographicLevels": {"eq": "NAT"}}, {"filters": {"in": ["zzzzz"]}}]},
        indicators=[indicator],
        sorts=[{"field": "timePeriod", "direction": "Asc"}],
        version="2.*",
    )
    assert one.rows == ()
    assert {w["code"] for w in one.warnings} >= {"FiltersNotFound", "QueryNoResults"}
    with pytest.raises(BadRequest) as caught:
        reference.query(ident, indicators=["zzzzz"])
    assert caught.value.codes == ("IndicatorsNotFound",)
    with pytest.raises(BadRequest) as caught:
        reference.query(ident, {"colour": {"eq": "red"}})
    assert caught.value.codes[0] == "UnknownField"


@pytest.mark.shared
def test_reference_unknown_things(reference):
    nowhere = made_id("nowhere")
    assert reference.data_sets(nowhere) == []
    with pytest.raises(NotFound):
        reference.data_set(nowhere)
    with pytest.raises(NotFound):
        reference.versions(nowhere)
    with pytest.raises(Forbidden):
        reference.data_set("019df85e-2ad9-70a1-b7db-cb241de3c082")
    # An upper-case path is answered with 308, also for a query by POST.
    (ident,) = [s["id"] for s in reference.data_sets(PUPILS) if s["status"] == "Published"]
    assert reference.query(ident.upper()).rows
