"""Frozen values of the anatomy table: sides, codes, sources, vertebrae, joints, nerves, sites.

A nerve carries the number of the spinal nerve it comes from, a vertebra its own number, and
below C7 the two differ. They are therefore kept in separate fields everywhere, and
`Nerve.label` always shows both.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from fluoro_annotator.anatomy.fields import check_member, check_text
from fluoro_annotator.errors import AnatomyError


class Side(StrEnum):
    """Side of the patient's body, never of the screen."""

    LEFT = "left"
    RIGHT = "right"
    MIDLINE = "midline"


class Region(StrEnum):
    """Part of the spine."""

    CERVICAL = "cervical"
    THORACIC = "thoracic"
    LUMBAR = "lumbar"
    SACRAL = "sacral"


class Evidence(StrEnum):
    """Whether anatomical studies agree that the nerve lies where it is targeted."""

    ESTABLISHED = "established"
    DISPUTED = "disputed"


class Confidence(StrEnum):
    """How far an entry of the table is backed by its sources."""

    HIGH = "high"
    MODERATE = "moderate"
    LOW = "low"


class SourceRead(StrEnum):
    """How much of a source was read when the table was compiled."""

    FULL = "full"
    EXCERPT = "excerpt"
    NOT_READ = "not read"


def _require_tuple(subject: str, *, may_be_empty: bool = False, **fields: object) -> None:
    """Refuse a field that is not a tuple of different texts."""
    for name, value in fields.items():
        if not isinstance(value, tuple):
            raise AnatomyError(subject, f"{name} is {value!r}", "It has to be a tuple of texts.")
        if not value and not may_be_empty:
            raise AnatomyError(subject, f"{name} is empty", "It has to name at least one.")
        for item in value:
            check_text(AnatomyError, subject, **{name: item})
        if len(set(value)) < len(value):
            raise AnatomyError(subject, f"{name} repeats an entry", "Name each one once.")


