"""What changed between two releases of a table, on made-up figures of each kind of change."""

from dataclasses import replace
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

import polars as pl
import pytest

from builders import ENGLAND, NORTH_EAST, lines, write
from sendstats.catalogue.labels import spellings, topics
from sendstats.catalogue.places import LOCAL, of_level, places
from sendstats.catalogue.revisions import Redefinition, redefinitions
from sendstats.catalogue.tables import table
from sendstats.ingest import text
from sendstats.ingest.table import ingest
from sendstats.quality.revisions import meanings
from sendstats.quality.revisions.cells import Vintage
from sendstats.quality.revisions.compare import compare
from sendstats.quality.revisions.labels import labels
from sendstats.quality.revisions.schema import KINDS, REVISIONS

DEN, NUM = "issued.including_exceptions", "within_20_weeks.including_exceptions"
RATE = "within_20_weeks.including_exceptions.percent"
DURHAM = "840"


@pytest.fixture
def vintage(tmp_path):
    """Return a function that makes a vintage of made-up rows."""

    def make(rows, table_id="timeliness", release="2025", *, extract=False, **changes):
        meant = table(table_id)
        layout = meant.layout(release)
        fill = "z" if release == "2022" else "x"
        path = write(tmp_path / layout.file, lines(table_id, release, rows, fill))
        frame = ingest(path, meant, release)
        return Vintage(meant, release, frame, extract, layout, **changes)

    return make


@pytest.fixture
def england(vintage):
    """Return a function that compares England's row of one year in two releases."""

    def run(old, new, **how):
        rows = [[{"place": ENGLAND, "label": 2024} | one] for one in (old, new)]
        return compare(vintage(rows[0], **how), vintage(rows[1], **how))

    return run


def told(found, *columns):
    return list(found.select("kind", *columns).iter_rows())


def test_equal_releases_show_no_change(england):
    found = england({DEN: 120, RATE: 50.3}, {DEN: 120, RATE: 50.3})
    assert found.is_empty()
    assert found.schema == REVISIONS


@pytest.mark.parametrize(
    ("old", "new", "revised"),
    [
        ("57.900000000000", "57.9", False),  # the same number
        ("100", "100.0", False),
        (" 47.665", "47.7", False),
        ("3.65", "3.7", False),  # printed to one decimal less
        ("63.75", "63.7", False),  # a tie, printed the other way
        ("3.65", "3.8", True),
        ("50.3", "50.4", True),
        ("45", "45.3", True),  # the zero of 45.0 is not printed, and still a decimal
        ("39.9406", "39.9", False),
        ("39.9406", "40.0", True),
    ],
)
def test_printed_decimals_are_respected(england, old, new, revised):
    """A rate printed otherwise is no revision; one that no rounding explains is."""
    found = england({RATE: old}, {RATE: new})
    assert told(found, "old", "new") == ([("revised", old.strip(), new)] if revised else [])


def rates(decimals, by=0):
    """A rate of every authority, printed half up to some decimals, zeros at the end left out."""
    unit = Decimal(1).scaleb(-decimals)
    rows = []
    for n, place in enumerate(of_level(LOCAL)):
        exact = Decimal(7919 * n % 997) / Decimal(997) * 99 + Decimal(by)
        printed = f"{exact.quantize(unit, ROUND_HALF_UP):f}"
        printed = printed.rstrip("0").rstrip(".") if "." in printed else printed
        rows.append({"place": place.key, "label": 2021, RATE: printed})
    return [row for row in rows if places()[row["place"]].in_force(date(2022, 1, 15))]


@pytest.mark.parametrize(("old", "new"), [(1, 1), (5, 1), (1, 5), (4, 2), (9, 1)])
def test_no_way_of_printing_makes_a_revision_and_none_hides_one(vintage, old, new):
    """One rate of each of 152 authorities; then every one larger by two tenths."""
    same = compare(vintage(rates(old)), vintage(rates(new)))
    assert same.is_empty()
    moved = compare(vintage(rates(old)), vintage(rates(new, by="0.2")))
    assert moved.height == len(rates(new)) == 152
    assert {*moved["kind"]} == {"revised"}


