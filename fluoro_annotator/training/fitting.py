"""Whether an answer answers a question: asked before it is committed, and without the key."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from fluoro_annotator.errors import TrainingError
from fluoro_annotator.marks import MarkKind
from fluoro_annotator.training.exercises import (
    ExerciseAnswer,
    NamedAnswer,
    NeedleAnswer,
    PlacedAnswer,
    ViewAnswer,
)
from fluoro_annotator.training.questions import ExerciseKind, Question

ANSWERS: Final[Mapping[ExerciseKind, type]] = MappingProxyType(
    {
        ExerciseKind.PLACE_TARGET: PlacedAnswer,
        ExerciseKind.PLACE_BY_NAME: PlacedAnswer,
        ExerciseKind.NAME_MARKED: NamedAnswer,
        ExerciseKind.JUDGE_VIEW: ViewAnswer,
        ExerciseKind.JUDGE_NEEDLE: NeedleAnswer,
    }
)
"""The kind of answer that goes with each kind of exercise."""


def check_fits(question: Question, answer: ExerciseAnswer) -> None:
    """Refuse an answer that the question does not ask for.

    Raises
    ------
    TrainingError
        Saying what is asked for.

    """
    wanted = ANSWERS[question.kind]
    if not isinstance(answer, wanted):
        raise TrainingError(
            f"answer of the kind {type(answer).__name__}",
            f"does not answer a question of the kind {question.kind.value}",
            f"Give a {wanted.__name__}.",
        )
    if isinstance(answer, PlacedAnswer) and answer.mark is not None:
        kind = MarkKind.NEEDLE if question.needle else MarkKind.TARGET
        if answer.mark.kind is not kind:
            raise TrainingError(
                f"answer with a {answer.mark.kind.words}", f"is not a {kind.words}", f"Mark a {kind.words}."
            )
