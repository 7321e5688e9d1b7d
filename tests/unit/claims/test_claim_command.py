"""The command prints what `sendstats.claim` returns."""

import json

import pytest
from typer.testing import CliRunner

import sendstats as ss
from sendstats import cli
from sendstats.errors import WrongUse


def run(*words):
    return CliRunner().invoke(cli.app(), ["claim", *words])


def test_text_is_what_the_function_says():
    assert run("71.6%", "--period", "2011").stdout == f"{ss.claim('71.6%', period='2011')!r}\n"


def test_json_holds_the_same():
    told = json.loads(run("58", "--place", "Leeds", "--unit", "percent", "--json").stdout)
    assert told == ss.claim("58", place="Leeds", unit="percent").to_dict()
    assert told["places"] == ["Leeds", "England"]


def test_a_sentence_with_two_figures_is_wrong_use():
    with pytest.raises(WrongUse, match="exactly one figure"):
        CliRunner().invoke(cli.app(), ["claim", "58% in 2020"], catch_exceptions=False)
