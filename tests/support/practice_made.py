"""Teaching sets, keys, answers, scores and assignments that the tests of practice keep."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta

from fluoro_annotator.store import (
    FIRST_SCORE,
    Answer,
    Assignment,
    ExerciseKey,
    ScoreEntry,
    SetVersion,
)

START = datetime(2026, 1, 5, 8, tzinfo=UTC)
EXERCISES = ("L4 right", "L5 left")


def version_of(number: int = 1, **facts) -> SetVersion:
    """Return a version of a teaching set."""
    given = {
        "set_id": "lumbar",
        "title": "Lumbar targets",
        "author": "Reader D",
        "content": '{"questions": [1]}',
    }
    return SetVersion(**given | {"version": number, "published_at": START} | facts)


def keys_of(number: int = 1, study_uid: str = "1.2", set_id: str = "lumbar") -> tuple[ExerciseKey, ...]:
    """Return the keys of its two exercises."""
    return tuple(
        ExerciseKey(
            set_id=set_id,
            version=number,
            exercise_id=exercise_id,
            study_uid=study_uid,
            content=json.dumps({"salt": f"{number}{exercise_id}", "places": [1.5, 2]}),
        )
        for exercise_id in EXERCISES
    )


def answer_of(answer_id: str = "a1", **facts) -> Answer:
    """Return an answer to the first of them."""
    given = {
        "set_id": "lumbar",
        "set_version": 1,
        "exercise_id": EXERCISES[0],
        "trainee": "Reader A",
        "presented_at": START,
        "committed_at": START + timedelta(seconds=40),
        "client": "tests 1",
        "content": '{"row": 1.5, "text": "Größe \\u0000 \\ud83d\\ude00"}',
    }
    return Answer(answer_id=answer_id, **given | facts)


def score_of(answer_id: str = "a1", **facts) -> ScoreEntry:
    """Return the first score of an answer."""
    given = {
        "outcome": "near",
        "success": True,
        "critical": False,
        "cause": FIRST_SCORE,
        "scored_at": START + timedelta(minutes=1),
        "scored_by": "Reader A",
        "content": '{"outcome": "near"}',
    }
    return ScoreEntry(answer_id=answer_id, **given | facts)


def assignment_of(trainee: str = "Reader A", **facts) -> Assignment:
    """Return an assignment of the set."""
    given = {"set_id": "lumbar", "assigned_by": "Reader D", "assigned_at": START, "due": date(2026, 2, 28)}
    return Assignment(trainee=trainee, **given | facts)


RESCORED = {
    "outcome": "wrong_level",
    "success": False,
    "critical": True,
    "cause": "the reference was corrected",
}
