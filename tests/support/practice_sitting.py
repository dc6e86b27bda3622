"""One question with its key, and what comes back when it is answered, without a store."""

from datetime import UTC, datetime

from fluoro_annotator.anatomy import Side, load_anatomy
from fluoro_annotator.geometry import Point
from fluoro_annotator.marks import FrameRef, MarkConfidence, Target
from fluoro_annotator.protocols import load_protocols
from fluoro_annotator.store import Answer
from fluoro_annotator.training import (
    AnswerRecord,
    Difficulty,
    ExerciseKind,
    Feedback,
    ImageFacts,
    Key,
    LearningPoint,
    Marking,
    Outline,
    PlacedAnswer,
    PlaceTarget,
    Question,
    ReferenceReading,
    Setting,
    Step,
    new_exercise_id,
    score,
)

FRAME = FrameRef("2.25.700.1.1", 1)
ANATOMY = load_anatomy()
L3, L4 = (ANATOMY.site(nerve, Side.RIGHT) for nerve in ("L3_MB", "L4_MB"))
AT = {L3: Point(60.0, 150.0), L4: Point(130.0, 160.0)}
NOW = datetime(2026, 5, 4, 9, tzinfo=UTC)
CERTAIN, PROBABLE = MarkConfidence.CERTAIN, MarkConfidence.PROBABLE


def placed(place):
    """Return the target of the L3 medial branch at a place."""
    return Target(frame=FRAME, site=L3, position=Point(*place))


def question_and_key():
    """Return the question for the L3 medial branch on the right, and its key."""
    expert = Marking("Expert A", tuple(Target(frame=FRAME, site=s, position=p) for s, p in AT.items()))
    facts = ImageFacts(view="AP_TRUE", orientation=("R", "F"))
    question = Question(
        exercise_id=new_exercise_id(),
        kind=ExerciseKind.PLACE_TARGET,
        study_uid="2.25.700",
        frame=FRAME,
        site=L3,
        difficulty=Difficulty.EASY,
    )
    key = Key(
        exercise_id=question.exercise_id,
        references=(
            ReferenceReading(reading_id="reading-1", marking=expert, reading_fingerprint=expert.fingerprint),
        ),
        image=facts,
        learning_points=(LearningPoint("Count twice.", "own teaching"),),
        outlines=(Outline("L4", (Point(40, 60), Point(40, 120), Point(80, 90))),),
    )
    return question, key


def fed_back(number, place, confidence=PROBABLE, **changes):
    """Return what comes back when somebody places the L3 medial branch somewhere."""
    question, key = question_and_key()
    setting = Setting(
        protocol=load_protocols(folders=()).get("lumbar_mbb"),
        references=tuple(one.marking for one in key.references),
        frame=FRAME,
        image=key.image,
    )
    exercise = PlaceTarget(setting, L3)
    given = PlacedAnswer(mark=placed(place), confidence=confidence)
    record = AnswerRecord(
        kind=question.kind.value,
        prompt=question.prompt,
        key_hash="",
        answer=given,
        seconds=7.5,
        steps=(Step(2.0, "add", {"points": [[10.0, 20.0]]}), Step(4.0, "move", {"points": [list(place)]})),
    )
    answer = Answer(
        answer_id=f"answer-{number}",
        set_id="lumbar",
        set_version=1,
        exercise_id=question.exercise_id,
        trainee="Trainee A",
        presented_at=NOW,
        committed_at=NOW,
        client="test",
        content=record.text,
    )
    known = {
        "answer": answer,
        "given": given,
        "question": question,
        "key": key,
        "exercise": exercise,
        "score": score(exercise, given),
        "kept": True,
    }
    return Feedback(**known | changes)
