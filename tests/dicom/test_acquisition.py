"""How the C-arm, the table and the patient stood, frame by frame."""

import math
from itertools import product

import numpy as np
import pytest
from pydicom.dataset import Dataset

from fluoro_annotator.dicom import AcquisitionGeometry, angles_in_patient
from fluoro_annotator.dicom.acquisition import is_patient_position, wrap
from fluoro_annotator.dicom.functional_groups import FrameHeaders
from fluoro_annotator.dicom.motion import MOST_LISTED_FRAMES, read_geometries, read_geometry

POSITIONS = [head + roll for head, roll in product(("HF", "FF"), ("S", "P", "DL", "DR"))]


def header(**attributes):
    dataset = Dataset()
    for keyword, value in attributes.items():
        setattr(dataset, keyword, value)
    return dataset


def geometries(frames=5, **attributes):
    return read_geometries(FrameHeaders(header(**attributes), frames), frames)


def angles(found):
    return [geometry.primary_angle for geometry in found]


@pytest.mark.parametrize(
    ("keyword", "value", "field", "expected"),
    [
        ("PositionerPrimaryAngle", "-155", "primary_angle", -155.0),
        ("PositionerPrimaryAngle", "361", "primary_angle", None),
        ("PositionerSecondaryAngle", "5.5", "secondary_angle", 5.5),
        ("DetectorPrimaryAngle", "2", "detector_primary_angle", 2.0),
        ("DetectorSecondaryAngle", "3", "detector_secondary_angle", 3.0),
        ("ColumnAngulation", "-20", "column_angulation", -20.0),
        ("TableAngle", "15", "table_angle", 15.0),
        ("DistanceSourceToDetector", "1100", "source_detector_mm", 1100.0),
        ("DistanceSourceToDetector", "0", "source_detector_mm", None),
        ("DistanceSourceToDetector", "50000", "source_detector_mm", None),
        ("DistanceSourceToPatient", "-700", "source_patient_mm", None),
        ("EstimatedRadiographicMagnificationFactor", "1.3", "stated_magnification", 1.3),
        ("EstimatedRadiographicMagnificationFactor", "0.3", "stated_magnification", None),
        ("PatientPosition", "HFP", "patient_position", "HFP"),
        ("PatientOrientation", ["L", "F"], "patient_orientation", ("L", "F")),
        ("Laterality", "R", "laterality", "R"),
        ("ImageLaterality", "B", "laterality", "B"),
        ("Laterality", "X", "laterality", ""),
        ("FieldOfViewRotation", "90", "view_rotation", 90.0),
        ("FieldOfViewHorizontalFlip", "NO", "mirrored", False),
        ("FieldOfViewHorizontalFlip", "YES", "mirrored", True),
        ("CArmPositionerTabletopRelationship", "YES", "angles_follow_table", True),
        ("PixelAspectRatio", ["6", "5"], "pixel_aspect", 1.2),
        ("PixelAspectRatio", ["0", "5"], "pixel_aspect", 1.0),
        ("ImagerPixelSpacing", ["0.2", "0.4"], "pixel_aspect", 0.5),
        ("ImagerPixelSpacing", ["0.2", "0.4"], "imager_spacing_mm", (0.2, 0.4)),
        ("ImagerPixelSpacing", ["0.2", "-1"], "imager_spacing_mm", None),
        ("ImagerPixelSpacing", ["200", "200"], "imager_spacing_mm", None),
        ("PixelSpacing", ["0.2", "0.2"], "imager_spacing_mm", None),
    ],
)
def test_what_a_header_states(keyword, value, field, expected):
    assert getattr(read_geometry(header(**{keyword: value})), field) == expected


def test_the_letter_for_the_image_goes_before_that_for_the_body_part():
    assert read_geometry(header(Laterality="L", ImageLaterality="R")).laterality == "R"


def test_a_table_position_is_absolute_only_if_all_of_it_is_stated():
    stated = {f"TableTop{axis}Position": 10 for axis in ("Vertical", "Longitudinal", "Lateral")}
    assert read_geometry(header(**stated)).table_is_absolute
    del stated["TableTopLateralPosition"]
    assert not read_geometry(header(**stated)).table_is_absolute
    moved = geometries(TableVerticalIncrement=[0, 1, 2, 3, 5])
    assert moved[4].table_position_mm[0] == 5
    assert not moved[4].table_is_absolute


def test_magnification_follows_from_the_distances_if_it_is_not_stated():
    stated = {"DistanceSourceToDetector": 1200, "DistanceSourceToPatient": 800}
    assert read_geometry(header(**stated)).magnification == 1.5
    stated["EstimatedRadiographicMagnificationFactor"] = 1.4
    assert read_geometry(header(**stated)).magnification == 1.4
    assert AcquisitionGeometry(source_detector_mm=1000.0).magnification is None


