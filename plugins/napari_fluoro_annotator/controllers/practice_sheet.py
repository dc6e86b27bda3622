"""The answer sheet: the draft of one answer, its steps, undo and redo, until it is handed in."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from psygnal import Signal

from fluoro_annotator.training import Question, Step
from napari_fluoro_annotator.controllers.practice_draft import Draft


class AnswerSheet:
    """What is answered to one question; it knows nothing of what would be right.

    Parameters
    ----------
    clock : callable, optional
        Seconds that never run backwards, whatever the clock on the wall does.

    Attributes
    ----------
    begun : psygnal.Signal
        Emitted when another question lies on the desk, or none.
    changed : psygnal.Signal
        Emitted after the answer changed.
    stepped : psygnal.Signal
        Emitted after a step was noted.
    closed : psygnal.Signal
        Emitted after the answer was handed in: it changes no more.

    """

    begun = Signal()
    changed = Signal()
    stepped = Signal()
    closed = Signal()

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._question: Question | None = None
        self._before: list[Draft] = []
        self._after: list[Draft] = []
        self._steps: list[Step] = []
        self._draft = Draft()
        self._open = False
        self._shown_at = 0.0
        self._spent = 0.0

    # ------------------------------------------------------------------ what is known

    @property
    def question(self) -> Question | None:
        """The question; None if none is asked."""
        return self._question

    @property
    def draft(self) -> Draft:
        """The answer so far."""
        return self._draft

    @property
    def open(self) -> bool:
        """Whether the answer may still change."""
        return self._open

    @property
    def steps(self) -> tuple[Step, ...]:
        """What was done, in order."""
        return tuple(self._steps)

    @property
    def seconds(self) -> float:
        """Seconds for which the question was looked at, in this sitting and those before."""
        return self._spent + self._clock() - self._shown_at if self._question is not None else 0.0

    @property
    def can_undo(self) -> bool:
        """Whether there is a change to take back."""
        return self._open and bool(self._before)

    @property
    def can_redo(self) -> bool:
        """Whether there is one to repeat."""
        return self._open and bool(self._after)

    # ------------------------------------------------------------------ one question after the other

    def begin(self, question: Question, steps: Sequence[Step] = ()) -> None:
        """Ask a question; the steps of an interrupted sitting are taken up again."""
        self._question, self._open = question, True
        self._before, self._after = [], []
        self._steps = list(steps)
        self._draft = next(
            (Draft.from_record(step.record) for step in reversed(steps) if step.record is not None), Draft()
        )
        self._spent = max((step.seconds for step in steps), default=0.0)
        self._shown_at = self._clock()
        self.begun.emit()

    def close(self) -> None:
        """Take no more changes: the answer was handed in."""
        self._open = False
        self._before, self._after = [], []
        self.closed.emit()

    def clear(self) -> None:
        """Ask nothing any more, and forget the answer."""
        self._question, self._open = None, False
        self._before, self._after, self._steps = [], [], []
        self._draft = Draft()
        self.begun.emit()

    # ------------------------------------------------------------------ changing

    def put(self, what: str, **changes: Any) -> bool:
        """Change the answer, as one step that can be taken back.

        Parameters
        ----------
        what : str
            What was done: add, move, delete, name, view, needle or confidence.
        **changes
            Fields of `Draft`.

        Returns
        -------
        bool
            Whether anything changed; nothing does once the answer was handed in.

        """
        after = replace(self._draft, **changes)
        if not self._open or after == self._draft:
            return False
        self._before.append(self._draft)
        self._after.clear()
        self._take(after, what)
        return True

    def undo(self) -> bool:
        """Take back the last change; return whether there was one."""
        if not self.can_undo:
            return False
        self._after.append(self._draft)
        self._take(self._before.pop(), "undo")
        return True

    def redo(self) -> bool:
        """Repeat what was taken back; return whether there was something."""
        if not self.can_redo:
            return False
        self._before.append(self._draft)
        self._take(self._after.pop(), "redo")
        return True

    def _take(self, draft: Draft, what: str) -> None:
        self._draft = draft
        self._steps.append(Step(self.seconds, what, draft.to_record()))
        self.changed.emit()
        self.stepped.emit()
