"""The manual cannot lie: commands, examples and the picture are checked against the program."""

import re
from pathlib import Path

import pytest
import typer.main

import sendstats as ss
from sendstats import cli
from sendstats.charts.images import find_browser, write_images
from sendstats.paths import project
from sendstats.run.gallery import charts
from sendstats.series.trace import Trace
from sendstats.store.tables import Store

ROOT = Path(__file__).resolve().parents[1]
MANUAL = ROOT / "docs" / "cli.md"
PICTURE = ROOT / "docs" / "images" / "timeliness.svg"
DOCUMENTS = sorted(
    [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), ROOT / "data" / "processed" / "LICENCE.md"]
)
HEAD = """# Commands of sendstats

Written by `make golden` from the program itself. Exit codes: 0 fine, 1 a problem with data,
2 wrong use, 3 the service cannot be reached.
"""


def commands():
    return typer.main.get_command(cli.app()).commands


def signature(parameter):
    if parameter.param_type_name == "argument":
        return parameter.name.upper()
    value = "" if parameter.is_flag else f" {parameter.name.upper().replace('_', '-')}"
    return parameter.opts[0] + value


def manual():
    parts = [HEAD]
    for name, command in commands().items():
        rows = [f"| `{signature(p)}` | {p.help} |" for p in command.params if p.name != "help"]
        table = ["", "| option or argument | meaning |", "|---|---|", *rows] if rows else []
        parts.append("\n".join([f"## sendstats {name}", "", command.help, *table]) + "\n")
    return "\n".join(parts)


def examples(document):
    return re.findall(r"^```python\n(.*?)^```", document.read_text(encoding="utf-8"), re.M | re.S)


def test_the_manual_is_what_the_program_says(rewrite_golden):
    if rewrite_golden:
        MANUAL.write_text(manual(), encoding="utf-8")
    assert MANUAL.read_text(encoding="utf-8") == manual()


@pytest.mark.parametrize("name", sorted(commands()))
def test_every_command_and_option_has_help(name):
    command = commands()[name]
    assert len(command.help.split()) >= 3
    assert [p.name for p in command.params if not p.help] == []


def test_every_promised_command_is_there():
    promised = {"run", "refresh", "fetch", "status", "import", "check", "catalogue", "series"}
    promised |= {"trace", "findings", "claim", "export"}
    assert promised <= commands().keys()


def test_commands_named_in_documents_exist():
    for document in DOCUMENTS:
        text = document.read_text(encoding="utf-8")
        for name in re.findall(r"`sendstats ([a-z]+)", text):
            assert name in commands(), f"{document.name}: sendstats {name}"


def test_documents_named_anywhere_exist():
    """A reader of the repository has no other documents than those in it."""
    code = (p for room in ("src", "tests") for p in (ROOT / room).rglob("*.py"))
    named = {
        (path.name, name)
        for path in [*DOCUMENTS, *code]
        for name in re.findall(r"\bdocs/[\w/-]+\.md\b", path.read_text(encoding="utf-8"))
    }
    assert {(path, name) for path, name in named if not (ROOT / name).is_file()} == set()


def test_make_targets_named_in_documents_exist():
    targets = set(re.findall(r"^([a-z]+):.*##", (ROOT / "Makefile").read_text(), re.M)) | {"help"}
    for document in DOCUMENTS:
        text = document.read_text(encoding="utf-8")
        for words in re.findall(r"(?:`|^    )make((?: [a-z]+)*)", text, re.M):
            assert set(words.split()) <= targets, f"{document.name}: make{words}"


def test_the_lines_of_python_run_and_say_what_they_say():
    (block,) = examples(ROOT / "README.md")
    names = {}
    for line in filter(None, block.splitlines()):
        exec(compile(line, "README.md", "exec"), names)  # noqa: S102 - our own examples
    assert len([line for line in block.splitlines() if line]) <= 7
    said = re.search(r"ss\.change\(.*\)  # (-?[\d.]+ percentage points)", block)[1]
    timely = names["timely"]
    assert said in repr(ss.change(timely.at("2019"), timely.at("2020")))


def test_what_an_analyst_asks_first_is_answered():
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    rows = "\n".join(re.findall(r"^\|.*\|$", text, re.M))
    asked = re.findall(r"`(ss\.[^`]+\))`", rows)
    assert len(asked) >= 6
    for call in asked:
        answer = eval(call, {"ss": ss})  # noqa: S307 - our own examples
        assert len(answer.notes if isinstance(answer, Trace) else answer) > 0, call


def test_links_between_documents_lead_somewhere():
    for document in DOCUMENTS:
        for target in re.findall(r"\]\(([^)#]+)\)", document.read_text(encoding="utf-8")):
            if "://" not in target:
                assert (document.parent / target).exists(), f"{document.name}: {target}"


def test_the_picture_shows_the_committed_figures(rewrite_golden):
    (chart,) = charts(Store(project().processed), ["timeliness"])
    if rewrite_golden and (browser := find_browser()):
        PICTURE.parent.mkdir(exist_ok=True)
        write_images([chart], PICTURE.parent, browser, formats=["svg"])
    drawn = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", PICTURE.read_text(encoding="utf-8")))
    assert chart.title in drawn
    assert chart.digest[:8] in drawn
    assert "Not official statistics" in drawn


def test_every_public_name_is_documented():
    assert [name for name in ss.__all__ if not (getattr(ss, name).__doc__ or "").strip()] == []
