"""Takes the changes of a session to the store, and keeps them safe while the store is away."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from time import monotonic

from psygnal import Signal

from fluoro_annotator import settings
from fluoro_annotator.errors import ReadingClosedError, StoreError, StoreUnavailableError
from fluoro_annotator.marks import Draft, Reading, Revision, StudyRecord, utc_now
from fluoro_annotator.store.clock import ClockWatch
from fluoro_annotator.store.contract import Store
from fluoro_annotator.store.delivery import Delivery, Identity, identity
from fluoro_annotator.store.rescue import RescueFile
from fluoro_annotator.store.rules import about_submission

SLOW_SECONDS = 0.5
"""How long a reader waits without noticing that something is wrong; an engineering default."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SaveState:
    """What can be shown about saving.

    Attributes
    ----------
    saved : bool
        Whether every change is in the store, on disk.
    pending : int
        Number of changes that are not.
    saved_at : datetime.datetime or None
        When the store last took a change of this session, in UTC.
    problem, remedy : str
        What is wrong and what to do, empty if everything is saved.
    rescue_file : pathlib.Path or None
        The file that holds the pending changes until the store takes them.
    notice : str
        What is to be said although all is well, for example that the clock of this computer is wrong.

    """

    saved: bool = True
    pending: int = 0
    saved_at: datetime | None = None
    problem: str = ""
    remedy: str = ""
    rescue_file: Path | None = None
    notice: str = ""


