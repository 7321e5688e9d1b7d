"""Sizes of modules and functions, and of the tests against the code; run it to print them."""

import ast
import statistics
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SOURCE = ROOT / "src" / "sendstats"
MODULES = sorted(SOURCE.rglob("*.py"))
FUNCTION = (ast.FunctionDef, ast.AsyncFunctionDef)


def parsed(path):
    return ast.parse(path.read_text(encoding="utf-8"))


def modules():
    """Lines of every module, by its path below the package."""
    return {
        str(path.relative_to(SOURCE)): len(path.read_text(encoding="utf-8").splitlines())
        for path in MODULES
    }


def functions():
    """Every function: where, lines of its body without docstring, its node."""
    for path in MODULES:
        for node in ast.walk(parsed(path)):
            if isinstance(node, FUNCTION):
                body = node.body[1:] if ast.get_docstring(node) else node.body
                lines = body[-1].end_lineno - body[0].lineno + 1 if body else 0
                yield f"{path.relative_to(SOURCE)}:{node.lineno} {node.name}", lines, node


def spread(sizes):
    """Median and ninth decile."""
    ordered = sorted(sizes)
    return statistics.median(ordered), ordered[int(0.9 * len(ordered))]


def code_lines(folder):
    """Lines that are neither blank nor comment."""
    return sum(
        1
        for path in folder.rglob("*.py")
        for line in path.read_text(encoding="utf-8").splitlines()
        if line.strip() and not line.strip().startswith("#")
    )


def main():
    of_modules, of_functions = modules().values(), [lines for _, lines, _ in functions()]
    code, tests = code_lines(SOURCE), code_lines(ROOT / "tests")
    for name, sizes in (("modules", of_modules), ("functions", of_functions)):
        median, p90 = spread(sizes)
        sys.stdout.write(f"{len(sizes)} {name}, lines: median {median:.0f}, p90 {p90}, ")
        sys.stdout.write(f"max {max(sizes)}\n")
    sys.stdout.write(f"{code} lines of code, {tests} of tests, ratio {tests / code:.2f}\n")


if __name__ == "__main__":
    main()
