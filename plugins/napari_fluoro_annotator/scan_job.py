"""Slow work on a thread of its own, looked at from time to time by the thread that wants the result.

No Qt: whoever waits polls `Job.finished`. napari's own workers make it ask before a window is closed,
and cannot be left behind when the operating system keeps them waiting.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Generic, TypeVar

from fluoro_annotator.dicom import ScanResult, default_index, scan
from napari_fluoro_annotator.studies import read_facts_ahead

Result = TypeVar("Result")
Cancelled = Callable[[], bool]
Report = Callable[[int, int], None]


class Job(Generic[Result]):
    """One piece of work, begun at once.

    Parameters
    ----------
    work : callable
        Gets a function to which it reports how much is done of how much, and one that it asks whether
        it shall end early; both may be called from its thread. Returns the result.

    Notes
    -----
    The thread is a daemon: work that hangs in the operating system, as on a network drive that has
    gone, keeps neither the window nor the program.

    """

    def __init__(self, work: Callable[[Report, Cancelled], Result]) -> None:
        self._cancelled = threading.Event()
        self._done = threading.Event()
        self._progress = (0, 0)
        self._result: list[Result] = []
        self._error: Exception | None = None
        self._thread = threading.Thread(target=self._run, args=(work,), name="fluoro-job", daemon=True)
        self._thread.start()

    @property
    def progress(self) -> tuple[int, int]:
        """How much is done, and of how much; ``(0, 0)`` while that is not known."""
        return self._progress

    @property
    def finished(self) -> bool:
        """Whether there is a result or an error."""
        return self._done.is_set()

    @property
    def cancelled(self) -> bool:
        """Whether somebody has asked the work to end early."""
        return self._cancelled.is_set()

    def cancel(self) -> None:
        """Ask the work to end early; returns at once, and may be called at any time."""
        self._cancelled.set()

    def wait(self, seconds: float) -> bool:
        """Wait for the result; return whether it is there."""
        return self._done.wait(seconds)

    def result(self) -> Result:
        """Return the result of finished work; raises what the work has raised."""
        if self._error is not None:
            raise self._error
        return self._result[0]

    def _run(self, work: Callable[[Report, Cancelled], Result]) -> None:
        try:
            self._result.append(work(self._note, self._cancelled.is_set))
        except Exception as error:  # noqa: BLE001 - handed to whoever asks for the result, in their thread
            self._error = error
        self._done.set()

    def _note(self, done: int, of: int) -> None:
        self._progress = (done, of)


def scan_job(paths: Sequence[str | Path]) -> Job[ScanResult]:
    """Begin to look for studies in files and folders."""
    return Job(partial(_scan, tuple(paths)))


def _scan(paths: Sequence[str | Path], report: Report, cancelled: Cancelled) -> ScanResult:
    result = scan(paths, progress=report, cancel=cancelled, index=default_index())
    if not cancelled():
        read_facts_ahead(result)
    return result
