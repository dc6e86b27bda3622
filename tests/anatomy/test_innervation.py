"""The table against the published rules of innervation, each written out as a rule.

Nothing here is read from the data file except the table under test: the expected nerves,
vertebrae and joints follow from counting spinal nerves and vertebrae.
"""

from __future__ import annotations

from itertools import pairwise

import pytest

from fluoro_annotator.anatomy import Evidence, Region, Side
from fluoro_annotator.errors import UnknownJointError

VERTEBRAE = [
    *(f"C{n}" for n in range(1, 8)),
    *(f"T{n}" for n in range(1, 13)),
    *(f"L{n}" for n in range(1, 6)),
    "S1",
]
SPINAL_NERVES = [
    *(f"C{n}" for n in range(1, 9)),
    *(f"T{n}" for n in range(1, 13)),
    *(f"L{n}" for n in range(1, 6)),
]
JOINTS = [f"{upper}-{lower}" for upper, lower in pairwise(VERTEBRAE[1:])]
TARGETED = SPINAL_NERVES[SPINAL_NERVES.index("C3") :]
CROSSING_NEXT = SPINAL_NERVES[SPINAL_NERVES.index("C8") : SPINAL_NERVES.index("L5")]
LETTERS = {"C": Region.CERVICAL, "T": Region.THORACIC, "L": Region.LUMBAR, "S": Region.SACRAL}


def main_nerve(spinal_nerve):
    """Return the identifier of the nerve of a spinal nerve that supplies the joints below it."""
    return {"C3": "C3_DMB", "L5": "L5_DR"}.get(spinal_nerve, f"{spinal_nerve}_MB")


def joints_below(spinal_nerve):
    """Return the joints that start at the spinal nerve's ordinal vertebra, and the one above."""
    place = SPINAL_NERVES.index(spinal_nerve)
    above, own = (VERTEBRAE[place - 1], VERTEBRAE[place])
    joints = [f"{above}-{own}"]
    if place + 1 < len(VERTEBRAE):
        joints.append(f"{own}-{VERTEBRAE[place + 1]}")
    return joints


def test_the_table_holds_every_vertebra_joint_and_nerve(anatomy):
    assert list(anatomy.vertebrae) == VERTEBRAE
    assert list(anatomy.joints) == JOINTS
    assert list(anatomy.nerves) == ["TON", *(main_nerve(nerve) for nerve in TARGETED)]
    assert (len(anatomy.vertebrae), len(anatomy.joints), len(anatomy.nerves)) == (25, 23, 24)


def test_vertebrae_are_counted_from_cranial(anatomy):
    assert [bone.order for bone in anatomy.vertebrae.values()] == list(range(1, 26))


@pytest.mark.parametrize("number", range(3, 8))
def test_c3_to_c7_lie_on_the_vertebra_of_the_same_number(anatomy, number):
    assert anatomy.nerve(main_nerve(f"C{number}")).vertebra == f"C{number}"


@pytest.mark.parametrize("spinal_nerve", CROSSING_NEXT)
def test_c8_to_l4_cross_the_vertebra_below_their_number(anatomy, spinal_nerve):
    own = "C7" if spinal_nerve == "C8" else spinal_nerve
    assert anatomy.nerve(main_nerve(spinal_nerve)).vertebra == VERTEBRAE[VERTEBRAE.index(own) + 1]


def test_l5_is_reached_as_dorsal_ramus_at_s1(anatomy):
    nerve = anatomy.nerve("L5_DR")
    assert (nerve.spinal_nerve, nerve.vertebra, nerve.name) == ("L5", "S1", "L5 dorsal ramus")
    assert "L5_MB" not in anatomy.nerves


@pytest.mark.parametrize("spinal_nerve", TARGETED)
def test_the_nth_spinal_nerve_is_targeted_on_the_nth_vertebra(anatomy, spinal_nerve):
    place = SPINAL_NERVES.index(spinal_nerve)
    assert anatomy.nerve(main_nerve(spinal_nerve)).vertebra == VERTEBRAE[place]


@pytest.mark.parametrize("number", range(3, 7))
def test_cervical_joints_have_the_nerves_of_both_their_vertebrae(anatomy, number):
    expected = (main_nerve(f"C{number}"), f"C{number + 1}_MB")
    assert anatomy.joint(f"C{number}-C{number + 1}").nerves == expected


def test_c2_c3_has_the_third_occipital_nerve_alone(anatomy):
    assert anatomy.joint("C2-C3").nerves == ("TON",)
    nerve = anatomy.nerve("TON")
    assert (nerve.joints, nerve.spinal_nerve, nerve.vertebra) == (("C2-C3",), "C3", "C3")


