"""Content stamps: a step whose inputs and outputs are as they were is not done again."""

from __future__ import annotations

import hashlib
import json
import platform
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path

import sendstats.paths
from sendstats.paths import Project
from sendstats.receipts import sha256_of

#: Packages whose version can change what a notebook or a chart shows.
SHOWN_BY = ("ipython", "kaleido", "nbclient", "pandas", "plotly", "polars")


@dataclass(frozen=True)
class Stamp:
    """What one step read and wrote.

    Attributes
    ----------
    inputs : str
        Digest of everything the step reads.
    outputs : dict of str to str
        SHA-256 of each file written, by path relative to the project.
    """

    inputs: str
    outputs: dict[str, str]


def digest(parts: Mapping[str, str]) -> str:
    """Return one SHA-256 over named digests or texts, in order of name."""
    text = json.dumps(parts, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def tree(folder: Path) -> str:
    """Return one SHA-256 over the names and bytes of all files below `folder`.

    Compiled files and editors' checkpoints do not count; an absent folder is an empty one.
    """
    found = sorted(
        path
        for path in folder.rglob("*")
        if path.is_file() and not {"__pycache__", ".ipynb_checkpoints"} & set(path.parts)
    )
    return digest({path.relative_to(folder).as_posix(): sha256_of(path) for path in found})


def package() -> str:
    """Return one SHA-256 over this package, its catalogue, and the versions that show in output."""
    versions = {name: version(name) for name in SHOWN_BY}
    source = tree(Path(sendstats.paths.__file__).parent)
    python = ".".join(platform.python_version_tuple()[:2])
    return digest({"source": source, "python": python, **versions})


def is_current(project: Project, step: str, inputs: str) -> bool:
    """Whether `step` was done with these `inputs` and every file it wrote is still as written."""
    path = _path(project, step)
    if not path.is_file():
        return False
    stamp = Stamp(**json.loads(path.read_text(encoding="utf-8")))
    if stamp.inputs != inputs:
        return False
    return all(
        (project.root / name).is_file() and sha256_of(project.root / name) == sha256
        for name, sha256 in stamp.outputs.items()
    )


def write(project: Project, step: str, inputs: str, outputs: Iterable[Path]) -> None:
    """Record that `step` read `inputs` and wrote `outputs`; done last, by one rename."""
    written = {
        path.relative_to(project.root).as_posix(): sha256_of(path) for path in sorted(outputs)
    }
    text = json.dumps(asdict(Stamp(inputs, written)), indent=1, sort_keys=True) + "\n"
    replace_text(_path(project, step), text)


def replace_text(path: Path, text: str) -> None:
    """Write `text` to `path` through a temporary file beside it, so it is whole or absent."""
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f".{path.name}.partial")
    partial.write_text(text, encoding="utf-8", newline="\n")
    partial.replace(path)


def _path(project: Project, step: str) -> Path:
    return project.build / ".stamps" / f"{step}.json"
