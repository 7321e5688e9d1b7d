"""Each checked claim of the press against the committed figures.

The values are of an independent check of the article against DfE's files (EHC plans 2022 and 2025,
SEN in England 2022/23).
"""

from fractions import Fraction

import pytest

import sendstats as ss
from sendstats.catalogue.claims import press_claims, read_claims
from sendstats.claims import claim, read_quote
from sendstats.errors import DataProblem
from sendstats.series.compare import change
from sendstats.words import figure, number

CLAIMS = {one.id: one for one in press_claims()}


def observed(held):
    """What the series itself says, found without `claim`; and the same as text."""
    narrowing = {"placement": held.placement or None, "basis": held.basis or None}
    series = ss.series(held.series, **narrowing)
    after = series.at(held.period)
    if held.since:
        moved = change(series.at(held.since), after).percent
        return moved, number(moved, 1)
    shown = figure(after.value, after.definition.unit, after.definition.decimals)
    return Fraction(after.value), shown.removesuffix("%")


def cell(match):
    placement = "" if match.placement == "total" else match.placement
    return match.definition.id, match.period, match.since, placement, match.basis


@pytest.mark.parametrize("one", CLAIMS.values(), ids=CLAIMS)
def test_every_figure_named_is_the_one_committed(one):
    for held in (one.about, *one.fits):
        assert observed(held)[1] == held.value


@pytest.mark.parametrize("one", CLAIMS.values(), ids=CLAIMS)
def test_what_is_said_to_fit_fits_the_quote(one):
    quote = read_quote(one.figure)
    values = [observed(held)[0] for held in one.fits]
    assert all(map(quote.fits, [sum(values)] if one.sum else values))


@pytest.mark.parametrize("one", [c for c in CLAIMS.values() if not c.sum], ids=lambda c: c.id)
def test_the_search_finds_what_the_check_found(one):
    matches = [cell(match) for match in claim(one.figure, period=one.fits[0].period).matches]
    wanted = [(h.series, h.period, h.since, h.placement, h.basis) for h in one.fits]
    assert set(wanted) <= set(matches)
    if not wanted[0][2]:  # a rounded change fits much else; a figure quoted to a decimal does not
        assert matches == wanted


@pytest.mark.parametrize("one", CLAIMS.values(), ids=CLAIMS)
def test_the_verdict_follows_from_the_figures(one):
    quote = read_quote(one.figure)
    right = one.verdict in ("right", "right_rounded")
    assert quote.fits(observed(one.about)[0]) == right
    assert (one.about in one.fits) == (right or one.sum)


def test_a_sum_is_found_by_no_single_figure():
    assert not claim(CLAIMS["pupils_with_sen_2021"].figure)


@pytest.mark.parametrize(
    ("change", "text"),
    [
        ({"verdict": "wrong"}, "verdict"),
        ({"colour": "red"}, "unknown key"),
        ({"about": {"series": "plans.new", "year": "x"}}, "unknown key"),
        ({"fits": [{"series": "plans.new"}]}, "lacks a key"),
    ],
)
def test_an_entry_that_is_not_understood_is_refused(change, text):
    held = {"series": "plans.new", "period": "2020", "value": "60,097"}
    whole = {"id": "a", "press": "b", "figure": "60,097", "said": "c", "verdict": "right"}
    whole |= {"explanation": "d", "about": held, "fits": [held]}
    assert read_claims([whole])[0].about.value == "60,097"
    with pytest.raises(DataProblem, match=text):
        read_claims([whole | change])
    with pytest.raises(DataProblem, match="one id"):
        read_claims([whole, whole])
