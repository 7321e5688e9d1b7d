"""Faults on demand: a rule says which requests it hits and what then goes wrong."""

from __future__ import annotations

import json
import re
import struct
import threading
import zlib
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

from standin.made import make_zip


@dataclass
class Answer:
    """What the handler sends: headers, body, and how the connection ends."""

    status: int = 200
    body: bytes = b""
    kind: str = "application/json"
    headers: dict[str, str] = field(default_factory=dict)
    gzip: bool = False
    chunked: bool = False
    stop_after: int | None = None
    half: bool = False
    reset: bool = False
    silent: bool = False
    stall: float = 0.0
    drip: float = 0.0
    step: int = 64
    slow_head: float = 0.0
    tail: float | None = None
    unmeasured: bool = False


class Rules:
    """Rules in force; the first that is due wins."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.load([])

    def load(self, rules: list[dict[str, Any]]) -> None:
        with self._lock:
            self._rules = [dict(rule, seen=0, fired=0) for rule in rules]

    @property
    def fired(self) -> int:
        return sum(rule["fired"] for rule in self._rules)

    def due(self, line: str) -> dict[str, Any] | None:
        with self._lock:
            for rule in self._rules:
                if not re.search(rule["match"], line):
                    continue
                rule["seen"] += 1
                late = "nth" in rule and rule["seen"] != rule["nth"]
                if late or rule["fired"] >= rule.get("times", 10**9):
                    continue
                rule["fired"] += 1
                return rule
        return None


def spoil(rule: dict[str, Any], answer: Answer, host: str, path: str) -> Answer:
    """Return what is sent in place of a good answer."""
    params = rule.get("params", {})
    return globals()[f"_{rule['kind']}"](answer, params, host, path)


def _page(status: int, text: str) -> Answer:
    body = f"<!DOCTYPE html><html><body>{text}</body></html>".encode()
    return Answer(status, body, "text/html; charset=utf-8")


def _drop(answer: Answer, params: dict, *_: str) -> Answer:
    answer.silent, answer.reset = True, params.get("reset", False)
    return answer


def _reset(answer: Answer, params: dict, *_: str) -> Answer:
    answer.stop_after, answer.reset = params.get("bytes", 200), True
    return answer


def _truncate_chunked(answer: Answer, params: dict, *_: str) -> Answer:
    answer.chunked, answer.half = True, True
    return answer


def _truncate_length(answer: Answer, params: dict, *_: str) -> Answer:
    answer.chunked, answer.half = False, True
    return answer


def _stall(answer: Answer, params: dict, *_: str) -> Answer:
    answer.stall = params.get("seconds", 1.0)
    answer.stop_after = params.get("after_bytes", 0)
    return answer


def _drip(answer: Answer, params: dict, *_: str) -> Answer:
    answer.drip, answer.step = params.get("delay", 0.001), params.get("size", 64)
    return answer


def _drip_head(answer: Answer, params: dict, *_: str) -> Answer:
    """A head that comes byte by byte and never ends."""
    answer.slow_head = params.get("delay", 0.02)
    return answer


def _drip_tail(answer: Answer, params: dict, *_: str) -> Answer:
    """A chunked body that is whole, and lines after it that never end."""
    answer.chunked, answer.tail = True, params.get("delay", 0.02)
    return answer


def _status(answer: Answer, params: dict, *_: str) -> Answer:
    status = params.get("status", 503)
    spoilt = _page(status, "the gateway is busy")
    if "retry_after" in params:
        late = datetime.now(UTC) + timedelta(seconds=params["retry_after"])
        seconds = str(params["retry_after"])
        when = format_datetime(late, usegmt=True) if params.get("as_date") else seconds
        spoilt.headers["Retry-After"] = when
    return spoilt


def _challenge(answer: Answer, params: dict, *_: str) -> Answer:
    return _page(params.get("status", 200), "show that you are no robot")


def _waf(answer: Answer, params: dict, *_: str) -> Answer:
    return _page(403, "refused by the firewall")


def _content_type(answer: Answer, params: dict, *_: str) -> Answer:
    answer.kind = params.get("value", "text/html; charset=utf-8")
    return answer


def _headers(answer: Answer, params: dict, *_: str) -> Answer:
    if "remove" in params:
        answer.unmeasured, answer.chunked, answer.kind = True, False, ""
    if "duplicate" in params:
        answer.chunked = False
        answer.headers |= params["duplicate"]
    return answer


def _json_extra(answer: Answer, params: dict, *_: str) -> Answer:
    if "json" in answer.kind:
        answer.body = json.dumps(_more(json.loads(answer.body))).encode()
    return answer


def _more(value: Any) -> Any:
    if isinstance(value, dict):
        return {**{k: _more(v) for k, v in value.items()}, "unknownMember": {"a": [1, None]}}
    return [_more(v) for v in value] if isinstance(value, list) else value


def _bump(answer: Answer, params: dict, *_: str) -> Answer:
    """Nothing more: the service has amended the release before it answered."""
    return answer


def _disguised(answer: Answer, params: dict, *_: str) -> Answer:
    """An HTML page that calls itself what was asked for."""
    page = _page(200, "show that you are no robot")
    page.kind = answer.kind
    return page


def _redirect_loop(answer: Answer, params: dict, host: str, path: str) -> Answer:
    status = params.get("status", 302)
    return Answer(status, headers={"Location": f"http://{host}{path}"})


def _redirect_host(answer: Answer, params: dict, host: str, path: str) -> Answer:
    base = params.get("location", "http://other-host.invalid")
    return Answer(params.get("status", 302), headers={"Location": base + path})


def _corrupt_gzip(answer: Answer, params: dict, *_: str) -> Answer:
    packer = zlib.compressobj(wbits=zlib.MAX_WBITS | 16)
    packed = bytearray(packer.compress(answer.body) + packer.flush())
    match params.get("where", "crc"):
        case "crc":
            packed[-8:-4] = struct.pack("<I", 1)
        case "cut":
            packed = packed[:-8]
        case "middle":
            packed[len(packed) // 2] ^= 0xFF
        case "magic":
            packed[0] = 0
    answer.body, answer.gzip = bytes(packed), False
    answer.headers["Content-Encoding"] = "gzip"
    return answer


def _encoding(answer: Answer, params: dict, *_: str) -> Answer:
    answer.headers["Content-Encoding"] = params.get("value", "br")
    return answer


def _json_cut(answer: Answer, params: dict, *_: str) -> Answer:
    answer.body = answer.body[: len(answer.body) // 2]
    return answer


def _json_replace(answer: Answer, params: dict, *_: str) -> Answer:
    """Other members than the service's own."""
    answer.body = json.dumps({**json.loads(answer.body), **params}).encode()
    return answer