@pytest.mark.parametrize(
    ("stated", "letters"),
    [
        (("L", "F"), ("H", "L", "F", "R")),
        (("R", "F"), ("H", "R", "F", "L")),
        (("P", "F"), ("H", "P", "F", "A")),
        (("LP", "FA"), ("HP", "LP", "FA", "RA")),
        (("L", "R"), None),
        (("L", "LF"), None),
        (("LR", "F"), None),
        (("L",), None),
        (("L", ""), None),
        (("X", "F"), None),
        (None, None),
    ],
)
def test_letters_at_the_edges(stated, letters):
    assert AcquisitionGeometry(patient_orientation=stated).edge_letters == letters


def direction(primary, secondary):
    """Return the unit vector to the detector as left, anterior, head of the patient."""
    p, s = math.radians(primary), math.radians(secondary)
    return np.array([math.sin(p) * math.cos(s), math.cos(p) * math.cos(s), math.sin(s)])


AXES = {
    "HFS": [(1, 0, 0), (0, 1, 0), (0, 0, 1)],
    "HFP": [(-1, 0, 0), (0, -1, 0), (0, 0, 1)],
    "HFDL": [(0, -1, 0), (1, 0, 0), (0, 0, 1)],
    "HFDR": [(0, 1, 0), (-1, 0, 0), (0, 0, 1)],
    "FFS": [(-1, 0, 0), (0, 1, 0), (0, 0, -1)],
    "FFP": [(1, 0, 0), (0, -1, 0), (0, 0, -1)],
    "FFDL": [(0, -1, 0), (-1, 0, 0), (0, 0, -1)],
    "FFDR": [(0, 1, 0), (1, 0, 0), (0, 0, -1)],
}
"""Left, anterior and head of a patient in the axes of the room: left, up and head of one lying HFS."""


@pytest.mark.parametrize("actual", POSITIONS)
@pytest.mark.parametrize("assumed", POSITIONS)
@pytest.mark.parametrize(("primary", "secondary"), [(25.0, 0.0), (-110.0, 35.0), (180.0, -40.0), (0.0, 10.0)])
def test_angles_turn_with_the_patient(assumed, actual, primary, secondary):
    in_room = np.array(AXES[assumed], float).T @ direction(primary, secondary)
    found = angles_in_patient(primary, secondary, assumed, actual)
    assert direction(*found) == pytest.approx(np.array(AXES[actual], float) @ in_room, abs=1e-12)


@pytest.mark.parametrize(("device", "patient"), [(25, -155), (-25, 155), (0, 180)])
def test_a_prone_patient_taken_for_a_supine_one(device, patient):
    assert angles_in_patient(device, 0, "HFS", "HFP") == (patient, 0)


@pytest.mark.parametrize("position", ["", "HF", "XXS", "HFX", "FFPX", "prone"])
def test_other_positions_are_not_guessed(position):
    assert not is_patient_position(position)
    with pytest.raises(ValueError, match="patient position"):
        angles_in_patient(1, 2, "HFS", position)


def test_positions_that_are_known():
    assert all(is_patient_position(position) for position in POSITIONS)
    assert set(AXES) == set(POSITIONS)
    assert [round(np.linalg.det(axes)) for axes in AXES.values()] == [1] * 8, "a patient is never mirrored"


@pytest.mark.parametrize(
    ("angle", "wrapped"), [(180, 180), (-180, 180), (181, -179), (540, 180), (-355, 5), (0, 0)]
)
def test_wrap(angle, wrapped):
    assert wrap(angle) == wrapped


START = {"PositionerPrimaryAngle": -30, "PositionerSecondaryAngle": 4, "PositionerMotion": "DYNAMIC"}


@pytest.mark.parametrize(
    ("increments", "expected", "note"),
    [
        ([2], [-30, -28, -26, -24, -22], ""),
        ([2, 4, 6, 8], [-30, -28, -26, -24, -22], ""),
        ([0, 2, 4, 6, 8], [-30, -28, -26, -24, -22], ""),
        ([0, -2, -3, -3, -1], [-30, -32, -33, -33, -31], ""),
        ([2, 2, 2.1, 2], [-30, -28, -26, -23.9, -21.9], "steps from frame to frame"),
        ([0, -2, -2, -2, -2], [-30, -32, -34, -36, -38], "steps from frame to frame"),
        ([-30, -20, -10, 5, 20], [-30, -20, -10, 5, 20], "angles themselves"),
        ([1, 3, 5, 7, 9], [-29, -27, -25, -23, -21], "does not begin with 0"),
        ([1, 2], [-30], "2 usable values for 5 frames"),
        ([1, 2, 3, 4, 5, 6], [-30], "6 usable values for 5 frames"),
        ([0, 0, 0, 0, 0], [-30], ""),
        ([0], [-30], ""),
    ],
)
def test_a_turning_c_arm(increments, expected, note):
    found = geometries(**START, PositionerPrimaryAngleIncrement=increments)
    assert angles(found) == pytest.approx(expected)
    assert {geometry.secondary_angle for geometry in found} == {4}
    assert note in " ".join(found[0].notes)
    assert bool(note) == bool(found[0].notes)


