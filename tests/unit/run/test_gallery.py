"""The gallery is data, and every chart of it is drawn from the tables it is given."""

import pytest

from sendstats.catalogue import gallery as listed
from sendstats.errors import DataProblem, UnknownId
from sendstats.paths import project
from sendstats.run import gallery
from sendstats.store.tables import Store


def document(monkeypatch, *entries):
    monkeypatch.setattr(listed, "document", lambda name: {"chart": list(entries)})
    return listed.pictures.__wrapped__


def test_a_chart_is_drawn_with_its_id():
    drawn = gallery.charts(Store(project().processed), ["timeliness"])
    assert [chart.id for chart in drawn] == ["timeliness"]
    assert drawn[0].periods[0] == "2014"


def test_every_chart_of_the_gallery_can_be_drawn():
    drawn = gallery.charts(Store(project().processed))
    assert [chart.id for chart in drawn] == [picture.id for picture in listed.pictures()]


def test_an_unknown_chart_names_the_nearest():
    with pytest.raises(UnknownId, match="did you mean 'timeliness'"):
        gallery.charts(Store(project().processed), ["timelines"])


def test_an_export_has_pages_and_an_index(tmp_path):
    told = gallery.export_to(
        tmp_path,
        ["caseload"],
        project=project(),
        links={"Growth": "../notebooks/growth.ipynb"},
        images=False,
    )
    assert told
    for name in ("caseload.html", "caseload.csv", "caseload.json", "index.html"):
        assert (tmp_path / name).is_file()
    assert "../notebooks/growth.ipynb" in (tmp_path / "index.html").read_text()


def test_narrowing_is_only_what_is_set():
    asked = listed.Asked("plans.new.share", placement="mainstream")
    assert asked.narrowing == {"placement": "mainstream"}


def test_an_unknown_key_of_the_gallery_is_refused(monkeypatch):
    wrong = {"id": "a", "series": [{"series": "plans.new", "colour": "red"}]}
    with pytest.raises(DataProblem, match="unknown key"):
        document(monkeypatch, wrong)()


def test_two_charts_of_one_id_are_refused(monkeypatch):
    one = {"id": "a", "series": [{"series": "plans.new"}]}
    with pytest.raises(DataProblem, match="one id"):
        document(monkeypatch, one, one)()


def test_the_browser_is_part_of_what_a_drawing_depends_on(monkeypatch, tmp_path):
    monkeypatch.setenv("BROWSER_PATH", str(tmp_path / "absent"))
    assert gallery._browser() == "None"
