"""What a store knows of one trainee's answers, for the page of progress and for the report."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from operator import attrgetter
from pathlib import Path
from typing import Final

from fluoro_annotator.exchange.files import encoded, write_atomically
from fluoro_annotator.marks import utc_now
from fluoro_annotator.protocols import ProtocolLibrary, load_protocols
from fluoro_annotator.reporting import Document, html_text, pdf_bytes
from fluoro_annotator.store import Store
from fluoro_annotator.training import ScoredAnswer, load_sets, scored_answers
from fluoro_annotator.training.report import Context, context_of, tracks_with, trainee_report
from napari_fluoro_annotator.controllers.practice_progress import Known

WRITERS: Final[Mapping[str, Callable[[Document], bytes]]] = {
    ".html": lambda document: encoded(html_text(document)),
    ".pdf": pdf_bytes,
}
"""What makes a report, by the ending of its file."""


class PracticeBook:
    """The answers of a trainee, read anew each time.

    Parameters
    ----------
    store : callable
        Returns the store.
    trainee : callable
        Returns who practises.
    library : callable, optional
        Returns the protocols.
    clock : callable, optional
        Returns the present time in UTC.

    """

    def __init__(
        self,
        store: Callable[[], Store],
        trainee: Callable[[], str],
        *,
        library: Callable[[], ProtocolLibrary] = load_protocols,
        clock: Callable[[], datetime] = utc_now,
    ) -> None:
        self._store, self._trainee = store, trainee
        self._library, self._clock = library, clock

    @property
    def view_titles(self) -> dict[str, str]:
        """What the views of all protocols are called."""
        return {view.id: view.title for protocol in self._library().protocols for view in protocol.views}

    def known(self) -> Known:
        """Return the answers to sets of the protocol that was practised last, with its pass rule.

        Raises
        ------
        StoreError
            If the store cannot be reached.

        """
        answers, context = self._read()
        if not answers:
            return Known(answers=())
        last = max(answers, key=attrgetter("entry")).set_id
        tracks = tracks_with(answers, context)
        track, own = next((one, own) for one, own in tracks if any(answer.set_id == last for answer in own))
        others = tuple(one.title for one, _ in tracks if one is not track)
        return Known(answers=own, rule=track.rule, title=track.title, others=others)

    def report(self) -> Callable[[Path], None]:
        """Take all answers as they are now, and return what writes the report of them, on any thread.

        Raises
        ------
        StoreError
            If the store cannot be reached.

        """
        answers, context = self._read()

        def write(path: Path) -> None:
            make = WRITERS.get(path.suffix.lower(), WRITERS[".html"])
            write_atomically(path, make(trainee_report(answers, context)))

        return write

    def _read(self) -> tuple[tuple[ScoredAnswer, ...], Context]:
        practice = self._store().practice
        answers = scored_answers(practice.answers(trainee=self._trainee()))
        return answers, context_of(load_sets(practice), self._library(), self._clock())
