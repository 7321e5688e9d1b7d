"""Pages and images in a real Chromium: layout, accessibility, embedding, files."""

from __future__ import annotations

import json
import re
import shutil
import struct
import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer

import pytest

import made
from sendstats.charts import chart, images
from sendstats.charts.theme import SIZES
from sendstats.series.model import Note
from sendstats.site import export, write_index

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(images.find_browser() is None, reason="needs a Chromium (package chromium)"),
    # playwright and asyncio clean up late; what they say is not ours
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]

WIDTHS = (320, 768, 1280)
BREAKS = (
    Note("plans_begin", "break", "EHC plans begin.", "2017", "EHC plans begin"),
    Note("person_level", "break", "A new return.", "2022", "Person-level return"),
    Note("covid", "caveat", "Time limits were eased for a part of the year."),
)
GROUPS = {"mainstream": 40, "special": 33, "fe_post16": 15, "ap_pru": 1, "early_years": 1}


def charts():
    years = [f"{y}-01" for y in range(2010, 2026)]
    wholes = {y: 10_000 + 100 * n for n, y in enumerate(years)}
    parts = {
        name: {y: wholes[y] * share // 100 + n * 10 for n, y in enumerate(years)}
        for name, share in GROUPS.items()
    }
    rows = [
        made.row(p, v * k / 10, place=f"E{k}", place_name=name)
        for k, name in enumerate(["Kent", "Bournemouth, Christchurch and Poole", "Surrey"], 8)
        for p, v in made.CASELOAD.items()
    ]
    return [
        chart(made.timeliness(notes=BREAKS, y2020=["covid"]), id="on-time"),
        chart(*made.placements(parts, wholes), id="placement"),
        chart(made.series(rows), id="places"),
    ]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    path = tmp_path_factory.mktemp("site")
    drawn = charts()
    report = export(drawn, path)
    assert report.images
    write_index(path, drawn, {"Growth": "on-time.html"})
    return path


@pytest.fixture(scope="module")
def chromium():
    playwright = pytest.importorskip("playwright.sync_api", reason="needs playwright")
    with playwright.sync_playwright() as running:
        found = images.find_browser()
        browser = running.chromium.launch(executable_path=found.path, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def served(folder):
    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, *args):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


class Open:
    """A page that notes every request and complaint."""

    def __init__(self, browser, address, **context):
        self.context = browser.new_context(**context)
        self.page = self.context.new_page()
        self.requests, self.complaints = [], []
        self.page.on("request", lambda r: self.requests.append(r.url))
        self.page.on("requestfailed", lambda r: self.complaints.append(f"failed {r.url}"))
        self.page.on("pageerror", lambda e: self.complaints.append(str(e)))
        self.page.on(
            "console",
            lambda m: self.complaints.append(m.text) if m.type in ("error", "warning") else None,
        )
        self.page.goto(address)
        if not address.endswith("index.html"):
            self.page.wait_for_selector("#chart[data-drawn]")

    def view(self, width, scheme="light"):
        """Change width and scheme, and wait until the chart has followed."""
        self.page.emulate_media(color_scheme=scheme)
        self.page.set_viewport_size({"width": width, "height": 800})
        if self.page.locator("#chart").count():
            self.page.wait_for_selector(f"#chart[data-drawn={scheme}]")
            self.page.wait_for_function(
                "() => { const c = document.getElementById('chart');"
                " return c._fullLayout.width === c.clientWidth; }"
            )
            self.page.wait_for_timeout(100)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.context.close()


IDS = ("on-time", "placement", "places")


TEXTS = """() => {
  const edge = document.querySelector('#chart .main-svg').getBoundingClientRect();
  const boxes = [...document.querySelectorAll('#chart text')].map(t => {
    const b = t.getBoundingClientRect();
    return {text: t.textContent, left: b.left, right: b.right, top: b.top, bottom: b.bottom,
            size: parseFloat(getComputedStyle(t).fontSize)};
  }).filter(b => b.text);
  return {wide: document.documentElement.scrollWidth, boxes,
          edge: {left: edge.left, right: edge.right, top: edge.top, bottom: edge.bottom}};
}"""


def check_texts(found, width):
    edge, boxes = found["edge"], found["boxes"]
    assert found["wide"] <= width
    assert len(boxes) > 6
    for box in boxes:
        assert box["size"] >= 12
        assert edge["left"] - 1 <= box["left"] <= box["right"] <= edge["right"] + 1, box
        assert edge["top"] - 1 <= box["top"] <= box["bottom"] <= edge["bottom"] + 1, box
    # line boxes are taller than letters: three pixels of them are no overlap that an eye can see
    for n, one in enumerate(boxes):
        for two in boxes[n + 1 :]:
            beside = one["right"] <= two["left"] + 1 or two["right"] <= one["left"] + 1
            above = one["bottom"] <= two["top"] + 3 or two["bottom"] <= one["top"] + 3
            assert beside or above, (width, one["text"], two["text"])


@pytest.mark.parametrize("name", IDS)
def test_c15_nothing_is_clipped_or_overlaps(chromium, folder, name):
    address = (folder / f"{name}.html").as_uri()
    with Open(chromium, address) as opened:
        for width in WIDTHS:
            opened.view(width)
            check_texts(opened.page.evaluate(TEXTS), width)


def test_c15_nothing_is_clipped_or_overlaps_in_figures_that_carry_their_own_words(chromium, folder):
    long = "Kent up 103.1% since 2019 says this two line headline"
    drawn = [*charts(), chart(made.caseload(), title=long.replace("Kent", "All"), id="long")]
    with Open(chromium, (folder / "on-time.html").as_uri()) as opened:
        for one in drawn:
            for size in ("phone", "page", "report"):
                figure = one.spec("light", size)
                figure["layout"]["width"] = SIZES[size].width
                opened.page.evaluate("f => Plotly.newPlot('chart', f.data, f.layout)", figure)
                found = opened.page.evaluate(TEXTS)
                check_texts(found, 1280)
                words = " ".join(box["text"] for box in found["boxes"])
                assert one.title.split()[0] in words


@pytest.mark.parametrize("name", ["on-time.html", "placement.embed.html", "index.html"])
def test_c14_axe_finds_nothing(chromium, folder, name):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    # axe itself runs as an inline script, which the page's own policy forbids
    with Open(chromium, (folder / name).as_uri(), bypass_csp=True) as opened:
        for width in WIDTHS:
            for scheme in ("light", "dark"):
                opened.view(width, scheme)
                found = axe.run(opened.page).response["violations"]
                serious = [(v["id"], v["nodes"][0]["html"]) for v in found]
                assert serious == [], (width, scheme)


def test_c13_the_table_is_beside_the_figure_and_the_drawing_is_one_picture(chromium, folder):
    with Open(chromium, (folder / "placement.html").as_uri()) as opened:
        assert opened.page.locator("main > section table caption").count() == 1
        assert opened.page.get_by_role("img", name="Line chart").count() == 1
        hidden = "[...document.querySelectorAll('#chart svg')].every(s => s.ariaHidden === 'true')"
        assert opened.page.evaluate(hidden)


def test_c16_every_stop_of_the_keyboard_is_visible_and_none_is_in_the_chart(chromium, folder):
    with Open(chromium, (folder / "placement.html").as_uri()) as opened:
        stops = []
        for _ in range(12):
            opened.page.keyboard.press("Tab")
            stops.append(
                opened.page.evaluate(
                    """() => { const a = document.activeElement;
                    return {tag: a.tagName, inside: !!a.closest('#chart'),
                            outline: getComputedStyle(a).outlineStyle}; }"""
                )
            )
    reached = [s for s in stops if s["tag"] != "BODY"]
    assert len(reached) >= 6
    assert not any(s["inside"] for s in reached)
    assert {s["outline"] for s in reached} == {"solid"}


def test_c20_no_toolbar_is_drawn_and_a_drag_does_not_zoom(chromium, folder):
    with Open(chromium, (folder / "on-time.html").as_uri()) as opened:
        page = opened.page
        assert page.locator(".modebar-btn").count() == 0
        ranges = "JSON.stringify(document.getElementById('chart')._fullLayout.yaxis.range)"
        before = page.evaluate(ranges)
        box = page.locator("#chart").bounding_box()
        page.mouse.move(box["x"] + 200, box["y"] + 100)
        page.mouse.down()
        page.mouse.move(box["x"] + 400, box["y"] + 250)
        page.mouse.up()
        assert page.evaluate(ranges) == before


def test_c24_dark_scheme_and_reduced_motion_are_respected(chromium, folder):
    address = (folder / "on-time.html").as_uri()
    with Open(chromium, address, color_scheme="light", reduced_motion="reduce") as opened:
        page = opened.page
        ground = "getComputedStyle(document.body).backgroundColor"
        assert page.get_attribute("#chart", "data-drawn") == "light"
        assert page.evaluate(ground) == "rgb(255, 255, 255)"
        page.emulate_media(color_scheme="dark")
        page.wait_for_selector("#chart[data-drawn=dark]")
        assert page.evaluate(ground) == "rgb(11, 12, 12)"
        assert page.evaluate("document.getAnimations().length") == 0


def test_c18_a_page_asks_only_for_its_own_files_and_keeps_to_its_policy(chromium, served):
    with Open(chromium, f"{served}/placement.html") as opened:
        assert opened.complaints == []
        assert {url.removeprefix(served) for url in opened.requests} <= {
            "/placement.html",
            "/assets/style.css",
            "/assets/plotly.min.js",
            "/assets/chart.js",
        }


def test_c18_an_embed_is_one_request_under_a_strict_policy_and_posts_its_height(
    chromium, served, folder
):
    host = (
        '<!DOCTYPE html><html lang="en-GB"><head><title>Host</title>'
        '<meta http-equiv="Content-Security-Policy" content="default-src \'none\'; '
        "frame-src 'self'; script-src 'self'\"><script src=\"host.js\"></script></head>"
        '<body><iframe src="on-time.embed.html" width="400" title="Chart"></iframe></body></html>'
    )
    (folder / "host.js").write_text(
        "window.heights = []; addEventListener('message', e => window.heights.push(e.data));"
    )
    (folder / "host.html").write_text(host)
    context = chromium.new_context()
    page = context.new_page()
    asked, complaints = [], []
    page.on("request", lambda r: asked.append(r.url.removeprefix(served)))
    page.on("console", lambda m: complaints.append(m.text) if m.type == "error" else None)
    page.goto(f"{served}/host.html")
    page.wait_for_function("window.heights.length > 0")
    message = page.evaluate("window.heights.at(-1)")
    frame = page.frames[1]
    tall = frame.evaluate("Math.ceil(document.documentElement.getBoundingClientRect().height)")
    context.close()
    assert {key: message[key] for key in ("type", "id")} == {
        "type": "sendstats:height",
        "id": "on-time",
    }
    assert message["height"] == tall > 300
    assert complaints == []
    assert {a for a in asked if "favicon" not in a} == {
        "/host.html",
        "/host.js",
        "/on-time.embed.html",
    }


def test_c17_images_hold_the_figures_words_and_what_drew_them(folder):
    (drawn,) = [c for c in charts() if c.id == "on-time"]
    svg = (folder / "on-time.svg").read_text()
    words = " ".join(re.findall(r">([^<>]+)<", svg))
    last = drawn.lines[0].line.known[-1].text
    for text in (drawn.title, drawn.alt, last, "Open Government Licence v3.0", "Chromium"):
        assert text in words
    png = (folder / "on-time.png").read_bytes()
    width, height = struct.unpack(">II", png[16:24])
    assert (width, height) == (1440, 2 * drawn.spec()["layout"]["height"])
    assert b"fonts: " in png
    pdf = (folder / "on-time.pdf").read_bytes()
    assert pdf.startswith(b"%PDF")
    assert b"D:20250626" in pdf


def test_c17_the_drawing_has_one_point_for_each_figure(chromium, folder):
    with Open(chromium, (folder / "placement.html").as_uri()) as opened:
        shown = opened.page.evaluate(
            "document.getElementById('chart').data.map(t => [t.name, t.y])"
        )
    text = (folder / "placement.csv").read_text()
    for name, values in json.loads(json.dumps(shown)):
        column = [line for line in text.splitlines() if line.startswith(f"{name},")]
        assert len(column) == len(values) == 16


def test_c21_images_are_the_same_bytes_again(folder, tmp_path):
    found = images.find_browser()
    drawn = [c for c in charts() if c.id == "places"]
    for path in images.write_images(drawn, tmp_path, found):
        assert path.read_bytes() == (folder / path.name).read_bytes(), path.name


def test_b20_arial_is_a_font_of_its_widths():
    if shutil.which("fc-match") is None:
        pytest.skip("needs fc-match (package fontconfig)")
    assert images.find_browser().font in {"Arial", "Liberation Sans", "Arimo"}
