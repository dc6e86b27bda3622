"""Do the parts of a protocol fit together? Each check raises at the first contradiction."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from fluoro_annotator.errors import ProtocolError
from fluoro_annotator.protocols.fields import check_different, check_known

if TYPE_CHECKING:
    from fluoro_annotator.protocols.protocol import NerveGroup, Protocol
    from fluoro_annotator.protocols.values import Backing

MOST_SLOTS = 2000
"""More slots than this at all nerves together are a mistake."""


def check_protocol(protocol: Protocol) -> None:
    """Check all references of a protocol.

    Raises
    ------
    ProtocolError
        The first part that contradicts another one.

    """
    for check in _CHECKS:
        check(protocol)


def _check_unique(protocol: Protocol) -> None:
    tables = {
        "view": [view.id for view in protocol.views],
        "landmark": [landmark.id for landmark in protocol.landmarks],
        "construction": [construction.id for construction in protocol.constructions],
        "band": [band.id for band in protocol.bands],
        "safety line": [line.id for line in protocol.safety_lines],
        "event": [event.name.value for event in protocol.events],
        "fault": [fault.code for fault in protocol.faults],
        "rubric item": [item.id for item in protocol.rubric],
        "source": [source.key for source in protocol.sources],
        "nerve": list(protocol.nerves),
        "joint": list(protocol.joints),
    }
    for kind, keys in tables.items():
        check_different(f"protocol {protocol.id}", f"the {kind}", keys)


def _check_not_empty(protocol: Protocol) -> None:
    for name in ("joints", "views", "groups"):
        if not getattr(protocol, name):
            raise ProtocolError(f"protocol {protocol.id}", f"it has no {name}", "Name at least one.")
    if sum(len(group.nerves) * len(group.slots) for group in protocol.groups) > MOST_SLOTS:
        raise ProtocolError(f"protocol {protocol.id}", f"it has more than {MOST_SLOTS} slots", "Split it.")


def _check_figures(protocol: Protocol) -> None:
    views = {view.id for view in protocol.views}
    landmarks = {landmark.id for landmark in protocol.landmarks}
    axes = {construction.id for construction in protocol.constructions if construction.kind == "axis"}
    for construction in protocol.constructions:
        check_known(f"construction {construction.id}", "view", [construction.view], views)
        check_known(f"construction {construction.id}", "landmark", construction.landmarks, landmarks)
    for line in protocol.safety_lines:
        check_known(f"safety line {line.id}", "view", [line.view], views)
        check_known(f"safety line {line.id}", "landmark", line.landmarks, landmarks)
    for band in protocol.bands:
        check_known(f"band {band.id}", "view", [band.view], views)
        check_known(f"band {band.id}", "axis", [band.axis] if band.axis else [], axes)


def _check_groups(protocol: Protocol) -> None:
    for group in protocol.groups:
        _check_group(protocol, group)
    for item in protocol.rubric:
        check_known(f"rubric item {item.id}", "fault", item.faults, {fault.code for fault in protocol.faults})


def _check_group(protocol: Protocol, group: NerveGroup) -> None:
    subject = f"nerves {', '.join(group.nerves)}"
    check_known(subject, "view", (slot.view for slot in group.slots), {view.id for view in protocol.views})
    check_known(subject, "construction", group.constructions, {one.id for one in protocol.constructions})
    check_known(subject, "band", group.bands, {band.id for band in protocol.bands})
    check_known(subject, "safety line", group.safety_lines, {line.id for line in protocol.safety_lines})
    events = (slot.event.value for slot in group.slots if slot.event)
    check_known(subject, "event", events, {event.name.value for event in protocol.events})


def _check_sources(protocol: Protocol) -> None:
    known = {source.key for source in protocol.sources}
    for subject, backing in backings(protocol):
        check_known(subject, "source", backing.sources, known)


def backings(protocol: Protocol) -> Iterator[tuple[str, Backing]]:
    """Yield what each statement of a protocol rests on, with a name for the statement."""
    yield from ((f"view {view.id}", view.backing) for view in protocol.views)
    yield from ((f"construction {one.id}", one.backing) for one in protocol.constructions)
    yield from ((f"band {band.id}", band.backing) for band in protocol.bands)
    yield from ((f"safety line {line.id}", line.backing) for line in protocol.safety_lines)
    yield from ((f"event {event.name}", event.backing) for event in protocol.events)
    yield from ((f"rubric item {item.id}", item.backing) for item in protocol.rubric)
    yield "needle defaults", protocol.needles.backing
    if protocol.pass_rule is not None:
        yield "pass rule", protocol.pass_rule.backing
    for group in protocol.groups:
        yield from ((f"slot {' '.join(slot.key)}", slot.backing) for slot in group.slots)
    for note in (*protocol.notes, *(note for group in protocol.groups for note in group.notes)):
        yield "note", note.backing


_CHECKS = (_check_unique, _check_not_empty, _check_figures, _check_groups, _check_sources)