def test_counts_are_compared_exactly(england):
    (row,) = england({DEN: 120}, {DEN: 121}).iter_rows(named=True)
    assert (row["kind"], row["column"], row["change"]) == ("revised", DEN, 1.0)
    assert (row["period"], row["place_name"], row["cells"]) == ("2024", "England", 1)
    assert (row["old_release"], row["new_release"]) == ("2025", "2025")
    assert (row["old_row"], row["new_row"]) == (1, 1)
    assert row["old_column"] == row["new_column"] == "plans_issued_den"


def test_the_effect_on_england_stands_beside_an_authority(vintage):
    def rows(whole, durham):
        return [
            {"place": ENGLAND, "label": 2024, DEN: whole},
            {"place": DURHAM, "label": 2024, DEN: durham},
        ]

    found = compare(vintage(rows(900, 70)), vintage(rows(910, 80)))
    assert told(found, "place_name", "old", "new", "england_old", "england_new") == [
        ("revised", "England", "900", "910", "900", "910"),
        ("revised", "County Durham", "70", "80", "900", "910"),
    ]


@pytest.mark.usefixtures("blanks")
@pytest.mark.parametrize(
    ("old", "new", "note"),
    [
        (0, "x", "a number → unavailable"),
        ("x", 0, "unavailable → a number"),
        ("x", "no data", "unavailable → no data"),
        ("", 5, "blank → a number"),
    ],
)
def test_a_number_and_a_symbol_are_never_one_thing(vintage, old, new, note):
    """Another place has a number both times, so the figure itself is published."""

    def rows(durham):
        return [
            {"place": ENGLAND, "label": 2024, DEN: 900},
            {"place": DURHAM, "label": 2024, DEN: durham},
        ]

    found = compare(vintage(rows(old)), vintage(rows(new)))
    assert told(found, "place_name", "note") == [("symbol", "County Durham", note)]


def test_a_figure_that_no_place_has_any_more_is_one_line(vintage):
    def rows(count):
        return [{"place": p, "label": 2024, DEN: 9, NUM: count} for p in (ENGLAND, NORTH_EAST)]

    gone = compare(vintage(rows(5)), vintage(rows("x")))
    come = compare(vintage(rows("x")), vintage(rows(5)))
    columns = ("column", "place_name", "old", "new", "cells")
    assert told(gone, *columns) == [("withdrawn", NUM, "England", "5", "x", 2)]
    assert told(come, *columns) == [("added", NUM, "England", "x", "5", 2)]


def test_rows_that_one_release_lacks(vintage):
    both = [{"place": ENGLAND, "label": 2024, DEN: 9}]
    more = [*both, {"place": DURHAM, "label": 2024, DEN: 1}]
    assert told(compare(vintage(more), vintage(both)), "place_name", "old_row", "note") == [
        ("withdrawn", "County Durham", 2, "1 row")
    ]
    assert told(compare(vintage(both), vintage(more)), "place_name", "new_row", "note") == [
        ("added", "County Durham", 2, "1 row")
    ]


def test_a_whole_topic_or_item_is_one_line(vintage):
    def row(item, place=ENGLAND):
        return {"place": place, "label": 2024, DEN: 9} | ({"breakdown": item} if item else {})

    whole, girls, boys = row(None), row(("Sex", "Female")), row(("Sex", "Male"))
    of_durham = [row(("Sex", x), DURHAM) for x in ("Female", "Male")]
    every = [whole, girls, boys, *of_durham]
    found = compare(vintage(every), vintage([whole]))
    assert told(found, "topic", "item", "place", "note") == [
        ("withdrawn", "sex", None, None, "4 rows")
    ]
    found = compare(vintage(every), vintage([whole, girls, of_durham[0]]))
    assert told(found, "topic", "item", "note") == [("withdrawn", "sex", "male", "2 rows")]


