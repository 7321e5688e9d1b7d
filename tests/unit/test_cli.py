"""Each command prints one result; exit codes say what kind of trouble there was."""

import csv
import json
import re
import runpy

import pytest
from typer.testing import CliRunner

import sendstats
from builders import EHC, receipt
from sendstats import cli
from sendstats.errors import DataProblem, Refused, Unreachable, WrongUse
from sendstats.receipts import RECEIPT
from sendstats.run import refresh
from sendstats.series import trace
from sendstats.store.tables import Store


@pytest.fixture
def sendstats_command():
    def invoke(*words):
        return CliRunner().invoke(cli.app(), list(words))

    return invoke


def test_the_version(sendstats_command):
    assert sendstats_command("--version").stdout.strip() == sendstats.__version__


def test_a_question_that_no_row_answers_is_a_problem_of_the_data(sendstats_command):
    """The tribunal table prints authorities under headings of regions, which have no figures."""
    done = sendstats_command("series", "tribunal.appeals", "--place", "London")
    assert cli.exit_code(done.exception) == 1
    assert "found: rows of level Local authority and National, 2014 to 2024" in str(done.exception)


def test_the_catalogue_as_text_and_as_json(sendstats_command):
    text = sendstats_command("catalogue")
    assert text.stdout.startswith("id\tkind\tunit")
    found = json.loads(sendstats_command("catalogue", "--json").stdout)
    assert {"plans.caseload", "plans.new"} <= {entry["id"] for entry in found}
    assert len(text.stdout.splitlines()) == len(found) + 1
    rate = "timeliness.within_20_weeks\tflow\tpercent\t"
    assert f"{rate}excluding_exceptions, including_exceptions, same_authorities\t" in text.stdout
    assert "\nplans.caseload\tstock\tplans\t\t" in text.stdout  # no rate, one basis


def test_a_series_says_what_it_means_then_its_figures(sendstats_command):
    told = sendstats_command("series", "plans.caseload").stdout
    assert told.index("universe") < told.index("period\tplace_name")
    # Published: 638,745 plans in force in England in January 2025.
    assert "2025-01\tEngland\t638745\t" in told
    assert "plans for people aged 0 to 25, by the authority that maintains the plan" in told


def test_a_flagged_figure_of_a_series_is_not_printed_like_a_clean_one(sendstats_command):
    """Residential settings, January 2023: 4,488 printed, 1,415 + 781 = 2,196 by its two parts."""
    words = ("series", "plans.residential", "--release", "2025")
    told = sendstats_command(*words).stdout.splitlines()
    assert "2023-01\tEngland\t4488\t2025\t[1]" in told
    assert told[-1].startswith("[1] England, January 2023, Res_tot: expected 2,196 (")
    assert "2024-01\tEngland\t2125\t2025\t" in told


def test_a_series_as_json(sendstats_command):
    words = ("series", "plans.caseload.share", "--placement", "mainstream", "--json")
    told = json.loads(sendstats_command(*words).stdout)
    assert {row["placement"] for row in told["rows"]} == {"mainstream"}
    assert told["rows"][0]["published"]
    assert (told["kind"], told["unit"], told["basis"]) == ("stock", "percent", "")
    assert told["universe"].startswith("plans for people aged 0 to 25")
    flags = {flag for row in told["rows"] for flag in row["flags"] or ()}
    assert flags
    assert flags == set(told["notes"])


def test_a_rate_is_printed_with_the_decimals_of_the_publisher(sendstats_command):
    """England, 2025: 43,997 of 95,411 are 46.113 %, printed 46.1 (DfE, EHC plans 2026)."""
    words = ("series", "timeliness.within_20_weeks", "--basis", "excluding_exceptions")
    assert "2025\tEngland\t46.1\t2026" in sendstats_command(*words).stdout


