"""Requests: bounded patience, redirects under control, hosts that may be spoken to."""

import gzip
import re
import socket
import threading
import time

import pytest

from sendstats.errors import Unreachable, WrongUse
from sendstats.fetch.faults import FetchFault
from sendstats.fetch.pace import Pace
from sendstats.fetch.reach import Reach
from sendstats.fetch.settings import Settings, origin
from sendstats.fetch.shape import Shape
from sendstats.fetch.transport import Ask, Transport
from standin.faults import Answer
from standin.service import Service, serve
from standin.world import quick

CSV = Shape("a.csv", 1 << 30)


class Scripted(Service):
    """Answers from a list, one a request; the last one stays."""

    def __init__(self, *answers):
        super().__init__([])
        self.script = list(answers)

    def answer(self, _):
        return self.script.pop(0) if len(self.script) > 1 else self.script[0]


@pytest.fixture
def scripted():
    """Start a scripted service; return its transport, the service and the waits."""
    running = []

    def start(*answers, **changes):
        service = Scripted(*answers)
        context = serve(service)
        base = context.__enter__()
        waits = []
        transport = Transport(quick(base, **changes), sleep=waits.append)
        running.append((context, transport))
        return transport, service, waits, base

    yield start
    for context, transport in running:
        transport.__exit__()
        context.__exit__(None, None, None)


OK = Answer(200, b'{"fine": true}')


@pytest.mark.parametrize("status", [429, 502, 503, 504])
def test_busy_answers_are_tried_again_with_growing_waits(scripted, status):
    transport, service, waits, base = scripted(Answer(status), Answer(status), OK, backoff=1.0)
    assert transport.json(f"{base}/x") == {"fine": True}
    assert len(service.log) == 3
    assert 0.5 <= waits[0] <= 1.5
    assert 1.0 <= waits[1] <= 3.0


@pytest.mark.parametrize("status", [400, 401, 403, 404, 406, 413, 500])
def test_refusals_are_final(scripted, status):
    transport, service, waits, base = scripted(Answer(status), OK)
    with pytest.raises(FetchFault, match=str(status)) as caught:
        transport.json(f"{base}/x")
    assert (caught.value.status, waits, len(service.log)) == (status, [], 1)


def test_patience_ends(scripted):
    transport, service, waits, base = scripted(Answer(503), attempts=3)
    with pytest.raises(FetchFault, match="503"):
        transport.json(f"{base}/x")
    assert (len(service.log), len(waits)) == (3, 2)


@pytest.mark.parametrize(
    ("header", "low", "high"),
    [("7", 7, 7), ("Sun, 06 Nov 1994 08:49:37 GMT", 0, 0), ("soon", 0.5, 1.5)],
)
def test_retry_after_is_obeyed_in_both_forms(scripted, header, low, high):
    busy = Answer(429, headers={"Retry-After": header})
    transport, _, waits, base = scripted(busy, OK, backoff=1.0)
    transport.json(f"{base}/x")
    assert low <= waits[0] <= high


def test_a_wait_that_is_too_long_is_not_begun(scripted):
    busy = Answer(503, headers={"Retry-After": "3600"})
    transport, service, waits, base = scripted(busy, OK)
    with pytest.raises(FetchFault):
        transport.json(f"{base}/x")
    assert (waits, len(service.log)) == ([], 1)


def test_a_refusal_carries_the_services_own_words(scripted):
    problem = (
        b'{"title": "Bad", "status": 400, "errors": [{"code": "UnknownField", "path": "x"}, 1]}'
    )
    answer = Answer(400, problem, "application/problem+json")
    transport, _, _, base = scripted(answer)
    with pytest.raises(FetchFault) as caught:
        transport.json(f"{base}/x")
    assert caught.value.found == "Bad UnknownField"
    assert caught.value.answer.problem["errors"][0]["path"] == "x"


@pytest.mark.parametrize("body", [b"{", b"[1]", b""])
def test_a_refusal_with_broken_words_is_still_a_refusal(scripted, body):
    transport, _, _, base = scripted(Answer(404, body, "application/problem+json"))
    with pytest.raises(FetchFault, match="404") as caught:
        transport.json(f"{base}/x")
    assert caught.value.answer.problem == {}


