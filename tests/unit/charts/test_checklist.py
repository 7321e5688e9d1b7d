"""The chart checklist, one test or more a check; C13 to C18, C21, C24 are also in site's tests."""

from __future__ import annotations

import csv
import io
import json
import re
from dataclasses import replace
from fractions import Fraction
from itertools import combinations, pairwise

import plotly.graph_objects as go
import plotly.io as pio
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import made
import sendstats
import sendstats as ss
from sendstats.charts import chart
from sendstats.charts.text import width_of
from sendstats.charts.theme import SCHEMES, SIZES, contrast
from sendstats.errors import Refused, WrongUse
from sendstats.run.gallery import charts
from sendstats.series.about import About
from sendstats.series.api import default_store
from sendstats.series.model import Note

BREAK = Note("person_level", "break", "A new return.", "2022", "New return")
COVID = Note("covid", "caveat", "Time limits were eased.")
EVERY = [(scheme, size) for scheme in SCHEMES for size in SIZES]

#: Analysis Function data visualisation colours (charts guidance), and white for hollow points.
AF = {
    "#12436D", "#28A197", "#801650", "#F46A25", "#3D3D3D", "#A285D1", "#2073BC", "#6BACE6",
    "#BFBFBF",
}  # fmt: skip


def five_regions(**changes):
    rows = [
        made.rate(p, n * k // 6, d, place=f"E{k}", place_name=name)
        for k, name in enumerate(["England", "London", "North East", "South West", "East"], 2)
        for p, (n, d) in made.TIMELINESS.items()
    ]
    return made.series(rows, basis="excluding_exceptions", **(made.TIMED | changes))


def places(names):
    rows = [
        made.row(p, v * (1 + n) / 10, place=f"E{n}", place_name=name)
        for n, name in enumerate(names)
        for p, v in made.CASELOAD.items()
    ]
    return made.series(rows)


WHOLES = {"2023-01": 1000, "2024-01": 1200, "2025-01": 1400}
PARTS = {
    "mainstream": {"2023-01": 400, "2024-01": 500, "2025-01": 610},
    "special": {"2023-01": 350, "2024-01": 400, "2025-01": 430},
    "fe_post16": {"2023-01": 150, "2024-01": 170, "2025-01": 200},
    "ap_pru": {"2023-01": 10, "2024-01": 12, "2025-01": 14},
    "early_years": {"2023-01": 5, "2024-01": 6, "2025-01": 7},
}


def placements():
    return chart(*made.placements(PARTS, WHOLES))


def named(spec, name):
    return [a for a in spec["layout"]["annotations"] if a.get("name") == name]


# C1 ---------------------------------------------------------------------------------------------


def test_c1_the_title_states_what_the_figures_say():
    drawn = chart(made.timeliness())
    found = [r.rounded for r in drawn.lines[0].line.readings]
    assert drawn.title.endswith(f"fell to {found[-1]}%")
    assert found[-1] < found[0]
    assert len(drawn.title.split()) <= 10


def test_c1_a_title_of_the_callers_must_be_short_and_borne_out():
    assert chart(made.caseload(), title="Plans doubled to 718,838").title.startswith("Plans")
    for wrong in ("Plans rose to 800,000", "", "word " * 11):
        with pytest.raises(WrongUse, match="this title cannot stand"):
            chart(made.caseload(), title=wrong)


# C2 ---------------------------------------------------------------------------------------------


def test_c2_the_subtitle_has_measure_basis_unit_area_and_period():
    subtitle = chart(made.timeliness()).subtitle
    for part in ("within 20 weeks", "excluding exceptions", "per cent", "England", "2015 to 2024"):
        assert part in subtitle


# C3 ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("scheme", "size"), EVERY)
def test_c3_the_source_line_is_inside_every_figure(scheme, size):
    drawn = chart(made.caseload())
    for framed in (True, False):
        (source,) = named(drawn.spec(scheme, size, framed=framed), "source")
        text = source["text"].replace("<br>", " ")
        assert drawn.source in text
    for part in ("Department for Education", "26 June 2025", "Open Government Licence v3.0"):
        assert part in drawn.source
    assert f"sendstats {sendstats.__version__}, input {drawn.digest[:8]}" in drawn.source


# C4 ---------------------------------------------------------------------------------------------

flags = st.lists(st.sampled_from(["covid", "odd", "unexplained"]), unique=True, max_size=2)


@settings(max_examples=40, deadline=None)
@given(st.lists(flags, min_size=2, max_size=8))
def test_c4_every_flag_is_a_note_and_no_flagged_value_is_drawn_like_a_clean_one(given_flags):
    rows = [made.row(f"{2010 + n}-01", 10.0 + n, flags=f) for n, f in enumerate(given_flags)]
    drawn = chart(made.series(rows, notes=(COVID, Note("odd", "finding", "Odd."))))
    assert {n.id for n in drawn.notes} == {f for one in given_flags for f in one}
    paper = SCHEMES["light"].paper
    (trace,) = drawn.spec()["data"]
    for index, flagged in enumerate(given_flags):
        hollow = trace["marker"]["color"][index] == paper and trace["marker"]["size"][index] > 0
        assert hollow is bool(flagged)
        assert ("See note" in trace["text"][index]) is bool(flagged)
        assert ("[note" in drawn.rows[index][1]) is bool(flagged)


def test_c4_notes_are_numbered_as_marked_and_printed():
    drawn = chart(made.timeliness(notes=(COVID, BREAK), y2020=["covid"], y2021=["covid"]))
    assert [(n.number, n.id) for n in drawn.notes] == [(1, "person_level"), (2, "covid")]
    spec = drawn.spec()
    (mark,) = named(spec, "mark")
    assert (mark["text"], mark["x"]) == ("2", 2020.0)
    assert "2. Time limits were eased." in named(spec, "source")[0]["text"]


def about(period, column="Total_new_all"):
    """New plans of England by age and in all (DfE, EHC plans 2022): 591 apart in 2013."""
    figures = {"2013": ("29,109", "28,518", 591)}.get(period, ("2", "1", 1))
    expected, found, size = figures
    place = {"place": "England", "level": "National", "cause": ""}
    return About(
        "tables agree", column, period=period, expected=expected, found=found, size=size, **place
    )


def test_c4_findings_of_one_rule_are_one_note_and_every_one_is_in_the_export():
    years = ("2012", "2013", "2015")
    notes = tuple(Note(f"f{y}", "finding", f"Of {y}.", about=about(y)) for y in years)
    rows = [made.row(str(y), 10.0, flags=[f"f{y}"] * (str(y) in years)) for y in range(2011, 2017)]
    drawn = chart(made.series(rows, notes=notes, kind="flow"))
    (note,) = drawn.notes
    assert note.text.startswith("England, 2012 to 2013 and 2015, Total_new_all: 3 figures do not")
    assert note.ids == ("f2012", "f2013", "f2015")
    marks = named(drawn.spec(), "mark")
    assert [(m["text"], m["x"]) for m in marks] == [("1", 2012.0), ("1", 2015.0)]
    noted = [row[0] for row in drawn.rows if row[1].endswith("[note 1]")]
    assert noted == ["2012", "2013", "2015"]
    (told,) = drawn.metadata()["notes"]
    assert told["all"] == [{"id": f"f{y}", "text": f"Of {y}."} for y in years]
    assert "f2013" in drawn.to_csv()


def test_c4_of_many_findings_a_few_are_drawn_and_the_others_counted_and_exported():
    names = [f"f{n}" for n in range(7)]
    notes = [Note(f, "finding", f"{f}.", about=about("2013", column=f)) for f in names]
    rows = [made.row("2013", 10.0, flags=["covid", *names]), made.row("2014", 11.0)]
    drawn = chart(made.series(rows, notes=(COVID, *notes), kind="flow"))
    assert [n.text for n in drawn.notes] == [
        "Time limits were eased.",
        *("f0.", "f1.", "f2.", "f3."),
        '3 more findings touch these values: sendstats findings --place "England" lists all.',
    ]
    assert drawn.rows[0][1].endswith(", note 6]")
    last = drawn.metadata()["notes"][-1]
    assert [one["text"] for one in last["all"]] == ["f4.", "f5.", "f6."]
    assert {f for n in drawn.notes for f in n.ids} == {"covid", *names}


class Drawing:
    """A figure in pixels from the lower left corner of its plotting area."""

    def __init__(self, spec, size):
        layout, self.size = spec["layout"], SIZES[size]
        self.spec, self.across, self.up = spec, layout["xaxis"]["range"], layout["yaxis"]["range"]
        self.width = self.size.width - layout["margin"]["l"] - layout["margin"]["r"]

    def at(self, x, y):
        (first, last), (low, high) = self.across, self.up
        return (
            self.width * (x - first) / (last - first),
            self.size.plot_height * (y - low) / (high - low),
        )

    def digits(self):
        """Where the digits of each note number stand: left, right, bottom, top."""
        for mark in named(self.spec, "mark"):
            x, y = self.at(mark["x"], mark["y"])
            wide = width_of(mark["text"], self.size.small)
            left = (
                x + mark["xshift"] - {"left": 0, "center": wide / 2, "right": wide}[mark["xanchor"]]
            )
            tall = self.size.small * 1.3
            bottom = y + mark["yshift"] - {"bottom": 0, "top": tall}[mark["yanchor"]]
            yield left, left + wide, bottom + 3, bottom + tall - 3

    def strokes(self):
        """Every pixel that a line runs through."""
        for trace in self.spec["data"]:
            for (x0, y0), (x1, y1) in pairwise(zip(trace["x"], trace["y"], strict=True)):
                if None not in (y0, y1):
                    (a, b), (c, d) = self.at(x0, y0), self.at(x1, y1)
                    steps = range(101)
                    yield from ((a + (c - a) * n / 100, b + (d - b) * n / 100) for n in steps)


@pytest.mark.parametrize("size", ["phone", "page", "wide"])
def test_c15_marks_of_neighbouring_points_do_not_touch(size):
    """On a phone two years are a few pixels apart; numbers of one line then stand in steps."""
    notes = tuple(Note(f"f{n}", "caveat", f"{n}.") for n in range(36))
    rows = [made.row(str(2005 + n), 100.0, flags=[f"f{2 * n}", f"f{2 * n + 1}"]) for n in range(18)]
    spec = chart(made.series(rows, notes=notes, kind="flow")).spec(size=size)
    boxes = list(Drawing(spec, size).digits())
    assert len(boxes) == 18
    for one, two in combinations(boxes, 2):
        beside = one[1] <= two[0] or two[1] <= one[0]
        assert beside or one[3] <= two[2] or two[3] <= one[2], (one, two)


@pytest.fixture(scope="module", params=["timeliness", "placement-of-plans"])
def committed(request):
    return charts(default_store(), [request.param])[0]


@pytest.mark.parametrize("size", ["phone", "page"])
def test_c15_no_note_number_lies_under_a_line(committed, size):
    """On a phone the two charts with the most notes have 17 and 9 pixels a year."""
    drawing = Drawing(committed.spec(size=size), size)
    strokes = list(drawing.strokes())
    for left, right, bottom, top in drawing.digits():
        assert not [p for p in strokes if left < p[0] < right and bottom < p[1] < top]


def test_c4_every_note_on_values_is_marked_at_a_point(committed):
    """A group that is only part of the grey rest has its note there."""
    marked = {n for m in named(committed.spec(), "mark") for n in m["text"].split(", ")}
    assert marked == {str(n.number) for n in committed.notes if n.kind not in {"break", "gap"}}


def test_c4_what_is_noted_on_a_part_of_the_rest_is_noted_on_the_rest():
    late = Note("late", "caveat", "Returned late.")
    groups = [
        replace(one, notes=(late,), rows=one.rows.with_columns(flags=pl.lit(["late"])))
        if "early_years" in one.rows["placement"]
        else one
        for one in made.placements(PARTS, WHOLES)
    ]
    drawn = chart(*groups)
    *others, rest = drawn.lines
    assert all("late" in r.flags for r in rest.line.readings)
    assert not [r for d in others for r in d.line.readings if r.flags]
    (mark,) = named(drawn.spec(), "mark")
    assert (mark["text"], mark["x"]) == ("1", 2023.0)


def test_a_footprint_beside_a_member_of_it_says_that_the_lines_are_not_added_up():
    both = ["Cumbria footprint", "Cumbria", "Cumberland"]
    notes = chart(ss.series("plans.caseload", place=both)).notes
    said = "Cumbria footprint holds Cumbria and Cumberland: do not add these lines up."
    assert [n.text for n in notes if n.id.startswith("together")] == [said]
    alone = chart(ss.series("plans.caseload", place=["Cumbria footprint", "Devon"])).notes
    assert not [n for n in alone if n.id.startswith("together")]


# C5 ---------------------------------------------------------------------------------------------


def test_c5_beyond_four_lines_all_but_the_one_in_focus_are_grey():
    spec = chart(five_regions()).spec()
    colours = [trace["line"]["color"] for trace in spec["data"]]
    assert colours.count(SCHEMES["light"].context) == 4
    assert spec["data"][-1]["name"] == "England"
    (label,) = named(spec, "label")
    assert "England" in label["text"]


def test_c5_a_focus_can_be_any_line_and_must_be_one():
    drawn = chart(five_regions(), focus="London")
    assert drawn.lines[0].line.label == "London"
    with pytest.raises(WrongUse, match="need one of them in focus"):
        chart(five_regions(), focus="Kent")
    with pytest.raises(WrongUse, match="5 lines need"):
        chart(places(["A", "B", "C", "D", "E"]))


def test_c5_shares_have_four_named_groups_one_grey_rest_and_a_table_of_all():
    drawn = placements()
    assert drawn.kind == "share"
    roles = [d.role for d in drawn.lines]
    assert roles == ["series"] * 4 + ["other"]
    assert drawn.lines[-1].line.label == "All other and not recorded"
    assert drawn.headings == (
        "Period", "Mainstream", "Special", "Further education", "Alternative provision",
        "Early years", "All other and not recorded",
    )  # fmt: skip
    # 1000 - 400 - 350 - 150 - 10 of 1000
    assert drawn.rows[0][-1] == "9.0%"
    assert drawn.rows[0][5] == "0.5%"


def test_c5_not_recorded_is_part_of_the_rest_and_never_a_named_group():
    parts = {**PARTS, "not_recorded": dict.fromkeys(WHOLES, 300)}
    drawn = chart(*made.placements(parts, WHOLES))
    assert "Not recorded" not in [d.line.label for d in drawn.lines]
    assert "Not recorded" in drawn.headings
    # the four named groups are the same ones, so the rest is too
    assert drawn.rows[0][-1] == "9.0%"


def test_c5_a_rest_is_never_worked_out_without_every_part():
    parts = {k: dict(v) for k, v in PARTS.items()}
    del parts["special"]["2024-01"]
    drawn = chart(*made.placements(parts, WHOLES), kind="share")
    rest = {r.period: r for r in drawn.lines[-1].line.readings}
    assert rest["2024-01"].value is None
    assert rest["2023-01"].value == Fraction(9)
    bare = [
        made.series(
            [made.row(p, 20.0, placement=k) for p in WHOLES], id="s", title="T", unit="percent"
        )
        for k in ("mainstream", "special", "ap_pru")
    ]
    drawn = chart(*bare)
    assert [d.role for d in drawn.lines] == ["series"] * 3
    assert "All other and not recorded" not in drawn.headings


# C6 ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("scheme", "size"), EVERY)
def test_c6_direct_labels_never_touch_and_stand_in_for_a_legend(scheme, size):
    used = SIZES[size]
    spec = chart(places(["Kent", "Bournemouth, Christchurch and Poole", "Surrey", "York"])).spec(
        scheme, size
    )
    low, high = spec["layout"]["yaxis"]["range"]
    boxes = []
    for label in named(spec, "label"):
        middle = (high - label["y"]) / (high - low) * used.plot_height
        middle += label["ay"] if label["showarrow"] else -label["yshift"]
        half = (label["text"].count("<br>") + 1) * used.text * 1.3 / 2
        boxes.append((middle - half, middle + half))
    assert len(boxes) == 4
    for (_, upper), (lower, _) in pairwise(boxes):
        assert upper <= lower
    assert "showlegend" not in spec["layout"]


def test_c6_labels_that_do_not_fit_become_a_legend_above():
    names = ["a very long name of a local authority in the north of England " * 3 + x for x in "AB"]
    spec = chart(places(names)).spec("light", "phone")
    assert named(spec, "label") == []
    assert spec["layout"]["showlegend"] is True
    assert spec["layout"]["legend"]["y"] > 1
    assert spec["layout"]["legend"]["itemclick"] is False


# C7, C23 ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("scheme", SCHEMES)
def test_c7_c23_lines_differ_by_dash_and_marker_so_that_they_print_in_black_and_white(scheme):
    traces = placements().spec(scheme)["data"]
    dashes = [t["line"]["dash"] for t in traces]
    assert len(set(dashes)) == len(dashes) == 5
    coloured = [t for t in traces if t["line"]["color"] != SCHEMES[scheme].other]
    assert len({t["marker"]["symbol"] for t in coloured}) == 4


# C8 ---------------------------------------------------------------------------------------------


def test_c8_contrast_is_that_of_wcag():
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)
    # measured values of docs: dark blue on white, orange on the dark ground
    assert contrast("#12436D", "#FFFFFF") == pytest.approx(10.25, abs=0.01)
    assert contrast("#F46A25", "#0B0C0C") == pytest.approx(6.47, abs=0.01)


