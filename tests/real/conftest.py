"""Real releases: fetched once over HTTP, and built into tables of their own."""

import shutil
from pathlib import Path

import pytest

from sendstats.fetch import fetch_pinned
from sendstats.paths import Project
from sendstats.receipts import receipts
from sendstats.series.publish import publish
from sendstats.store.build import build
from sendstats.store.tables import Store

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="session")
def fetched(tmp_path_factory) -> Project:
    """A project whose raw files came from the service that the environment names."""
    project = Project(tmp_path_factory.mktemp("real"))
    project.raw.mkdir(parents=True)
    for name in ("pins.toml", "extracts.toml"):
        shutil.copy(ROOT / "data" / "raw" / name, project.raw / name)
    report = fetch_pinned(project, say=print)
    assert len(list(receipts(project.raw))) == 45, report.summary
    return project


@pytest.fixture(scope="session")
def built(fetched) -> Store:
    report = build(fetched.raw, fetched.processed)
    assert not report.failures
    publish(fetched.processed)
    return Store(fetched.processed)
