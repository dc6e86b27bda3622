"""Keys of exercises: what an answer is scored by, kept apart from the question until the answer is committed."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from fluoro_annotator.anatomy import Site, load_anatomy
from fluoro_annotator.errors import TrainingError
from fluoro_annotator.geometry import Point
from fluoro_annotator.marks import Needle
from fluoro_annotator.marks.fields import checked_points, checked_text
from fluoro_annotator.protocols import Protocol
from fluoro_annotator.training.exercises import (
    Exercise,
    JudgeNeedle,
    JudgeView,
    NameMarked,
    NeedleVerdict,
    PlaceByName,
    PlaceTarget,
    Setting,
)
from fluoro_annotator.training.material import ImageFacts, Marking, checked_references
from fluoro_annotator.training.questions import ExerciseKind, Question, checked_exercise_id

SALT_BYTES: Final = 16
"""Random bytes in each key, so that trying all nerves and sides does not find the key of a known hash."""

LEAST_OUTLINE: Final = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferenceReading:
    """A snapshot of what an expert marked, as far as one exercise is scored by it.

    Parameters
    ----------
    reading_id : str
        The reading it was taken from.
    marking : Marking
        Reader and records.
    reading_fingerprint : str
        `Marking.fingerprint` of the whole reading at that time.

    """

    reading_id: str
    marking: Marking
    reading_fingerprint: str

    def __post_init__(self) -> None:
        for name in ("reading_id", "reading_fingerprint"):
            checked_text("reference", name, getattr(self, name))


@dataclass(frozen=True, slots=True)
class LearningPoint:
    """What is to be learned from an exercise, and where it is written; `source` may be empty."""

    text: str
    source: str = ""

    def __post_init__(self) -> None:
        checked_text("learning point", "text", self.text)
        checked_text("learning point", "source", self.source, may_be_empty=True)


@dataclass(frozen=True, slots=True)
class Outline:
    """The outline of a vertebra on the frame, ``(row, column)`` in pixels; shown after the answer."""

    vertebra: str
    points: tuple[Point, ...]

    def __post_init__(self) -> None:
        load_anatomy().vertebra(self.vertebra)
        kept = checked_points("outline", "points", self.points, least=LEAST_OUTLINE)
        object.__setattr__(self, "points", kept)


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """What the answer to one exercise is scored by, and what is taught afterwards.

    Parameters
    ----------
    exercise_id : str
        The exercise.
    references : tuple of ReferenceReading
        One or more, each of another expert.
    image : ImageFacts
        View, scale and orientation of the image.
    site : Site or None
        What is marked, for `ExerciseKind.NAME_MARKED`.
    verdict : NeedleVerdict or None
        What the experts say of a needle; None to have it follow from their targets.
    learning_points : tuple of LearningPoint
        What is taught.
    outlines : tuple of Outline
        Vertebrae that are drawn after the answer.
    salt : str
        Random text.

    Raises
    ------
    TrainingError
        If there is no reference, two are of one expert, or the identifier is not random.

    """

    exercise_id: str
    references: tuple[ReferenceReading, ...]
    image: ImageFacts
    site: Site | None = None
    verdict: NeedleVerdict | None = None
    learning_points: tuple[LearningPoint, ...] = ()
    outlines: tuple[Outline, ...] = ()
    salt: str = field(default_factory=lambda: secrets.token_hex(SALT_BYTES), repr=False)

    def __post_init__(self) -> None:
        checked_exercise_id(self.exercise_id)
        checked_text("key", "salt", self.salt)
        for name in ("references", "learning_points", "outlines"):
            object.__setattr__(self, name, tuple(getattr(self, name)))
        checked_references(self.markings)
        if self.site is not None:
            load_anatomy().check_site(self.site)

    @property
    def markings(self) -> tuple[Marking, ...]:
        """The references as they are scored by."""
        return tuple(reference.marking for reference in self.references)


def exercise_of(question: Question, key: Key, protocol: Protocol) -> Exercise:
    """Return the exercise that an answer is scored by.

    Parameters
    ----------
    question : Question
        What was asked.
    key : Key
        Its key.
    protocol : Protocol
        The protocol of the teaching set.

    Raises
    ------
    TrainingError
        If question and key are not of one exercise, the key does not say what is marked, or the protocol does not
        cover the nerve.
    ProtocolError
        If the protocol has no such view.

    """
    if question.exercise_id != key.exercise_id:
        raise TrainingError(
            f"exercise {question.exercise_id}",
            "was put together with the key of another one",
            "Read the teaching set again.",
        )
    setting = Setting(protocol=protocol, references=key.markings, frame=question.frame, image=key.image)
    return _EXERCISES[question.kind](setting, question, key)


def _place_target(setting: Setting, question: Question, _key: Key) -> Exercise:
    return PlaceTarget(setting, _asked(question), needle=question.needle)


def _place_by_name(setting: Setting, question: Question, _key: Key) -> Exercise:
    return PlaceByName(setting, _asked(question), needle=question.needle)


def _name_marked(setting: Setting, question: Question, key: Key) -> Exercise:
    if key.site is None:
        raise TrainingError(
            f"key of {key.exercise_id}", "does not say what is marked", "Publish the teaching set again."
        )
    return NameMarked(setting, key.site, question.parts)


def _judge_view(setting: Setting, question: Question, _key: Key) -> Exercise:
    return JudgeView(setting, question.view)


def _judge_needle(setting: Setting, question: Question, key: Key) -> Exercise:
    tip, *shaft, hub = question.shown_needle or ()
    needle = Needle(
        frame=question.frame,
        mark_id=question.exercise_id,
        site=_asked(question),
        tip=tip,
        shaft=tuple(shaft),
        hub=hub,
        active_tip_mm=question.active_tip_mm,
    )
    return JudgeNeedle(setting, needle, key.verdict)


def _asked(question: Question) -> Site:
    if question.site is None:
        raise TrainingError(f"exercise {question.exercise_id}", "does not say what is asked for")
    return question.site


_EXERCISES: Final[dict[ExerciseKind, Callable[[Setting, Question, Key], Exercise]]] = {
    ExerciseKind.PLACE_TARGET: _place_target,
    ExerciseKind.PLACE_BY_NAME: _place_by_name,
    ExerciseKind.NAME_MARKED: _name_marked,
    ExerciseKind.JUDGE_VIEW: _judge_view,
    ExerciseKind.JUDGE_NEEDLE: _judge_needle,
}
