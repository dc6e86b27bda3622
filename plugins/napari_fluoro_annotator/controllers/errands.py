"""Work that takes long, done on a thread of its own; what comes of it is taken on the thread of the window."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from fluoro_annotator.errors import FluoroAnnotatorError
from napari_fluoro_annotator.controllers.watching import TickerProtocol
from napari_fluoro_annotator.scan_job import Job
from napari_fluoro_annotator.wiring import Wiring

LOOK_MS = 30
"""Between two looks at what is being done; an engineering default."""
LAST_SECONDS = 60.0
"""For which a window that is closed waits for what changes the store."""

Work = Callable[[], Any]
Take = Callable[[Any], None]
Fail = Callable[[FluoroAnnotatorError], None]


class Errands:
    """One piece of work at a time.

    Parameters
    ----------
    ticker : TickerProtocol
        The clock of the window.

    """

    def __init__(self, ticker: TickerProtocol) -> None:
        self._ticker = ticker
        self._under_way: tuple[Job[Any], Take, Fail] | None = None
        self._wiring = Wiring(((ticker.ticked, self._look),))

    @property
    def busy(self) -> bool:
        """Whether something is being done."""
        return self._under_way is not None

    def send(self, work: Work, take: Take, fail: Fail) -> None:
        """Begin to do something, unless something else is being done, which is an error of the program.

        Parameters
        ----------
        work : callable
            What is done on the other thread; it must touch neither widgets nor layers.
        take : callable
            Gets the result, on the thread of the window.
        fail : callable
            Gets the error, on the thread of the window.

        """
        if self._under_way is not None:
            raise RuntimeError("another errand is under way")
        self._under_way = Job(_without_report(work)), take, fail
        self._ticker.wake_in(LOOK_MS)

    def close(self) -> None:
        """Wait for what is being done, which may change the store; its result is not taken any more."""
        self._wiring.close()
        if self._under_way is not None:
            job, *_ = self._under_way
            self._under_way = None
            job.wait(LAST_SECONDS)

    def _look(self) -> None:
        if self._under_way is None:
            return
        job, take, fail = self._under_way
        if not job.finished:
            self._ticker.wake_in(LOOK_MS)
            return
        self._under_way = None
        try:
            result = job.result()
        except FluoroAnnotatorError as error:
            fail(error)
        else:
            take(result)


def _without_report(work: Work) -> Callable[..., Any]:
    def run(*_: object) -> Any:
        return work()

    return run
