"""What every test shares: no network beyond this machine, and how deep to sample."""

import socket
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, settings

from sendstats.ingest import reading
from sendstats.ingest.cells import columns
from sendstats.paths import Project

settings.register_profile("quick", max_examples=40, deadline=None, derandomize=True)
settings.register_profile(
    "full", max_examples=1000, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("quick")

LOCAL = ("127.0.0.1", "::1", "localhost")


def pytest_addoption(parser):
    parser.addoption("--golden", action="store_true", help="rewrite the golden files")


def pytest_make_parametrize_id(val):
    """Name a function by its name: its address would differ between processes."""
    return val.__name__ if callable(val) and hasattr(val, "__name__") else None


@pytest.fixture
def rewrite_golden(request):
    return request.config.getoption("--golden")


@pytest.fixture(autouse=True)
def _no_network(monkeypatch):
    """Refuse every connection that would leave this machine."""
    connect = socket.socket.connect

    def guarded(self, address):
        if self.family in (socket.AF_INET, socket.AF_INET6) and address[0] not in LOCAL:
            pytest.fail(f"a test tried to reach {address[0]}")
        return connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", guarded)


@pytest.fixture
def home(tmp_path, monkeypatch):
    """An empty project that is the one in force."""
    made = Project(tmp_path)
    for folder in (made.raw, made.processed, made.notebooks):
        folder.mkdir(parents=True)
    monkeypatch.setenv("SENDSTATS_HOME", str(tmp_path))
    return made


@pytest.fixture
def blanks(monkeypatch):
    """Let every column be blank, as the layout of pupils by phase lets its counts be."""

    def lenient(*args):
        return [replace(column, blank=True) for column in columns(*args)]

    monkeypatch.setattr(reading, "columns", lenient)
