"""Export, import and list: what goes out comes back in, and bad input is refused in one sentence."""

import csv
import io
import json
import sqlite3

import pytest

from fluoro_annotator.cli.exit_codes import ExitCode
from fluoro_annotator.exchange import read_json
from fluoro_annotator.geometry import Point
from fluoro_annotator.marks import EventMark, FrameRef, ImageRecord, Numbering, StudyRecord
from fluoro_annotator.store import SqliteStore, open_session

STUDY_UID = "1.2.826.0.1.3680043.10.7"


def test_export_import_export_through_processes(start, filled_store, tmp_path):
    for command in (
        ["marks", "export", "first.json", "--store", filled_store],
        ["marks", "import", "first.json", "--store", "new.sqlite"],
        ["marks", "export", "second.json", "--store", "new.sqlite"],
    ):
        done = start(*command)
        assert (done.returncode, b"Traceback" in done.stderr) == (0, False), done.stderr
    first, second = read_json(tmp_path / "first.json"), read_json(tmp_path / "second.json")
    assert (first.studies, first.readings) == (second.studies, second.readings)
    assert len(first.readings) == 2


def test_standard_streams_carry_the_same_bytes(start, run, filled_store, tmp_path):
    run("marks", "export", "marks.csv", "--store", filled_store)
    piped = start("marks", "export", "-", "--format", "csv", "--store", filled_store)
    assert piped.stdout == (tmp_path / "marks.csv").read_bytes()
    document = start("marks", "export", "-", "--store", filled_store).stdout
    assert json.loads(document)["format"] == "fluoro_annotator.marks"
    taken = start("marks", "import", "-", "--store", "other.sqlite", input=document)
    assert taken.returncode == 0
    assert b"Stored 2 changes in" in taken.stdout


@pytest.mark.parametrize(
    ("choice", "readers"),
    [
        ([], {"Dr Müller", "Dr Ito"}),
        (["--reader", "Dr Ito"], {"Dr Ito"}),
        (["--study", STUDY_UID], {"Dr Müller", "Dr Ito"}),
        (["--study", STUDY_UID, "--reader", "Dr Müller"], {"Dr Müller"}),
    ],
)
def test_a_choice_of_readings(run, filled_store, tmp_path, choice, readers):
    result = run("marks", "export", "marks.json", "--store", filled_store, *choice)
    assert result.exit_code == 0
    found = {content.reading.reader for content in read_json(tmp_path / "marks.json").readings}
    assert found == readers


def test_the_export_says_what_it_wrote(run, filled_store):
    result = run("marks", "export", "marks.json", "--store", filled_store)
    assert result.stderr == "Wrote 2 marks of 2 readings to marks.json.\n"
    assert result.stdout == ""


@pytest.mark.parametrize("name", ["marks.json", "MARKS.JSON"])
def test_the_ending_decides_the_format(run, filled_store, tmp_path, name):
    run("marks", "export", name, "--store", filled_store)
    assert read_json(tmp_path / name).readings


def test_the_option_decides_before_the_ending(run, filled_store, tmp_path):
    run("marks", "export", "marks.json", "--format", "csv", "--store", filled_store)
    rows = list(csv.DictReader(io.StringIO((tmp_path / "marks.json").read_text("utf-8"), newline="")))
    assert [row["needle_length_mm"] for row in rows] == ["", "12.500"]


@pytest.mark.parametrize("name", ["marks", "marks.xlsx", "marks.json.gz"])
def test_an_unknown_ending_is_usage(run, filled_store, tmp_path, name):
    result = run("marks", "export", name, "--store", filled_store)
    assert result.exit_code == ExitCode.USAGE
    assert "--format" in result.stderr
    assert not (tmp_path / name).exists()


def test_a_file_that_exists_is_replaced_only_with_force(run, filled_store, tmp_path):
    (tmp_path / "marks.csv").write_text("precious")
    refused = run("marks", "export", "marks.csv", "--store", filled_store)
    assert (refused.exit_code, (tmp_path / "marks.csv").read_text()) == (ExitCode.REFUSED, "precious")
    assert "exists already" in refused.stderr
    assert run("marks", "export", "marks.csv", "--force", "--store", filled_store).exit_code == 0
    assert (tmp_path / "marks.csv").read_text("utf-8").startswith("study_instance_uid,")


