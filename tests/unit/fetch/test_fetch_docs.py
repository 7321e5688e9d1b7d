"""The page about fetching names only what is there, and all of what matters."""

import dataclasses
import re

import pytest
import typer.main

import sendstats as ss
from sendstats import cli
from sendstats.catalogue.publications import publication
from sendstats.fetch.discovery import listing
from sendstats.fetch.settings import Settings
from sendstats.fetch.surfaces import offers
from sendstats.fetch.transport import Transport
from standin.made import PUPILS
from standin.world import ROOT

PAGE = (ROOT / "docs" / "fetch.md").read_text(encoding="utf-8")


def options(name):
    command = typer.main.get_command(cli.app()).commands[name]
    return {option for parameter in command.params for option in parameter.opts}


def test_every_command_line_on_the_page_is_understood():
    lines = re.findall(r"`sendstats ([a-z]+)([^`]*)`", PAGE)
    assert {name for name, _ in lines} == {"fetch", "status", "releases", "import"}
    for name, rest in lines:
        assert set(re.findall(r"--[a-z-]+", rest)) <= options(name), f"sendstats {name}{rest}"


def test_every_option_on_the_page_exists_and_every_option_of_fetch_is_on_it():
    named = set(re.findall(r"`[^`|\n]*?(--[a-z][a-z-]*)", PAGE))
    every = options("fetch") | options("status") | options("releases") | options("import")
    assert named <= every
    assert options("fetch") <= set(re.findall(r"--[a-z-]+", PAGE))


def test_the_settings_on_the_page_are_those_that_are_read(tmp_path):
    bases = {
        f"EES_{name}_BASE": f"http://127.0.0.1:1/{name}" for name in ("API", "CONTENT", "SITE")
    }
    made = Settings.from_environment({**bases, "EES_ARCHIVE": str(tmp_path)})
    assert (made.api[-3:], made.content[-7:], made.site[-4:]) == ("API", "CONTENT", "SITE")
    assert made.archive == tmp_path
    assert {*bases, "EES_ARCHIVE", "SENDSTATS_HOME"} == set(re.findall(r"[A-Z]+_[A-Z_]+", PAGE))


@pytest.mark.parametrize(
    ("words", "name", "value"),
    [
        ("two at a time", "workers", 2),
        ("four\ntimes at most", "attempts", 4),
        ("up to a minute", "longest_wait", 60.0),
        ("less than 1 KiB a second\nfor a minute", "slowest", 1024),
        ("less than 1 KiB a second\nfor a minute", "slow_window", 60.0),
    ],
)
def test_the_limits_on_the_page_are_those_in_force(words, name, value):
    assert words in PAGE
    defaults = {field.name: field.default for field in dataclasses.fields(Settings)}
    assert defaults[name] == value


def test_the_order_of_surfaces_on_the_page_is_the_order_of_offers(world):
    (pin,) = [pin for pin in world.pins if pin.file == "sen_phase_type_.csv"]
    with Transport(world.settings) as transport:
        found = listing(transport, publication(PUPILS).release("2025-26"))
        order = [offer.surface for offer in offers(transport, found, pin.file)]
    assert order == ["release-file", "release-file", "zip", "api", "catalogue"]
    told = ["the release's own file", "the zip of all", "the public API", "the catalogue's"]
    places = [PAGE.replace("\n", " ").index(words) for words in told]
    assert places == sorted(places)


def test_the_client_that_the_page_names_is_there():
    assert "`sendstats.ees`" in PAGE
    for name in ("publications", "data_sets", "versions", "changes", "meta", "query", "csv"):
        assert callable(getattr(ss.ees.Ees, name))
