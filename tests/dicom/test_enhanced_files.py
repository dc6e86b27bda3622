"""Enhanced XA and XRF files that a validator accepts, and files like them that are damaged."""

import shutil
import struct
import subprocess
import time
from contextlib import suppress

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydicom.dataset import Dataset

from fluoro_annotator.dicom import FrameReader, Window, scan
from fluoro_annotator.dicom.clock import ClockSource
from fluoro_annotator.errors import FluoroAnnotatorError
from fluoro_annotator.geometry import CalibrationSource

ENHANCED_XA = "1.2.840.10008.5.1.4.1.1.12.1.1"
ENHANCED_XRF = "1.2.840.10008.5.1.4.1.1.12.2.1"
KIND = ["ORIGINAL", "PRIMARY", "FLUOROSCOPY", "NONE"]


def item(**attributes):
    dataset = Dataset()
    for keyword, value in attributes.items():
        setattr(dataset, keyword, value)
    return dataset


def code(value, meaning, **more):
    return [item(CodeValue=value, CodingSchemeDesignator="SCT", CodeMeaning=meaning, **more)]


def shared_groups():
    groups = {
        "XRayGeometrySequence": {"DistanceSourceToDetector": 1200.0, "DistanceSourceToIsocenter": 800.0},
        "FramePixelDataPropertiesSequence": {
            "FrameType": KIND,
            "ImagerPixelSpacing": [0.3, 0.15],
            "PixelIntensityRelationship": "LOG",
            "PixelIntensityRelationshipSign": 1,
            "GeometricalProperties": "UNIFORM",
            "ImageProcessingApplied": "NONE",
        },
        "FieldOfViewSequence": {
            "FieldOfViewShape": "RECTANGLE",
            "FieldOfViewDimensionsInFloat": [7.0, 9.9],
            "FieldOfViewOrigin": [0.0, 0.0],
            "FieldOfViewRotation": "0",
            "FieldOfViewHorizontalFlip": "NO",
        },
        "ProjectionPixelCalibrationSequence": {
            "DistanceObjectToTableTop": 80.0,
            "ObjectPixelSpacingInCenterOfBeam": [0.2, 0.1],
            "TableHeight": 10.0,
            "BeamAngle": 15.0,
        },
        "FrameDisplayShutterSequence": {
            "ShutterShape": "RECTANGULAR",
            "ShutterLeftVerticalEdge": 3,
            "ShutterRightVerticalEdge": 40,
            "ShutterUpperHorizontalEdge": 2,
            "ShutterLowerHorizontalEdge": 30,
            "ShutterPresentationValue": 0,
        },
        "CollimatorShapeSequence": {
            "CollimatorShape": "RECTANGULAR",
            "CollimatorLeftVerticalEdge": 0,
            "CollimatorRightVerticalEdge": 48,
            "CollimatorUpperHorizontalEdge": 0,
            "CollimatorLowerHorizontalEdge": 34,
        },
        "PatientOrientationInFrameSequence": {"PatientOrientation": ["L", "F"]},
        "FrameAnatomySequence": {
            "FrameLaterality": "B",
            "AnatomicRegionSequence": code("122496007", "Lumbar spine"),
        },
        "IrradiationEventIdentificationSequence": {"IrradiationEventUID": "1.2.3.9"},
    }
    return item(**{name: [item(**attributes)] for name, attributes in groups.items()})


def frame_groups(index):
    moment = f"20240131101500.{100000 * index:06d}"
    groups = {
        "FrameContentSequence": {
            "FrameAcquisitionNumber": 1,
            "FrameAcquisitionDateTime": moment,
            "FrameReferenceDateTime": moment,
            "FrameAcquisitionDuration": 5.0,
        },
        "PositionerPositionSequence": {
            "PositionerPrimaryAngle": -10.0 + index,
            "PositionerSecondaryAngle": 5.0,
        },
        "TablePositionSequence": {
            "TableTopVerticalPosition": 10.0 * index,
            "TableTopLongitudinalPosition": 0.0,
            "TableTopLateralPosition": 0.0,
            "TableHorizontalRotationAngle": 0.0,
            "TableHeadTiltAngle": 3.0,
            "TableCradleTiltAngle": 0.0,
        },
        "FrameVOILUTSequence": {"WindowCenter": 1000 + index, "WindowWidth": 500},
        "FramePixelShiftSequence": {"SubtractionItemID": 7, "MaskSubPixelShift": [0.5 * index, -1.0]},
    }
    return item(**{name: [item(**attributes)] for name, attributes in groups.items()})


