"""What a reading holds besides marks on frames: its plan, empty slots, the numbering, whether it is finished.

Each of these records is about one thing, and its identifier follows from that thing: a second
numbering takes the place of the first.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any, ClassVar

from fluoro_annotator.anatomy import Anatomy, Side
from fluoro_annotator.errors import MarkError
from fluoro_annotator.marks.base import MarkKind, WithPoints
from fluoro_annotator.marks.fields import (
    checked_count,
    checked_member,
    checked_members,
    checked_optional,
    checked_text,
    checked_texts,
)

FEWEST_RIBS, MOST_RIBS = 10, 14

LONGEST_COMMENT = 1000
"""Longest comment on a submission, in characters."""


class Fact(WithPoints):
    """A record that is on no frame; its identifier follows from what it is about."""

    __slots__ = ()

    required: ClassVar[tuple[str, ...]] = ()
    optional: ClassVar[tuple[str, ...]] = ()

    def _keep(self, **values: Any) -> None:
        """Set fields to the form in which they are kept."""
        for name, value in values.items():
            object.__setattr__(self, name, value)


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanChoice(Fact):
    """Which protocol a reading follows, in which version, for which joints and sides.

    Parameters
    ----------
    protocol_id, version, content_hash : str
        The protocol as it was when it was chosen.
    joints : tuple of str
        Identifiers of the joints, at least one.
    sides : tuple of Side
        At least one.

    """

    protocol_id: str
    version: str
    content_hash: str
    joints: tuple[str, ...]
    sides: tuple[Side, ...]

    kind: ClassVar[MarkKind] = MarkKind.PLAN_CHOICE
    required: ClassVar[tuple[str, ...]] = ("protocol_id", "version", "content_hash", "joints", "sides")

    def __post_init__(self) -> None:
        subject = self.kind.words
        for name in ("protocol_id", "version", "content_hash"):
            checked_text(subject, name, getattr(self, name))
        joints = checked_texts(subject, "joints", self.joints)
        self._keep(joints=joints, sides=checked_members(subject, "sides", self.sides, Side))
        if not (self.joints and self.sides):
            raise MarkError(subject, "names no joint or no side", "Choose at least one of each.")

    @property
    def mark_id(self) -> str:
        """Identifier: one choice for each protocol."""
        return f"plan:{self.protocol_id}"

    def label(self, _anatomy: Anatomy) -> str:
        """Return the text shown for the record."""
        return f"Plan {self.protocol_id}, {' and '.join(self.joints)}, {' and '.join(self.sides)}"


class SlotMissing(StrEnum):
    """Why nothing is marked in a slot of the plan."""

    NOT_VISIBLE = "not_visible"
    NOT_APPLICABLE = "not_applicable"
    UNSURE = "unsure"


@dataclass(frozen=True, slots=True, kw_only=True)
class SlotState(Fact):
    """What the reader says of a slot of the plan in which nothing is marked.

    Parameters
    ----------
    slot_id : str
        Identifier of the slot, for example "L3_MB:R:AP_TRUE:target".
    state : SlotMissing
        Why it is empty.

    """

    slot_id: str
    state: SlotMissing

    kind: ClassVar[MarkKind] = MarkKind.SLOT_STATE
    required: ClassVar[tuple[str, ...]] = ("slot_id", "state")

    def __post_init__(self) -> None:
        checked_text(self.kind.words, "slot_id", self.slot_id)
        self._keep(state=checked_member(self.kind.words, "state", self.state, SlotMissing))

    @property
    def mark_id(self) -> str:
        """Identifier: one for each slot."""
        return f"slot:{self.slot_id}"

    def label(self, _anatomy: Anatomy) -> str:
        """Return the text shown for the record."""
        return f"{self.slot_id}: {self.state.value.replace('_', ' ')}"


class NumberingScheme(StrEnum):
    """How many vertebrae of each sort the reader takes the spine to have."""

    STANDARD = "standard_7C_12T_5L"
    FOUR_LUMBAR = "4_lumbar_type"
    SIX_LUMBAR = "6_lumbar_type"
    ELEVEN_RIBS = "11_rib_bearing"
    THIRTEEN_RIBS = "13_rib_bearing"
    OTHER = "other"
    UNKNOWN = "unknown"


class CountedFrom(StrEnum):
    """Where counting started."""

    SACRUM_UP = "sacrum_up"
    LAST_RIB_DOWN = "last_rib_down"
    C2_DOWN = "C2_down"
    C7_T1_RIB = "C7_T1_rib"
    ILIAC_CREST = "iliac_crest_tangent"
    PRIOR_IMAGES = "prior_labelled_CT_MR"
    OPERATOR = "operator_statement"
    BURNED_IN = "burned_in_label"
    NOT_DETERMINABLE = "not_determinable"


class Lstv(StrEnum):
    """Lumbosacral transitional vertebra, after Castellvi (Spine 1984;9:493-5)."""

    NONE = "none"
    SUSPECTED = "suspected"
    CASTELLVI_I = "castellvi_I"
    CASTELLVI_II = "castellvi_II"
    CASTELLVI_III = "castellvi_III"
    CASTELLVI_IV = "castellvi_IV"


class LstvSide(StrEnum):
    """On which side the last lumbar vertebra is transitional."""

    LEFT = "left"
    RIGHT = "right"
    BILATERAL = "bilateral"
    NOT_APPLICABLE = "not_applicable"


class NumberingConfidence(StrEnum):
    """How sure the reader is of the names of the vertebrae."""

    CERTAIN = "certain"
    PROBABLE = "probable"
    UNCERTAIN = "uncertain"
    NOT_DETERMINABLE = "not_determinable"


@dataclass(frozen=True, slots=True, kw_only=True)
class Numbering(Fact):
    """On what the names of the vertebrae rest; one for each reading.

    Parameters
    ----------
    scheme : NumberingScheme
        How many vertebrae of each sort.
    counted_from : CountedFrom
        Where counting started.
    confidence : NumberingConfidence
        How sure the reader is; anything but certain has to be shown wherever a name is shown.
    lstv : Lstv
        Transitional vertebra.
    lstv_side : LstvSide
        Its side; not applicable without one.
    rib_count : int or None
        Number of rib-bearing vertebrae, 10 to 14; None if not counted.

    """

    scheme: NumberingScheme
    counted_from: CountedFrom
    confidence: NumberingConfidence
    lstv: Lstv = Lstv.NONE
    lstv_side: LstvSide = LstvSide.NOT_APPLICABLE
    rib_count: int | None = None

    kind: ClassVar[MarkKind] = MarkKind.NUMBERING
    required: ClassVar[tuple[str, ...]] = ("scheme", "counted_from", "confidence")
    optional: ClassVar[tuple[str, ...]] = ("lstv", "lstv_side", "rib_count")

    def __post_init__(self) -> None:
        tables: dict[str, type[StrEnum]] = {
            "scheme": NumberingScheme,
            "counted_from": CountedFrom,
            "confidence": NumberingConfidence,
            "lstv": Lstv,
            "lstv_side": LstvSide,
        }
        kept = {
            name: checked_member("numbering", name, getattr(self, name), table)
            for name, table in tables.items()
        }
        self._keep(**kept, rib_count=checked_optional(_ribs, "numbering", "rib_count", self.rib_count))
        if self.lstv is Lstv.NONE and self.lstv_side is not LstvSide.NOT_APPLICABLE:
            raise MarkError(
                "numbering", "names the side of a transitional vertebra that it says is not there"
            )

    @property
    def mark_id(self) -> str:
        """Identifier: one for each reading."""
        return "numbering"

    @property
    def certain(self) -> bool:
        """Whether names of vertebrae may be shown without a word of doubt."""
        return self.confidence is NumberingConfidence.CERTAIN

    @property
    def doubt(self) -> str:
        """The word of doubt, for example "numbering uncertain"; empty if the names are certain."""
        return "" if self.certain else f"numbering {self.confidence.value.replace('_', ' ')}"

    def label(self, _anatomy: Anatomy) -> str:
        """Return the text shown for the record."""
        words = [self.scheme, f"counted from {self.counted_from}", self.confidence]
        return f"Numbering: {', '.join(word.replace('_', ' ') for word in words)}"


def _ribs(subject: str, name: str, value: Any) -> int:
    number = checked_count(subject, name, value)
    if not FEWEST_RIBS <= number <= MOST_RIBS:
        raise MarkError(subject, f"cannot be used: {name!r} is not between {FEWEST_RIBS} and {MOST_RIBS}")
    return number


@dataclass(frozen=True, slots=True, kw_only=True)
class ViewAssignment(Fact):
    """Which view of a protocol the reader says that an image shows; one for each image.

    It does not say that the view is a true one: that is a `ViewJudgement` of a frame.

    Parameters
    ----------
    sop_instance_uid : str
        SOP Instance UID of the image.
    view : str
        Identifier of the view, for example "IPSI_OBLIQUE".
    side : Side or None
        Towards which side of the patient it is turned; None for a view that is turned to none.

    """

    sop_instance_uid: str
    view: str
    side: Side | None = None

    kind: ClassVar[MarkKind] = MarkKind.VIEW_ASSIGNMENT
    required: ClassVar[tuple[str, ...]] = ("sop_instance_uid", "view")
    optional: ClassVar[tuple[str, ...]] = ("side",)

    def __post_init__(self) -> None:
        subject = self.kind.words
        checked_text(subject, "sop_instance_uid", self.sop_instance_uid)
        checked_text(subject, "view", self.view)
        self._keep(side=checked_optional(checked_member, subject, "side", self.side, Side))

    @property
    def mark_id(self) -> str:
        """Identifier: one for each image."""
        return f"view:{self.sop_instance_uid}"

    def label(self, _anatomy: Anatomy) -> str:
        """Return the text shown for the record, for example "View IPSI_OBLIQUE, right"."""
        return f"View {self.view}, {self.side}" if self.side else f"View {self.view}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Submission(Fact):
    """The reader says that the reading is finished; one for each reading.

    While it is present, a session changes nothing else. It is taken back only by
    `MarkSession.reopen`, never by undo.

    Parameters
    ----------
    comment : str
        What the reader says about it, in one line of at most `LONGEST_COMMENT` characters.

    """

    comment: str = ""

    kind: ClassVar[MarkKind] = MarkKind.SUBMISSION
    optional: ClassVar[tuple[str, ...]] = ("comment",)

    def __post_init__(self) -> None:
        subject = self.kind.words
        checked_text(subject, "comment", self.comment, may_be_empty=True)
        if len(self.comment) > LONGEST_COMMENT:
            raise MarkError(
                subject,
                f"cannot be used: 'comment' is longer than {LONGEST_COMMENT} characters",
                "Shorten the comment.",
            )

    @property
    def mark_id(self) -> str:
        """Identifier: one for each reading."""
        return "submission"

    def label(self, _anatomy: Anatomy) -> str:
        """Return the text shown for the record."""
        return f"Submission: {self.comment}" if self.comment else "Submission"
