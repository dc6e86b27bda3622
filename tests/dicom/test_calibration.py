"""Which spacing of a header is believed, and for what."""

import pytest
from pydicom.dataset import Dataset

from fluoro_annotator.dicom import read_calibration
from fluoro_annotator.geometry import CalibrationSource


def header(**attributes):
    dataset = Dataset()
    for keyword, value in attributes.items():
        setattr(dataset, keyword, value)
    return dataset


IMAGER = {"ImagerPixelSpacing": [0.3, 0.4]}
PIXEL = {"PixelSpacing": [0.2, 0.25]}
DISTANCES = {"DistanceSourceToDetector": 1200, "DistanceSourceToPatient": 800}


@pytest.mark.parametrize(
    ("attributes", "source", "row_mm", "column_mm"),
    [
        (PIXEL | {"PixelSpacingCalibrationType": "FIDUCIAL"}, "PIXEL_SPACING_FIDUCIAL", 0.2, 0.25),
        (PIXEL | {"PixelSpacingCalibrationType": "GEOMETRY"}, "PIXEL_SPACING_GEOMETRY", 0.2, 0.25),
        (
            PIXEL | IMAGER | DISTANCES | {"PixelSpacingCalibrationType": "FIDUCIAL"},
            "PIXEL_SPACING_FIDUCIAL",
            0.2,
            0.25,
        ),
        (
            IMAGER | {"EstimatedRadiographicMagnificationFactor": 1.25} | DISTANCES,
            "IMAGER_SPACING_MAGNIFICATION",
            0.24,
            0.32,
        ),
        (IMAGER | DISTANCES, "IMAGER_SPACING_MAGNIFICATION", 0.2, 0.4 / 1.5),
        (PIXEL | IMAGER | DISTANCES, "IMAGER_SPACING_MAGNIFICATION", 0.2, 0.4 / 1.5),
        (IMAGER, "DETECTOR_PLANE", 0.3, 0.4),
        (PIXEL | IMAGER, "DETECTOR_PLANE", 0.3, 0.4),
        (PIXEL, "UNTYPED_PIXEL_SPACING", 0.2, 0.25),
        (PIXEL | {"PixelSpacingCalibrationType": "GUESSED"}, "UNTYPED_PIXEL_SPACING", 0.2, 0.25),
    ],
)
def test_the_first_rule_that_applies(attributes, source, row_mm, column_mm):
    found = read_calibration(header(**attributes))
    assert found.source is CalibrationSource[source]
    assert found.row_mm == pytest.approx(row_mm)
    assert found.column_mm == pytest.approx(column_mm)


def test_only_patient_scales_are_usable():
    assert read_calibration(header(**IMAGER, **DISTANCES)).usable
    assert not read_calibration(header(**IMAGER)).usable
    assert not read_calibration(header(**PIXEL)).usable


def test_a_magnified_scale_says_that_it_holds_in_one_plane():
    note = read_calibration(header(**IMAGER, **DISTANCES)).note
    assert "magnification 1.5" in note
    assert "one plane" in note


@pytest.mark.parametrize(
    "extra",
    [
        {"EstimatedRadiographicMagnificationFactor": 0},
        {"EstimatedRadiographicMagnificationFactor": 0.8},
        {"EstimatedRadiographicMagnificationFactor": 90},
        {"DistanceSourceToDetector": 800, "DistanceSourceToPatient": 1200},
        {"DistanceSourceToDetector": 1200, "DistanceSourceToPatient": 0},
        {"DistanceSourceToDetector": -1200, "DistanceSourceToPatient": -800},
        {"DistanceSourceToDetector": 1200},
    ],
)
def test_an_impossible_magnification_is_not_used(extra):
    assert read_calibration(header(**IMAGER, **extra)).source is CalibrationSource.DETECTOR_PLANE


@pytest.mark.parametrize("spacing", [[0, 0], [-0.2, 0.2], [0.2, 0], [0.2], [0.2, 0.2, 0.2], [300, 300]])
def test_impossible_spacings_are_none_with_the_reason(spacing):
    found = read_calibration(header(PixelSpacing=spacing, PixelSpacingCalibrationType="FIDUCIAL"))
    assert found.source is CalibrationSource.NONE
    assert found.note == "Pixel Spacing in the header cannot be used"


def test_a_spacing_that_is_not_a_number_is_none(write, read_one, cine):
    found = read_one(write("x", cine, raw={"ImagerPixelSpacing": ("DS", b"nan\\nan ")})).calibration
    assert found.source is CalibrationSource.NONE
    assert found.note == "Imager Pixel Spacing in the header cannot be used"


def test_an_impossible_spacing_gives_way_to_the_next_rule():
    attributes = {"PixelSpacing": [0, 0], "PixelSpacingCalibrationType": "FIDUCIAL"} | IMAGER
    assert read_calibration(header(**attributes)).source is CalibrationSource.DETECTOR_PLANE


def test_no_spacing_is_no_calibration():
    found = read_calibration(Dataset())
    assert found.source is CalibrationSource.NONE
    assert not found.note


def test_the_image_carries_it(write, read_one, cine):
    image = read_one(write("x", cine, **IMAGER, **DISTANCES))
    assert image.calibration.source is CalibrationSource.IMAGER_SPACING_MAGNIFICATION


@pytest.mark.parametrize(
    ("attributes", "error"),
    [
        (PIXEL | {"PixelSpacingCalibrationType": "FIDUCIAL"}, 0.07),
        (PIXEL | {"PixelSpacingCalibrationType": "GEOMETRY"}, 0.10),
        (IMAGER | DISTANCES, 0.10),
        (IMAGER, None),
        (PIXEL, None),
    ],
)
def test_intervals_are_engineering_defaults_and_marked_as_such(attributes, error):
    found = read_calibration(header(**attributes))
    assert found.relative_error == error
    assert found.error_is_default == (error is not None)
    assert bool(found.reason) != found.usable


def test_two_statements_of_the_magnification_that_differ_widen_the_interval():
    found = read_calibration(header(**IMAGER, **DISTANCES, EstimatedRadiographicMagnificationFactor=1.25))
    assert found.relative_error == pytest.approx(0.2)
    assert not found.error_is_default
    assert "but 1.5 from the distances" in found.note
    low, high = found.row_interval_mm
    assert low <= 0.3 / 1.5 <= high
    close = read_calibration(header(**IMAGER, **DISTANCES, EstimatedRadiographicMagnificationFactor=1.45))
    assert close.relative_error == 0.1


def test_the_stated_spacing_of_the_object_goes_before_the_magnification():
    stated = header(**IMAGER, **DISTANCES, ObjectPixelSpacingInCenterOfBeam=[0.21, 0.22])
    found = read_calibration(stated)
    assert (found.source, found.row_mm, found.column_mm) == (
        CalibrationSource.PIXEL_SPACING_GEOMETRY,
        pytest.approx(0.21),
        pytest.approx(0.22),
    )
    assert "only in this plane" in found.note


def test_the_isocentre_serves_where_the_patient_has_no_distance():
    found = read_calibration(header(**IMAGER, DistanceSourceToDetector=1200, DistanceSourceToIsocenter=600))
    assert found.row_mm == pytest.approx(0.15)
    assert "isocentre" in found.note
