"""How the patient lay, as a term or as codes."""

from itertools import product

import pytest
from pydicom.dataset import Dataset

from fluoro_annotator.dicom.functional_groups import FrameHeaders
from fluoro_annotator.dicom.motion import read_geometries
from fluoro_annotator.dicom.positions import CONTRADICTION, ENDS, ROLLS, read_position
from fluoro_annotator.dicom.view_names import ViewLabel, name_view


def code(value):
    item = Dataset()
    item.CodeValue, item.CodingSchemeDesignator, item.CodeMeaning = value, "SCT", "as it may be"
    return item


def coded(end=None, roll=None, **attributes):
    dataset = Dataset()
    if roll is not None:
        recumbent = code("102538003")
        recumbent.PatientOrientationModifierCodeSequence = [code(roll)]
        dataset.PatientOrientationCodeSequence = [recumbent]
    if end is not None:
        dataset.PatientGantryRelationshipCodeSequence = [code(end)]
    for keyword, value in attributes.items():
        setattr(dataset, keyword, value)
    return dataset


@pytest.mark.parametrize(("end", "roll"), list(product(ENDS, ROLLS)))
def test_codes(end, roll):
    assert read_position(coded(end, roll)) == (ENDS[end] + ROLLS[roll], "")


def test_codes_agree_with_the_dictionary_of_dicom():
    from pydicom.sr.codedict import codes

    assert ROLLS[codes.SCT.Prone.value] == "P"
    assert ROLLS[codes.SCT.Supine.value] == "S"
    assert ROLLS[codes.SCT.LeftLateralDecubitus.value] == "DL"
    assert ROLLS[codes.SCT.RightLateralDecubitus.value] == "DR"
    assert ENDS[codes.SCT.Headfirst.value] == "HF"
    assert ENDS[codes.SCT.FeetFirst.value] == "FF"


@pytest.mark.parametrize(
    ("end", "roll"), [("102540008", None), (None, "1240000"), ("1", "1240000"), ("102540008", "2")]
)
def test_half_a_position_is_none(end, roll):
    assert read_position(coded(end, roll)) == ("", "")


def test_the_term_goes_before_codes_and_a_contradiction_is_stated():
    assert read_position(coded("102540008", "1240000", PatientPosition="HFP")) == ("HFP", "")
    headers = FrameHeaders(coded("102540008", "1240000", PatientPosition="HFS", PositionerPrimaryAngle=25), 1)
    (geometry,) = read_geometries(headers, 1)
    assert geometry.patient_position == "HFS"
    assert geometry.notes == (f"{CONTRADICTION}: HFS as Patient Position, HFP by its codes",)
    assert name_view(ViewLabel(), geometry).caution.endswith("HFP by its codes: confirm the side")