class StoreRecorder:
    """A `marks.Recorder` that appends to a store and never loses a change.

    While the store cannot be written, changes are kept in memory and in a rescue file, and are
    delivered in order, once each, when the store is back: with the next change or with `retry`.
    A store that takes longer than `SLOW_SECONDS` to say that it is away is not asked with the next
    change, because the reader would have to wait each time: then `knock` tells when it is back.

    Parameters
    ----------
    store : Store or callable
        The store, or a function that opens it. An opened store is closed and opened again
        after each failure.
    reading : Reading
        The reading.
    after : int or None
        Number of the last revision that the session knows of. None if the store could not be
        asked: then the study is saved and the reading begun before the first change is stored.
    study : StudyRecord, optional
        The study, for the rescue file.
    rescue_folder : pathlib.Path, optional
        Where the rescue file is made; `settings.rescue_folder` by default.
    latest : datetime.datetime, optional
        The latest time that a change of the reading bears, to tell when a clock is behind it.

    Attributes
    ----------
    state_changed : psygnal.Signal
        Emitted with the `SaveState` after every attempt to save.
    merged : psygnal.Signal
        Emitted with the changes that somebody else made in the same reading, oldest first,
        and the identifiers of the marks whose own changes come after them. The arguments are
        those of `marks.MarkSession.merge`.
    begun : psygnal.Signal
        Emitted with the `Reading` of the store when one that could not be asked at first is
        reached; it may have another identifier than the reading that was given.

    """

    state_changed = Signal(SaveState)
    merged = Signal(tuple, tuple)
    begun = Signal(Reading)

    def __init__(
        self,
        store: Store | Callable[[], Store],
        reading: Reading,
        *,
        after: int | None,
        study: StudyRecord | None = None,
        rescue_folder: Path | None = None,
        latest: datetime | None = None,
    ) -> None:
        self.reading = reading
        self._study = study or StudyRecord(reading.study_uid, ())
        self._opener = None if isinstance(store, Store) else store
        self._store = store if isinstance(store, Store) else None
        self._after = after
        self._study_saved = after is not None
        self._pending: tuple[Draft, ...] = ()
        self._aside: set[Identity] = set()
        self._rescue = RescueFile(rescue_folder or settings.rescue_folder(), reading, self._study)
        self._clock = ClockWatch(latest)
        self._state = SaveState()
        self._slow = False
        self._failure: StoreError | None = None

    @property
    def slow(self) -> bool:
        """Whether the store is away and took long to say so: only `retry` asks it then."""
        return self._slow and bool(self._state.problem)

    @property
    def state(self) -> SaveState:
        """The present state of saving."""
        return self._state

    @property
    def known(self) -> int | None:
        """Number of the last revision that the session knows of, None if the store was not reached yet."""
        return self._after

    def record(self, drafts: Sequence[Draft]) -> None:
        """Take changes to the store; if it cannot take them, keep them."""
        self._pending = (*drafts, *self._pending) if self._reopens(drafts) else (*self._pending, *drafts)
        self._clock.take(drafts)
        if self._state.pending:
            self._put_aside()
        if self.slow and self._failure is not None:
            self._state = self._not_saved(self._failure)
            self.state_changed.emit(self._state)
        else:
            self._deliver()

    def _reopens(self, drafts: Sequence[Draft]) -> bool:
        """Return whether changes reopen a reading that somebody submitted before ours were stored; they go first."""
        waits = self._state.pending and isinstance(self._failure, ReadingClosedError)
        return bool(waits) and all(about_submission(draft) for draft in drafts)

    def store_is_away(self, error: StoreError, seconds: float) -> None:
        """Take note that somebody else has asked for the store, and waited so long for an error."""
        self._slow = seconds > SLOW_SECONDS
        self._state = self._not_saved(error)
        self.state_changed.emit(self._state)

    def knock(self) -> Callable[[], object] | None:
        """Return what tries whether a slow store is back, to be called on any thread; None if it is not slow.

        It raises a `StoreError` while the store is away. Afterwards `retry` is what is to be done.
        """
        if not self.slow:
            return None
        if self._opener is not None:
            return partial(_opened_once, self._opener)
        store = self._store
        return None if store is None else lambda: store.store_id

    def retry(self) -> SaveState:
        """Try again to deliver what is pending, and return the state afterwards."""
        if self._pending or self._after is None or not self._study_saved:
            self._deliver()
        return self._state

    def extend_study(self, study: StudyRecord) -> None:
        """Take in that more images of the study are open now, and let the store know.

        Parameters
        ----------
        study : StudyRecord
            The study with all images that are known.

        """
        self._study = study
        self._study_saved = False
        self._rescue.describe(self.reading, study)
        if not self.slow:
            self._deliver()

    def question(self) -> Callable[[], Sequence[Revision]] | None:
        """Return what asks the store for changes of others, to be called on any thread.

        None while the store is away or holds less than it should: then `retry` is what is to be done.
        What the answer raises is a `StoreError`.
        """
        if self._store is None or self._after is None or self._pending or self._state.problem:
            return None
        return partial(self._store.revisions, self.reading.reading_id, after=self._after)

    def take_in(self, revisions: Sequence[Revision]) -> None:
        """Take in the answer to a `question`, as far as it is still news; on the thread of the session.

        Whatever waits to be stored meets the changes of others by itself, so nothing is done then.
        """
        known = self._after
        news = () if known is None else tuple(each for each in revisions if each.sequence > known)
        if self._pending or not news or known is None or news[0].sequence != known + 1:
            return
        delivery = Delivery((), known)
        delivery.take_in(news)
        self._after = delivery.after
        self._clock.see(delivery.found)
        self.merged.emit(delivery.found, delivery.kept)

    def close(self) -> None:
        """Let go of the files; pending changes stay in the rescue file for the next start."""
        self._rescue.leave()
        self._close_own_store()

    def _deliver(self) -> None:
        known, delivery = self._after is not None, Delivery(self._pending, self._after or 0)
        failure: StoreError | None = None
        begun = monotonic()
        try:
            store = self._reached_store()
            delivery.run(store, self.reading.reading_id)
        except StoreError as error:
            failure = error
            self._slow = monotonic() - begun > SLOW_SECONDS
            self._close_own_store()
        self._pending = delivery.pending
        self._clock.see(delivery.found)
        self._after = None if self._after is None else delivery.after
        self._state = self._saved() if failure is None else self._not_saved(failure)
        self._announce(delivery, begun=not known and self._after is not None)

    def _announce(self, delivery: Delivery, *, begun: bool) -> None:
        if begun:
            self.begun.emit(self.reading)
        if delivery.found:
            self.merged.emit(delivery.found, delivery.kept)
        self.state_changed.emit(self._state)

    def _reached_store(self) -> Store:
        if self._store is None and self._opener is not None:
            self._store = self._opener()
        if self._store is None:
            raise StoreUnavailableError("store", "is closed", "Open the study again.")
        if not self._rescue.store_id:
            self._rescue.belongs_to(self._store.store_id)
        if not self._study_saved:
            self._store.save_study(self._study)
            self._study_saved = True
        if self._after is None:
            self.reading = self._store.begin(self.reading)
            self._after = 0
        return self._store

    def _close_own_store(self) -> None:
        if self._opener is not None and self._store is not None:
            self._store.close()
            self._store = None

    def _saved(self) -> SaveState:
        self._rescue.remove()
        self._aside.clear()
        return SaveState(saved_at=utc_now(), notice=self._clock.notice)

    def _not_saved(self, error: StoreError) -> SaveState:
        self._failure = error
        problem, remedy = f"{error.subject}: {error.problem}", error.remedy
        fault = self._put_aside()
        if fault:
            problem += f"; nor can the changes be put into a rescue file ({fault})"
            remedy = f"Leave this window open until it is solved. {remedy}".strip()
        return SaveState(
            saved=not self._pending,
            pending=len(self._pending),
            saved_at=self._state.saved_at,
            problem=problem,
            remedy=remedy,
            rescue_file=self._rescue.path if self._aside else None,
            notice=self._clock.notice,
        )

    def _put_aside(self) -> str:
        """Write what is pending to the rescue file; return what hinders it, if anything does."""
        new = [draft for draft in self._pending if identity(draft) not in self._aside]
        if not new:
            return ""
        try:
            self._rescue.add(new)
        except OSError as error:
            return error.strerror or "the disk reports a fault"
        self._aside |= {identity(draft) for draft in new}
        return ""


def _opened_once(opener: Callable[[], Store]) -> None:
    opener().close()
