"""The rules of the house, kept by a machine: what may import what, and how large things may get."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

from measure import FUNCTION, MODULES, ROOT, SOURCE, code_lines, functions, modules, parsed, spread

#: The flow, one way only: a room may import those before it.
#: `ees` is a front door of fetch, for those who want the API client alone.
FLOW = ("fetch", "ees", "ingest", "quality", "store", "series", "words", "charts", "claims")
FLOW += ("site", "run", "cli")
#: What every room may import, and which of it may import nothing but itself.
SHARED = ("errors", "paths", "receipts", "catalogue")

#: Modules at the top of the package that are the public name of a room.
DOORS = {"ees": "fetch"}

MODULE_LINES, FUNCTION_LINES, P90_LINES, MEDIAN_LINES = 350, 60, 30, 10
POSITIONAL = 5
#: Doors that name every room.
FRONT = ("__init__", "__main__")


def room(path):
    """The room of a module: its folder below the package, or its own name."""
    name = path.relative_to(SOURCE).parts[0].removesuffix(".py")
    return DOORS.get(name, name)


def imports(tree):
    """Every imported module with the line that imports it."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield alias.name, node.lineno
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are written out in full"
            yield node.module, node.lineno
            for alias in node.names:
                yield f"{node.module}.{alias.name}", node.lineno


def only_types(tree):
    """Lines below ``if TYPE_CHECKING``, which never run."""
    blocks = [
        n for n in ast.walk(tree) if isinstance(n, ast.If) and "TYPE_CHECKING" in ast.dump(n.test)
    ]
    return {line for block in blocks for line in range(block.lineno, block.end_lineno + 1)}


def importers(*names):
    """Rooms that import one of `names`, with where they do."""
    return {
        f"{path.relative_to(SOURCE)}:{line}"
        for path in MODULES
        for name, line in imports(parsed(path))
        if name.split(".")[0] in names and line not in only_types(parsed(path))
    }


def rooms_of(places):
    return {place.split("/")[0].split(".")[0] for place in places}


def tracked():
    """Files that git tracks, that exist and are text."""
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    if listed.returncode:
        pytest.skip("not a git checkout")
    return [ROOT / name for name in listed.stdout.split("\0") if name and (ROOT / name).is_file()]


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(SOURCE)))
def test_a_room_imports_only_rooms_before_it(path):
    here = room(path)
    if here in FRONT:
        pytest.skip("the front door names every room")
    later = FLOW[FLOW.index(here) + 1 :] if here in FLOW else FLOW
    wrong = [
        f"line {line}: {name}"
        for name, line in imports(parsed(path))
        if name.startswith("sendstats.") and name.split(".")[1] in later
    ]
    assert wrong == []


def test_every_room_is_part_of_the_flow():
    known = {*FLOW, *SHARED, *FRONT}
    assert {room(path) for path in MODULES} <= known


def test_only_fetch_opens_sockets():
    network = ("requests", "urllib3", "socket", "http", "httpx", "ftplib", "aiohttp", "ssl")
    assert rooms_of(importers(*network)) <= {"fetch"}
    opened = {
        f"{path.relative_to(SOURCE)}:{line}"
        for path in MODULES
        for name, line in imports(parsed(path))
        if name.startswith("urllib.request")
    }
    assert rooms_of(opened) <= {"fetch"}


def test_only_charts_imports_plotly():
    assert rooms_of(importers("plotly", "kaleido")) <= {"charts"}


def test_words_knows_neither_plotly_nor_polars():
    assert "words" not in rooms_of(importers("plotly", "polars", "pandas"))


def test_charts_does_not_read_stored_tables():
    wrong = [
        f"{path.name}:{line} {name}"
        for path in (SOURCE / "charts").glob("*.py")
        for name, line in imports(parsed(path))
        if name.startswith(("sendstats.store", "sendstats.ingest", "sendstats.quality"))
    ]
    assert wrong == []


def test_importing_loads_little_and_writes_nothing():
    script = """
import builtins, io, os, sys, warnings
opened = []
def hook(event, args):
    if event == "open" and isinstance(args[1], str) and set(args[1]) & set("wax+"):
        opened.append(str(args[0]))
    if event in ("socket.connect", "subprocess.Popen", "os.mkdir", "os.remove"):
        opened.append(event)
sys.dont_write_bytecode = True
filters, before = list(warnings.filters), set(sys.modules)
sys.addaudithook(hook)
import sendstats
loaded = set(sys.modules)
assert not opened, opened
heavy = {"plotly", "kaleido", "requests", "pandas", "nbclient", "typer", "rich", "jinja2"}
assert not heavy & loaded, heavy & loaded
new = [f for f in warnings.filters if f not in filters]
assert not [f for f in new if "sendstats" in str(f)], new
print(len([name for name in loaded - before if name.startswith("sendstats")]))
"""
    done = subprocess.run(
        [sys.executable, "-c", script],
        capture_output=True,
        text=True,
        check=False,
        env={"PYTHONPATH": str(ROOT / "src"), "PATH": ""},
    )
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) < 48


