"""Frozen values of a protocol: views, landmarks, constructions, bands, safety lines, rubric.

Every statement carries a `Backing`: what it rests on, how far it is trusted, and the keys of its
sources.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from fluoro_annotator.anatomy import Confidence
from fluoro_annotator.errors import ProtocolError
from fluoro_annotator.protocols.fields import (
    check_different,
    check_interval,
    check_member,
    check_name,
    check_number,
    check_text,
)
from fluoro_annotator.protocols.words import (
    LANDMARKS_OF,
    UNIT_OF,
    Answers,
    Basis,
    ConstructionKind,
    EventName,
    Measure,
    Sense,
    Severity,
    TipSide,
    Unit,
    Use,
    ViewFamily,
)

HALF_TURN: Final = 180.0
LIMITS: Final = {Unit.FRACTION: (-1.0, 2.0), Unit.MM: (0.0, 200.0), Unit.DEGREES: (-HALF_TURN, HALF_TURN)}
"""Between which numbers a band of each unit can lie at all; a fraction may point past an end."""
GAUGES: Final = (10, 30)
LENGTHS_MM: Final = (1.0, 100.0)


@dataclass(frozen=True, slots=True)
class Backing:
    """What a statement rests on.

    Parameters
    ----------
    basis : Basis
        Read in a source, taught, or a default of this program.
    confidence : Confidence
        How far it is trusted.
    sources : tuple of str
        Keys of the sources; only an engineering default may have none.

    """

    basis: Basis
    confidence: Confidence
    sources: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        check_member("backing", Basis, basis=self.basis)
        check_member("backing", Confidence, confidence=self.confidence)
        check_different("backing", "the source", self.sources)
        if not self.sources and self.basis is not Basis.ENGINEERING:
            raise ProtocolError(
                "backing", "it names no source", "Name one, or say that it is an engineering default."
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class ViewSpec:
    """A view and what makes it a true one.

    Parameters
    ----------
    id : str
        For example ``"AP_TRUE"``.
    title, setup : str
        Name for the screen, and how the C-arm is set up.
    family : ViewFamily
        The kind that a header can tell.
    sided : bool
        Whether the C-arm is turned towards the side of the target.
    oblique_deg : tuple of (float, float) or None
        Usual turn off the sagittal plane in degrees, without a side; None if it is not stated.
    tilt_deg : tuple of (float, float) or None
        Usual tilt in degrees, positive towards the head; None if anatomy alone decides.
    criteria : tuple of str
        What has to be seen in a true view.
    required : bool
        Whether the protocol asks for a stored image of it.
    backing : Backing
        What this rests on.

    """

    id: str
    title: str
    setup: str
    family: ViewFamily
    sided: bool
    oblique_deg: tuple[float, float] | None
    tilt_deg: tuple[float, float] | None
    criteria: tuple[str, ...]
    required: bool
    backing: Backing

    def __post_init__(self) -> None:
        subject = f"view {self.id}"
        check_name(subject, id=self.id)
        check_text(subject, title=self.title, setup=self.setup)
        check_member(subject, ViewFamily, family=self.family)
        if self.oblique_deg is not None:
            check_interval(subject, "oblique_deg", self.oblique_deg, 0.0, HALF_TURN)
        if self.tilt_deg is not None:
            check_interval(subject, "tilt_deg", self.tilt_deg, -90.0, 90.0)
        for criterion in self.criteria:
            check_text(subject, criterion=criterion)


@dataclass(frozen=True, slots=True)
class Landmark:
    """A bony point that constructions and safety lines are made from.

    Parameters
    ----------
    id : str
        For example ``"mamillo_accessory_notch"``.
    title : str
        What to press on, as words for the screen.

    """

    id: str
    title: str

    def __post_init__(self) -> None:
        check_name(f"landmark {self.id}", id=self.id)
        check_text(f"landmark {self.id}", title=self.title)


@dataclass(frozen=True, slots=True, kw_only=True)
class Construction:
    """A figure that follows from landmarks.

    Parameters
    ----------
    id, title : str
        Identifier, and name for the screen.
    kind : ConstructionKind
        How it follows.
    view : str
        View in which the landmarks are placed.
    landmarks : tuple of str
        Identifiers of the landmarks, in the order that the kind asks for.
    fractions : tuple of float
        For ``fractions`` alone: where the points lie, 0 at the first landmark and 1 at the second.
    backing : Backing
        What this rests on.

    """

    id: str
    title: str
    kind: ConstructionKind
    view: str
    landmarks: tuple[str, ...]
    fractions: tuple[float, ...]
    backing: Backing

    def __post_init__(self) -> None:
        subject = f"construction {self.id}"
        check_name(subject, id=self.id)
        check_text(subject, title=self.title)
        check_member(subject, ConstructionKind, kind=self.kind)
        check_different(subject, "the landmark", self.landmarks)
        least, most = LANDMARKS_OF[self.kind]
        if not least <= len(self.landmarks) <= most:
            wanted = f"{least}" if least == most else f"{least} to {most}"
            raise ProtocolError(
                subject, f"it names {len(self.landmarks)} landmarks", f"A {self.kind} is made from {wanted}."
            )
        if bool(self.fractions) != (self.kind is ConstructionKind.FRACTIONS):
            raise ProtocolError(
                subject, "its fractions do not go with its kind", "Only the kind fractions has them."
            )
        check_number(subject, -1.0, 2.0, **{f"fraction {value}": value for value in self.fractions})


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


@dataclass(frozen=True, slots=True, kw_only=True)
class SafetyLine:
    """A line that the tip must not cross.

    Parameters
    ----------
    id, title : str
        Identifier, and name for the screen.
    view : str
        View in which it is drawn.
    rule : str
        What is demanded of the tip.
    tip : TipSide
        On which side the tip has to be.
    landmarks : tuple of str
        Landmarks whose positions, in this order, make the line; empty if it is drawn freehand.
    backing : Backing
        What this rests on.

    """

    id: str
    title: str
    view: str
    rule: str
    tip: TipSide
    landmarks: tuple[str, ...]
    backing: Backing

    def __post_init__(self) -> None:
        subject = f"safety line {self.id}"
        check_name(subject, id=self.id)
        check_text(subject, title=self.title, rule=self.rule)
        check_member(subject, TipSide, tip=self.tip)
        check_different(subject, "the landmark", self.landmarks)
        if len(self.landmarks) == 1:
            raise ProtocolError(subject, "it has one landmark", "Name at least two, or none if it is drawn.")


@dataclass(frozen=True, slots=True)
class Event:
    """Something to look for while contrast is injected or a needle settles.

    Parameters
    ----------
    name : EventName
        What it is.
    sense : Sense
        Whether it is hoped for.
    look : str
        How it looks.
    backing : Backing
        What this rests on.

    """

    name: EventName
    sense: Sense
    look: str
    backing: Backing

    def __post_init__(self) -> None:
        check_member("event", EventName, name=self.name)
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