@pytest.mark.parametrize(
    ("status", "method"), [(308, "POST"), (307, "POST"), (303, "GET"), (302, "GET"), (301, "GET")]
)
def test_redirects_keep_the_method_where_they_must(scripted, status, method):
    moved = Answer(status, headers={"Location": "/lower?page=2"})
    transport, service, _, base = scripted(moved, OK)
    assert transport.json(Ask(f"{base}/Upper", json={"a": 1})) == {"fine": True}
    assert service.log == ["POST /Upper", f"{method} /lower?page=2"]
    assert (b'"a"' in service.bodies[1]) == (method == "POST")


@pytest.mark.parametrize(
    "target", ["http://other-host.invalid/x", "https://evil.example/", "ftp://x/y", "http://["]
)
def test_a_redirect_to_another_host_is_refused(scripted, target):
    transport, service, _, base = scripted(Answer(302, headers={"Location": target}), OK)
    with pytest.raises(FetchFault, match="not the publisher's"):
        transport.json(f"{base}/x")
    assert len(service.log) == 1


def test_a_circle_of_redirects_ends(scripted):
    transport, service, _, base = scripted(Answer(302, headers={"Location": "/x"}))
    with pytest.raises(FetchFault, match="circle"):
        transport.json(f"{base}/x")
    assert len(service.log) == 6


def test_the_client_names_itself_and_asks_for_gzip_only(scripted):
    transport, service, _, base = scripted(OK)
    transport.json(f"{base}/x")
    assert service.headers[0]["User-Agent"].startswith("sendstats/")
    assert service.headers[0]["Accept-Encoding"] == "gzip"


def test_json_that_comes_compressed_is_read(scripted):
    transport, _, _, base = scripted(Answer(200, b'{"fine": true}', gzip=True))
    assert transport.json(f"{base}/x") == {"fine": True}


def test_cookies_are_never_sent_back(scripted):
    transport, service, _, base = scripted(Answer(200, b"{}", headers={"Set-Cookie": "a=b"}))
    transport.json(f"{base}/x")
    transport.json(f"{base}/x")
    assert "Cookie" not in service.headers[1]


def test_json_that_is_cut_is_asked_for_again(scripted):
    transport, _, waits, base = scripted(Answer(200, b'{"fi'), OK)
    assert transport.json(f"{base}/x") == {"fine": True}
    assert len(waits) == 1


def test_html_is_no_data_whatever_its_status(scripted, tmp_path):
    transport, service, _, base = scripted(Answer(200, b"a,b\n1,2\n", "text/html"))
    with pytest.raises(FetchFault, match="HTML page"):
        transport.download(f"{base}/x", tmp_path / "a.csv", CSV)
    assert len(service.log) == 1


def test_gzip_is_decoded_even_when_it_was_not_asked_for(scripted, tmp_path):
    transport, _, _, base = scripted(Answer(200, b"a,b\n1,2\n", "text/csv", gzip=True))
    body = transport.download(f"{base}/x", tmp_path / "a.csv", CSV)
    assert (tmp_path / "a.csv").read_bytes() == b"a,b\n1,2\n"
    assert body.rows == 1


def test_a_body_that_unpacks_too_far_is_stopped(scripted, tmp_path):
    transport, _, _, base = scripted(
        Answer(200, b"a\n" * 3_000_000, "text/csv", gzip=True), ratio_floor=1_000_000
    )
    with pytest.raises(FetchFault) as caught:
        transport.download(f"{base}/x", tmp_path / "a.csv", CSV)
    assert caught.value.kind == "ratio"
    assert (tmp_path / "a.csv").stat().st_size < 3_000_000


def test_a_body_longer_than_wanted_is_stopped_and_uncounted(scripted, tmp_path):
    transport, _, _, base = scripted(Answer(200, b"a\n" * 90_000, "text/csv"))
    counted = []
    transport._on_bytes = counted.append
    with pytest.raises(FetchFault) as caught:
        transport.download(f"{base}/x", tmp_path / "a.csv", Shape("a.csv", 1000))
    assert caught.value.kind == "size"
    assert sum(counted) == 0


def test_a_slow_body_that_keeps_coming_is_no_fault(scripted, tmp_path):
    transport, _, _, base = scripted(Answer(200, b"a,b\n" * 60, "text/csv", drip=0.02))
    body = transport.download(f"{base}/x", tmp_path / "a.csv", CSV)
    assert body.rows == 59


