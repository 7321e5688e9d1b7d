"""Shared by the chapters: one figure of the committed tables, as a reader would ask for it."""

import pytest

import sendstats as ss


@pytest.fixture
def figure():
    """Return a function that reads one observation."""
    return lambda series_id, period, **options: ss.series(series_id, **options).at(period)


@pytest.fixture
def value(figure):
    """Return a function that reads one value."""
    return lambda series_id, period, **options: figure(series_id, period, **options).value
