"""A sample of what ``make mutations`` does in full: spoilt real files never pass without a word."""

import pytest

from mutations import chance, named
from mutations.__main__ import SEED, table_of_chance, table_of_named
from mutations.pipeline import Bench

#: Random edits of a run in CI.
FEW = 14


@pytest.fixture(scope="session")
def bench(fetched, tmp_path_factory):
    return Bench(fetched.raw, tmp_path_factory.mktemp("mutations"))


def test_named_mutations_come_to_what_was_stated(bench):
    chosen = [m for m in named.mutations() if m.ci]
    print()
    assert table_of_named(named.run(bench, chosen)) == []


def test_random_edits_never_pass_without_a_word(bench):
    print(f"\n{FEW} random edits of single cells, seed {SEED}")
    assert table_of_chance(chance.run(bench, chance.draw(bench, SEED, FEW))) == []
