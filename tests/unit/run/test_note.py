"""The note to the publisher, printed or as a file."""

import shutil
from pathlib import Path

from sendstats.run.note import note

COMMITTED = Path(__file__).parents[3] / "data" / "processed"


def test_it_is_printed_or_put_into_a_file(home, tmp_path):
    shutil.copytree(COMMITTED, home.processed, dirs_exist_ok=True)
    printed = note(home)
    assert printed.startswith("# Note on published figures\n")
    target = tmp_path / "out" / "note.md"
    assert note(home, output=target) == f"note written to {target}"
    assert target.read_text(encoding="utf-8") == printed + "\n"
    assert not list(target.parent.glob(".*"))


def test_it_can_be_narrowed_to_a_place(home):
    shutil.copytree(COMMITTED, home.processed, dirs_exist_ok=True)
    assert "Newham, January 2025, row " in note(home, place="Newham")
    header = (COMMITTED / "findings.csv").read_text(encoding="utf-8").splitlines()[0]
    (home.processed / "findings.csv").write_text(header + "\n", encoding="utf-8")
    assert "There is nothing to report." in note(home, place="Newham")
