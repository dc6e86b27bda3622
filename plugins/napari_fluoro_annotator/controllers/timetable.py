"""When the frames of a cine were taken, and how many of them are shown a second."""

from __future__ import annotations

from bisect import bisect_right
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from fluoro_annotator.dicom import FrameStack
from napari_fluoro_annotator import texts

ASSUMED_RATE = 10.0
"""Frames a second where a file states no times: an engineering default, and said to be one."""
COUNTED_SECONDS = 2.0
"""How far back the frames are counted that give the achieved rate."""
MS = 1000.0


@dataclass(frozen=True, slots=True)
class Timetable:
    """When the frames of a view begin, and when the last one ends, in seconds of the acquisition.

    Attributes
    ----------
    starts : tuple of float
        Start of each frame, increasing, and the end of the last one.
    source : str
        Where the times come from, in words.

    """

    starts: tuple[float, ...]
    source: str

    @classmethod
    def of(cls, stack: FrameStack) -> Timetable:
        """Return the timetable of a view; several images without a common clock get an assumed rate."""
        clock = stack.images[0].clock
        known = [time for time in clock.starts_ms if time is not None]
        if len(stack.images) > 1 or len(known) != len(stack) or not _rises(known):
            rate = clock.rate if len(stack.images) == 1 and clock.rate else None
            source = clock.description if rate else texts.RATE_ASSUMED.format(rate=ASSUMED_RATE)
            return cls(tuple(index / (rate or ASSUMED_RATE) for index in range(len(stack) + 1)), source)
        last = 1 / (clock.rate or ASSUMED_RATE)
        starts = tuple(time / MS for time in known)
        return cls((*starts, starts[-1] + last), clock.description)

    @property
    def rate(self) -> float:
        """Mean frames a second."""
        return (len(self.starts) - 1) / (self.starts[-1] - self.starts[0])

    def duration(self, index: int) -> float:
        """Return how long a frame lasts, in seconds."""
        return self.starts[index + 1] - self.starts[index]

    def frame_at(self, time: float) -> int:
        """Return the frame that is on at a time."""
        return min(max(bisect_right(self.starts, time) - 1, 0), len(self.starts) - 2)


def _rises(times: Sequence[float]) -> bool:
    return all(later > earlier for earlier, later in pairwise(times))


@dataclass
class Achieved:
    """How many frames were shown lately, and how many had to be left out since play began."""

    dropped: int = 0
    _shown: deque[float] = field(default_factory=deque)

    def show(self, now: float, left_out: int) -> None:
        """Count a frame."""
        self.dropped += left_out
        self._shown.append(now)
        while now - self._shown[0] > COUNTED_SECONDS:
            self._shown.popleft()

    @property
    def rate(self) -> float | None:
        """Frames a second lately; None before there are two."""
        count = len(self._shown)
        if count <= 1 or self._shown[-1] <= self._shown[0]:
            return None
        return (count - 1) / (self._shown[-1] - self._shown[0])
