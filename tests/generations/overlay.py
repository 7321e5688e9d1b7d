"""A copy of the package with more catalogue, as a maintainer's TOML would make it.

The copy shares every line of Python with the package: what a new generation needs beyond TOML
cannot come in this way.
"""

from __future__ import annotations

import json
import shutil
import tomllib
from datetime import date
from pathlib import Path
from typing import Any

PACKAGE = Path(__file__).resolve().parents[2] / "src" / "sendstats"


def overlaid(folder: Path, overlay: Path, *without: str) -> Path:
    """Copy the package into `folder` and merge the TOML of `overlay`; return what to import from.

    Documents named in `without` stay as they are.
    """
    made = folder / "sendstats"
    shutil.copytree(PACKAGE, made, ignore=shutil.ignore_patterns("__pycache__"))
    for path in sorted(overlay.rglob("*.toml")):
        name = path.relative_to(overlay)
        if str(name) in without:
            continue
        target = made / "catalogue" / name
        whole = merged(parsed(target), parsed(path))
        target.write_text(written(whole), encoding="utf-8")
    return folder


def parsed(path: Path) -> dict[str, Any]:
    return tomllib.loads(path.read_text(encoding="utf-8"))


def merged(base: Any, more: Any) -> Any:
    """Add what `more` says: tables key by key, entries with an id to the entry of that id."""
    if isinstance(base, dict):
        both = {k: merged(base[k], more[k]) for k in base if k in more}
        return base | more | both
    if not isinstance(base, list):
        return more
    first = more[0] if more and isinstance(more[0], dict) else {}
    key = next((k for k in ("slug", "id") if k in first), "")
    if not key:
        return base + more
    mine = {entry[key]: entry for entry in more}
    held = [merged(entry, mine.pop(entry[key], {})) for entry in base]
    return held + list(mine.values())


def written(value: Any) -> str:
    """Return a document as TOML."""
    return "".join(f"{json.dumps(k)} = {inline(v)}\n" for k, v in value.items())


def inline(value: Any) -> str:
    if isinstance(value, dict):
        pairs = (f"{json.dumps(k)} = {inline(v)}" for k, v in value.items())
        return "{" + ", ".join(pairs) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(inline, value)) + "]"
    return value.isoformat() if isinstance(value, date) else json.dumps(value, ensure_ascii=False)
