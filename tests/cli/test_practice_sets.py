"""Teaching sets and assignments from the command line."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from exercise_makers import SITE, STUDY, key, question, teaching_set

from fluoro_annotator import settings
from fluoro_annotator.cli.exit_codes import ExitCode
from fluoro_annotator.geometry import Point
from fluoro_annotator.marks import FrameRef, StudyRecord, Target
from fluoro_annotator.protocols import load_protocols
from fluoro_annotator.store import open_store
from fluoro_annotator.training import (
    ExerciseKind,
    ImageFacts,
    Marking,
    SetFile,
    load_sets,
    new_exercise_id,
    problems_of,
    write_set_file,
)

AUTHOR = "Attending A"
BLOCK = load_protocols(folders=()).get("lumbar_mbb")
KINDS = (ExerciseKind.PLACE_BY_NAME, ExerciseKind.NAME_MARKED)


class Image:
    """What questions and keys are made on."""

    frame = FrameRef("1.2.3.4", 1)

    @staticmethod
    def facts(_mm=None):
        return ImageFacts(view="AP_TRUE", orientation=("L", "F"))


@pytest.fixture(autouse=True)
def named(monkeypatch):
    monkeypatch.setattr(settings, "reader_name", lambda: AUTHOR)


def made(**changes):
    pairs = []
    for kind in KINDS:
        asked = question(Image, kind)
        marking = Marking("Expert A", (Target(frame=Image.frame, site=SITE, position=Point(420.0, 650.0)),))
        pairs.append((asked, key(Image, asked, [marking])))
    content = teaching_set(BLOCK, pairs, title="First steps", author="Attending B", **changes)
    return SetFile(content, {asked.exercise_id: one for asked, one in pairs})


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "first.set.json"
    write_set_file(made(), path)
    return path


@pytest.fixture
def installed(run, file):
    with open_store(None) as store:
        store.save_study(StudyRecord(STUDY, ()))
    result = run("practice", "sets", "install", file)
    assert result.exit_code == ExitCode.DONE, result.stderr
    return file


def kept():
    with open_store(None) as store:
        return load_sets(store.practice)


def test_installing_and_listing(run, installed):
    listed = run("practice", "sets", "list")
    assert listed.exit_code == ExitCode.DONE
    assert "lumbar-first\t1\tFirst steps\tAttending B\t" in listed.stdout
    assert "\t2\tlumbar_mbb " in listed.stdout
    assert "1 set can be practised." in listed.stdout
    values = json.loads(run("practice", "sets", "list", "--json").stdout)
    assert [(one["set"], one["state"], one["exercises"]) for one in values["sets"]] == [
        ("lumbar-first", "current", 2)
    ]
    again = run("practice", "sets", "install", installed)
    assert "is in the store already" in again.stdout
    assert len(kept().kept) == 1


def test_a_file_is_installed_before_its_study_is_known_and_says_so(run, file):
    result = run("practice", "sets", "install", file)
    assert (result.exit_code, "is installed" in result.stdout) == (ExitCode.DONE, True)
    assert "2 of 2 exercises cannot be shown" in result.stderr


def test_show_never_shows_an_answer(run, installed):
    for options in ((), ("--json",), ("--version", "1")):
        shown = run("practice", "sets", "show", "lumbar-first", *options)
        assert shown.exit_code == ExitCode.DONE
        assert "Name what is marked: nerve, vertebra, side." in shown.stdout
        for secret in ("Expert A", "notch", "650", "at L4"):
            assert secret not in shown.stdout + shown.stderr
    values = json.loads(run("practice", "sets", "show", "lumbar-first", "--json").stdout)
    assert [one["kind"] for one in values["exercises"]] == [kind.value for kind in KINDS]
    assert values["problems"] == []


def test_exporting_gives_the_same_file(run, installed, tmp_path):
    out = tmp_path / "again.set.json"
    result = run("practice", "sets", "export", "lumbar-first", out)
    assert result.exit_code == ExitCode.DONE
    assert "holds the answers" in result.stderr
    assert out.read_bytes() == installed.read_bytes()
    refused = run("practice", "sets", "export", "lumbar-first", out)
    assert (refused.exit_code, "exists already" in refused.stderr) == (ExitCode.REFUSED, True)
    assert run("practice", "sets", "export", "lumbar-first", out, "--force").exit_code == ExitCode.DONE


def test_answers_are_not_exported_for_others(run, installed, tmp_path, monkeypatch):
    monkeypatch.setattr(settings, "reader_name", lambda: "Trainee A")
    out = tmp_path / "stolen.set.json"
    result = run("practice", "sets", "export", "lumbar-first", out)
    assert (result.exit_code, "not its author" in result.stderr) == (ExitCode.REFUSED, True)
    assert not out.exists()
    checked = run("practice", "sets", "check", "lumbar-first")
    assert checked.exit_code == ExitCode.DONE
    assert "keys and references were not looked at" in checked.stderr


def test_checking_a_set_and_a_file(run, installed):
    found = run("practice", "sets", "check", "lumbar-first")
    assert found.exit_code == ExitCode.DONE, "a set from elsewhere brings no reference readings along"
    assert found.stderr.count("The reference reading of Expert A is not in this store") == 1
    assert "nothing stands against it" in found.stdout
    file = run("practice", "sets", "check", installed)
    assert (file.exit_code, "nothing stands against it" in file.stdout) == (ExitCode.DONE, True)
    installed.write_bytes(installed.read_bytes()[:-40])
    cut = run("practice", "sets", "check", installed)
    assert (cut.exit_code, "is not JSON" in cut.stderr) == (ExitCode.REFUSED, True)


def test_checking_a_set_whose_study_was_purged(run, installed):
    with open_store(None) as store:
        store.purge_study(STUDY, reason="asked for by the department", by=AUTHOR)
    found = run("practice", "sets", "check", "lumbar-first")
    assert found.exit_code == ExitCode.REFUSED
    assert "2 keys went with purged studies" in found.stdout


def test_a_protocol_that_is_not_there(run, tmp_path):
    path = tmp_path / "other.set.json"
    content = made(protocol_id="thoracic_own")
    write_set_file(content, path)
    result = run("practice", "sets", "check", path)
    assert (result.exit_code, "thoracic_own" in result.stdout) == (ExitCode.REFUSED, True)


def test_withdrawing(run, installed):
    gone = run("practice", "sets", "withdraw", "lumbar-first", "--reason", "Image 2 is mirrored")
    assert (gone.exit_code, "is withdrawn" in gone.stdout) == (ExitCode.DONE, True)
    listed = run("practice", "sets", "list")
    assert "\twithdrawn\n" in listed.stdout
    assert "0 sets can be practised." in listed.stdout
    for command in (("show",), ("withdraw",)):
        result = run("practice", "sets", *command, "lumbar-first")
        assert (result.exit_code, "withdrawn" in result.stderr) == (ExitCode.REFUSED, True)
    assert run("practice", "sets", "show", "lumbar-first", "--version", "1").exit_code == ExitCode.DONE
    assert run("practice", "assign", "lumbar-first", "Trainee A").exit_code == ExitCode.REFUSED


def test_assigning_and_taking_it_back(run, installed):
    day = (datetime.now(UTC) + timedelta(days=30)).date().isoformat()
    result = run("practice", "assign", "lumbar-first", "Trainee A", "--due", day)
    assert result.exit_code == ExitCode.DONE
    assert f"lumbar-first is assigned to Trainee A, until {day}." in result.stdout
    assert f"Trainee A\t{AUTHOR}\t{day}" in run("practice", "sets", "show", "lumbar-first").stdout
    back = run("practice", "assign", "lumbar-first", "Trainee A", "--withdraw")
    assert "is no longer assigned to Trainee A" in back.stdout
    values = json.loads(run("practice", "sets", "show", "lumbar-first", "--json").stdout)
    assert values["assigned"] == []
    again = run("practice", "assign", "lumbar-first", "Trainee A", "--withdraw")
    assert (again.exit_code, "is not assigned" in again.stderr) == (ExitCode.REFUSED, True)


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        (("lumbar-second", "Trainee A"), "is not in the store"),
        (("lumbar-first", " "), "has no name"),
        (("lumbar-first", "Trainee A", "--due", "2001-01-01"), "which is over"),
    ],
)
def test_what_cannot_be_assigned(run, installed, arguments, problem):
    result = run("practice", "assign", *arguments)
    assert (result.exit_code, problem in result.stderr) == (ExitCode.REFUSED, True)


def test_a_store_that_does_not_exist_is_not_made_by_looking(run, tmp_path):
    result = run("practice", "sets", "list", "--store", tmp_path / "none.sqlite")
    assert result.exit_code == ExitCode.STORE
    assert not (tmp_path / "none.sqlite").exists()


def test_a_version_that_cannot_be_read_is_named(run, installed):
    with open_store(None) as store:
        version = store.practice.set_versions()[0]
        keys = store.practice.keys("lumbar-first", 1, reader=AUTHOR)
        newer = replace(version, version=2, content='{"format":"fluoro_annotator.teaching_set","version":9}')
        store.practice.publish(newer, [replace(one, version=2) for one in keys])
    listed = run("practice", "sets", "list")
    assert "cannot be read" in listed.stdout
    assert "update this one" in listed.stderr
    assert "0 sets can be practised." in listed.stdout


def test_the_sets_of_the_samples_are_installed_with_their_images_at_hand(run):
    result = run("practice", "sets", "install-samples")
    assert result.exit_code == ExitCode.DONE, result.stderr
    assert result.stdout.count("is installed") == 4
    assert run("practice", "sets", "install-samples").stdout.count("is in the store already") == 4
    shown = run("practice", "sets", "show", "phantom-view-adequacy")
    assert "not found" not in shown.stdout + shown.stderr


def test_of_many_missing_studies_a_few_are_named():
    studies = [f"1.2.{number}" for number in range(9)]
    asked = many(studies)
    hashes = dict.fromkeys((one.exercise_id for one in asked), "0" * 64)
    found = replace(made().teaching_set, questions=asked, key_hashes=hashes)
    (text,) = problems_of(found, protocols=load_protocols(folders=()), studies=())
    assert "9 studies were not found (1.2.0, 1.2.1, 1.2.2 and 6 more)" in text


def many(studies):
    first = made().teaching_set.questions[0]
    return tuple(replace(first, study_uid=uid, exercise_id=new_exercise_id()) for uid in studies)
