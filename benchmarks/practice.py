"""Practice: what a commit and the next exercise cost with many earlier answers, and many answers made flat."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median

from targets import Line, faster, growing

from fluoro_annotator.anatomy import Side, Site, load_anatomy
from fluoro_annotator.geometry import Point
from fluoro_annotator.marks import FrameRef, MarkConfidence, Target
from fluoro_annotator.protocols import load_protocols
from fluoro_annotator.store import KeptAnswer, SqliteStore
from fluoro_annotator.training import (
    ExerciseKind,
    ImageFacts,
    Key,
    Marking,
    Outbox,
    PlacedAnswer,
    Practice,
    Question,
    ReferenceReading,
    Step,
    TeachingSet,
    keep_version,
    key_hash,
    new_exercise_id,
    scored_answers,
)

SET = "bench"
TRAINEE = "Trainee A"
TURNS = 20
STEPS = 12
"""Steps of each answer: placed, moved a few times, named and judged."""
GROWTH = 3.0
FLAT = 1.5
"""How much faster than reading the whole text of each score; our own choice."""
START = datetime(2026, 3, 1, tzinfo=UTC)


class _Clock:
    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> datetime:
        self.now += timedelta(minutes=7)
        return self.now


def practice_lines(folder: Path, answers: int, flat: int) -> Iterator[Line]:
    """Measure a commit with the next exercise, and flat answers, and yield their lines.

    Parameters
    ----------
    folder : pathlib.Path
        Where stores are made.
    answers : int
        Earlier answers of the trainee; the peer has a hundredth of them.
    flat : int
        Answers that are made flat.

    """
    few = max(1, answers // 100)
    with (
        SqliteStore(folder / "practice.sqlite") as store,
        SqliteStore(folder / "practice-few.sqlite") as other,
    ):
        many_answers, few_answers = _begun(store, folder / "many"), _begun(other, folder / "few")
        for practice, number in ((many_answers, answers), (few_answers, few)):
            for _ in range(number):
                _turn(practice)
        pairs = [(_timed(many_answers), _timed(few_answers)) for _ in range(TURNS)]
        ours, peer = (median(times) for times in zip(*pairs, strict=True))
        yield growing(
            f"commit and next exercise, {answers:,} earlier answers",
            f"the same with {few:,}",
            ours,
            peer,
            GROWTH,
        )
        kept = store.practice.answers()
    yield _flat_line(kept, flat)


def _flat_line(kept: tuple[KeptAnswer, ...], number: int) -> Line:
    """Compare flat answers from the beginning of each score with the whole of each score as JSON."""
    many = [replace(kept[place % len(kept)], entry=place + 1) for place in range(number)]
    started = time.perf_counter()
    found = scored_answers(many)
    ours = time.perf_counter() - started
    if len(found) != number:
        raise RuntimeError("answers without a score")
    started = time.perf_counter()
    for one in many:
        json.loads(one.scores[-1].content)
        json.loads(one.answer.content)
    whole = time.perf_counter() - started
    return faster(f"{number:,} scored answers made flat", "json, whole texts", ours, whole, FLAT)


def _timed(practice: Practice) -> float:
    started = time.perf_counter()
    _turn(practice)
    return time.perf_counter() - started


def _turn(practice: Practice) -> None:
    offer = practice.next(SET, ahead=True)
    if offer is None or offer.question.site is None:
        raise RuntimeError("nothing to practise")
    mark = Target(frame=offer.question.frame, site=offer.question.site, position=Point(300.0, 220.5))
    answer = PlacedAnswer(mark=mark, confidence=MarkConfidence.PROBABLE)
    steps = [Step(float(second), "move", {"points": [[300.0, 220.5]]}) for second in range(STEPS)]
    practice.commit(offer, answer, steps, float(STEPS))


def _begun(store: SqliteStore, folder: Path) -> Practice:
    """Publish a set of thirty exercises, and return a program that practises it."""
    protocols = load_protocols(folders=())
    protocol = protocols.get("lumbar_mbb")
    site = load_anatomy().site("L3_MB", Side.RIGHT)
    pairs = [_exercise(FrameRef(f"2.25.{number + 1}", 1), site) for number in range(30)]
    made = TeachingSet(
        set_id=SET,
        version=1,
        title="Benchmark",
        author="Attending A",
        protocol_id=protocol.id,
        protocol_version=protocol.version,
        protocol_hash=protocol.content_hash,
        questions=tuple(question for question, _ in pairs),
        key_hashes={question.exercise_id: key_hash(key) for question, key in pairs},
    )
    keep_version(
        store.practice, made, {question.exercise_id: key for question, key in pairs}, by="Attending A"
    )
    return Practice(
        store.practice,
        TRAINEE,
        protocols=protocols,
        sets=[made],
        outbox=Outbox(store.store_id, folder),
        clock=_Clock(),
    )


def _exercise(frame: FrameRef, site: Site) -> tuple[Question, Key]:
    exercise = new_exercise_id()
    marking = Marking("Expert A", (Target(frame=frame, site=site, position=Point(300.0, 222.0)),))
    reference = ReferenceReading(
        reading_id="reading", marking=marking, reading_fingerprint=marking.fingerprint
    )
    question = Question(
        exercise_id=exercise, kind=ExerciseKind.PLACE_TARGET, study_uid="2.25.1", frame=frame, site=site
    )
    image = ImageFacts(view="AP_TRUE", orientation=("R", "F"))
    return question, Key(exercise_id=exercise, references=(reference,), image=image)
