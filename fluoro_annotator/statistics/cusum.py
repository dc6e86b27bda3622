"""CUSUM chart of a learning curve: whether failures come at an acceptable or an unacceptable rate."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from fluoro_annotator.errors import StatisticsError

REFERENCE: Final = (
    "cumulative sum as used by Bolsin and Colson and by de Oliveira Filho; general knowledge, the publications "
    "were not read"
)
"""Where the formula is taken from, and how far that was checked."""


@dataclass(frozen=True, slots=True)
class CusumPlan:
    """What a chart is judged by, fixed before the first case.

    Parameters
    ----------
    p0, p1 : float
        Acceptable and unacceptable rate of failure, ``0 < p0 < p1 < 1``.
    alpha, beta : float
        Risk of calling an acceptable rate unacceptable, and the reverse; ``alpha + beta < 1``.

    Attributes
    ----------
    step : float
        s: how far a success takes the curve down; a failure takes it up by ``1 - s``.
    lower, upper : float
        Boundaries ``-h0`` and ``h1``.

    Raises
    ------
    StatisticsError
        If the numbers do not go together.

    Notes
    -----
    ``P = ln(p1/p0)``, ``Q = ln((1-p0)/(1-p1))``, ``s = Q/(P+Q)``; ``h0 = ln((1-alpha)/beta)/(P+Q)`` and
    ``h1 = ln((1-beta)/alpha)/(P+Q)`` (`REFERENCE`). Multiplied by P + Q the curve is the logarithm of the ratio of
    the likelihoods of p1 and p0, so that the boundaries are those of Wald's sequential probability
    ratio test (Wald A. Ann Math Stat 1945;16:117-86).

    Examples
    --------
    >>> plan = CusumPlan(0.10, 0.20)
    >>> round(plan.step, 3), round(plan.upper, 2)
    (0.145, 2.71)

    """

    p0: float
    p1: float
    alpha: float = 0.1
    beta: float = 0.1
    step: float = field(init=False)
    lower: float = field(init=False)
    upper: float = field(init=False)

    def __post_init__(self) -> None:
        if not 0 < self.p0 < self.p1 < 1:
            raise StatisticsError(
                f"CUSUM with rates {self.p0} and {self.p1}",
                "has no acceptable rate below an unacceptable one",
                "Choose 0 < p0 < p1 < 1.",
            )
        if not (self.alpha > 0 and self.beta > 0 and self.alpha + self.beta < 1):
            raise StatisticsError(
                f"CUSUM with risks {self.alpha} and {self.beta}", "cannot be drawn", "Choose 0.1 for both."
            )
        first, second = math.log(self.p1 / self.p0), math.log((1 - self.p0) / (1 - self.p1))
        both = first + second
        object.__setattr__(self, "step", second / both)
        object.__setattr__(self, "lower", -math.log((1 - self.alpha) / self.beta) / both)
        object.__setattr__(self, "upper", math.log((1 - self.beta) / self.alpha) / both)


@dataclass(frozen=True, slots=True)
class CusumChart:
    """A curve and where it crossed its boundaries first.

    Attributes
    ----------
    plan : CusumPlan
        What it is judged by.
    curve : tuple of float
        Value after each case. It begins at 0 and is never set back.
    lower_at, upper_at : int or None
        Number of the case, from 1, at which it first reached the lower boundary (failures are not more frequent
        than acceptable) or the upper one (they are as frequent as is unacceptable).

    """

    plan: CusumPlan
    curve: tuple[float, ...]
    lower_at: int | None
    upper_at: int | None


def cusum(successes: Iterable[bool], plan: CusumPlan) -> CusumChart:
    """Return the chart of a series of cases.

    Parameters
    ----------
    successes : iterable of bool
        Whether each case succeeded, in the order of time.
    plan : CusumPlan
        Rates and risks.

    """
    ups = downs = 0
    curve = []
    for success in successes:
        ups, downs = ups + (not success), downs + bool(success)
        curve.append(ups * (1 - plan.step) - downs * plan.step)
    lower = next((place for place, value in enumerate(curve, 1) if value <= plan.lower), None)
    upper = next((place for place, value in enumerate(curve, 1) if value >= plan.upper), None)
    return CusumChart(plan, tuple(curve), lower, upper)
