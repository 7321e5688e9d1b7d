"""The files at the top of the repository agree with each other."""

import re
import tomllib
from pathlib import Path

import pytest

import sendstats

ROOT = Path(__file__).resolve().parents[1]
LOCKS = ("requirements.lock", "requirements-dev.lock")


@pytest.fixture(scope="module")
def declared():
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def text(name):
    return (ROOT / name).read_text(encoding="utf-8")


def canonical(name):
    return re.sub(r"[-_.]+", "-", name).lower()


def wanted(requirements):
    return {canonical(re.match(r"[\w.-]+", one)[0]) for one in requirements}


def locked(name):
    """Each requirement of a lock with its hashes; continued lines are joined."""
    joined = text(name).replace("\\\n", " ")
    lines = [line.strip() for line in joined.splitlines()]
    return [line for line in lines if line and not line.startswith("#")]


def pins(name):
    return {canonical(line.split("==")[0]): line for line in locked(name)}


def test_one_version(declared):
    version = declared["project"]["version"]
    assert sendstats.__version__ == version
    assert re.search(rf"^version: {re.escape(version)}$", text("CITATION.cff"), re.M)
    newest = re.search(r"^## (\S+)", text("CHANGELOG.md"), re.M)
    assert newest[1] == version


def test_every_version_of_the_changelog_tells_data_and_code():
    for entry in re.split(r"^## ", text("CHANGELOG.md"), flags=re.M)[1:]:
        assert re.findall(r"^### (.*)", entry, re.M) == ["Data", "Code"]


def test_the_environment_agrees_with_the_project(declared):
    environment = text("environment.yml")
    assert len(environment.splitlines()) <= 12
    python = re.search(r"python=(\d+)\.(\d+)$", environment, re.M)
    least = re.search(r">=(\d+)\.(\d+)", declared["project"]["requires-python"])
    assert tuple(map(int, python.groups())) >= tuple(map(int, least.groups()))
    name, extra = re.search(r"^name: (\S+)$[\s\S]*-e \.\[(\w+)\]$", environment, re.M).groups()
    assert name == declared["project"]["name"]
    assert "jupyterlab" in wanted(declared["project"]["optional-dependencies"][extra])
    channels = re.search(r"^channels:\n((?:  - .*\n)+)", environment, re.M)[1].split()
    assert channels == ["-", "conda-forge"]


def test_the_newest_python_of_the_environment_is_tested():
    python = re.search(r"python=(\S+)", text("environment.yml"))[1]
    assert f"python{python}" in text(".ci/run")


@pytest.mark.parametrize("name", LOCKS)
def test_every_locked_requirement_is_exact_and_hashed(name):
    lines = locked(name)
    assert len(lines) > 50
    for line in lines:
        assert re.match(r"[\w.-]+==[\w.+!]+( ;.*?)? +--hash=sha256:[0-9a-f]{64}", line), line


@pytest.mark.parametrize("name", LOCKS)
def test_a_lock_names_no_address_and_no_folder(name):
    assert not re.search(r"://|@ |--\w*index|--find|(^|\s)/\w", text(name), re.M)


def test_the_locks_hold_what_the_project_asks_for(declared):
    runtime = wanted(declared["project"]["dependencies"])
    runtime |= wanted(declared["project"]["optional-dependencies"]["notebooks"])
    runtime |= wanted(declared["dependency-groups"]["build"])
    assert runtime <= pins("requirements.lock").keys()
    assert wanted(declared["dependency-groups"]["test"]) <= pins("requirements-dev.lock").keys()


def test_the_development_lock_adds_and_changes_nothing():
    run, dev = (set(locked(name)) for name in LOCKS)
    assert run <= dev


def test_the_build_backend_is_locked(declared):
    backend = wanted(declared["build-system"]["requires"])
    assert backend <= wanted(declared["dependency-groups"]["build"])


def test_licences():
    assert text("LICENSE").startswith("MIT License")
    figures = text("data/processed/LICENCE.md")
    assert "Open Government Licence v3.0" in figures
    assert "not official statistics" in figures


def test_decisions_are_listed_and_numbered_without_gap():
    folder = ROOT / "docs" / "decisions"
    names = sorted(path.name for path in folder.glob("0*.md"))
    assert [int(name[:4]) for name in names] == list(range(1, len(names) + 1))
    listed = re.findall(r"\]\((0\S+\.md)\)", (folder / "README.md").read_text(encoding="utf-8"))
    assert listed == names
    for name in names:
        decision = (folder / name).read_text(encoding="utf-8")
        for part in ("**Decision.**", "**Why.**", "**What it costs.**"):
            assert part in decision, f"{name} lacks {part}"


def test_recipes_are_short():
    recipes = re.split(r"^## ", text("CONTRIBUTING.md"), flags=re.M)[1:]
    assert len(recipes) == 4
    for recipe in recipes:
        steps = re.findall(r"^\d+\. ", recipe, re.M)
        assert 3 <= len(steps) <= 10
        assert recipe.rstrip().endswith("`make check test`.")


def test_the_glossary_defines_each_word_once():
    words = re.findall(r"^\| ([^|]+?) \| (?!meaning)", text("GLOSSARY.md"), re.M)
    assert len(words) == len(set(words)) > 30


def test_every_make_target_has_help_and_a_rule():
    makefile = text("Makefile")
    phony = re.search(r"^\.PHONY: (.*)", makefile, re.M)[1].split()
    for target in phony:
        assert re.search(rf"^{target}:.*## \w", makefile, re.M), target
