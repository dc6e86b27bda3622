"""What a report of practice costs: answers from a store to a page, beside plainly reading and parsing the same rows."""

from __future__ import annotations

import gc
import json
import random
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Any

from targets import Line

from fluoro_annotator.marks import StudyRecord
from fluoro_annotator.reporting import html_text
from fluoro_annotator.store import Answer, ExerciseKey, KeptAnswer, ScoreEntry, SetVersion, SqliteStore
from fluoro_annotator.training import ExerciseKind, Outcome, scored_answers
from fluoro_annotator.training.report import Context, attending_report
from fluoro_annotator.training.scored import score_text

SEED = 20266
MOST_SECONDS = 10.0
"""So long a report of 100,000 answers may take on two cores. Few answers always meet it."""
AT_ONCE = 5000
EXERCISES = 60
TRAINEES = 10
STUDY = "1.2.3.4"
BEGIN = datetime(2026, 1, 1, tzinfo=UTC)
WEIGHTS = (75, 6, 5, 3, 2, 2, 2, 1, 1, 3)
"""How often each outcome comes."""


def report_line(folder: Path, number: int) -> Line:
    """Compare a report across trainees, as HTML, with reading the same rows and parsing their JSON."""
    file = folder / "practice.sqlite"
    _fill(file, number)
    _read_plainly(file)  # once for the system's cache
    peer, found = _timed(lambda: _read_plainly(file))
    ours, text = _timed(lambda: _report(file))
    if found != 2 * number or f"{number}, of which" not in text:
        raise RuntimeError("a report or its peer is not of all answers")
    return Line(
        what=f"report of {number:,} answers, HTML",
        against="sqlite3 and json, the same rows",
        ours=f"{ours:.1f} s",
        peers=f"{peer:.1f} s",
        ratio=ours / peer,
        wanted=MOST_SECONDS,
        met=ours <= MOST_SECONDS,
        absolute="s at most",
    )


def _timed(action: Any) -> tuple[float, Any]:
    gc.collect()
    started = time.perf_counter()
    found = action()
    return time.perf_counter() - started, found


def _read_plainly(file: Path) -> int:
    """Read every column of both tables and parse every content; return how many there were."""
    parsed = 0
    with closing(sqlite3.connect(file)) as plain:
        for table in ("practice_answer", "practice_score"):
            cursor = plain.execute(f"SELECT * FROM {table}")  # noqa: S608 - names of our own tables
            place = [column[0] for column in cursor.description].index("content")
            parsed += sum(json.loads(row[place]) is not None for row in cursor.fetchall())
    return parsed


def _report(file: Path) -> str:
    with SqliteStore(file) as store:
        answers = scored_answers(store.practice.answers())
    return html_text(attending_report(answers, Context(made_at=BEGIN)))


def _fill(file: Path, number: int) -> None:
    version = SetVersion(
        set_id="set", version=1, title="Set", author="Attending A", published_at=BEGIN, content="{}"
    )
    keys = [
        ExerciseKey(
            set_id="set", version=1, exercise_id=f"e{place}", study_uid=STUDY, content=f'{{"salt":{place}}}'
        )
        for place in range(EXERCISES)
    ]
    with SqliteStore(file) as store:
        store.save_study(StudyRecord(STUDY, ()))
        store.practice.publish(version, keys)
        answers = _answers(number)
        while some := tuple(islice(answers, AT_ONCE)):
            store.practice.take_over(some)


def _answers(number: int) -> Iterator[KeptAnswer]:
    rng = random.Random(SEED)  # noqa: S311 - no secret
    steps = [{"seconds": place / 2, "what": "move", "record": {"row": 1.5 * place}} for place in range(12)]
    for entry in range(1, number + 1):
        at = BEGIN + timedelta(minutes=entry)
        kind, outcome = rng.choice([*ExerciseKind]), rng.choices([*Outcome], WEIGHTS)[0]
        trainee = f"Trainee {rng.randrange(TRAINEES)}"
        answer = Answer(
            answer_id=f"a{entry}",
            set_id="set",
            set_version=1,
            exercise_id=f"e{rng.randrange(EXERCISES)}",
            trainee=trainee,
            presented_at=at,
            committed_at=at,
            client="benchmark",
            content=json.dumps({"kind": kind.value, "steps": steps}),
        )
        yield KeptAnswer(entry, at, answer, (_score(answer, kind, outcome, rng),))


def _score(answer: Answer, kind: ExerciseKind, outcome: Outcome, rng: random.Random) -> ScoreEntry:
    scaled = rng.random() < 0.6  # noqa: PLR2004 - some images have a scale and some have none
    summary = {
        "kind": kind.value,
        "nerve": rng.choice(["L1_MB", "L2_MB", "L3_MB", "L4_MB", "L5_DR"]),
        "vertebra": "L4",
        "side": rng.choice(["left", "right"]),
        "view": rng.choice(["AP_TRUE", "IPSI_OBLIQUE", "LATERAL_TRUE"]),
        "reason": "no_scale" if outcome is Outcome.NOT_ASSESSABLE else "",
        "faults": ["WRONG_LEVEL"] if outcome is Outcome.WRONG_LEVEL else [],
        "severity": None,
        "confidence": rng.choice(["certain", "probable", "unsure"]),
        "millimetres": rng.expovariate(0.5) if scaled else None,
        "mm_error": 0.1 if scaled else None,
        "scale": "calibrated in the file" if scaled else None,
        "pixels": rng.expovariate(0.1),
        "seconds": rng.expovariate(0.05),
        "moves": rng.randrange(5),
        "experts": ["Expert A", "Expert B", "Expert C"],
        "outliers": [],
    }
    return ScoreEntry(
        answer_id=answer.answer_id,
        outcome=outcome.value,
        success={Outcome.CORRECT: True, Outcome.NOT_ASSESSABLE: None}.get(outcome, False),
        critical=outcome in {Outcome.WRONG_LEVEL, Outcome.WRONG_SIDE},
        cause="first",
        scored_at=answer.committed_at,
        scored_by=answer.trainee,
        content=score_text(summary, {"why": [{"rule": "zone", "sentence": "x" * 300}] * 3}),
    )
