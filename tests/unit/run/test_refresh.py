"""A refresh replaces figures and notebooks together, or nothing."""

from types import SimpleNamespace

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook

from sendstats import fetch
from sendstats.errors import DataProblem, Fault, FaultyFile, Unreachable
from sendstats.run import candidate, refresh
from sendstats.store.build import BuildReport

READ = (
    "import os, pathlib\n"
    "home = pathlib.Path(os.environ['SENDSTATS_HOME'])\n"
    "print((home / 'data/processed/tables/a/r.parquet').read_text())"
)


@pytest.fixture
def said():
    return []


@pytest.fixture
def tree(home, monkeypatch):
    """A project with one committed table and a notebook that shows it."""
    table(home.processed, "old")
    (home.processed / "LICENCE.md").write_text("licence")
    (home.notebooks / "a.ipynb").write_text(
        nbformat.writes(new_notebook(cells=[new_code_cell(READ)]))
    )
    monkeypatch.setattr(refresh, "moves", lambda old, new: [])
    monkeypatch.setattr(refresh, "publish", lambda folder: None)
    rebuilds(monkeypatch, {"a": "new"})
    return home


def table(processed, text, name="a"):
    path = processed / "tables" / name / "r.parquet"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path


def rebuilds(monkeypatch, tables, failures=()):
    def build(raw, target, *, detail):
        target.mkdir(parents=True)
        for name, text in tables.items():
            table(target, text, name)
        return BuildReport(failures=list(failures))

    monkeypatch.setattr(candidate, "build", build)


def state(project):
    return {
        path.relative_to(project.root): path.read_bytes()
        for folder in (project.processed, project.notebooks)
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_figures_and_notebooks_are_replaced_together(tree, said):
    refresh.refresh(tree, say=said.append)
    assert (tree.processed / "tables/a/r.parquet").read_text() == "new"
    assert (tree.processed / "LICENCE.md").read_text() == "licence"
    shown = nbformat.read(tree.notebooks / "a.ipynb", as_version=4).cells[0].outputs[0].text
    assert shown == "new\n"
    assert "refresh: notebook a.ipynb changed" in said
    assert said[-1] == "refresh: no figure moved"
    assert list(tree.build.iterdir()) == []


def test_a_second_refresh_changes_nothing(tree, said):
    refresh.refresh(tree, say=said.append)
    before = state(tree)
    said.clear()
    refresh.refresh(tree, say=said.append)
    assert state(tree) == before
    assert not any("changed" in line for line in said)


def test_what_moved_is_said(tree, said, monkeypatch):
    class Moved:
        def lines(self):
            return iter(["plans: 1 of 2 figures moved"])

    monkeypatch.setattr(refresh, "moves", lambda old, new: [Moved()])
    refresh.refresh(tree, say=said.append)
    assert said[-1] == "refresh: plans: 1 of 2 figures moved"


@pytest.mark.parametrize("fault", ["faulty", "missing", "notebook"])
def test_a_failure_replaces_nothing(tree, said, monkeypatch, fault):
    if fault == "faulty":
        rebuilds(monkeypatch, {"a": "new"}, [FaultyFile("a.csv", [Fault("unknown symbol")])])
    elif fault == "missing":
        table(tree.processed, "old", "b")
    else:
        failing = new_notebook(cells=[new_code_cell("1 / 0")])
        (tree.notebooks / "b.ipynb").write_text(nbformat.writes(failing))
    before = state(tree)
    with pytest.raises(DataProblem) as raised:
        refresh.refresh(tree, say=said.append)
    assert state(tree) == before
    told = {"faulty": "unknown symbol", "missing": "tables/b/r.parquet", "notebook": "b.ipynb"}
    assert told[fault] in str(raised.value)


def test_the_first_refresh_of_a_project_needs_no_figures(tree, said):
    (tree.processed / "tables/a/r.parquet").unlink()
    refresh.refresh(tree, say=said.append)
    assert (tree.processed / "tables/a/r.parquet").read_text() == "new"


def test_figures_that_cannot_be_put_in_place_are_put_back(tmp_path, monkeypatch):
    new, place = tmp_path / "new", tmp_path / "place"
    place.mkdir()
    (place / "figure").write_text("old")
    with pytest.raises(OSError, match="new"):
        candidate.put(new, place)
    assert (place / "figure").read_text() == "old"


def test_the_notebooks_alone_need_no_raw_files(tree, said, monkeypatch):
    monkeypatch.setattr(candidate, "build", lambda *_: pytest.fail("nothing is built"))
    refresh.refresh_notebooks(tree, say=said.append)
    shown = nbformat.read(tree.notebooks / "a.ipynb", as_version=4).cells[0].outputs[0].text
    assert shown == "old\n"
    assert said == ["refresh: notebook a.ipynb changed"]
    refresh.refresh_notebooks(tree, say=said.append)
    assert said[1:] == ["refresh: no notebook changed"]
    assert (tree.processed / "tables/a/r.parquet").read_text() == "old"


def test_pins_move_before_the_figures_and_what_moved_is_said(tree, said, monkeypatch):
    def update(project, *, confirm, watch):
        assert confirm(None)
        return SimpleNamespace(lines=("caseload.csv: 3 rows changed",))

    monkeypatch.setattr(fetch, "update", update)
    monkeypatch.setattr(
        fetch, "fetch_pinned", lambda project: SimpleNamespace(summary="45 pinned files: 45 here")
    )
    refresh.renew(tree, say=said.append)
    assert said[:2] == [
        "refresh: caseload.csv: 3 rows changed",
        "refresh: 45 pinned files: 45 here",
    ]
    assert said[-1] == "refresh: no figure moved"


def test_without_the_service_the_raw_files_here_are_used(tree, said, monkeypatch):
    def silent(*_, **__):
        raise Unreachable("the service does not answer")

    monkeypatch.setattr(fetch, "update", silent)
    refresh.renew(tree, say=said.append)
    assert "the pins stay" in said[0]
    assert said[-1] == "refresh: no figure moved"
