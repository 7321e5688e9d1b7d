"""One session, bounded patience: requests with retries, redirects under control, checked bodies."""

from __future__ import annotations

import json
import os
import random
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass, field, replace
from http.cookiejar import DefaultCookiePolicy
from importlib.metadata import PackageNotFoundError, version
from io import BytesIO
from pathlib import Path
from typing import Any, BinaryIO, TypeVar
from urllib.parse import urljoin

import requests

from sendstats.errors import WrongUse
from sendstats.fetch.answers import lost, refusal, refuse_html
from sendstats.fetch.body import Body, Sink, decoder
from sendstats.fetch.deadline import BoundedAdapter
from sendstats.fetch.faults import FetchFault
from sendstats.fetch.pace import Clock, Pace, pieces
from sendstats.fetch.reach import Reach
from sendstats.fetch.settings import Settings, origin
from sendstats.fetch.shape import Shape

T = TypeVar("T")
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_HOPS = 5


def user_agent() -> str:
    """Return how this package names itself to a server."""
    try:
        own = version("sendstats")
    except PackageNotFoundError:
        own = "from a checkout"
    return f"sendstats/{own} (DfE statistics archive client) python-requests/{requests.__version__}"


@dataclass(frozen=True)
class Ask:
    """One request.

    Attributes
    ----------
    url : str
        Address without a query.
    params, json : object
        Query parameters; JSON body, which makes it a POST.
    headers : mapping
        Further request headers.
    """

    url: str
    params: Mapping[str, Any] | None = None
    json: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def method(self) -> str:
        """GET, or POST where there is a body."""
        return "GET" if self.json is None else "POST"


class _Session(requests.Session):
    """A session that leaves redirects alone: it neither follows nor prepares nor reads them."""

    def get_redirect_target(self, resp: requests.Response) -> str | None:
        """Return no target, whatever the answer says."""
        del resp
        return None


