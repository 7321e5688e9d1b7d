"""A server whose bodies are made as they are sent: size without storage."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler
from typing import Any
from urllib.parse import parse_qs, urlsplit

from standin.service import Server, threading

LINE = b"202425,Academic year,Local authority,E12000001,some text of usual length,%07d\n"
HEADER = b"time_period,time_identifier,geographic_level,place,words,figure\n"


def pieces(total: int) -> Iterator[bytes]:
    """Yield a CSV of at least `total` bytes, a thousand rows a piece."""
    yield HEADER
    sent = 0
    block = b"".join(LINE % n for n in range(1000))
    while sent < total:
        yield block
        sent += len(block)


class Large(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def log_message(self, *_: Any) -> None:
        pass

    def do_GET(self) -> None:
        query = {k: v[0] for k, v in parse_qs(urlsplit(self.path).query).items()}
        self.send_response(200)
        self.send_header("Content-Type", "text/csv")
        self.send_header("Transfer-Encoding", "chunked")
        if "gzip" in query:
            self.send_header("Content-Encoding", "gzip")
        self.end_headers()
        packer = zlib.compressobj(1, wbits=zlib.MAX_WBITS | 16) if "gzip" in query else None
        with suppress(OSError):
            for piece in pieces(int(query["bytes"])):
                self._chunk(packer.compress(piece) if packer else piece)
            if packer:
                self._chunk(packer.flush())
            self.wfile.write(b"0\r\n\r\n")

    def _chunk(self, data: bytes) -> None:
        if data:
            self.wfile.write(b"%x\r\n%s\r\n" % (len(data), data))


@contextmanager
def serve_large() -> Iterator[str]:
    server = Server(("127.0.0.1", 0), Large)
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
