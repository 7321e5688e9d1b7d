"""A step is skipped only if what it read and what it wrote are as they were."""

import pytest

from sendstats.run import stamps


@pytest.fixture
def written(home):
    output = home.build / "a.txt"
    output.parent.mkdir()
    output.write_text("figures")
    stamps.write(home, "step", "inputs", [output])
    return output


def test_a_step_done_before_is_current(home, written):
    assert stamps.is_current(home, "step", "inputs")


def test_a_step_never_done_is_not_current(home):
    assert not stamps.is_current(home, "step", "inputs")


def test_other_inputs_are_not_current(home, written):
    assert not stamps.is_current(home, "step", "other inputs")


def test_a_tampered_output_is_not_current(home, written):
    written.write_text("figure5")
    assert not stamps.is_current(home, "step", "inputs")


def test_a_deleted_output_is_not_current(home, written):
    written.unlink()
    assert not stamps.is_current(home, "step", "inputs")


def test_the_stamp_names_no_folder_of_this_machine(home, written):
    text = (home.build / ".stamps" / "step.json").read_text()
    assert '"build/a.txt"' in text
    assert str(home.root) not in text


def test_a_tree_is_its_names_and_bytes(tmp_path):
    folder = tmp_path / "one"
    folder.mkdir()
    empty = stamps.tree(folder)
    (folder / "a").write_text("x")
    named = stamps.tree(folder)
    (folder / "a").rename(folder / "b")
    renamed = stamps.tree(folder)
    (folder / "b").write_text("y")
    assert len({empty, named, renamed, stamps.tree(folder)}) == 4


def test_compiled_files_and_checkpoints_do_not_count(tmp_path):
    before = stamps.tree(tmp_path)
    for name in ("__pycache__", ".ipynb_checkpoints"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "a").write_text("x")
    assert stamps.tree(tmp_path) == before


def test_an_absent_folder_is_an_empty_one(tmp_path):
    assert stamps.tree(tmp_path / "absent") == stamps.tree(tmp_path)


def test_a_digest_does_not_depend_on_order_but_on_names():
    assert stamps.digest({"a": "1", "b": "2"}) == stamps.digest({"b": "2", "a": "1"})
    assert stamps.digest({"a": "1", "b": "2"}) != stamps.digest({"a": "2", "b": "1"})


def test_the_package_digest_follows_the_source_and_the_libraries(monkeypatch):
    before = stamps.package()
    assert stamps.package() == before
    monkeypatch.setattr(stamps, "version", lambda name: "0")
    assert stamps.package() != before


def test_text_is_replaced_whole(tmp_path):
    path = tmp_path / "deep" / "a.txt"
    stamps.replace_text(path, "first\n")
    stamps.replace_text(path, "second\n")
    assert path.read_bytes() == b"second\n"
    assert [p.name for p in path.parent.iterdir()] == ["a.txt"]
