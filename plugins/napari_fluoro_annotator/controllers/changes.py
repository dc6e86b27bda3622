"""What changed in a reading: since it was opened, and by another window."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Protocol

from psygnal import SignalInstance

from fluoro_annotator.marks import Draft, MarkSession, RevisionKind, Submission, utc_now
from fluoro_annotator.marks.summary import ChangeSummary, Difference
from fluoro_annotator.marks.values import frame_of
from napari_fluoro_annotator import texts
from napari_fluoro_annotator.controllers.desk import ReadingDesk
from napari_fluoro_annotator.keys import SHOWN
from napari_fluoro_annotator.wiring import Wires, Wiring

MOST_NAMED = 3
"""How many changes of another window are named one by one."""
WEEK = timedelta(days=7)
CLOSED = "closed"


class ChangesViewProtocol(Protocol):
    """The list of changes as the controller sees it."""

    open_requested: SignalInstance
    since_chosen: SignalInstance
    change_chosen: SignalInstance
    woken: SignalInstance

    def set_changes(self, lines: Sequence[str], summary: str) -> None:
        """List the changes, with a summary."""

    def set_notes(self, notes: Sequence[str]) -> None:
        """List what was taken in from other windows."""

    def set_shown(self) -> None:
        """Come to the front."""

    @property
    def shown(self) -> bool:
        """Whether somebody can see the list."""

    def set_button_tip(self, text: str) -> None:
        """Say what the button does that opens the list."""

    def wake_soon(self) -> None:
        """Emit ``woken`` once, after what goes on at present."""


class ChangesController:
    """Lists what changed, and says what another window has changed.

    Parameters
    ----------
    desk : ReadingDesk
        The reading that is worked on.
    view : ChangesViewProtocol
        The list.
    clock : callable
        Returns the present time, with its time zone.

    """

    def __init__(
        self, desk: ReadingDesk, view: ChangesViewProtocol, *, clock: Callable[[], datetime] = utc_now
    ) -> None:
        self._desk, self._view, self._clock = desk, view, clock
        self._since = CLOSED
        self._listed: tuple[Difference, ...] = ()
        self._notes: list[str] = []
        self._taken_in: list[str] = []
        self._both: list[Draft] = []
        self._wiring = Wiring(self._wires())
        view.set_button_tip(texts.CHANGES_BUTTON_TIP.format(key=SHOWN["show_changes"]))

    def _wires(self) -> Wires:
        view, desk = self._view, self._desk
        return (
            (view.open_requested, self.show_changes),
            (view.since_chosen, self.choose_since),
            (view.change_chosen, self.go_to),
            (view.woken, self._tell),
            (desk.merged, self._on_merged),
            (desk.marks_changed, self._on_marks),
            (desk.reading_changed, self._on_reading),
        )

    def close(self) -> None:
        """Let go of desk and widget; may be called more than once."""
        self._wiring.close()

    # ------------------------------------------------------------------ what the reader does

    def show_changes(self) -> None:
        """Show the list of changes."""
        self._list()
        self._view.set_shown()

    def choose_since(self, since: str) -> None:
        """List what changed since a moment: a key of `texts.CHANGES_SPANS`."""
        self._since = since
        self._list()

    def go_to(self, position: int) -> None:
        """Show the frame of a line, and select its mark if it is there."""
        session = self._desk.session
        if session is None or not 0 <= position < len(self._listed):
            return
        record = self._listed[position].change.mark
        frame = frame_of(record)
        if frame is None:
            return
        self._desk.go_to_frame(frame)
        session.select(record.mark_id if record.mark_id in session else None)

    # ------------------------------------------------------------------ other windows

    def _on_merged(self, found: tuple[Draft, ...], kept: tuple[str, ...]) -> None:
        """Note what came from elsewhere; it is told when the change that led to it is done, too."""
        session, sitting = self._desk.session, self._desk.sitting
        if session is None or sitting is None:
            return
        taken = [draft for draft in found if draft.mark.mark_id not in kept]
        news = session.changes_since(len(session.drafts) - len(taken)).differences
        here = sitting.changed_here if news else frozenset()
        if any(isinstance(draft.mark, Submission) for draft in found):
            self._taken_in.append(submission_news(session))
        news = tuple(each for each in news if not isinstance(each.change.mark, Submission))
        others = [each for each in news if each.change.mark_id not in here]
        if others:
            self._taken_in.append(texts.TAKEN_IN.format(changes=_named(session, others)))
        self._taken_in += [overruled(session, each) for each in news if each.change.mark_id in here]
        self._both += [
            draft for draft in found if draft.mark.mark_id in kept and not isinstance(draft.mark, Submission)
        ]
        self._view.wake_soon()

    def _tell(self) -> None:
        """Say what was taken in, and what became of marks that were changed in both windows."""
        session = self._desk.session
        told, self._taken_in = self._taken_in, []
        last = {draft.mark.mark_id: draft for draft in self._both}
        self._both = []
        if session is not None:
            told += [text for draft in last.values() if (text := both_changed(session, draft))]
        if told:
            now = self._clock().astimezone().strftime("%H:%M:%S")
            self._notes = [f"{now} {text}" for text in told] + self._notes
            self._view.set_notes(self._notes)
            self._desk.say(" ".join(told), warning=True)

    # ------------------------------------------------------------------ showing

    def _on_reading(self) -> None:
        self._notes = []
        self._view.set_notes(())
        self._list()

    def _on_marks(self, changes: object) -> None:  # noqa: ARG002 - listed anew
        if self._view.shown:
            self._list()

    def _list(self) -> None:
        session = self._desk.session
        if session is None:
            self._listed = ()
            self._view.set_changes((), texts.CHANGES_NO_READING)
            return
        summary = self._changes(session)
        unknown = summary is None
        if summary is None:
            summary = session.changes_since(0)
        self._listed = summary.differences
        lines = [difference.line(session.anatomy) for difference in self._listed]
        told = [texts.CHANGES_UNKNOWN] if unknown else []
        self._view.set_changes(lines, "\n".join([*told, summary.text() or texts.CHANGES_NONE]))

    def _changes(self, session: MarkSession) -> ChangeSummary | None:
        """Return what changed since the chosen moment, None if the moment is not known."""
        now, sitting = self._clock().astimezone(), self._desk.sitting
        if self._since == "today":
            return session.changed_since(now.replace(hour=0, minute=0, second=0, microsecond=0))
        if self._since == "week":
            return session.changed_since((now - WEEK).astimezone(UTC))
        if sitting is None or self._since == "always":
            return session.changes_since(0)
        return sitting.since_closing if self._since == CLOSED else sitting.since_opening


def submission_news(session: MarkSession) -> str:
    """Return that another window submitted or reopened the reading; what to do is said at the head of the dock."""
    return texts.SUBMITTED_ELSEWHERE if session.submitted else texts.REOPENED_ELSEWHERE


def both_changed(session: MarkSession, theirs: Draft) -> str:
    """Return what became of a mark that was changed here and in another window; nothing if both deleted it."""
    here = session.find(theirs.mark.mark_id)
    deleted = theirs.kind is RevisionKind.DELETE
    if here is None:
        return "" if deleted else texts.STILL_GONE.format(label=session.label(theirs.mark))
    return (texts.STILL_HERE if deleted else texts.BOTH_CHANGED).format(label=session.label(here))


def overruled(session: MarkSession, theirs: Difference) -> str:
    """Return what became of a mark that was changed here, and after that in another window."""
    change = theirs.change
    if change.after is None:
        text = texts.THEN_DELETED
    else:
        text = texts.THEN_BACK if change.before is None else texts.THEN_CHANGED
    return text.format(label=session.label(change.mark))


def _named(session: MarkSession, differences: Sequence[Difference]) -> str:
    lines = [difference.line(session.anatomy) for difference in differences]
    more = [texts.MORE_CHANGES.format(count=len(lines) - MOST_NAMED)] if len(lines) > MOST_NAMED else []
    return "; ".join([*lines[:MOST_NAMED], *more])
