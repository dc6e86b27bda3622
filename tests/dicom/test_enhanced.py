"""Functional groups of enhanced images, shared and frame by frame."""

import copy

import numpy as np
import pytest
from pydicom.dataset import Dataset

from fluoro_annotator.dicom import Window, read_calibration
from fluoro_annotator.dicom.clock import ClockSource
from fluoro_annotator.dicom.functional_groups import GROUPS, FrameHeaders, at_frame
from fluoro_annotator.dicom.header import tags_of
from fluoro_annotator.geometry import CalibrationSource

ENHANCED_XA = "1.2.840.10008.5.1.4.1.1.12.1.1"
ENHANCED_XRF = "1.2.840.10008.5.1.4.1.1.12.2.1"


def item(**attributes):
    dataset = Dataset()
    for keyword, value in attributes.items():
        setattr(dataset, keyword, value)
    return dataset


def group(name, **attributes):
    return {name: [item(**attributes)]}


SHARED = (
    group("XRayGeometrySequence", DistanceSourceToDetector=1200.0, DistanceSourceToIsocenter=800.0)
    | group(
        "FramePixelDataPropertiesSequence",
        ImagerPixelSpacing=[0.3, 0.15],
        PixelIntensityRelationship="LOG",
        PixelIntensityRelationshipSign=1,
    )
    | group("FieldOfViewSequence", FieldOfViewRotation=90.0, FieldOfViewHorizontalFlip="YES")
    | group("PatientOrientationInFrameSequence", PatientOrientation=["L", "F"])
    | group("FrameAnatomySequence", FrameLaterality="B")
    | group(
        "FrameDisplayShutterSequence",
        ShutterShape="RECTANGULAR",
        ShutterLeftVerticalEdge=2,
        ShutterRightVerticalEdge=40,
        ShutterUpperHorizontalEdge=3,
        ShutterLowerHorizontalEdge=30,
    )
)


def per_frame(index):
    return item(
        **group("FrameContentSequence", FrameAcquisitionDateTime=f"20240131101500.{100 * index:06d}")
        | group(
            "PositionerPositionSequence",
            PositionerPrimaryAngle=-10.0 + index,
            PositionerSecondaryAngle=5.0,
        )
        | group("TablePositionSequence", TableTopVerticalPosition=10 * index, TableHeadTiltAngle=3.0)
        | group("FrameVOILUTSequence", WindowCenter=1000 + index, WindowWidth=500)
    )


@pytest.fixture
def enhanced(write, read_one, cine):
    """Read an enhanced image of five frames with these functional groups."""

    def make(shared=SHARED, frames=None, sop_class=ENHANCED_XA, **attributes):
        frames = [per_frame(index) for index in range(5)] if frames is None else frames
        if shared is not None:
            attributes["SharedFunctionalGroupsSequence"] = [item(**shared)]
        attributes["PerFrameFunctionalGroupsSequence"] = frames
        attributes = {"FrameTime": None, "PatientPosition": "HFP"} | attributes
        return read_one(write("enhanced.dcm", cine, bits=12, sop_class=sop_class, **attributes))

    return make


@pytest.mark.parametrize("sop_class", [ENHANCED_XA, ENHANCED_XRF])
def test_every_frame_has_its_own_angles(enhanced, sop_class):
    image = enhanced(sop_class=sop_class)
    assert [image.geometry_at(index).primary_angle for index in range(5)] == [-10, -9, -8, -7, -6]
    assert {image.geometry_at(index).secondary_angle for index in range(5)} == {5.0}
    assert [image.geometry_at(index).table_position_mm[0] for index in range(5)] == [0, 10, 20, 30, 40]
    assert "first of a run in which the C-arm moved" in image.view.rule


def test_shared_groups_hold_for_all_frames(enhanced):
    image = enhanced()
    last = image.geometry_at(4)
    assert (last.source_detector_mm, last.source_patient_mm, last.magnification) == (1200, 800, 1.5)
    assert (last.view_rotation, last.mirrored, last.laterality) == (90, True, "B")
    assert last.patient_orientation == ("L", "F")
    assert last.patient_position == "HFP"
    assert last.table_angle == 3.0
    assert image.rendering.intensity == "LOG"
    assert image.rendering.shutter.rectangle == (2, 40, 3, 30)


