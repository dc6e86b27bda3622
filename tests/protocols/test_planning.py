"""From joints and sides to nerves and slots."""

import re

import pytest

from fluoro_annotator.anatomy import Side, load_anatomy
from fluoro_annotator.errors import ProtocolError, UnknownJointError
from fluoro_annotator.protocols import (
    ANY_VIEW,
    DISPUTED,
    SlotKind,
    load_protocols,
    plan,
    read_protocol,
)

LIBRARY = load_protocols(folders=())
BLOCK = LIBRARY.get("lumbar_mbb")


def nerves_of(planned):
    return [one.nerve.id for one in planned.nerves]


def test_adjacent_joints_share_a_nerve_that_is_planned_once():
    planned = plan(BLOCK, ["L5-S1", "L4-L5"], [Side.RIGHT])
    assert nerves_of(planned) == ["L5_DR", "L4_MB", "L3_MB"]
    assert planned.joints == ("L4-L5", "L5-S1")
    assert {one.nerve.id: one.joints for one in planned.nerves} == {
        "L5_DR": ("L5-S1",),
        "L4_MB": ("L4-L5", "L5-S1"),
        "L3_MB": ("L4-L5",),
    }


def test_the_text_for_confirmation_names_nerve_vertebra_joints_and_side():
    assert plan(BLOCK, ["L4-L5", "L5-S1"], [Side.RIGHT]).text == (
        "Lumbar medial branch block, L4-L5 and L5-S1, right. Nerves: L5 dorsal ramus, at S1 (for L5-S1); "
        "L4 medial branch, at L5 (for L4-L5 and L5-S1); L3 medial branch, at L4 (for L4-L5)."
    )


def test_slots_have_stable_identifiers_that_are_all_different():
    planned = plan(BLOCK, BLOCK.joints, [Side.LEFT, Side.RIGHT])
    ids = [slot.slot_id for slot in planned.slots]
    assert len(set(ids)) == len(ids)
    slot = planned.slot("L3_MB:R:AP_TRUE:target")
    assert (slot.what, slot.nerve, slot.vertebra, slot.side, slot.view) == (
        SlotKind.TARGET,
        "L3_MB",
        "L4",
        Side.RIGHT,
        "AP_TRUE",
    )
    assert (slot.label, slot.required, slot.badge) == ("L3 medial branch, at L4, right", True, "")
    assert planned.slot("L3_MB:R:AP_TRUE:drawing") is None


def test_identifiers_do_not_depend_on_what_else_is_planned():
    few = plan(BLOCK, ["L4-L5"], [Side.LEFT])
    many = plan(BLOCK, BLOCK.joints, [Side.RIGHT, Side.LEFT])
    assert {slot.slot_id: slot.hint for slot in few.slots}.items() <= {
        slot.slot_id: slot.hint for slot in many.slots
    }.items()


def test_work_goes_level_labels_first_then_side_by_side_nerve_by_nerve_view_by_view():
    planned = plan(BLOCK, ["L4-L5"], [Side.RIGHT, Side.LEFT])
    assert [slot.slot_id for slot in planned.slots[:2]] == ["L5:level", "L4:level"]
    assert all(slot.view == ANY_VIEW for slot in planned.slots[:2])
    order = [view.id for view in BLOCK.views]
    places = [
        (
            [Side.RIGHT, Side.LEFT].index(slot.side),
            ["L4_MB", "L3_MB"].index(slot.nerve),
            order.index(slot.view),
        )
        for slot in planned.slots[2:]
    ]
    assert places == sorted(places)


def test_the_neck_is_worked_through_from_the_head_down():
    planned = plan(LIBRARY.get("cervical_mbb"), ["C3-C4", "C2-C3"], [Side.LEFT])
    assert nerves_of(planned) == ["TON", "C3_DMB", "C4_MB"]


def test_hints_name_the_vertebra_and_hold_no_braces_any_more():
    for protocol in LIBRARY.protocols:
        for slot in plan(protocol, protocol.joints, [Side.LEFT]).slots:
            assert not re.search(r"[{}]", slot.hint + slot.accept + slot.label)
    hint = plan(BLOCK, ["L4-L5"], [Side.RIGHT]).slot("L3_MB:R:IPSI_OBLIQUE:target").hint
    assert "L4 Scotty dog" in hint


