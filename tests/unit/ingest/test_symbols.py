"""A cell is a number or a symbol with a meaning; never both, never neither."""

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sendstats.catalogue.symbols import REASONS, UNAVAILABLE, symbols
from sendstats.ingest.symbols import meaning, number, settled

BOOK = symbols("education-health-and-care-plans", "2025")


def column(*texts):
    return pl.DataFrame({"t": texts}, schema={"t": pl.String})


@given(st.one_of(st.integers(-(10**9), 10**9).map(str), st.sampled_from([*BOOK])))
def test_number_or_meaning_never_both(text):
    value, said = column(f" {text} ").select(number("t"), meaning("t", BOOK).alias("m")).row(0)
    assert (value is None) == (text in BOOK)
    assert (said is None) == (text not in BOOK)
    assert value is None or str(value) == text


@pytest.mark.parametrize("text", ["1,071", "1.60%", "12.0", "1e3", "", "x1", "٣"])
def test_what_is_no_whole_number_is_no_count(text):
    assert column(text).select(number(pl.col("t"))).item() is None


def test_published_forms_of_a_percentage():
    """Padded zeros, a leading blank, whole numbers: each stands in a file of a release."""
    found = column("57.900000000000", " 47.665", "100", "45").select(number("t", pl.Float64))
    assert found.to_series().to_list() == [57.9, 47.665, 100.0, 45.0]


def test_every_symbol_of_every_release_means_a_known_reason():
    for publication in ("education-health-and-care-plans", "special-educational-needs-in-england"):
        for release in ("2022", "2025", "2021-22", "2024-25", "one nobody knows"):
            assert set(symbols(publication, release).values()) <= {*REASONS, UNAVAILABLE}


def test_one_release_has_two_letters_the_other_way_round():
    """In the SEN guidance of 2021/22 x and z are exchanged."""
    sen = "special-educational-needs-in-england"
    then, now = symbols(sen, "2021-22"), symbols(sen, "2022-23")
    assert (then["x"], then["z"]) == (now["z"], now["x"]) == ("not_applicable", UNAVAILABLE)
    assert then["c"] == now["c"] == "suppressed"


def test_unavailable_is_settled_and_nothing_else_is():
    frame = pl.DataFrame(
        {"r": [UNAVAILABLE, UNAVAILABLE, "suppressed", None], "nobody": [True, False, True, True]}
    )
    found = frame.select(settled(pl.col("r"), nobody_has_one=pl.col("nobody"))).to_series()
    assert found.to_list() == ["not_collected", "non_return", "suppressed", None]
