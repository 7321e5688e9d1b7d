"""What is added to image files and taken out of them."""

from __future__ import annotations

import struct
import zlib

import pytest

from sendstats.charts.imagefiles import pdf, png, svg
from sendstats.errors import DataProblem

FACTS = {
    "Title": "Plans <rose>",
    "Description": "Line chart.",
    "Source": "Source: DfE.",
    "Date": "2025-06-26",
    "Software": "sendstats; Chromium 1; fonts: Liberation Sans",
}


def chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def chunks(content: bytes) -> list[tuple[bytes, bytes]]:
    found, at = [], 8
    while at < len(content):
        (length,) = struct.unpack(">I", content[at : at + 4])
        kind, body = content[at + 4 : at + 8], content[at + 8 : at + 8 + length]
        (check,) = struct.unpack(">I", content[at + 8 + length : at + 12 + length])
        assert check == zlib.crc32(kind + body)
        found.append((kind, body))
        at += 12 + length
    return found


def test_a_png_carries_its_words_behind_its_header():
    header = struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0)
    plain = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IEND", b"")
    found = chunks(png(plain, FACTS))
    assert [kind for kind, _ in found] == [b"IHDR", *[b"iTXt"] * 5, b"IEND"]
    assert found[1][1] == b"Title\0\0\0en-GB\0\0Plans <rose>"
    assert b"fonts: Liberation Sans" in found[5][1]
    with pytest.raises(DataProblem, match="not a PNG"):
        png(b"<html>", FACTS)


def drawing(one: str, two: str) -> bytes:
    return (
        f'<svg class="main-svg" xmlns="x"><defs id="defs-{one}"><clipPath id="clip{one}"/></defs>'
        f'<g clip-path="url(#clip{one})" class="a clip{one}"/><g id="{two}"/>'
        f'<use href="#{two}"/><use href="#elsewhere"/></svg>'
    ).encode()


def test_an_svg_has_no_chance_ids_and_every_reference_still_fits():
    one, two = svg(drawing("f3a9", "q1"), FACTS), svg(drawing("77bb", "z9"), FACTS)
    assert one == two
    text = one.decode()
    assert 'clip-path="url(#s2)" class="a s2"' in text
    assert '<g id="s3"/><use href="#s3"/>' in text
    assert 'href="#elsewhere"' in text


def test_an_svg_has_role_title_and_description():
    text = svg(drawing("1", "2"), FACTS).decode()
    assert text.startswith('<svg role="img" lang="en-GB" aria-labelledby="svg-title svg-desc"')
    assert '<title id="svg-title">Plans &lt;rose&gt;</title>' in text
    assert '<desc id="svg-desc">Line chart. Source: DfE.</desc>' in text
    assert "Chromium 1" in text


def test_a_pdf_is_dated_by_its_release_at_the_same_length():
    instant = b"(D:20261101120000+00'00')\n"
    plain = b"%PDF-1.4\n/CreationDate " + instant + b"/ModDate " + instant + b"%%EOF\n"
    made = pdf(plain, FACTS)
    assert made.count(b"(D:20250626000000+00'00')") == 2
    assert made.index(b"%%EOF") == plain.index(b"%%EOF")
    assert b"Chromium 1" in made
    undated = pdf(plain, {**FACTS, "Date": ""})
    assert b"(D:00000000000000+00'00')" in undated
