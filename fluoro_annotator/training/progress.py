"""What many scores say together: rates, medians, a control chart, and whether a proposed pass mark is met.

Outcomes are counted, distances are put together only where they may be, and nothing is averaged over both.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Protocol, TypeVar

from fluoro_annotator.errors import TrainingError
from fluoro_annotator.marks import MarkConfidence
from fluoro_annotator.protocols import Protocol as Procedure
from fluoro_annotator.statistics import (
    CurvePoint,
    CusumChart,
    CusumPlan,
    Measured,
    Median,
    Proportion,
    Reliability,
    cusum,
    median_of,
    moving_rate,
    reliability,
    wilson,
)
from fluoro_annotator.training.outcomes import Outcome
from fluoro_annotator.training.scores import Score


class Scored(Protocol):
    """What is needed of a score; `Score` and `ScoredAnswer` both have it."""

    @property
    def outcome(self) -> Outcome: ...  # noqa: D102 - the names say it
    @property
    def success(self) -> bool | None: ...  # noqa: D102 - the names say it
    @property
    def critical(self) -> bool: ...  # noqa: D102 - the names say it
    @property
    def faults(self) -> tuple[str, ...]: ...  # noqa: D102 - the names say it
    @property
    def confidence(self) -> MarkConfidence | None: ...  # noqa: D102 - the names say it
    @property
    def distance(self) -> Measured | None: ...  # noqa: D102 - the names say it


Group = TypeVar("Group", bound=Hashable)
One = TypeVar("One", bound=Scored)

PROPOSED: Final = "engineering default, not validated; no published pass mark was found"
"""What the numbers of `PassRule` rest on."""


@dataclass(frozen=True, slots=True)
class PassRule:
    """What it takes to pass; a proposal, to be set by the site (`PROPOSED`).

    Parameters
    ----------
    last : int
        How many assessable answers are looked at, the latest.
    on_target : float
        Least share of them that is correct.
    cusum : CusumPlan
        Rates and risks of the chart over all answers, which has to reach its lower boundary.
    critical_allowed : int
        How many critical faults among the last answers are still accepted.
    standing : str
        What the numbers rest on, in words.

    Raises
    ------
    TrainingError
        If a number of answers cannot be met or the share does not lie between 0 and 1.

    """

    last: int = 40
    on_target: float = 0.8
    cusum: CusumPlan = field(default_factory=lambda: CusumPlan(0.20, 0.35))
    critical_allowed: int = 0
    standing: str = PROPOSED

    def __post_init__(self) -> None:
        if self.last < 1 or self.critical_allowed < 0 or not 0 < self.on_target <= 1:
            raise TrainingError(
                f"pass rule of {self.on_target} in the last {self.last}",
                "cannot be met",
                "Use 0.8 of the last 40.",
            )

    @classmethod
    def of(cls, protocol: Procedure) -> PassRule:
        """Return the rule of a protocol; the proposed one if the protocol has none."""
        said = protocol.pass_rule
        if said is None:
            return cls()
        chart = CusumPlan(said.p0, said.p1, said.alpha, said.beta)
        return cls(said.last, said.on_target, chart, said.critical_allowed, said.standing)

    @property
    def text(self) -> str:
        """The rule in words."""
        share = f"{self.on_target:.0%}".replace("%", " %")
        faults = "no" if self.critical_allowed == 0 else f"at most {self.critical_allowed}"
        critical = "critical fault" if self.critical_allowed == 1 else "critical faults"
        return (
            f"At least {share} on target in the last {self.last} answers that count, {faults} {critical} among them, "
            f"and the control chart at its lower boundary ({self.standing})."
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How a trainee does.

    Attributes
    ----------
    assessed, not_assessable : int
        How many answers count, and how many do not.
    on_target : Proportion
        Correct answers of all that count.
    latest : Proportion
        The same of the last ones that the rule looks at.
    critical : int
        Critical faults among these last ones.
    curve : tuple of CurvePoint
        Moving rate over as many answers as the rule looks at.
    chart : CusumChart
        Control chart over all answers that count.
    lacking : tuple of str
        What is lacking to pass, as sentences; nothing if the rule is met.

    """

    assessed: int
    not_assessable: int
    on_target: Proportion
    latest: Proportion
    critical: int
    curve: tuple[CurvePoint, ...]
    chart: CusumChart
    lacking: tuple[str, ...]

    @property
    def passed(self) -> bool:
        """Whether the rule is met; no more than the rule, which is not validated."""
        return not self.lacking