@pytest.mark.parametrize(
    ("start", "increments", "expected", "note"),
    [
        (0, [-30, -20, -10, 5, 20], [-30, -20, -10, 5, 20], ""),
        (0, [30, 30.5, 31, 31.5, 32], [30, 30.5, 31, 31.5, 32], ""),
        (0, [0, 2, 2.1, 2, 2], [0, 2, 4.1, 6.1, 8.1], "steps from frame to frame"),
        (10, [0, 20, 20.5, 21, 21.5], [10, 30, 30.5, 31, 31.5], ""),
        (10, [0, -20, -20.5, -21, -21.5], [10, -10, -10.5, -11, -11.5], ""),
    ],
)
def test_offsets_from_an_angle_of_zero_are_the_angles(start, increments, expected, note):
    """PS3.3 C.8.7.5.1.3 allows it; values that only rise or fall are positions, not steps."""
    found = geometries(
        **START | {"PositionerPrimaryAngle": start}, PositionerPrimaryAngleIncrement=increments
    )
    assert angles(found) == pytest.approx(expected)
    assert note in " ".join(found[0].notes)
    assert bool(note) == bool(found[0].notes)


def test_angles_of_the_equipment_are_used_only_where_none_about_the_patient_is_stated():
    """PS3.3 C.8.19.6.13.1.2: they do not depend on how the patient lies."""
    equipment = {"PositionerIsocenterPrimaryAngle": 20.0, "PositionerIsocenterSecondaryAngle": 5.0}
    found = read_geometry(header(**equipment))
    assert (found.primary_angle, found.secondary_angle) == (20, 5)
    assert "head first supine" in found.notes[0]
    both = read_geometry(header(**equipment, PositionerPrimaryAngle=-25))
    assert (both.primary_angle, both.notes) == (-25, ())


def test_both_angles_turn_at_once_and_wrap():
    found = geometries(
        3,
        PositionerPrimaryAngle=170,
        PositionerSecondaryAngle=0,
        PositionerPrimaryAngleIncrement=[10, 20],
        PositionerSecondaryAngleIncrement=[-1, -2],
    )
    assert angles(found) == [170, 180, -170]
    assert [geometry.secondary_angle for geometry in found] == [0, -1, -2]


def test_increments_of_a_c_arm_that_stood_still_are_not_used():
    (found,) = geometries(**START | {"PositionerMotion": "STATIC"}, PositionerPrimaryAngleIncrement=[2])
    assert found.primary_angle == -30
    assert "nothing moved" in found.notes[0]


def test_increments_without_an_angle_to_begin_with_give_none():
    found = geometries(PositionerPrimaryAngleIncrement=[2])
    assert {geometry.primary_angle for geometry in found} == {None}


def test_one_increment_for_two_frames_is_that_of_the_second():
    assert angles(geometries(2, **START, PositionerPrimaryAngleIncrement=[7])) == [-30, -23]


def test_a_moving_table():
    found = geometries(3, TableMotion="DYNAMIC", TableLongitudinalIncrement=[12, 30])
    assert [geometry.table_position_mm for geometry in found] == [
        (None, 0, None),
        (None, 12, None),
        (None, 30, None),
    ]


def test_a_huge_number_of_frames_is_not_written_out():
    (found,) = geometries(MOST_LISTED_FRAMES + 1, **START, PositionerPrimaryAngleIncrement=[1])
    assert found.primary_angle == -30
    assert found.notes


@pytest.mark.parametrize("raw", [b"a\\b", b"nan\\1\\2\\3", b"1e999", b"\xff"])
def test_malformed_increments_are_named_and_not_used(write, read_one, cine, raw):
    image = read_one(
        write("x", cine, raw={"PositionerPrimaryAngleIncrement": ("DS", raw)}, PositionerPrimaryAngle=1)
    )
    assert image.geometry_at(4).primary_angle == 1
    assert len(image.geometries) == 1


def test_the_image_gives_the_geometry_of_each_frame(write, read_one, cine):
    image = read_one(write("x", cine, **START, PositionerPrimaryAngleIncrement=[2], PatientPosition="HFP"))
    assert image.geometry_at(4).primary_angle == -22
    assert (image.primary_angle, image.patient_position) == (-30, "HFP")
    assert image.calibration_at(4) is image.calibration
    for index in (-1, 5):
        with pytest.raises(IndexError):
            image.geometry_at(index)
