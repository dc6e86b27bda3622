"""Charts as values: what is shown, in which words. `drawing` draws them; nothing here needs a library.

Every chart says in its `alt` what it shows, for those who do not see it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

from fluoro_annotator.errors import ReportError
from fluoro_annotator.statistics import CurvePoint, CusumChart, Proportion


@dataclass(frozen=True, slots=True)
class RateCurve:
    """A rate that changes from case to case, with its interval, and perhaps the rate that is wanted.

    Attributes
    ----------
    title : str
        What it shows.
    points : tuple of CurvePoint
        In the order of the cases.
    wanted : float or None
        A line to compare with, 0 to 1.
    wanted_label : str
        What this line is.
    x_label : str
        What is counted along the axis.

    """

    title: str
    points: tuple[CurvePoint, ...]
    wanted: float | None = None
    wanted_label: str = ""
    x_label: str = "Answer"

    def __post_init__(self) -> None:
        _check_title(self.title)
        _check_share(self.title, self.wanted)

    @property
    def alt(self) -> str:
        """The chart in words."""
        if not self.points:
            return f"{self.title}: no answers yet."
        first, last = self.points[0], self.points[-1]
        low = min((one.proportion.rate or 0.0) for one in self.points)
        line = "" if self.wanted is None else f" The line at {percent(self.wanted)} is: {self.wanted_label}."
        return (
            f"{self.title}: from {self.x_label.lower()} {first.case} to {last.case}; the last value is "
            f"{last.proportion.text}, the lowest {percent(low)}.{line}"
        )


@dataclass(frozen=True, slots=True)
class ControlChart:
    """A CUSUM chart with both of its boundaries.

    Attributes
    ----------
    title : str
        What it shows.
    chart : CusumChart
        The curve, with the plan it is judged by.
    lower_label, upper_label : str
        What reaching a boundary means.

    """

    title: str
    chart: CusumChart
    lower_label: str = "lower boundary: failures are not more frequent than acceptable"
    upper_label: str = "upper boundary: failures are as frequent as is unacceptable"
    x_label: str = "Answer"

    def __post_init__(self) -> None:
        _check_title(self.title)

    @property
    def parameters(self) -> str:
        """Rates, risks, step and boundaries in words."""
        plan = self.chart.plan
        return (
            f"acceptable failure rate {percent(plan.p0)}, unacceptable {percent(plan.p1)}, risks {percent(plan.alpha)} "
            f"and {percent(plan.beta)}; a success takes the curve down by {plan.step:.3f}, a failure up by "
            f"{1 - plan.step:.3f}; boundaries {plan.lower:.2f} and {plan.upper:.2f}"
        ).replace("-", "\N{MINUS SIGN}")

    @property
    def alt(self) -> str:
        """The chart in words."""
        if not self.chart.curve:
            return f"{self.title}: no answers yet; {self.parameters}."
        crossed = [
            f"reached its {name} boundary first at {self.x_label.lower()} {at}"
            for name, at in (("lower", self.chart.lower_at), ("upper", self.chart.upper_at))
            if at is not None
        ]
        state = " and ".join(crossed) or "has reached neither boundary"
        last = f"{self.chart.curve[-1]:.2f}".replace("-", "\N{MINUS SIGN}")
        return f"{self.title}: the curve ends at {last} and {state}; {self.parameters}."


@dataclass(frozen=True, slots=True)
class RateBars:
    """Rates of several groups with their intervals, each with how often of how many.

    Attributes
    ----------
    title : str
        What it shows.
    rows : tuple of (str, Proportion)
        Name and rate of each group, the first on top.
    wanted : float or None
        A line to compare with, 0 to 1.
    wanted_label : str
        What this line is.
    x_label : str
        What the rates are of.

    """

    title: str
    rows: tuple[tuple[str, Proportion], ...]
    wanted: float | None = None
    wanted_label: str = ""
    x_label: str = "on target"

    def __post_init__(self) -> None:
        _check_title(self.title)
        _check_share(self.title, self.wanted)

    @property
    def alt(self) -> str:
        """The chart in words."""
        if not self.rows:
            return f"{self.title}: no answers yet."
        return f"{self.title}: {'; '.join(f'{name}, {rate.text}' for name, rate in self.rows)}."


Chart = RateCurve | ControlChart | RateBars

MOST_POINTS: Final = 600
"""More points than this would lie closer than a screen can show."""


def thinned_curve(points: tuple[CurvePoint, ...]) -> tuple[CurvePoint, ...]:
    """Return at most about `MOST_POINTS` points, evenly spaced, with the first and the last."""
    step = math.ceil(len(points) / MOST_POINTS)
    if step <= 1:
        return points
    kept = points[step - 1 :: step]
    return kept if kept[-1] is points[-1] else (*kept, points[-1])


def thinned_values(values: tuple[float, ...]) -> tuple[tuple[int, float], ...]:
    """Return numbers of cases, from 1, and their values: the least and the largest of neighbours where there are many.

    So a boundary that is crossed in the data is crossed in the picture, too.
    """
    numbered = tuple(enumerate(values, start=1))
    step = math.ceil(len(numbered) * 2 / MOST_POINTS)
    if step <= 2:  # noqa: PLR2004 - of two neighbours both are kept
        return numbered
    kept: list[tuple[int, float]] = []
    for start in range(0, len(numbered), step):
        run = numbered[start : start + step]
        ends = {min(run, key=lambda one: one[1]), max(run, key=lambda one: one[1])}
        kept.extend(sorted(ends))
    return tuple(kept) if kept[-1] == numbered[-1] else (*kept, numbered[-1])


def percent(share: float) -> str:
    """Return a share as per cent, for example "80 %"."""
    return f"{share * 100:.0f} %"


def _check_title(title: str) -> None:
    if not title.strip():
        raise ReportError("chart", "has no title", "Say what it shows.")


def _check_share(title: str, share: float | None) -> None:
    if share is not None and not 0 <= share <= 1:
        raise ReportError(f"chart {title}", f"compares with {share}, which is no share", "Use 0 to 1.")
