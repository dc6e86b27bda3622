"""A protocol: what is to be marked for one procedure in one region, and what it is judged by."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from typing import Any, TypeVar

from fluoro_annotator.anatomy import Evidence, Region, Source
from fluoro_annotator.errors import ProtocolError
from fluoro_annotator.protocols.checks import check_protocol
from fluoro_annotator.protocols.fields import (
    check_different,
    check_member,
    check_name,
    check_text,
    check_version,
)
from fluoro_annotator.protocols.judging import Band, Event, Fault, NeedleDefaults, Note, RubricItem
from fluoro_annotator.protocols.passing import PassCriteria
from fluoro_annotator.protocols.values import Backing, Construction, Landmark, SafetyLine, ViewSpec
from fluoro_annotator.protocols.words import EventKind, Procedure, SlotKind, WorkingOrder

_T = TypeVar("_T", ViewSpec, Landmark, Construction, Band, SafetyLine, RubricItem)
TEMPLATE_KINDS = frozenset({SlotKind.TARGET, SlotKind.NEEDLE, SlotKind.COURSE, SlotKind.ZONE, SlotKind.EVENT})
"""What a template can ask for; landmarks and level labels follow from the rest of a protocol."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SlotTemplate:
    """One thing to be marked at each nerve of a group.

    Parameters
    ----------
    what : SlotKind
        Target, needle, course, zone or event.
    view : str
        Identifier of the view.
    hint : str
        What to press on. ``{nerve}``, ``{vertebra}`` and ``{side}`` stand for those of the slot.
    accept : str
        When the place is acceptable; may be empty. The same words may stand for others.
    required : bool
        Whether the plan is incomplete without it.
    event : EventKind or None
        For an event alone: which one.
    backing : Backing
        What this rests on.

    """

    what: SlotKind
    view: str
    hint: str
    accept: str
    required: bool
    event: EventKind | None
    backing: Backing

    def __post_init__(self) -> None:
        check_member("slot", SlotKind, what=self.what)
        subject = f"slot {self.what} in {self.view}"
        check_text(subject, hint=self.hint)
        if self.what not in TEMPLATE_KINDS:
            raise ProtocolError(
                subject, "this kind follows by itself", f"Use {', '.join(sorted(TEMPLATE_KINDS))}."
            )
        if (self.event is not None) != (self.what is SlotKind.EVENT):
            raise ProtocolError(
                subject, "it names an event without being one, or the reverse", "Name one for events alone."
            )
        for text in (self.hint, self.accept):
            fill(text, nerve="", vertebra="", side="", subject=subject)

    @property
    def key(self) -> tuple[str, ...]:
        """What tells it from the other templates of its nerve."""
        return (self.view, self.what.value, *([self.event.value] if self.event else []))


def fill(text: str, *, nerve: str, vertebra: str, side: str, subject: str = "hint") -> str:
    """Return a text with the words of a nerve in place of ``{nerve}``, ``{vertebra}``, ``{side}``.

    Raises
    ------
    ProtocolError
        If anything else stands in braces.

    Examples
    --------
    >>> fill("notch of {vertebra}", nerve="L3 medial branch", vertebra="L4", side="right")
    'notch of L4'

    """
    words = {"nerve": nerve, "vertebra": vertebra, "side": side}
    for name, word in words.items():
        text = text.replace(f"{{{name}}}", word)
    if "{" in text or "}" in text:
        raise ProtocolError(
            subject,
            "it has a brace that stands for nothing",
            "Only {nerve}, {vertebra} and {side} are filled in.",
        )
    return text


@dataclass(frozen=True, slots=True, kw_only=True)
class NerveGroup:
    """Nerves that are treated alike.

    Parameters
    ----------
    nerves : tuple of str
        Identifiers, each of which belongs to one group of the protocol only.
    evidence : Evidence
        Whether the target is agreed on; the anatomy table may call it disputed, too.
    slots : tuple of SlotTemplate
        What is marked, in working order within a view.
    constructions, bands, safety_lines : tuple of str
        Identifiers of those that hold for these nerves.
    notes : tuple of Note
        Cautions and facts.

    """

    nerves: tuple[str, ...]
    evidence: Evidence
    slots: tuple[SlotTemplate, ...]
    constructions: tuple[str, ...]
    bands: tuple[str, ...]
    safety_lines: tuple[str, ...]
    notes: tuple[Note, ...]

    def __post_init__(self) -> None:
        subject = f"nerves {', '.join(self.nerves)}"
        if not self.nerves or not self.slots:
            raise ProtocolError(subject, "nerves or slots are missing", "Name at least one of each.")
        check_different(subject, "the nerve", self.nerves)
        check_different(subject, "the slot", (" ".join(slot.key) for slot in self.slots))
        check_member(subject, Evidence, evidence=self.evidence)
        for name in ("constructions", "bands", "safety_lines"):
            check_different(subject, name, getattr(self, name))