@pytest.mark.usefixtures("blanks")
@pytest.mark.parametrize("lacking", ["rows", "cells"])
def test_what_an_extract_lacks_is_no_change(vintage, lacking):
    both = {"place": ENGLAND, "label": 2024, DEN: 9, NUM: 5}
    less = [both | {NUM: ""}] if lacking == "cells" else [both]
    more = [both, {"place": DURHAM, "label": 2024, DEN: 1, NUM: 1}]
    extract, whole = vintage(less, extract=True), vintage(more)
    assert compare(whole, extract).is_empty()
    assert compare(extract, whole).is_empty()


def test_of_a_table_stored_in_part_only_undivided_rows_are_missed(vintage):
    whole = {"place": ENGLAND, "label": 2024, DEN: 9}
    girls = whole | {"breakdown": ("Sex", "Female")}
    durham = whole | {"place": DURHAM}
    part = vintage([whole], whole=False)
    assert told(compare(vintage([whole, girls, durham]), part), "place_name", "topic") == [
        ("withdrawn", "County Durham", "total")
    ]


def test_a_breakdown_stored_for_england_alone_tells_nothing_of_other_places(vintage):
    """Some authority may still have the number that England lacks."""

    def rows(count):
        row = {"place": ENGLAND, "label": 2024, DEN: count}
        return [row, row | {"breakdown": ("Sex", "Female")}]

    old, new = vintage(rows(9), whole=False), vintage(rows("x"), whole=False)
    assert told(compare(old, new), "topic") == [("symbol", "sex"), ("withdrawn", "total")]


def test_only_periods_that_both_publish_are_compared(vintage):
    rows = [{"place": ENGLAND, "label": year, DEN: year} for year in (2023, 2024)]
    assert compare(vintage(rows[:1]), vintage(rows[1:])).is_empty()
    assert compare(vintage(rows), vintage(rows[1:])).is_empty()


def caseload(place=ENGLAND, **counts):
    return {"place": place, "label": "202425", "plans": 1000} | counts


def test_a_split_is_a_change_of_definition_and_its_sum_is_checked(vintage):
    """Special academies and free schools are one column, then two."""
    old = [caseload(p, **{"special.academy_or_free": 90}) for p in (ENGLAND, DURHAM)]
    parts = {"special.academy": 60, "special.free_school": 30}
    new = [caseload(**parts), caseload(DURHAM, **parts)]
    how = {"table_id": "caseload"}

    def found(rows):
        return compare(
            vintage(old, **how), vintage(rows, release="2026", extract=True, **how)
        ).filter(pl.col("kind") != "relabelled")

    (line,) = found(new).iter_rows(named=True)
    assert (line["kind"], line["column"]) == ("redefined", "special.academy_or_free")
    assert (line["old"], line["new"], line["change"]) == ("90", "60 + 30", 0.0)
    assert (line["place_name"], line["cells"]) == ("England", 2)
    assert line["note"].endswith("The sums agree in 2 of 2 places.")
    assert line["new_column"] == "special_academy + special_free_school"
    new[1]["special.academy"] = 63
    kinds = told(found(new), "place_name", "old", "new", "change")
    assert kinds[0] == ("revised", "County Durham", "90", "63 + 30", 3.0)
    assert kinds[1][0] == "redefined"


def test_a_part_that_is_not_printed_leaves_a_sum_unchecked_unless_it_may_lack(vintage):
    """Before the split the academies hold both, and free schools hold a symbol."""
    how = {"table_id": "caseload"}
    old = vintage([caseload(**{"special.academy_or_free": 90})], **how)

    def new(academies, free):
        parts = {"special.academy": academies, "special.free_school": free}
        return vintage([caseload(**parts)], release="2026", extract=True, **how)

    assert "redefined" in compare(old, new(90, "x"))["kind"]
    assert "redefined" not in compare(old, new("x", 90))["kind"]


