"""From a protocol, joints and sides to the list of things to be marked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from fluoro_annotator.anatomy import Anatomy, Confidence, Evidence, Nerve, Side, load_anatomy
from fluoro_annotator.errors import ProtocolError
from fluoro_annotator.protocols.fields import check_different
from fluoro_annotator.protocols.protocol import NerveGroup, Protocol, SlotTemplate, fill
from fluoro_annotator.protocols.values import Backing, Construction, SafetyLine, ViewSpec
from fluoro_annotator.protocols.wording import listed
from fluoro_annotator.protocols.words import ANY_VIEW, Basis, SlotKind, WorkingOrder

DISPUTED: Final = "evidence: disputed"
"""Badge of a slot whose target is not agreed on."""
_ENGINEERING: Final = Backing(Basis.ENGINEERING, Confidence.MODERATE)
_LETTERS: Final = {Side.LEFT: "L", Side.RIGHT: "R"}
_LEVEL_HINT: Final = "Label {vertebra}, so that the level can be checked; count from a landmark you trust."
_LANDMARK_HINT: Final = "Press on this landmark of {vertebra}, {side}: {title}."


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """One thing to be marked.

    Attributes
    ----------
    slot_id : str
        Stable as long as the protocol asks for it, for example ``"L3_MB:R:AP_TRUE:target"``.
    what : SlotKind
        The kind of mark.
    nerve : str
        Identifier of the nerve; ``""`` for a level label.
    vertebra : str
        Identifier of the vertebra on which it is marked.
    side : Side or None
        None for a level label.
    view : str
        Identifier of the view, or ``ANY_VIEW``.
    required : bool
        Whether the plan is incomplete without it.
    name : str
        Which landmark or event; otherwise ``""``.
    label : str
        For example ``"L3 medial branch, at L4, right"``.
    hint : str
        What to press on.
    accept : str
        When the place is acceptable; may be empty.
    badge : str
        ``"evidence: disputed"`` or ``""``.
    backing : Backing
        What the slot rests on.

    """

    slot_id: str
    what: SlotKind
    nerve: str
    vertebra: str
    side: Side | None
    view: str
    required: bool
    name: str
    label: str
    hint: str
    accept: str
    badge: str
    backing: Backing


@dataclass(frozen=True, slots=True)
class PlannedNerve:
    """A nerve of a plan.

    Attributes
    ----------
    nerve : Nerve
        From the anatomy table.
    joints : tuple of str
        Those of the asked joints that it supplies.
    badge : str
        ``"evidence: disputed"`` or ``""``.

    """

    nerve: Nerve
    joints: tuple[str, ...]
    badge: str

    @property
    def text(self) -> str:
        """For example ``"L4 medial branch, at L5 (for L4-L5 and L5-S1)"``."""
        badge = f", {self.badge}" if self.badge else ""
        return f"{self.nerve.label} (for {listed(self.joints)}{badge})"


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be marked for some joints and sides.

    Attributes
    ----------
    protocol : Protocol
        What it follows.
    joints : tuple of str
        Cranial to caudal.
    sides : tuple of Side
        As they were asked for.
    nerves : tuple of PlannedNerve
        In working order, each once.
    left_out : tuple of PlannedNerve
        Nerves that supply the joints, too, but that the protocol does not treat.
    slots : tuple of Slot
        In working order: level labels, then side by side, nerve by nerve, view by view.

    """

    protocol: Protocol
    joints: tuple[str, ...]
    sides: tuple[Side, ...]
    nerves: tuple[PlannedNerve, ...]
    left_out: tuple[PlannedNerve, ...]
    slots: tuple[Slot, ...]

    @property
    def required_slots(self) -> tuple[Slot, ...]:
        """The slots without which the plan is incomplete."""
        return tuple(slot for slot in self.slots if slot.required)

    @property
    def required_views(self) -> tuple[ViewSpec, ...]:
        """The views that the protocol requires anyway, and those in which a required slot lies."""
        used = {slot.view for slot in self.required_slots}
        return tuple(view for view in self.protocol.views if view.required or view.id in used)

    @property
    def text(self) -> str:
        """What was planned, as sentences to be confirmed."""
        nerves = "; ".join(planned.text for planned in self.nerves)
        sides = listed([side.value for side in self.sides])
        head = f"{self.protocol.title}, {listed(self.joints)}, {sides}. Nerves: {nerves}."
        if not self.left_out:
            return head
        missing = "; ".join(planned.text for planned in self.left_out)
        return f"{head} Not part of this protocol: {missing}."

    def slot(self, slot_id: str) -> Slot | None:
        """Return the slot with this identifier, or None."""
        return next((slot for slot in self.slots if slot.slot_id == slot_id), None)


