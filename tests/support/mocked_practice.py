"""Teaching sets of the sample study, and an engine that asks them in order, for tests of the practice window."""

import json
import uuid
from dataclasses import dataclass, field, replace

from fluoro_annotator import settings
from fluoro_annotator.anatomy import Side, load_anatomy
from fluoro_annotator.geometry import Point
from fluoro_annotator.marks import Adequacy, FrameRef, Target, ViewJudgement
from fluoro_annotator.protocols import load_protocols
from fluoro_annotator.training import (
    CaughtUp,
    Delivered,
    Difficulty,
    ExerciseKind,
    ImageFacts,
    Key,
    LearningPoint,
    Marking,
    NeedleVerdict,
    Question,
    ReferenceReading,
    TeachingSet,
    Variant,
    Waiting,
    keep_version,
    key_hash,
)
from napari_fluoro_annotator.controllers.practice_protocols import SetFacts

TRUTH = json.loads((settings.sample_folder() / "truth.json").read_text(encoding="utf-8"))
STUDY = TRUTH["study_instance_uid"]
PROTOCOL = load_protocols(folders=()).get("lumbar_mbb")


def image_of(series):
    """Return the identifier and the truth of an image of the sample study."""
    return next((uid, image) for uid, image in TRUTH["images"].items() if image["series"] == series)


def target_of(series, nerve, side):
    """Return where a target lies on an image."""
    found = image_of(series)[1]["targets"]
    place = next(one for one in found if (one["nerve"], one["side"]) == (nerve, side))
    return Point(place["row"], place["column"])


def needle_of(series):
    """Return the frame number, and tip and hub of the needle on the last frame of a cine."""
    last = image_of(series)[1]["frames"][-1]
    tip, hub = (Point(last["needle"][end]["row"], last["needle"][end]["column"]) for end in ("tip", "hub"))
    return last["frame_number"], tip, hub


def question(kind, series="ap", *, number=1, **fields):
    """Return a question on an image of the sample study."""
    uid, _ = image_of(series)
    return Question(
        exercise_id=str(uuid.uuid4()),
        kind=kind,
        study_uid=STUDY,
        frame=FrameRef(uid, number),
        difficulty=Difficulty.EASY,
        **fields,
    )


def five_questions():
    """Return a question of each kind, and one about placing a needle."""
    anatomy = load_anatomy()
    l3, l4 = (anatomy.site(nerve, Side.RIGHT) for nerve in ("L3_MB", "L4_MB"))
    number, tip, hub = needle_of("needle_advance")
    return (
        question(ExerciseKind.PLACE_TARGET, site=l3),
        question(ExerciseKind.PLACE_BY_NAME, "right_oblique", site=l4),
        question(
            ExerciseKind.NAME_MARKED,
            shown=target_of("ap", "L4_MB", "left"),
            parts=("nerve", "vertebra", "joint", "side"),
        ),
        question(ExerciseKind.JUDGE_VIEW, "lateral", view="LATERAL_TRUE", view_title="True lateral"),
        question(
            ExerciseKind.JUDGE_NEEDLE, "needle_advance", number=number, site=l4, shown_needle=(tip, hub)
        ),
        question(ExerciseKind.PLACE_TARGET, "needle_advance", number=number, site=l4, needle=True),
    )


def teaching_set(questions=None):
    """Return a set that nobody has published."""
    questions = five_questions() if questions is None else questions
    return TeachingSet(
        set_id="lumbar-test",
        version=1,
        title="Lumbar test set",
        description="One exercise of each kind on the sample study.",
        author="Expert A",
        protocol_id=PROTOCOL.id,
        protocol_version=PROTOCOL.version,
        protocol_hash=PROTOCOL.content_hash,
        questions=tuple(questions),
        key_hashes={one.exercise_id: "0" * 64 for one in questions},
        mixed=False,
    )


AUTHOR = "Attending A"
VIEWS = {
    "ap": "AP_TRUE",
    "lateral": "LATERAL_TRUE",
    "right_oblique": "IPSI_OBLIQUE",
    "left_oblique": "IPSI_OBLIQUE",
}


