"""Limits of a notebook, so that each stays a page that a newspaper reader can follow."""

import ast
import json
import re
import statistics
from pathlib import Path

import nbformat
import pytest

import sendstats as ss
from sendstats.run.notebooks import normal_text

ROOT = Path(__file__).resolve().parents[1]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
STRUCTURES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.For, ast.While, ast.Lambda)
STRUCTURES += (ast.ListComp, ast.DictComp, ast.SetComp, ast.GeneratorExp, ast.With)
STYLING = re.compile(r"colou?r|width|height|font|style|layout|update_")

every_notebook = pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)


def cells(path, kind=None):
    found = json.loads(path.read_text(encoding="utf-8"))["cells"]
    return [cell for cell in found if kind in (None, cell["cell_type"])]


def sources(path, kind):
    return ["".join(cell["source"]) for cell in cells(path, kind)]


def outputs(path):
    return [output for cell in cells(path, "code") for output in cell["outputs"]]


def test_the_questions_of_the_main_job_are_there():
    subjects = {path.stem.partition("-")[2] for path in NOTEBOOKS}
    assert {"growth", "placement", "timeliness", "sen-support"} <= subjects


@every_notebook
def test_it_begins_with_a_question(path):
    first = cells(path)[0]
    assert first["cell_type"] == "markdown"
    assert re.match(r"# [^\n]*\?(\n|$)", "".join(first["source"]))


@every_notebook
def test_code_is_short(path):
    code = sources(path, "code")
    lines = [len(source.splitlines()) for source in code]
    assert len(code) <= 15
    assert max(lines) <= 8
    assert sum(lines) <= 100
    assert statistics.median(lines) <= 4


@every_notebook
def test_there_is_a_sentence_for_every_call(path):
    kinds = [cell["cell_type"] for cell in cells(path)]
    assert kinds.count("markdown") >= kinds.count("code")
    assert all(source.strip() for source in sources(path, "markdown") + sources(path, "code"))


@every_notebook
def test_code_only_asks(path):
    for source in sources(path, "code"):
        tree = ast.parse(source)
        assert [n for n in ast.walk(tree) if isinstance(n, STRUCTURES)] == []
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                assert not re.search(r"://|/|\.(csv|parquet|json)$", node.value), node.value
            if isinstance(node, ast.keyword):
                assert not STYLING.search(node.arg or ""), node.arg


@every_notebook
def test_only_the_package_is_imported(path):
    imported = [
        alias.name
        for source in sources(path, "code")
        for node in ast.walk(ast.parse(source))
        if isinstance(node, (ast.Import, ast.ImportFrom))
        for alias in node.names
    ]
    assert imported == ["sendstats"]


@every_notebook
def test_it_shows_a_chart_with_words_and_ends_with_the_citation(path):
    shown = [output["data"] for output in outputs(path) if "data" in output]
    drawn = [data for data in shown if "application/vnd.plotly.v1+json" in data]
    assert drawn
    assert all("".join(data["text/plain"]).count("\n") >= 2 for data in drawn)
    assert "ss.cite(" in sources(path, "code")[-1]
    assert "Department for Education" in json.dumps(outputs(path)[-1])


@every_notebook
def test_stored_figures_are_plain_rounded_numbers(path):
    text = path.read_text(encoding="utf-8")
    assert '"bdata"' not in text
    assert '"template"' not in text or len(text) < 400_000
    assert len(text) < 400_000


@every_notebook
def test_output_is_stored_without_errors_and_warnings(path):
    assert outputs(path)
    assert [o for o in outputs(path) if o["output_type"] == "error"] == []
    assert [o for o in outputs(path) if o.get("name") == "stderr"] == []
    assert "NBVAL" not in path.read_text(encoding="utf-8")


@every_notebook
def test_it_is_stored_in_normal_form(path):
    text = path.read_text(encoding="utf-8")
    assert normal_text(nbformat.reads(text, as_version=4)) == text


@every_notebook
def test_it_says_the_version_that_ran_it(path):
    assert f"sendstats {ss.__version__}" in path.read_text(encoding="utf-8")
