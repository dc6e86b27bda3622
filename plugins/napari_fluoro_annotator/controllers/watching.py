"""Changes of other windows are learned by asking the store from time to time, on a thread of its own."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol, TypeVar

from psygnal import SignalInstance

from fluoro_annotator.errors import StoreError
from fluoro_annotator.marks import Revision
from fluoro_annotator.store import StoreRecorder
from napari_fluoro_annotator.controllers.desk import ReadingDesk
from napari_fluoro_annotator.controllers.pointer import Pointer
from napari_fluoro_annotator.scan_job import Job
from napari_fluoro_annotator.wiring import Wires, Wiring

EVERY_MS, LOOK_MS, REST_MS = 3000, 50, 30_000
"""Between two questions; between two looks for an answer; after a question that the store could not
answer. Engineering defaults."""

Answer = Sequence[Revision]
Result = TypeVar("Result")


class TickerProtocol(Protocol):
    """A clock."""

    ticked: SignalInstance

    def wake_in(self, milliseconds: int) -> None:
        """Emit ``ticked`` after so many milliseconds."""


class WatchController:
    """Asks for changes that other windows, imports or rescues made in the reading, and takes them in.

    It waits while a mark is dragged or a cine is played. While the store is away and takes long to say
    so, it tries in the background whether the store is back, and then has delivered what waits.

    Parameters
    ----------
    desk : ReadingDesk
        The reading that is worked on.
    pointer : Pointer
        Who knows whether a mark is dragged.
    ticker : TickerProtocol
        The clock.

    """

    def __init__(self, desk: ReadingDesk, pointer: Pointer, ticker: TickerProtocol) -> None:
        self._desk, self._pointer, self._ticker = desk, pointer, ticker
        self._asked: tuple[StoreRecorder, Job[Answer]] | None = None
        self._knocked: tuple[StoreRecorder, Job[object]] | None = None
        self._wiring = Wiring(self._wires())
        ticker.wake_in(EVERY_MS)

    def _wires(self) -> Wires:
        return ((self._ticker.ticked, self._on_tick), (self._desk.reading_changed, self._on_reading))

    def close(self) -> None:
        """Ask no more; may be called more than once."""
        self._wiring.close()
        self._asked = self._knocked = None

    def _on_reading(self) -> None:
        """Ask about the reading that is worked on now; what was asked about another one is of no use."""
        self._asked = None
        self._ticker.wake_in(EVERY_MS)

    def _on_tick(self) -> None:
        pause = EVERY_MS
        try:
            pause = self._step()
        finally:
            self._ticker.wake_in(pause)

    def _step(self) -> int:
        """Ask, or look for an answer; return after how many milliseconds the next step is due."""
        if self._knocked is not None:
            return self._wait_at_the_door(*self._knocked)
        if self._asked is None:
            return self._ask()
        recorder, job = self._asked
        if not job.finished or self._pointer.dragging or self._desk.binding.playing:
            return LOOK_MS
        self._asked = None
        try:
            news = job.result()
        except StoreError:
            return REST_MS  # nothing waits to be stored; the next change will say that the store is away
        if recorder is self._desk.recorder:
            recorder.take_in(news)
        return EVERY_MS

    def _wait_at_the_door(self, recorder: StoreRecorder, job: Job[object]) -> int:
        """Look whether a slow store has answered; then everything that waits is delivered."""
        if not job.finished or self._pointer.dragging or self._desk.binding.playing:
            return LOOK_MS
        self._knocked = None
        try:
            job.result()
        except StoreError:
            return EVERY_MS
        recorder.retry()
        return LOOK_MS

    def _ask(self) -> int:
        for waiting in self._desk.waiting:
            if (knock := waiting.knock()) is not None:
                self._knocked = waiting, Job(_without_report(knock))
                return LOOK_MS
        recorder = self._desk.recorder
        question = None if recorder is None else recorder.question()
        if recorder is None or question is None:
            return EVERY_MS
        self._asked = recorder, Job(_without_report(question))
        return LOOK_MS


def _without_report(question: Callable[[], Result]) -> Callable[..., Result]:
    def work(*_: object) -> Result:
        return question()

    return work