def test_c7_t1_has_c7_and_c8_and_c8_is_targeted_at_t1(anatomy):
    assert anatomy.joint("C7-T1").nerves == ("C7_MB", "C8_MB")
    assert anatomy.nerve("C8_MB").vertebra == "T1"


@pytest.mark.parametrize("joint", [joint for joint in JOINTS if joint[0] in "TL" and joint != "L5-S1"])
def test_from_t1_t2_to_l4_l5_the_nerve_above_and_the_nerve_of_the_number(anatomy, joint):
    upper = joint.split("-")[0]
    previous = SPINAL_NERVES[SPINAL_NERVES.index(upper) - 1]
    assert anatomy.joint(joint).nerves == (f"{previous}_MB", f"{upper}_MB")


@pytest.mark.parametrize(
    ("joint", "nerves"),
    [
        ("T1-T2", ("C8_MB", "T1_MB")),
        ("T4-T5", ("T3_MB", "T4_MB")),
        ("T12-L1", ("T11_MB", "T12_MB")),
        ("L1-L2", ("T12_MB", "L1_MB")),
        ("L4-L5", ("L3_MB", "L4_MB")),
    ],
)
def test_the_shift_by_c8_at_the_published_examples(anatomy, joint, nerves):
    assert anatomy.joint(joint).nerves == nerves


def test_l5_s1_has_the_l4_medial_branch_and_the_l5_dorsal_ramus(anatomy):
    assert anatomy.joint("L5-S1").nerves == ("L4_MB", "L5_DR")
    assert anatomy.nerve("L5_DR").joints == ("L5-S1",)


@pytest.mark.parametrize("spinal_nerve", CROSSING_NEXT)
def test_c8_to_l4_supply_the_joint_of_the_process_they_cross_and_the_next_below(anatomy, spinal_nerve):
    nerve = anatomy.nerve(main_nerve(spinal_nerve))
    assert list(nerve.joints) == joints_below(spinal_nerve)
    assert nerve.joints[0].endswith(f"-{nerve.vertebra}")
    assert nerve.joints[1].startswith(f"{nerve.vertebra}-")


@pytest.mark.parametrize("number", range(4, 8))
def test_c4_to_c7_supply_the_joints_above_and_below_their_vertebra(anatomy, number):
    assert list(anatomy.nerve(f"C{number}_MB").joints) == joints_below(f"C{number}")


def test_the_deep_branch_of_c3_supplies_only_the_joint_below(anatomy):
    assert anatomy.nerve("C3_DMB").joints == ("C3-C4",)


@pytest.mark.parametrize("joint", ["C0-C1", "C1-C2", "SI"])
def test_joints_without_a_medial_branch_target_are_refused_with_the_reason(anatomy, joint):
    assert joint not in anatomy.joints
    reason = anatomy.excluded_joints[joint].reason
    with pytest.raises(UnknownJointError, match=joint) as caught:
        anatomy.joint(joint)
    assert reason in str(caught.value)


def test_joints_and_nerves_name_each_other(anatomy):
    from_joints = {(joint.id, nerve) for joint in anatomy.joints.values() for nerve in joint.nerves}
    from_nerves = {(joint, nerve.id) for nerve in anatomy.nerves.values() for joint in nerve.joints}
    assert from_joints == from_nerves


def test_only_the_first_ten_thoracic_targets_are_disputed(anatomy):
    disputed = {nerve.id for nerve in anatomy.nerves.values() if nerve.evidence is Evidence.DISPUTED}
    assert disputed == {f"T{number}_MB" for number in range(1, 11)}


def test_every_nerve_is_paired(anatomy):
    assert {nerve.sides for nerve in anatomy.nerves.values()} == {(Side.LEFT, Side.RIGHT)}


def test_regions_follow_the_letter_of_vertebra_and_spinal_nerve(anatomy):
    for bone in anatomy.vertebrae.values():
        assert bone.region is LETTERS[bone.id[0]]
    for nerve in anatomy.nerves.values():
        assert nerve.region is LETTERS[nerve.spinal_nerve[0]]


def test_every_landmark_names_the_target_vertebra_or_the_sacrum(anatomy):
    for nerve in anatomy.nerves.values():
        assert nerve.vertebra in nerve.landmark
        others = set(VERTEBRAE) - {nerve.vertebra, "C2"}
        words = set(nerve.landmark.replace(",", " ").replace(".", " ").replace(";", " ").split())
        assert not words & others


def test_identifiers_and_names_follow_the_spinal_nerve(anatomy):
    for nerve in anatomy.nerves.values():
        if nerve.id != "TON":
            assert nerve.id.startswith(f"{nerve.spinal_nerve}_")
            assert nerve.name.startswith(f"{nerve.spinal_nerve} ")
            assert nerve.short_name.startswith(f"{nerve.spinal_nerve} ")