@pytest.mark.parametrize("name", SCHEMES)
def test_c8_colours_are_the_analysis_functions_and_stand_out(name):
    scheme = SCHEMES[name]
    drawn = {*scheme.series, *scheme.duo, scheme.context, scheme.other}
    assert drawn <= AF
    for colour in (*scheme.series, *scheme.duo, scheme.other):
        assert contrast(colour, scheme.paper) >= (6 if name == "dark" else 3)
    for colour in (scheme.text, scheme.muted):
        assert contrast(colour, scheme.paper) >= 4.5


def test_c8_two_series_take_the_pair_of_dark_blue_and_orange():
    traces = chart(places(["A", "B"])).spec()["data"]
    assert {t["line"]["color"] for t in traces} == {"#12436D", "#F46A25"}


@pytest.mark.parametrize(("scheme", "size"), EVERY)
def test_c8_text_is_never_in_a_series_colour(scheme, size):
    layout = placements().spec(scheme, size)["layout"]
    colours = {a["font"]["color"] for a in layout["annotations"]}
    assert colours <= {SCHEMES[scheme].text, SCHEMES[scheme].muted}


# C9 ---------------------------------------------------------------------------------------------


def test_c9_an_axis_without_zero_says_so():
    rows = [made.row(f"{2015 + n}-01", 1000.0 + n) for n in range(8)]
    flat = chart(made.series(rows))
    low = flat.spec()["layout"]["yaxis"]["range"][0]
    assert low > 0
    assert flat.from_zero is False
    assert flat.subtitle.endswith(f"The scale starts at {low:,.0f}, not at 0")
    forced = chart(made.series(rows), zero=True)
    assert forced.spec()["layout"]["yaxis"]["range"][0] == 0
    assert "scale starts" not in forced.subtitle
    assert chart(made.caseload()).spec()["layout"]["yaxis"]["range"][0] == 0