def test_a_choice_that_fits_nothing_is_told(run, filled_store, tmp_path):
    for command in (["export", "x.json"], ["list"]):
        result = run("marks", *command, "--store", filled_store, "--reader", "nobody")
        assert result.exit_code == ExitCode.REFUSED
        assert "no reading of that choice" in result.stderr
    assert not (tmp_path / "x.json").exists()


def test_the_usual_store_is_the_one_of_the_settings(run, filled_store, tmp_path):
    run("marks", "export", "marks.json", "--store", filled_store)
    assert run("marks", "import", "marks.json").exit_code == 0
    assert (tmp_path / "usual.sqlite").exists()
    assert "Dr Müller" in run("marks", "list").stdout


def test_a_dry_run_changes_nothing(run, filled_store, tmp_path):
    run("marks", "export", "marks.json", "--store", filled_store)
    result = run("marks", "import", "marks.json", "--dry-run")
    assert result.exit_code == 0
    assert "Reading of Dr Müller (not_stated, procedure)" in result.stdout
    assert result.stdout.endswith("Nothing was changed.\n")
    assert not (tmp_path / "usual.sqlite").exists()
    again = run("marks", "import", "marks.json", "--dry-run", "--store", filled_store)
    assert again.stdout.count("already here.") == 2


def test_importing_twice_stores_nothing_more(run, filled_store):
    run("marks", "export", "marks.json", "--store", filled_store)
    run("marks", "import", "marks.json")
    again = run("marks", "import", "marks.json")
    assert again.exit_code == 0
    assert "Stored 0 changes" in again.stdout


def test_the_list_has_one_row_per_mark(run, filled_store):
    lines = run("marks", "list", "--store", filled_store).stdout.splitlines()
    assert lines[0] == f"Marks in {filled_store}"
    headers = lines[1].split("\t")
    target, needle = (dict(zip(headers, line.split("\t"), strict=True)) for line in lines[2:4])
    assert target["mark"] == "L3 medial branch, at L4, right"
    assert (target["row"], target["column"], target["frame"]) == ("10.500", "20.250", "17")
    assert (needle["length px"], needle["length mm"]) == ("50.000", "12.500")
    assert needle["scale from"] == "Pixel Spacing, calibrated from the C-arm geometry"
    assert (target["length mm"], target["scale from"]) == ("", "")
    assert lines[4] == ""


def test_the_list_says_which_readings_are_submitted(run, tmp_path):
    study = StudyRecord(
        STUDY_UID, (ImageRecord(sop_instance_uid="1.2.3", series_uid="1.2", rows=9, columns=9, frames=1),)
    )
    with SqliteStore(tmp_path / "two.sqlite") as store:
        for reader in ("Reader A", "Reader B"):
            session, recorder = open_session(store, study, reader=reader, rescue_folder=tmp_path)
            session.add_level_label(FrameRef("1.2.3", 1), "L4", Point(1, 1))
            if reader == "Reader B":
                session.submit("looked at twice")
            recorder.close()
        at = session.submission.changed_at
    lines = run("marks", "list", "--store", "two.sqlite").stdout.splitlines()
    readings = [line.split("\t") for line in lines[lines.index("Readings") + 2 :] if line]
    assert readings == [
        ["Reader A", "procedure", STUDY_UID, "1", "not submitted"],
        ["Reader B", "procedure", STUDY_UID, "1", f"submitted {at:%Y-%m-%d %H:%M:%S} UTC"],
    ]


# ------------------------------------------------------------------ bad input


def _refused(result, code, *words):
    assert result.exit_code == code
    assert "Traceback" not in result.output
    assert len(result.stderr.strip().splitlines()) == 1
    for word in words:
        assert word in result.stderr


