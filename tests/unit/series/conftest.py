import pytest

from builders import stored
from sendstats.series.api import series


@pytest.fixture
def held(tmp_path):
    """Return a function that stores made-up files and reads one series of them."""

    def read(files, series_id, *extracts, **options):
        return series(series_id, store=stored(tmp_path, files, *extracts), **options)

    return read
