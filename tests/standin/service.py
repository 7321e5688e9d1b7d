"""The stand-in itself: three surfaces over http on the loopback interface, from made releases.

Facts about the service come from its public documentation and source; this is our model of it.
"""

from __future__ import annotations

import gzip
import json
import re
import select
import socket
import struct
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from standin.faults import Answer, Rules, spoil
from standin.made import File, Made, made_id, releases

TITLES = {
    "education-health-and-care-plans": "Education, health and care plans",
    "special-educational-needs-in-england": "Special educational needs in England",
}


class Service:
    """Routes and state; `log` holds one line a request."""

    def __init__(self, made: list[Made] | None = None) -> None:
        self.made = releases() if made is None else made
        self.rules = Rules()
        self.log: list[str] = []
        self.headers: list[dict[str, str]] = []
        self.bodies: list[bytes] = []
        self.on_request: Callable[[str], object] = str

    # -- finding ---------------------------------------------------------------------------

    def release(self, publication: str, slug: str) -> Made | None:
        return next((m for m in self.made if (m.publication, m.slug) == (publication, slug)), None)

    def amend(self, publication: str, release: str, file: str, append: str) -> None:
        """Publish an amendment: one more row in one file."""
        made = self.release(publication, release)
        assert made
        old = next(f for f in made.files if f.name == file)
        made.amend(file, old.body + append.encode() + b"\n", old.rows + 1)

    def latest(self, made: Made) -> bool:
        return next(m for m in self.made if m.publication == made.publication) is made

    def data_file(self, ident: str) -> tuple[Made, File] | None:
        return next(
            ((m, f) for m in self.made for f in m.files if m.data_set_file_id(f) == ident), None
        )

    # -- answering -------------------------------------------------------------------------

    def answer(self, target: str) -> Answer:
        parts = urlsplit(target)
        query = {k: v[0] for k, v in parse_qs(parts.query).items()}
        for pattern, name in ROUTES:
            if match := re.fullmatch(pattern, parts.path):
                found = getattr(self, name)(query, *match.groups())
                return found if isinstance(found, Answer) else as_json(found)
        return Answer(404)

    def releases_list(self, _: dict, slug: str) -> Any:
        mine = [m for m in self.made if m.publication == slug]
        return [{"id": m.version_id, "slug": m.slug, "title": m.title} for m in mine] or Answer(404)

    def entries(self, _: dict, slug: str) -> Any:
        mine = [m for m in self.made if m.publication == slug]
        if not mine:
            return Answer(404)
        found: list[dict[str, Any]] = [
            {
                "releaseId": made_id("release", slug, m.slug),
                "slug": m.slug,
                "title": m.title,
                "published": m.published,
                "isLatestRelease": self.latest(m),
            }
            for m in mine
        ]
        found.append({"title": "An older page", "url": "https://www.gov.uk/an-older-page"})
        return {"results": found, "paging": paging(1, len(found), len(found))}

    def summary(self, _: dict, slug: str, release: str) -> Any:
        made = self.release(slug, release)
        if made is None:
            return Answer(404)
        return {
            "id": made.version_id,
            "published": made.published,
            "lastUpdated": made.published,
            "isLatestRelease": self.latest(made),
            "slug": made.slug,
        }

    def content(self, _: dict, slug: str, release: str) -> Any:
        made = self.release(slug, release)
        if made is None:
            return Answer(404)
        supporting = [
            {"fileId": made.file_id(f), "filename": f.name, "title": f.name, "extension": "csv"}
            for f in made.files
            if f.kind == "supporting"
        ]
        return {"releaseVersionId": made.version_id, "supportingFiles": supporting}

    def data_files(self, query: dict) -> Any:
        made = next((m for m in self.made if m.version_id == query["releaseId"]), None)
        data = [f for f in made.files if f.kind == "data"] if made else []
        page, size = int(query.get("page", 1)), int(query.get("pageSize", 10))
        items = [self._card(made, f) for f in data[(page - 1) * size : page * size] if made]
        return {"results": items, "paging": paging(page, size, len(data))}

    @staticmethod
    def _card(made: Made, file: File) -> dict[str, Any]:
        card: dict[str, Any] = {
            "id": made.data_set_file_id(file),
            "fileId": made.file_id(file),
            "filename": file.name,
            "title": file.name,
            "meta": {"numDataFileRows": file.rows},
        }
        if file.api:
            card["api"] = {"id": file.api, "version": "1.0"}
        return card

    def download(self, _: dict, ident: str) -> Answer:
        found = self.data_file(ident)
        return as_csv(found[1].body) if found else Answer(404)

    def one_file(self, _: dict, version: str, ident: str) -> Answer:
        made = self._version(version)
        if isinstance(made, Answer):
            return made
        found = next((f for f in made.files if made.file_id(f) == ident), None)
        return as_csv(found.body) if found else Answer(404)

    def all_files(self, _: dict, version: str) -> Answer:
        made = self._version(version)
        if isinstance(made, Answer):
            return made
        return Answer(200, made.zipped(), "application/octet-stream", chunked=True)

    def _version(self, version: str) -> Made | Answer:
        for made in self.made:
            if made.version_id == version:
                return made
            if version in made.superseded:
                return Answer(403)
        return Answer(404)

    def api_versions(self, _: dict, ident: str) -> Any:
        items = [
            {"version": "1.0", "file": {"id": m.data_set_file_id(f)}}
            for m in self.made
            for f in m.files
            if f.api == ident
        ]
        return {"results": items, "paging": paging(1, 20, len(items))} if items else Answer(404)

    def api_csv(self, query: dict, ident: str) -> Answer:
        found = next((f for m in self.made for f in m.files if f.api == ident), None)
        if found is None or query.get("dataSetVersion") != "1.0":
            return Answer(404)
        # Compressed whatever the client says it accepts.
        return Answer(200, found.body, "text/csv", gzip=True)

    def catalogue(self, query: dict, ident: str) -> Answer:
        return self.download(query, ident)