def test_c9_negative_values_keep_zero_on_the_axis():
    rows = [made.row("2020-01", -500.0), made.row("2021-01", 1500.0)]
    axis = chart(made.series(rows)).spec()["layout"]["yaxis"]
    assert axis["range"][0] <= -500
    assert axis["zeroline"] is True
    assert "\N{MINUS SIGN}500" in axis["ticktext"]


# C10 --------------------------------------------------------------------------------------------


def test_c10_a_null_breaks_the_line_and_is_never_zero():
    rows = [made.row("2019-01", 5.0), made.row("2020-01", None), made.row("2021-01", 7.0)]
    drawn = chart(made.series(rows))
    (trace,) = drawn.spec()["data"]
    assert trace["y"] == [5, None, 7]
    assert trace["connectgaps"] is False
    assert trace["marker"]["size"][0] > 0
    assert drawn.rows[1] == ("January 2020", "suppressed")
    assert [n.text for n in drawn.notes] == ["Not shown, suppressed: January 2020."]


def test_c10_a_missing_row_breaks_the_line_too():
    rows = [made.row(f"{y}-01", float(y)) for y in (2019, 2021, 2022)]
    (trace,) = chart(made.series(rows)).spec()["data"]
    assert trace["y"] == [2019, None, 2021, 2022]


