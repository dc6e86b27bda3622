"""Write rendered frames as DICOM X-Ray Angiographic images, JPEG 2000 lossless, without a patient."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

import imagecodecs
import numpy as np
from numpy.typing import NDArray
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.encaps import encapsulate
from pydicom.sequence import Sequence
from pydicom.tag import Tag
from pydicom.uid import UID, JPEG2000Lossless, XRayAngiographicImageStorage

from fluoro_annotator.simulation.contrast import IODINE_G_PER_ML
from fluoro_annotator.simulation.detector import BITS
from fluoro_annotator.simulation.views import StudyLabel, View

EDITION = "lumbar phantom, edition 1"
"""Part of every identifier; a change of pixels or geometry gets a new edition."""

NAMESPACE = uuid.UUID("5b0e4f0c-5b1c-5d4e-9c56-0f6f3c7a9a11")
STUDY_DATE, STUDY_TIME = "20250107", "090000"
FRAME_TIME_MS = 66.7
FRAMES_PER_SECOND = 15


def identifier(*names: object) -> str:
    """Return the UID that belongs to names: always the same, below 2.25.

    Parameters
    ----------
    *names : object
        What the UID identifies, for example ``"series", "ap"``.

    """
    return f"2.25.{uuid.uuid5(NAMESPACE, '/'.join([EDITION, *map(str, names)])).int}"


def study_uid(label: StudyLabel | None = None) -> str:
    """Return the StudyInstanceUID of a study; by default of the lumbar sample study."""
    return identifier("study", label.key) if label and label.key else identifier("study")


def image_uid(view: View) -> str:
    """Return the SOPInstanceUID of a view's image."""
    return identifier("image", view.key)


def write_image(path: Path, view: View, frames: NDArray[np.uint16], window: tuple[int, int]) -> None:
    """Write one view as a DICOM file.

    Parameters
    ----------
    path : pathlib.Path
        File to write.
    view : View
        Geometry and names.
    frames : numpy.ndarray, shape (frames, rows, columns), uint16
        Pixels, 12 bits used.
    window : tuple of int
        Window centre and width.

    """
    image_dataset(view, frames, window).save_as(path, enforce_file_format=True)


def image_dataset(view: View, frames: NDArray[np.uint16], window: tuple[int, int]) -> Dataset:
    """Return the complete DICOM data set of a view (parameters as in `write_image`)."""
    dataset = Dataset()
    dataset.file_meta = _file_meta(view)
    for part in PARTS:
        part(dataset, view)
    _set(dataset, WindowCenter=window[0], WindowWidth=window[1])
    _add_pixels(dataset, frames)
    return dataset


def encode_frame(frame: NDArray[np.uint16]) -> bytes:
    """Return one frame as a JPEG 2000 lossless codestream of 12-bit samples."""
    return bytes(
        imagecodecs.jpeg2k_encode(frame, level=0, reversible=True, codecformat="j2k", bitspersample=BITS)
    )


def _file_meta(view: View) -> FileMetaDataset:
    meta = FileMetaDataset()
    meta.MediaStorageSOPClassUID = XRayAngiographicImageStorage
    meta.MediaStorageSOPInstanceUID = UID(image_uid(view))
    meta.TransferSyntaxUID = JPEG2000Lossless
    meta.ImplementationClassUID = UID(identifier("implementation"))
    meta.ImplementationVersionName = "FLUOROANNOTATOR"
    return meta


def _set(dataset: Dataset, **values: Any) -> None:
    for keyword, value in values.items():
        setattr(dataset, keyword, value)


def _patient(dataset: Dataset, _: View) -> None:
    _set(
        dataset,
        SpecificCharacterSet="ISO_IR 192",
        PatientName="PHANTOM^LUMBAR",
        PatientID="PHANTOM-LUMBAR-1",
        PatientBirthDate="",
        PatientSex="O",
        PatientComments="Rendered from a mesh phantom; no patient was imaged.",
        PatientIdentityRemoved="YES",
        DeidentificationMethod="Synthetic image, there never was a patient",
    )


def _study(dataset: Dataset, view: View) -> None:
    _set(
        dataset,
        StudyInstanceUID=study_uid(view.study),
        StudyDate=STUDY_DATE,
        StudyTime=STUDY_TIME,
        StudyID=view.study.number,
        AccessionNumber="",
        ReferringPhysicianName="",
        StudyDescription=view.study.description,
    )


def _series(dataset: Dataset, view: View) -> None:
    _set(
        dataset,
        Modality="XA",
        SeriesInstanceUID=identifier("series", view.key),
        SeriesNumber=view.number,
        SeriesDescription=view.description,
        SeriesDate=STUDY_DATE,
        SeriesTime=view.time,
        ProtocolName="Lumbar medial branch block",
        BodyPartExamined="LSPINE",
        PatientPosition="HFP",
    )


