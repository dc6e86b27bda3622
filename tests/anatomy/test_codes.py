"""Every code of the table against the dictionaries that pydicom brings along."""

from __future__ import annotations

from pydicom.sr.codedict import codes
from pydicom.sr.coding import Code as DicomCode


def as_dicom(code):
    return DicomCode(code.value, code.scheme, code.meaning)


def exactly(found, code):
    """Compare value, scheme and meaning; pydicom's own equality leaves the meaning out."""
    return (found.value, found.scheme_designator, found.meaning) == (code.value, code.scheme, code.meaning)


def test_vertebrae_carry_the_code_of_their_name(anatomy):
    for bone in anatomy.vertebrae.values():
        if bone.id != "S1":
            assert exactly(getattr(codes.SCT, f"{bone.id}Vertebra"), bone.code), bone.id
            assert as_dicom(bone.code) in codes.CID7603


def test_s1_carries_the_code_of_the_sacrum_and_says_so(anatomy):
    sacrum = anatomy.vertebra("S1")
    assert exactly(codes.SCT.Sacrum, sacrum.code)
    assert as_dicom(sacrum.code) in codes.CID4
    assert "sacrum" in sacrum.note


def test_the_dictionary_has_indeed_no_code_for_s1():
    assert not any("S1" in name for name in codes.CID7603.dir())


def test_joints_carry_the_code_of_their_disc_level(anatomy):
    for joint in anatomy.joints.values():
        upper, lower = joint.vertebrae
        assert exactly(getattr(codes.SCT, f"LevelOf{upper}{lower}IntervertebralDisc"), joint.level_code), (
            joint.id
        )
        assert as_dicom(joint.level_code) in codes.CID1003


def test_no_two_entries_share_a_code(anatomy):
    values = [bone.code.value for bone in anatomy.vertebrae.values()]
    values += [joint.level_code.value for joint in anatomy.joints.values()]
    assert len(set(values)) == 25 + 23