def test_nothing_but_definitions_at_module_level():
    """A call at module level runs on import; only these make a value and nothing else."""
    makes = {"TypeVar", "frozenset", "compile", "Schema", "Path", "Option", "Argument", "tuple"}
    makes |= {"field", "MappingProxyType", "int", "sum", "resolve", "dict", "set", "len"}
    wrong = [
        f"{path.relative_to(SOURCE)}:{node.lineno}"
        for path in MODULES
        for node in parsed(path).body
        if isinstance(node, ast.Expr) and not isinstance(node.value, ast.Constant)
    ]
    assert wrong == []
    for path in MODULES:
        for node in parsed(path).body:
            if isinstance(node, (ast.Assign, ast.AnnAssign)) and node.value is not None:
                called = {
                    getattr(call.func, "attr", getattr(call.func, "id", ""))
                    for call in ast.walk(node.value)
                    if isinstance(call, ast.Call)
                }
                assert all(name in makes or name[:1].isupper() for name in called), (
                    f"{path.relative_to(SOURCE)}:{node.lineno} {called - makes}"
                )


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(SOURCE)))
def test_no_year_in_the_source(path):
    found = [
        f"line {number}: {line.strip()}"
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if re.search(r"(?<![0-9a-fA-F.])(?<!\\u)(19|20)\d\d(?!\d|[0-9a-fA-F]{4})", line)
    ]
    assert found == []


def test_modules_are_short():
    lines = modules()
    assert {name: n for name, n in lines.items() if n > MODULE_LINES} == {}


def test_functions_are_short():
    sizes = {where: lines for where, lines, _ in functions()}
    assert {where: n for where, n in sizes.items() if n > FUNCTION_LINES} == {}
    median, p90 = spread(sizes.values())
    assert median <= MEDIAN_LINES
    assert p90 <= P90_LINES


def test_commands_are_shorter():
    long = {
        where: lines
        for where, lines, _ in functions()
        if where.startswith("cli.py") and lines > 15 and " app" not in where
    }
    assert long == {}


def test_few_positional_parameters():
    wrong = [
        where
        for where, _, node in functions()
        if len([a for a in node.args.args if a.arg not in ("self", "cls")]) > POSITIONAL
        # A command's parameters are options of the command line, each with its name.
        and "_command" not in where
    ]
    assert wrong == []


def test_everything_public_has_a_docstring():
    wrong = []
    for path in MODULES:
        tree = parsed(path)
        if not ast.get_docstring(tree):
            wrong.append(str(path.relative_to(SOURCE)))
        for node in ast.walk(tree):
            if isinstance(node, (*FUNCTION, ast.ClassDef)) and not node.name.startswith("_"):
                inner = any(
                    node in ast.walk(outer) and outer is not node
                    for outer in ast.walk(tree)
                    if isinstance(outer, FUNCTION)
                )
                if not inner and not ast.get_docstring(node):
                    wrong.append(f"{path.relative_to(SOURCE)}:{node.lineno} {node.name}")
    assert wrong == []


def test_no_machine_no_registry_and_no_secret_in_tracked_files():
    # Written in pieces so that this file does not find itself.
    forbidden = [
        "/" + r"(root|home|Users)/\w",
        "/" + r"work/",
        "/" + r"(opt|tmp|mnt)/\w",
        r"(files\.pythonhosted|pypi|npmjs|registry)\." + r"(org|io|com)/",
        r"index-" + r"url",
        r"(?i:api[_-]?key|password|secret)\s*[=:]\s*['\"]\w{8,}",
        r"BEGIN [A-Z ]*PRIVATE " + r"KEY",
    ]
    pattern = re.compile("|".join(forbidden))
    wrong = []
    for path in tracked():
        if path.suffix in {".parquet", ".png", ".pdf"} or path == Path(__file__).resolve():
            continue
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            if pattern.search(line) and "no-emit-index" not in line:
                wrong.append(f"{path.relative_to(ROOT)}:{number}: {line[:80]}")
    assert wrong == []


def test_no_release_file_is_tracked():
    raw = ROOT / "data" / "raw"
    allowed = {"README.md", "pins.toml", "extracts.toml"}
    found = {path.relative_to(raw).as_posix() for path in tracked() if raw in path.parents}
    assert found <= allowed


def test_fixtures_are_small():
    # published.csv holds no rows of a release: it is the list of figures to be reproduced.
    wrong = {
        str(path.relative_to(ROOT)): rows
        for path in tracked()
        if path.suffix == ".csv" and ROOT / "tests" in path.parents
        if path != ROOT / "tests" / "published.csv"
        if (rows := len(path.read_text(encoding="utf-8-sig").splitlines()) - 1) > 60
    }
    assert wrong == {}


def test_the_tests_are_in_proportion():
    code, tests = code_lines(SOURCE), code_lines(ROOT / "tests")
    assert 0.5 < tests / code < 2
