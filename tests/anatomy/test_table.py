from __future__ import annotations

from dataclasses import replace

import pytest

from fluoro_annotator.anatomy import Side, Site, load_anatomy
from fluoro_annotator.errors import (
    AnatomyDataError,
    AnatomyError,
    SideNotAllowedError,
    UnknownJointError,
    UnknownNerveError,
    UnknownVertebraError,
    WrongJointError,
    WrongVertebraError,
)


def ids(nerves):
    return [nerve.id for nerve in nerves]


def test_the_table_is_read_once(anatomy):
    assert load_anatomy() is anatomy


def test_the_table_cannot_be_changed(anatomy):
    with pytest.raises(TypeError):
        anatomy.nerves["L6_MB"] = anatomy.nerve("L4_MB")
    with pytest.raises(AttributeError):
        anatomy.nerves = {}


def test_the_table_keeps_its_own_copy_of_the_mappings(anatomy):
    nerves = dict(anatomy.nerves)
    copied = replace(anatomy, nerves=nerves)
    nerves.clear()
    assert len(copied.nerves) == 24


@pytest.mark.parametrize(
    ("joints", "expected"),
    [
        (["L4-L5"], ["L3_MB", "L4_MB"]),
        (["L5-S1", "L4-L5"], ["L3_MB", "L4_MB", "L5_DR"]),
        (["L3-L4", "L4-L5", "L5-S1"], ["L2_MB", "L3_MB", "L4_MB", "L5_DR"]),
        (["C2-C3"], ["TON"]),
        (["C2-C3", "C3-C4"], ["TON", "C3_DMB", "C4_MB"]),
        (["C7-T1", "T1-T2"], ["C7_MB", "C8_MB", "T1_MB"]),
        (["L4-L5", "L4-L5"], ["L3_MB", "L4_MB"]),
        (["C5-C6", "L5-S1"], ["C5_MB", "C6_MB", "L4_MB", "L5_DR"]),
        ([], []),
    ],
)
def test_joints_expand_to_their_nerves_from_cranial_to_caudal(anatomy, joints, expected):
    assert ids(anatomy.nerves_of(joints)) == expected


def test_neighbouring_joints_need_one_nerve_more(anatomy):
    joints = list(anatomy.joints)[1:]
    for start in range(len(joints)):
        for stop in range(start + 1, len(joints) + 1):
            assert len(anatomy.nerves_of(joints[start:stop])) == stop - start + 1


def test_an_unknown_joint_among_several_is_refused(anatomy):
    with pytest.raises(UnknownJointError, match="L6-S1"):
        anatomy.nerves_of(["L4-L5", "L6-S1"])


@pytest.mark.parametrize(
    ("method", "name", "error", "hint"),
    [
        ("vertebra", "l4", UnknownVertebraError, "Did you mean L4"),
        ("vertebra", "L6", UnknownVertebraError, "Did you mean L5"),
        ("vertebra", "X", UnknownVertebraError, "Use C1 to C7, T1 to T12, L1 to L5 or S1."),
        ("vertebra", "", UnknownVertebraError, "Use C1 to C7"),
        ("joint", "L4-5", UnknownJointError, "Did you mean L4-L5"),
        ("joint", "l4-l5", UnknownJointError, "Did you mean L4-L5"),
        ("joint", "knee", UnknownJointError, "Name both vertebrae, for example L4-L5."),
        ("nerve", "L4 MB", UnknownNerveError, "Did you mean L4_MB (L4 medial branch, at L5)?"),
        ("nerve", "L5_MB", UnknownNerveError, "Did you mean L5_DR (L5 dorsal ramus, at S1)?"),
        ("nerve", "L4", UnknownNerveError, "L4 medial branch, at L5) or L3_MB (L3 medial branch, at L4)?"),
        ("nerve", "T3_MBX", UnknownNerveError, "Did you mean T3_MB"),
        ("nerve", "median", UnknownNerveError, "Use a name such as L3_MB, TON or L5_DR."),
    ],
)
def test_unknown_names_get_near_matches(anatomy, method, name, error, hint):
    with pytest.raises(error) as caught:
        getattr(anatomy, method)(name)
    assert hint in caught.value.remedy
    assert repr(name) in caught.value.subject


def test_near_matches_stay_in_the_region(anatomy):
    with pytest.raises(UnknownVertebraError) as caught:
        anatomy.vertebra("L6")
    assert "T6" not in caught.value.remedy


def test_every_nerve_has_a_sound_site_on_both_sides(anatomy):
    for nerve in anatomy.nerves.values():
        for side in (Side.LEFT, Side.RIGHT):
            site = anatomy.site(nerve.id, side)
            assert site == Site(nerve.id, nerve.vertebra, nerve.joints, side)
            anatomy.check_site(site)


