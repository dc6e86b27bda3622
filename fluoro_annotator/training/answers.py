"""What a trainee has answered, with every step, as a value and as the text that a store keeps."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final, TypeVar

from fluoro_annotator.anatomy import Side
from fluoro_annotator.errors import FluoroAnnotatorError, TrainingError
from fluoro_annotator.marks import (
    Adequacy,
    Correction,
    MarkConfidence,
    Needle,
    Target,
    mark_from_dict,
    mark_to_dict,
)
from fluoro_annotator.marks.fields import checked_member, checked_text, taken
from fluoro_annotator.training.exercises import (
    ExerciseAnswer,
    NamedAnswer,
    NeedleAnswer,
    PlacedAnswer,
    ViewAnswer,
)
from fluoro_annotator.training.material import RULES_VERSION
from fluoro_annotator.training.steps import AS_IT_IS, Step, Values, Variant, check_seconds, count_moves

FORMAT: Final = "fluoro_annotator.answer"
VERSION: Final = 1

Made = TypeVar("Made")


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerRecord:
    """An answer with everything that was done for it; the content of what the store keeps.

    Attributes
    ----------
    kind : str
        Kind of the exercise.
    prompt : str
        The question in the words in which it was asked.
    key_hash : str
        Hash of the key that the answer will be compared with, as the teaching set names it.
    answer : PlacedAnswer, NamedAnswer, ViewAnswer or NeedleAnswer
        The answer, without its basis: that follows from the key.
    seconds : float
        From the image shown to the answer committed, by a clock that nobody sets.
    steps : tuple of Step
        Everything that was done, in its order.
    variant : Variant
        How the image was shown.
    rules : int
        `RULES_VERSION` of the program with which it was committed.

    Raises
    ------
    TrainingError
        If the time is not a number of at least 0.

    """

    kind: str
    prompt: str
    key_hash: str
    answer: ExerciseAnswer
    seconds: float
    steps: tuple[Step, ...] = ()
    variant: Variant = AS_IT_IS
    rules: int = RULES_VERSION

    def __post_init__(self) -> None:
        check_seconds("answer", self.seconds)
        object.__setattr__(self, "steps", tuple(self.steps))

    @property
    def moves(self) -> int:
        """How often something that had been placed was put elsewhere."""
        return count_moves(self.steps)

    @property
    def text(self) -> str:
        """The record as JSON; `read_answer` is the inverse."""
        values = {
            "format": FORMAT,
            "version": VERSION,
            "kind": self.kind,
            "prompt": self.prompt,
            "key_hash": self.key_hash,
            "answer": answer_to_dict(self.answer),
            "seconds": self.seconds,
            "moves": self.moves,
            "variant": self.variant.plain,
            "rules": self.rules,
            "steps": [step.plain for step in self.steps],
        }
        try:
            return json.dumps(values, separators=(",", ":"), allow_nan=False)
        except (TypeError, ValueError, RecursionError):
            raise TrainingError(
                "answer", "has a step that cannot be kept", "Give plain values in steps."
            ) from None


def read_answer(text: str) -> AnswerRecord:
    """Return the record written as `AnswerRecord.text`.

    Raises
    ------
    TrainingError
        If it cannot be read, or is of a newer version of the program.

    """
    return _read("answer", lambda: _answer_record(json.loads(text)))


def answer_to_dict(answer: ExerciseAnswer) -> Values:
    """Return an answer as plain values for JSON, without its basis; the inverse of `answer_from_dict`."""
    kind = _KINDS[type(answer)]
    confidence = None if answer.confidence is None else answer.confidence.value
    return {"kind": kind, "confidence": confidence, **_WRITERS[kind](answer)}


def answer_from_dict(values: object) -> ExerciseAnswer:
    """Return the answer written by `answer_to_dict`.

    Raises
    ------
    TrainingError
        If a value is missing or of the wrong kind.

    """
    return _read("answer", lambda: _answer_from(values))


def _read(subject: str, make: Callable[[], Made]) -> Made:
    try:
        return make()
    except TrainingError:
        raise
    except FluoroAnnotatorError as error:
        raise TrainingError(subject, f"cannot be read ({error})") from error
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise TrainingError(subject, "cannot be read: it is not what this program writes") from error


def _answer_record(values: Values) -> AnswerRecord:
    found = {name: taken("answer", values, name) for name in ("format", "version")}
    if found != {"format": FORMAT, "version": VERSION}:
        raise TrainingError(
            "answer",
            "is of a form that this version of the program does not know",
            "If a newer version wrote it, update this one.",
        )
    texts = {name: _text(values, name, empty=name == "key_hash") for name in ("kind", "prompt", "key_hash")}
    rules = taken("answer", values, "rules")
    if type(rules) is not int:
        raise TrainingError("answer", "has no number of the rules")
    return AnswerRecord(
        **texts,
        answer=_answer_from(taken("answer", values, "answer")),
        seconds=taken("answer", values, "seconds"),
        steps=tuple(Step.read(step) for step in taken("answer", values, "steps")),
        variant=Variant.read(taken("answer", values, "variant")),
        rules=rules,
    )


def _text(values: object, name: str, *, empty: bool = False) -> str:
    return checked_text("answer", name, taken("answer", values, name), may_be_empty=empty)


def _answer_from(values: object) -> ExerciseAnswer:
    kind = _text(values, "kind")
    if kind not in _READERS:
        raise TrainingError("answer", "is of a kind that this version of the program does not know")
    said = taken("answer", values, "confidence")
    confidence = None if said is None else checked_member("answer", "confidence", said, MarkConfidence)
    return _READERS[kind](values, confidence)


# ---------------------------------------------------------------------- the four kinds of answers

_KINDS: Final[Mapping[type, str]] = MappingProxyType(
    {PlacedAnswer: "placed", NamedAnswer: "named", ViewAnswer: "view", NeedleAnswer: "needle"}
)
"""The word for each kind of answer."""


def _placed_from(values: object, confidence: MarkConfidence | None) -> ExerciseAnswer:
    plain = taken("answer", values, "mark")
    mark = None if plain is None else mark_from_dict(plain)
    if not isinstance(mark, Target | Needle | None):
        raise TrainingError("answer", "is neither a target nor a needle")
    return PlacedAnswer(mark=mark, confidence=confidence)


def _named_from(values: object, confidence: MarkConfidence | None) -> ExerciseAnswer:
    side = taken("answer", values, "side")
    return NamedAnswer(
        nerve=_word(values, "nerve"),
        vertebra=_word(values, "vertebra"),
        joint=_word(values, "joint"),
        side=None if side is None else checked_member("answer", "side", side, Side),
        confidence=confidence,
    )


def _word(values: object, name: str) -> str | None:
    text = taken("answer", values, name)
    return None if text is None else checked_text("answer", name, text)


def _view_from(values: object, confidence: MarkConfidence | None) -> ExerciseAnswer:
    named = taken("answer", values, "corrections")
    return ViewAnswer(
        adequate=checked_member("answer", "adequate", taken("answer", values, "adequate"), Adequacy),
        corrections=tuple(checked_member("answer", "corrections", one, Correction) for one in named),
        confidence=confidence,
    )


def _needle_from(values: object, confidence: MarkConfidence | None) -> ExerciseAnswer:
    acceptable = taken("answer", values, "acceptable")
    if not isinstance(acceptable, bool | None):
        raise TrainingError("answer", "says neither yes nor no of a needle")
    return NeedleAnswer(
        acceptable=acceptable, fault=_text(values, "fault", empty=True), confidence=confidence
    )


_WRITERS: Final[Mapping[str, Callable[[Any], Values]]] = MappingProxyType(
    {
        "placed": lambda one: {"mark": None if one.mark is None else mark_to_dict(one.mark)},
        "named": lambda one: {
            "nerve": one.nerve,
            "vertebra": one.vertebra,
            "joint": one.joint,
            "side": None if one.side is None else one.side.value,
        },
        "view": lambda one: {
            "adequate": one.adequate.value,
            "corrections": [correction.value for correction in one.corrections],
        },
        "needle": lambda one: {"acceptable": one.acceptable, "fault": one.fault},
    }
)

_READERS: Final[Mapping[str, Callable[[object, MarkConfidence | None], ExerciseAnswer]]] = MappingProxyType(
    {"placed": _placed_from, "named": _named_from, "view": _view_from, "needle": _needle_from}
)