def test_a_merger_is_a_change_of_definition(vintage):
    """Reasons that were not recorded count among the other reasons."""

    def row(**counts):
        return [{"place": ENGLAND, "label": 2024, "total": 50} | counts]

    old = vintage(row(other=20, not_recorded=5), "ceased")
    new = vintage(row(other=25), "ceased", "2026", extract=True)
    assert told(compare(old, new), "column", "old", "new", "change") == [
        ("redefined", "other", "5 + 20", "25", 0.0)
    ]


def test_rows_that_were_merged_are_a_change_of_definition(vintage):
    """The rows of two items became one; its sum is checked like that of columns."""

    def rows(*items):
        return [
            caseload(breakdown=("Years EHC plan in place", label), plans=count, mainstream=count)
            for label, count in items
        ]

    old = vintage(rows(("Less than a year", 20), ("1", 15), ("2", 9)), "caseload")
    merged = rows(("1 or less", 36), ("2", 9))
    new = vintage(merged, "caseload", "2026", extract=True)
    found = compare(old, new).filter(pl.col("kind") != "relabelled")
    assert told(found, "topic", "item", "column", "old", "new", "change") == [
        ("revised", "years_in_place", "1_or_less", "mainstream", "15 + 20", "36", 1.0),
        ("revised", "years_in_place", "1_or_less", "plans", "15 + 20", "36", 1.0),
        ("redefined", "years_in_place", "1_or_less", "mainstream", "15 + 20", "36", 1.0),
        ("redefined", "years_in_place", "1_or_less", "plans", "15 + 20", "36", 1.0),
    ]


def test_rows_that_were_split_are_neither_withdrawn_nor_added(vintage):
    def rows(*items):
        return [
            {"place": ENGLAND, "label": 2024, "total": n, "breakdown": ("Type of placement", label)}
            for label, n in items
        ]

    old = vintage(rows(("Special - Academy/free schools", 9)), "ceased")
    split = rows(("Special - Academy", 6), ("Special - Free school", 3))
    later = vintage(split, "ceased", "2026", extract=True)
    new = replace(later, extract=False)  # as the whole release will be
    found = compare(old, new)
    assert {*found["kind"]} == {"redefined"}
    assert told(found.filter(column="total"), "item", "old", "new") == [
        ("redefined", "special.academy_or_free", "9", "6 + 3")
    ]


def test_all_rows_of_a_topic_can_mean_something_else(vintage, monkeypatch):
    """Ages taken at another date: every row of the topic moves, and nothing adds up."""
    topics = table("timeliness").layout("2025").topics
    topic, ours = next((t, x) for t, x in topics.items() if x.startswith("age"))
    moved = Redefinition(("timeliness",), ("C",), ("C",), "Ages.", topic=ours, adds_up=False)
    monkeypatch.setattr(meanings, "redefinitions", lambda: (moved,))

    def rows(whole, ten):
        row = {"place": ENGLAND, "label": 2024}
        return [row | {DEN: whole}, row | {DEN: ten, "breakdown": (topic, "age 10")}]

    found = compare(vintage(rows(90, 5)), vintage(rows(91, 7)))
    assert told(found, "item", "old", "new", "note") == [
        ("revised", "total", "90", "91", ""),
        ("redefined", "10", "5", "7", "Ages."),
    ]


def test_another_basket_is_a_change_of_definition_whatever_its_sum(vintage):
    def row(value):
        return [{"place": ENGLAND, "label": 2020, "plans": 900, "elsewhere_published": value}]

    old = vintage(row(13), "new_plans")
    new = vintage(row(24), "new_plans", "2026", extract=True)
    found = compare(old, new).filter(pl.col("kind") != "relabelled")
    assert told(found, "old", "new", "change") == [("redefined", "13", "24", 11.0)]
    assert "basket" in found["note"][0]


def test_a_percentage_of_something_else_is_a_change_of_definition(vintage):
    """The declared ratios of the two layouts say what each divides by."""

    def row(rate):
        return [{"place": ENGLAND, "label": 2020, "issued": 9, "issued.percent": rate}]

    found = compare(vintage(row(94.9), "assessments", "2022"), vintage(row(94.4), "assessments"))
    kinds = found.filter(pl.col("kind").is_in(["revised", "redefined"]))
    said = "The percentage divides by assessed; it divided by decided."
    assert told(kinds, "column", "change", "note") == [("redefined", "issued.percent", -0.5, said)]