PUB = r"/content/api/publications/([^/]+)"
ROUTES = [
    (rf"{PUB}/releases", "releases_list"),
    (rf"{PUB}/release-entries", "entries"),
    (rf"{PUB}/releases/([^/]+)/version-summary", "summary"),
    (rf"{PUB}/releases/([^/]+)/data-content", "content"),
    (r"/content/api/data-set-files", "data_files"),
    (r"/content/api/data-set-files/([^/]+)/download", "download"),
    (r"/content/api/releases/([^/]+)/files", "all_files"),
    (r"/content/api/releases/([^/]+)/files/([^/]+)", "one_file"),
    (r"/statistics/v1/data-sets/([^/]+)/versions", "api_versions"),
    (r"/statistics/v1/data-sets/([^/]+)/csv", "api_csv"),
    (r"/site/data-catalogue/data-set/([^/]+)/csv", "catalogue"),
]


def paging(page: int, size: int, total: int) -> dict[str, int]:
    return {
        "page": page,
        "pageSize": size,
        "totalResults": total,
        "totalPages": (total - 1) // size + 1 if total else 1,
    }


def as_json(value: Any) -> Answer:
    return Answer(200, json.dumps(value).encode())


def as_csv(body: bytes) -> Answer:
    return Answer(200, body, "text/csv", chunked=True)


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    # Header and body are two small writes: without this each answer waits for an acknowledgement.
    disable_nagle_algorithm = True
    service: Service

    def log_message(self, *_: Any) -> None:
        pass

    def do_GET(self) -> None:
        self._serve()

    def do_POST(self) -> None:
        self._serve()

    def _serve(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        line = f"{self.command} {self.path}"
        self.service.log.append(line)
        self.service.headers.append(dict(self.headers))
        self.service.bodies.append(body)
        self.service.on_request(line)
        rule = self.service.rules.due(line)
        if rule and rule["kind"] == "bump":
            self.service.amend(**rule["params"])
        answer = self.service.answer(self.path)
        if rule:
            answer = spoil(rule, answer, self.headers["Host"], self.path)
        with suppress(OSError):
            self._send(answer)

    def _send(self, answer: Answer) -> None:
        if answer.silent:
            return self._hang_up(reset=answer.reset)
        if answer.slow_head:
            return self._endless(b"HTTP/1.1 200 OK\r\nX: ", b"y", answer.slow_head)
        if answer.stall and not answer.stop_after:
            self._wait(answer.stall)
        self._send_whole(answer)
        return None

    def _send_whole(self, answer: Answer) -> None:
        payload = gzip.compress(answer.body, mtime=0) if answer.gzip else answer.body
        self.send_response_only(answer.status)
        if "Date" not in answer.headers:
            self.send_header("Date", self.date_time_string())
        if answer.kind:
            self.send_header("Content-Type", answer.kind)
        if answer.gzip:
            self.send_header("Content-Encoding", "gzip")
        for name, value in answer.headers.items():
            self.send_header(name, value)
        if answer.unmeasured:
            self.close_connection = True
        elif answer.chunked:
            self.send_header("Transfer-Encoding", "chunked")
        else:
            self.send_header("Content-Length", str(len(payload)))
        self.end_headers()
        self._send_body(answer, payload)

    def _send_body(self, answer: Answer, payload: bytes) -> None:
        stop = len(payload) // 2 if answer.half else answer.stop_after
        cut = stop is not None and not (answer.stall and stop == 0)
        part = payload[:stop] if cut else payload
        step = answer.step if answer.drip else 16_384
        for start in range(0, len(part), step):
            piece = part[start : start + step]
            frame = b"%x\r\n%s\r\n" % (len(piece), piece) if answer.chunked else piece
            self.wfile.write(frame)
            time.sleep(answer.drip)
        if cut:
            self.wfile.flush()
            self._wait(answer.stall)
            self._hang_up(reset=answer.reset)
        elif answer.tail is not None:
            self._endless(b"0\r\n", b"X: y\r\n", answer.tail)
        elif answer.chunked:
            self.wfile.write(b"0\r\n\r\n")

    def _wait(self, seconds: float) -> None:
        """Be silent, but no longer than there is somebody who listens."""
        select.select([self.connection], [], [], seconds)

    def _endless(self, start: bytes, more: bytes, delay: float) -> None:
        """Send a little at a time for as long as somebody listens."""
        self.wfile.write(start)
        for _ in range(60_000):
            self.wfile.write(more)
            time.sleep(delay)

    def _hang_up(self, *, reset: bool) -> None:
        self.close_connection = True
        if reset:
            linger = struct.pack("ii", 1, 0)
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
            self.connection.close()
        else:
            with suppress(OSError):
                self.connection.shutdown(socket.SHUT_RDWR)


class Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 64

    def handle_error(self, *_: Any) -> None:
        """Clients that hang up are part of the tests."""


@contextmanager
def serve(service: Service) -> Iterator[str]:
    """Serve on a free port of the loopback interface; yield ``http://host:port``."""
    handler = type("Bound", (Handler,), {"service": service})
    server = Server(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