def _equipment(dataset: Dataset, _: View) -> None:
    _set(
        dataset,
        Manufacturer="fluoro_annotator",
        ManufacturerModelName="simulated C-arm",
        DeviceSerialNumber="0",
        SoftwareVersions=EDITION,
    )


def _image(dataset: Dataset, view: View) -> None:
    _set(
        dataset,
        SOPClassUID=XRayAngiographicImageStorage,
        SOPInstanceUID=image_uid(view),
        InstanceNumber=1,
        ImageType=["ORIGINAL", "PRIMARY", "SINGLE PLANE"],
        ContentDate=STUDY_DATE,
        ContentTime=view.time,
        AcquisitionDate=STUDY_DATE,
        AcquisitionTime=view.time,
        AcquisitionNumber=view.number,
        PatientOrientation=list(view.pose.patient_orientation),
        BurnedInAnnotation="NO",
        RecognizableVisualFeatures="NO",
        LossyImageCompression="00",
        IrradiationEventUID=identifier("event", view.key),
        ImageComments="Simulated. Meshes: R. Remus 2021, BSD-3-Clause, doi:10.1371/journal.pone.0250456",
    )
    dataset.AnatomicRegionSequence = _code("122496007", "SCT", "Lumbar spine")


def _acquisition(dataset: Dataset, view: View) -> None:
    lateral = view.name == "lateral"
    run = view.frames > 1
    _set(
        dataset,
        KVP=95 if lateral else 76,
        RadiationSetting="SC" if run else "GR",
        RadiationMode="PULSED",
        XRayTubeCurrent=8 if run else 20,
        ExposureTime=8 * view.frames if run else 40,
        AveragePulseWidth=8 if run else 40,
        FieldOfViewShape="ROUND",
        FieldOfViewDimensions=[round(view.field_mm)],
        FocalSpots="0.6",
    )
    if view.scaled:
        dataset.ImagerPixelSpacing = [_decimal(view.pose.pixel_pitch_mm)] * 2


def _positioner(dataset: Dataset, view: View) -> None:
    pose = view.pose
    _set(
        dataset,
        PositionerMotion="STATIC",
        PositionerPrimaryAngle=_decimal(pose.primary_angle) if view.angles_stated else None,
        PositionerSecondaryAngle=_decimal(pose.secondary_angle) if view.angles_stated else None,
    )
    if view.scaled:
        _set(
            dataset,
            DistanceSourceToDetector=_decimal(pose.source_to_detector_mm),
            DistanceSourceToPatient=_decimal(pose.source_to_isocentre_mm),
            EstimatedRadiographicMagnificationFactor=_decimal(pose.magnification),
        )


def _collimator(dataset: Dataset, view: View) -> None:
    rows, columns = view.pose.rows, view.pose.columns
    _set(
        dataset,
        CollimatorShape="CIRCULAR",
        CenterOfCircularCollimator=[round(rows / 2), round(columns / 2)],
        RadiusOfCircularCollimator=round(min(rows, columns) * (0.5 - view.margin)),
    )


def _timing(dataset: Dataset, view: View) -> None:
    if view.frames == 1:
        return
    _set(
        dataset,
        FrameIncrementPointer=Tag("FrameTime"),
        FrameTime=_decimal(FRAME_TIME_MS),
        CineRate=FRAMES_PER_SECOND,
        RecommendedDisplayFrameRate=FRAMES_PER_SECOND,
        PreferredPlaybackSequencing=0,
    )


def _contrast(dataset: Dataset, view: View) -> None:
    if view.injection is None:
        return
    _set(
        dataset,
        ContrastBolusAgent="iodinated, simulated",
        ContrastBolusVolume=_decimal(view.injection.volume_ml),
        ContrastBolusIngredient="IODINE",
        ContrastBolusIngredientConcentration=_decimal(1000 * IODINE_G_PER_ML),
    )


def _add_pixels(dataset: Dataset, frames: NDArray[np.uint16]) -> None:
    count, rows, columns = frames.shape
    _set(
        dataset,
        SamplesPerPixel=1,
        PhotometricInterpretation="MONOCHROME2",
        PixelIntensityRelationship="DISP",
        Rows=rows,
        Columns=columns,
        BitsAllocated=16,
        BitsStored=BITS,
        HighBit=BITS - 1,
        PixelRepresentation=0,
    )
    if count > 1:
        dataset.NumberOfFrames = count
    dataset.PixelData = encapsulate([encode_frame(frame) for frame in frames])
    dataset["PixelData"].VR = "OB"


def _code(value: str, scheme: str, meaning: str) -> Sequence:
    item = Dataset()
    _set(item, CodeValue=value, CodingSchemeDesignator=scheme, CodeMeaning=meaning)
    return Sequence([item])


def _decimal(value: float) -> str:
    """Return a number as a DICOM decimal string of at most 16 characters."""
    return f"{value:.8g}"


PARTS: tuple[Callable[[Dataset, View], None], ...] = (
    _patient, _study, _series, _equipment, _image, _acquisition, _positioner, _collimator, _timing, _contrast,
)  # fmt: skip
