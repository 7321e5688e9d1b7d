"""Pages, embeds, downloads and the index: what is in them, and that two runs agree."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import sys
from html.parser import HTMLParser

import pytest

import made
from sendstats.charts import chart, images
from sendstats.errors import DataProblem, WrongUse
from sendstats.series.model import Note
from sendstats.site import export, pages, write_index

COVID = Note("covid", "caveat", "Limits were eased </script> & more.")


class Tags(HTMLParser):
    def __init__(self, text):
        super().__init__()
        self.found = []
        self.words = []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))

    def handle_data(self, data):
        self.words.append(data)

    def all(self, tag):
        return [attrs for name, attrs in self.found if name == tag]


@pytest.fixture
def drawn():
    flagged = made.timeliness(notes=(COVID,), y2020=["covid"])
    return [chart(made.caseload(), id="growth"), chart(flagged, id="on-time")]


@pytest.fixture
def no_browser(monkeypatch):
    # the function `export` hides its module of the same name
    monkeypatch.setattr(sys.modules["sendstats.site.export"], "find_browser", lambda: None)


@pytest.fixture
def exported(drawn, tmp_path, no_browser):
    return export(drawn, tmp_path / "charts")


def test_without_a_chromium_one_line_says_how_to_get_images(exported):
    assert "install the package chromium" in str(exported)
    assert "\n" not in str(exported)
    assert exported.images is False
    names = {path.relative_to(exported.folder).as_posix() for path in exported.files}
    assert names == {
        "assets/chart.js",
        "assets/plotly.min.js",
        "assets/style.css",
        *(f"{i}.{e}" for i in ("growth", "on-time") for e in ("html", "embed.html", "csv", "json")),
    }


def test_embeds_and_images_can_be_left_out(drawn, tmp_path):
    report = export(drawn[:1], tmp_path, images=False, embeds=False)
    assert str(report) == f"1 chart in {tmp_path.name}/: HTML, CSV and JSON."
    assert not list(tmp_path.glob("*.embed.html"))
    assert "Embed" not in (tmp_path / "growth.html").read_text()


def test_c21_two_runs_write_the_same_bytes(exported, drawn, tmp_path):
    again = export(drawn, tmp_path / "again")
    for path in exported.files:
        other = again.folder / path.relative_to(exported.folder)
        assert path.read_bytes() == other.read_bytes(), path.name
    assert not list(tmp_path.rglob("*.part"))


def test_two_charts_of_one_id_are_refused(drawn, tmp_path):
    with pytest.raises(WrongUse, match="two charts would write the same files"):
        export([drawn[0], drawn[0]], tmp_path)
    assert not list(tmp_path.iterdir())


def test_c13_a_page_has_language_title_figure_and_a_scoped_table(exported, drawn):
    text = (exported.folder / "on-time.html").read_text()
    page = Tags(text)
    assert page.all("html") == [{"lang": "en-GB"}]
    assert len(page.all("h1")) == len(page.all("figure")) == len(page.all("figcaption")) == 1
    assert len(page.all("caption")) == 1
    scopes = [attrs["scope"] for attrs in page.all("th")]
    assert scopes == ["col"] * 2 + ["row"] * len(made.TIMELINESS)
    (plot,) = [a for a in page.all("div") if a.get("id") == "chart"]
    assert (plot["role"], plot["aria-label"]) == ("img", drawn[1].alt)
    assert "58.0% [note 1]" in page.words
    assert [a.get("data-note") for a in page.all("li") if "data-note" in a] == ["covid"]


def test_every_link_of_a_page_leads_somewhere(exported):
    for path in exported.folder.glob("*.html"):
        for attrs in Tags(path.read_text()).all("a"):
            if attrs["href"] != "index.html":
                assert (exported.folder / attrs["href"]).is_file()


def test_c18_nothing_is_asked_of_anyone_else(exported):
    for path in exported.folder.glob("*.html"):
        page = Tags(path.read_text())
        for tag, key in (("script", "src"), ("link", "href"), ("img", "src")):
            for attrs in page.all(tag):
                assert not re.match(r"(https?:)?//", attrs.get(key) or "")


def test_c18_an_embed_allows_only_its_own_scripts_by_hash(exported):
    text = (exported.folder / "growth.embed.html").read_text()
    (policy,) = [
        a["content"]
        for a in Tags(text).all("meta")
        if a.get("http-equiv") == "Content-Security-Policy"
    ]
    scripts = re.findall(r"<script>(.*?)</script>", text, re.DOTALL)
    assert len(scripts) == 2
    for script in scripts:
        digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
        assert f"'sha256-{digest}'" in policy
    assert "default-src 'none'" in policy
    assert "unsafe-inline" not in policy.split("style-src")[0]


def test_words_from_data_cannot_leave_their_place(exported, drawn):
    text = (exported.folder / "on-time.html").read_text()
    (block,) = re.findall(
        r'<script type="application/json" id="chart-data">(.*?)</script>', text, re.DOTALL
    )
    content = json.loads(block)
    assert set(content["layouts"]) == {"light", "dark"}
    assert set(content["layouts"]["dark"]) == set(content["widths"]) == set(pages.SIZES)
    assert content["data"]["light"] == json.loads(json.dumps(drawn[1].spec()["data"]))
    assert "eased &lt;/script&gt; &amp; more" in text


def test_c17_json_and_csv_beside_the_page_are_the_charts_own(exported, drawn):
    facts = json.loads((exported.folder / "growth.json").read_text())
    assert facts == json.loads(json.dumps(drawn[0].metadata()))
    assert facts["status"].endswith("not official statistics.")
    assert (exported.folder / "growth.csv").read_text() == drawn[0].to_csv()


def test_the_index_lists_charts_notebooks_downloads_licence_and_status(exported, drawn):
    folder = exported.folder
    notebook = folder / "notebooks" / "01-growth.html"
    path = write_index(folder, drawn, [notebook], files={"All figures": "figures.csv"})
    page = Tags(path.read_text())
    words = " ".join(page.words)
    for one in drawn:
        assert one.title in words
        assert one.alt in words
    links = [a["href"] for a in page.all("a")]
    for href in ("growth.html", "on-time.csv", "notebooks/01-growth.html", "figures.csv"):
        assert href in links
    assert "growth.png" not in links
    assert page.all("img") == []
    assert "Open Government Licence v3.0" in words
    assert "not official statistics" in words
    (folder / "growth.png").write_bytes(b"")
    again = write_index(folder, drawn, {"Growth": "growth-notebook.html"}, title="Other")
    page = Tags(again.read_text())
    assert [a["src"] for a in page.all("img")] == ["growth.png"]
    assert "growth-notebook.html" in [a["href"] for a in page.all("a")]


# A browser that is missing, hangs or fails --------------------------------------------------------


def program(tmp_path, name, body):
    path = tmp_path / name
    path.write_text(f"#!/bin/sh\n{body}\n")
    path.chmod(0o755)
    return path


def test_a_browser_is_found_by_the_variable_or_by_name(tmp_path, monkeypatch):
    known = program(tmp_path, "chromium", "echo Chromium 1.2.3 made up")
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    monkeypatch.delenv("BROWSER_PATH", raising=False)
    assert images.find_browser().path == str(known)
    assert images.find_browser().version == "Chromium 1.2.3 made up"
    silent = program(tmp_path, "other", "exit 1")
    monkeypatch.setenv("BROWSER_PATH", str(silent))
    assert (images.find_browser().path, images.find_browser().version) == (str(silent), "unknown")
    monkeypatch.setenv("BROWSER_PATH", str(tmp_path / "missing"))
    assert images.find_browser() is None


def test_a_hanging_browser_is_ended_tried_again_and_named(drawn, tmp_path, monkeypatch):
    monkeypatch.setattr(images, "_SECONDS_START", 0.5)
    monkeypatch.setattr(images, "_SECONDS_EACH", 0)
    tries = program(tmp_path, "hang", f'echo x >> "{tmp_path}/tries"; exec sleep 600')
    monkeypatch.setattr(images, "_COMMAND", (str(tries),))
    kept = tmp_path / "growth.png"
    kept.write_bytes(b"earlier")
    with pytest.raises(DataProblem) as caught:
        images.write_images(drawn, tmp_path, images.Browser(str(tries), "1", "Arial"))
    assert "could not draw the charts, twice" in str(caught.value)
    assert "no end after 0.5 s" in str(caught.value)
    assert (tmp_path / "tries").read_text() == "x\nx\n"
    assert kept.read_bytes() == b"earlier"


@pytest.mark.parametrize(
    ("body", "found"), [("echo broken >&2; exit 3", "exit 3: broken"), ("exit 0", "not drawn: ")]
)
def test_a_failing_browser_is_named(drawn, tmp_path, monkeypatch, body, found):
    fails = program(tmp_path, "fails", body)
    monkeypatch.setattr(images, "_COMMAND", (str(fails),))
    with pytest.raises(DataProblem, match=found):
        images.write_images(drawn, tmp_path, images.Browser(str(fails), "1", "Arial"))
