"""The session: one truth about the marks of a reading while it is being edited."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import groupby
from typing import Protocol, TypeVar

from psygnal import Signal

from fluoro_annotator.anatomy import Anatomy, Site, load_anatomy
from fluoro_annotator.errors import MarkError, ReadingSubmittedError
from fluoro_annotator.geometry import Point
from fluoro_annotator.marks.base import FrameRef, new_mark_id
from fluoro_annotator.marks.checks import check_mark
from fluoro_annotator.marks.facts import Numbering, Submission
from fluoro_annotator.marks.history import History, Reversal
from fluoro_annotator.marks.looking import Looking
from fluoro_annotator.marks.reading import Purpose, Reading
from fluoro_annotator.marks.renumbering import renumbered
from fluoro_annotator.marks.revisions import Cause, Draft, stored_time, utc_now
from fluoro_annotator.marks.runs import Run
from fluoro_annotator.marks.state import Change, ReadingState
from fluoro_annotator.marks.study import StudyRecord
from fluoro_annotator.marks.values import (
    LevelLabel,
    Mark,
    Needle,
    Record,
    Target,
    image_of,
    inserted,
    moved,
    relabelled,
    removed,
)

Added = TypeVar("Added", bound=Record)


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


class MarkSession(Looking):
    """Marks of one reading, with undo and redo without limit.

    Every change goes through one of the methods below; each checks the rules first, so
    a refused change leaves no trace. Afterwards the recorder has it and ``changed`` is
    emitted. Once the reading is submitted, each of them but `reopen` and `merge` raises
    ReadingSubmittedError.

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
        self._run: Run | None = None
        self._replay(revisions)

    # ------------------------------------------------------------------ editing

    def add(self, mark: Added) -> Added:
        """Add a record.

        Returns
        -------
        Record
            The record, now part of the reading.

        Raises
        ------
        MarkError
            If it lies outside its image, or the reading has its identifier already.
        AnatomyError
            If its nerve, vertebra, joints or side do not exist or do not go together.

        """
        self.check_open()
        if self._state.knows(mark.mark_id):
            raise MarkError(f"mark {mark.mark_id}", "is already part of this reading")
        check_mark(mark, self.study, self.anatomy)
        self._edit(Change(None, mark))
        return mark

    def put(self, record: Added) -> Added:
        """Add a record, or put it in the place of the one with its identifier, present or deleted.

        This is how a plan, the numbering, the state of a slot or a scale is set: there is one of each.
        Raises what `add` raises.
        """
        self.check_open()
        check_mark(record, self.study, self.anatomy)
        before = self._state.present(record.mark_id)
        if before != record:
            self._edit(Change(before, record))
        return record

    def replace(self, record: Added) -> Added:
        """Change any fields of a record that is present; the identifier says which one.

        Raises
        ------
        UnknownMarkError
            If it is not present.
        MarkError
            If it is of another kind, or lies outside its image.
        AnatomyError
            If its names do not exist or do not go together.

        """
        before = self._state.mark(record.mark_id)
        if before.kind is not record.kind:
            raise MarkError(f"mark {record.mark_id}", f"is a {before.kind.words}, not a {record.kind.words}")
        return self.put(record)

    def edit(self, changes: Iterable[Change], what: str = "") -> tuple[Change, ...]:
        """Make several changes in one step that is undone and redone as a whole.

        Parameters
        ----------
        changes : iterable of Change
            One per record; ``before`` has to be what the reading holds at present.
        what : str
            What the step is called in the text of undo and redo, for example "renumber".

        Returns
        -------
        tuple of Change
            What has changed; nothing if everything was so already.

        Raises
        ------
        MarkError
            If a record is named twice, is not as ``before`` says, or cannot be as ``after`` says;
            then nothing is changed.
        AnatomyError
            If names do not exist or do not go together.

        """
        self.check_open()
        wanted = tuple(changes)
        if len({change.mark_id for change in wanted}) < len(wanted):
            raise MarkError("step", "changes a mark twice")
        for change in wanted:
            self._check_change(change)
        effective = tuple(change for change in wanted if change.before != change.after)
        return self._record(effective, Cause.EDIT, what=what) if effective else ()

    def _check_change(self, change: Change) -> None:
        if self._state.present(change.mark_id) != change.before:
            raise MarkError(f"mark {change.mark_id}", "has changed in the meantime", "Try again.")
        if change.after is not None:
            check_mark(change.after, self.study, self.anatomy)

    def add_target(self, frame: FrameRef, site: Site, position: Point) -> Target:
        """Add a target; see `add`."""
        return self.add(Target(frame=frame, site=site, position=position))

    def add_needle(self, frame: FrameRef, site: Site, tip: Point, hub: Point) -> Needle:
        """Add a needle; see `add`."""
        return self.add(Needle(frame=frame, site=site, tip=tip, hub=hub))

    def add_level_label(self, frame: FrameRef, vertebra: str, position: Point) -> LevelLabel:
        """Add the name of a vertebra; see `add`."""
        return self.add(LevelLabel(frame=frame, vertebra=vertebra, position=position))

    def move(self, mark_id: str, **points: Point) -> Mark:
        """Move points of a mark, by name: ``position``; ``tip``, ``hub``, ``shaft_1``; ``vertex_1`` ...

        Raises
        ------
        MarkError
            If there is no such mark or point, or it would leave the image.

        """
        return self.replace(moved(self.mark(mark_id), **points))

    def nudge(self, mark_id: str, **points: Point) -> Mark:
        """Move points of a mark by a little; nudges that follow each other quickly are undone in one step.

        Each one is recorded at once. A run ends with any other change or selection, with a nudge of
        other points, and after a pause longer than `runs.LONGEST_PAUSE`. Takes and raises what `move` does.
        """
        self.check_open()
        before = self.mark(mark_id)
        after = moved(before, **points)
        check_mark(after, self.study, self.anatomy)
        if after != before:
            self._record((Change(before, after),), Cause.EDIT, run=(mark_id, *sorted(points)))
        return after

    def insert_vertex(self, mark_id: str, index: int, point: Point) -> Record:
        """Put a point into a course, a zone or the shaft of a needle.

        Parameters
        ----------
        mark_id : str
            The mark.
        index : int
            The point before which it comes, counted from 0; the number of points for the end.
        point : Point
            ``(row, column)`` in pixels.

        Raises
        ------
        MarkError
            If there is no such mark or place, or the point lies outside the image.

        """
        return self.replace(inserted(self._state.mark(mark_id), index, point))

    def remove_vertex(self, mark_id: str, index: int) -> Record:
        """Take a point, counted from 0, out of a course, a zone or the shaft of a needle.

        Raises
        ------
        MarkError
            If there is no such mark or point, or too few points would be left.

        """
        return self.replace(removed(self._state.mark(mark_id), index))

    def relabel(self, mark_id: str, *, site: Site | None = None, vertebra: str | None = None) -> Mark:
        """Give a mark another name: a vertebra for a level label or landmark, a site for the others.

        Raises
        ------
        MarkError
            If there is no such mark, or the name is not of its sort.
        AnatomyError
            If the name does not exist.

        """
        return self.replace(relabelled(self.mark(mark_id), site=site, vertebra=vertebra))

    def copy_to_frame(self, mark_id: str, frame: FrameRef) -> Mark:
        """Add a mark like this one on another frame; a needle stays the same needle.

        Raises
        ------
        MarkError
            If there is no such mark, it is on that frame already, or it would lie outside the image.

        """
        mark = self.mark(mark_id)
        if mark.frame == frame:
            raise MarkError(self.label(mark), "is on this frame already", "Go to another frame first.")
        return self.add(replace(mark, frame=frame, mark_id=new_mark_id()))

    def renumber(self, mapping: Mapping[str, str], numbering: Numbering | None = None) -> tuple[Change, ...]:
        """Call vertebrae by other names, and every nerve with them, in one step.

        Positions, slots of the plan and judgements of views stay.

        Parameters
        ----------
        mapping : mapping of str to str
            What each vertebra is called now, for example from `renumbering.shift`.
        numbering : Numbering, optional
            On what the new names rest; becomes part of the step.

        Raises
        ------
        MarkError
            If two vertebrae would get one name, or a nerve has no counterpart at its new level.
        AnatomyError
            If a name does not exist.

        """
        present = [entry.mark for entry in self._state]
        after: list[Record] = [*renumbered(present, mapping, self.anatomy), *filter(None, [numbering])]
        open_images = [record for record in after if self._is_open(record)]
        if len(open_images) < len(after):
            raise MarkError(
                "renumbering",
                "concerns marks on images that are not open",
                "Open all images of the study, then renumber.",
            )
        return self.edit((Change(self.find(record.mark_id), record) for record in after), what="renumber")

    def _is_open(self, record: Record) -> bool:
        uid = image_of(record)
        return uid is None or uid in self.study

    def delete(self, *mark_ids: str) -> None:
        """Delete records in one step; `undo` or `restore` brings them back."""
        self.check_open()
        self._edit(*[Change(self._state.mark(mark_id), None) for mark_id in dict.fromkeys(mark_ids)])

    def restore(self, mark_id: str) -> Record:
        """Bring a deleted record back; one that is present stays as it is."""
        self.check_open()
        mark = self._state.record(mark_id).mark
        if mark_id not in self._state:
            self._edit(Change(None, mark))
        return mark

    # ------------------------------------------------------------------ the end of a reading

    def submit(self, comment: str = "") -> None:
        """Say that the reading is finished; from then on nothing in it is changed, undone or redone.

        Parameters
        ----------
        comment : str
            One line about it; nothing about the patient.

        Raises
        ------
        ReadingSubmittedError
            If it is finished already.
        MarkError
            If the comment has more than one line or is too long.

        """
        self.put(Submission(comment=comment))

    def reopen(self) -> None:
        """Take the submission back, so that the reading can be changed; what was done before cannot be undone.

        Raises
        ------
        ReadingSubmittedError
            If the reading was made for practice: its reader may have seen the solution since.
        MarkError
            If it is not submitted.

        """
        entry = self.submission
        if entry is None:
            raise MarkError("this reading", "is not submitted", "Change it as it is.")
        if self.reading.purpose is Purpose.PRACTICE:
            raise ReadingSubmittedError(
                "this reading",
                "was made for practice and is submitted, so it cannot be reopened",
                "Its marks stay as they are; practise again in a new reading.",
            )
        self._edit(Change(entry.mark, None))

    def check_open(self) -> None:
        """Refuse what would change the reading if it is submitted.

        Raises
        ------
        ReadingSubmittedError
            If it is.

        """
        entry = self.submission
        if entry is None:
            return
        practice = self.reading.purpose is Purpose.PRACTICE
        raise ReadingSubmittedError(
            "this reading",
            f"was submitted on {entry.changed_at:%Y-%m-%d at %H:%M} UTC and cannot be changed",
            "Practise again in a new reading." if practice else "Reopen it first, then change it.",
        )

    # ------------------------------------------------------------------ undo and redo

    @property
    def can_undo(self) -> bool:
        """Whether there is an edit to take back; none once the reading is submitted."""
        return self._reversal(Cause.UNDO) is not None

    @property
    def can_redo(self) -> bool:
        """Whether there is an edit to repeat; none once the reading is submitted."""
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
        return None if self.submitted else self._history.reversal(cause, self._state)

    def _reverse(self, cause: Cause) -> tuple[Change, ...]:
        self.check_open()
        reversal = self._reversal(cause)
        if reversal is None:
            return ()
        return self._record(reversal.changes, cause, reversal.step.action_id)

    def _describe(self, cause: Cause) -> str:
        reversal = self._reversal(cause)
        if reversal is None:
            return ""
        changes = reversal.step.changes
        if reversal.step.what:
            marks = "1 mark" if len(changes) == 1 else f"{len(changes)} marks"
            return f"{reversal.step.what} {marks}"
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
            self._run = None
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

        Where somebody submitted the reading or took that back, nothing done before can be undone here.

        """
        kept, taken = set(keep), []
        for draft in drafts:
            if draft.mark.mark_id in kept:
                self._state.note(draft)
            else:
                taken.append(draft)
        self._run = None
        self._stream += taken
        if any(isinstance(draft.mark, Submission) for draft in taken):
            self._history.clear()
        self._announce(self._state.take(taken))

    def _edit(self, *changes: Change) -> None:
        if changes:
            self._record(changes, Cause.EDIT)

    def _record(
        self,
        changes: Iterable[Change],
        cause: Cause,
        concerns: str | None = None,
        *,
        what: str = "",
        run: tuple[str, ...] = (),
    ) -> tuple[Change, ...]:
        """Hand changes to the recorder, then take them in: if it fails, nothing has changed here."""
        now = stored_time(self._clock())
        before = self._run if self._run is not None and self._run.goes_on(run, now) else None
        action_id, time = (before.action_id, before.next_time(now)) if before else (str(uuid.uuid4()), now)
        drafts = [
            Draft(
                kind=self._state.kind_of(change),
                mark=change.mark,
                author=self.reading.reader,
                recorded_at=time,
                client=self._client,
                action_id=action_id,
                cause=cause,
                concerns=concerns,
                what=what,
            )
            for change in changes
        ]
        self._recorder.record(drafts)
        joins = before is not None and self._run is before  # not if a merge came between
        self._run = Run(run, action_id, time) if run else None
        done = self._history.take(drafts, self._state, joins=joins)
        self._stream += drafts
        self._announce(done)
        return done

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
