"""Sixteen chapters, one for each way to get a figure wrong; each shows how, and the right one."""

import ast
import re
from pathlib import Path

import pytest

CHAPTERS = sorted(Path(__file__).parent.glob("test_[0-9][0-9]_*.py"))
CHAPTERS.remove(Path(__file__))


def test_there_are_sixteen():
    assert [int(path.name[5:7]) for path in CHAPTERS] == [*range(1, 17)]


@pytest.mark.parametrize("path", CHAPTERS, ids=lambda p: p.stem)
def test_a_chapter_names_the_wrong_number_and_the_right_one(path):
    module = ast.parse(path.read_text(encoding="utf-8"))
    title, *paragraphs = re.split(r"\n\n|\n(?=Wrong:|Right:)", ast.get_docstring(module))
    assert title.startswith(f"{int(path.name[5:7])}. ")
    assert title.endswith(".")
    wrong, right = paragraphs
    assert wrong.startswith("Wrong:")
    assert right.startswith("Right:")
    assert re.search(r"\d", wrong)
    assert re.search(r"\d", right)


@pytest.mark.parametrize("path", CHAPTERS, ids=lambda p: p.stem)
def test_a_chapter_gets_the_wrong_number_as_one_gets_it(path):
    module = ast.parse(path.read_text(encoding="utf-8"))
    tests = [node.name for node in module.body if isinstance(node, ast.FunctionDef)]
    assert any(name.startswith("test_the_wrong_number") for name in tests)
    assert len(tests) >= 3