def test_c10_a_break_has_a_rule_and_a_label_between_its_periods():
    spec = chart(made.timeliness(notes=(BREAK,))).spec()
    (rule,) = spec["layout"]["shapes"]
    assert (rule["x0"], rule["x1"], rule["line"]["dash"]) == (2021.5, 2021.5, "4px,4px")
    (label,) = named(spec, "break")
    assert (label["text"], label["x"]) == ("New return [1]", 2021.5)


def test_c10_break_labels_shorten_before_they_touch():
    near = (BREAK, Note("b", "break", "Another.", "2020", "Another long label of a break"))
    wide = [a["text"] for a in named(chart(made.timeliness(notes=near)).spec(size="wide"), "break")]
    phone = [
        a["text"] for a in named(chart(made.timeliness(notes=near)).spec(size="phone"), "break")
    ]
    assert wide == ["Another long label of a break [1]", "New return [2]"]
    assert phone == ["[1]", "[2]"]


def test_c10_a_break_outside_the_periods_is_not_drawn():
    for period in ("2015", "2030"):
        outside = replace(BREAK, period=period)
        assert "shapes" not in chart(made.timeliness(notes=(outside,))).spec()["layout"]


# C11 --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("drawn", [placements(), chart(made.caseload()), chart(five_regions())])
def test_c11_one_value_axis_and_nothing_but_lines(drawn):
    spec = drawn.spec()
    assert {t["type"] for t in spec["data"]} == {"scatter"}
    assert not [k for k in spec["layout"] if re.fullmatch(r"[xy]axis\d+", k)]
    assert not any("yaxis" in t for t in spec["data"])


