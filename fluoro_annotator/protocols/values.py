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
    Basis,
    ConstructionKind,
    TipSide,
    ViewFamily,
)

HALF_TURN: Final = 180.0


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