@pytest.mark.parametrize("words", [[], ["--json"]])
def test_a_place_without_a_row_is_named(sendstats_command, words):
    """Hackney, ceased plans of 2023: beside the figures, never among them."""
    told = sendstats_command("series", "plans.ceased", "--place", "Hackney", *words)
    said, other = (told.stderr, told.stdout) if words else (told.stdout, told.stderr)
    assert "2023, Hackney: no row in release 2025" in said
    assert "no row" not in other
    if words:
        assert "2023" not in {row["period"] for row in json.loads(told.stdout)["rows"]}


def test_a_trace_ends_at_the_printed_text(sendstats_command):
    words = ("trace", "plans.caseload", "2025-01", "--release", "2025")
    assert "printed     '638745'" in sendstats_command(*words).stdout


def test_findings_as_a_note_to_the_publisher(sendstats_command, tmp_path):
    told = sendstats_command("findings", "--note", "--place", "Newham").stdout
    assert told.startswith("# Note on published figures\n")
    assert "): Newham, January 2025, row 22426: `ehcplans` prints 1,199, " in told
    file = tmp_path / "note.md"
    words = ("findings", "--note", "--place", "Newham", "--output", str(file))
    assert sendstats_command(*words).stdout == f"note written to {file}\n"
    assert file.read_text(encoding="utf-8") == told
    both = sendstats_command("findings", "--note", "--json")
    assert isinstance(both.exception, WrongUse)
    assert both.stdout == ""


def test_the_list_of_findings_goes_into_a_file_as_its_ending_says(sendstats_command, tmp_path):
    """Newham's caseload of January 2025: one of the findings that touch it."""
    printed = json.loads(sendstats_command("findings", "--place", "Newham", "--json").stdout)
    ask = ("findings", "--place", "Newham", "--output")
    for more, name in (([], "a.json"), (["--json"], "b.json")):
        file = tmp_path / name
        said = sendstats_command(*ask, str(file), *more).stdout
        assert said == f"{len(printed)} findings written to {file}\n"
        assert json.loads(file.read_text(encoding="utf-8")) == printed
    sendstats_command(*ask, str(tmp_path / "c.csv"))
    rows = list(csv.DictReader((tmp_path / "c.csv").read_text(encoding="utf-8").splitlines()))
    assert [row["finding"] for row in rows] == [row["finding"] for row in printed]
    for more, name in (([], "d.md"), ([], "d"), (["--json"], "d.csv")):
        refused = sendstats_command(*ask, str(tmp_path / name), *more)
        assert isinstance(refused.exception, WrongUse)
        assert "--note for a note" in str(refused.exception)
        assert not (tmp_path / name).exists()


def test_what_changed_between_two_releases(sendstats_command):
    """Northamptonshire January 2021: 0 in one release, x in the other (DfE, two cells)."""
    told = sendstats_command("diff", "2022", "2025", "--place", "Northamptonshire").stdout
    assert told.startswith("2022 → 2025: 0 revised, 2 symbol, ")
    heading, unseen, names, *_ = told.splitlines()
    assert "recoded" not in heading + names  # nobody looked
    assert "reordered" not in heading + names
    assert unseen.startswith("not seen in the stored tables: labels, names and codes in rows, ")
    assert names.startswith("kind\ttable")
    extract = sendstats_command("diff", "2025", "2026", "--table", "ceased").stdout.splitlines()
    assert extract[2] == "2026 is held as extracts: what they lack is no change"
    assert told.count("symbol\tcaseload\tJanuary 2021\tNorthamptonshire\t") == 2
    assert (
        "\tTotal_all → mainstream_free_school_senunit\tMainstream free schools - SEN units\t0\tx"
        in told
    )
    assert "mainstream.free_school" not in told
    rows = json.loads(
        sendstats_command("diff", "2022", "2025", "--kind", "symbol", "--json").stdout
    )
    assert {(r["old"], r["new"]) for r in rows if r["place"] == "928"} == {("0", "x")}


def test_a_later_release_named_first_is_refused(sendstats_command):
    refused = sendstats_command("diff", "2025", "2022").exception
    assert isinstance(refused, WrongUse)