def test_c11_two_units_are_refused_and_so_are_two_universes_or_bases():
    with pytest.raises(Refused, match="one chart has one unit"):
        chart(made.caseload(), made.timeliness())
    other = made.series([made.row("2020-01", 1.0)], universe="pupils", id="p", title="P")
    with pytest.raises(Refused, match="universe: plans_home_authority, pupils"):
        chart(made.caseload(), other)
    assert len(chart(made.caseload(), other, mixed=True).lines) == 2


# C12 --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("drawn", [placements(), chart(made.caseload()), chart(five_regions())])
def test_c12_every_figure_of_the_alternative_text_is_in_the_table(drawn):
    assert len(drawn.alt.split()) <= 50
    assert drawn.alt.startswith("Line chart")
    table = " ".join(" ".join(row) for row in drawn.rows)
    told = drawn.alt.split("Change")[0]
    for text in re.findall(r"\d[\d,]*\.?\d*%", told):
        assert text in table
    assert drawn.spec()["layout"]["meta"]["alt"] == drawn.alt


# C15 (text sizes; boxes are measured in a browser) ----------------------------------------------


@pytest.mark.parametrize(("scheme", "size"), EVERY)
def test_c15_no_text_is_under_twelve_pixels_or_twelve_points_in_a_report(scheme, size):
    text = json.dumps(placements().spec(scheme, size))
    sizes = [float(x) for x in re.findall(r'"font": \{[^{}]*"size": (\d+)', text)]
    sizes += [float(x) for x in re.findall(r'"tickfont": \{[^{}]*"size": (\d+)', text)]
    assert len(sizes) > 5
    assert min(sizes) >= (16 if size == "report" else 12)