@dataclass(frozen=True, slots=True)
class Code:
    """One entry of a coding scheme.

    Parameters
    ----------
    value : str
        Code value, for example ``"11994002"``.
    scheme : str
        DICOM coding scheme designator; ``"SCT"`` stands for SNOMED CT.
    meaning : str
        Code meaning as DICOM prints it.

    """

    value: str
    scheme: str
    meaning: str

    def __post_init__(self) -> None:
        check_text(
            AnatomyError, f"code {self.value}", value=self.value, scheme=self.scheme, meaning=self.meaning
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A publication that entries of the table refer to by its key.

    Parameters
    ----------
    key : str
        Short name used in the table.
    citation : str
        What a librarian needs to find it.
    address : str or None
        Web address, where one is known.
    read : SourceRead
        How much of it was read when the table was compiled.

    """

    key: str
    citation: str
    address: str | None
    read: SourceRead

    def __post_init__(self) -> None:
        subject = f"source {self.key}"
        check_text(AnatomyError, subject, key=self.key, citation=self.citation)
        check_member(AnatomyError, subject, SourceRead, read=self.read)
        if self.address is not None:
            check_text(AnatomyError, subject, address=self.address)


@dataclass(frozen=True, slots=True, kw_only=True)
class Vertebra:
    """A vertebra, or the first sacral segment.

    Parameters
    ----------
    id : str
        ``"C1"`` ... ``"L5"``, ``"S1"``.
    name : str
        Name for the screen.
    region : Region
        Part of the spine it belongs to.
    order : int
        Position counted from cranial, C1 = 1.
    code : Code
        DICOM code; S1 carries the code of the sacrum, because DICOM has none for S1.
    sources : tuple of str
        Keys of the sources.
    note : str
        What a reader of the table has to know; may be empty.

    """

    id: str
    name: str
    region: Region
    order: int
    code: Code
    sources: tuple[str, ...]
    note: str = ""

    def __post_init__(self) -> None:
        subject = f"vertebra {self.id}"
        check_text(AnatomyError, subject, id=self.id, name=self.name)
        check_member(AnatomyError, subject, Region, region=self.region)
        _require_tuple(subject, sources=self.sources)
        if isinstance(self.order, bool) or not isinstance(self.order, int) or self.order < 1:
            raise AnatomyError(subject, f"order is {self.order!r}", "Count from cranial, starting with 1.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Joint:
    """A zygapophysial (facet) joint level; left and right share one entry.

    Parameters
    ----------
    id : str
        The two vertebrae, for example ``"L4-L5"``.
    name : str
        Name for the screen.
    vertebrae : tuple of str
        Identifiers of the cranial and the caudal vertebra.
    nerves : tuple of str
        Identifiers of the nerves that supply it, cranial to caudal.
    level_code : Code
        DICOM code of the disc level, used because DICOM has no code for a facet joint.
    sources : tuple of str
        Keys of the sources.
    confidence : Confidence
        How well the sources support the entry.
    note : str
        What a reader of the table has to know; may be empty.

    """

    id: str
    name: str
    vertebrae: tuple[str, str]
    nerves: tuple[str, ...]
    level_code: Code
    sources: tuple[str, ...]
    confidence: Confidence
    note: str = ""

    def __post_init__(self) -> None:
        subject = f"joint {self.id}"
        check_text(AnatomyError, subject, id=self.id, name=self.name)
        _require_tuple(subject, vertebrae=self.vertebrae, nerves=self.nerves, sources=self.sources)
        check_member(AnatomyError, subject, Confidence, confidence=self.confidence)
        if self.id != "-".join(self.vertebrae) or len(self.vertebrae) != 2:  # noqa: PLR2004 - a joint has two bones
            raise AnatomyError(subject, f"its vertebrae are {self.vertebrae!r}", "Name the two of its id.")


@dataclass(frozen=True, slots=True, kw_only=True)
class ExcludedJoint:
    """A joint that no medial branch target of this table treats, and why.

    Parameters
    ----------
    id : str
        ``"C0-C1"``, ``"C1-C2"`` or ``"SI"``.
    name : str
        Name for the screen.
    reason : str
        Why there is no target, as one clause.
    sources : tuple of str
        Keys of the sources.

    """

    id: str
    name: str
    reason: str
    sources: tuple[str, ...]

    def __post_init__(self) -> None:
        subject = f"excluded joint {self.id}"
        check_text(AnatomyError, subject, id=self.id, name=self.name, reason=self.reason)
        _require_tuple(subject, sources=self.sources)


@dataclass(frozen=True, slots=True, kw_only=True)
class Nerve:
    """A nerve that can be targeted, with the bone on which it is targeted.

    Parameters
    ----------
    id : str
        For example ``"L3_MB"``, ``"C3_DMB"``, ``"TON"``, ``"L5_DR"``.
    name, short_name : str
        ``"L3 medial branch"`` and ``"L3 MB"``.
    aliases : tuple of str
        Other names in use; one alias may belong to several nerves.
    region : Region
        Region of the spinal nerve of origin (C8 is cervical although it crosses T1).
    spinal_nerve : str
        Spinal nerve of origin, ``"C3"`` ... ``"C8"``, ``"T1"`` ... ``"L5"``.
    vertebra : str
        Identifier of the vertebra on which the nerve is targeted.
    joints : tuple of str
        Identifiers of the joints it supplies, cranial to caudal.
    sides : tuple of Side
        Sides on which it exists.
    landmark : str
        The bony landmark of the target.
    evidence : Evidence
        Whether the position is agreed on.
    confidence : Confidence
        How well the sources support the entry.
    sources : tuple of str
        Keys of the sources.
    note : str
        What a reader of the table has to know; may be empty.

    """

    id: str
    name: str
    short_name: str
    aliases: tuple[str, ...]
    region: Region
    spinal_nerve: str
    vertebra: str
    joints: tuple[str, ...]
    sides: tuple[Side, ...]
    landmark: str
    evidence: Evidence
    confidence: Confidence
    sources: tuple[str, ...]
    note: str = ""

    def __post_init__(self) -> None:
        subject = f"nerve {self.id}"
        check_text(AnatomyError, subject, id=self.id, name=self.name, short_name=self.short_name)
        check_text(
            AnatomyError,
            subject,
            spinal_nerve=self.spinal_nerve,
            vertebra=self.vertebra,
            landmark=self.landmark,
        )
        _require_tuple(subject, joints=self.joints, sides=self.sides, sources=self.sources)
        _require_tuple(subject, may_be_empty=True, aliases=self.aliases)
        check_member(AnatomyError, subject, Region, region=self.region)
        check_member(AnatomyError, subject, Evidence, evidence=self.evidence)
        check_member(AnatomyError, subject, Confidence, confidence=self.confidence)
        for side in self.sides:
            check_member(AnatomyError, subject, Side, side=side)
        if Side.MIDLINE in self.sides:
            raise AnatomyError(subject, "its sides include the midline", "These nerves are paired.")

    @property
    def label(self) -> str:
        """Nerve and vertebra together, for example ``"L3 medial branch, at L4"``."""
        return f"{self.name}, at {self.vertebra}"


@dataclass(frozen=True, slots=True)
class Site:
    """The four anatomical fields of a mark.

    A site is well formed on construction; whether nerve, vertebra, joints and side fit
    together is a question for `Anatomy.check_site`.

    Parameters
    ----------
    nerve : str
        Identifier of the nerve, for example ``"L3_MB"``.
    vertebra : str
        Identifier of the vertebra on which it is targeted, for example ``"L4"``.
    joints : tuple of str
        Identifiers of the joints it is treated for.
    side : Side
        Side of the patient.

    """

    nerve: str
    vertebra: str
    joints: tuple[str, ...]
    side: Side

    def __post_init__(self) -> None:
        subject = f"site of {self.nerve}"
        check_text(AnatomyError, subject, nerve=self.nerve, vertebra=self.vertebra)
        _require_tuple(subject, may_be_empty=True, joints=self.joints)
        check_member(AnatomyError, subject, Side, side=self.side)