def test_every_frame_has_its_own_window(enhanced):
    image = enhanced()
    assert [image.rendering_at(index).windows for index in range(5)] == [
        (Window(1000 + index, 500),) for index in range(5)
    ]
    assert {image.rendering_at(index).shutter for index in range(5)} == {image.rendering.shutter}


def test_every_frame_has_its_own_time(enhanced):
    image = enhanced()
    assert image.clock.source is ClockSource.FRAME_DATETIME
    assert image.clock.starts_ms == pytest.approx((0.0, 0.1, 0.2, 0.3, 0.4))


def test_spacing_at_the_detector_and_distances_give_the_scale_at_the_isocentre(enhanced):
    image = enhanced()
    assert image.calibration.source is CalibrationSource.IMAGER_SPACING_MAGNIFICATION
    assert image.calibration.row_mm == pytest.approx(0.2)
    assert image.calibration.column_mm == pytest.approx(0.1)
    assert "isocentre" in image.calibration.note
    assert image.calibration_at(4) is image.calibration


def test_a_stated_spacing_of_the_object_goes_first_and_may_differ_between_frames(enhanced):
    frames = [per_frame(index) for index in range(5)]
    for index, frame in enumerate(frames):
        pixel = item(
            ObjectPixelSpacingInCenterOfBeam=[0.25 + index / 100, 0.5], DistanceObjectToTableTop=80.0
        )
        frame.ProjectionPixelCalibrationSequence = [pixel]
    image = enhanced(frames=frames)
    assert [image.calibration_at(index).row_mm for index in range(5)] == pytest.approx(
        [0.25, 0.26, 0.27, 0.28, 0.29]
    )
    assert image.calibration.source is CalibrationSource.PIXEL_SPACING_GEOMETRY
    assert "80 mm from the table top" in image.calibration.note
    assert image.calibration.column_mm == 0.5


def test_groups_of_a_frame_go_before_shared_ones_and_these_before_the_main_header(enhanced):
    frames = [item(), item(**group("PositionerPositionSequence", PositionerPrimaryAngle=30.0)), *[item()] * 3]
    shared = group("PositionerPositionSequence", PositionerPrimaryAngle=20.0)
    image = enhanced(shared, frames, PositionerPrimaryAngle=10, PositionerSecondaryAngle=-4)
    assert [image.geometry_at(index).primary_angle for index in range(5)] == [20, 30, 20, 20, 20]
    assert image.secondary_angle == -4


def test_equal_groups_are_kept_once(enhanced):
    frames = [copy.deepcopy(per_frame(1)) for _ in range(5)]
    image = enhanced(frames=frames)
    assert (len(image.geometries), len(image.calibrations), image.frame_renderings) == (1, 1, ())
    assert image.geometry_at(4).primary_angle == -9
    assert "do not increase" in image.clock.contradictions[0]


@pytest.mark.parametrize("count", [1, 4, 6])
def test_groups_for_another_number_of_frames_are_not_used(enhanced, count):
    image = enhanced(frames=[per_frame(index) for index in range(count)])
    assert image.primary_angle is None
    assert image.clock.contradictions == (f"there are functional groups for {count} of 5 frames",)
    assert image.geometry.source_detector_mm == 1200


def test_no_groups_at_all(enhanced):
    image = enhanced(None, [])
    assert (image.primary_angle, image.clock.source) == (None, ClockSource.NONE)
    assert image.view_name == "view not stated"
    assert image.calibration.reason == "the header states no pixel spacing"


def test_a_frame_that_does_not_exist_has_no_geometry(enhanced):
    image = enhanced()
    for index in (-1, 5):
        for at in (image.geometry_at, image.calibration_at):
            with pytest.raises(IndexError, match="of 5 frames"):
                at(index)
    with pytest.raises(IndexError):
        at_frame((1,), 1, 1)


def test_the_rate_for_playing_stands_in_its_own_sequence(enhanced):
    frames = [item(**group("FrameVOILUTSequence", WindowCenter=1, WindowWidth=2))] * 5
    sequence = [item(StartTrim=1, StopTrim=5, RecommendedDisplayFrameRateInFloat=12.5)]
    image = enhanced(frames=frames, FrameDisplaySequence=sequence)
    assert (image.clock.source, image.clock.rate) == (ClockSource.DISPLAY_RATE, 12.5)