def plan(
    protocol: Protocol, joints: Iterable[str], sides: Iterable[Side], anatomy: Anatomy | None = None
) -> Plan:
    """Expand joints to nerves, and nerves to slots.

    Parameters
    ----------
    protocol : Protocol
        What is to be done.
    joints : iterable of str
        Identifiers such as ``"L4-L5"``, in any order.
    sides : iterable of Side
        Left, right or both, in the order in which they are worked through.
    anatomy : Anatomy, optional
        The table of the package if it is not given.

    Returns
    -------
    Plan
        With the nerves to be confirmed, and the slots.

    Raises
    ------
    UnknownJointError
        If a joint does not exist.
    ProtocolError
        If no joint or side is named, one is named twice, or the protocol is not for a joint.

    Examples
    --------
    >>> from fluoro_annotator.protocols import load_protocols
    >>> block = load_protocols(folders=()).get("lumbar_mbb")
    >>> [planned.nerve.id for planned in plan(block, ["L4-L5", "L5-S1"], [Side.RIGHT]).nerves]
    ['L5_DR', 'L4_MB', 'L3_MB']

    """
    table = anatomy or load_anatomy()
    asked = _checked_joints(protocol, tuple(joints), table)
    both = _checked_sides(tuple(sides))
    nerves = [_planned(nerve, asked, protocol) for nerve in table.nerves_of(asked)]
    if protocol.order is WorkingOrder.CAUDAL_TO_CRANIAL:
        nerves.reverse()
    treated = tuple(one for one in nerves if protocol.group_of(one.nerve.id))
    left_out = tuple(one for one in nerves if not protocol.group_of(one.nerve.id))
    slots = (*_level_slots(treated), *_side_slots(protocol, treated, both))
    return Plan(protocol, asked, both, treated, left_out, slots)


def _checked_joints(protocol: Protocol, joints: tuple[str, ...], anatomy: Anatomy) -> tuple[str, ...]:
    subject = f"plan by {protocol.id}"
    if not joints:
        raise ProtocolError(subject, "no joint is named", "Name the joints that are to be treated.")
    check_different(subject, "the joint", joints)
    for joint in joints:
        if anatomy.joint(joint).id not in protocol.joints:
            raise ProtocolError(
                subject,
                f"the protocol is not for the joint {joint}",
                f"It is for {listed(protocol.joints)}. Choose another protocol for {joint}.",
            )
    return tuple(joint for joint in anatomy.joints if joint in joints)


def _checked_sides(sides: tuple[Side, ...]) -> tuple[Side, ...]:
    if not sides:
        raise ProtocolError("plan", "no side is named", "Say left, right or both.")
    check_different("plan", "the side", sides)
    for side in sides:
        if side not in _LETTERS:
            raise ProtocolError("plan", f"the side is {side!r:.60}", "Say left, right or both.")
    return sides


def _planned(nerve: Nerve, joints: tuple[str, ...], protocol: Protocol) -> PlannedNerve:
    group = protocol.group_of(nerve.id)
    return PlannedNerve(
        nerve, tuple(joint for joint in nerve.joints if joint in joints), _badge(nerve, group)
    )


def _badge(nerve: Nerve, group: NerveGroup | None) -> str:
    disputed = Evidence.DISPUTED in (nerve.evidence, group.evidence if group else None)
    return DISPUTED if disputed else ""


def _level_slots(nerves: Iterable[PlannedNerve]) -> Iterator[Slot]:
    """Yield a label for each vertebra on which something is marked; any view serves."""
    for vertebra in dict.fromkeys(planned.nerve.vertebra for planned in nerves):
        yield Slot(
            slot_id=f"{vertebra}:level",
            what=SlotKind.LEVEL,
            nerve="",
            vertebra=vertebra,
            side=None,
            view=ANY_VIEW,
            required=True,
            name="",
            label=f"Level {vertebra}",
            hint=_LEVEL_HINT.format(vertebra=vertebra),
            accept="",
            badge="",
            backing=_ENGINEERING,
        )


def _side_slots(
    protocol: Protocol, nerves: tuple[PlannedNerve, ...], sides: tuple[Side, ...]
) -> Iterator[Slot]:
    for side in sides:
        for planned in nerves:
            group = protocol.group_of(planned.nerve.id)
            if group is not None:
                yield from _nerve_slots(protocol, group, planned, side)


def _nerve_slots(protocol: Protocol, group: NerveGroup, planned: PlannedNerve, side: Side) -> Iterator[Slot]:
    for view in protocol.views:
        for template in group.slots:
            if template.view == view.id:
                yield _template_slot(template, planned, side)
        yield from _landmark_slots(protocol, view.id, planned, side)


def _template_slot(template: SlotTemplate, planned: PlannedNerve, side: Side) -> Slot:
    nerve = planned.nerve
    words = {"nerve": nerve.name, "vertebra": nerve.vertebra, "side": side.value}
    return Slot(
        slot_id=":".join((nerve.id, _LETTERS[side], *template.key)),
        what=template.what,
        nerve=nerve.id,
        vertebra=nerve.vertebra,
        side=side,
        view=template.view,
        required=template.required,
        name=template.event.value if template.event else "",
        label=f"{nerve.label}, {side.value}",
        hint=fill(template.hint, **words),
        accept=fill(template.accept, **words),
        badge=planned.badge,
        backing=template.backing,
    )


def _landmark_slots(protocol: Protocol, view: str, planned: PlannedNerve, side: Side) -> Iterator[Slot]:
    """Yield a voluntary slot for each landmark of the figures that are drawn in a view."""
    nerve = planned.nerve
    figures: tuple[Construction | SafetyLine, ...] = (
        *protocol.constructions_of(nerve.id),
        *protocol.safety_lines_of(nerve.id),
    )
    backing_of = {key: one.backing for one in figures if one.view == view for key in one.landmarks}
    for key, backing in backing_of.items():
        title = protocol.landmark(key).title
        yield Slot(
            slot_id=f"{nerve.id}:{_LETTERS[side]}:{view}:landmark:{key}",
            what=SlotKind.LANDMARK,
            nerve=nerve.id,
            vertebra=nerve.vertebra,
            side=side,
            view=view,
            required=False,
            name=key,
            label=f"{title}, {nerve.vertebra}, {side.value}",
            hint=_LANDMARK_HINT.format(vertebra=nerve.vertebra, side=side.value, title=title),
            accept="",
            badge=planned.badge,
            backing=backing,
        )