# C17 (figures and words; images are made in a browser) ------------------------------------------


def test_c17_csv_json_table_and_figure_hold_the_same_numbers():
    drawn = placements()
    rows = list(csv.DictReader(io.StringIO(drawn.to_csv())))
    by_line = {}
    for row in rows:
        by_line.setdefault(row["line"], []).append(float(row["value"]))
    for trace in drawn.spec()["data"]:
        assert by_line[trace["name"]] == trace["y"]
    assert list(by_line) == drawn.metadata()["lines"] == list(drawn.headings[1:])
    first = [f"{values[0]:.1f}%" for values in by_line.values()]
    assert list(drawn.rows[0][1:]) == first
    assert rows[0]["numerator"] == "400"
    assert rows[0]["denominator"] == "1000"
    assert json.loads(json.dumps(drawn.metadata()))["input_sha256"] == drawn.digest


# C19 --------------------------------------------------------------------------------------------


def test_c19_axes_print_british_numbers():
    layout = chart(made.caseload()).spec()["layout"]
    assert layout["yaxis"]["ticktext"][-1] == "750,000"
    assert layout["xaxis"]["ticktext"][-1] == "2026"
    assert layout["template"]["layout"]["separators"] == ".,"
    text = chart(made.timeliness()).spec()["data"][0]["text"][-1]
    assert text == "<b>England</b><br>2024: 46.4%<br>39,407 of 84,866"


