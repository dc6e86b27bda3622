"""Takes answers to the store, or to the disk while the store is away, and scores what is in the store."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from time import monotonic
from typing import Final

from fluoro_annotator.errors import (
    AnswerNotKeptError,
    StoreConflictError,
    StoreError,
    StoreUnavailableError,
    TrainingError,
    UnknownProtocolError,
)
from fluoro_annotator.protocols import ProtocolLibrary
from fluoro_annotator.store import Answer, KeptAnswer, PracticeRecords, ScoreEntry
from fluoro_annotator.store.recorder import SLOW_SECONDS
from fluoro_annotator.training.assessing import Assessed, assess, key_if_there, protocol_for, score_entry
from fluoro_annotator.training.history import History
from fluoro_annotator.training.offers import CaughtUp, Feedback, Waiting
from fluoro_annotator.training.outbox import Delivered, Outbox
from fluoro_annotator.training.sets import TeachingSet, set_from_text

LOG = logging.getLogger(__name__)

PAUSE_SECONDS: Final = 30.0
"""For how long a store is not asked that took long to say that it is away; an engineering default."""

WITHDRAWN: Final = (
    "This teaching set was withdrawn meanwhile. The answer is kept and scored by version {version}."
)
REPLACED: Final = "Version {newer} of this teaching set was published meanwhile. The answer is kept and scored by version {version}."


class Keeper:
    """Keeps and scores the answers of one trainee.

    Parameters
    ----------
    records : PracticeRecords or callable
        What the store keeps of practice, or a function that returns it.
    trainee : str
        Whose answers.
    protocols : ProtocolLibrary
        The protocols that are installed.
    outbox : Outbox
        Where answers wait if the store is away.
    clock : callable
        Returns the present time in UTC.

    Attributes
    ----------
    history : History
        All answers of the trainee.
    notice : str
        What is wrong with the store, as a sentence; empty if nothing is.

    """

    def __init__(
        self,
        records: PracticeRecords | Callable[[], PracticeRecords],
        trainee: str,
        *,
        protocols: ProtocolLibrary,
        outbox: Outbox,
        clock: Callable[[], datetime],
    ) -> None:
        self.trainee, self.history, self.notice = trainee, History(trainee), ""
        self._records, self._protocols = records, protocols
        self._outbox, self._clock = outbox, clock
        self._versions: dict[tuple[str, int], TeachingSet] = {}
        self._behind = True
        self._away: StoreUnavailableError | None = None
        self._ask_at = 0.0

    def know(self, sets: Iterable[TeachingSet]) -> None:
        """Take note of versions of sets, so that the store need not be asked for them."""
        self._versions |= {(one.set_id, one.version): one for one in sets}

    # ------------------------------------------------------------------ answers

    def keep(self, answer: Answer) -> KeptAnswer | Waiting:
        """Put an answer into the store, or into the outbox if the store is away or earlier ones wait."""
        if not self._outbox.waiting(self.trainee):
            try:
                with self._asked() as records:
                    return records.commit(answer)
            except StoreConflictError:
                raise
            except StoreError as error:
                problem = str(error)
                self._put_aside(answer, error)
        else:
            problem = self._put_behind(answer)
        self.history.note_waiting(self._outbox.waiting(self.trainee))
        return self._found_again(answer) or Waiting(answer, problem)

    def _put_behind(self, answer: Answer) -> str:
        """Put an answer behind those that wait, and deliver all of them; return what hinders it."""
        self._put_aside(answer, None)
        delivered = self._deliver()
        return next((why for one, why in delivered.waiting if one.answer_id == answer.answer_id), "")

    def _put_aside(self, answer: Answer, error: StoreError | None) -> None:
        try:
            self._outbox.put(answer)
        except OSError as fault:
            why = fault.strerror or "the disk reports a fault"
            store = "answers wait for the store" if error is None else str(error).rstrip(".")
            raise AnswerNotKeptError(
                "answer",
                f"is not committed: {store}; nor can it be written to the disk ({why})",
                "Leave this window open, make room or connect the store, and commit again.",
            ) from fault

    def _found_again(self, answer: Answer) -> KeptAnswer | None:
        """Return an answer from the store if it was delivered after all; a store takes the same one twice as one."""
        if any(one.answer_id == answer.answer_id for one in self._outbox.waiting(self.trainee)):
            return None
        try:
            with self._asked() as records:
                return records.commit(answer)
        except StoreConflictError:
            raise
        except StoreError:
            return None

    # ------------------------------------------------------------------ scores

    def catch_up(self) -> CaughtUp:
        """Deliver answers that wait for the store, and score those that have no score yet; the store is asked in any case."""
        self._away, self._behind, self.notice = None, False, ""
        delivered = self._deliver()
        waiting = [
            Waiting(answer, why) for answer, why in delivered.waiting if answer.trainee == self.trainee
        ]
        try:
            with self._asked() as records:
                self.history.read(records, again=True)
        except StoreError as error:
            self._behind, self.notice = True, str(error)
            return CaughtUp(delivered, (), tuple(waiting))
        found = [self.assess(kept) for kept in self.history.unscored]
        scored = tuple(one for one in found if isinstance(one, Feedback))
        waiting += [one for one in found if isinstance(one, Waiting)]
        return CaughtUp(delivered, scored, tuple(waiting))

    def assess(self, kept: KeptAnswer) -> Feedback | Waiting:
        """Score an answer that is in the store, and keep the score."""
        answer = kept.answer
        try:
            found = self._compared(answer)
        except (StoreError, TrainingError, UnknownProtocolError) as error:
            self._behind |= isinstance(error, StoreError)
            self._take_in()
            return Waiting(answer, str(error))
        entry = score_entry(
            answer,
            found,
            set_version=answer.set_version,
            scored_at=self._clock(),
            scored_by=self.trainee,
        )
        return _fed_back(answer, found, kept=self._save(kept, entry))

    def recall(self, answer_id: str) -> Feedback:
        """Compare an answer of the store with its key once more, without keeping anything.

        Raises
        ------
        StoreError
            If the store is away or withholds the key.
        TrainingError
            If the store does not hold the answer, or its set or key cannot be used.
        UnknownProtocolError
            If the protocol of its set is not installed.

        """
        known = (one.entry for one in self.history.scored if one.answer_id == answer_id)
        with self._asked() as records:
            answers = records.answers(trainee=self.trainee, after=next(known, 1) - 1)
        kept = next((one for one in answers if one.answer.answer_id == answer_id), None)
        if kept is None:
            raise TrainingError(
                "answer", "is not in this store under this name", "Look under the name it was given under."
            )
        answer = kept.answer
        notes = self.notes(self.version(answer.set_id, answer.set_version))
        return replace(_fed_back(answer, self._compared(answer), kept=bool(kept.scores)), notes=notes)

    def _compared(self, answer: Answer) -> Assessed:
        """Compare an answer that is in the store with its key."""
        teaching_set = self.version(answer.set_id, answer.set_version)
        protocol = protocol_for(self._protocols, teaching_set)
        with self._asked() as records:
            key = key_if_there(records, teaching_set, answer.exercise_id, self.trainee)
        return assess(teaching_set, answer.exercise_id, answer.content, key, protocol)

    def _save(self, kept: KeptAnswer, entry: ScoreEntry) -> bool:
        """Keep a score, and return whether the store has one now."""
        try:
            with self._asked() as records:
                records.keep_score(entry)
        except StoreConflictError:
            LOG.info("Another window has scored this answer first; its score counts.")
            self._take_in(again=True)
        except StoreError as error:
            self._behind, self.notice = True, str(error)
            return False
        else:
            self.history.note_score(kept, entry)
        return True

    # ------------------------------------------------------------------ what the store has

    def version(self, set_id: str, version: int) -> TeachingSet:
        """Return a version of a set; one that is not practised any more is read from the store."""
        if (set_id, version) not in self._versions:
            with self._asked() as records:
                versions = records.set_versions(set_id)
            for kept in versions:
                if kept.version == version:
                    self._versions[set_id, version] = set_from_text(kept.content)
                    break
            else:
                raise TrainingError(
                    f"teaching set {set_id}",
                    f"has no version {version} in this store",
                    "Ask its author for it.",
                )
        return self._versions[set_id, version]

    def notes(self, teaching_set: TeachingSet) -> tuple[str, ...]:
        """Return what has become of a set since it was offered."""
        try:
            with self._asked() as records:
                versions = records.set_versions(teaching_set.set_id)
        except StoreError:
            return ()
        latest = max(versions, key=lambda one: one.version, default=None)
        if latest is None or latest.version <= teaching_set.version:
            return ()
        text = WITHDRAWN if latest.withdrawn else REPLACED
        return (text.format(version=teaching_set.version, newer=latest.version),)

    def refresh(self) -> None:
        """Read what has come since; at first, and after the store was away, catch up."""
        away = self._away is not None and monotonic() < self._ask_at
        if not away and (self._behind or self._outbox.waiting(self.trainee)):
            self.catch_up()
        else:
            self._take_in()

    def _deliver(self) -> Delivered:
        try:
            with self._asked() as records:
                delivered = self._outbox.deliver(records)
        except StoreError as error:
            waiting = self._outbox.waiting()
            delivered = Delivered(waiting=tuple((answer, str(error)) for answer in waiting))
        self.history.note_waiting(self._outbox.waiting(self.trainee))
        return delivered

    def _take_in(self, *, again: bool = False) -> None:
        try:
            with self._asked() as records:
                self.history.read(records, again=again)
        except StoreError as error:
            self._behind, self.notice = True, str(error)

    @contextmanager
    def _asked(self) -> Iterator[PracticeRecords]:
        """Give the records of the store; one that took long to say that it is away is not asked again for a while."""
        begun = monotonic()
        if self._away is not None and begun < self._ask_at:
            raise self._away
        self._away = None
        try:
            yield self._records if isinstance(self._records, PracticeRecords) else self._records()
        except StoreUnavailableError as error:
            if monotonic() - begun > SLOW_SECONDS:
                self._away, self._ask_at = error, monotonic() + PAUSE_SECONDS
            raise


def _fed_back(answer: Answer, found: Assessed, *, kept: bool) -> Feedback:
    return Feedback(
        answer=answer,
        given=found.record.answer,
        question=found.question,
        key=found.key,
        exercise=found.exercise,
        score=found.score,
        kept=kept,
    )