def test_landmarks_of_constructions_and_lines_are_voluntary_slots_named_once():
    planned = plan(BLOCK, ["L4-L5"], [Side.RIGHT])
    names = [slot.name for slot in planned.slots if slot.slot_id.startswith("L3_MB:R:AP_TRUE:landmark")]
    assert names == ["tp_border_medial", "mamillo_accessory_notch", "tp_border_lateral"]
    assert not any(slot.required for slot in planned.slots if slot.what is SlotKind.LANDMARK)


def test_events_have_a_slot_with_their_name():
    slot = plan(BLOCK, ["L4-L5"], [Side.LEFT]).slot("L4_MB:L:CONTRAST_LIVE:event:contrast_appears")
    assert (slot.what, slot.name) == (SlotKind.EVENT, "contrast_appears")


def test_a_nerve_that_the_protocol_does_not_treat_is_said():
    planned = plan(LIBRARY.get("l5_dr_block"), ["L5-S1"], [Side.LEFT])
    assert nerves_of(planned) == ["L5_DR"]
    assert [one.nerve.id for one in planned.left_out] == ["L4_MB"]
    assert planned.text.endswith("Not part of this protocol: L4 medial branch, at L5 (for L5-S1).")


def test_disputed_targets_say_so_wherever_they_are_listed():
    planned = plan(LIBRARY.get("thoracic_mbb"), ["T5-T6"], [Side.LEFT])
    assert {slot.badge for slot in planned.slots if slot.nerve} == {DISPUTED}
    assert planned.text.count(DISPUTED) == 2


def test_an_optional_view_becomes_required_where_a_required_slot_lies_in_it():
    thoracic = LIBRARY.get("thoracic_mbb")
    upper = plan(thoracic, ["T5-T6"], [Side.LEFT])
    lower = plan(thoracic, ["T12-L1"], [Side.LEFT])
    assert "IPSI_OBLIQUE" not in {view.id for view in upper.required_views}
    assert "IPSI_OBLIQUE" in {view.id for view in lower.required_views}
    assert {view.id for view in thoracic.required_views} <= {view.id for view in upper.required_views}


@pytest.mark.parametrize("protocol", LIBRARY.protocols, ids=lambda one: one.id)
def test_every_slot_lies_in_a_view_of_the_protocol_and_at_the_vertebra_of_its_nerve(protocol):
    views = {view.id for view in protocol.views} | {ANY_VIEW}
    for slot in plan(protocol, protocol.joints, [Side.RIGHT]).slots:
        assert slot.view in views
        if slot.nerve:
            assert load_anatomy().nerve(slot.nerve).vertebra == slot.vertebra


@pytest.mark.parametrize(
    ("joints", "sides", "error", "problem"),
    [
        ([], [Side.LEFT], ProtocolError, "no joint is named"),
        (["L4-L5"], [], ProtocolError, "no side is named"),
        (["L4-L5"], [Side.MIDLINE], ProtocolError, "the side is"),
        (["L4-L5"], ["left "], ProtocolError, "the side is"),
        (["L4-L5", "L4-L5"], [Side.LEFT], ProtocolError, "joint L4-L5 is named twice"),
        (["L4-L5"], [Side.LEFT, Side.LEFT], ProtocolError, "side left is named twice"),
        (["C3-C4"], [Side.LEFT], ProtocolError, "is not for the joint C3-C4"),
        (["L4-L6"], [Side.LEFT], UnknownJointError, "no joint of that name"),
        (["C1-C2"], [Side.LEFT], UnknownJointError, "no medial branch target"),
    ],
)
def test_what_cannot_be_planned_is_refused(joints, sides, error, problem):
    with pytest.raises(error) as caught:
        plan(BLOCK, joints, sides)
    assert problem in caught.value.problem


def test_a_site_protocol_plans_with_its_own_words(own):
    planned = plan(own, ["L3-L4"], [Side.LEFT])
    assert planned.slot("L3_MB:L:AP_TRUE:target").hint == "Press on L4 for the L3 medial branch on the left."
    assert planned.slot("L3_MB:L:LATERAL_TRUE:landmark:our_point").label == "our own point, L4, left"


def test_a_group_can_call_its_nerves_disputed(small, write):
    text = small.replace("  - nerves: [L2_MB", "  - evidence: disputed\n    nerves: [L2_MB")
    planned = plan(read_protocol(write(text)), ["L3-L4"], [Side.LEFT])
    assert {one.badge for one in planned.nerves} == {DISPUTED}
