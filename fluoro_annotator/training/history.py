"""All answers of one trainee, read once and then only what has come since."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Final

from fluoro_annotator.store import Answer, KeptAnswer, PracticeRecords, ScoreEntry
from fluoro_annotator.training.scored import ScoredAnswer, scored_answers

Exercise = tuple[str, str]

RECENT: Final = 100
"""Answers further back are not asked for again with every exercise; an engineering default."""


class History:
    """The answers of a trainee as a store has them, and those that wait for it.

    Parameters
    ----------
    trainee : str
        Whose.

    """

    def __init__(self, trainee: str) -> None:
        self._trainee = trainee
        self._scored: dict[int, ScoredAnswer] = {}
        self._unscored: dict[int, KeptAnswer] = {}
        self._waiting: tuple[Answer, ...] = ()
        self._entries: dict[int, Exercise] = {}
        self._ids: set[str] = set()
        self._listed: tuple[ScoredAnswer, ...] | None = None

    def read(self, records: PracticeRecords, *, again: bool = False) -> None:
        """Take in what the store has got since: new answers, and scores of those that had none.

        Parameters
        ----------
        records : PracticeRecords
            Those of the store.
        again : bool
            Whether to look for scores of all answers that have none, also of those that lie far back.

        Raises
        ------
        StoreError
            If the store is away; what is known stays.

        """
        last = max(self._entries, default=0)
        missing = (entry for entry in self._unscored if again or entry > last - RECENT)
        self._take(records.answers(trainee=self._trainee, after=min(missing, default=last + 1) - 1))

    def note_score(self, kept: KeptAnswer, score: ScoreEntry) -> None:
        """Take in a score that was kept a moment ago."""
        self._take([replace(kept, scores=(*kept.scores, score))])

    def note_committed(self, answer_id: str) -> None:
        """Remember that an answer was committed, even if the store cannot be read for a while."""
        self._ids.add(answer_id)

    def note_waiting(self, answers: Iterable[Answer]) -> None:
        """Say which answers wait for the store."""
        self._waiting = tuple(answers)

    def _take(self, kept: Iterable[KeptAnswer]) -> None:
        for one in kept:
            self._entries[one.entry] = (one.answer.set_id, one.answer.exercise_id)
            self._ids.add(one.answer.answer_id)
            if one.scores:
                self._unscored.pop(one.entry, None)
                self._add(one)
            else:
                self._unscored[one.entry] = one

    def _add(self, kept: KeptAnswer) -> None:
        known = self._scored.get(kept.entry)
        (found,) = scored_answers([kept])
        if found != known:
            self._scored[kept.entry] = found
            self._listed = None

    @property
    def scored(self) -> tuple[ScoredAnswer, ...]:
        """Answers with a score, in the order of the store; the same objects each time."""
        if self._listed is None:
            self._listed = tuple(self._scored[entry] for entry in sorted(self._scored))
        return self._listed

    @property
    def unscored(self) -> tuple[KeptAnswer, ...]:
        """Answers of the store that have no score yet."""
        return tuple(self._unscored[entry] for entry in sorted(self._unscored))

    @property
    def without_score(self) -> frozenset[Exercise]:
        """Exercises of which an answer has no score yet, because it waits for the store or for its key."""
        waiting = {(answer.set_id, answer.exercise_id) for answer in self._waiting}
        return frozenset(waiting | {self._entries[entry] for entry in self._unscored})

    def holds(self, answer_id: str) -> bool:
        """Return whether an answer is committed, in the store or waiting for it."""
        return answer_id in self._ids or any(one.answer_id == answer_id for one in self._waiting)

    @property
    def exercises(self) -> tuple[Exercise, ...]:
        """Teaching set and exercise of every answer, in their order, those that wait last."""
        kept = [self._entries[entry] for entry in sorted(self._entries)]
        return (*kept, *((answer.set_id, answer.exercise_id) for answer in self._waiting))