def test_placements_as_rows_and_as_columns_are_the_same_cells(vintage):
    """Hospital schools were a row of their own and are part of maintained special schools now."""
    groups = {
        ("Total", "Total"): 100,
        ("Mainstream school", "Total"): 40,
        ("Special school", "Special - LA maintained"): 50,
        ("Special school", "Hospital School"): 10,
    }
    old = [
        {"place": ENGLAND, "label": 2020, "placement": pair, "plans": n}
        for pair, n in groups.items()
    ]
    new = {"plans": 100, "mainstream": 41, "special.la_maintained": 60}
    how = {"table_id": "caseload"}
    found = compare(
        vintage(old, release="2022", **how),
        vintage([{"place": ENGLAND, "label": "201920"} | new], **how),
    )
    values = found.filter(pl.col("change").is_not_null())
    assert told(values, "column", "old", "new", "period") == [
        ("revised", "mainstream", "40", "41", "2020-01"),
        ("redefined", "special.la_maintained", "10 + 50", "60", "2020-01"),
    ]
    shape = found.filter(pl.col("kind") == "relabelled")
    assert told(shape, "old", "new") == [
        ("relabelled", "placements are rows", "placements are columns")
    ]


def test_figures_without_a_counterpart(vintage):
    """Columns, and placements of a long layout, that the other release has nowhere."""
    pair = ("Educated elsewhere", "Total")
    old = [{"place": ENGLAND, "label": 2020, "plans": 100}]
    old.append({"place": ENGLAND, "label": 2020, "plans": 7, "placement": pair})
    new = [{"place": ENGLAND, "label": "201920", "plans": 100, "early_years": 3}]
    how = {"table_id": "caseload"}
    found = compare(vintage(old, release="2022", **how), vintage(new, **how))
    lines_ = found.filter(pl.col("kind").is_in(["withdrawn", "added"]))
    assert told(lines_, "column", "cells") == [
        ("withdrawn", "elsewhere_old_group", 1),
        ("added", "early_years", 1),
    ]


def test_a_figure_missing_in_a_row_that_both_have(vintage):
    """A long layout has no row for a placement that the wide one prints."""
    old = [
        {"place": p, "label": 2020, "plans": 100, "placement": pair}
        for p, pair in (
            (ENGLAND, ("Total", "Total")),
            (DURHAM, ("Total", "Total")),
            (DURHAM, ("Mainstream school", "Total")),
        )
    ]
    new = [
        {"place": p, "label": "201920", "plans": 100, "mainstream": 100} for p in (ENGLAND, DURHAM)
    ]
    how = {"table_id": "caseload"}
    before, after = vintage(old, release="2022", **how), vintage(new, **how)
    alone = compare(before, after).filter(pl.col("kind") == "added")
    assert told(alone, "column", "new", "cells") == [("added", "mainstream", "100", 1)]


def test_a_column_spelled_otherwise(vintage):
    row = [{"place": ENGLAND, "label": 2024, DEN: 9}]
    found = compare(vintage(row), vintage(row, release="2026", extract=True))
    spelled = dict(found.select("old", "new").iter_rows())
    assert spelled["PC_plans_issued_20_weeks_ex"] == "pc_plans_issued_20_weeks_ex"
    assert {*found["kind"]} == {"relabelled"}