def key_of(asked, *, expert="Expert A", shift=0.0):
    """Return what would be right: the targets of the truth, a true view, a needle at its target."""
    image = TRUTH["images"][asked.frame.sop_instance_uid]
    anatomy = load_anatomy()
    marks = tuple(
        Target(
            frame=asked.frame,
            site=anatomy.site(one["nerve"], Side(one["side"])),
            position=Point(one["row"] + shift, one["column"]),
        )
        for one in image["targets"]
        if one["in_field"]
    )
    if asked.kind is ExerciseKind.JUDGE_VIEW:
        marks += (ViewJudgement(frame=asked.frame, view=asked.view, adequate=Adequacy.YES),)
    marking = Marking(expert, marks)
    verdict = NeedleVerdict(acceptable=False, faults=("TOO_CAUDAL",))
    return Key(
        exercise_id=asked.exercise_id,
        references=(
            ReferenceReading(
                reading_id=f"reading of {expert}",
                marking=marking,
                reading_fingerprint=marking.fingerprint,
            ),
        ),
        image=ImageFacts(view=VIEWS.get(image["series"], "IPSI_OBLIQUE"), orientation=("R", "F")),
        site=anatomy.site("L4_MB", Side.LEFT) if asked.kind is ExerciseKind.NAME_MARKED else None,
        verdict=verdict if asked.kind is ExerciseKind.JUDGE_NEEDLE else None,
        learning_points=(LearningPoint("The notch, not the joint.", "targets.yaml"),),
    )


def publish(store, questions=None, *, expert="Expert A", shift=0.0, set_id="lumbar-test"):
    """Publish the questions in a store, with keys; returns the set."""
    questions = five_questions() if questions is None else questions
    keys = {one.exercise_id: key_of(one, expert=expert, shift=shift) for one in questions}
    made = replace(
        teaching_set(questions),
        set_id=set_id,
        author=AUTHOR,
        key_hashes={name: key_hash(key) for name, key in keys.items()},
    )
    keep_version(store.practice, made, keys, by=AUTHOR)
    return made


@dataclass
class PlannedOffer:
    """What a planned engine offers."""

    question: Question
    variant: Variant = field(default_factory=Variant)
    why: str = "It is new to you."
    interrupted: bool = False
    steps: tuple = ()

    @property
    def not_mirrored(self):
        return replace(self, variant=replace(self.variant, mirrored=False))


@dataclass
class PlannedEngine:
    """Asks the questions of a set in order and notes what it is told."""

    questions: tuple
    variants: tuple = ()
    problem: Exception | None = None
    told: object = field(default_factory=lambda: Waiting(None, "It is not scored here."))
    committed: list = field(default_factory=list)
    kept: list = field(default_factory=list)
    left: int = 0

    def next(self, set_id, *, ahead=False):
        number = len(self.committed)
        if number >= len(self.questions):
            return None
        variant = self.variants[number] if number < len(self.variants) else Variant()
        return PlannedOffer(self.questions[number], variant)

    def peek(self, set_id):
        number = len(self.committed)
        return self.questions[number] if number < len(self.questions) else None

    def next_due(self, set_id):
        return None

    def keep_step(self, step):
        self.kept.append(step)
        return ""

    def leave(self):
        self.left += 1

    def commit(self, offer, answer, steps, seconds):
        if self.problem is not None:
            raise self.problem
        self.committed.append((offer, answer, tuple(steps), seconds))
        return self.told

    def catch_up(self):
        return CaughtUp(Delivered())

    def counts(self, set_id):
        return len(self.committed), len(self.questions) - len(self.committed)


class PlannedSource:
    """One set, and the engine that practises it."""

    login = ""

    def __init__(self, engine=None, teaching=None, **facts):
        self.teaching = teaching or teaching_set()
        self.planned = engine or PlannedEngine(self.teaching.questions)
        self.facts = facts
        self.trainees = []
        self.installed = True

    def close(self):
        pass

    def load(self, trainee):
        if not self.installed:
            return []
        return [SetFacts(teaching_set=self.teaching, procedure=PROTOCOL, **self.facts)]

    def install_samples(self):
        self.installed = True

    def engine(self, trainee, playable):
        self.trainees.append(trainee)
        return self.planned
