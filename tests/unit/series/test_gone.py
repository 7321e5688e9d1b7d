"""Places that did not exist in the period asked for, and places by any of their names."""

import pytest

from made import row, series
from sendstats.catalogue.footprints import footprints
from sendstats.catalogue.places import find, places
from sendstats.errors import UnknownId
from sendstats.series.gone import key_of, lived, refuse_gone

CUMBRIA = {"place": "909", "place_name": "Cumbria", "level": "Local authority"}
NEWHAM = {"place": "316", "place_name": "Newham", "level": "Local authority"}


@pytest.mark.parametrize("asked", ["Newham", "newham", "316", "E09000025", " Newham "])
def test_a_figure_is_found_by_name_number_or_code(asked):
    held = series([row("2025-01", 5.0, **NEWHAM), row("2025-01", 6.0)])
    assert held.at("2025-01", asked).value == 5


def test_a_footprint_goes_by_its_name_and_key():
    assert key_of("cumbria footprint") == key_of("F909") == "F909"
    assert key_of("Atlantis") == "Atlantis"


def test_an_authority_that_was_dissolved_is_not_unknown():
    """Cumbria until 31 March 2023; Cumberland, and Westmorland and Furness, from the day after."""
    held = series([row("2022-01", 5.0, **CUMBRIA), row("2025-01", 6.0)])
    with pytest.raises(UnknownId) as caught:
        held.at("2025-01", "Cumbria")
    assert caught.value.what == (
        "there is no Cumbria in January 2025: it was dissolved on 31 March 2023"
    )
    assert "Cumberland and Westmorland and Furness (942, 943) from April 2023" in caught.value.found
    assert caught.value.todo == "ask for the Cumbria footprint, whose members are added up"


def test_a_series_of_one_place_needs_no_name_for_it():
    held = series([row("2022-01", 5.0, **CUMBRIA)])
    with pytest.raises(UnknownId, match="there is no Cumbria in January 2024"):
        held.at("2024-01")
    assert held.at("2022-01").value == 5


def test_an_authority_before_it_was_made():
    with pytest.raises(UnknownId, match="no Cumberland in 2021: it was made on 1 April 2023"):
        refuse_gone("942", "2021")
    refuse_gone("942", "2023")  # returned in January 2024 by those in force then


def test_what_is_no_place_and_no_period_passes():
    refuse_gone("nowhere", "2021")
    refuse_gone("909", "soon")


def test_a_place_that_always_was_has_no_such_day():
    assert lived(find("Newham")) == ""


def test_every_place_that_was_made_or_dissolved_is_in_a_footprint():
    members = {key for area in footprints().values() for key in area.members}
    assert {key for key, place in places().items() if lived(place)} <= members
