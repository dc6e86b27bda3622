"""Medians with intervals, of numbers that may be compared with each other."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Final, Protocol

from fluoro_annotator.errors import MixedMeasuresError, StatisticsError
from fluoro_annotator.statistics.proportions import LEVEL, binomial_chance, check_level

NEGLIGIBLE: Final = 20
"""So many times the square root of n below n / 2, forty standard deviations, a binomial chance is nil to a double."""


class Measured(Protocol):
    """What is needed of a measure; `fluoro_annotator.geometry.Quantity` is one."""

    @property
    def value(self) -> float: ...  # noqa: D102 - the names say it
    @property
    def unit(self) -> str: ...  # noqa: D102 - the names say it
    @property
    def calibration(self) -> str | None: ...  # noqa: D102 - the names say it


@dataclass(frozen=True, slots=True)
class Median:
    """A median with an interval that asks nothing of the distribution.

    Attributes
    ----------
    value : float
        The median.
    trials : int
        How many numbers it is of.
    low, high : float or None
        Interval from two of the numbers; None if there are too few for the level.
    level : float
        Level that was asked for.
    coverage : float or None
        Level that the interval has, at least the one that was asked for.
    unit : str
        Unit of the numbers; empty if they have none.
    scales : tuple of str
        Sources of the scales of all numbers, in words, each once; empty for uncalibrated ones.

    """

    value: float
    trials: int
    low: float | None
    high: float | None
    level: float
    coverage: float | None
    unit: str = ""
    scales: tuple[str, ...] = ()


def median_with_interval(values: Iterable[float], level: float = LEVEL) -> Median:
    """Return the median of numbers, with an interval from order statistics.

    Parameters
    ----------
    values : iterable of float
        Finite numbers, at least one.
    level : float
        Confidence level; for 0.95 at least six numbers are needed.

    Raises
    ------
    StatisticsError
        If there are none, or one is not finite.

    Notes
    -----
    From the r-th smallest to the r-th largest of n numbers the interval covers the median with probability
    ``1 - 2 P(B < r)``, B binomial with n trials of chance 1/2; the largest r that suffices is
    taken (Thompson WR. Ann Math Stat 1936;7:122-8). It holds for any continuous distribution.

    Examples
    --------
    >>> found = median_with_interval(range(1, 11))
    >>> found.value, found.low, found.high, round(found.coverage, 4)
    (5.5, 2.0, 9.0, 0.9785)

    """
    check_level(level)
    ordered = sorted(float(value) for value in values)
    if not ordered:
        raise StatisticsError("median", "is of no numbers", "Wait for answers.")
    if not all(map(math.isfinite, ordered)):
        raise StatisticsError("median", "is of a number that is not finite")
    trials = len(ordered)
    rank, coverage = _rank(trials, level)
    if rank == 0:
        return Median(median(ordered), trials, None, None, level, None)
    return Median(median(ordered), trials, ordered[rank - 1], ordered[trials - rank], level, coverage)


def median_of(measures: Iterable[Measured], level: float = LEVEL) -> Median:
    """Return the median of measures that may be put together: one unit, and all with a scale or all without.

    Lengths in pixels of different images are one unit only if the images are alike; that is for the caller
    to know. The intervals of the single measures are not used.

    Parameters
    ----------
    measures : iterable of Measured
        For example quantities of the geometry room.
    level : float
        Confidence level.

    Raises
    ------
    MixedMeasuresError
        If units differ, or some measures are calibrated and others are not.
    StatisticsError
        As of `median_with_interval`.

    """
    listed: Sequence[Measured] = tuple(measures)
    units = {str(one.unit) for one in listed}
    scaled = [one.calibration for one in listed if one.calibration is not None]
    if len(units) > 1 or len(scaled) not in {0, len(listed)}:
        raise MixedMeasuresError(
            "median",
            f"mixes {len(scaled)} calibrated measures and {len(listed) - len(scaled)} that are not, "
            f"in {' and '.join(sorted(units))}",
            "Give the two kinds apart, each with its number.",
        )
    found = median_with_interval((one.value for one in listed), level)
    return Median(
        found.value,
        found.trials,
        found.low,
        found.high,
        level,
        found.coverage,
        units.pop(),
        tuple(dict.fromkeys(scaled)),
    )


def _rank(trials: int, level: float) -> tuple[int, float]:
    """Return the largest r whose interval suffices and its coverage, 0 and 0 if none does."""
    best, outside = (0, 0.0), 0.0
    far = trials // 2 - math.isqrt(trials) * NEGLIGIBLE
    for rank in range(max(1, far), trials // 2 + 1):
        outside += binomial_chance(rank - 1, trials, 0.5)
        if 1 - 2 * outside < level:
            break
        best = rank, 1 - 2 * outside
    return best
