"""A file that the publisher replaced within a release is compared with what it was."""

from builders import ENGLAND, stored
from sendstats.run.amended import amended


def held(folder, plans, *more):
    rows = [{"place": ENGLAND, "label": "202425", "plans": plans}, *more]
    return stored(folder, {("caseload", "2025"): rows})


def test_an_amended_release_names_its_changes(tmp_path):
    old, new = held(tmp_path / "old", 900), held(tmp_path / "new", 910)
    first, second = amended(old, new)
    assert first.startswith("release 2025 was amended: 1 revised, 0 symbol, 0 redefined, ")
    assert (
        second
        == "  revised caseload January 2025 England ehcplans Total number of EHC plans 900 910"
    )


def test_the_first_few_are_named_and_the_rest_counted(tmp_path):
    columns = ["mainstream", "special", "ap_pru", "fe_post16", "early_years", "not_recorded"]
    rows = [
        {"place": "840", "label": "202425", "plans": 9} | dict.fromkeys(columns, n) for n in (1, 2)
    ]
    old, new = (held(tmp_path / str(n), 900, row) for n, row in enumerate(rows))
    lines = list(amended(old, new))
    assert len(lines) == 7
    assert lines[-1] == "  and 1 more"


def test_an_equal_file_and_a_new_release_are_no_amendment(tmp_path):
    same, again = held(tmp_path / "a", 900), held(tmp_path / "b", 900)
    assert list(amended(same, again)) == []
    other = stored(tmp_path / "c", {("caseload", "2022"): [{"place": ENGLAND, "label": 2020}]})
    assert list(amended(same, other)) == []
