"""What else is marked on a frame: vertebrae, landmarks, events, and whether the view is a true one."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

from fluoro_annotator.anatomy import Anatomy, Side, Site
from fluoro_annotator.errors import MarkError
from fluoro_annotator.geometry import Point
from fluoro_annotator.marks.base import MarkKind, OnFrame
from fluoro_annotator.marks.fields import (
    checked_member,
    checked_members,
    checked_optional,
    checked_text,
)
from fluoro_annotator.protocols.words import EventKind


@dataclass(frozen=True, slots=True, kw_only=True)
class LevelLabel(OnFrame):
    """The name of a vertebra, placed on its image.

    Parameters
    ----------
    vertebra : str
        Identifier of the vertebra, for example "L4".
    position : Point
        ``(row, column)`` in pixels.

    """

    vertebra: str
    position: Point

    kind: ClassVar[MarkKind] = MarkKind.LEVEL_LABEL
    single_points: ClassVar[tuple[str, ...]] = ("position",)
    required: ClassVar[tuple[str, ...]] = ("vertebra",)

    def __post_init__(self) -> None:
        OnFrame.__post_init__(self)
        checked_text("level label", "vertebra", self.vertebra)

    def label(self, anatomy: Anatomy) -> str:
        """Return the text shown beside the mark, for example "L4"."""
        return anatomy.vertebra(self.vertebra).name


@dataclass(frozen=True, slots=True, kw_only=True)
class Landmark(OnFrame):
    """A point of a bone that a protocol's construction starts from.

    Parameters
    ----------
    name : str
        What it is called in the protocol, for example "sap_apex".
    vertebra : str
        Identifier of the vertebra.
    side : Side or None
        Side of the patient; None where the landmark has none.
    position : Point
        ``(row, column)`` in pixels.

    """

    name: str
    vertebra: str
    position: Point
    side: Side | None = None

    kind: ClassVar[MarkKind] = MarkKind.LANDMARK
    single_points: ClassVar[tuple[str, ...]] = ("position",)
    required: ClassVar[tuple[str, ...]] = ("name", "vertebra")
    optional: ClassVar[tuple[str, ...]] = ("side",)

    def __post_init__(self) -> None:
        OnFrame.__post_init__(self)
        checked_text("landmark", "name", self.name)
        checked_text("landmark", "vertebra", self.vertebra)
        self._keep(side=checked_optional(checked_member, "landmark", "side", self.side, Side))

    def label(self, anatomy: Anatomy) -> str:
        """Return the text shown beside the mark, for example "sap apex, L4, right"."""
        side = f", {self.side}" if self.side else ""
        return f"{self.name.replace('_', ' ')}, {anatomy.vertebra(self.vertebra).id}{side}"


@dataclass(frozen=True, slots=True, kw_only=True)
class EventMark(OnFrame):
    """Something that happens on a frame, at a nerve and a place if they are known.

    Parameters
    ----------
    event : EventKind
        What happens.
    site : Site or None
        The nerve it concerns.
    position : Point or None
        ``(row, column)`` in pixels.

    """

    event: EventKind
    site: Site | None = None
    position: Point | None = None

    kind: ClassVar[MarkKind] = MarkKind.EVENT
    single_points: ClassVar[tuple[str, ...]] = ("position",)
    required: ClassVar[tuple[str, ...]] = ("event",)
    optional: ClassVar[tuple[str, ...]] = ("site",)

    def __post_init__(self) -> None:
        OnFrame.__post_init__(self)
        self._keep(event=checked_member("event", "event", self.event, EventKind))

    def _may_lack(self, name: str) -> bool:
        return name == "position"

    def label(self, anatomy: Anatomy) -> str:
        """Return the text shown beside the mark, for example "Vascular uptake, L3 medial branch, ..."."""
        words = self.event.value.replace("_", " ").capitalize()
        return words if self.site is None else f"{words}, {anatomy.site_label(self.site)}"


class Adequacy(StrEnum):
    """Whether a view is what it is meant to be."""

    YES = "yes"
    NO = "no"
    UNSURE = "unsure"


class Correction(StrEnum):
    """How the C-arm would have to move to make a view true."""

    OBLIQUE_LEFT = "oblique_left"
    OBLIQUE_RIGHT = "oblique_right"
    TILT_CRANIAL = "tilt_cranial"
    TILT_CAUDAL = "tilt_caudal"


OPPOSITE = (
    {Correction.OBLIQUE_LEFT, Correction.OBLIQUE_RIGHT},
    {Correction.TILT_CRANIAL, Correction.TILT_CAUDAL},
)

VIEW_WORDS = {"AP_TRUE": "AP", "LATERAL_TRUE": "Lateral"}
ADEQUACY_WORDS = {Adequacy.YES: "true", Adequacy.NO: "not true", Adequacy.UNSURE: "unsure"}


@dataclass(frozen=True, slots=True, kw_only=True)
class ViewJudgement(OnFrame):
    """Whether a frame shows the true view, and otherwise which way to turn the C-arm.

    The questions are those of a published reliability study of true AP and lateral views: is it true,
    does it need oblique or tilt, and in which direction (Waring et al., Interv Pain Med).

    Parameters
    ----------
    view : str
        Identifier of the view that is wanted, for example "AP_TRUE".
    adequate : Adequacy
        Whether it is true.
    corrections : tuple of Correction
        What would make it true; none for a view that is.

    Raises
    ------
    MarkError
        If a true view has corrections, or two corrections are opposite.

    """

    view: str
    adequate: Adequacy
    corrections: tuple[Correction, ...] = ()

    kind: ClassVar[MarkKind] = MarkKind.VIEW_JUDGEMENT
    required: ClassVar[tuple[str, ...]] = ("view", "adequate")
    optional: ClassVar[tuple[str, ...]] = ("corrections",)

    def __post_init__(self) -> None:
        OnFrame.__post_init__(self)
        subject = self.kind.words
        checked_text(subject, "view", self.view)
        self._keep(
            adequate=checked_member(subject, "adequate", self.adequate, Adequacy),
            corrections=checked_members(subject, "corrections", self.corrections, Correction),
        )
        if self.corrections and self.adequate is Adequacy.YES:
            raise MarkError(subject, "names a correction for a view that is true", "Leave one of them out.")
        if any(pair <= set(self.corrections) for pair in OPPOSITE):
            raise MarkError(subject, "names two opposite corrections", "Leave one of them out.")

    def label(self, _anatomy: Anatomy) -> str:
        """Return the text shown for the record, for example "AP: not true, tilt cranial"."""
        words = [correction.value.replace("_", " ") for correction in self.corrections]
        view = VIEW_WORDS.get(self.view, self.view)
        return f"{view}: {', '.join([ADEQUACY_WORDS[self.adequate], *words])}"