def _replace(answer: Answer, params: dict, *_: str) -> Answer:
    """Other bytes of the same shape: a silent restatement."""
    old, new = params["replace"]
    answer.body = answer.body.replace(old.encode(), new.encode(), 1)
    return answer


def _append(answer: Answer, params: dict, *_: str) -> Answer:
    answer.body += params["line"].encode()
    return answer


def _bomb(answer: Answer, params: dict, *_: str) -> Answer:
    answer.body, answer.gzip = answer.body + b"\n" * params.get("bytes", 20_000_000), True
    return answer


def _zip_traversal(answer: Answer, params: dict, *_: str) -> Answer:
    name = params.get("name", "../../escaped.csv")
    answer.body = make_zip([("data/caseload.csv", b"a,b\n1,2\n"), (name, b"a,b\n1,2\n")])
    return answer


def _zip_bomb(answer: Answer, params: dict, *_: str) -> Answer:
    answer.body = make_zip([("data/caseload.csv", b"0" * params.get("bytes", 20_000_000))])
    return answer


def _zip_bad_crc(answer: Answer, params: dict, *_: str) -> Answer:
    # The CRC stands in the local header (offset 14) and again in the directory.
    crc = answer.body[14:18]
    answer.body = answer.body.replace(crc, bytes(4))
    return answer
