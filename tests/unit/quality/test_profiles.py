"""How the plans of a place divide, against the pupils with plans in its schools."""

import pytest

from builders import ENGLAND, lines, write
from sendstats.catalogue.tables import table
from sendstats.ingest.table import ingest
from sendstats.quality.gates import Checks

RULE = "cases divide as the same cases do elsewhere"
#: Ours, and the label of the school census; plans and pupils of Peterborough, January 2025.
NEEDS = {
    "autistic_spectrum_disorder": ("Autistic spectrum disorder", 376, 856),
    "speech_language_and_communication_needs": (
        "Speech language and communications needs", 1_026, 296),
    "severe_learning_difficulty": ("Severe learning difficulty", 15, 161),
    "multi_sensory_impairment": ("Multi-sensory impairment", 139, 6),
    "hearing_impairment": ("Hearing impairment", 50, 40),
}  # fmt: skip
COLUMNS = [f"primary_need.{need}" for need in NEEDS]


def plans(place, whole, counts):
    return {"place": place, "label": 202425, "plans": whole} | dict(
        zip(COLUMNS, counts, strict=True)
    )


def pupils(place, counts):
    named = (label for label, *_ in NEEDS.values())
    return [
        {"place": place, "label": 202425, "items": {"primary_need": label}, "ehc_plans": n}
        for label, n in zip(named, counts, strict=True)
    ]


@pytest.fixture
def compared(tmp_path):
    def run(here, there):
        checks = Checks()
        england = plans(ENGLAND, 638_745, (201_183, 135_836, 25_681, 1_692, 9_000))
        for table_id, release, rows in (
            ("caseload_by_need", "2025", [england, plans("874", 2_908, here)]),
            ("pupils_by_need", "2024-25", there),
        ):
            meant = table(table_id)
            path = write(tmp_path / meant.layout(release).file, lines(table_id, release, rows))
            whole = table_id == "caseload_by_need"
            checks.add(ingest(path, meant, release), meant, release, extract=not whole)
        findings, flags, _ = checks.result()
        return [f for f in findings.rows(named=True) if f["rule"] == RULE], flags

    return run


PRINTED, CENSUS = [n for _, n, _ in NEEDS.values()], [n for *_, n in NEEDS.values()]


def test_two_needs_that_stand_in_each_others_columns(compared):
    """Release 2025, sen_needs_all_plans.csv row 2130: 201,183 + 1,026 - 376 are 31.6 %."""
    (found,), flags = compared(PRINTED, pupils("874", CENSUS))
    assert (found["kind"], found["place_name"], found["found"]) == (
        "doubt",
        "Peterborough",
        "1,026",
    )
    # 1,606 plans and 1,359 pupils of these needs: 1,606 * 296 / 1,359 = 349.8
    assert found["expected"] == "about 350 of 1,606, as 296 of 1,359 in sen_age_sex_.csv"
    assert found["cause"].endswith(
        "when number_asd with number_slcn and number_msi with number_sld are exchanged"
    )
    assert "England number_asd 31.5 % as published, 31.6 % if exchanged" in found["effect"]
    assert "England number_msi 0.3 % as published, 0.2 % if exchanged" in found["effect"]
    mine = set(flags.filter(flags["finding"] == found["finding"])["column"])
    assert "primary_need.hearing_impairment" not in mine
    assert set(COLUMNS[:4]) < mine


@pytest.mark.parametrize(
    ("here", "there"),
    [
        ([1_026, 376, 139, 15, 50], CENSUS),  # as they should be
        (PRINTED, []),
        (PRINTED, [9, 3, 2, 0, 1]),  # too few pupils
        (["x"] * 5, CENSUS),
    ],
)
def test_what_fits_or_cannot_be_held_against_anything_is_nothing(compared, here, there):
    rows = pupils("874", there) if there else pupils("873", CENSUS)
    assert compared(here, rows)[0] == []


def test_where_no_exchange_explains_it_none_is_named(compared):
    """All plans under one need, where the pupils have several."""
    (found,), flags = compared([0, 0, 0, 0, 1_606], pupils("874", [300, 300, 300, 300, 159]))
    assert (found["cause"], found["effect"]) == ("unknown", "")
    mine = flags.filter(flags["finding"] == found["finding"])["column"]
    assert len(mine) == 2 * len(COLUMNS)
