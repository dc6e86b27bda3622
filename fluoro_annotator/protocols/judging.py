"""Frozen values of a protocol that judge or remind: bands, events, faults, rubric, notes, needles."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from fluoro_annotator.errors import ProtocolError
from fluoro_annotator.protocols.fields import (
    check_different,
    check_interval,
    check_member,
    check_name,
    check_number,
    check_text,
)
from fluoro_annotator.protocols.values import HALF_TURN, Backing
from fluoro_annotator.protocols.words import (
    UNIT_OF,
    Answers,
    Basis,
    EventKind,
    Measure,
    Sense,
    Severity,
    Unit,
    Use,
)

LIMITS: Final = {Unit.FRACTION: (-1.0, 2.0), Unit.MM: (0.0, 200.0), Unit.DEGREES: (-HALF_TURN, HALF_TURN)}
"""Between which numbers a band of each unit can lie at all; a fraction may point past an end."""
GAUGES: Final = (10, 30)
LENGTHS_MM: Final = (1.0, 100.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Band:
    """Where a measure is accepted, or is usually found.

    Parameters
    ----------
    id, title : str
        Identifier, and name for the screen.
    measure : Measure
        What is measured.
    unit : Unit
        In which unit.
    view : str
        In which view.
    good : tuple of (float, float)
        The band itself.
    marginal : tuple of (float, float) or None
        A wider band around it, where there is one.
    axis : str
        Identifier of the construction along which a fraction is measured; otherwise ``""``.
    use : Use
        Whether a value outside is worth a remark.
    validated : bool
        Whether the band has been shown to tell good from bad placement. None that comes with the
        package has.
    note : str
        What a reader has to know; may be empty.
    backing : Backing
        What this rests on.

    """

    id: str
    title: str
    measure: Measure
    unit: Unit
    view: str
    good: tuple[float, float]
    marginal: tuple[float, float] | None
    axis: str
    use: Use
    validated: bool
    note: str
    backing: Backing

    def __post_init__(self) -> None:
        subject = f"band {self.id}"
        check_name(subject, id=self.id)
        check_text(subject, title=self.title)
        check_member(subject, Measure, measure=self.measure)
        check_member(subject, Unit, unit=self.unit)
        check_member(subject, Use, use=self.use)
        self._check_ends(subject)
        if self.unit is not UNIT_OF[self.measure]:
            raise ProtocolError(
                subject, f"its unit is {self.unit}", f"{self.measure} is given in {UNIT_OF[self.measure]}."
            )
        if bool(self.axis) != (self.measure is Measure.FRACTION_ALONG):
            raise ProtocolError(
                subject,
                "its axis does not go with its measure",
                "Only fraction_along has an axis, and needs it.",
            )
        if self.validated and self.backing.basis is not Basis.PUBLISHED:
            raise ProtocolError(
                subject, "it is called validated without a publication", "Name it, or leave validated out."
            )

    def _check_ends(self, subject: str) -> None:
        check_interval(subject, "good", self.good, *LIMITS[self.unit])
        if self.marginal is None:
            return
        check_interval(subject, "marginal", self.marginal, *LIMITS[self.unit])
        if self.marginal[0] > self.good[0] or self.marginal[1] < self.good[1]:
            raise ProtocolError(
                subject, "its marginal band does not hold its good one", "Widen the marginal band."
            )


@dataclass(frozen=True, slots=True)
class Event:
    """Something to look for while contrast is injected or a needle settles.

    Parameters
    ----------
    name : EventKind
        What it is.
    sense : Sense
        Whether it is hoped for.
    look : str
        How it looks.
    backing : Backing
        What this rests on.

    """

    name: EventKind
    sense: Sense
    look: str
    backing: Backing

    def __post_init__(self) -> None:
        check_member("event", EventKind, name=self.name)
        check_member(f"event {self.name}", Sense, sense=self.sense)
        check_text(f"event {self.name}", look=self.look)


@dataclass(frozen=True, slots=True)
class Fault:
    """An error with a code, as reviewers note it.

    Parameters
    ----------
    code : str
        For example ``"TOO_VENTRAL"``.
    severity : Severity
        A default that a site may change.
    meaning : str
        In words.

    """

    code: str
    severity: Severity
    meaning: str

    def __post_init__(self) -> None:
        check_name(f"fault {self.code}", code=self.code)
        check_member(f"fault {self.code}", Severity, severity=self.severity)
        check_text(f"fault {self.code}", meaning=self.meaning)


@dataclass(frozen=True, slots=True, kw_only=True)
class RubricItem:
    """One question of a review.

    Parameters
    ----------
    id, question : str
        Identifier, and the question.
    answers : Answers
        How it is answered.
    faults : tuple of str
        Codes that an unfavourable answer may carry.
    severity : Severity
        How serious an unfavourable answer is; a default that a site may change.
    backing : Backing
        What this rests on.

    """

    id: str
    question: str
    answers: Answers
    faults: tuple[str, ...]
    severity: Severity
    backing: Backing

    def __post_init__(self) -> None:
        subject = f"rubric item {self.id}"
        check_name(subject, id=self.id)
        check_text(subject, question=self.question)
        check_member(subject, Answers, answers=self.answers)
        check_member(subject, Severity, severity=self.severity)
        check_different(subject, "the fault", self.faults)


@dataclass(frozen=True, slots=True)
class Note:
    """A caution or fact to be shown with the protocol.

    Parameters
    ----------
    text : str
        As one or two sentences.
    backing : Backing
        What this rests on.

    """

    text: str
    backing: Backing

    def __post_init__(self) -> None:
        check_text("note", text=self.text)


@dataclass(frozen=True, slots=True)
class NeedleDefaults:
    """What is offered first when a needle is described; not a recommendation.

    Parameters
    ----------
    gauges : tuple of int
        Birmingham gauges, the first one preselected.
    active_tips_mm : tuple of float
        Lengths of the uninsulated tip in mm; empty for blocks.
    backing : Backing
        What this rests on.

    """

    gauges: tuple[int, ...]
    active_tips_mm: tuple[float, ...]
    backing: Backing

    def __post_init__(self) -> None:
        subject = "needle defaults"
        check_different(subject, "the gauge", self.gauges)
        check_different(subject, "the active tip", self.active_tips_mm)
        for gauge in self.gauges:
            if isinstance(gauge, bool) or not isinstance(gauge, int):
                raise ProtocolError(subject, f"a gauge is {gauge!r:.60}", "Use whole numbers.")
            check_number(subject, *GAUGES, gauge=gauge)
        for length in self.active_tips_mm:
            check_number(subject, *LENGTHS_MM, active_tip_mm=length)
