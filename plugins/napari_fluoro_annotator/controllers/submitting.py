"""Submitting a reading and reopening it: what follows, what is missing, and what waits."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from psygnal import SignalInstance

from fluoro_annotator.errors import FluoroAnnotatorError
from fluoro_annotator.marks import Draft, MarkSession, Purpose, Submission
from fluoro_annotator.protocols import ProtocolLibrary, load_protocols
from napari_fluoro_annotator import texts
from napari_fluoro_annotator.controllers.desk import ReadingDesk
from napari_fluoro_annotator.controllers.missing import missing_lines
from napari_fluoro_annotator.controllers.wording import submitted_at
from napari_fluoro_annotator.keys import SHOWN
from napari_fluoro_annotator.wiring import Wires, Wiring

ACTION = "submit_or_reopen"

FOLLOWS: dict[Purpose, tuple[str, str]] = {
    Purpose.PRACTICE: (texts.SUBMIT_FOLLOWS_PRACTICE, texts.REOPEN_NEVER),
    Purpose.REFERENCE: (texts.SUBMIT_FOLLOWS_REFERENCE, texts.REOPEN_FOLLOWS_REFERENCE),
}
"""What follows from submitting and from reopening, where the purpose makes a difference."""


@dataclass(frozen=True, slots=True)
class Question:
    """What a reader is asked before a reading is submitted or reopened.

    Attributes
    ----------
    follows : str
        What follows from it, or why it cannot be done.
    missing : tuple of str
        What is to be known before.
    button : str
        What says yes; empty if it cannot be done.
    comment : bool
        Whether a comment can be given.

    """

    follows: str
    missing: tuple[str, ...] = ()
    button: str = ""
    comment: bool = False


class SubmissionViewProtocol(Protocol):
    """The window that asks before a reading is submitted or reopened, and its button in the dock."""

    open_requested: SignalInstance
    confirmed: SignalInstance

    def set_button(self, text: str, tip: str, *, enabled: bool) -> None:
        """Say what the button in the dock does."""

    def set_question(self, question: Question) -> None:
        """Ask."""

    def set_shown(self) -> None:
        """Come to the front."""

    def set_hidden(self) -> None:
        """Go away, with the comment."""

    @property
    def shown(self) -> bool:
        """Whether somebody can see the question."""


class DockProtocol(Protocol):
    """The dock, which shows on every page that a reading is submitted."""

    def set_submitted(self, text: str) -> None:
        """Say that the reading is submitted, and switch off what would change it; nothing if it is not."""


class WaitingProtocol(Protocol):
    """Who knows of changes in rescue files."""

    def waiting(self, reading_id: str) -> Sequence[Draft]:
        """Return the changes of a reading that wait."""

    def recover(self) -> None:
        """Store what can be stored of what earlier sittings left; raises StoreError if the store is away."""


class SubmissionController:
    """What submits a reading and reopens it.

    Parameters
    ----------
    desk : ReadingDesk
        The reading that is worked on.
    view : SubmissionViewProtocol
        The question and its button.
    dock : DockProtocol
        Shows the state.
    rescue : WaitingProtocol
        Knows what waits in rescue files.
    library : callable
        Returns the protocols.

    """

    def __init__(
        self,
        desk: ReadingDesk,
        view: SubmissionViewProtocol,
        dock: DockProtocol,
        rescue: WaitingProtocol,
        *,
        library: Callable[[], ProtocolLibrary] = load_protocols,
    ) -> None:
        self._desk, self._view, self._dock, self._rescue = desk, view, dock, rescue
        self._library = library
        self._told: tuple[str, bool, str] | None = None
        self._wiring = Wiring(self._wires())
        self._on_reading()

    def _wires(self) -> Wires:
        desk, view = self._desk, self._view
        return (
            (view.open_requested, self.submit_or_reopen),
            (view.confirmed, self._on_confirmed),
            (desk.reading_changed, self._on_reading),
            (desk.marks_changed, self._on_marks),
            (desk.saved_changed, self._on_saved),
        )

    def close(self) -> None:
        """Let go of desk and widgets; may be called more than once."""
        self._wiring.close()

    # ------------------------------------------------------------------ what the reader does

    def submit_or_reopen(self) -> None:
        """Ask whether the reading is to be submitted or, if it is, reopened."""
        if self._desk.session is None:
            self._desk.say(self._desk.refusal or texts.NEED_VIEW, warning=True)
            return
        self._ask(self._desk.session)
        self._view.set_shown()

    def _on_confirmed(self, comment: str) -> None:
        """Do what was asked, unless it cannot be done any more."""
        session = self._desk.session
        if session is None:
            return
        if session.submitted:
            self._reopen(session)
        elif (problem := self._hindrance(session)) != "":
            self._desk.say(problem, warning=True)
            self._ask(session)
        elif self._desk.keep(lambda: session.submit(comment.strip())):
            self._view.set_hidden()
            stored = self._desk.recorder is not None and self._desk.recorder.state.saved
            self._desk.say(texts.SUBMITTED_NOW if stored else texts.SUBMISSION_WAITS, warning=not stored)

    def _reopen(self, session: MarkSession) -> None:
        if not self._desk.keep(session.reopen):
            return
        self._view.set_hidden()
        self._desk.say(texts.REOPENED_NOW)
        self._collect()

    def _collect(self) -> None:
        """Take in what came too late and was left in rescue files by windows that are closed."""
        recorder = self._desk.recorder
        try:
            self._rescue.recover()
            question = None if recorder is None else recorder.question()
            if recorder is not None and question is not None:
                recorder.take_in(question())
        except FluoroAnnotatorError as error:
            self._desk.say_error(error)

    def _hindrance(self, session: MarkSession) -> str:
        """Return why the reading cannot be submitted now; empty if it can."""
        recorder = self._desk.recorder
        pending = 0 if recorder is None else recorder.state.pending
        waiting = max(pending, len(self._rescue.waiting(session.reading.reading_id)))
        if waiting:
            return texts.plural(waiting, texts.SUBMIT_WAITING_ONE, texts.SUBMIT_WAITING)
        away = recorder is None or recorder.known is None or recorder.state.problem
        return texts.SUBMIT_AWAY if away else ""

    # ------------------------------------------------------------------ showing

    def _ask(self, session: MarkSession) -> None:
        self._view.set_question(self._question(session))

    def _question(self, session: MarkSession) -> Question:
        submits, reopens = FOLLOWS.get(session.reading.purpose, (texts.SUBMIT_FOLLOWS, texts.REOPEN_FOLLOWS))
        if session.submitted:
            never = session.reading.purpose is Purpose.PRACTICE
            return Question(reopens, button="" if never else texts.REOPEN_NOW)
        problem = self._hindrance(session)
        if problem:
            return Question(problem)
        return Question(
            submits,
            tuple(missing_lines(self._desk, self._library)),
            texts.SUBMIT_NOW,
            comment=True,
        )

    def _on_reading(self) -> None:
        self._view.set_hidden()
        self._show()

    def _on_marks(self, changes: Sequence[object]) -> None:
        if any(isinstance(getattr(change, "mark", None), Submission) for change in changes):
            self._show()
        if self._view.shown and self._desk.session is not None:
            self._ask(self._desk.session)

    def _on_saved(self) -> None:
        self._show()

    def _show(self) -> None:
        """Show the state; it is looked at after every press, so what is shown already is left alone."""
        session = self._desk.session
        line = self._line(session) if session is not None and session.submitted else ""
        told = line, session is not None, SHOWN[ACTION]
        if told == self._told:
            return
        self._told = told
        text, tip = (texts.REOPEN, texts.REOPEN_TIP) if line else (texts.SUBMIT, texts.SUBMIT_TIP)
        self._view.set_button(text, tip.format(key=SHOWN[ACTION]), enabled=session is not None)
        self._dock.set_submitted(line)

    def _line(self, session: MarkSession) -> str:
        practice = session.reading.purpose is Purpose.PRACTICE
        line = texts.SUBMITTED_LINE_PRACTICE if practice else texts.SUBMITTED_LINE
        told = [line.format(submitted=submitted_at(session), key=SHOWN[ACTION])]
        comment = getattr(session.submission.mark, "comment", "") if session.submission is not None else ""
        if comment:
            told.append(texts.SUBMITTED_COMMENT.format(comment=comment))
        waiting = self._rescue.waiting(session.reading.reading_id)
        late = sum(not isinstance(draft.mark, Submission) for draft in waiting)
        if late:
            told.append(_too_late(late, practice=practice))
        elif waiting:
            told.append(texts.SUBMISSION_WAITS)
        return " ".join(told)


def _too_late(count: int, *, practice: bool) -> str:
    one, many = (
        (texts.TOO_LATE_PRACTICE_ONE, texts.TOO_LATE_PRACTICE)
        if practice
        else (texts.TOO_LATE_ONE, texts.TOO_LATE)
    )
    return texts.plural(count, one, many)