def mask_module():
    operation = item(
        MaskOperation="AVG_SUB",
        SubtractionItemID=7,
        ApplicableFrameRange=[2, 5],
        MaskFrameNumbers=1,
        ContrastFrameAveraging=1,
    )
    return {"MaskSubtractionSequence": [operation], "RecommendedViewingMode": "NAT"}


def main_header():
    prone = code("1240000", "prone")
    empty = "PatientSex ReferringPhysicianName AccessionNumber PositionReferenceIndicator"
    return dict.fromkeys(empty.split(), "") | {
        "StudyID": "1",
        "StudyTime": "101500",
        "Manufacturer": "M",
        "ManufacturerModelName": "M",
        "DeviceSerialNumber": "1",
        "SoftwareVersions": "1",
        "AcquisitionContextSequence": [],
        "ContentDate": "20240131",
        "ContentTime": "101500",
        "ImageType": KIND,
        "AcquisitionDateTime": "20240131101500",
        "AcquisitionDuration": 1.0,
        "PositionerType": "CARM",
        "CArmPositionerTabletopRelationship": "YES",
        "PresentationLUTShape": "IDENTITY",
        "BurnedInAnnotation": "NO",
        "LossyImageCompression": "00",
        "FrameOfReferenceUID": "1.2.3.7",
        "SynchronizationFrameOfReferenceUID": "1.2.3.8",
        "SynchronizationTrigger": "NO TRIGGER",
        "AcquisitionTimeSynchronized": "N",
        "PlanesInAcquisition": "SINGLE PLANE",
        "PlaneIdentification": "MONOPLANE",
        "ContentQualification": "PRODUCT",
        "KVP": 70,
        "RadiationSetting": "SC",
        "RadiationMode": "PULSED",
        "ExposureInmAs": 1.0,
        "AveragePulseWidth": 5.0,
        "DistanceReceptorPlaneToDetectorHousing": 10.0,
        "AcquiredImageAreaDoseProduct": 1.0,
        "PatientOrientationCodeSequence": code(
            "102538003", "recumbent", PatientOrientationModifierCodeSequence=prone
        ),
        "PatientGantryRelationshipCodeSequence": code("102540008", "headfirst"),
        "FrameTime": None,
        "StudyDescription": None,
    }


def angio_file(write, cine):
    """Write a run of a C-arm that turns about a patient on the belly, each frame with its own mask shift."""
    return write(
        "enhanced xa.dcm",
        cine,
        bits=12,
        sop_class=ENHANCED_XA,
        SharedFunctionalGroupsSequence=[shared_groups()],
        PerFrameFunctionalGroupsSequence=[frame_groups(index) for index in range(5)],
        **main_header() | mask_module(),
    )


def fluoroscopy_file(write, cine, modality="RF", *, column=False):
    """Write a run of a fluoroscopy system, whose objects hold no projection calibration.

    With a column instead of a C-arm only the tilt of the column is stated (PS3.3 C.8.19.6.10).
    """
    shared, header = shared_groups(), main_header() | {"Modality": modality}
    del shared.ProjectionPixelCalibrationSequence
    frames = [frame_groups(index) for index in range(5)]
    if column:
        header["PositionerType"] = "COLUMN"
        for keyword in OF_A_C_ARM:
            del header[keyword]
        for index, frame in enumerate(frames):
            frame.PositionerPositionSequence = [item(ColumnAngulationPatient=4.0 + index)]
    for frame in frames:
        del frame.FramePixelShiftSequence
    return write(
        "enhanced xrf.dcm",
        cine,
        bits=12,
        sop_class=ENHANCED_XRF,
        SharedFunctionalGroupsSequence=[shared],
        PerFrameFunctionalGroupsSequence=frames,
        **header,
    )


OF_A_C_ARM = (
    "CArmPositionerTabletopRelationship",
    "PatientOrientationCodeSequence",
    "PatientGantryRelationshipCodeSequence",
)


