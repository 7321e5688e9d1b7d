"""Execute notebooks and write them in one normal form, so that equal runs give equal bytes."""

from __future__ import annotations

import hashlib
import os
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sendstats.errors import DataProblem
from sendstats.run.stamps import replace_text

if TYPE_CHECKING:
    from nbclient.exceptions import CellExecutionError

#: Seconds that one cell may take, and that a kernel may take to start.
CELL_TIMEOUT, START_TIMEOUT = 300, 180

_KERNEL = {"display_name": "Python 3", "language": "python", "name": "python3"}


def found(folder: Path) -> list[Path]:
    """Return the notebooks of `folder`, sorted by name."""
    return sorted(folder.glob("*.ipynb"))


def execute(source: Path, target: Path, *, home: Path) -> None:
    """Execute the notebook `source` and write it, normalised, to `target`.

    Parameters
    ----------
    source : Path
        A notebook; it is read only.
    target : Path
        Where the executed notebook goes, whole or not at all.
    home : Path
        Root of the project whose figures the notebook reads.

    Raises
    ------
    DataProblem
        If a cell fails; names the notebook, the cell and the error.
    """
    import nbformat  # noqa: PLC0415 - only the notebooks extra has it
    from nbclient import NotebookClient  # noqa: PLC0415
    from nbclient.exceptions import CellExecutionError  # noqa: PLC0415

    notebook = nbformat.read(source, as_version=4)
    client = NotebookClient(
        notebook,
        timeout=CELL_TIMEOUT,
        startup_timeout=START_TIMEOUT,
        kernel_name=_KERNEL["name"],
        extra_arguments=["--log-level=40"],  # a kernel on this machine only needs no warning
        coalesce_streams=True,
        resources={"metadata": {"path": str(source.parent)}},
    )
    try:
        client.execute(env={**os.environ, "SENDSTATS_HOME": str(home)})
    except CellExecutionError as error:
        raise _failure(source, target, error) from error
    replace_text(target, normal_text(notebook))


def normal_text(notebook: Any) -> str:  # noqa: ANN401 - nbformat has no types
    """Return the text of `notebook` without times, versions and random ids.

    A cell's id is made from its kind and source, so that it changes only with them. Code cells
    that were run are counted from the top: strict comparison takes an uncounted cell for unrun.
    """
    import nbformat  # noqa: PLC0415 - only the notebooks extra has it

    notebook.metadata = nbformat.from_dict(
        {"kernelspec": _KERNEL, "language_info": {"name": "python"}}
    )
    notebook.nbformat, notebook.nbformat_minor = 4, 5
    seen: Counter[str] = Counter()
    ran = 0
    for cell in notebook.cells:
        cell.id = _cell_id(cell, seen)
        cell.metadata = nbformat.from_dict({k: v for k, v in cell.metadata.items() if k == "tags"})
        if cell.cell_type == "code":
            ran += cell.execution_count is not None
            cell.execution_count = ran if cell.execution_count is not None else None
            for output in cell.outputs:
                if output.output_type == "execute_result":
                    output.execution_count = cell.execution_count
    nbformat.validate(notebook)
    return str(nbformat.writes(notebook)).rstrip("\n") + "\n"


def _cell_id(cell: Any, seen: Counter[str]) -> str:  # noqa: ANN401 - nbformat has no types
    text = f"{cell.cell_type}\n{cell.source}"
    name = hashlib.sha256(text.encode()).hexdigest()[:8]
    seen[name] += 1
    return name if seen[name] == 1 else f"{name}-{seen[name]}"


def _failure(source: Path, target: Path, error: CellExecutionError) -> DataProblem:
    lines = [line for line in str(error).splitlines() if line.strip()]
    return DataProblem(
        f"a cell of the notebook {source.name} failed",
        where=f"cell starting {lines[2].strip()!r}" if len(lines) > 2 else "",
        found=f"{error.ename}: {error.evalue}",
        untouched=f"{target.name} in {target.parent.name} is as it was",
        todo="open the notebook, run it to that cell and mend it",
    )
