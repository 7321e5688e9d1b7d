"""Made-up releases for the stand-in: few rows, every wart of the real ones that matters here."""

from __future__ import annotations

import hashlib
import io
import uuid
import zipfile
from dataclasses import dataclass, field

PLANS = "education-health-and-care-plans"
PUPILS = "special-educational-needs-in-england"


def made_id(*parts: str) -> str:
    """An id that depends on nothing but its parts."""
    return str(uuid.uuid5(uuid.NAMESPACE_URL, "/".join(parts)))


def table(column: str, first: int, rows: int = 30) -> bytes:
    """A data file: BOM, CRLF, a quoted line end, symbols; `rows` records."""
    lines = [f"time_period,time_identifier,geographic_level,place,{column}"]
    for n in range(rows):
        place = '"Two\r\nlines, one name"' if n == 3 else f"Place {n}"
        figure = "x" if n == 5 else str(first + n)
        lines.append(f"202425,Academic year,Local authority,{place},{figure}")
    return b"\xef\xbb\xbf" + "\r\n".join(lines).encode() + b"\r\n"


def plain(column: str, rows: int = 40) -> bytes:
    """A data file with bare line feeds and no BOM."""
    lines = [f"time_period,time_identifier,geographic_level,{column}"]
    lines += [f"2024,Calendar year,National,{n * n}" for n in range(rows)]
    return "\n".join(lines).encode() + b"\n"


@dataclass
class File:
    """One file of a made release."""

    name: str
    body: bytes
    kind: str = "data"
    api: str = ""
    rows: int = 0


@dataclass
class Made:
    """One made release."""

    publication: str
    slug: str
    title: str
    published: str
    files: list[File]
    version: int = 1
    superseded: list[str] = field(default_factory=list)

    @property
    def version_id(self) -> str:
        return made_id("version", self.publication, self.slug, str(self.version))

    def file_id(self, file: File) -> str:
        digest = hashlib.sha256(file.body).hexdigest()
        return made_id("file", self.publication, self.slug, file.name, digest)

    def data_set_file_id(self, file: File) -> str:
        return made_id("data-set-file", self.publication, self.slug, file.name)

    def amend(self, name: str, body: bytes, rows: int | None = None) -> None:
        """Replace one file: a new version id, the old one refused from now on."""
        self.superseded.append(self.version_id)
        self.version += 1
        file = next(f for f in self.files if f.name == name)
        file.body = body
        file.rows = file.rows if rows is None else rows

    def guidance(self) -> bytes:
        return f"{self.title}\r\nMade-up guidance.\r\n".encode()

    def zipped(self) -> bytes:
        """The zip of all files: folders by kind, guidance last."""
        folders = {"data": "data", "supporting": "supporting-files"}
        members = [(f"{folders[f.kind]}/{f.name}", f.body) for f in self.files]
        return make_zip([*sorted(members), ("data-guidance/data-guidance.txt", self.guidance())])


def make_zip(members: list[tuple[str, bytes]]) -> bytes:
    """A zip with fixed dates, so that the same members give the same bytes."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, body in members:
            archive.writestr(zipfile.ZipInfo(name), body, zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


def releases() -> list[Made]:
    """Three releases of two publications, the newest of each first."""
    plans = [
        Made(
            PLANS,
            "2026",
            "Reporting year 2026",
            "2026-06-25T08:30:00+00:00",
            [File("caseload.csv", table("plans", 700), rows=30)],
        ),
        Made(
            PLANS,
            "2025",
            "Reporting year 2025",
            "2025-06-26T08:30:00+00:00",
            [
                File("caseload.csv", table("plans", 100), rows=30),
                File("newplans.csv", plain("new_plans"), rows=40),
                File("Notes on a table 1.csv", b"A title\n\nplace,count\nA,1\n", "supporting"),
            ],
        ),
    ]
    api = made_id("api", "phase")
    pupils = Made(
        PUPILS,
        "2025-26",
        "Academic year 2025/26",
        "2026-06-11T08:30:04+00:00",
        [File("sen_phase_type_.csv", plain("pupils", 25), api=api, rows=25)],
    )
    return [*plans, pupils]
