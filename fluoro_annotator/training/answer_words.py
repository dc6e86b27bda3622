"""What a trainee answered, in words."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from fluoro_annotator.anatomy import load_anatomy
from fluoro_annotator.marks import Adequacy
from fluoro_annotator.protocols import Protocol
from fluoro_annotator.training import sentences
from fluoro_annotator.training.exercises import (
    ExerciseAnswer,
    NamedAnswer,
    NeedleAnswer,
    PlacedAnswer,
    ViewAnswer,
)

NOTHING: Final = "Nothing was answered."


def answer_words(answer: ExerciseAnswer, protocol: Protocol) -> str:
    """Return what was answered, for example ``"L4 medial branch, L4, right."``; empty for a mark on the image.

    Parameters
    ----------
    answer : PlacedAnswer, NamedAnswer, ViewAnswer or NeedleAnswer
        The answer.
    protocol : Protocol
        Whose faults it names.

    """
    return _WORDS[type(answer)](answer, protocol)


def _placed(answer: PlacedAnswer, _protocol: Protocol) -> str:
    return NOTHING if answer.mark is None else ""


def _named(answer: NamedAnswer, _protocol: Protocol) -> str:
    nerve = None if answer.nerve is None else load_anatomy().nerve(answer.nerve).name
    side = None if answer.side is None else answer.side.value
    said = [part for part in (nerve, answer.vertebra, answer.joint, side) if part is not None]
    return f"{', '.join(said)}." if said else NOTHING


def _view(answer: ViewAnswer, _protocol: Protocol) -> str:
    if answer.adequate is Adequacy.UNSURE:
        return NOTHING
    moves = " and ".join(sentences.MOVES[one] for one in answer.corrections)
    head = "A true view" if answer.adequate is Adequacy.YES else "Not a true view"
    return f"{head}: {moves}." if moves else f"{head}."


def _needle(answer: NeedleAnswer, protocol: Protocol) -> str:
    if answer.acceptable is None:
        return NOTHING
    meaning = {fault.code: fault.meaning for fault in protocol.faults}.get(answer.fault, answer.fault)
    head = "Acceptable" if answer.acceptable else "Not acceptable"
    return f"{head}: {meaning}." if meaning else f"{head}."


_WORDS: Final[dict[type, Callable[[Any, Protocol], str]]] = {
    PlacedAnswer: _placed,
    NamedAnswer: _named,
    ViewAnswer: _view,
    NeedleAnswer: _needle,
}
"""What says each kind of answer."""