class Transport:
    """Every request of a run goes through one of these; use it as a context manager.

    Parameters
    ----------
    settings : Settings
        Addresses, time-outs and limits.
    sleep : callable
        How to wait, in seconds; replaced by tests.
    clock : callable
        Seconds that only grow; replaced by tests.
    on_bytes : callable
        Called with the number of decoded bytes as they arrive; with a negative number where
        bytes turn out to be of no use.
    """

    def __init__(
        self,
        settings: Settings,
        *,
        sleep: Callable[[float], None] = time.sleep,
        clock: Clock = time.monotonic,
        on_bytes: Callable[[int], None] = lambda _: None,
    ) -> None:
        self.settings = settings
        self._clock = clock
        self.reach = Reach(settings.connect_timeout, offline=settings.offline)
        self._sleep = sleep
        self._stopped = threading.Event()
        self._reading: set[requests.Response] = set()
        self._on_bytes = on_bytes
        # Jitter only spreads retries over time: it is no secret and changes no result.
        self._random = random.Random()  # noqa: S311
        self._session = _Session()
        for scheme in ("http://", "https://"):
            self._session.mount(scheme, BoundedAdapter())
        self._session.headers.update({"User-Agent": user_agent(), "Accept-Encoding": "gzip"})
        self._session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))

    def __enter__(self) -> Transport:
        return self

    def __exit__(self, *_: object) -> None:
        self._session.close()

    def stop(self) -> None:
        """End what other threads are reading: nobody waits for it any more."""
        self._stopped.set()
        for response in tuple(self._reading):
            response.raw.shutdown()

    def json(self, ask: Ask | str) -> Any:  # noqa: ANN401 - JSON holds anything
        """Return the decoded JSON answer.

        Raises
        ------
        FetchFault
            If there is none, or it is cut or no JSON.
        Unreachable
            If the host does not answer at all.
        """
        wanted = Ask(ask) if isinstance(ask, str) else ask
        return self._patiently(lambda: self._json_once(wanted))

    def download(self, ask: Ask | str, target: Path, shape: Shape) -> Body:
        """Stream a body into the file `target` and return its measurements.

        Parameters
        ----------
        shape : Shape
            What the body must be; the settings' limit of length holds in any case.

        Raises
        ------
        FetchFault
            If the body is not whole or not believable; `target` is then of no use.
        Unreachable
            If the host does not answer at all.
        """
        wanted = Ask(ask) if isinstance(ask, str) else ask
        most = replace(shape, limit=min(shape.limit, self.settings.max_bytes))
        return self._patiently(lambda: self._download_once(wanted, target, Sink(most)))

    def _json_once(self, ask: Ask) -> Any:  # noqa: ANN401 - JSON holds anything
        buffer = BytesIO()
        with closing(self._open(ask)) as response:
            refuse_html(response, ask.url)
            self._pour(response, buffer, Sink(Shape("answer.json", self.settings.max_json)))
        try:
            return json.loads(buffer.getvalue())
        except (ValueError, RecursionError) as error:
            raise FetchFault(
                "the answer is not whole JSON",
                kind="json",
                where=ask.url,
                found=str(error),
                transient=True,
            ) from error

    def _download_once(self, ask: Ask, target: Path, sink: Sink) -> Body:
        with closing(self._open(ask)) as response, target.open("wb") as stream:
            refuse_html(response, ask.url)
            try:
                body = self._pour(response, stream, sink)
            except FetchFault:
                self._on_bytes(-sink.length)
                raise
            stream.flush()
            os.fsync(stream.fileno())
        return body

    def _pour(self, response: requests.Response, stream: BinaryIO, sink: Sink) -> Body:
        decode = decoder(response.headers.get("Content-Encoding", ""))
        received = 0
        pace = Pace(self.settings.slowest, self.settings.slow_window, self._clock)
        self._reading.add(response)
        for piece in pieces(response, pace):
            received += len(piece)
            sink.check_packed(received)
            for plain in decode.feed(piece):
                self._on_bytes(len(plain))
                sink.feed(plain)
                self._check_ratio(received, sink.length)
                stream.write(plain)
        self._reading.discard(response)
        decode.finish()
        return sink.finish()

    def _check_ratio(self, received: int, decoded: int) -> None:
        most = self.settings.max_ratio
        if decoded > self.settings.ratio_floor and decoded > most * received:
            raise FetchFault(
                "the compressed body unpacks to far more than it should",
                kind="ratio",
                expected=f"at most {most} bytes for each byte received",
            )

    def _open(self, ask: Ask) -> requests.Response:
        """Return an open answer with status 200; follow redirects that stay where they may."""
        url, method, payload = ask.url, ask.method, ask.json
        params: Mapping[str, Any] | None = ask.params
        for _ in range(_HOPS + 1):
            response = self._send(url, method, params, payload, ask.headers)
            if response.status_code not in _REDIRECTS:
                break
            response.close()
            url = self._target(response)
            params = None  # The location carries its own query.
            if response.status_code not in (307, 308):
                method, payload = "GET", None
        else:
            raise FetchFault("the service redirects in a circle", kind="redirect", where=ask.url)
        if response.status_code != 200:
            with closing(response):
                raise refusal(response)
        return response

    def _target(self, response: requests.Response) -> str:
        target = response.headers.get("Location", "")
        try:
            target = urljoin(response.url, target)
            fine = origin(target) == origin(response.url) or self.settings.allows(target)
        except (ValueError, WrongUse):
            fine = False
        if not fine:
            raise FetchFault(
                "the service redirects to a host that is not the publisher's",
                kind="redirect",
                where=response.url,
                found=target or "no address",
                todo="set the base address to that host if you trust it",
            )
        return target

    def _send(
        self, url: str, method: str, params: object, payload: object, headers: Mapping[str, str]
    ) -> requests.Response:
        if not self.settings.allows(url):
            raise FetchFault(
                "requests go only to the publisher's hosts over https",
                kind="redirect",
                found=url,
                todo="set the base address (EES_API_BASE, EES_CONTENT_BASE, EES_SITE_BASE)",
            )
        if self._stopped.is_set():
            raise FetchFault("the run was stopped", kind="stopped")
        self.reach.check(url)
        patience = (self.settings.connect_timeout, self.settings.read_timeout)
        try:
            return self._session.request(
                method,
                url,
                params=params,  # type: ignore[arg-type]
                json=payload,
                headers=dict(headers),
                timeout=patience,
                stream=True,
                allow_redirects=False,
            )
        except requests.RequestException as error:
            raise lost(error, url) from error

    def _patiently(self, once: Callable[[], T]) -> T:
        for attempt in range(1, self.settings.attempts + 1):
            try:
                return once()
            except FetchFault as fault:
                wait = self._wait(fault, attempt)
                if wait is None:
                    raise
            self._sleep(wait)
        raise AssertionError  # pragma: no cover - the last attempt returns or raises

    def _wait(self, fault: FetchFault, attempt: int) -> float | None:
        """Return the seconds to wait before the next try; None if there is to be none."""
        if not fault.transient or attempt == self.settings.attempts or self._stopped.is_set():
            return None
        asked = fault.answer.retry_after
        if asked is not None:
            return asked if asked <= self.settings.longest_wait else None
        spread = self._random.uniform(0.5, 1.5)
        return float(self.settings.backoff * 2 ** (attempt - 1) * spread)
