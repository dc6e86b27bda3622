"""The session: one truth about the marks of a reading while it is being edited."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from itertools import groupby
from typing import Protocol

from psygnal import Signal

from fluoro_annotator.anatomy import Anatomy, Site, load_anatomy
from fluoro_annotator.errors import MarkError
from fluoro_annotator.geometry import Point
from fluoro_annotator.marks.checks import check_mark
from fluoro_annotator.marks.history import History, Reversal
from fluoro_annotator.marks.reading import Reading
from fluoro_annotator.marks.revisions import Cause, Draft, utc_now
from fluoro_annotator.marks.state import Change, MarkRecord, ReadingState
from fluoro_annotator.marks.study import StudyRecord
from fluoro_annotator.marks.values import FrameRef, LevelLabel, Mark, Needle, Target, moved, relabelled


class Recorder(Protocol):
    """What takes the changes of a session to where they are kept.

    It must not lose a change and must not raise because a store is out of reach: it keeps
    the change and reports its own state.
    """

    def record(self, drafts: Sequence[Draft]) -> None:
        """Keep changes, oldest first."""


class NoRecorder:
    """A recorder for sessions that nobody wants to keep, in tests and scripts."""

    def record(self, drafts: Sequence[Draft]) -> None:
        """Forget the changes."""


class MarkSession:
    """Marks of one reading, with undo and redo without limit.

    Every change goes through one of the methods below; each checks the rules first, so
    a refused change leaves no trace. Afterwards the recorder has it and ``changed`` is
    emitted.

    Parameters
    ----------
    reading : Reading
        The reading.
    study : StudyRecord
        The study, for the sizes of its images.
    recorder : Recorder
        Keeps the changes.
    revisions : iterable of Draft
        The changes already stored, oldest first.
    anatomy : Anatomy, optional
        The table of nerves; the package's own by default.
    client : str
        Program and version, written into each change.
    clock : callable
        Returns the present time in UTC.

    Attributes
    ----------
    changed : psygnal.Signal
        Emitted with a tuple of `Change` after marks changed.
    selection_changed : psygnal.Signal
        Emitted with the identifier of the selected mark, or None.

    """

    changed = Signal(tuple)
    selection_changed = Signal(object)

    def __init__(
        self,
        reading: Reading,
        study: StudyRecord,
        recorder: Recorder,
        *,
        revisions: Iterable[Draft] = (),
        anatomy: Anatomy | None = None,
        client: str = "",
        clock: Callable[[], datetime] = utc_now,
    ) -> None:
        if reading.study_uid != study.uid:
            raise MarkError(f"reading {reading.reading_id}", f"is not of study {study.uid}")
        self.reading = reading
        self.study = study
        self.anatomy = anatomy or load_anatomy()
        self._recorder = recorder
        self._client = client
        self._clock = clock
        self._state = ReadingState()
        self._history = History()
        self._selected: str | None = None
        self._stream: list[Draft] = []
        self._replay(revisions)

    # ------------------------------------------------------------------ reading

    @property
    def marks(self) -> tuple[Mark, ...]:
        """All marks, in the order in which they were made."""
        return self._state.marks

    @property
    def records(self) -> tuple[MarkRecord, ...]:
        """All marks with author and times."""
        return tuple(self._state)

    @property
    def drafts(self) -> tuple[Draft, ...]:
        """Every change that led to the present marks, stored or not, as this session took them in."""
        return tuple(self._stream)

    def mark(self, mark_id: str) -> Mark:
        """Return one mark; raises UnknownMarkError if there is none."""
        return self._state.mark(mark_id)

    def marks_on(self, frame: FrameRef) -> tuple[Mark, ...]:
        """Return the marks of one frame."""
        return tuple(mark for mark in self.marks if mark.frame == frame)

    def label(self, mark: Mark) -> str:
        """Return the text shown beside a mark."""
        return mark.label(self.anatomy)

    def __contains__(self, mark_id: object) -> bool:
        return mark_id in self._state

    # ------------------------------------------------------------------ editing

    def add(self, mark: Mark) -> Mark:
        """Add a mark.

        Returns
        -------
        Mark
            The mark, now part of the reading.

        Raises
        ------
        MarkError
            If it lies outside its image, or the reading has its identifier already.
        AnatomyError
            If its nerve, vertebra, joints or side do not exist or do not go together.

        """
        if self._state.knows(mark.mark_id):
            raise MarkError(f"mark {mark.mark_id}", "is already part of this reading")
        check_mark(mark, self.study, self.anatomy)
        self._edit(Change(None, mark))
        return mark

    def add_target(self, frame: FrameRef, site: Site, position: Point) -> Mark:
        """Add a target; see `add`."""
        return self.add(Target(frame=frame, site=site, position=position))

    def add_needle(self, frame: FrameRef, site: Site, tip: Point, hub: Point) -> Mark:
        """Add a needle; see `add`."""
        return self.add(Needle(frame=frame, site=site, tip=tip, hub=hub))

    def add_level_label(self, frame: FrameRef, vertebra: str, position: Point) -> Mark:
        """Add the name of a vertebra; see `add`."""
        return self.add(LevelLabel(frame=frame, vertebra=vertebra, position=position))

    def move(self, mark_id: str, **points: Point) -> Mark:
        """Move points of a mark, by name: ``position``, or ``tip`` and ``hub``.

        Raises
        ------
        MarkError
            If there is no such mark or point, or it would leave the image.

        """
        return self._replace(mark_id, moved(self.mark(mark_id), **points))

    def relabel(self, mark_id: str, *, site: Site | None = None, vertebra: str | None = None) -> Mark:
        """Give a mark another name: a site for a target or needle, a vertebra for a level label.

        Raises
        ------
        MarkError
            If there is no such mark, or the name is not of its sort.
        AnatomyError
            If the name does not exist.

        """
        return self._replace(mark_id, relabelled(self.mark(mark_id), site=site, vertebra=vertebra))

    def delete(self, *mark_ids: str) -> None:
        """Delete marks in one step; `undo` or `restore` brings them back."""
        self._edit(*[Change(self.mark(mark_id), None) for mark_id in dict.fromkeys(mark_ids)])

    def restore(self, mark_id: str) -> Mark:
        """Bring a deleted mark back; a mark that is present stays as it is."""
        mark = self._state.record(mark_id).mark
        if mark_id not in self._state:
            self._edit(Change(None, mark))
        return mark

    def _replace(self, mark_id: str, after: Mark) -> Mark:
        before = self.mark(mark_id)
        check_mark(after, self.study, self.anatomy)
        if after != before:
            self._edit(Change(before, after))
        return after

    # ------------------------------------------------------------------ undo and redo

    @property
    def can_undo(self) -> bool:
        """Whether there is an edit to take back."""
        return self._reversal(Cause.UNDO) is not None

    @property
    def can_redo(self) -> bool:
        """Whether there is an edit to repeat."""
        return self._reversal(Cause.REDO) is not None

    @property
    def undo_text(self) -> str:
        """What `undo` would take back, for example "add L3 medial branch, at L4, right"."""
        return self._describe(Cause.UNDO)

    @property
    def redo_text(self) -> str:
        """What `redo` would repeat."""
        return self._describe(Cause.REDO)

    def undo(self) -> tuple[Change, ...]:
        """Take back the last edit; returns what changed, nothing if there is none."""
        return self._reverse(Cause.UNDO)

    def redo(self) -> tuple[Change, ...]:
        """Repeat the last edit that was taken back; returns what changed, nothing if there is none."""
        return self._reverse(Cause.REDO)

    def _reversal(self, cause: Cause) -> Reversal | None:
        return self._history.reversal(cause, self._state)

    def _reverse(self, cause: Cause) -> tuple[Change, ...]:
        reversal = self._reversal(cause)
        if reversal is None:
            return ()
        return self._record(reversal.changes, cause, reversal.step.action_id)

    def _describe(self, cause: Cause) -> str:
        reversal = self._reversal(cause)
        if reversal is None:
            return ""
        changes = reversal.step.changes
        more = f" and {len(changes) - 1} more" if len(changes) > 1 else ""
        return f"{reversal.step.kind.value} {self.label(changes[0].mark)}{more}"

    # ------------------------------------------------------------------ selection

    @property
    def selected(self) -> str | None:
        """Identifier of the selected mark."""
        return self._selected

    def select(self, mark_id: str | None) -> None:
        """Select a mark, or none."""
        if mark_id is not None:
            self._state.mark(mark_id)
        if mark_id != self._selected:
            self._selected = mark_id
            self.selection_changed.emit(mark_id)

    # ------------------------------------------------------------------ the one way in

    def merge(self, drafts: Iterable[Draft], keep: Iterable[str] = ()) -> None:
        """Take in changes that somebody else stored in the same reading.

        Parameters
        ----------
        drafts : iterable of Draft
            Their changes, oldest first.
        keep : iterable of str
            Identifiers of marks with changes of our own that are not stored yet and
            will be stored after theirs; these marks stay as they are here.

        """
        kept = set(keep)
        taken = [draft for draft in drafts if draft.mark.mark_id not in kept]
        self._stream += taken
        self._announce(self._state.take(taken))

    def _edit(self, *changes: Change) -> None:
        if changes:
            self._record(changes, Cause.EDIT)

    def _record(
        self, changes: Iterable[Change], cause: Cause, concerns: str | None = None
    ) -> tuple[Change, ...]:
        """Hand changes to the recorder, then take them in: if it fails, nothing has changed here."""
        drafts = self._drafts(changes, cause, concerns)
        self._recorder.record(drafts)
        done = self._history.take(drafts, self._state)
        self._stream += drafts
        self._announce(done)
        return done

    def _drafts(self, changes: Iterable[Change], cause: Cause, concerns: str | None) -> list[Draft]:
        action_id, now = str(uuid.uuid4()), self._clock()
        return [
            Draft(
                kind=self._state.kind_of(change),
                mark=change.mark,
                author=self.reading.reader,
                recorded_at=now,
                client=self._client,
                action_id=action_id,
                cause=cause,
                concerns=concerns,
            )
            for change in changes
        ]

    def _announce(self, changes: tuple[Change, ...]) -> None:
        if self._selected is not None and self._selected not in self._state:
            self.select(None)
        if changes:
            self.changed.emit(changes)

    def _replay(self, drafts: Iterable[Draft]) -> None:
        for _, action in groupby(drafts, key=lambda draft: draft.action_id):
            drafts_of_action = list(action)
            self._stream += drafts_of_action
            self._history.take(drafts_of_action, self._state)