@pytest.mark.parametrize("chunked", [True, False], ids=["chunked", "with length"])
def test_a_body_that_only_drips_is_given_up(scripted, tmp_path, chunked):
    """Each piece comes well within the read time-out, and the whole would take seven seconds."""
    drip = Answer(200, b"a,b\n" * 6000, "text/csv", drip=0.02, chunked=chunked)
    transport, service, _, base = scripted(drip, slowest=10_000, slow_window=0.2, attempts=2)
    start = time.monotonic()
    with pytest.raises(FetchFault, match="only drips") as caught:
        transport.download(f"{base}/x", tmp_path / "a.csv", CSV)
    assert time.monotonic() - start < 5
    assert (caught.value.kind, caught.value.transient) == ("stall", True)
    assert caught.value.expected == "at least 10,000 bytes a second"
    assert len(service.log) == 2


@pytest.mark.parametrize(
    ("drip", "what"),
    [
        ({"slow_head": 0.02}, "the service does not answer"),
        ({"tail": 0.02, "chunked": True}, "the service stopped sending"),
    ],
    ids=["head", "lines after the last chunk"],
)
def test_a_head_or_a_tail_that_never_ends_is_given_up(scripted, tmp_path, drip, what):
    """Each byte comes well within the read time-out, and the last one never."""
    answer = Answer(200, b"a,b\n" * 60, "text/csv", **drip)
    transport, service, _, base = scripted(answer, read_timeout=0.3, attempts=2)
    start = time.monotonic()
    with pytest.raises(FetchFault, match=what) as caught:
        transport.download(f"{base}/x", tmp_path / "a.csv", CSV)
    assert 0.6 <= time.monotonic() - start < 5
    assert (caught.value.kind, caught.value.transient) == ("stall", True)
    assert caught.value.expected == "the next part of it within 0.3 seconds in all"
    assert re.fullmatch(r"\d+ bytes of that part", caught.value.found)
    assert len(service.log) == 2


def test_a_refusal_whose_words_only_drip_is_a_refusal_in_time(scripted):
    answer = Answer(404, b'{"title": "' + b"x" * 500, "application/problem+json", drip=0.02, step=1)
    transport, _, _, base = scripted(answer, read_timeout=0.3, attempts=1)
    start = time.monotonic()
    with pytest.raises(FetchFault, match="answered 404"):
        transport.json(f"{base}/x")
    assert time.monotonic() - start < 5


def test_json_that_only_drips_is_given_up_too(scripted):
    drip = Answer(200, b" " * 6000 + b"{}", drip=0.02)
    transport, _, _, base = scripted(drip, slowest=10_000, slow_window=0.2, attempts=1)
    with pytest.raises(FetchFault, match="only drips"):
        transport.json(f"{base}/x")


def test_each_window_of_a_body_is_judged_by_itself():
    now = [0.0]
    pace = Pace(100, 10, clock=lambda: now[0])
    pace.take(1_000_000)
    # What came before the first window ended counts for that window, and for no other.
    for seconds, count in [(5.0, 0), (10.0, 0), (19.9, 1000), (20.0, 0), (30.0, 1000)]:
        now[0] = seconds
        pace.take(count)
    now[0] = 40.0
    with pytest.raises(FetchFault, match="only drips") as caught:
        pace.take(999)
    assert caught.value.found == "100"
    # A pause longer than a window is judged by the time it really took.
    late = Pace(100, 10, clock=lambda: now[0])
    now[0] = 140.0
    with pytest.raises(FetchFault) as caught:
        late.take(5000)
    assert caught.value.found == "50"


def test_a_line_as_slow_as_a_modem_is_slow_enough_by_default():
    settings = Settings.from_environment({})
    assert (settings.slowest, settings.slow_window) == (1024, 60.0)


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (Answer(200, b"a,b\n" * 60, "text/csv", chunked=True, half=True), "broke before"),
        (Answer(200, b"a,b\n" * 60, "text/csv", half=True), "broke before"),
        (
            Answer(
                200,
                gzip.compress(b"a,b\n" * 60)[:-8],
                "text/csv",
                headers={"Content-Encoding": "gzip"},
            ),
            "before its trailer",
        ),
        (Answer(200, b'a,b\n1,"2', "text/csv", unmeasured=True), "inside a quoted cell"),
    ],
    ids=["chunks", "length", "gzip trailer", "rows"],
)
def test_a_cut_body_is_seen_by_its_chunks_its_trailer_or_its_rows(
    scripted, tmp_path, answer, words
):
    """Each sign alone: cut between rows, without length, only the row count and hash can tell."""
    transport, service, _, base = scripted(answer, attempts=2)
    with pytest.raises(FetchFault, match=words) as caught:
        transport.download(f"{base}/x", tmp_path / "a.csv", CSV)
    assert caught.value.transient
    assert len(service.log) == 2