def test_labels_codes_names_and_order(vintage, tmp_path):
    """The raw files tell how things are spelled; none of it changes a figure."""

    def files(rows, swap=()):
        printed = lines("timeliness", "2025", rows)
        for row in printed:
            row.update({k: v for k, v in swap if row["la_name"] == "County Durham"})
        path = write(tmp_path / "timeliness_20_week.csv", printed)
        frame = ingest(path, table("timeliness"), "2025")
        kept = table("timeliness").layout("2025")
        held = Vintage(table("timeliness"), "2025", frame, extract=False, layout=kept)
        return held, text.scan(path).rename({text.ROW: "row"}).collect().lazy()

    def age(label):
        return {"place": DURHAM, "label": 2020, "breakdown": ("Child or young persons age", label)}

    whole = [{"place": p, "label": 2020} for p in (ENGLAND, DURHAM)]
    old, was = files([*whole, age("age 10")])
    new, now = files([*whole[::-1], age("Aged 10")], [("new_la_code", "E06000047")])
    names = now.collect_schema().names()
    now = now.select("row", "time_identifier", "time_period", *names[3:])
    found = labels(old, new, was, now)
    assert told(found.filter(pl.col("kind") == "relabelled"), "item", "old", "new") == [
        ("relabelled", "10", "age 10", "Aged 10")
    ]
    orders = found.filter(pl.col("kind") == "reordered")
    assert orders["note"].to_list()[0] == "order of columns"
    assert orders["note"].to_list()[1].startswith("order of rows")


def test_a_place_with_another_code_and_name(vintage):
    row = [{"place": DURHAM, "label": 2020, DEN: 9}]
    held = vintage(row)
    was = pl.DataFrame(lines("timeliness", "2025", row)).with_row_index("row", offset=1)
    now = was.with_columns(pl.lit("E0").alias("new_la_code"), pl.lit("Durham").alias("la_name"))
    found = labels(held, held, was.lazy(), now.lazy())
    assert told(found, "place", "old", "new") == [
        ("relabelled", DURHAM, "County Durham", "Durham"),
        ("recoded", DURHAM, "E06000047", "E0"),
    ]


def test_a_layout_without_labels_and_an_extract(vintage):
    row = [{"place": ENGLAND, "label": 2020}]
    held = vintage(row, "requests", "2022", extract=True)
    text_of = pl.DataFrame(lines("requests", "2022", row)).with_row_index("row", offset=1)
    assert labels(held, held, text_of.lazy(), text_of.lazy()).is_empty()


def test_words_in_cells_are_compared_as_words(vintage, monkeypatch):
    """A word is neither a number nor a symbol."""
    held = vintage([{"place": ENGLAND, "label": 2024, DEN: 9}])
    yes, no = (
        Vintage(
            held.table, "2025", held.frame.with_columns(pl.lit(w).alias(DEN)), False, held.layout
        )
        for w in ("Yes", "No")
    )
    assert told(compare(yes, no), "old", "new") == [("revised", "Yes", "No")]


def test_a_word_spelled_otherwise_is_relabelled(vintage):
    """``Y`` and ``Yes`` are one item of the group that lists the words of a column."""
    held = vintage([{"place": ENGLAND, "label": 2024, DEN: 9}])
    layout = replace(held.layout, texts={DEN: "sex"})
    unknown, other = (
        replace(held, layout=layout, frame=held.frame.with_columns(pl.lit(w).alias(DEN)))
        for w in ("Unknown", "Not known")
    )
    assert told(compare(unknown, other), "column", "item", "old", "new", "cells") == [
        ("relabelled", DEN, "unknown", "Unknown", "Not known", 1)
    ]


def test_every_change_of_definition_names_what_its_layouts_have():
    for one in redefinitions():
        assert one.why.endswith(".")
        if one.items:
            known = {*spellings(topics()[one.topic].labels).values()}
            assert {*one.old, *one.new} <= known
            assert not {*one.old} & {*one.new}
            continue
        for name in one.tables:
            layouts = {x.id: x for x in table(name).layouts}
            for side, ids in ((one.old, one.before), (one.new, one.after)):
                for held in (layouts[i] for i in ids if i in layouts and not layouts[i].long):
                    assert {*side} <= {*held.columns}, (name, held.id, side)


def test_kinds_are_sorted_by_weight():
    assert list(KINDS)[:3] == ["revised", "symbol", "redefined"]
