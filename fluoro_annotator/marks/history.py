"""What can be undone and redone, derived from the stream of changes like the state itself.

A session and the stored stream come to the same history, so undo survives a restart. Two
windows may write into one stream, however, and an undo in one can then stand behind edits
of the other. An undo or redo therefore counts as one only if it did to the marks what
taking back (or repeating) the last step would have done; otherwise it is an edit like any
other. Hence taking back every step of a stream leaves no mark but imported ones.

A submission, and its being taken back, are a line that undo and redo never cross.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from fluoro_annotator.marks.facts import Submission
from fluoro_annotator.marks.revisions import Cause, Draft, RevisionKind
from fluoro_annotator.marks.state import Change, ReadingState


@dataclass(frozen=True, slots=True)
class Step:
    """Changes that are undone and redone together, as they were when they were done.

    Attributes
    ----------
    action_id : str
        Identifier that the drafts of the step share.
    kind : RevisionKind
        What happened to its first mark.
    changes : tuple of Change
        One per mark, at least one.
    what : str
        What the program calls the step; empty if its kind says it.

    """

    action_id: str
    kind: RevisionKind
    changes: tuple[Change, ...]
    what: str = ""


@dataclass(frozen=True, slots=True)
class Reversal:
    """What an undo or redo would do now.

    Attributes
    ----------
    step : Step
        The edit to take back or to repeat.
    changes : tuple of Change
        What that alters in the present marks, at least one.

    """

    step: Step
    changes: tuple[Change, ...]


@dataclass
class History:
    """Steps that can be undone and steps that can be redone, the next one last."""

    undoable: list[Step] = field(default_factory=list)
    redoable: list[Step] = field(default_factory=list)

    def reversal(self, cause: Cause, state: ReadingState) -> Reversal | None:
        """Return what an undo or redo would do to a state, None if there is nothing to do.

        Steps that would alter nothing, because a merge did it already, are passed over.
        """
        for step in reversed(self._source(cause)):
            intended = inverse(step.changes) if cause is Cause.UNDO else step.changes
            changes = state.onto_present(intended)
            if changes:
                return Reversal(step, changes)
        return None

    def take(
        self, drafts: Sequence[Draft], state: ReadingState, *, joins: bool = False
    ) -> tuple[Change, ...]:
        """Take one action into the state and the history.

        Parameters
        ----------
        drafts : sequence of Draft
            The changes of the action, at least one.
        state : ReadingState
            The state before the action, altered here.
        joins : bool
            Whether the drafts go on with the action that was taken last, in the same step.

        Returns
        -------
        tuple of Change
            What the action altered.

        """
        first = drafts[0]
        reverses = first.cause in {Cause.UNDO, Cause.REDO}
        expected = self.reversal(first.cause, state) if reverses else None
        changes = state.take(drafts)
        if any(isinstance(draft.mark, Submission) for draft in drafts):
            self.clear()
        elif expected is not None and expected.changes == changes:
            self._reverse(expected, first.cause)
        elif first.cause is Cause.EDIT or (reverses and changes):
            self._add(Step(first.action_id, first.kind, changes, first.what), joins=joins)
        return changes

    def _add(self, step: Step, *, joins: bool) -> None:
        """Take a step that was done; one that, in all, altered nothing is not there to be undone."""
        self.redoable.clear()
        if joins and self.undoable and self.undoable[-1].action_id == step.action_id:
            step = _joined(self.undoable.pop(), step)
        if step.changes:
            self.undoable.append(step)

    def clear(self) -> None:
        """Forget every step: what was done so far can neither be taken back nor repeated."""
        self.undoable.clear()
        self.redoable.clear()

    def _source(self, cause: Cause) -> list[Step]:
        return self.undoable if cause is Cause.UNDO else self.redoable

    def _reverse(self, done: Reversal, cause: Cause) -> None:
        source = self._source(cause)
        while source.pop() is not done.step:
            pass
        if cause is Cause.UNDO:
            self.redoable.append(replace(done.step, changes=inverse(done.changes)))
        else:
            self.undoable.append(replace(done.step, changes=done.changes))


def _joined(first: Step, second: Step) -> Step:
    """Return one step that does what both did; each record is named once, as it was and as it became."""
    before = {change.mark_id: change.before for change in reversed((*first.changes, *second.changes))}
    after = {change.mark_id: change.after for change in (*first.changes, *second.changes)}
    changes = (
        Change(before[mark_id], after[mark_id]) for mark_id in after if before[mark_id] != after[mark_id]
    )
    return replace(first, changes=tuple(changes))


def inverse(changes: Iterable[Change]) -> tuple[Change, ...]:
    """Return the changes that take these back, the last one first."""
    return tuple(change.inverse for change in reversed(tuple(changes)))