def test_a_body_that_stops_coming_is_a_stall(scripted, tmp_path):
    stall = Answer(200, b"a,b\n" * 60, "text/csv", stall=1.0, stop_after=20)
    transport, service, _, base = scripted(stall, read_timeout=0.1, attempts=2)
    with pytest.raises(FetchFault) as caught:
        transport.download(f"{base}/x", tmp_path / "a.csv", CSV)
    assert caught.value.kind == "stall"
    assert len(service.log) == 2


@pytest.mark.parametrize(
    ("url", "allowed"),
    [
        ("https://api.education.gov.uk/statistics/v1", True),
        ("https://content.explore-education-statistics.service.gov.uk/api", True),
        ("http://api.education.gov.uk/statistics/v1", False),
        ("https://api.education.gov.uk:8443/", False),
        ("https://education.gov.uk.example.org/", False),
        ("https://evileducation.gov.uk/", False),
        ("http://127.0.0.1:8000/x", True),
        ("http://127.0.0.1:8001/x", False),
        ("file:///etc/passwd", False),
    ],
)
def test_hosts_that_may_be_spoken_to(url, allowed):
    settings = Settings.from_environment({"EES_CONTENT_BASE": "http://127.0.0.1:8000/api/"})
    assert settings.content == "http://127.0.0.1:8000/api"
    if url.startswith("file"):
        with pytest.raises(WrongUse):
            settings.allows(url)
    else:
        assert settings.allows(url) is allowed


def test_a_request_to_a_host_that_is_not_allowed_is_never_sent():
    settings = Settings.from_environment({})
    with Transport(settings) as transport, pytest.raises(FetchFault, match="publisher's hosts"):
        transport.json("https://example.org/x")


def test_the_publishers_own_addresses_are_the_default():
    settings = Settings.from_environment({})
    assert settings.api == "https://api.education.gov.uk/statistics/v1"
    assert settings.content == "https://content.explore-education-statistics.service.gov.uk/api"
    assert settings.site == "https://explore-education-statistics.service.gov.uk"
    assert settings.own == ()
    with pytest.raises(WrongUse, match="not an http"):
        Settings.from_environment({"EES_API_BASE": "somewhere"})


def test_a_host_that_refuses_is_unreachable_at_once():
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        base = f"http://127.0.0.1:{closed.getsockname()[1]}"
        with Transport(quick(base)) as transport:
            start = time.monotonic()
            for _ in range(5):
                with pytest.raises(Unreachable, match="cannot be reached"):
                    transport.json(f"{base}/x")
            assert time.monotonic() - start < 1


def test_a_host_that_keeps_silent_costs_the_connect_timeout_once(monkeypatch):
    release = threading.Event()

    def silent(*_, **__):
        release.wait(10)
        raise OSError

    monkeypatch.setattr("sendstats.fetch.reach.socket.create_connection", silent)
    reach = Reach(0.3)
    start = time.monotonic()
    hosts = [f"https://host-{n}.invalid/" for n in range(9)]
    assert not reach.any(hosts)
    assert not reach.any(hosts[:1])
    # Nine silent hosts cost one timeout, not nine.
    assert 0.3 <= time.monotonic() - start < 1.5
    release.set()


def test_behind_a_proxy_the_proxy_must_be_reachable(monkeypatch):
    tried = []

    def connect(address, timeout):
        tried.append(address)
        raise OSError

    monkeypatch.setattr("sendstats.fetch.reach.socket.create_connection", connect)
    monkeypatch.setenv("HTTPS_PROXY", "http://proxy.invalid:3128")
    monkeypatch.delenv("https_proxy", raising=False)
    monkeypatch.delenv("NO_PROXY", raising=False)
    monkeypatch.delenv("no_proxy", raising=False)
    assert not Reach(1).any(["https://one.invalid/"])
    assert tried == [("proxy.invalid", 3128)]


def test_offline_nothing_is_tried(scripted):
    transport, service, _, base = scripted(OK, offline=True)
    with pytest.raises(Unreachable):
        transport.json(f"{base}/x")
    assert service.log == []


def test_an_unknown_encoding_is_a_fault(scripted):
    answer = Answer(200, gzip.compress(b"{}"), headers={"Content-Encoding": "br"})
    transport, _, _, base = scripted(answer)
    with pytest.raises(FetchFault, match="not asked for"):
        transport.json(f"{base}/x")


def test_origins():
    assert origin("HTTP://Host:80/a?b") == "http://host:80"
    with pytest.raises(WrongUse):
        origin("/a/b")
