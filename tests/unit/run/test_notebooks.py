"""Notebooks are executed whole or not at all, and written in one normal form."""

import json

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from sendstats.errors import DataProblem
from sendstats.run import notebooks


def save(path, *sources):
    notebook = new_notebook(cells=[new_code_cell(source) for source in sources])
    notebook.metadata = {"kernelspec": {"name": "python3", "display_name": "x"}}
    path.write_text(nbformat.writes(notebook))
    return path


def outputs(path):
    cells = json.loads(path.read_text())["cells"]
    return ["".join(o.get("text", "")) for c in cells for o in c["outputs"]]


@pytest.fixture
def noisy():
    """A notebook as an editor leaves it: counters, times, versions, random ids."""
    cell = new_code_cell("1 + 1", execution_count=7, metadata={"tags": ["keep"], "scrolled": True})
    cell.metadata["execution"] = {"iopub.execute_input": "00:00"}
    cell.outputs = [
        new_output("execute_result", {"text/plain": "2"}, execution_count=7),
        new_output("stream", name="stdout", text="a\n"),
    ]
    made = new_notebook(cells=[new_markdown_cell("Text"), cell])
    made.metadata = {"language_info": {"name": "python", "version": "3.99"}, "widgets": {}}
    return made


def test_the_normal_form_keeps_only_what_the_source_decides(noisy):
    text = notebooks.normal_text(noisy)
    found = json.loads(text)
    code = found["cells"][1]
    assert set(found["metadata"]) == {"kernelspec", "language_info"}
    assert found["metadata"]["language_info"] == {"name": "python"}
    assert code["metadata"] == {"tags": ["keep"]}
    assert code["execution_count"] == 1
    assert code["outputs"][0]["execution_count"] == 1
    assert code["outputs"][0]["data"] == {"text/plain": ["2"]}
    assert text.endswith("}\n")


def test_the_normal_form_is_stable(noisy):
    once = notebooks.normal_text(noisy)
    assert notebooks.normal_text(nbformat.reads(once, as_version=4)) == once


def test_ids_come_from_the_source_and_stay_unique():
    first = new_notebook(cells=[new_code_cell("a"), new_code_cell("b"), new_code_cell("a")])
    second = new_notebook(cells=[new_code_cell("b"), new_code_cell("a")])
    ids = [c["id"] for c in json.loads(notebooks.normal_text(first))["cells"]]
    other = [c["id"] for c in json.loads(notebooks.normal_text(second))["cells"]]
    assert len(set(ids)) == 3
    assert ids[:2] == [other[1], other[0]]
    assert ids[2] == f"{ids[0]}-2"


def test_two_runs_give_the_same_bytes_and_read_the_given_home(tmp_path):
    source = save(
        tmp_path / "a.ipynb",
        "import os\nprint(os.environ['SENDSTATS_HOME'].rpartition('/')[2])",
        "print('one')\nprint('two')\n3",
    )
    before = source.read_bytes()
    targets = [tmp_path / "out" / name for name in ("1.ipynb", "2.ipynb")]
    for target in targets:
        notebooks.execute(source, target, home=tmp_path / "elsewhere")
    assert targets[0].read_bytes() == targets[1].read_bytes()
    assert outputs(targets[0])[:2] == ["elsewhere\n", "one\ntwo\n"]
    assert source.read_bytes() == before


def test_a_failing_cell_is_named_and_nothing_is_written(tmp_path):
    source = save(tmp_path / "a.ipynb", "1", "figure = 1 / 0", "2")
    target = tmp_path / "out.ipynb"
    target.write_text("as it was")
    with pytest.raises(DataProblem) as raised:
        notebooks.execute(source, target, home=tmp_path)
    message = str(raised.value)
    assert "a.ipynb" in message
    assert "figure = 1 / 0" in message
    assert "ZeroDivisionError: division by zero" in message
    assert target.read_text() == "as it was"


def test_notebooks_are_found_by_name(tmp_path):
    for name in ("b.ipynb", "a.ipynb", "c.txt"):
        (tmp_path / name).write_text("")
    assert [p.name for p in notebooks.found(tmp_path)] == ["a.ipynb", "b.ipynb"]
