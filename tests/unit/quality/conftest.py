import pytest

from builders import NORTH_EAST, NORTH_EASTERN, lines, write
from sendstats.catalogue.tables import table
from sendstats.ingest.table import ingest
from sendstats.quality.gates import Checks


@pytest.fixture
def checked(tmp_path):
    """Return a function that ingests made-up rows and gives findings, flags and repairs."""

    def run(rows, table_id="timeliness", release="2025", *, extract=False):
        meant = table(table_id)
        path = write(tmp_path / meant.layout(release).file, lines(table_id, release, rows))
        frame = ingest(path, meant, release)
        checks = Checks()
        checks.add(frame, meant, release, extract=extract)
        return checks.result()

    return run


@pytest.fixture
def gate(checked):
    """Return a function that gives the findings of one rule as dictionaries."""

    def run(rule, rows, *args, **how):
        findings, _, _ = checked(rows, *args, **how)
        return [f for f in findings.iter_rows(named=True) if f["rule"] == rule]

    return run


@pytest.fixture
def released(tmp_path):
    """Return a function that checks tables of one release and gives findings of some rules."""

    def run(rows, rules, release="2025"):
        named = [rules] if isinstance(rules, str) else rules
        checks = Checks()
        for table_id, given in rows.items():
            meant = table(table_id)
            path = write(tmp_path / meant.layout(release).file, lines(table_id, release, given))
            checks.add(ingest(path, meant, release), meant, release, extract=False)
        findings, _, _ = checks.result()
        return [f for f in findings.iter_rows(named=True) if f["rule"] in named]

    return run


@pytest.fixture
def north_east():
    """Return a function that makes rows of the North East and its twelve authorities."""

    def make(label, whole, each, **changes):
        """`changes` are given as ``k370={...}``; a change to None leaves the row out."""
        rows = [{"place": NORTH_EAST, "label": label} | whole]
        for key in NORTH_EASTERN:
            change = changes.get(f"k{key}", {})
            if change is not None:
                rows.append({"place": key, "label": label} | each | change)
        return rows

    return make