@dataclass(frozen=True, slots=True, kw_only=True)
class Protocol:
    """What is to be marked for one procedure in one region.

    All references are checked on construction.

    Parameters
    ----------
    id, version, title, status : str
        Identifier, version such as ``"1.0"``, name for the screen, and how far it was reviewed.
    region : Region
        Part of the spine.
    procedure : Procedure
        Block or neurotomy.
    evidence : Evidence
        Whether the procedure aims at what anatomical studies agree on.
    evidence_note : str
        Why not; empty where they agree.
    order : WorkingOrder
        In which direction the nerves are worked through.
    joints : tuple of str
        Joints for which it can be planned.
    views : tuple of ViewSpec
        In working order.
    groups : tuple of NerveGroup
        What is marked at which nerve.
    landmarks, constructions, bands, safety_lines, events, faults, rubric
        What the groups and reviews refer to.
    needles : NeedleDefaults
        What is offered first when a needle is described.
    notes : tuple of Note
        What holds for all nerves.
    sources : tuple of Source
        Every source that is named anywhere in the protocol.
    pass_rule : PassCriteria or None
        When practice counts as passed; None if the protocol does not say.

    Attributes
    ----------
    content_hash : str
        SHA-256 of all of it but the citations, in hexadecimal.

    """

    id: str
    version: str
    title: str
    status: str
    region: Region
    procedure: Procedure
    evidence: Evidence
    evidence_note: str
    order: WorkingOrder
    joints: tuple[str, ...]
    views: tuple[ViewSpec, ...]
    groups: tuple[NerveGroup, ...]
    landmarks: tuple[Landmark, ...]
    constructions: tuple[Construction, ...]
    bands: tuple[Band, ...]
    safety_lines: tuple[SafetyLine, ...]
    events: tuple[Event, ...]
    faults: tuple[Fault, ...]
    rubric: tuple[RubricItem, ...]
    needles: NeedleDefaults
    notes: tuple[Note, ...]
    sources: tuple[Source, ...]
    pass_rule: PassCriteria | None = None
    content_hash: str = field(init=False)

    def __post_init__(self) -> None:
        subject = f"protocol {self.id}"
        check_name(subject, id=self.id)
        check_version(subject, self.version)
        check_text(subject, title=self.title, status=self.status)
        check_member(subject, Region, region=self.region)
        check_member(subject, Procedure, procedure=self.procedure)
        check_member(subject, Evidence, evidence=self.evidence)
        check_member(subject, WorkingOrder, order=self.order)
        check_protocol(self)
        object.__setattr__(self, "content_hash", "")
        object.__setattr__(self, "content_hash", _hash(self))

    @property
    def nerves(self) -> tuple[str, ...]:
        """Identifiers of all nerves it covers, group by group."""
        return tuple(nerve for group in self.groups for nerve in group.nerves)

    @property
    def required_views(self) -> tuple[ViewSpec, ...]:
        """The views of which an image has to be stored."""
        return tuple(view for view in self.views if view.required)

    def group_of(self, nerve_id: str) -> NerveGroup | None:
        """Return what is marked at a nerve; None if the protocol does not cover it."""
        return next((group for group in self.groups if nerve_id in group.nerves), None)

    def view(self, view_id: str) -> ViewSpec:
        """Return the view with this identifier.

        Raises
        ------
        ProtocolError
            If the protocol has no such view; `landmark`, `construction`, `band`, `safety_line`
            and `rubric_item` do likewise.

        """
        return self._found("view", view_id, self.views)

    def landmark(self, landmark_id: str) -> Landmark:
        """Return the landmark with this identifier."""
        return self._found("landmark", landmark_id, self.landmarks)

    def construction(self, construction_id: str) -> Construction:
        """Return the construction with this identifier."""
        return self._found("construction", construction_id, self.constructions)

    def band(self, band_id: str) -> Band:
        """Return the acceptance band with this identifier."""
        return self._found("band", band_id, self.bands)

    def safety_line(self, line_id: str) -> SafetyLine:
        """Return the safety line with this identifier."""
        return self._found("safety line", line_id, self.safety_lines)

    def rubric_item(self, item_id: str) -> RubricItem:
        """Return the rubric item with this identifier."""
        return self._found("rubric item", item_id, self.rubric)

    def bands_of(self, nerve_id: str) -> tuple[Band, ...]:
        """Return the acceptance bands that hold for a nerve; none if it is not covered."""
        group = self.group_of(nerve_id)
        return tuple(self.band(key) for key in group.bands) if group else ()

    def safety_lines_of(self, nerve_id: str) -> tuple[SafetyLine, ...]:
        """Return the safety lines that hold for a nerve; none if it is not covered."""
        group = self.group_of(nerve_id)
        return tuple(self.safety_line(key) for key in group.safety_lines) if group else ()

    def constructions_of(self, nerve_id: str) -> tuple[Construction, ...]:
        """Return the constructions that hold for a nerve; none if it is not covered."""
        group = self.group_of(nerve_id)
        return tuple(self.construction(key) for key in group.constructions) if group else ()

    def _found(self, kind: str, key: str, entries: Iterable[_T]) -> _T:
        for entry in entries:
            if entry.id == key:
                return entry
        raise ProtocolError(
            f"{kind} {key}", f"the protocol {self.id} has none of that name", "Choose one that it has."
        )


def _hash(protocol: Protocol) -> str:
    """Return the hash of the content; a citation that is mended changes nothing that is marked."""
    content = asdict(protocol)
    del content["sources"], content["content_hash"]
    text = json.dumps(_essence(content), sort_keys=True, separators=(",", ":"), allow_nan=False)
    return hashlib.sha256(text.encode("ascii")).hexdigest()


def _essence(value: Any) -> Any:
    """Return a value without its empty fields, so that a field added later changes no hash of today."""
    if isinstance(value, dict):
        return {key: _essence(item) for key, item in value.items() if not _is_empty(item)}
    if isinstance(value, tuple | list):
        return [_essence(item) for item in value]
    return value


def _is_empty(value: object) -> bool:
    """Return whether a field holds what an optional field holds when it is left out; 0 is a value."""
    return value is None or value is False or (isinstance(value, str | tuple) and not value)
