"""How well stated chances agree with what happened."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from fluoro_annotator.errors import StatisticsError
from fluoro_annotator.statistics.proportions import LEVEL, Proportion, wilson


@dataclass(frozen=True, slots=True)
class ReliabilityRow:
    """All cases of which the same chance was stated.

    Attributes
    ----------
    stated : float
        The chance, 0 to 1.
    observed : Proportion
        How often it came true, with an interval.

    """

    stated: float
    observed: Proportion


@dataclass(frozen=True, slots=True)
class Reliability:
    """Brier score of stated chances and its parts.

    Attributes
    ----------
    rows : tuple of ReliabilityRow
        By stated chance, the lowest first.
    trials : int
        Number of cases.
    brier : float
        Mean squared difference of chance and outcome: 0 is best, 0.25 is had by always saying one half.
    reliability : float
        How far stated chances and observed rates lie apart; 0 is best.
    resolution : float
        How far observed rates differ between stated chances; more is better.
    uncertainty : float
        What the difficulty of the cases alone makes.

    """

    rows: tuple[ReliabilityRow, ...]
    trials: int
    brier: float
    reliability: float
    resolution: float
    uncertainty: float


def reliability(cases: Iterable[tuple[float, bool]], level: float = LEVEL) -> Reliability:
    """Return the table of reliability and the Brier score with its parts.

    Cases are grouped by the very chance that was stated; nothing is put into bins. So the score is exactly
    ``reliability - resolution + uncertainty``.

    Parameters
    ----------
    cases : iterable of (float, bool)
        The stated chance, 0 to 1, and whether it came true.
    level : float
        Confidence level of the intervals (Wilson).

    Raises
    ------
    StatisticsError
        If there are no cases, or a chance does not lie between 0 and 1.

    Notes
    -----
    Brier GW. Mon Weather Rev 1950;78:1-3 (here for one of two outcomes, so half of his score); parts by
    Murphy AH. J Appl Meteorol 1973;12:595-600.

    """
    listed = [(float(stated), bool(true)) for stated, true in cases]
    if not listed:
        raise StatisticsError("table of reliability", "has no cases", "Wait for answers with a confidence.")
    if not all(0 <= stated <= 1 for stated, _ in listed):
        raise StatisticsError("table of reliability", "holds a chance that is not between 0 and 1")
    total = len(listed)
    asked = Counter(stated for stated, _ in listed)
    came = Counter(stated for stated, true in listed if true)
    base = sum(came.values()) / total
    rates = {stated: came[stated] / count for stated, count in asked.items()}
    return Reliability(
        rows=tuple(ReliabilityRow(key, wilson(came[key], asked[key], level)) for key in sorted(asked)),
        trials=total,
        brier=math.fsum((stated - true) ** 2 for stated, true in listed) / total,
        reliability=math.fsum(asked[key] * (key - rate) ** 2 for key, rate in rates.items()) / total,
        resolution=math.fsum(asked[key] * (rate - base) ** 2 for key, rate in rates.items()) / total,
        uncertainty=base * (1 - base),
    )
