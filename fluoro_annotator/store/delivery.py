"""Appending changes behind those of others, each once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from fluoro_annotator.errors import StoreConflictError
from fluoro_annotator.marks import Draft, Revision, RevisionKind
from fluoro_annotator.store.contract import Store
from fluoro_annotator.store.rules import about_submission

ATTEMPTS = 3
"""How often a change is appended on the chance that nobody else writes; an engineering default."""


Identity = tuple[str, str, str, datetime]


def identity(draft: Draft) -> Identity:
    """Return what tells a change from every other one: its action, its mark, its kind and its time.

    Nudges of one run differ in their times alone.
    """
    return draft.action_id, draft.mark.mark_id, draft.kind, draft.recorded_at


class Delivery:
    """Changes on their way into one reading.

    Parameters
    ----------
    drafts : iterable of Draft
        The changes, oldest first.
    after : int
        Number of the last revision that their maker knows of.

    Attributes
    ----------
    pending : tuple of Draft
        What the store does not have yet.
    after : int
        Number of the last revision known now.
    found : tuple of Draft
        Changes of others that were met.
    appended : int
        Number of changes that the store took.

    """

    def __init__(self, drafts: Iterable[Draft], after: int) -> None:
        self.pending = tuple({identity(draft): draft for draft in drafts}.values())
        self.after = after
        self.found: tuple[Draft, ...] = ()
        self.appended = 0
        self._ours_last: dict[str, bool] = {}
        self._submitted: bool | None = None

    @property
    def kept(self) -> tuple[str, ...]:
        """Identifiers of marks whose own change comes after those of others."""
        waiting = {draft.mark.mark_id: True for draft in self.pending}
        return tuple(mark_id for mark_id, ours in (self._ours_last | waiting).items() if ours)

    def run(self, store: Store, reading_id: str) -> None:
        """Append what is pending, behind whatever is in the reading.

        A change that is in the store already, because its writer was interrupted before it heard
        so, is not appended again. After an error the attributes tell how far it came.

        Raises
        ------
        StoreError
            If the store cannot take the changes.

        """
        for _ in range(ATTEMPTS):
            try:
                self._append(store, reading_id)
            except StoreConflictError:
                self.take_in(store.revisions(reading_id, after=self.after))
            if not self.pending:
                return
        try:
            self._append_behind(store, reading_id)
        except StoreConflictError as error:
            raise StoreConflictError(
                f"reading {reading_id}",
                "is being changed by others all the time",
                "Wait until the others have finished, then try again.",
            ) from error

    def _append_behind(self, store: Store, reading_id: str) -> None:
        """Look and append in one turn: nobody can come in between, however many write."""
        new = store.append_behind(reading_id, self._chosen, after=self.after)
        self.after += len(new)
        self._noted_as_stored()

    def _chosen(self, found: Sequence[Revision]) -> Sequence[Draft]:
        if found:
            self.take_in(found)
        return self.pending

    def _append(self, store: Store, reading_id: str) -> None:
        store.append(reading_id, self.pending, after=self.after)
        self.after += len(self.pending)
        self._noted_as_stored()

    def _noted_as_stored(self) -> None:
        self.appended += len(self.pending)
        self._ours_last |= {draft.mark.mark_id: True for draft in self.pending}
        self.pending = ()

    def take_in(self, revisions: Sequence[Revision]) -> None:
        """Take note of what is stored behind the last revision known.

        Raises
        ------
        StoreConflictError
            If it is nothing: then the store holds less than it held before.

        """
        if not revisions:
            raise StoreConflictError(
                "store",
                "holds fewer changes of this reading than it held before",
                "If it was restored from a backup, close this window and open the study again.",
            )
        ours = {identity(draft) for draft in self.pending}
        stored = {identity(revision.draft) for revision in revisions}
        for draft in (revision.draft for revision in revisions):
            self._ours_last[draft.mark.mark_id] = identity(draft) in ours
        self.found += tuple(revision.draft for revision in revisions if identity(revision.draft) not in ours)
        waiting = tuple(draft for draft in self.pending if identity(draft) not in stored)
        self.pending = self._without_repetition(waiting, revisions)
        self.after = revisions[-1].sequence

    def _without_repetition(
        self, waiting: tuple[Draft, ...], revisions: Sequence[Revision]
    ) -> tuple[Draft, ...]:
        """Leave out that the reading is submitted, or reopened, where somebody else has said so meanwhile.

        A reading that is submitted takes no second submission, which would wait for ever.
        """
        said = [revision.draft.kind for revision in revisions if about_submission(revision.draft)]
        if said:
            self._submitted = said[-1] is not RevisionKind.DELETE
        ours = next((draft for draft in waiting if about_submission(draft)), None)
        if ours is None or (ours.kind is not RevisionKind.DELETE) is not self._submitted:
            return waiting
        return tuple(draft for draft in waiting if draft is not ours)