@pytest.fixture
def enhanced_file(write, cine):
    return angio_file(write, cine)


needs_validator = pytest.mark.skipif(
    shutil.which("dciodvfy") is None, reason="dciodvfy (dicom3tools) is not installed"
)


def complaints(path):
    """Return what dciodvfy takes the file for, and its lines of errors and warnings."""
    done = subprocess.run(["dciodvfy", "-new", path], capture_output=True, text=True, check=False)
    lines = done.stderr.splitlines()
    found = [line for line in lines if line.startswith(("Error", "Warning"))]
    (kind,) = set(lines) - set(found)
    return kind, found


@pytest.mark.validator
@needs_validator
def test_a_validator_finds_the_files_right(write, cine):
    """It lacks the term SINGLE PLANE of PS3.3 C.8.19.2.1.3, and for XRF the modality RF of C.8.19.1."""
    plane = "Warning - </PlanesInAcquisition(0018,9410)[1]> - Unrecognized defined term = <SINGLE PLANE>"
    assert complaints(angio_file(write, cine)) == ("EnhancedXAImage", [plane])
    assert complaints(fluoroscopy_file(write, cine, "XA")) == ("EnhancedXRFImage", [plane])
    assert complaints(fluoroscopy_file(write, cine, "XA", column=True)) == ("EnhancedXRFImage", [plane])
    modality = "Error - </Modality(0008,0060)[1]> - Unrecognized enumerated value = <RF>"
    assert complaints(fluoroscopy_file(write, cine)) == ("EnhancedXRFImage", [modality, plane])


def test_everything_an_angiographic_file_says(enhanced_file, read_one, cine):
    image = read_one(enhanced_file)
    assert (image.modality, image.frames, image.geometry.notes) == ("XA", 5, ())
    assert image.clock.contradictions == ()
    assert image.rendering.intensity == "LOG"
    assert image.rendering.shutter.rectangle == (3, 40, 2, 30)
    (operation,) = image.rendering_at(4).subtractions
    assert (operation.ranges, operation.mask_frames, operation.shift) == (((2, 5),), (1,), (2.0, -1.0))
    assert not image.rendering.subtracted_first
    last = image.geometry_at(4)
    assert (last.primary_angle, last.secondary_angle, last.table_angle) == (-6, 5, 3)
    assert last.table_position_mm == (40, 0, 0)
    assert (last.magnification, last.angles_follow_table, last.mirrored) == (1.5, True, False)
    assert (last.patient_position, last.laterality) == ("HFP", "B")
    assert last.edge_letters == ("H", "L", "F", "R")
    assert image.calibration.source is CalibrationSource.PIXEL_SPACING_GEOMETRY
    assert (image.calibration.row_mm, image.calibration.column_mm) == pytest.approx((0.2, 0.1))
    assert image.clock.source is ClockSource.FRAME_DATETIME
    assert image.clock.rate == pytest.approx(10)
    assert image.rendering_at(3).windows == (Window(1003, 500),)
    assert image.view.name == "AP/PA, primary -10.0°, secondary 5.0°"
    assert image.view.caution.startswith("HFP: a device that assumed HFS means primary 170°")
    assert np.array_equal(FrameReader(image).read(4), cine[4])


def test_everything_a_fluoroscopic_file_says(write, read_one, cine):
    image = read_one(fluoroscopy_file(write, cine))
    assert (image.modality, image.sop_class_uid) == ("RF", ENHANCED_XRF)
    assert [image.geometry_at(index).primary_angle for index in range(5)] == [-10, -9, -8, -7, -6]
    assert (image.patient_position, image.geometry.laterality) == ("HFP", "B")
    assert image.calibration.source is CalibrationSource.IMAGER_SPACING_MAGNIFICATION
    assert (image.calibration.row_mm, image.calibration.column_mm) == pytest.approx((0.2, 0.1))
    assert (image.clock.source, image.clock.rate) == (ClockSource.FRAME_DATETIME, pytest.approx(10))
    assert image.rendering_at(2).windows == (Window(1002, 500),)
    assert image.rendering.subtractions == ()
    assert np.array_equal(FrameReader(image).read(2), cine[2])


