"""When an exercise comes back: FSRS, replayed from the answers each time, so that nothing of it is kept anywhere.

Ratings, the retention that is aimed at and all other numbers here are engineering defaults: nobody has measured how fast
the places of medial branch nerves are forgotten.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Final

from fsrs import Card, Rating, Scheduler

from fluoro_annotator.marks import MarkConfidence
from fluoro_annotator.training.outcomes import Outcome
from fluoro_annotator.training.scored import ScoredAnswer

CERTAIN, PROBABLE, UNSURE = MarkConfidence

_RIGHT: Final[Mapping[MarkConfidence | None, Rating]] = MappingProxyType(
    {CERTAIN: Rating.Easy, PROBABLE: Rating.Good, UNSURE: Rating.Hard, None: Rating.Good}
)
_NEARLY: Final[Mapping[MarkConfidence | None, Rating]] = MappingProxyType(
    {CERTAIN: Rating.Again, PROBABLE: Rating.Hard, UNSURE: Rating.Hard, None: Rating.Hard}
)
_WRONG: Final[Mapping[MarkConfidence | None, Rating]] = MappingProxyType(
    dict.fromkeys((CERTAIN, PROBABLE, UNSURE, None), Rating.Again)
)

RATINGS: Final[Mapping[Outcome, Mapping[MarkConfidence | None, Rating] | None]] = MappingProxyType(
    {
        Outcome.CORRECT: _RIGHT,
        Outcome.NEAR: _NEARLY,
        Outcome.OFF_TARGET: _WRONG,
        Outcome.WRONG_LEVEL: _WRONG,
        Outcome.WRONG_SIDE: _WRONG,
        Outcome.UNSAFE: _WRONG,
        Outcome.WRONG_NERVE_NAME: _WRONG,
        Outcome.MISSING: _WRONG,
        Outcome.EXTRA: _WRONG,
        Outcome.NOT_ASSESSABLE: None,
    }
)
"""How FSRS is told of an outcome, by how sure the trainee was; what is not assessable tells it nothing."""

HELD_BACK: Final = timedelta(days=1)
"""For how long an exercise is not asked again whose answer could not be assessed; an engineering default."""

AHEAD: Final = timedelta(minutes=1)
"""By how much a time may lie ahead of the present one before it is not believed; an engineering default."""

LONGEST_DAYS: Final = 365
"""After how many days everything comes back; an engineering default."""

Exercise = tuple[str, str]
"""Teaching set and exercise; an exercise is the same one in all versions of its set."""


def scheduler() -> Scheduler:
    """Return FSRS with its own parameters, without chance: the same answers always give the same days."""
    return Scheduler(maximum_interval=LONGEST_DAYS, enable_fuzzing=False)


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a trainee stands with one exercise.

    Attributes
    ----------
    last : ScoredAnswer
        The latest answer.
    answered_at : datetime.datetime
        When, by clocks that never run backwards; see `Replay`.
    due : datetime.datetime
        When it comes back.
    recall : float
        With which chance FSRS expects it to be right now; 0 if no answer could be assessed.

    """

    last: ScoredAnswer
    answered_at: datetime
    due: datetime
    recall: float


class Replay:
    """What FSRS makes of the answers of one trainee.

    The order is that in which the store took the answers. Their times are made to never run backwards: a time
    before the one in front counts as that one. A time that lies ahead of the present is not believed,
    because the clock that it is from must have been wrong; it counts as that of the answer in front.
    """

    def __init__(self) -> None:
        self._scheduler = scheduler()
        self._answers: list[ScoredAnswer] = []
        self._built: datetime | None = None
        self._doubtful = False
        self._begin()

    def _begin(self) -> None:
        self._time: datetime | None = None
        self._cards: dict[Exercise, Card] = {}
        self._last: dict[Exercise, tuple[ScoredAnswer, datetime]] = {}
        self._held: dict[Exercise, datetime] = {}

    def take(self, answers: Sequence[ScoredAnswer], now: datetime) -> datetime:
        """Take all answers there are, in the order of the store, and return the time that it is.

        Parameters
        ----------
        answers : sequence of ScoredAnswer
            Those that were given before, and what has come since. Only what has come is worked through, unless the
            earlier ones were changed.
        now : datetime.datetime
            The present time by the clock of this computer.

        Returns
        -------
        datetime.datetime
            The present time, or that of the latest answer if the clock is behind it.

        """
        known = len(self._answers)
        went_back = self._built is not None and now < self._built
        if self._doubtful or went_back or _differ(self._answers, answers[:known]):
            self._rebuild(answers, now)
        else:
            self._add(answers[known:], now)
        self._answers, self._built = list(answers), now
        return self.moment(now)

    def moment(self, now: datetime) -> datetime:
        """Return the present time, or that of the latest answer if the clock is behind it."""
        return now if self._time is None else max(now, self._time)

    def standing(self, exercise: Exercise, moment: datetime) -> Standing | None:
        """Return where the trainee stands with an exercise; None if it was never answered."""
        found = self._last.get(exercise)
        if found is None:
            return None
        last, answered_at = found
        card = self._cards.get(exercise)
        held = self._held.get(exercise)
        times = [time for time in (None if card is None else card.due, held) if time is not None]
        recall = 0.0 if card is None else self._scheduler.get_card_retrievability(card, moment)
        return Standing(last, answered_at, max(times), recall)

    def _rebuild(self, answers: Sequence[ScoredAnswer], now: datetime) -> None:
        self._begin()
        self._doubtful = False
        self._add(answers, now)

    def _add(self, answers: Sequence[ScoredAnswer], now: datetime) -> None:
        credible = now + AHEAD
        for number, answer in enumerate(answers):
            if answer.committed_at > credible:
                self._doubtful = True
                time = self._time or _first_credible(answers[number:], now)
            else:
                time = max(self._time or answer.committed_at, answer.committed_at)
            self._time = time
            self._review(answer, time)

    def _review(self, answer: ScoredAnswer, time: datetime) -> None:
        exercise = (answer.set_id, answer.exercise_id)
        self._last[exercise] = answer, time
        ratings = RATINGS[answer.outcome]
        if ratings is None:
            self._held[exercise] = time + HELD_BACK
            return
        self._held.pop(exercise, None)
        # an identifier and a time are given, because without them the library reads the clock and waits
        card = self._cards.get(exercise) or Card(card_id=len(self._cards), due=time)
        self._cards[exercise], _ = self._scheduler.review_card(card, ratings[answer.confidence], time)


def _differ(before: Sequence[ScoredAnswer], now: Sequence[ScoredAnswer]) -> bool:
    return len(before) != len(now) or any(one is not other for one, other in zip(before, now, strict=True))


def _first_credible(answers: Iterable[ScoredAnswer], now: datetime) -> datetime:
    """Return the time of the first of some answers that is not ahead of the present, otherwise the present."""
    return next((one.committed_at for one in answers if one.committed_at <= now + AHEAD), now)