def test_no_nerve_can_lie_in_the_midline(anatomy):
    for nerve_id in anatomy.nerves:
        with pytest.raises(
            SideNotAllowedError, match=r"left and right of the midline\. Choose left or right\."
        ):
            anatomy.site(nerve_id, Side.MIDLINE)


def test_a_site_of_an_unknown_nerve_is_refused(anatomy):
    with pytest.raises(UnknownNerveError):
        anatomy.site("L9_MB", Side.LEFT)


@pytest.mark.parametrize(
    ("site", "error", "text"),
    [
        (Site("L9_MB", "L4", ("L3-L4",), Side.LEFT), UnknownNerveError, "L9_MB"),
        (Site("L3_MB", "L9", ("L3-L4",), Side.LEFT), UnknownVertebraError, "L9"),
        (
            Site("L3_MB", "L3", ("L3-L4",), Side.LEFT),
            WrongVertebraError,
            "targeted at L4, not at L3; a nerve is named for the spinal nerve it comes from",
        ),
        (Site("C8_MB", "C7", ("C7-T1",), Side.LEFT), WrongVertebraError, "Set the vertebra to T1"),
        (
            Site("L3_MB", "L4", (), Side.LEFT),
            WrongJointError,
            "no joint is named. It supplies L3-L4 and L4-L5.",
        ),
        (
            Site("L3_MB", "L4", ("L5-S1",), Side.LEFT),
            WrongJointError,
            "L5-S1 is supplied by L4 medial branch and L5 dorsal ramus",
        ),
        (
            Site("L3_MB", "L4", ("L3-L4", "L2-L3"), Side.LEFT),
            WrongJointError,
            "does not supply the joint L2-L3",
        ),
        (Site("L3_MB", "L4", ("L3-L9",), Side.LEFT), UnknownJointError, "L3-L9"),
        (Site("TON", "C3", ("C1-C2",), Side.LEFT), UnknownJointError, "it has no medial branch target"),
        (Site("L3_MB", "L4", ("L3-L4",), Side.MIDLINE), SideNotAllowedError, "cannot be midline"),
    ],
)
def test_fields_that_do_not_fit_are_refused_with_the_reason(anatomy, site, error, text):
    with pytest.raises(error) as caught:
        anatomy.check_site(site)
    assert text in str(caught.value)
    assert isinstance(caught.value, AnatomyError)
    assert caught.value.remedy


def test_a_site_may_name_one_of_the_joints(anatomy):
    anatomy.check_site(Site("L3_MB", "L4", ("L4-L5",), Side.RIGHT))


def test_only_one_vertebra_fits_each_nerve(anatomy):
    for nerve in anatomy.nerves.values():
        for vertebra in set(anatomy.vertebrae) - {nerve.vertebra}:
            with pytest.raises(WrongVertebraError, match=f"Set the vertebra to {nerve.vertebra}"):
                anatomy.check_site(Site(nerve.id, vertebra, nerve.joints, Side.LEFT))


@pytest.mark.parametrize(
    ("nerve", "side", "label"),
    [
        ("L3_MB", Side.RIGHT, "L3 medial branch, at L4, right"),
        ("L5_DR", Side.LEFT, "L5 dorsal ramus, at S1, left"),
        ("TON", Side.LEFT, "Third occipital nerve, at C3, left"),
        ("C8_MB", Side.RIGHT, "C8 medial branch, at T1, right"),
    ],
)
def test_site_labels(anatomy, nerve, side, label):
    assert anatomy.site_label(anatomy.site(nerve, side)) == label


def test_a_label_does_not_hide_a_wrong_vertebra(anatomy):
    wrong = Site("L3_MB", "L3", ("L3-L4",), Side.RIGHT)
    assert anatomy.site_label(wrong) == "L3 medial branch, at L3, right"


def test_a_label_of_an_unknown_nerve_is_refused(anatomy):
    with pytest.raises(UnknownNerveError):
        anatomy.site_label(Site("L9_MB", "L4", ("L3-L4",), Side.RIGHT))


def test_a_table_in_the_wrong_order_is_refused(anatomy):
    backwards = dict(reversed(anatomy.nerves.items()))
    with pytest.raises(AnatomyDataError, match="it comes after L5_DR, which lies below it"):
        replace(anatomy, nerves=backwards)


def test_an_entry_under_a_foreign_key_is_refused(anatomy):
    nerves = {**anatomy.nerves, "L6_MB": anatomy.nerve("L5_DR")}
    with pytest.raises(AnatomyDataError, match="kept under the key 'L6_MB'"):
        replace(anatomy, nerves=nerves)
