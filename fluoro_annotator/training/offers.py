"""What is offered, and what comes back after a commit, as values."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from fluoro_annotator.store import Answer
from fluoro_annotator.training.exercises import Exercise, ExerciseAnswer
from fluoro_annotator.training.keys import Key
from fluoro_annotator.training.outbox import Delivered
from fluoro_annotator.training.questions import Question
from fluoro_annotator.training.scores import Score
from fluoro_annotator.training.sets import TeachingSet
from fluoro_annotator.training.steps import Step, Variant


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """An exercise that is to be shown.

    Attributes
    ----------
    teaching_set : TeachingSet
        The version of the set that is answered.
    question : Question
        What is asked; nothing of the answer is known here.
    variant : Variant
        How the image is to be shown.
    why : str
        Why this one now, as a sentence.
    due : datetime.datetime or None
        Since when it is due; None for a new one.
    attempt_id : str
        Becomes the identifier of the answer.
    presented_at : datetime.datetime
        When it was first shown.
    steps : tuple of Step
        What was done before an interruption; the marks are the records of these steps. Whoever goes on puts further
        steps behind them and counts seconds on from `seconds`.

    """

    teaching_set: TeachingSet
    question: Question
    variant: Variant
    why: str
    due: datetime | None
    attempt_id: str
    presented_at: datetime
    steps: tuple[Step, ...] = ()
    interrupted: bool = False

    @property
    def seconds(self) -> float:
        """How many seconds were spent before an interruption, as far as steps tell it."""
        return max((step.seconds for step in self.steps), default=0.0)

    @property
    def not_mirrored(self) -> Offer:
        """The same without a flip: for images of which the file does not say where left and right are."""
        return replace(self, variant=replace(self.variant, mirrored=False))


@dataclass(frozen=True, slots=True, kw_only=True)
class Feedback:
    """What is known after an answer was committed.

    Attributes
    ----------
    answer : Answer
        The answer as it is kept.
    given : ExerciseAnswer
        What was answered.
    question : Question
        What was asked.
    key : Key or None
        The key; None if it was purged with its study.
    exercise : Exercise or None
        The exercise; None if it cannot be put together any more.
    score : Score
        What became of the answer.
    kept : bool
        Whether the score is in the store; otherwise `Practice.catch_up` keeps it later.
    notes : tuple of str
        What else is to be said, as sentences.
    offer : Offer or None
        What was offered; None for an answer that was given earlier.

    """

    answer: Answer
    given: ExerciseAnswer
    question: Question
    key: Key | None
    exercise: Exercise | None
    score: Score
    kept: bool
    notes: tuple[str, ...] = ()
    offer: Offer | None = None

    @property
    def without_reference(self) -> Feedback:
        """The same without anything of key and reference: outcome, severity and confidence stay."""
        score = replace(
            self.score,
            why=(),
            cautions=(),
            site=None,
            zone=None,
            measures=None,
            questions=(),
            basis=replace(self.score.basis, references=(), image=""),
        )
        return replace(self, key=None, exercise=None, score=score)


@dataclass(frozen=True, slots=True)
class Waiting:
    """An answer that is committed, cannot be changed, and is scored later; `reason` says what it waits for."""

    answer: Answer
    reason: str


@dataclass(frozen=True, slots=True)
class CaughtUp:
    """What `Practice.catch_up` found.

    Attributes
    ----------
    delivered : Delivered
        Answers that waited for the store.
    scored : tuple of Feedback
        Answers that have their first score now.
    waiting : tuple of Waiting
        Answers that still have none.

    """

    delivered: Delivered
    scored: tuple[Feedback, ...] = ()
    waiting: tuple[Waiting, ...] = ()
