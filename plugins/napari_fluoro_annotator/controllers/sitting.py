"""One reading that is open in a window: its session, what stores it, and what it held when."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from fluoro_annotator.marks import Draft, MarkSession
    from fluoro_annotator.marks.summary import ChangeSummary
    from fluoro_annotator.store import StoreRecorder


class SeenProtocol(Protocol):
    """What remembers how far readings were seen, between two sittings."""

    def revision(self, reading_id: str) -> int | None:
        """Return the number of the last revision that was seen, None if nobody knows."""

    def note(self, reading_id: str, revision: int) -> None:
        """Remember that a reading was seen up to a revision."""

    def forget(self, reading_id: str) -> None:
        """Forget a reading."""


class Sitting:
    """A reading from its opening in this window until the window is closed.

    Parameters
    ----------
    session : MarkSession
        The marks.
    recorder : StoreRecorder
        What stores them.
    seen : SeenProtocol or None
        What remembers how far the reading was seen.

    """

    def __init__(self, session: MarkSession, recorder: StoreRecorder, seen: SeenProtocol | None) -> None:
        self.session, self.recorder = session, recorder
        self._seen = seen
        self._ahead, self._begun = 0, len(session.drafts)
        self._closed: tuple[int, int] | None = None
        self._away = False
        self._foreign: set[str] = set()
        if recorder.known is not None:
            self._remember(recorder.known)

    @property
    def since_opening(self) -> ChangeSummary:
        """What is not as it was when the reading was opened here."""
        return self.session.changes_since(self._begun, ahead=self._ahead)

    @property
    def since_closing(self) -> ChangeSummary | None:
        """What is not as it was when the study was closed the last time; None if that is not known."""
        if self._closed is None:
            return None
        ahead, number = self._closed
        return self.session.changes_since(number, ahead=ahead)

    @property
    def changed_here(self) -> frozenset[str]:
        """Identifiers of what was changed in this window since the reading was opened."""
        drafts = self.session.drafts
        later = (*drafts[: self._ahead], *drafts[self._ahead + self._begun :])
        return frozenset(draft.mark.mark_id for draft in later if draft.action_id not in self._foreign)

    def meet(self, found: Sequence[Draft]) -> None:
        """Take note of changes that were made elsewhere."""
        self._foreign |= {draft.action_id for draft in found}

    def catch_up(self, found: Sequence[Draft], kept: Sequence[str]) -> None:
        """Take note of what the store held already when it was reached at last: it was there before."""
        taken = [number for number, draft in enumerate(found, 1) if draft.mark.mark_id not in kept]
        self._ahead, self._begun = len(self.session.drafts) - len(taken), len(taken)
        self._remember(len(found))
        if self._closed is not None:
            self._closed = self._ahead, sum(number <= self._closed[1] for number in taken)

    def _remember(self, stored: int) -> None:
        """Find out how far the reading was seen, of so many changes."""
        reading = self.session.reading.reading_id
        number = None if self._seen is None else self._seen.revision(reading)
        if number is not None and number > stored and self._seen is not None:
            self._seen.forget(reading)  # the store is not the one that was seen, or holds less by now
            number = None
        self._closed = None if number is None else (0, number)

    def go_away(self) -> None:
        """Take note that the study was closed; nothing if it was so before."""
        if not self._away:
            self._away = True
            self._closed = 0, len(self.session.drafts)
            self._note()

    def come_back(self) -> None:
        """Take note that the study is open again."""
        self._away = False

    def close(self) -> None:
        """Try once more to store what waits, and let go of the files."""
        if self.recorder.state.pending:
            self.recorder.retry()
        if not self._away:
            self._note()
        self.recorder.close()

    def _note(self) -> None:
        if self._seen is not None and self.recorder.known is not None:
            self._seen.note(self.session.reading.reading_id, self.recorder.known)
