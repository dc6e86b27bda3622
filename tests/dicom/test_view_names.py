"""Names of views with their rules; left and right never follow from an angle."""

import re

import pytest
from pydicom.dataset import Dataset

from fluoro_annotator.dicom import AcquisitionGeometry
from fluoro_annotator.dicom.orientation import VIEW_CODES
from fluoro_annotator.dicom.view_names import ViewLabel, name_view, read_label, view_class

SIDES = re.compile(r"\b(left|right|lao|rao|lpo|rpo)\b", re.IGNORECASE)


def item(**attributes):
    dataset = Dataset()
    for keyword, value in attributes.items():
        setattr(dataset, keyword, value)
    return dataset


def named(primary, secondary=None, label="", **geometry):
    source = "View Position" if label else ""
    stood = AcquisitionGeometry(primary_angle=primary, secondary_angle=secondary, **geometry)
    return name_view(ViewLabel(label, source), stood)


@pytest.mark.parametrize(
    ("primary", "name"),
    [
        (0, "AP/PA"),
        (10, "AP/PA"),
        (-10, "AP/PA"),
        (180, "AP/PA"),
        (-171, "AP/PA"),
        (350, "AP/PA"),
        (10.5, "oblique"),
        (25, "oblique"),
        (-155, "oblique"),
        (79, "oblique"),
        (80, "lateral"),
        (-90, "lateral"),
        (95, "lateral"),
        (270, "lateral"),
    ],
)
def test_classes_by_the_primary_angle(primary, name):
    assert view_class(primary) == name
    assert view_class(primary + 180) == name, "a prone patient is in the same class of view"
    assert view_class(-primary) == name


@pytest.mark.parametrize(
    ("primary", "secondary", "name"),
    [
        (0.0, 0.0, "AP/PA, primary 0.0°, secondary 0.0°"),
        (0.0, 25.0, "AP/PA, cranial tilt, primary 0.0°, secondary 25.0°"),
        (-155.0, -40.0, "oblique, caudal tilt, primary -155.0°, secondary -40.0°"),
        (90.0, 9.9, "lateral, primary 90.0°, secondary 9.9°"),
        (None, -30.0, "caudal tilt, secondary -30.0°"),
        (25.0, None, "oblique, primary 25.0°"),
        (None, None, "view not stated"),
    ],
)
def test_names_by_angles(primary, secondary, name):
    found = named(primary, secondary)
    assert found.name == name
    assert found.rule.startswith("the header states neither" if "stated" in name else "positioner angles")


@pytest.mark.parametrize("position", ["", "HFS", "HFP", "FFS", "FFP", "HFDL", "FFDR", "ODD"])
@pytest.mark.parametrize("primary", range(-180, 181, 15))
def test_no_angle_names_a_side_whatever_the_position(primary, position):
    found = named(
        float(primary), 20.0, patient_position=position, patient_orientation=("L", "F"), laterality="R"
    )
    assert not SIDES.search(found.name)
    assert not SIDES.search(found.rule)


def test_a_label_is_believed_and_says_where_it_stands():
    found = named(-155.0, 0.0, "right posterior oblique")
    assert found.name == "right posterior oblique, primary -155°"
    assert found.rule == "View Position"


@pytest.mark.parametrize(
    ("label", "primary", "contradicted"),
    [
        ("AP", 180.0, False),
        ("PA", 0.0, False),
        ("AP", 90.0, True),
        ("left lateral", 90.0, False),
        ("left lateral", 0.0, True),
        ("oblique", 3.0, True),
        ("oblique", -155.0, False),
        ("right lateral oblique", 45.0, False),
        ("swimmer's", 90.0, False),
        ("AP, Cephalic angulation", 180.0, False),
        ("AP", None, False),
    ],
)
def test_a_label_that_the_angle_contradicts_is_kept_and_the_rule_says_so(label, primary, contradicted):
    found = named(primary, 0.0, label)
    assert found.name.startswith(label)
    assert ("contradicted" in found.rule) == contradicted


def test_a_run_in_which_the_c_arm_moved_says_so():
    found = name_view(ViewLabel(), AcquisitionGeometry(primary_angle=0.0), moving=True)
    assert "the C-arm moved" in found.rule


def test_a_prone_patient_gets_both_readings_of_the_angle_and_a_request():
    found = named(25.0, 10.0, patient_position="HFP")
    assert found.caution == (
        "HFP: a device that assumed HFS means primary -155°, secondary 10° in this patient: confirm the side"
    )


def test_cautions():
    assert "default" in named(25.0, patient_position="HFS").caution
    assert "not stated" in named(25.0).caution
    assert "not stated" in named(25.0, patient_position="SEATED").caution
    assert "flipped" in named(25.0, patient_position="HFP", mirrored=True).caution
    assert not named(None).caution


def coded(*modifiers):
    code = item(CodeValue="399348003", CodingSchemeDesignator="SCT", CodeMeaning="antero-posterior")
    if modifiers:
        code.ViewModifierCodeSequence = [
            item(CodeValue="1", CodingSchemeDesignator="SCT", CodeMeaning=meaning) for meaning in modifiers
        ]
    return item(ViewCodeSequence=[code], ViewPosition="PA")


def test_a_code_goes_before_the_view_position_and_brings_its_modifiers():
    assert read_label(coded()) == ViewLabel("AP", "View Code Sequence")
    assert read_label(coded("Axial", "")) == ViewLabel("AP, Axial", "View Code Sequence")
    assert read_label(item(ViewPosition="LL")) == ViewLabel("left lateral", "View Position")
    assert read_label(item(ViewPosition="XX")) == read_label(item()) == ViewLabel()


def test_every_code_is_known_to_the_rules():
    for name in VIEW_CODES.values():
        angle = 90.0 if "lateral" in name else 40.0 if "oblique" in name else 0.0
        assert "contradicted" not in named(angle, 0.0, name).rule


def test_the_image_carries_it(write, read_one, cine):
    image = read_one(
        write("x", cine, PositionerPrimaryAngle=0, PositionerSecondaryAngle=20, PatientPosition="HFS")
    )
    assert image.view_name == image.view.name == "AP/PA, cranial tilt, primary 0.0°, secondary 20.0°"
    assert image.view_label == ""
    assert image.title == "2 Lumbar, AP/PA, cranial tilt, primary 0.0°, secondary 20.0°"
