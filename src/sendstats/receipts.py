"""The receipt beside each raw file: where it came from and what exactly arrived.

A raw file lives in a folder of its own, ``<raw>/<publication>/<release>/<file>/``, together
with ``receipt.json``. The folder appears by one rename, so a file without a receipt never counts.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path

from sendstats.errors import DataProblem, Fault, FaultyFile

RECEIPT = "receipt.json"
#: Endings of what a person keeps beside the publications' folders.
_BESIDE = (".md", ".toml")


@dataclass(frozen=True)
class Receipt:
    """What is known about one raw file.

    Attributes
    ----------
    publication, release, file : str
        Publication slug, release slug and published file name.
    sha256 : str
        Of the decoded bytes.
    bytes : int
        Length of the decoded bytes.
    rows : int or None
        Data rows of a CSV (header not counted); None for anything else.
    surface : str
        Which surface served it: ``release-file``, ``zip``, ``api``, ``catalogue``, ``archive``
        or ``import``.
    url : str
        Address it was read from.
    retrieved, published : str
        Instants in ISO 8601, UTC.
    published_assumed : bool
        True where the source only assumes the publish instant.
    extract : bool
        True for a filtered download; its row numbers are its own.
    release_version : str
        Release version id, if the surface has one.
    ids : dict of str to str
        Further ids as the surface names them.
    kind : str
        ``data``, ``supporting`` or ``guidance``.
    last_updated : str
        Instant of the release's last amendment as the service gives it; empty where not known.
    """

    publication: str
    release: str
    file: str
    sha256: str
    bytes: int
    rows: int | None
    surface: str
    url: str
    retrieved: str
    published: str
    published_assumed: bool = False
    extract: bool = False
    release_version: str = ""
    ids: dict[str, str] = field(default_factory=dict)
    kind: str = "data"
    last_updated: str = ""

    def folder(self, raw: Path) -> Path:
        """Return the folder that holds the file and this receipt under `raw`."""
        return raw / self.publication / self.release / self.file

    def path(self, raw: Path) -> Path:
        """Return the raw file itself under `raw`."""
        return self.folder(raw) / self.file

    def to_json(self) -> str:
        """Return the receipt as JSON text with a final newline, keys sorted."""
        return json.dumps(asdict(self), indent=1, sort_keys=True, ensure_ascii=False) + "\n"

    def check_types(self) -> None:
        """Raise TypeError unless every value is of the kind that it must be."""
        kinds = {"bytes": int, "rows": int, "published_assumed": bool, "extract": bool, "ids": dict}
        for one in fields(self):
            value, kind = getattr(self, one.name), kinds.get(one.name, str)
            if type(value) is not kind and not (one.name == "rows" and value is None):
                raise TypeError(f"{one.name} is not {kind.__name__}: {value!r}")

    @classmethod
    def read(cls, path: Path) -> Receipt:
        """Read one ``receipt.json``.

        Raises
        ------
        DataProblem
            If it is no receipt: not JSON, with a key too many or too few, or with a value of
            another kind.
        """
        try:
            made = cls(**json.loads(path.read_text(encoding="utf-8")))
            made.check_types()
        except (ValueError, TypeError, RecursionError) as error:
            raise DataProblem(
                "a receipt cannot be read",
                where="/".join(path.parts[-4:]),
                found=str(error),
                untouched="the raw files",
                todo="delete the folder of that file and fetch it again",
            ) from error
        return made


def receipts(raw: Path) -> Iterator[Receipt]:
    """Yield the receipt of every complete raw file, sorted by publication, release and file.

    Folders whose name starts with a dot (staging, replaced vintages) never count, nor does a
    receipt that lies in another folder than it names or whose file is absent. One that cannot be
    read is left to `unread`, files without one to `without_receipt`: whoever says what the raw
    files hold must name both.
    """
    for path, receipt in _written(raw):
        if isinstance(receipt, Receipt) and _counts(raw, path, receipt):
            yield receipt


def unread(raw: Path) -> list[FaultyFile]:
    """Return a refusal for every receipt that cannot be read, sorted as `receipts` are."""
    return [
        FaultyFile(
            "/".join(path.parts[-3:-1]),
            [Fault("its receipt cannot be read", found=problem.found)],
            untouched=problem.untouched,
            todo=problem.todo,
        )
        for path, problem in _written(raw)
        if isinstance(problem, DataProblem)
    ]


def without_receipt(raw: Path) -> list[Path]:
    """Return the files under `raw` that no receipt speaks of, sorted; nothing reads them.

    Texts and pins that a person keeps beside the publications' folders are not meant, nor are files
    whose receipt cannot be read.
    """
    known: set[Path] = set()
    broken: set[Path] = set()
    for path, receipt in _written(raw):
        if isinstance(receipt, DataProblem):
            broken.add(path.parent)
        elif _counts(raw, path, receipt):
            known |= {path, receipt.path(raw)}
    files = (path for path in raw.rglob("*") if path.is_file() and path not in known)
    return sorted(
        path
        for path in files
        if path.parent not in broken
        and not any(part.startswith(".") for part in path.relative_to(raw).parts)
        and not (path.parent == raw and path.suffix in _BESIDE)
    )


def _written(raw: Path) -> Iterator[tuple[Path, Receipt | DataProblem]]:
    """Yield every receipt file with what it says, or with why it cannot be read."""
    for path in sorted(raw.glob(f"[!.]*/*/*/{RECEIPT}")):
        try:
            yield path, Receipt.read(path)
        except DataProblem as problem:
            yield path, problem


def _counts(raw: Path, path: Path, receipt: Receipt) -> bool:
    return receipt.folder(raw) == path.parent and receipt.path(raw).is_file()


def sha256_of(path: Path) -> str:
    """Return the SHA-256 of a file, read in pieces."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
