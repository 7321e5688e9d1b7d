"""The main job says what it did, and does nothing twice."""

import json

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook

import sendstats.fetch
from sendstats.errors import DataProblem, Fault, FaultyFile, Unreachable
from sendstats.run import gallery, job, notebooks
from sendstats.run.notebooks import normal_text
from sendstats.store.build import BuildReport


class Report:
    lines = ("a line about a file",)
    summary = "2 pinned files: 2 fetched"


@pytest.fixture
def said():
    return []


@pytest.fixture
def kernels(monkeypatch):
    """The names of notebooks that were executed; no kernel starts."""
    started = []

    def execute(source, target, *, home):
        started.append(source.name)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(source.read_bytes())

    monkeypatch.setattr(notebooks, "execute", execute)
    return started


@pytest.fixture
def drawn(monkeypatch):
    """How often charts were exported; nothing is drawn."""
    times = []

    def export_to(folder, *, project, links, images=True):
        times.append(folder)
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "index.html").write_text("index")
        return "1 chart"

    monkeypatch.setattr(gallery, "export_to", export_to)
    monkeypatch.setattr(gallery, "_browser", lambda: "none")
    return times


def answer(monkeypatch, reply, news=()):
    def fetch_pinned(project, *, say, watch):
        if isinstance(reply, Exception):
            raise reply
        return reply

    monkeypatch.setattr(sendstats.fetch, "fetch_pinned", fetch_pinned)
    monkeypatch.setattr(sendstats.fetch, "newer", lambda project, say: list(news))


def save(home, name):
    notebook = new_notebook(cells=[new_code_cell("1")])
    (home.notebooks / name).write_text(normal_text(notebook))


def test_an_unreachable_service_is_one_line_and_no_error(home, said, monkeypatch):
    answer(monkeypatch, Unreachable("no answer"))
    job.fetch(home, say=said.append)
    assert said == ["fetch: the service does not answer; the committed figures are used"]


def test_lists_that_cannot_be_read_are_a_line_and_no_error(home, said, monkeypatch):
    answer(monkeypatch, Report())

    def newer(project, *, say):
        say("a-publication: whether anything is newer cannot be seen: a page for browsers")
        return []

    monkeypatch.setattr(sendstats.fetch, "newer", newer)
    job.fetch(home, say=said.append)
    assert said[0].startswith("fetch: a-publication: whether anything is newer cannot be seen")
    assert len(said) == 3


def test_offline_makes_no_request(home, said, monkeypatch):
    answer(monkeypatch, AssertionError("a request was made"))
    job.fetch(home, say=said.append, offline=True)
    assert said == ["fetch: skipped, offline; the committed figures are used"]


def test_a_fetch_says_what_it_did(home, said, monkeypatch):
    answer(monkeypatch, Report())
    job.fetch(home, say=said.append)
    assert said == ["fetch: a line about a file", "fetch: 2 pinned files: 2 fetched"]


@pytest.mark.parametrize(
    ("news", "said_of_it"),
    [
        (["2027: a newer release"], "2027: a newer release; "),
        (["2027: a newer release", "b", "c"], "2027: a newer release, and 2 more; "),
    ],
)
def test_what_is_newer_is_one_line_and_changes_nothing(home, said, monkeypatch, news, said_of_it):
    answer(monkeypatch, Report(), news)
    job.fetch(home, say=said.append)
    assert said[2:] == [f"fetch: newer than the pins: {said_of_it}make refresh takes it over"]


def test_the_second_run_executes_and_draws_nothing(home, said, kernels, drawn):
    save(home, "a.ipynb")
    save(home, "b.ipynb")
    job.run_all(home, say=said.append, offline=True)
    assert kernels == ["a.ipynb", "b.ipynb"]
    assert "ingest and quality: skipped: no raw files" in said
    said.clear()
    job.run_all(home, say=said.append, offline=True)
    assert kernels == ["a.ipynb", "b.ipynb"]
    assert len(drawn) == 1
    assert said[2] == "notebooks: 2 up to date (build/notebooks)"
    assert said[3].endswith("up to date (build/charts)")


