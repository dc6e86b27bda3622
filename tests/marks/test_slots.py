"""The state of each slot of a plan follows from the records."""

from dataclasses import replace

import pytest

from fluoro_annotator.anatomy import Side
from fluoro_annotator.geometry import Point
from fluoro_annotator.marks import (
    EventMark,
    Landmark,
    LevelLabel,
    Needle,
    NerveCourse,
    SlotProgress,
    SlotState,
    Target,
    TargetZone,
    slot_states,
)
from fluoro_annotator.marks.slots import SLOT_KINDS
from fluoro_annotator.protocols import load_protocols, plan
from fluoro_annotator.protocols.words import SlotKind


@pytest.fixture(scope="module")
def planned():
    return plan(load_protocols(folders=()).get("lumbar_mbb"), ["L4-L5"], [Side.RIGHT])


@pytest.fixture
def make(frames, anatomy):
    """Return a function that makes the mark a slot asks for, on the first frame."""

    def of(slot, **changes):
        place = {"frame": frames[0]}
        if slot.what == "level":
            return LevelLabel(**place | {"vertebra": slot.vertebra, "position": Point(1, 1)} | changes)
        if slot.what == "landmark":
            named = {"name": slot.name, "vertebra": slot.vertebra, "side": slot.side, "position": Point(1, 1)}
            return Landmark(**place | named | changes)
        place["site"] = anatomy.site(slot.nerve, slot.side)
        kinds = {
            "target": (Target, {"position": Point(1, 1)}),
            "needle": (Needle, {"tip": Point(1, 1), "hub": Point(9, 9)}),
            "course": (NerveCourse, {"vertices": [Point(1, 1), Point(9, 9)]}),
            "zone": (TargetZone, {"form": "polygon", "vertices": [Point(1, 1), Point(9, 9), Point(1, 9)]}),
            "event": (EventMark, {"event": slot.name}),
        }
        kind, fields = kinds[slot.what]
        return kind(**place | fields | changes)

    return of


def states(planned, session, view="AP_TRUE"):
    return {status.slot.slot_id: status for status in slot_states(planned.slots, session, lambda _uid: view)}


def test_slots_are_called_as_in_plans():
    assert set(SLOT_KINDS.values()) == {kind.value for kind in SlotKind}


def test_slots_are_empty_at_first_and_in_the_order_of_the_plan(planned, session):
    found = slot_states(planned.slots, session, lambda _uid: None)
    assert tuple(status.slot for status in found) == planned.slots
    assert {status.progress for status in found} == {SlotProgress.EMPTY}
    assert not any(status.done for status in found)


def test_every_slot_is_filled_by_its_mark_in_its_view_alone(planned, session, make):
    for slot in planned.slots:
        mark = session.add(make(slot))
        view = "AP_TRUE" if slot.view == "ANY" else slot.view
        found = states(planned, session, view)
        assert found[slot.slot_id].progress is SlotProgress.MARKED
        assert found[slot.slot_id].marks == (mark,)
        assert [key for key, status in found.items() if status.done] == [slot.slot_id]
        other = states(planned, session, "ANOTHER")
        assert other[slot.slot_id].done == (slot.view == "ANY")
        session.undo()


def test_a_mark_of_another_nerve_side_or_name_fills_nothing(planned, session, make, anatomy):
    target = make(planned.slot("L3_MB:R:AP_TRUE:target"))
    session.add(replace(target, site=anatomy.site("L3_MB", Side.LEFT)))
    session.add(replace(target, mark_id="2", site=anatomy.site("L2_MB", Side.RIGHT)))
    landmark = next(slot for slot in planned.slots if slot.what == "landmark")
    session.add(make(landmark, name="something else"))
    assert not any(status.done for status in states(planned, session).values())


def test_an_unsure_mark_leaves_the_slot_unsure_until_a_better_one(planned, session, make):
    slot = planned.slot("L3_MB:R:AP_TRUE:target")
    first = session.add(make(slot, confidence="unsure"))
    assert states(planned, session)[slot.slot_id].progress is SlotProgress.UNSURE
    second = session.add(make(slot, confidence="probable"))
    status = states(planned, session)[slot.slot_id]
    assert (status.progress, status.marks) == (SlotProgress.MARKED, (first, second))


@pytest.mark.parametrize("state", ["not_visible", "not_applicable", "unsure"])
def test_what_was_said_of_an_empty_slot_counts_until_it_is_marked(state, planned, session, make):
    slot = planned.slot("L3_MB:R:AP_TRUE:target")
    session.put(SlotState(slot_id=slot.slot_id, state=state))
    status = states(planned, session)[slot.slot_id]
    assert (status.progress, status.done) == (SlotProgress(state), True)
    session.add(make(slot))
    assert states(planned, session)[slot.slot_id].progress is SlotProgress.MARKED
    session.undo()
    session.undo()
    assert states(planned, session)[slot.slot_id].progress is SlotProgress.EMPTY
