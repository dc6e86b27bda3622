"""Rates with their denominator and an interval."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from statistics import NormalDist
from typing import Final

from fluoro_annotator.errors import StatisticsError

LEVEL: Final = 0.95
"""Confidence level of intervals where none is asked for."""

HALVINGS: Final = 60
"""Steps in which a limit is found between 0 and 1; the last one is smaller than a double can tell."""


@dataclass(frozen=True, slots=True)
class Proportion:
    """A count out of a number of trials, with an interval for the rate behind it.

    Parameters
    ----------
    count, trials : int
        How often, of how many; `trials` may be 0.
    low, high : float
        Interval; 0 to 1 if there were no trials.
    level : float
        Confidence level of the interval.
    method : str
        How the interval was made.

    """

    count: int
    trials: int
    low: float
    high: float
    level: float
    method: str

    @property
    def rate(self) -> float | None:
        """The share, None without trials."""
        return self.count / self.trials if self.trials else None

    @property
    def text(self) -> str:
        """For example ``"8 of 10, 80 % (49 to 94 %)"``."""
        if self.rate is None:
            return "0 of 0"
        head = f"{self.count} of {self.trials}, {self.rate:.0%}".replace("%", " %")
        return f"{head} ({self.low * 100:.0f} to {self.high * 100:.0f} %)"


def wilson(count: int, trials: int, level: float = LEVEL) -> Proportion:
    """Return a proportion with Wilson's score interval, without continuity correction.

    Parameters
    ----------
    count, trials : int
        How often, of how many.
    level : float
        Confidence level, between 0 and 1.

    Raises
    ------
    StatisticsError
        If the numbers do not go together.

    Notes
    -----
    With z the normal quantile and p = count / n, the limits are
    ``(p + z²/2n ± z √(p(1-p)/n + z²/4n²)) / (1 + z²/n)`` (Wilson EB. J Am Stat Assoc 1927;22:209-12;
    method 3 of Newcombe RG. Stat Med 1998;17:857-72).

    Examples
    --------
    >>> wilson(8, 10).text
    '8 of 10, 80 % (49 to 94 %)'

    """
    check_counts(count, trials)
    z = quantile(level)
    if trials == 0:
        return Proportion(0, 0, 0.0, 1.0, level, "Wilson score")
    rate, share = count / trials, z * z / trials
    middle = rate + share / 2
    half = z * math.sqrt(rate * (1 - rate) / trials + share / (4 * trials))
    low = 0.0 if count == 0 else (middle - half) / (1 + share)
    high = 1.0 if count == trials else (middle + half) / (1 + share)
    return Proportion(count, trials, low, high, level, "Wilson score")


def clopper_pearson(count: int, trials: int, level: float = LEVEL) -> Proportion:
    """Return a proportion with the exact interval of Clopper and Pearson, which covers at least `level`.

    Parameters
    ----------
    count, trials : int
        How often, of how many.
    level : float
        Confidence level, between 0 and 1.

    Raises
    ------
    StatisticsError
        If the numbers do not go together.

    Notes
    -----
    The limits are the rates at which a tail of the binomial distribution that begins with `count`
    has half of ``1 - level`` (Clopper CJ, Pearson ES. Biometrika 1934;26:404-13).

    """
    check_counts(count, trials)
    check_level(level)
    tail = (1 - level) / 2
    low = _rate_where(lambda p: binomial_tail(count, trials, p) >= tail) if count else 0.0
    high = _rate_where(lambda p: 1 - binomial_tail(count + 1, trials, p) < tail) if count < trials else 1.0
    return Proportion(count, trials, low, high, level, "Clopper-Pearson, exact")


def binomial_tail(least: int, trials: int, rate: float) -> float:
    """Return the probability of at least `least` successes in independent trials.

    Summed from the logarithms of its terms, so that many trials do not overflow.
    """
    if least <= 0:
        return 1.0
    if rate <= 0 or least > trials:
        return 0.0
    if rate >= 1:
        return 1.0
    return min(1.0, math.fsum(binomial_chance(k, trials, rate) for k in range(least, trials + 1)))


def binomial_chance(count: int, trials: int, rate: float) -> float:
    """Return the probability of exactly `count` successes in independent trials; the rate lies between 0 and 1."""
    ways = math.lgamma(trials + 1) - math.lgamma(count + 1) - math.lgamma(trials - count + 1)
    return math.exp(ways + count * math.log(rate) + (trials - count) * math.log1p(-rate))


def _rate_where(holds: Callable[[float], bool]) -> float:
    """Return from which rate on a condition holds that does not hold below."""
    low, high = 0.0, 1.0
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        low, high = (low, middle) if holds(middle) else (middle, high)
    return (low + high) / 2


def quantile(level: float) -> float:
    """Return the normal quantile of a two-sided interval, 1.96 for 0.95.

    Raises
    ------
    StatisticsError
        If the level does not lie between 0 and 1.

    """
    check_level(level)
    return NormalDist().inv_cdf((1 + level) / 2)


def check_level(level: float) -> None:
    """Refuse a confidence level that does not lie between 0 and 1."""
    if not 0 < level < 1:
        raise StatisticsError(f"confidence level {level}", "does not lie between 0 and 1", "Use 0.95.")


def check_counts(count: int, trials: int) -> None:
    """Refuse counts that are no counts, or more than there were trials."""
    if any(isinstance(value, bool) or not isinstance(value, int) for value in (count, trials)):
        raise StatisticsError(f"{count!r} of {trials!r}", "are not two whole numbers", "Give counts.")
    if not 0 <= count <= trials:
        raise StatisticsError(f"{count} of {trials}", "is no part of a whole", "Count at most all trials.")
