"""Writing a reading to a file while the window goes on working."""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from psygnal import SignalInstance

from fluoro_annotator.errors import FluoroAnnotatorError
from fluoro_annotator.marks import MarkSession
from napari_fluoro_annotator import texts
from napari_fluoro_annotator.controllers.desk import ReadingDesk
from napari_fluoro_annotator.controllers.watching import TickerProtocol
from napari_fluoro_annotator.scan_job import Cancelled, Job, Report
from napari_fluoro_annotator.wiring import Wires, Wiring

LOG = logging.getLogger(__name__)

LOOK_MS = 50
LAST_SECONDS = 60.0
"""Between two looks at an export; for which a window that is closed waits for it. Engineering defaults."""

Collect = Callable[[MarkSession, Path], Callable[[Report, Cancelled], int]]
"""Takes a reading as it is now, and returns what writes it and returns the number of marks, on any thread."""


class ExportViewProtocol(Protocol):
    """The part of the Annotate panel that exports."""

    export_requested: SignalInstance

    def set_exporting(self, text: str) -> None:
        """Show that an export is being written and how far it is; nothing if none is."""


class ExportController:
    """Writes the reading to a file, one export at a time.

    Parameters
    ----------
    desk : ReadingDesk
        The reading that is worked on.
    view : ExportViewProtocol
        The widget.
    ticker : TickerProtocol
        The clock.
    collect : callable
        Takes the reading as it is, and returns what writes it.

    """

    def __init__(
        self, desk: ReadingDesk, view: ExportViewProtocol, ticker: TickerProtocol, *, collect: Collect
    ) -> None:
        self._desk, self._view, self._ticker, self._collect = desk, view, ticker, collect
        self._under_way: tuple[Job[int], str] | None = None
        self._wiring = Wiring(self._wires())

    def _wires(self) -> Wires:
        return ((self._view.export_requested, self.export), (self._ticker.ticked, self._look))

    def close(self) -> None:
        """Wait for what is being written, which nobody else would end; may be called more than once."""
        self._wiring.close()
        if self._under_way is None:
            return
        job, _ = self._under_way
        self._under_way = None
        if not job.wait(LAST_SECONDS):
            LOG.error("An export was given up: it was not written when its window had been closed for long.")
            return
        try:
            job.result()
        except FluoroAnnotatorError:
            LOG.exception("An export failed while its window was being closed.")

    def export(self, path: str) -> None:
        """Write the reading, as it is now, to a file."""
        session = self._desk.session
        if session is None:
            return
        if self._under_way is not None:
            self._desk.say(texts.EXPORT_BUSY, warning=True)
            return
        self._under_way = Job(self._collect(session, Path(path))), path
        self._view.set_exporting(texts.EXPORTING)
        self._ticker.wake_in(LOOK_MS)

    def _look(self) -> None:
        """Show how far the export is, and say how it has ended."""
        if self._under_way is None:
            return
        job, path = self._under_way
        if not job.finished:
            done, total = job.progress
            self._view.set_exporting(_progress(done, total))
            self._ticker.wake_in(LOOK_MS)
            return
        self._under_way = None
        self._view.set_exporting("")
        try:
            count = job.result()
        except FluoroAnnotatorError as error:
            self._desk.say_error(error)
        else:
            marks = texts.plural(count, texts.ONE_MARK, texts.MARKS)
            self._desk.say(texts.EXPORTED.format(count=marks, path=path))


def _progress(done: int, total: int) -> str:
    if not total:
        return texts.EXPORTING
    return (
        texts.EXPORT_WRITING if done == total else texts.EXPORT_COLLECTING.format(percent=100 * done // total)
    )
