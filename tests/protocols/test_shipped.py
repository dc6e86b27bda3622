"""The protocols of the package: they load, and everything in them has a source that exists."""

import pytest

from fluoro_annotator.anatomy import Evidence, Side, SourceRead, load_anatomy
from fluoro_annotator.protocols import Basis, Procedure, SlotKind, load_protocols, plan
from fluoro_annotator.protocols.checks import backings

IDS = {
    "cervical_mbb": Procedure.BLOCK,
    "cervical_rfn": Procedure.NEUROTOMY,
    "l5_dr_block": Procedure.BLOCK,
    "l5_dr_rfn": Procedure.NEUROTOMY,
    "lumbar_mbb": Procedure.BLOCK,
    "lumbar_rfn": Procedure.NEUROTOMY,
    "thoracic_mbb": Procedure.BLOCK,
    "ton_block": Procedure.BLOCK,
    "ton_rfn": Procedure.NEUROTOMY,
}
SHIPPED = {protocol.id: protocol for protocol in load_protocols(folders=()).protocols}
CASES = [(key, joint) for key, protocol in SHIPPED.items() for joint in protocol.joints]


@pytest.fixture(params=sorted(SHIPPED))
def protocol(request):
    return SHIPPED[request.param]


def test_the_protocols_that_were_promised_are_there():
    assert {key: protocol.procedure for key, protocol in SHIPPED.items()} == IDS
    assert load_protocols(folders=()).refused == ()


def test_each_says_that_it_is_a_draft(protocol):
    assert "sign-off" in protocol.status


def test_every_source_key_is_in_a_table_and_no_other_source_is_carried(protocol):
    named = {key for _, backing in backings(protocol) for key in backing.sources}
    assert named == {source.key for source in protocol.sources}


def test_what_is_published_was_read_and_what_is_taught_says_so(protocol):
    read = {source.key: source.read is not SourceRead.NOT_READ for source in protocol.sources}
    for subject, backing in backings(protocol):
        if backing.basis is Basis.PUBLISHED:
            assert any(read[key] for key in backing.sources), subject


def test_nothing_is_called_validated(protocol):
    assert not any(band.validated for band in protocol.bands)
    assert protocol.pass_rule.standing == "engineering default, not validated"


def test_the_pass_rule_is_the_proposed_one(protocol):
    rule = protocol.pass_rule
    assert (rule.last, rule.on_target, rule.critical_allowed) == (40, 0.8, 0)
    assert (rule.p0, rule.p1, rule.alpha, rule.beta) == (0.20, 0.35, 0.1, 0.1)


def test_no_part_is_carried_without_use(protocol):
    figures = {key for group in protocol.groups for key in group.constructions}
    assert {one.id for one in protocol.constructions} == figures | {b.axis for b in protocol.bands if b.axis}
    assert {line.id for line in protocol.safety_lines} == {k for g in protocol.groups for k in g.safety_lines}
    assert {band.id for band in protocol.bands} == {key for g in protocol.groups for key in g.bands}
    drawn = (*protocol.constructions, *protocol.safety_lines)
    assert {one.id for one in protocol.landmarks} == {key for figure in drawn for key in figure.landmarks}


@pytest.mark.parametrize(("key", "joint"), CASES)
def test_every_joint_has_slots_at_every_nerve_that_is_treated(key, joint):
    planned = plan(SHIPPED[key], [joint], [Side.LEFT, Side.RIGHT])
    supplying = {nerve.id for nerve in load_anatomy().nerves_of([joint])}
    treated = {one.nerve.id for one in planned.nerves}
    assert treated | {one.nerve.id for one in planned.left_out} == supplying
    for nerve in treated:
        for side in Side.LEFT, Side.RIGHT:
            kinds = {slot.what for slot in planned.required_slots if (slot.nerve, slot.side) == (nerve, side)}
            assert {SlotKind.TARGET, SlotKind.NEEDLE} <= kinds


@pytest.mark.parametrize("key", sorted({*SHIPPED} - {"l5_dr_block", "l5_dr_rfn"}))
def test_only_the_protocols_of_the_l5_dorsal_ramus_leave_a_nerve_of_their_joints_out(key):
    assert not plan(SHIPPED[key], SHIPPED[key].joints, [Side.LEFT]).left_out


def test_every_nerve_of_the_table_is_in_some_protocol():
    assert {nerve for protocol in SHIPPED.values() for nerve in protocol.nerves} == set(load_anatomy().nerves)


def test_every_needle_is_seen_in_two_planes(protocol):
    families = {view.id: view.family for view in protocol.views}
    for group in protocol.groups:
        needles = [slot for slot in group.slots if slot.what is SlotKind.NEEDLE and slot.required]
        assert len({families[slot.view] for slot in needles}) >= 2


@pytest.mark.parametrize(
    ("one", "other", "nerve"),
    [
        ("cervical_mbb", "ton_block", "TON"),
        ("cervical_rfn", "ton_rfn", "TON"),
        ("lumbar_mbb", "l5_dr_block", "L5_DR"),
        ("lumbar_rfn", "l5_dr_rfn", "L5_DR"),
    ],
)
def test_a_nerve_with_a_protocol_of_its_own_is_treated_alike_in_both(one, other, nerve):
    assert SHIPPED[one].group_of(nerve) == SHIPPED[other].group_of(nerve)


def test_disputed_thoracic_targets_carry_a_badge_and_others_do_not():
    planned = plan(SHIPPED["thoracic_mbb"], SHIPPED["thoracic_mbb"].joints, [Side.LEFT])
    badged = {slot.nerve for slot in planned.slots if slot.badge}
    assert badged == {f"T{number}_MB" for number in range(1, 11)}
    assert SHIPPED["thoracic_mbb"].evidence is Evidence.DISPUTED
    assert SHIPPED["thoracic_mbb"].evidence_note


@pytest.mark.parametrize(
    ("key", "band", "good"),
    [
        ("lumbar_rfn", "process_depth", (0.25, 0.75)),
        ("lumbar_rfn", "s1_process_depth", (0.333, 1.0)),
        ("lumbar_rfn", "caudal_angle", (33.5, 49.2)),
        ("lumbar_rfn", "lateral_angle_posterior", (5.6, 14.5)),
        ("cervical_mbb", "pillar_band", (0.375, 0.625)),
    ],
)
def test_published_numbers_are_those_of_the_sources(key, band, good):
    assert SHIPPED[key].band(band).good == good


@pytest.mark.parametrize("key", ["caudal_angle", "lateral_angle"])
def test_angles_of_the_literature_are_shown_and_not_judged(key):
    assert SHIPPED["lumbar_rfn"].band(key).use == "display"
