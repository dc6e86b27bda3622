"""Learning curves: how a rate changes from case to case."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from fluoro_annotator.errors import StatisticsError
from fluoro_annotator.statistics.proportions import LEVEL, Proportion, wilson


@dataclass(frozen=True, slots=True)
class CurvePoint:
    """The rate in a window of neighbouring cases.

    Attributes
    ----------
    case : int
        Number of the last case of the window, from 1.
    proportion : Proportion
        Successes in the window, with an interval.

    """

    case: int
    proportion: Proportion


def moving_rate(successes: Sequence[bool], window: int, level: float = LEVEL) -> tuple[CurvePoint, ...]:
    """Return the rate of success in a window that moves from case to case.

    Neighbouring windows share cases, so their intervals are not independent: two that do not overlap say
    something only if the windows do not overlap either.

    Parameters
    ----------
    successes : sequence of bool
        Whether each case succeeded, in the order of time.
    window : int
        Cases in a window, at least 1. Until there are so many, a window holds all cases so far.
    level : float
        Confidence level of the intervals (Wilson).

    Raises
    ------
    StatisticsError
        If the window is not a whole number of at least 1.

    """
    if isinstance(window, bool) or not isinstance(window, int) or window < 1:
        raise StatisticsError(f"window of {window!r} cases", "is not a whole number of at least 1")
    points = []
    inside = 0
    known: dict[tuple[int, int], Proportion] = {}
    for place, success in enumerate(successes):
        inside += bool(success)
        if place >= window:
            inside -= bool(successes[place - window])
        key = inside, min(place + 1, window)
        if key not in known:
            known[key] = wilson(*key, level)
        points.append(CurvePoint(place + 1, known[key]))
    return tuple(points)
