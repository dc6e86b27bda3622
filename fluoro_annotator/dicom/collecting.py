"""Keeps the garbage collector from looking through all objects again and again."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock
from typing import Final

COLLECT_AFTER: Final = 100_000
"""New objects after which garbage is looked for meanwhile."""


class _Lenience:
    """Counts who asks for seldom collecting, in whatever thread: the first sets, the last one sets back.

    The threshold belongs to the whole process. Were each to keep what it found, one that ends late would
    put back the raised value of another, and it would stay.
    """

    def __init__(self) -> None:
        self._lock = Lock()
        self._users = 0
        self._usual: tuple[int, int, int] = (0, 0, 0)

    def begin(self) -> None:
        with self._lock:
            self._users += 1
            if self._users == 1:
                first, *others = self._usual = gc.get_threshold()
                gc.set_threshold(max(first, COLLECT_AFTER) if first else 0, *others)

    def end(self) -> None:
        with self._lock:
            self._users -= 1
            if self._users == 0:
                gc.set_threshold(*self._usual)


_LENIENCE = _Lenience()


@contextmanager
def seldom_collecting() -> Iterator[None]:
    """Let the garbage collector look through all objects less often while many are made.

    Thousands of images that stay make it look again and again through all that the program has,
    which takes as long as the rest of a repeated scan. Several threads may ask for it at once; when
    the last one has ended, the thresholds are as they were before the first.
    """
    _LENIENCE.begin()
    try:
        yield
    finally:
        _LENIENCE.end()
