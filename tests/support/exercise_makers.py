"""Questions, keys and sets for the tests, made from the simulated study."""

from fluoro_annotator.anatomy import Side, load_anatomy
from fluoro_annotator.geometry import Point
from fluoro_annotator.marks import Adequacy, Correction, ViewJudgement
from fluoro_annotator.training import (
    Difficulty,
    ExerciseKind,
    Key,
    LearningPoint,
    Marking,
    NeedleVerdict,
    Outline,
    Question,
    ReferenceReading,
    TeachingSet,
    key_hash,
    new_exercise_id,
)

STUDY = "1.2.826.0.1.3680043.10.1"
ANATOMY = load_anatomy()
SITE = ANATOMY.site("L3_MB", Side.RIGHT)
ASKED = {
    ExerciseKind.PLACE_TARGET: {"site": SITE},
    ExerciseKind.PLACE_BY_NAME: {"site": SITE, "needle": True},
    ExerciseKind.NAME_MARKED: {"shown": Point(420.5, 651.25), "parts": ("nerve", "vertebra", "side")},
    ExerciseKind.JUDGE_VIEW: {"view": "AP_TRUE", "view_title": "True AP"},
    ExerciseKind.JUDGE_NEEDLE: {
        "site": SITE,
        "shown_needle": (Point(420.5, 651.25), Point(300.0, 660.0), Point(200.0, 700.0)),
        "active_tip_mm": 10.0,
    },
}
"""What the question of each kind has."""


def question(of, kind, **changes):
    given = {"exercise_id": new_exercise_id(), "kind": kind, "study_uid": STUDY, "frame": of.frame}
    return Question(**(given | {"difficulty": Difficulty.HARD} | ASKED.get(kind, {}) | changes))


def key(view, asked, markings, mm=None, **changes):
    references = tuple(
        ReferenceReading(
            reading_id=f"reading-{number}", marking=marking, reading_fingerprint=marking.fingerprint
        )
        for number, marking in enumerate(markings, 1)
    )
    extra = {
        ExerciseKind.NAME_MARKED: {"site": SITE},
        ExerciseKind.JUDGE_NEEDLE: {"verdict": NeedleVerdict(acceptable=False, faults=("WRONG_LEVEL",))},
    }.get(asked.kind, {})
    given = {
        "exercise_id": asked.exercise_id,
        "references": references,
        "image": view.facts(mm),
        "learning_points": (LearningPoint("The notch, not the joint.", "targets.yaml"),),
        "outlines": (Outline("L4", (Point(1.0, 2.0), Point(1.0, 9.0), Point(8.0, 9.0))),),
    }
    return Key(**(given | extra | changes))


def judged(view, adequate=Adequacy.NO, corrections=(Correction.TILT_CRANIAL,), reader="Expert A"):
    said = ViewJudgement(frame=view.frame, view="AP_TRUE", adequate=adequate, corrections=corrections)
    return Marking(reader, (said,))


def teaching_set(protocol, pairs, **changes):
    given = {
        "set_id": "lumbar-first",
        "version": 1,
        "title": "First steps",
        "author": "Attending A",
        "protocol_id": protocol.id,
        "protocol_version": protocol.version,
        "protocol_hash": protocol.content_hash,
        "questions": tuple(asked for asked, _ in pairs),
        "key_hashes": {asked.exercise_id: key_hash(one) for asked, one in pairs},
    }
    return TeachingSet(**(given | changes))
