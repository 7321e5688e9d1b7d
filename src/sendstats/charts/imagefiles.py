"""What is added to and taken out of image files so that they speak and two runs agree."""

from __future__ import annotations

import re
import zlib
from html import escape
from typing import TYPE_CHECKING

from sendstats.errors import DataProblem

if TYPE_CHECKING:
    from collections.abc import Mapping

_PNG = b"\x89PNG\r\n\x1a\n"
#: Length, type and content of the header chunk and its check sum.
_PNG_HEADER = 8 + 25


def png(content: bytes, facts: Mapping[str, str]) -> bytes:
    """Return a PNG with `facts` as international text chunks after its header.

    Raises
    ------
    DataProblem
        If `content` is not a PNG.
    """
    if not content.startswith(_PNG):
        raise DataProblem("Chromium returned something that is not a PNG", found=str(content[:8]))
    chunks = b"".join(_chunk(key, text) for key, text in facts.items())
    return content[:_PNG_HEADER] + chunks + content[_PNG_HEADER:]


def _chunk(key: str, text: str) -> bytes:
    """Return one iTXt chunk (PNG specification, third edition, 11.3.3.4), uncompressed."""
    body = b"iTXt" + key.encode("latin-1") + b"\0\0\0en-GB\0\0" + text.encode()
    return (len(body) - 4).to_bytes(4, "big") + body + zlib.crc32(body).to_bytes(4, "big")


def svg(content: bytes, facts: Mapping[str, str]) -> bytes:
    """Return an SVG with a role, title and description, and with ids numbered in order.

    plotly.js draws its ids at random; every id is replaced by a number in order of appearance.
    """
    text = content.decode()
    order: dict[str, str] = {}
    for match in re.finditer(r'\bid="([^"]+)"', text):
        order.setdefault(match.group(1), f"s{len(order) + 1}")
    text = re.sub(r'\bid="([^"]+)"', lambda m: f'id="{order[m.group(1)]}"', text)
    text = re.sub(
        r"(url\(['\"]?#|href=\"#)([^)'\"]+)", lambda m: m.group(1) + order.get(m[2], m[2]), text
    )
    text = re.sub(
        r'\bclass="([^"]+)"',
        lambda m: 'class="' + " ".join(order.get(c, c) for c in m.group(1).split(" ")) + '"',
        text,
    )
    spoken = (
        f'<title id="svg-title">{escape(facts["Title"])}</title>'
        f'<desc id="svg-desc">{escape(facts["Description"])} {escape(facts["Source"])}</desc>'
        f"<metadata>{escape(facts['Software'])}</metadata>"
    )
    named = '<svg role="img" lang="en-GB" aria-labelledby="svg-title svg-desc" '
    head, rest = text.split(">", 1)
    return f"{head.replace('<svg ', named, 1)}>{spoken}{rest}".encode()


def pdf(content: bytes, facts: Mapping[str, str]) -> bytes:
    """Return a PDF dated by its newest release instead of the instant of its making.

    Its length stays, because a PDF counts its own bytes; the words, and what drew it, follow the
    end as a comment.
    """
    day = facts["Date"].replace("-", "").encode()

    def dated(match: re.Match[bytes]) -> bytes:
        instant = re.sub(rb"\d", b"0", match.group(2))
        return b"/" + match.group(1) + b" (D:" + (day + instant[len(day) :]) + b")"

    fixed = re.sub(rb"/(CreationDate|ModDate) \(D:([^)]*)\)", dated, content)
    comment = " | ".join(f"{key}: {text}" for key, text in facts.items())
    return fixed.rstrip(b"\n") + b"\n% " + comment.replace("\n", " ").encode() + b"\n"