def test_findings_can_be_narrowed(sendstats_command):
    every = json.loads(sendstats_command("findings", "--json").stdout)
    place = next(row["place_name"] for row in every if row["place"] and row["place_name"])
    some = json.loads(sendstats_command("findings", "--place", place, "--json").stdout)
    assert any(row["place_name"] == place for row in some)
    assert 0 < len(some) < len(every)


def test_findings_show_effect_and_cause_the_largest_effect_first(sendstats_command):
    lines = sendstats_command("findings").stdout.splitlines()
    every = json.loads(sendstats_command("findings", "--json").stdout)
    sizes = [float(line.split()[0]) for line in lines if not line.startswith(" ")]
    assert sizes == [round(row["effect_size"], 2) for row in every]
    assert sizes == sorted(sizes, reverse=True)
    assert any("15 of 15 members carry the total itself" in line for line in lines)
    assert max(len(line) for line in lines) <= 100


def test_findings_are_as_wide_as_the_terminal(sendstats_command, monkeypatch):
    monkeypatch.setenv("COLUMNS", "60")
    lines = sendstats_command("findings", "--place", "Newham").stdout.splitlines()
    assert 50 < max(len(line) for line in lines) <= 60


@pytest.mark.parametrize("more", [[], ["--json"], ["--note"], ["--place", "Newham"]])
def test_without_the_list_of_findings_nothing_is_said_to_be_right(
    sendstats_command, home, monkeypatch, more
):
    monkeypatch.setattr(trace, "default_store", lambda: Store(home.processed))
    done = sendstats_command("findings", *more)
    assert isinstance(done.exception, DataProblem)
    assert done.stdout == ""
    assert "restore data/processed from the repository, or run make refresh" in str(done.exception)


def test_coverage_of_nothing_says_so(sendstats_command, home):
    assert sendstats_command("coverage").stdout == "no raw files are here: nothing is counted\n"
    told = sendstats_command("coverage", "--json")
    assert json.loads(told.stdout)["files"] == []
    assert told.stderr == "no raw files are here: nothing is counted\n"


def test_coverage_of_an_unreadable_file_is_a_problem_of_the_data(sendstats_command, home):
    """It is named among the others on standard output, and the exit code is 1."""
    path = home.raw / EHC / "2025" / "caseload.csv" / "caseload.csv"
    path.parent.mkdir(parents=True)
    path.write_text("<html>", encoding="utf-8")
    (path.parent / RECEIPT).write_text(receipt(path, "2025").to_json(), encoding="utf-8")
    done = sendstats_command("coverage")
    assert "2025\tcaseload.csv\tnot read: the file is a web page" in done.stdout
    assert cli.exit_code(done.exception) == 1


@pytest.mark.parametrize("word", ["check", "coverage", "ingest"])
def test_a_home_that_does_not_exist_is_no_clean_bill(
    sendstats_command, tmp_path, monkeypatch, word
):
    monkeypatch.setenv("SENDSTATS_HOME", str(tmp_path / "absent"))
    done = sendstats_command(word)
    assert isinstance(done.exception, DataProblem)
    assert "nothing is here" in str(done.exception)
    assert cli.exit_code(done.exception) == 1


def test_a_folder_in_place_of_a_file_is_a_message(tmp_path, capsys):
    def writes():
        tmp_path.write_text("a note")

    with pytest.raises(SystemExit) as stopped:
        cli.main(writes)
    assert stopped.value.code == 1
    assert f"where: {tmp_path}" in capsys.readouterr().err


def test_an_export_goes_where_it_is_told(sendstats_command, tmp_path, monkeypatch):
    monkeypatch.setenv("BROWSER_PATH", str(tmp_path / "absent"))
    done = sendstats_command("export", str(tmp_path / "out"), "--chart", "caseload")
    assert done.exit_code == 0
    assert (tmp_path / "out" / "caseload.csv").is_file()
    assert not (tmp_path / "out" / "new-plans.csv").exists()


