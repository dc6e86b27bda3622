"""Results and reports of practice from the command line."""

import csv
import io
import json
import sys
from datetime import UTC, datetime

import pytest
from practice_answers import many_answers

from fluoro_annotator.cli.exit_codes import ExitCode
from fluoro_annotator.marks import StudyRecord
from fluoro_annotator.store import Answer, ExerciseKey, KeptAnswer, ScoreEntry, SetVersion, open_store
from fluoro_annotator.training.scored import score_text

TOLD = ("kind", "nerve", "vertebra", "side", "view", "reason", "severity", "confidence", "millimetres")
TOLD += ("mm_error", "scale", "pixels", "seconds", "moves", "faults", "experts", "outliers")


def kept(one, scored=True):
    answer = Answer(
        answer_id=one.answer_id,
        set_id=one.set_id,
        set_version=1,
        exercise_id=one.exercise_id,
        trainee=one.trainee,
        presented_at=one.committed_at,
        committed_at=one.committed_at,
        client="",
        content=json.dumps({"kind": one.kind}),
    )
    score = ScoreEntry(
        answer_id=one.answer_id,
        outcome=one.outcome.value,
        success=one.success,
        critical=one.critical,
        cause="first",
        scored_at=one.committed_at,
        scored_by=one.trainee,
        content=score_text({name: getattr(one, name) for name in TOLD}, {}),
    )
    return KeptAnswer(one.entry, one.committed_at, answer, (score,) if scored else ())


@pytest.fixture
def answers():
    return many_answers(200, trainees=2)


@pytest.fixture
def filled(answers):
    published = datetime(2026, 1, 1, tzinfo=UTC)
    version = SetVersion(
        set_id="lumbar", version=1, title="Lumbar", author="Attending A", published_at=published, content="{}"
    )
    keys = [
        ExerciseKey(
            set_id="lumbar",
            version=1,
            exercise_id=f"exercise-{n}",
            study_uid="1.2.3",
            content=f'{{"salt":{n}}}',
        )
        for n in range(60)
    ]
    with open_store(None) as store:
        store.save_study(StudyRecord("1.2.3", ()))
        store.practice.publish(version, keys)
        store.practice.take_over([kept(one, scored=one.entry < 200) for one in answers])


def rows_of(text):
    return list(csv.DictReader(io.StringIO(text, newline="")))


@pytest.mark.usefixtures("filled")
def test_results_are_shown_by_trainee_with_intervals(run, answers):
    shown = run("practice", "results")
    assert shown.exit_code == ExitCode.DONE, shown.stderr
    lines = shown.stdout.splitlines()
    assert [line.split("\t")[0] for line in lines[1:4]] == ["trainee", "Trainee A", "Trainee B"]
    own = [
        one.success
        for one in answers
        if one.trainee == "Trainee A" and one.entry < 200 and one.success is not None
    ]
    assert lines[2].split("\t")[1].startswith(f"{sum(own)} of {len(own)}, ")
    assert "not validated" in shown.stdout
    assert "say nothing about competence" in shown.stdout
    assert "1 answer without a score yet" in shown.stderr


@pytest.mark.usefixtures("filled")
def test_csv_holds_every_answer_or_those_that_were_chosen(run, tmp_path, answers):
    file = tmp_path / "answers.csv"
    done = run("practice", "results", "--csv", file)
    assert (done.exit_code, done.stdout) == (ExitCode.DONE, "")
    assert f"Wrote 200 answers with 199 scores to {file}." in done.stderr
    found = rows_of(file.read_bytes().decode("utf-8"))
    assert [int(row["entry"]) for row in found] == [one.entry for one in answers]
    assert [row["outcome"] for row in found[:-1]] == [one.outcome.value for one in answers[:-1]]
    printed = run("practice", "results", "--trainee", "Trainee B", "--set", "lumbar", "--csv", "-")
    assert {row["trainee"] for row in rows_of(printed.stdout)} == {"Trainee B"}


@pytest.mark.usefixtures("filled")
def test_a_file_that_exists_is_replaced_only_when_asked(run, tmp_path):
    for command in (("results", "--csv", tmp_path / "a.csv"), ("report", "--output", tmp_path / "a.html")):
        command[-1].write_text("mine", encoding="utf-8")
        refused = run("practice", *command)
        assert refused.exit_code == ExitCode.REFUSED
        assert "exists already" in refused.stderr
        assert command[-1].read_text(encoding="utf-8") == "mine"
        assert run("practice", *command, "--force").exit_code == ExitCode.DONE
        assert command[-1].read_text(encoding="utf-8") != "mine"


@pytest.mark.usefixtures("filled")
@pytest.mark.parametrize(
    ("options", "title"),
    [((), "Practice report across trainees"), (("--trainee", "Trainee A"), "Practice report: Trainee A")],
)
def test_reports_are_for_one_trainee_or_across_trainees(run, tmp_path, options, title):
    page, paper = tmp_path / "report.html", tmp_path / "report.PDF"
    for file in (page, paper):
        done = run("practice", "report", *options, "--output", file)
        assert done.exit_code == ExitCode.DONE, done.stderr
        assert "Wrote a report of " in done.stderr
    text = page.read_text(encoding="utf-8")
    assert f"<h1>{title}</h1>" in text
    assert ("Trainee B" in text) == (not options)
    assert paper.read_bytes().startswith(b"%PDF-")


@pytest.mark.usefixtures("filled")
def test_what_was_not_found_is_said(run, tmp_path):
    for command in (("results",), ("report", "--output", tmp_path / "none.html")):
        done = run("practice", *command, "--trainee", "Trainee Z")
        assert done.exit_code == ExitCode.REFUSED
        assert "holds no answer of that choice" in done.stderr
    assert not (tmp_path / "none.html").exists()


def test_a_store_that_does_not_exist_is_not_made(run, tmp_path):
    done = run("practice", "results", "--store", tmp_path / "none.sqlite")
    assert done.exit_code == ExitCode.STORE
    assert not (tmp_path / "none.sqlite").exists()


def test_another_ending_is_refused_before_anything_is_read(run, tmp_path):
    done = run("practice", "report", "--output", tmp_path / "report.docx")
    assert done.exit_code == ExitCode.USAGE
    assert "neither in .html nor in .pdf" in done.stderr


@pytest.mark.usefixtures("filled")
def test_without_the_libraries_it_is_said_what_to_install(run, tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "jinja2", None)
    done = run("practice", "report", "--output", tmp_path / "report.html")
    assert done.exit_code == ExitCode.MISSING
    assert "fluoro-annotator[reports]" in done.stderr
    assert not (tmp_path / "report.html").exists()
