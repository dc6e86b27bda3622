"""Keeps the garbage collector from looking through all objects again and again."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

COLLECT_AFTER: Final = 100_000
"""New objects after which garbage is looked for meanwhile."""


@contextmanager
def seldom_collecting() -> Iterator[None]:
    """Let the garbage collector look through all objects less often while many are made.

    Thousands of images that stay make it look again and again through all that the program has,
    which takes as long as the rest of a repeated scan.
    """
    before = gc.get_threshold()
    gc.set_threshold(max(before[0], COLLECT_AFTER) if before[0] else 0, *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)