def test_a_changed_notebook_or_figure_runs_again(home, said, kernels, drawn):
    save(home, "a.ipynb")
    save(home, "b.ipynb")
    job.run_notebooks(home, "state", say=said.append)
    (home.notebooks / "a.ipynb").write_text(normal_text(new_notebook(cells=[new_code_cell("2")])))
    assert [p.name for p in job.run_notebooks(home, "state", say=said.append)] == ["a.ipynb"]
    (home.processed / "figures.csv").write_text("1")
    assert len(job.run_notebooks(home, "state", say=said.append)) == 2
    assert len(job.run_notebooks(home, "other state", say=said.append)) == 2


def test_a_deleted_output_is_made_again(home, said, kernels):
    save(home, "a.ipynb")
    job.run_notebooks(home, "state", say=said.append)
    (home.build / "notebooks" / "a.ipynb").unlink()
    job.run_notebooks(home, "state", say=said.append)
    assert kernels == ["a.ipynb", "a.ipynb"]


def test_an_output_unlike_the_committed_one_is_told_and_the_source_stays(home, said):
    source = home.notebooks / "a.ipynb"
    save(home, "a.ipynb")
    before = source.read_bytes()
    job.run_notebooks(home, "state", say=said.append)
    assert "shows something else than committed" in said[1]
    assert source.read_bytes() == before
    shown = json.loads((home.build / "notebooks" / "a.ipynb").read_text())
    assert shown["cells"][0]["outputs"][0]["data"]["text/plain"] == ["1"]


def test_a_failing_notebook_stops_the_job(home, said):
    path = home.notebooks / "a.ipynb"
    path.write_text(nbformat.writes(new_notebook(cells=[new_code_cell("1 / 0")])))
    with pytest.raises(DataProblem, match=r"a\.ipynb failed"):
        job.run_notebooks(home, "state", say=said.append)
    with pytest.raises(DataProblem):
        job.run_notebooks(home, "state", say=said.append)


def test_no_notebooks_is_said(home, said):
    job.run_notebooks(home, "state", say=said.append)
    assert said == ["notebooks: none are here (build/notebooks)"]


def test_another_browser_draws_again(home, said, drawn, monkeypatch):
    gallery.draw(home, "state", say=said.append)
    gallery.draw(home, "state", say=said.append)
    assert len(drawn) == 1
    monkeypatch.setattr(gallery, "_browser", lambda: "chromium 1")
    gallery.draw(home, "state", say=said.append)
    assert len(drawn) == 2


def test_a_refused_raw_file_is_a_problem_once_all_else_is_done(
    home, said, kernels, drawn, monkeypatch
):
    save(home, "a.ipynb")
    refused = FaultyFile("2025/a.csv", [Fault("no such column", "plans")])
    report = BuildReport(failures=[refused])
    monkeypatch.setattr(job, "ingest_raw", lambda *_, say: report)
    with pytest.raises(DataProblem, match=r"refused: 2025/a\.csv") as raised:
        job.run_all(home, say=said.append, offline=True)
    assert raised.value.untouched.startswith("the committed figures")
    assert kernels == ["a.ipynb"]
    assert len(drawn) == 1
    assert said[-1] == "open build/charts/index.html"


def test_a_failing_browser_costs_the_images_only_and_is_tried_again(home, said, monkeypatch):
    def export_to(folder, *, project, links, images=True):
        if images:
            raise DataProblem("Chromium could not draw the charts, twice")
        return "pages only"

    monkeypatch.setattr(gallery, "export_to", export_to)
    monkeypatch.setattr(gallery, "_browser", lambda: "chromium 1")
    gallery.draw(home, "state", say=said.append)
    gallery.draw(home, "state", say=said.append)
    assert (
        said
        == [
            "charts: Chromium could not draw the charts, twice",
            "charts: pages only",
        ]
        * 2
    )
