"""Find out within seconds whether a host can be reached at all, before any retry is spent on it."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterable
from urllib.parse import urlsplit

from requests.utils import get_environ_proxies, select_proxy

from sendstats.errors import Unreachable
from sendstats.fetch.settings import origin


class Reach:
    """Remember which hosts answered a connection within `timeout` seconds.

    The name look-up counts towards the time: it has no time-out of its own in most systems, so
    the whole attempt runs in a thread that may be left behind.
    """

    def __init__(self, timeout: float, *, offline: bool = False) -> None:
        self.timeout = timeout
        self.offline = offline
        self._known: dict[str, bool] = {}
        self._lock = threading.Lock()

    def check(self, url: str) -> None:
        """Return if the host of `url` can be reached.

        Raises
        ------
        Unreachable
            If it cannot; found once, it is not tried again.
        """
        if not self.any([url]):
            raise Unreachable(
                f"{origin(url)} cannot be reached",
                where=url,
                expected=f"a connection within {self.timeout:g} seconds",
                found="no request is to be made" if self.offline else "none",
                untouched="every file that was here before",
                todo="check the network, or a base address in EES_*_BASE",
            )

    def any(self, urls: Iterable[str]) -> bool:
        """Try all hosts of `urls` at once and return whether one or more can be reached."""
        if self.offline:
            return False
        with self._lock:
            hosts = {origin(url) for url in urls}
            fresh = [host for host in sorted(hosts) if host not in self._known]
            answers: dict[str, bool] = {}
            tries = [
                threading.Thread(target=_try, args=(host, self.timeout, answers), daemon=True)
                for host in fresh
            ]
            for each in tries:
                each.start()
            # One deadline for all: hosts that keep silent must not add up.
            deadline = time.monotonic() + self.timeout
            for each in tries:
                each.join(max(0.0, deadline - time.monotonic()))
            self._known.update({host: answers.get(host, False) for host in fresh})
            return any(self._known[host] for host in hosts)


def _try(url: str, timeout: float, answers: dict[str, bool]) -> None:
    # Behind a proxy the proxy is what must be reachable: it looks the name up itself.
    proxy = select_proxy(url, get_environ_proxies(url))
    parts = urlsplit(proxy if proxy and "://" in proxy else f"http://{proxy}" if proxy else url)
    port = parts.port or (443 if parts.scheme == "https" else 80)
    try:
        with socket.create_connection((parts.hostname, port), timeout=timeout):
            answers[url] = True
    except OSError:
        answers[url] = False