def test_a_column_is_tilted_and_has_no_angles(write, read_one, cine):
    image = read_one(fluoroscopy_file(write, cine, column=True))
    assert [image.geometry_at(index).column_angulation for index in range(5)] == [4, 5, 6, 7, 8]
    assert (image.primary_angle, image.patient_position) == (None, "")
    assert image.view.name == "view not stated"


edits = st.lists(
    st.tuples(
        st.sampled_from(["set", "set", "set", "insert", "cut", "repeat"]),
        st.floats(0, 1),
        st.binary(min_size=1, max_size=3),
    ),
    min_size=1,
    max_size=5,
)


def mutated(content, head, changes):
    data = bytearray(content)
    for kind, place, value in changes:
        at = int(place * head)
        if kind == "set":
            data[at : at + len(value)] = value
        elif kind == "insert":
            data[at:at] = value
        elif kind == "cut":
            del data[at : at + len(value)]
        else:
            data[at:at] = data[at : at + 60]
    return bytes(data)


def test_damaged_functional_groups_give_an_image_or_a_reason(enhanced_file, tmp_path, cine):
    content = enhanced_file.read_bytes()
    head = len(content) - cine.nbytes
    path = tmp_path / "mutated.dcm"

    @settings(
        max_examples=150,
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(edits)
    def check(changes):
        path.write_bytes(mutated(content, head, changes))
        result = scan([path])
        assert result.studies or result.skipped
        for study in result.studies:
            for image in study.images:
                _look_at(image)

    check()


def _look_at(image):
    for index in {0, image.frames - 1}:
        assert (
            image.geometry_at(index).edge_letters is None or len(image.geometry_at(index).edge_letters) == 4
        )
        assert image.calibration_at(index).reason or image.calibration_at(index).usable
        assert image.rendering_at(index) is not None
        start = image.clock.start_ms(index)
        assert start is None or start >= 0
    assert image.view.name
    with suppress(FluoroAnnotatorError):
        FrameReader(image).read(0)


def nested(depth):
    inner = b""
    for _ in range(depth):
        body = struct.pack("<HHL", 0xFFFE, 0xE000, len(inner)) + inner
        inner = struct.pack("<HH2sHL", 0x0018, 0x9405, b"SQ", 0, len(body)) + body
    return struct.pack("<HHL", 0xFFFE, 0xE000, len(inner)) + inner


@pytest.mark.parametrize("keyword", ["SharedFunctionalGroupsSequence", "PerFrameFunctionalGroupsSequence"])
def test_a_bomb_of_nested_groups_is_soon_over(write, cine, keyword):
    path = write("bomb.dcm", cine[:1], sop_class=ENHANCED_XA, raw={keyword: ("SQ", nested(5000))})
    begin = time.perf_counter()
    result = scan([path])
    assert time.perf_counter() - begin < 5
    assert result.studies or result.skipped


def test_very_many_groups_for_few_frames_are_not_laid_over(write, read_one, cine):
    items = struct.pack("<HHL", 0xFFFE, 0xE000, 0) * 20000
    path = write(
        "many.dcm", cine, sop_class=ENHANCED_XA, raw={"PerFrameFunctionalGroupsSequence": ("SQ", items)}
    )
    image = read_one(path)
    assert len(image.geometries) == 1
    assert image.clock.contradictions == ("there are functional groups for 20000 of 5 frames",)


@pytest.mark.parametrize(
    "keyword", ["SeriesDescription", "StudyDescription", "Modality", "PatientPosition", "FrameTime"]
)
def test_a_sequence_in_the_place_of_a_value_is_no_value_and_is_not_quoted(write, cine, keyword):
    name = struct.pack("<HH2sH", 0x0010, 0x0010, b"PN", 8) + b"HIDDEN^X"
    odd = struct.pack("<HH2sHL", 0x4853, 0x0004, b"SC", 0, 2) + b"ab"
    for body in (name, odd):
        value = struct.pack("<HHL", 0xFFFE, 0xE000, len(body)) + body
        result = scan([write("x.dcm", cine, raw={keyword: ("SQ", value)})])
        assert result.studies or result.skipped
        assert "HIDDEN" not in repr(result)