def test_a_quoted_figure_is_found(sendstats_command):
    # Published: 638,745 plans in force in England in January 2025.
    told = sendstats_command("claim", "638,745").stdout
    assert "plans.caseload" in told
    assert "2025-01" in told or "January 2025" in told


def test_the_check_of_nothing_says_so(sendstats_command, home):
    for words in (["check"], ["ingest"], ["ingest", "--detail"]):
        done = sendstats_command(*words)
        assert isinstance(done.exception, DataProblem)
        assert "nothing is here: there are no raw files" in str(done.exception)
        assert done.stdout == ""


@pytest.mark.parametrize("option", ["--place", "--topic", "--item", "--basis", "--release"])
def test_an_empty_option_is_refused(sendstats_command, option):
    done = sendstats_command("series", "plans.caseload", option, "")
    assert isinstance(done.exception, WrongUse)
    assert done.stdout == ""


def test_the_help_names_a_question_that_is_answered(sendstats_command):
    """By primary need and age, as sen_needs_all_plans.csv of the 2025 release is divided."""
    topic = re.search(r"age or (\w+ × \w+)", cli.Topic.__metadata__[0].help)[1]
    told = sendstats_command("series", "plans.caseload.by_need", "--topic", topic)
    assert told.exit_code == 0
    assert "autistic_spectrum_disorder × 10" in told.stdout


def test_the_program_runs_as_a_module(monkeypatch, capsys):
    monkeypatch.setattr("sys.argv", ["sendstats", "--version"])
    with pytest.raises(SystemExit) as stopped:
        runpy.run_module("sendstats", run_name="__main__")
    assert stopped.value.code == 0
    assert capsys.readouterr().out.strip() == sendstats.__version__


@pytest.mark.parametrize(
    ("words", "name"),
    [
        (["run", "--offline"], "run_all"),
        (["refresh"], "renew"),
        (["refresh", "--notebooks"], "refresh_notebooks"),
    ],
)
def test_a_job_is_one_call_for_the_project_in_force(
    sendstats_command, home, monkeypatch, words, name
):
    calls = []

    def job(project, **options):
        calls.append(project)
        options["say"]("done")

    module = cli if name == "run_all" else refresh
    monkeypatch.setattr(module, name, job)
    assert sendstats_command(*words).stdout == "done\n"
    assert calls == [home]


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (DataProblem("data"), 1),
        (WrongUse("use"), 2),
        (Refused("refused"), 2),
        (Unreachable("away"), 3),
    ],
)
def test_deliberate_errors_print_their_message_and_no_traceback(error, code, capsys):
    def application():
        raise error

    with pytest.raises(SystemExit) as stopped:
        cli.main(application)
    assert stopped.value.code == code
    told = capsys.readouterr()
    assert told.err == f"{error}\n"
    assert told.out == ""


def test_a_file_out_of_reach_is_named_without_a_traceback(tmp_path, capsys):
    (tmp_path / "file").touch()
    with pytest.raises(SystemExit) as stopped:
        cli.main((tmp_path / "file" / "folder").mkdir)
    assert stopped.value.code == 1
    assert capsys.readouterr().err == f"Not a directory\n  where: {tmp_path / 'file' / 'folder'}\n"


def test_other_errors_are_not_hidden():
    def application():
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        cli.main(application)


def test_main_without_words_is_wrong_use(monkeypatch, capsys):
    monkeypatch.setattr("sys.argv", ["sendstats"])
    with pytest.raises(SystemExit) as stopped:
        cli.main()
    assert stopped.value.code == 2
    assert "Usage" in capsys.readouterr().out


def test_an_unknown_series_names_the_nearest(monkeypatch, capsys):
    monkeypatch.setattr("sys.argv", ["sendstats", "series", "plans.casload"])
    with pytest.raises(SystemExit) as stopped:
        cli.main()
    assert stopped.value.code == 2
    assert "did you mean 'plans.caseload'" in capsys.readouterr().err
