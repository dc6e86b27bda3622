"""Frames read by threads: the wanted one first, then those that play will want next.

imagecodecs and file reads let go of the interpreter while they work, so that a window stays
responsive and two frames are decoded at the same time.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from typing import Any, Final

import numpy.typing as npt

Frame = npt.NDArray[Any]

WORKERS: Final = 2
"""Threads for each loader; engineering default, one for each core of a small machine."""
AHEAD: Final = 6
"""Frames read in advance; engineering default."""
IDLE_SECONDS: Final = 5.0
"""After this time without work a thread ends."""


class _Request:
    """A frame that somebody waits for, or may want soon."""

    def __init__(self, index: int) -> None:
        self.index = index
        self.done = threading.Event()
        self.frame: Frame | None = None
        self.error: Exception | None = None


class FrameLoader:
    """Reads frames in background threads.

    Parameters
    ----------
    read : callable
        Returns the frame with an index, and keeps it so that the next call is quick; called from
        several threads. `FrameStack.frame` is one.
    kept : callable
        Whether a frame with an index can be had at once.
    count : int
        Number of frames.
    ahead : int
        How many frames to read in advance, in the direction in which frames were asked for;
        play that reaches the end is expected to start again.
    workers : int
        How many threads to use at the most. They are started when there is work, end when there
        is none, and never keep the program from ending.

    """

    def __init__(
        self,
        read: Callable[[int], Frame],
        kept: Callable[[int], bool],
        count: int,
        *,
        ahead: int = AHEAD,
        workers: int = WORKERS,
    ) -> None:
        self._read, self._kept, self._count = read, kept, count
        self._ahead, self._workers = ahead, workers
        self._condition = threading.Condition()
        self._urgent: list[_Request] = []
        self._soon: list[int] = []
        self._under_way: dict[int, _Request] = {}
        self._threads = 0
        self._idle = 0
        self._last: int | None = None
        self._closed = False

    def get(self, index: int, timeout: float | None = None) -> Frame:
        """Return a frame, and have the next ones read.

        Parameters
        ----------
        index : int
            Frame index, 0-based.
        timeout : float or None
            Seconds to wait at the most; the frame is read to the end nevertheless.

        Raises
        ------
        TimeoutError
            If the frame is not there in time. Asking again later is cheap.
        DicomError
            If the frame cannot be read.

        """
        request = self._ask(index)
        if not request.done.wait(timeout):
            raise TimeoutError(f"frame index {index} is still being read")
        if request.error is not None:
            raise request.error
        if request.frame is None:
            raise TimeoutError(f"frame index {index} is no longer read")
        return request.frame

    def busy(self, index: int) -> bool:
        """Return whether a frame is being read at the moment, or waits for it."""
        with self._condition:
            return index in self._under_way

    def close(self) -> None:
        """Let the threads end; whoever waits for a frame that has not been begun gets a TimeoutError."""
        with self._condition:
            self._closed = True
            self._soon.clear()
            for request in self._urgent:
                request.done.set()
            self._urgent.clear()
            self._condition.notify_all()

    # ------------------------------------------------------------------ asking

    def _ask(self, index: int) -> _Request:
        with self._condition:
            request = self._under_way.get(index)
            if request is None:
                request = _Request(index)
                if self._closed:
                    request.done.set()
                    return request
                self._under_way[index] = request
                self._urgent.append(request)
            self._soon = [coming for coming in self._coming(index) if coming not in self._under_way]
            self._last = index
            self._wake()
            return request

    def _coming(self, index: int) -> Iterator[int]:
        """Yield the frames that play would want next; none before a second frame was asked for."""
        if self._last is None or index == self._last:
            return
        backward = index < self._last and index != 0
        step = -1 if backward else 1
        for distance in range(1, min(self._ahead, self._count - 1) + 1):
            coming = (index + step * distance) % self._count
            if not self._kept(coming):
                yield coming

    def _wake(self) -> None:
        wanted = len(self._urgent) + len(self._soon)
        for _ in range(min(wanted - self._idle, self._workers - self._threads)):
            self._threads += 1
            threading.Thread(target=self._work, name="frame-loader", daemon=True).start()
        self._condition.notify(wanted)

    # ------------------------------------------------------------------ working

    def _work(self) -> None:
        while (request := self._next()) is not None:
            try:
                request.frame = self._read(request.index)
            except Exception as error:  # noqa: BLE001 - handed to whoever asked, in the thread that asked
                request.error = error
            with self._condition:
                self._under_way.pop(request.index, None)
            request.done.set()

    def _next(self) -> _Request | None:
        """Return the next request; None if the thread is to end."""
        with self._condition:
            while True:
                if self._urgent:
                    return self._urgent.pop(0)
                if self._soon and not self._closed:
                    request = _Request(self._soon.pop(0))
                    self._under_way[request.index] = request
                    return request
                self._idle += 1
                waited = not self._closed and self._condition.wait(IDLE_SECONDS)
                self._idle -= 1
                if not waited and not self._urgent and not self._soon:
                    self._threads -= 1
                    return None
