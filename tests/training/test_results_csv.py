"""The CSV table of results: one row per score, nothing hidden, nothing that a spreadsheet would run."""

import csv
import io
import json
import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from fluoro_annotator.errors import TrainingError
from fluoro_annotator.store import Answer, KeptAnswer, ScoreEntry
from fluoro_annotator.training import Outcome
from fluoro_annotator.training.results_csv import RESULT_COLUMNS, results_csv
from fluoro_annotator.training.scored import score_text

NOW = datetime(2026, 3, 1, 8, 30, tzinfo=UTC)
SUMMARY = {
    "kind": "place_target",
    "nerve": "L3_MB",
    "vertebra": "L4",
    "side": "right",
    "view": "AP_TRUE",
    "reason": "",
    "faults": ["TOO_LATERAL", "NAME_CONVENTION_CONFUSION"],
    "severity": "minor",
    "confidence": "certain",
    "millimetres": 1.23456,
    "mm_error": 0.1,
    "scale": "calibrated in the file",
    "pixels": 5.0,
    "seconds": 12.5,
    "moves": 2,
    "experts": ["Expert A", "Expert B"],
    "outliers": ["Expert B"],
}


def entry(outcome=Outcome.NEAR, cause="first", success=False, **summary):
    return ScoreEntry(
        answer_id="answer-1",
        outcome=outcome.value,
        success=success,
        critical=False,
        cause=cause,
        scored_at=NOW,
        scored_by="Trainee A",
        content=score_text(SUMMARY | summary, {"why": []}),
    )


def kept(*scores, trainee="Trainee A", client="program 1"):
    content = {"kind": "place_target", "seconds": 3.0, "moves": 1, "answer": {"confidence": "unsure"}}
    answer = Answer(
        answer_id="answer-1",
        set_id="lumbar",
        set_version=2,
        exercise_id="exercise-1",
        trainee=trainee,
        presented_at=NOW,
        committed_at=NOW,
        client=client,
        content=json.dumps(content),
    )
    return KeptAnswer(7, NOW, answer, scores)


def rows(*answers):
    return list(csv.DictReader(io.StringIO(results_csv(answers), newline="")))


def test_one_score_is_one_row_with_everything_in_it():
    (row,) = rows(kept(entry()))
    assert row == {
        "entry": "7",
        "answer_id": "answer-1",
        "trainee": "Trainee A",
        "set_id": "lumbar",
        "set_version": "2",
        "exercise_id": "exercise-1",
        "kind": "place_target",
        "nerve": "L3_MB",
        "vertebra": "L4",
        "side": "right",
        "view": "AP_TRUE",
        "presented_at": "2026-03-01T08:30:00.000Z",
        "committed_at": "2026-03-01T08:30:00.000Z",
        "kept_at": "2026-03-01T08:30:00.000Z",
        "seconds": "12.500",
        "moves": "2",
        "confidence": "certain",
        "score_number": "1",
        "counts": "yes",
        "cause": "first",
        "scored_at": "2026-03-01T08:30:00.000Z",
        "scored_by": "Trainee A",
        "outcome": "near",
        "reason": "",
        "on_target": "no",
        "critical": "no",
        "severity": "minor",
        "faults": "TOO_LATERAL;NAME_CONVENTION_CONFUSION",
        "distance_px": "5.000",
        "distance_mm": "1.235",
        "distance_mm_error": "0.100",
        "scale": "calibrated in the file",
        "experts": "Expert A;Expert B",
        "outliers": "Expert B",
        "client": "program 1",
    }


def test_every_score_has_a_row_and_the_latest_one_counts():
    found = rows(
        kept(entry(), entry(Outcome.CORRECT, "protocol_edited", success=True), entry(cause="rules_changed"))
    )
    assert [(row["score_number"], row["counts"], row["cause"], row["outcome"]) for row in found] == [
        ("1", "no", "first", "near"),
        ("2", "no", "protocol_edited", "correct"),
        ("3", "yes", "rules_changed", "near"),
    ]


def test_an_answer_that_waits_for_its_score_is_not_left_out():
    (row,) = rows(kept())
    assert (row["score_number"], row["counts"], row["outcome"], row["on_target"]) == ("0", "", "", "")
    assert (row["kind"], row["seconds"], row["confidence"]) == ("place_target", "3.000", "unsure")


@pytest.mark.parametrize("outcome", [Outcome.WRONG_LEVEL, Outcome.WRONG_SIDE, Outcome.NOT_ASSESSABLE])
def test_a_distance_that_means_nothing_is_left_out(outcome):
    (row,) = rows(kept(entry(outcome, success=None if outcome is Outcome.NOT_ASSESSABLE else False)))
    assert {row[name] for name in ("distance_px", "distance_mm", "distance_mm_error", "scale")} == {""}


def test_without_a_scale_there_are_no_millimetres():
    (row,) = rows(kept(entry(millimetres=None, mm_error=None, scale=None)))
    assert (row["distance_px"], row["distance_mm"], row["scale"]) == ("5.000", "", "")


@pytest.mark.parametrize("name", ["=1+1", "+1", "-1", "@SUM(A1)", " =1+1"])
def test_a_name_that_is_a_formula_is_shown_and_not_run(name):
    (row,) = rows(kept(entry(cause=name), trainee=name.strip(), client=name))
    assert row["trainee"] == f"'{name.strip()}"
    assert row["client"] == f"'{name}"
    assert row["cause"] == f"'{name}"


def test_quotes_commas_and_line_breaks_survive():
    (row,) = rows(kept(entry(), trainee='Reader "A", B'))
    assert row["trainee"] == 'Reader "A", B'
    assert results_csv([kept(entry())]).count("\r\n") == 2


def test_a_damaged_score_is_said_to_be():
    broken = entry()
    object.__setattr__(broken, "content", "[]")
    with pytest.raises(TrainingError, match="cannot be read"):
        results_csv([kept(broken)])


def test_the_page_for_users_lists_the_columns():
    page = Path(__file__).parents[2] / "docs" / "user" / "practice-progress.md"
    found = re.findall(r"^\| `(\w+)` \| (.+) \|$", page.read_text(encoding="utf-8"), flags=re.MULTILINE)
    assert found == [(column.name, column.description) for column in RESULT_COLUMNS]