def test_the_header_itself_is_not_changed_by_reading_it():
    dataset = item(PositionerPrimaryAngle="1")
    dataset.SharedFunctionalGroupsSequence = [
        item(**group("PositionerPositionSequence", PositionerPrimaryAngle=2.0))
    ]
    headers = FrameHeaders(dataset, 1)
    assert headers.first.PositionerPrimaryAngle == 2
    assert dataset.PositionerPrimaryAngle == 1


def test_a_reader_runs_once_where_no_frame_has_its_groups():
    frames = [item(**group("FrameContentSequence", FrameAcquisitionDateTime="2024"))] * 3
    headers = FrameHeaders(item(PerFrameFunctionalGroupsSequence=frames), 3)
    calls = []
    headers.each(calls.append, ("XRayGeometrySequence",))
    assert len(calls) == 1
    headers.each(calls.append, ("FrameContentSequence",))
    assert len(calls) == 4


def test_tables_that_lead_to_the_intensity_are_not_for_display(enhanced, cine):
    """PS3.17 FFF.2.3.1.3.4: they are not part of the standard display pipeline."""
    from fluoro_annotator.dicom import FrameStack

    table = item(
        LUTDescriptor=[4096, 0, 16],
        LUTData=np.arange(4096, dtype="<u2")[::-1].tobytes(),
        LUTFunction="TO_LINEAR",
    )
    image = enhanced(SHARED | {"PixelIntensityRelationshipLUTSequence": [table]})
    assert (image.rendering.voi_luts, image.rendering.modality_lut) == ((), None)
    shown = FrameStack([image])[2]
    inside = (slice(2, 30), slice(1, 40))
    np.testing.assert_array_equal(shown[inside], cine[2][inside])


def test_groups_are_keywords():
    assert len(tags_of(GROUPS)) == len(GROUPS)


@pytest.mark.parametrize(
    "wrong",
    [
        {"XRayGeometrySequence": []},
        {"XRayGeometrySequence": [item()]},
        group("XRayGeometrySequence", DistanceSourceToDetector=0.0, DistanceSourceToIsocenter=-5.0),
        group("XRayGeometrySequence", DistanceSourceToDetector=float("nan"), DistanceSourceToIsocenter=800.0),
        group(
            "PositionerPositionSequence", PositionerPrimaryAngle=float("inf"), PositionerSecondaryAngle=999.0
        ),
        group("ProjectionPixelCalibrationSequence", ObjectPixelSpacingInCenterOfBeam=[0.0, 0.2]),
        group("FrameAnatomySequence", FrameLaterality="X"),
        group("FieldOfViewSequence", FieldOfViewHorizontalFlip="MAYBE", FieldOfViewRotation=1e30),
    ],
)
def test_values_that_cannot_be_are_not_stated(enhanced, wrong):
    image = enhanced(wrong, [item()] * 5)
    geometry = image.geometry
    assert (geometry.source_patient_mm, geometry.primary_angle, geometry.secondary_angle) in (
        (None, None, None),
        (800.0, None, None),
    )
    assert (geometry.magnification, geometry.laterality, geometry.mirrored) == (None, "", None)
    assert not image.calibration.usable


def test_frames_are_read_as_ever(enhanced, cine):
    from fluoro_annotator.dicom import FrameReader

    image = enhanced()
    assert np.array_equal(FrameReader(image).read(3), cine[3])


def test_nothing_about_the_patient_gets_in(enhanced):
    frames = [per_frame(index) for index in range(5)]
    for frame in frames:
        frame.FrameContentSequence[0].FrameComments = "SECRET^PERSON"
        frame.PositionerPositionSequence[0].PatientName = "SECRET^PERSON"
    assert "SECRET" not in repr(enhanced(frames=frames))


def test_calibration_reads_one_frame_of_an_enhanced_header():
    found = read_calibration(item(ObjectPixelSpacingInCenterOfBeam=[0.2, 0.2]))
    assert found.relative_error == 0.1
    assert found.error_is_default
