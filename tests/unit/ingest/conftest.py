import pytest

from builders import ENGLAND, NORTH_EAST, lines, write
from sendstats.catalogue.tables import table
from sendstats.errors import FaultyFile
from sendstats.ingest.table import ingest

TIMED = {
    "issued.including_exceptions": 200,
    "issued.excluding_exceptions": 100,
    "within_20_weeks.including_exceptions": 90,
    "within_20_weeks.excluding_exceptions": 60,
    "within_20_weeks.including_exceptions.percent": "45",
    "within_20_weeks.excluding_exceptions.percent": "60",
}


@pytest.fixture
def timed():
    """Published rows of one year of timeliness: England, a region, Barnsley."""
    rows = [{"place": p, "label": 2024} | TIMED for p in (ENGLAND, NORTH_EAST, "370")]
    return lines("timeliness", "2025", rows)


@pytest.fixture
def ingested(tmp_path):
    """Return a function that writes published rows and ingests them."""

    def run(rows, table_id="timeliness", release="2025", **how):
        path = write(tmp_path / table(table_id).layout(release).file, rows, **how)
        return ingest(path, table(table_id), release)

    return run


@pytest.fixture
def faults(ingested):
    """Return a function that ingests published rows and returns what is wrong with them."""

    def run(rows, *args, **how):
        with pytest.raises(FaultyFile) as caught:
            ingested(rows, *args, **how)
        return caught.value.faults

    return run
