"""Made releases as a tree of files, so that the reference stand-in serves what ours serves."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from standin.made import Made, releases
from standin.service import TITLES

FOLDERS = {"data": "data", "supporting": "supporting-files"}
THEME = {"title": "Made up", "summary": ""}


def write_tree(folder: Path) -> Path:
    """Write every made release below `folder` and return it."""
    for made in releases():
        home = folder / made.publication
        home.mkdir(parents=True, exist_ok=True)
        about = {"title": TITLES[made.publication], "summary": "Made up.", "theme": THEME}
        (home / "publication.json").write_text(json.dumps(about))
        _release(home / made.slug, made)
    return folder


def _release(folder: Path, made: Made) -> None:
    told: dict[str, Any] = {"title": made.title, "published": made.published, "files": {}}
    kind, _, year = made.title.rpartition(" ")
    told |= {"yearTitle": year, "coverageTitle": kind, "type": "OfficialStatistics"}
    for file in made.files:
        place = folder / FOLDERS[file.kind] / file.name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(file.body)
        told["files"][file.name] = {"title": file.name}
        if file.api:
            told["files"][file.name]["publicApiDataSetId"] = file.api
    guidance = folder / "data-guidance" / "data-guidance.txt"
    guidance.parent.mkdir(parents=True)
    guidance.write_bytes(made.guidance())
    (folder / "release.json").write_text(json.dumps(told))