# C16, C20 ---------------------------------------------------------------------------------------


def test_c16_c20_no_toolbar_logo_share_button_or_zoom():
    drawn = chart(made.caseload())
    config = drawn.config
    assert config["displayModeBar"] is False
    assert config["displaylogo"] is False
    assert "sendChartToCloud" in config["modeBarButtonsToRemove"]
    assert config["scrollZoom"] is False
    template = drawn.spec()["layout"]["template"]["layout"]
    assert template["dragmode"] is False
    assert template["xaxis"]["fixedrange"] is True
    assert template["yaxis"]["fixedrange"] is True


# C21 --------------------------------------------------------------------------------------------


def keys(value):
    if isinstance(value, dict):
        yield from value
        for one in value.values():
            yield from keys(one)
    elif isinstance(value, list):
        for one in value:
            yield from keys(one)


def test_c21_a_notebook_stores_plain_numbers_and_words_the_same_each_time():
    bundles = [placements()._repr_mimebundle_() for _ in range(2)]
    assert json.dumps(bundles[0]) == json.dumps(bundles[1])
    figure = bundles[0]["application/vnd.plotly.v1+json"]
    assert "bdata" not in set(keys(figure))
    assert figure["config"]["displaylogo"] is False
    drawn = placements()
    assert bundles[0]["text/plain"].split("\n") == [
        drawn.title, drawn.subtitle, drawn.alt, drawn.source
    ]  # fmt: skip


@pytest.mark.parametrize(("scheme", "size"), EVERY)
def test_c21_plotly_accepts_the_figure_and_changes_nothing(scheme, size):
    drawn = placements()
    figure = drawn.figure(scheme, size=size)
    assert isinstance(figure, go.Figure)
    spec = drawn.spec(scheme, size)
    # plotly.py leaves uids out of what it returns
    for trace in spec["data"]:
        del trace["uid"]
    assert json.loads(figure.to_json()) == json.loads(json.dumps(spec))


def test_c21_nothing_is_registered_with_plotly():
    before = (pio.templates.default, list(pio.templates))
    placements().figure()
    assert (pio.templates.default, list(pio.templates)) == before


# C22 --------------------------------------------------------------------------------------------


def test_c22_a_rate_of_a_small_base_is_not_drawn_and_said():
    rows = [made.rate("2020", 40, 80), made.rate("2021", 9, 29), made.rate("2022", 50, 90)]
    drawn = chart(made.series(rows, **made.TIMED))
    assert drawn.spec()["data"][0]["y"] == [50.0, None, 55.6]
    assert [n.text for n in drawn.notes] == ["Not shown, a rate of fewer than 30: 2021."]
    assert "31.0" not in drawn.to_csv()
