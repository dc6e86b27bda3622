"""One trainee practises: what comes next, the answer that is kept for good, and only then what was right."""

from __future__ import annotations

import logging
import uuid
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, tzinfo
from typing import Final

from fluoro_annotator import __version__
from fluoro_annotator.errors import StoreConflictError, StoreError, TrainingError
from fluoro_annotator.marks import utc_now
from fluoro_annotator.protocols import ProtocolLibrary
from fluoro_annotator.store import Answer, PracticeRecords
from fluoro_annotator.training.answers import AnswerRecord
from fluoro_annotator.training.choosing import Choice, choose, next_due
from fluoro_annotator.training.drafts import Begun, Draft, Drafts
from fluoro_annotator.training.exercises import ExerciseAnswer
from fluoro_annotator.training.explaining import why_now, why_resumed
from fluoro_annotator.training.fitting import check_fits
from fluoro_annotator.training.keeping import Keeper
from fluoro_annotator.training.offers import CaughtUp, Feedback, Offer, Waiting
from fluoro_annotator.training.outbox import Outbox
from fluoro_annotator.training.questions import Question
from fluoro_annotator.training.scored import ScoredAnswer
from fluoro_annotator.training.sets import TeachingSet
from fluoro_annotator.training.spacing import Replay, Standing
from fluoro_annotator.training.steps import Step, Variant
from fluoro_annotator.training.variants import variant_of

LOG = logging.getLogger(__name__)

CLIENT: Final = f"fluoro-annotator {__version__}"
NOT_ON_DISK: Final = "What you do is not kept on disk at the moment ({why}). An interruption would lose it."


@dataclass(slots=True)
class _Open:
    """The exercise that is open in this window; without a draft where none could be written."""

    offer: Offer
    draft: Draft | None = None
    unwritten: list[Step] = field(default_factory=list)