def test_files_that_are_no_marks_are_refused_by_name(run, tmp_path):
    (tmp_path / "empty.json").write_bytes(b"")
    (tmp_path / "other.json").write_text('{"a": 1}')
    (tmp_path / "table.csv").write_text("study_instance_uid\r\n")
    (tmp_path / "folder.json").mkdir()
    _refused(run("marks", "import", "missing.json"), ExitCode.REFUSED, "missing.json", "does not exist")
    _refused(run("marks", "import", "empty.json"), ExitCode.REFUSED, "empty.json", "not JSON")
    _refused(run("marks", "import", "other.json"), ExitCode.REFUSED, "other.json", "not a file of marks")
    _refused(run("marks", "import", "table.csv"), ExitCode.REFUSED, "table.csv", "not JSON")
    _refused(run("marks", "import", "folder.json"), ExitCode.REFUSED, "folder.json", "is a folder")
    _refused(run("marks", "import", "-", input="nonsense"), ExitCode.REFUSED, "standard input")
    assert not (tmp_path / "usual.sqlite").exists()


def test_a_mark_that_was_changed_by_hand_is_refused_and_nothing_is_stored(run, filled_store, tmp_path):
    run("marks", "export", "marks.json", "--store", filled_store)
    values = json.loads((tmp_path / "marks.json").read_text("utf-8"))
    values["readings"][0]["marks"][0]["nerve"] = "L6_MB"
    (tmp_path / "marks.json").write_text(json.dumps(values), "utf-8")
    result = run("marks", "import", "marks.json")
    _refused(result, ExitCode.REFUSED, "marks.json, at $.readings[0].marks[0]", "L6_MB")
    assert not (tmp_path / "usual.sqlite").exists()


def test_an_output_folder_that_does_not_exist(run, filled_store):
    result = run("marks", "export", "no/such/folder/marks.json", "--store", filled_store)
    _refused(result, ExitCode.REFUSED, "no/such/folder/marks.json", "cannot be written")


def test_stores_that_cannot_be_used(run, filled_store, tmp_path):
    (tmp_path / "text.sqlite").write_text("this is no database, " * 200)
    (tmp_path / "folder.sqlite").mkdir()
    for name in ("missing.sqlite", "text.sqlite", "folder.sqlite"):
        _refused(run("marks", "list", "--store", name), ExitCode.STORE, name)
    run("marks", "export", "marks.json", "--store", filled_store)
    _refused(
        run("marks", "import", "marks.json", "--store", "folder.sqlite"), ExitCode.STORE, "folder.sqlite"
    )


def test_a_store_that_was_edited_is_not_exported(run, filled_store, tmp_path):
    with sqlite3.connect(filled_store) as database:
        for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            database.execute(f'DROP TRIGGER "{name}"')
        database.execute("UPDATE revision SET content = replace(content, '10.5', '11.5')")
    database.close()
    result = run("marks", "export", "marks.json", "--store", filled_store)
    assert result.exit_code in {ExitCode.REFUSED, ExitCode.STORE}
    assert "revision" in result.stderr
    assert not (tmp_path / "marks.json").exists()


def test_the_list_counts_marks_and_names_the_doubt_about_levels(run, tmp_path):
    study = StudyRecord(
        STUDY_UID, (ImageRecord(sop_instance_uid="1.2.3", series_uid="1.2", rows=9, columns=9, frames=1),)
    )
    with SqliteStore(tmp_path / "doubt.sqlite") as store:
        session, recorder = open_session(store, study, reader="Reader A", rescue_folder=tmp_path)
        session.add_level_label(FrameRef("1.2.3", 1), "L4", Point(1, 1))
        session.add(EventMark(frame=FrameRef("1.2.3", 1), event="final_position"))
        session.put(Numbering(scheme="unknown", counted_from="C2_down", confidence="not_determinable"))
        recorder.close()
    listed = run("marks", "list", "--store", "doubt.sqlite").stdout
    assert "L4 (numbering not determinable)" in listed
    assert "Final position (numbering not determinable)" in listed
    exported = run("marks", "export", "doubt.json", "--store", "doubt.sqlite")
    assert "2 marks of 1 reading" in exported.output
