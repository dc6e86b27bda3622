"""The answers of a sitting, in the order in which a trainee should look at them again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from psygnal import SignalInstance

from fluoro_annotator.errors import FluoroAnnotatorError
from fluoro_annotator.training import OUTCOMES, Feedback, feedback_order
from napari_fluoro_annotator import texts
from napari_fluoro_annotator.controllers.practice_feedback import FeedbackController
from napari_fluoro_annotator.wiring import Wires, Wiring

BringBack = Callable[[Feedback], Feedback]
"""Shows the image of an answer as it was shown when it was asked, and returns the answer with its reference.

Raises FluoroAnnotatorError if it cannot; then what was shown is shown still.
"""


@dataclass(frozen=True, slots=True)
class ReviewRow:
    """An answer in the list.

    Attributes
    ----------
    text : str
        Outcome and question.
    urgent : bool
        Whether the trainee was certain of something wrong.

    """

    text: str
    urgent: bool


class ReviewViewProtocol(Protocol):
    """The list."""

    answer_chosen: SignalInstance
    refresh_requested: SignalInstance

    def set_answers(self, rows: Sequence[ReviewRow], summary: str) -> None:
        """List answers, with how many of what."""

    def set_problem(self, text: str) -> None:
        """Say why an answer cannot be shown; nothing if it can."""


class ReviewController:
    """Lists what was answered in this sitting, "confident and wrong" first, and shows one of them again.

    Parameters
    ----------
    view : ReviewViewProtocol
        The list.
    feedback : FeedbackController
        Shows an answer beside its reference; it knows those of the sitting.
    bring_back : callable
        Shows the image of an answer, and compares it anew: the sitting holds no reference.

    """

    def __init__(self, view: ReviewViewProtocol, feedback: FeedbackController, bring_back: BringBack) -> None:
        self._view, self._feedback, self._bring_back = view, feedback, bring_back
        self._listed: tuple[Feedback, ...] = ()
        self._wiring = Wiring(self._wires())

    def _wires(self) -> Wires:
        return ((self._view.answer_chosen, self.show), (self._view.refresh_requested, self.refresh))

    def close(self) -> None:
        """Let go of the list; may be called more than once."""
        self._wiring.close()
        self._listed = ()

    def refresh(self) -> None:
        """List the answers of the sitting as they are now."""
        self._listed = in_order(self._feedback.sitting)
        self._view.set_answers([row_of(one) for one in self._listed], summary_of(self._listed))
        self._view.set_problem("")

    def show(self, number: int) -> None:
        """Show an answer of the list again: its image, what is drawn and what is said."""
        if not 0 <= number < len(self._listed):
            return
        self._feedback.clear()
        try:
            recalled = self._bring_back(self._listed[number])
        except FluoroAnnotatorError as error:
            self._view.set_problem(str(error))
            return
        self._view.set_problem("")
        self._feedback.show_again(recalled)


def in_order(sitting: Sequence[Feedback]) -> tuple[Feedback, ...]:
    """Return answers in the order of `feedback_order`."""
    left = list(sitting)
    found = []
    for score in feedback_order(one.score for one in sitting):
        place = next(number for number, one in enumerate(left) if one.score is score)
        found.append(left.pop(place))
    return tuple(found)


def row_of(feedback: Feedback) -> ReviewRow:
    """Return how an answer stands in the list."""
    score = feedback.score
    text = texts.REVIEW_ROW.format(
        sign=texts.FEEDBACK_SIGNS[score.success],
        outcome=OUTCOMES[score.outcome].title,
        prompt=feedback.question.prompt,
    )
    urgent = score.confident_and_wrong
    return ReviewRow(texts.REVIEW_URGENT.format(text=text) if urgent else text, urgent)


def summary_of(sitting: Sequence[Feedback]) -> str:
    """Return how many answers have which outcome; no rate, which so few would not carry."""
    if not sitting:
        return texts.REVIEW_EMPTY
    counted = Counter(OUTCOMES[one.score.outcome].title.lower() for one in sitting)
    outcomes = ", ".join(f"{count} {title}" for title, count in counted.most_common())
    return texts.plural(len(sitting), texts.REVIEW_ONE, texts.REVIEW_MANY).format(outcomes=outcomes)