class Practice:
    """What one trainee does with teaching sets; to be used by one thread at a time.

    Nothing of a key is asked for before the answer is on disk, and afterwards the answer cannot be changed.

    Parameters
    ----------
    records : PracticeRecords or callable
        What the store keeps of practice, or a function that returns it.
    trainee : str
        Who practises.
    protocols : ProtocolLibrary
        The protocols that are installed.
    sets : iterable of TeachingSet
        The sets that are to be practised; of several versions of one the highest counts.
    outbox : Outbox
        Where answers wait if the store is away; drafts are kept beside it.
    clock : callable
        Returns the present time in UTC.
    client : str
        Program and version.
    zone : datetime.tzinfo, optional
        The time zone in which days are counted; that of this computer by default.
    playable : callable, optional
        Says of a question whether it can be shown; others are not offered. All can by default.

    """

    def __init__(
        self,
        records: PracticeRecords | Callable[[], PracticeRecords],
        trainee: str,
        *,
        protocols: ProtocolLibrary,
        sets: Iterable[TeachingSet],
        outbox: Outbox,
        clock: Callable[[], datetime] = utc_now,
        client: str = CLIENT,
        zone: tzinfo | None = None,
        playable: Callable[[Question], bool] | None = None,
    ) -> None:
        self.trainee = trainee
        self._playable = playable
        self._keeper = Keeper(records, trainee, protocols=protocols, outbox=outbox, clock=clock)
        self._drafts, self._replay = Drafts(outbox.folder, trainee), Replay()
        self._clock, self._client, self._zone = clock, client, zone
        self._sets: dict[str, TeachingSet] = {}
        self._open: _Open | None = None
        self._disk = ""
        self.use_sets(sets)

    def use_sets(self, sets: Iterable[TeachingSet]) -> None:
        """Take the versions that are to be practised from now on."""
        found = sorted(sets, key=lambda one: one.version)
        self._keeper.know(found)
        self._sets = {one.set_id: one for one in found}

    @property
    def notice(self) -> str:
        """What is wrong although practice goes on, as sentences; empty if nothing is."""
        return " ".join(filter(None, (self._disk, self._keeper.notice)))

    # ------------------------------------------------------------------ what comes next

    def next(self, set_id: str, *, ahead: bool = False) -> Offer | None:
        """Return what comes next, None if nothing is due and nothing new.

        An exercise that is open stays so; one that was interrupted comes before everything else.

        Parameters
        ----------
        set_id : str
            The teaching set.
        ahead : bool
            Whether to bring something forward that is not due yet.

        Raises
        ------
        TrainingError
            If the set is not among those that are practised.

        """
        teaching_set = self._set(set_id)
        if self._open is not None:
            if self._open.offer.teaching_set.set_id == set_id:
                return self._open.offer
            self.leave()
        self._keeper.refresh()
        moment = self._replay.take(self._keeper.history.scored, self._clock())
        return self._resumed(set_id, moment) or self._chosen(teaching_set, moment, ahead=ahead)

    def next_due(self, set_id: str) -> datetime | None:
        """Return when the next exercise of a set comes back; None if none of it was answered.

        Raises
        ------
        TrainingError
            If the set is not among those that are practised.

        """
        teaching_set = self._set(set_id)
        moment = self._replay.take(self._keeper.history.scored, self._clock())
        return next_due(self._standings(teaching_set, moment), teaching_set)

    def peek(self, set_id: str) -> Question | None:
        """Return the question that `next` is likely to bring, without asking it: its image can be read ahead.

        Raises
        ------
        TrainingError
            If the set is not among those that are practised.

        """
        teaching_set = self._set(set_id)
        moment = self._replay.take(self._keeper.history.scored, self._clock())
        choice = self._choice(teaching_set, moment, ahead=False)
        return None if choice is None else choice.question

    def counts(self, set_id: str) -> tuple[int, int]:
        """Return how many answers the trainee has given to a set, and how many exercises are due or new now.

        The store is asked first, as by `next`.

        Raises
        ------
        TrainingError
            If the set is not among those that are practised.

        """
        teaching_set = self._set(set_id)
        self._keeper.refresh()
        moment = self._replay.take(self._keeper.history.scored, self._clock())
        later = sum(one.due > moment for one in self._standings(teaching_set, moment).values())
        answered = sum(one == set_id for one, _ in self._keeper.history.exercises)
        return answered, len(teaching_set.questions) - later

    def keep_step(self, step: Step) -> str:
        """Write down a step of the open exercise, so that an interruption does not lose it.

        Returns
        -------
        str
            What is wrong if it could not be written, as a sentence; otherwise nothing.

        """
        if self._open is None:
            raise TrainingError("step", "belongs to no exercise that is open", "Ask for the next one first.")
        self._open.unwritten.append(step)
        self._disk = self._write_steps(self._open)
        return self._disk

    def _write_steps(self, opened: _Open) -> str:
        """Write what is not on disk yet; return what hinders it."""
        try:
            if opened.draft is None:
                opened.draft = self._drafts.begin(self._begun(opened.offer))
            while opened.unwritten:
                opened.draft.add(opened.unwritten[0])
                del opened.unwritten[0]
        except OSError as error:
            return NOT_ON_DISK.format(why=error.strerror or "the disk reports a fault")
        return ""

    def leave(self) -> None:
        """Leave the open exercise; it comes back as an interrupted one."""
        if self._open is not None and self._open.draft is not None:
            self._open.draft.leave()
        self._open = None

    # ------------------------------------------------------------------ commit

    def commit(
        self, offer: Offer, answer: ExerciseAnswer, steps: Iterable[Step], seconds: float
    ) -> Feedback | Waiting:
        """Keep an answer for good, and only then compare it with its key.

        Parameters
        ----------
        offer : Offer
            What was shown.
        answer : ExerciseAnswer
            The answer.
        steps : iterable of Step
            Everything that was done, steps before an interruption first.
        seconds : float
            From the image shown to the answer committed, by a clock that nobody sets.

        Returns
        -------
        Feedback or Waiting
            What became of it, or why that is not known yet. In both cases the answer is on disk and cannot be changed.

        Raises
        ------
        TrainingError
            If it does not answer the question. Nothing is kept then, and the exercise stays open.
        AnswerNotKeptError
            If neither the store nor the disk takes it. The exercise stays open.
        StoreConflictError
            If another answer was committed for this offer already.

        """
        check_fits(offer.question, answer)
        record = AnswerRecord(
            kind=offer.question.kind.value,
            prompt=offer.question.prompt,
            key_hash=offer.teaching_set.key_hashes[offer.question.exercise_id],
            answer=replace(answer, basis=None),
            seconds=seconds,
            steps=tuple(steps),
            variant=offer.variant,
        )
        if self._keeper.history.holds(offer.attempt_id):
            raise StoreConflictError(
                "answer", "was committed already and cannot be changed", "Go on with the next exercise."
            )
        made = Answer(
            answer_id=offer.attempt_id,
            set_id=offer.teaching_set.set_id,
            set_version=offer.teaching_set.version,
            exercise_id=offer.question.exercise_id,
            trainee=self.trainee,
            presented_at=offer.presented_at,
            committed_at=self._clock(),
            client=self._client,
            content=record.text,
        )
        kept = self._keeper.keep(made)
        self._keeper.history.note_committed(made.answer_id)
        self._close(offer)
        if isinstance(kept, Waiting):
            return kept
        found = self._keeper.assess(kept)
        if isinstance(found, Waiting):
            return found
        return replace(found, offer=offer, notes=self._keeper.notes(offer.teaching_set))

    def _close(self, offer: Offer) -> None:
        if self._open is not None and self._open.offer.attempt_id == offer.attempt_id:
            if self._open.draft is not None:
                self._open.draft.remove()
            self._open = None

    def catch_up(self) -> CaughtUp:
        """Deliver answers that wait for the store, and score those that have no score yet; the store is asked now."""
        return self._keeper.catch_up()

    def recall(self, answer_id: str) -> Feedback:
        """Return once more what a commit brought back: made anew, and nothing is kept.

        Parameters
        ----------
        answer_id : str
            An answer of this trainee that the store holds.

        Raises
        ------
        StoreError
            If the store is away, or withholds the key.
        TrainingError
            If the store does not hold the answer, or its set or key cannot be used.
        UnknownProtocolError
            If the protocol of its set is not installed.

        """
        return self._keeper.recall(answer_id)

    @property
    def history(self) -> tuple[ScoredAnswer, ...]:
        """All scored answers of the trainee, in the order of the store."""
        return self._keeper.history.scored

    # ------------------------------------------------------------------ inside

    def _set(self, set_id: str) -> TeachingSet:
        if set_id not in self._sets:
            raise TrainingError(
                f"teaching set {set_id}", "is not there, or was withdrawn", "Choose another one."
            )
        return self._sets[set_id]

    def _standings(self, teaching_set: TeachingSet, moment: datetime) -> Mapping[str, Standing]:
        found = {
            question.exercise_id: self._replay.standing((teaching_set.set_id, question.exercise_id), moment)
            for question in teaching_set.questions
        }
        return {exercise: standing for exercise, standing in found.items() if standing is not None}

    def _resumed(self, set_id: str, moment: datetime) -> Offer | None:
        """Return an exercise of a set that was interrupted; drafts of committed answers are cleared away."""
        found: Offer | None = None
        for draft in self._drafts.left_behind():
            begun = draft.begun
            if self._keeper.history.holds(begun.attempt_id):
                draft.remove()
            elif found is None and begun.set_id == set_id and (offer := self._goes_on(begun, moment)):
                found, self._open = offer, _Open(offer, draft)
            else:
                draft.leave()
        return found

    def _goes_on(self, begun: Begun, moment: datetime) -> Offer | None:
        try:
            teaching_set = self._keeper.version(begun.set_id, begun.set_version)
            question = teaching_set.question(begun.exercise_id)
        except (StoreError, TrainingError):
            LOG.warning("An interrupted exercise is of a set that cannot be read now; it stays on disk.")
            return None
        return Offer(
            teaching_set=teaching_set,
            question=question,
            variant=begun.variant,
            why=why_resumed(begun.presented_at, moment, self._zone, empty=not begun.steps),
            due=None,
            attempt_id=begun.attempt_id,
            presented_at=begun.presented_at,
            steps=begun.steps,
            interrupted=True,
        )

    def _choice(self, teaching_set: TeachingSet, moment: datetime, *, ahead: bool) -> Choice | None:
        return choose(
            teaching_set,
            self._standings(teaching_set, moment),
            trainee=self.trainee,
            moment=moment,
            before=self._before(teaching_set),
            leave_out=self._left_out(teaching_set),
            ahead=ahead,
        )

    def _left_out(self, teaching_set: TeachingSet) -> set[str]:
        """Return the exercises that cannot come: open in another window, not scored yet, or not to be shown."""
        busy = self._drafts.open_elsewhere() | self._keeper.history.without_score
        found = {exercise for set_id, exercise in busy if set_id == teaching_set.set_id}
        if self._playable is None:
            return found
        return found | {one.exercise_id for one in teaching_set.questions if not self._playable(one)}

    def _chosen(self, teaching_set: TeachingSet, moment: datetime, *, ahead: bool) -> Offer | None:
        choice = self._choice(teaching_set, moment, ahead=ahead)
        if choice is None:
            return None
        offer = Offer(
            teaching_set=teaching_set,
            question=choice.question,
            variant=self._variant(teaching_set, choice.question),
            why=why_now(choice, moment, self._zone),
            due=None if choice.standing is None else choice.standing.due,
            attempt_id=str(uuid.uuid4()),
            presented_at=self._clock(),
        )
        self._open = _Open(offer)
        self._disk = self._write_steps(self._open)
        return offer

    def _begun(self, offer: Offer) -> Begun:
        return Begun(
            attempt_id=offer.attempt_id,
            set_id=offer.teaching_set.set_id,
            set_version=offer.teaching_set.version,
            exercise_id=offer.question.exercise_id,
            trainee=self.trainee,
            presented_at=offer.presented_at,
            variant=offer.variant,
        )

    def _before(self, teaching_set: TeachingSet) -> Question | None:
        """Return what was answered last, if it belongs to this version of the set."""
        questions = {question.exercise_id: question for question in teaching_set.questions}
        for set_id, exercise in reversed(self._keeper.history.exercises):
            if set_id == teaching_set.set_id:
                return questions.get(exercise)
        return None

    def _variant(self, teaching_set: TeachingSet, question: Question) -> Variant:
        """Return how an image is shown: otherwise than each time before, whatever was asked on it."""
        uid = question.frame.sop_instance_uid
        alike = {one.exercise_id for one in teaching_set.questions if one.frame.sop_instance_uid == uid}
        seen = sum(
            set_id == teaching_set.set_id and exercise in alike
            for set_id, exercise in self._keeper.history.exercises
        )
        return variant_of(self.trainee, uid, seen)