def progress(scores: Iterable[Scored], rule: PassRule | None = None) -> Progress:
    """Return how a trainee does.

    Parameters
    ----------
    scores : iterable of Score or ScoredAnswer
        In the order of time.
    rule : PassRule, optional
        The proposed one if none is given.

    """
    wanted = rule or PassRule()
    listed = tuple(scores)
    counted = [score for score in listed if score.success is not None]
    successes = [bool(score.success) for score in counted]
    last = counted[-wanted.last :]
    latest = wilson(sum(successes[-wanted.last :]), len(last))
    critical = sum(score.critical for score in last)
    chart = cusum(successes, wanted.cusum)
    return Progress(
        assessed=len(counted),
        not_assessable=len(listed) - len(counted),
        on_target=wilson(sum(successes), len(successes)),
        latest=latest,
        critical=critical,
        curve=moving_rate(successes, wanted.last),
        chart=chart,
        lacking=tuple(_lacking(wanted, latest, critical, chart)),
    )


def _lacking(rule: PassRule, latest: Proportion, critical: int, chart: CusumChart) -> Iterable[str]:
    if latest.trials < rule.last:
        yield f"{latest.trials} of {rule.last} answers that count."
    if (latest.rate or 0.0) < rule.on_target:
        yield f"{latest.text} on target; {rule.on_target * 100:.0f} % are asked for."
    if critical > rule.critical_allowed:
        faults = "critical fault" if critical == 1 else "critical faults"
        allowed = f"{rule.critical_allowed} are" if rule.critical_allowed > 1 else "one is"
        yield f"{critical} {faults} in the last {latest.trials}; {allowed if rule.critical_allowed else 'none is'} allowed."
    if chart.lower_at is None:
        yield "The control chart has not reached its lower boundary."


def rates(scores: Iterable[One], by: Callable[[One], Group]) -> dict[Group, Proportion]:
    """Return the rate of correct answers of each group, for example by nerve: ``lambda s: s.site.nerve``.

    What is not assessable counts in no group; each rate has its own denominator and Wilson interval.
    """
    found: dict[Group, list[bool]] = defaultdict(list)
    for score in scores:
        if score.success is not None:
            found[by(score)].append(score.success)
    return {group: wilson(sum(successes), len(successes)) for group, successes in found.items()}


def outcome_rates(scores: Iterable[Scored]) -> dict[Outcome, Proportion]:
    """Return how often each outcome was given, of all answers that count; not assessable ones of all answers."""
    listed = Counter(score.outcome for score in scores)
    every, counted = listed.total(), listed.total() - listed[Outcome.NOT_ASSESSABLE]
    return {
        outcome: wilson(listed[outcome], every if outcome is Outcome.NOT_ASSESSABLE else counted)
        for outcome in Outcome
    }


def fault_rates(scores: Iterable[Scored]) -> dict[str, Proportion]:
    """Return how often each fault was found, of all answers that count."""
    counted = [score.faults for score in scores if score.success is not None]
    found = Counter(code for faults in counted for code in faults)
    return {code: wilson(count, len(counted)) for code, count in found.items()}


def distances(scores: Iterable[Scored]) -> dict[str, Median]:
    """Return the median distance from the reference, of images with a scale in mm and of those without in pixels.

    Answers at the wrong level or side and those that are not assessable have no distance that means anything and are
    left out; each median says how many it is of.
    """
    lengths = [score.distance for score in scores]
    kinds: dict[str, list[Measured]] = {"mm": [], "px": []}
    for length in lengths:
        if length is not None:
            kinds[str(length.unit)].append(length)
    return {unit: median_of(quantities) for unit, quantities in kinds.items() if quantities}


def confidence_rates(scores: Iterable[Scored]) -> dict[MarkConfidence, Proportion]:
    """Return how often answers of each stated confidence are correct."""
    stated = [score for score in scores if score.confidence is not None]
    found = rates(stated, lambda score: score.confidence)
    return {word: found[word] for word in MarkConfidence if word in found}


def confidence_calibration(scores: Iterable[Scored], chances: Mapping[MarkConfidence, float]) -> Reliability:
    """Return the Brier score of stated confidence and its parts.

    Parameters
    ----------
    scores : iterable of Score or ScoredAnswer
        Those without a stated confidence or that count neither way are left out.
    chances : mapping of MarkConfidence to float
        Which chance of being correct each word stands for. Nobody has measured that, so there is no default.

    Raises
    ------
    StatisticsError
        If no score is left.
    TrainingError
        If a word that was used has no chance.

    """
    cases: list[tuple[float, bool]] = []
    for score in scores:
        if score.confidence is None or score.success is None:
            continue
        if score.confidence not in chances:
            raise TrainingError(
                f"confidence {score.confidence}",
                "has no chance that it stands for",
                "Give one for each word.",
            )
        cases.append((chances[score.confidence], score.success))
    return reliability(cases)


def outliers_reported(scores: Sequence[Score]) -> dict[str, int]:
    """Return for each expert how often a mark of his or hers was set aside as an outlier."""
    found: dict[str, int] = defaultdict(int)
    for score in scores:
        for outlier in score.zone.outliers if score.zone else ():
            found[outlier.reader] += 1
    return dict(found)
