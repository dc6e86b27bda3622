"""Which exercise comes next: what is due, the weakest first, otherwise a new one; neighbours differ."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from fluoro_annotator.training.questions import Question
from fluoro_annotator.training.sets import TeachingSet
from fluoro_annotator.training.spacing import Standing

FEATURES: Final[tuple[Callable[[Question], object], ...]] = (
    lambda question: None if question.site is None else question.site.nerve,
    lambda question: question.view or question.frame.sop_instance_uid,
    lambda question: question.kind,
)
"""In what neighbours are to differ: nerve, view and kind. Which view an image shows stands in the key, so that another
image counts as another view."""


@dataclass(frozen=True, slots=True)
class Choice:
    """An exercise, and where the trainee stands with it.

    Attributes
    ----------
    question : Question
        The question.
    standing : Standing or None
        None for one that was never answered.

    """

    question: Question
    standing: Standing | None = None


def choose(
    teaching_set: TeachingSet,
    standings: Mapping[str, Standing],
    *,
    trainee: str,
    moment: datetime,
    before: Question | None = None,
    leave_out: Collection[str] = (),
    ahead: bool = False,
) -> Choice | None:
    """Return the exercise that comes next.

    Parameters
    ----------
    teaching_set : TeachingSet
        The set; of one that is not mixed all new questions come first, in their order.
    standings : mapping of str to Standing
        Where the trainee stands, by exercise; those never answered are missing.
    trainee : str
        The order of new questions is another one for each trainee.
    moment : datetime.datetime
        The present time.
    before : Question, optional
        What was answered last.
    leave_out : collection of str
        Exercises that are not to come, for example because they are open in another window.
    ahead : bool
        Whether to bring something forward if nothing is due and nothing new.

    """
    choices = [
        Choice(question, standings.get(question.exercise_id))
        for question in teaching_set.questions
        if question.exercise_id not in leave_out
    ]
    new = [choice for choice in choices if choice.standing is None]
    seen = [choice for choice in choices if choice.standing is not None]
    due = sorted((choice for choice in seen if _due(choice) <= moment), key=_weak_first)
    if teaching_set.mixed:
        new.sort(key=lambda choice: _shuffled(trainee, choice.question.exercise_id))
        found = _mixed(due, new, before)
    else:
        found = next(iter((*new, *sorted(due, key=choices.index))), None)
    if found is None and ahead:
        return min(seen, key=_due, default=None)
    return found


def next_due(standings: Mapping[str, Standing], teaching_set: TeachingSet) -> datetime | None:
    """Return when the first exercise of a set comes back; None if none was ever answered."""
    known = [standings.get(question.exercise_id) for question in teaching_set.questions]
    return min((one.due for one in known if one is not None), default=None)


def shared(one: Question, other: Question | None) -> int:
    """Return in how many of nerve, view and kind two neighbours are alike; more if they are the same exercise."""
    if other is None:
        return 0
    alike = sum(_alike(feature(one), feature(other)) for feature in FEATURES)
    return alike + (one.exercise_id == other.exercise_id)


def _alike(one: object, other: object) -> bool:
    return one is not None and one == other


def _mixed(due: Sequence[Choice], new: Sequence[Choice], before: Question | None) -> Choice | None:
    """Return what differs most from the question before: of what is due, or of what is new if that is all alike."""

    def likeness(choice: Choice) -> int:
        return shared(choice.question, before)

    first_due, first_new = min(due, key=likeness, default=None), min(new, key=likeness, default=None)
    if first_due is None or first_new is None:
        return first_due or first_new
    all_alike = likeness(first_due) >= len(FEATURES) > likeness(first_new)
    return first_new if all_alike else first_due


def _due(choice: Choice) -> datetime:
    if choice.standing is None:
        raise ValueError("an exercise that was never answered is never due")
    return choice.standing.due


def _weak_first(choice: Choice) -> tuple[Any, ...]:
    """Confident and wrong comes first, then what is wrong, then what is expected to be forgotten."""
    standing = choice.standing
    if standing is None:
        raise ValueError("an exercise that was never answered is neither weak nor strong")
    last = standing.last
    return not last.confident_and_wrong, last.success is not False, standing.recall, standing.due


def _shuffled(trainee: str, exercise_id: str) -> bytes:
    return hashlib.sha256(f"{trainee}\n{exercise_id}".encode("utf-8", "surrogatepass")).digest()
