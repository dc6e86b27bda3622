"""An enhanced XA file that a validator accepts, and files like it that are damaged."""

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
KIND = ["ORIGINAL", "PRIMARY", "SINGLE PLANE", "NONE"]


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
    }
    return item(**{name: [item(**attributes)] for name, attributes in groups.items()})


def main_header():
    prone = code("1240000", "prone")
    empty = "PatientSex ReferringPhysicianName StudyID AccessionNumber PositionReferenceIndicator"
    return dict.fromkeys(empty.split(), "") | {
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


@pytest.fixture
def enhanced_file(write, cine):
    return write(
        "enhanced.dcm",
        cine,
        bits=12,
        sop_class=ENHANCED_XA,
        SharedFunctionalGroupsSequence=[shared_groups()],
        PerFrameFunctionalGroupsSequence=[frame_groups(index) for index in range(5)],
        **main_header(),
    )


@pytest.mark.validator
@pytest.mark.skipif(shutil.which("dciodvfy") is None, reason="dciodvfy (dicom3tools) is not installed")
def test_a_validator_finds_the_file_right(enhanced_file):
    done = subprocess.run(["dciodvfy", "-new", enhanced_file], capture_output=True, text=True, check=False)
    assert "EnhancedXAImage" in done.stderr
    assert not [line for line in done.stderr.splitlines() if line.startswith("Error")]
    assert done.returncode == 0


def test_everything_such_a_file_says(enhanced_file, read_one, cine):
    image = read_one(enhanced_file)
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
