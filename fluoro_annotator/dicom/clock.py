"""When the frames of an image were taken, and which attribute says so."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta, timezone
from enum import StrEnum
from itertools import accumulate, pairwise
from typing import Final

from pydicom.dataset import Dataset

from fluoro_annotator.dicom.functional_groups import FrameHeaders
from fluoro_annotator.dicom.values import items, number, numbers, values

MS_PER_SECOND: Final = 1000.0
FRAME_TIME: Final = 0x00181063
FRAME_TIME_VECTOR: Final = 0x00181065
RATE_TOLERANCE: Final = 0.05
"""Fraction by which two statements of one rate may differ without contradicting each other."""
RATE_ROUNDING: Final = 0.5
"""Cine Rate is a whole number of frames a second: it may be off by half a frame."""


class ClockSource(StrEnum):
    """The attribute that frame times come from, the most trustworthy first."""

    FRAME_DATETIME = "frame_acquisition_date_time"
    FRAME_TIME_VECTOR = "frame_time_vector"
    FRAME_TIME = "frame_time"
    CINE_RATE = "cine_rate"
    DISPLAY_RATE = "recommended_display_frame_rate"
    NONE = "none"


DESCRIPTIONS: Final = {
    ClockSource.FRAME_DATETIME: "the date and time of each frame",
    ClockSource.FRAME_TIME_VECTOR: "Frame Time Vector",
    ClockSource.FRAME_TIME: "Frame Time",
    ClockSource.CINE_RATE: "Cine Rate",
    ClockSource.DISPLAY_RATE: "Recommended Display Frame Rate: for playing only",
    ClockSource.NONE: "no times in the header",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class FrameClock:
    """When each frame of an image begins, counted from its first frame.

    Attributes
    ----------
    frames : int
        Number of frames.
    source : ClockSource
        Where the times come from.
    step_ms : float or None
        Time between frames in ms where it is one number.
    offsets_ms : tuple of float or None
        Start of each frame in ms where the header times frames one by one.
    contradictions : tuple of str
        What in the header disagrees with these times or cannot be used, as clauses.

    """

    frames: int = 1
    source: ClockSource = ClockSource.NONE
    step_ms: float | None = None
    offsets_ms: tuple[float, ...] | None = None
    contradictions: tuple[str, ...] = ()

    def start_ms(self, index: int) -> float | None:
        """Return when a frame begins in ms, None where not known; the first begins at 0.

        Parameters
        ----------
        index : int
            Frame index, 0-based.

        Raises
        ------
        IndexError
            If there is no such frame.

        """
        if not 0 <= index < self.frames:
            raise IndexError(f"frame index {index} of {self.frames} frames")
        if self.offsets_ms is not None:
            return self.offsets_ms[index]
        if index == 0:
            return 0.0 if self.frames == 1 or self.step_ms is not None else None
        return None if self.step_ms is None else self.step_ms * index

    @property
    def starts_ms(self) -> tuple[float | None, ...]:
        """When each frame begins in ms, None where not known."""
        return tuple(self.start_ms(index) for index in range(self.frames))

    @property
    def rate(self) -> float | None:
        """Frames per second, the mean where they vary; None for one frame or where not known."""
        if self.frames == 1:
            return None
        if self.offsets_ms is not None:
            last = self.offsets_ms[-1]
            return MS_PER_SECOND * (self.frames - 1) / last if last > 0 else None
        return MS_PER_SECOND / self.step_ms if self.step_ms else None

    @property
    def acquired(self) -> bool:
        """Whether the times say when frames were taken, and not only how to play them."""
        return self.source not in (ClockSource.DISPLAY_RATE, ClockSource.NONE)

    @property
    def description(self) -> str:
        """The source in words."""
        return DESCRIPTIONS[self.source]


_Timing = tuple[ClockSource, float | None, tuple[float, ...] | None]


def read_clock(headers: FrameHeaders, frames: int) -> FrameClock:
    """Return the frame clock of an image.

    Frame Increment Pointer decides between Frame Time Vector and Frame Time where the header
    holds both (PS3.3 C.7.6.5, C.7.6.6); without it the first of `ClockSource` that is usable.
    A Frame Time Vector holds the time since the frame before, one for each frame; its first is 0
    by C.7.6.5.1.2 and not looked at, since the first frame begins at 0.

    Parameters
    ----------
    headers : FrameHeaders
        Headers of the frames.
    frames : int
        Number of frames.

    """
    dataset, problems = headers.first, list(headers.contradictions)
    timings = (
        _from_datetimes(headers.times(), frames, problems),
        _from_vector(dataset, frames, problems),
        _from_step(dataset, problems),
        _from_rate(dataset, ClockSource.CINE_RATE, problems),
        _from_rate(dataset, ClockSource.DISPLAY_RATE, problems),
    )
    found = [timing for timing in timings if timing is not None]
    if not found:
        return FrameClock(frames=frames, contradictions=tuple(problems) if frames > 1 else ())
    source, step, offsets = _preferred(dataset, found)
    clock = FrameClock(frames=frames, source=source, step_ms=step, offsets_ms=offsets)
    if frames == 1:
        return clock
    return replace(clock, contradictions=(*problems, *_disagreements(clock, found)))


_POINTED: Final = {FRAME_TIME: ClockSource.FRAME_TIME, FRAME_TIME_VECTOR: ClockSource.FRAME_TIME_VECTOR}


def _preferred(dataset: Dataset, found: list[_Timing]) -> _Timing:
    if found[0][0] is ClockSource.FRAME_DATETIME:
        return found[0]
    pointed = {_POINTED.get(_tag(value)) for value in values(dataset, "FrameIncrementPointer")}
    return next((timing for timing in found if timing[0] in pointed), found[0])


def _tag(value: object) -> int:
    return int(value) if isinstance(value, int) else -1


def _from_datetimes(texts: Sequence[str], frames: int, problems: list[str]) -> _Timing | None:
    if not texts or frames == 1:
        return None
    moments = [parse_datetime(text) for text in texts]
    known = [moment for moment in moments if moment is not None]
    if len(known) != frames or len({moment.tzinfo is None for moment in known}) > 1:
        problems.append("not every frame has a date and time that can be read")
        return None
    offsets = tuple((moment - known[0]) / timedelta(milliseconds=1) for moment in known)
    if any(later <= earlier for earlier, later in pairwise(offsets)):
        problems.append("the dates and times of the frames do not increase")
        return None
    return ClockSource.FRAME_DATETIME, None, offsets


def _from_vector(dataset: Dataset, frames: int, problems: list[str]) -> _Timing | None:
    if frames == 1 or not values(dataset, "FrameTimeVector"):
        return None
    steps = numbers(dataset, "FrameTimeVector")
    if len(steps) != frames:
        problems.append(f"Frame Time Vector has {len(steps)} usable values for {frames} frames")
        return None
    if any(step < 0 for step in steps) or not any(steps[1:]):
        problems.append("Frame Time Vector does not increase")
        return None
    return ClockSource.FRAME_TIME_VECTOR, None, tuple(accumulate((0.0, *steps[1:])))


def _from_step(dataset: Dataset, problems: list[str]) -> _Timing | None:
    if not values(dataset, "FrameTime"):
        return None
    step = number(dataset, "FrameTime")
    if step is None or step <= 0:
        problems.append("Frame Time is not a positive number of milliseconds")
        return None
    return ClockSource.FRAME_TIME, step, None


_RATES: Final = {
    ClockSource.CINE_RATE: (("CineRate",), "Cine Rate"),
    ClockSource.DISPLAY_RATE: (
        ("RecommendedDisplayFrameRateInFloat", "RecommendedDisplayFrameRate"),
        "Recommended Display Frame Rate",
    ),
}


def _from_rate(dataset: Dataset, source: ClockSource, problems: list[str]) -> _Timing | None:
    keywords, name = _RATES[source]
    places = (dataset, *items(dataset, "FrameDisplaySequence")[:1])
    stated = [(place, keyword) for place in places for keyword in keywords if values(place, keyword)]
    if not stated:
        return None
    rate = number(*stated[0])
    if rate is None or rate <= 0:
        problems.append(f"{name} is not a positive number of frames a second")
        return None
    return source, MS_PER_SECOND / rate, None


def _disagreements(clock: FrameClock, found: list[_Timing]) -> list[str]:
    """Return which other statements about acquisition differ from the clock.

    A display rate may differ on purpose, for slow motion, and is none of them.
    """
    if clock.rate is None or not clock.acquired:
        return []
    texts = []
    for source, step, offsets in found:
        if source in (clock.source, ClockSource.DISPLAY_RATE):
            continue
        other = FrameClock(frames=clock.frames, source=source, step_ms=step, offsets_ms=offsets).rate
        allowed = RATE_TOLERANCE * clock.rate
        if source is ClockSource.CINE_RATE or clock.source is ClockSource.CINE_RATE:
            allowed = max(allowed, RATE_ROUNDING)
        if other is not None and abs(other - clock.rate) > allowed:
            texts.append(
                f"{DESCRIPTIONS[source]} means {other:.4g} frames a second, "
                f"{DESCRIPTIONS[clock.source]} {clock.rate:.4g}"
            )
    return texts


_DATETIME: Final = re.compile(
    r"(\d{4})(\d\d)(\d\d)(\d\d)(?:(\d\d)(?:(\d\d)(?:\.(\d{1,6}))?)?)?([+-]\d{4})?", re.ASCII
)
_LARGEST_ZONE: Final = 24 * 60


def parse_datetime(text: str) -> datetime | None:
    """Return a DICOM date and time (VR DT) with at least its hour, None if it is none.

    Examples
    --------
    >>> parse_datetime("20240131101500.25").microsecond
    250000
    >>> parse_datetime("2024") is None
    True

    """
    found = _DATETIME.fullmatch(text.strip())
    if found is None:
        return None
    *parts, fraction, zone = found.groups()
    year, month, day, hour, minute, second = (int(part or 0) for part in parts)
    micro = int((fraction or "").ljust(6, "0"))
    try:
        moment = datetime(year, month, day, hour, minute, second, micro)  # noqa: DTZ001 - the zone is set below where it is stated
    except ValueError:
        return None
    if zone is None:
        return moment
    minutes = int(zone[0] + "1") * (int(zone[1:3]) * 60 + int(zone[3:]))
    if abs(minutes) >= _LARGEST_ZONE:
        return None
    return moment.replace(tzinfo=timezone(timedelta(minutes=minutes)))
