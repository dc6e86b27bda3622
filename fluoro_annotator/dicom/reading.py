"""Turns the header of one file into an `Image`, or says why it is none."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from pydicom.dataset import Dataset

from fluoro_annotator.dicom.calibration import read_calibration
from fluoro_annotator.dicom.clock import read_clock
from fluoro_annotator.dicom.functional_groups import CALIBRATION_GROUPS, RENDERING_GROUPS, FrameHeaders
from fluoro_annotator.dicom.header import read_header, tags_of
from fluoro_annotator.dicom.models import PALETTE, Image
from fluoro_annotator.dicom.motion import is_turning, read_geometries
from fluoro_annotator.dicom.overlays import OVERLAY_TAGS, read_overlays
from fluoro_annotator.dicom.parsing import Header
from fluoro_annotator.dicom.pixel_checks import check_pixels
from fluoro_annotator.dicom.rendering import Rendering, read_rendering
from fluoro_annotator.dicom.sop_classes import ACCEPTED, MEDIA_DIRECTORY, class_name
from fluoro_annotator.dicom.syntaxes import syntax_of
from fluoro_annotator.dicom.values import integer, quiet, text, values
from fluoro_annotator.dicom.view_names import name_view, read_label
from fluoro_annotator.errors import DamagedFileError, NotAnXrayImageError

_KEYWORDS: Final = """SpecificCharacterSet SOPClassUID SOPInstanceUID StudyInstanceUID SeriesInstanceUID
Modality SeriesNumber InstanceNumber SeriesDescription StudyDescription StudyDate
AcquisitionDate AcquisitionTime AcquisitionDateTime ContentDate ContentTime
Rows Columns NumberOfFrames SamplesPerPixel PhotometricInterpretation PlanarConfiguration
BitsAllocated BitsStored HighBit PixelRepresentation
ViewCodeSequence ViewPosition PatientPosition PatientOrientation
PatientOrientationCodeSequence PatientGantryRelationshipCodeSequence
PositionerPrimaryAngle PositionerSecondaryAngle PositionerMotion TableMotion
PositionerPrimaryAngleIncrement PositionerSecondaryAngleIncrement
TableVerticalIncrement TableLongitudinalIncrement TableLateralIncrement TableAngle
DetectorPrimaryAngle DetectorSecondaryAngle ColumnAngulation ColumnAngulationPatient
CArmPositionerTabletopRelationship FieldOfViewRotation FieldOfViewHorizontalFlip Laterality ImageLaterality
FrameTime FrameTimeVector FrameIncrementPointer CineRate RecommendedDisplayFrameRate FrameDisplaySequence
SharedFunctionalGroupsSequence PerFrameFunctionalGroupsSequence
PixelSpacing PixelSpacingCalibrationType PixelSpacingCalibrationDescription ImagerPixelSpacing
EstimatedRadiographicMagnificationFactor DistanceSourceToDetector DistanceSourceToPatient
WindowCenter WindowWidth WindowCenterWidthExplanation VOILUTFunction VOILUTSequence
ModalityLUTSequence RescaleSlope RescaleIntercept PresentationLUTShape
PixelPaddingValue PixelPaddingRangeLimit PixelIntensityRelationship PixelAspectRatio
RedPaletteColorLookupTableDescriptor RedPaletteColorLookupTableData SegmentedRedPaletteColorLookupTableData
GreenPaletteColorLookupTableDescriptor GreenPaletteColorLookupTableData SegmentedGreenPaletteColorLookupTableData
BluePaletteColorLookupTableDescriptor BluePaletteColorLookupTableData SegmentedBluePaletteColorLookupTableData
ShutterShape ShutterLeftVerticalEdge ShutterRightVerticalEdge ShutterUpperHorizontalEdge ShutterLowerHorizontalEdge
CenterOfCircularShutter RadiusOfCircularShutter VerticesOfThePolygonalShutter ShutterPresentationValue
MaskSubtractionSequence RecommendedViewingMode"""

IMAGE_TAGS: Final = tags_of(_KEYWORDS.split()) | OVERLAY_TAGS
"""Attributes that are read; names, birth dates and other identifiers are not among them."""

COLOR: Final = frozenset({"RGB", "YBR_FULL", "YBR_FULL_422", "YBR_ICT", "YBR_RCT", "YBR_PARTIAL_420"})
MONOCHROME: Final = frozenset({"MONOCHROME1", "MONOCHROME2"})
ONE_SAMPLE: Final = MONOCHROME | {PALETTE}
DEEP_COLOR: Final = frozenset({"RGB", "YBR_ICT", "YBR_RCT"})
"""Colour that reaches the display as RGB by the decoder alone, whatever the number of bits."""
DEPTHS: Final = {True: frozenset({8, 16}), False: frozenset({8})}
"""Bits allocated a sample of colour, for `DEEP_COLOR` and for the rest."""
ALLOCATIONS: Final = frozenset({1, 8, 16, 32})
_LARGEST_SIDE: Final = 65535
_REPLACE: Final = "Export the file again from the C-arm or the archive."


def read_image(path: Path) -> Image:
    """Read the header of one file.

    Parameters
    ----------
    path : pathlib.Path
        The file, with or without extension and preamble.

    Raises
    ------
    UnreadableFileError, NotDicomError, DamagedFileError
        If the file cannot be read, is not DICOM, or contradicts itself.
    NotAnXrayImageError
        If it is another kind of object.
    UnsupportedTransferSyntaxError
        If its frames cannot be decoded here.

    """
    return image_of(path, read_header(path, IMAGE_TAGS))


def image_of(path: Path, header: Header) -> Image:
    """Return the image that a header describes; raises as `read_image` does."""
    with quiet():
        _check_class(path, header)
        image = _image(path, header)
    syntax_of(image)
    check_pixels(image, header)
    return image


def _check_class(path: Path, header: Header) -> None:
    if header.media_class_uid == MEDIA_DIRECTORY:
        raise NotAnXrayImageError(
            str(path), "is the index of a medium (DICOMDIR)", "Its images are opened without it."
        )
    uid = text(header.dataset, "SOPClassUID") or header.media_class_uid
    if uid in ACCEPTED:
        return
    raise NotAnXrayImageError(
        str(path),
        f"is {class_name(uid)}, not a fluoroscopic image",
        "Open X-ray angiography, fluoroscopy or radiography images.",
    )


def _image(path: Path, header: Header) -> Image:
    dataset = header.dataset
    samples, photometric = _color_model(path, dataset)
    allocated, stored, high = _bits(path, dataset, samples, photometric)
    signed = integer(dataset, "PixelRepresentation") == 1 and photometric in MONOCHROME
    label, frames = read_label(dataset), _frames(path, dataset)
    headers = FrameHeaders(dataset, frames)
    geometries = read_geometries(headers, frames)
    renderings = headers.each(
        lambda frame: _rendering(path, frame, photometric, signed=signed), RENDERING_GROUPS
    )
    return Image(
        path=path,
        sop_class_uid=text(dataset, "SOPClassUID") or header.media_class_uid,
        sop_instance_uid=_uid(path, dataset, "SOPInstanceUID"),
        study_uid=_uid(path, dataset, "StudyInstanceUID"),
        series_uid=_uid(path, dataset, "SeriesInstanceUID"),
        transfer_syntax_uid=header.transfer_syntax_uid,
        modality=text(dataset, "Modality").upper(),
        series_number=integer(dataset, "SeriesNumber"),
        instance_number=integer(dataset, "InstanceNumber"),
        series_description=text(dataset, "SeriesDescription"),
        rows=_side(path, dataset, "Rows"),
        columns=_side(path, dataset, "Columns"),
        frames=frames,
        samples=samples,
        photometric=photometric,
        planar=integer(dataset, "PlanarConfiguration") == 1,
        bits_allocated=allocated,
        bits_stored=stored,
        high_bit=high,
        signed=signed,
        view_label=label.text,
        view=name_view(label, geometries[0], moving=is_turning(geometries)),
        clock=read_clock(headers, frames),
        geometries=geometries,
        calibrations=headers.each(read_calibration, CALIBRATION_GROUPS),
        acquisition=_acquisition(dataset),
        study_date=text(dataset, "StudyDate") or None,
        study_description=text(dataset, "StudyDescription"),
        rendering=renderings[0],
        frame_renderings=renderings if len(renderings) > 1 else (),
        overlays=read_overlays(dataset, allocated),
    )


def _rendering(path: Path, dataset: Dataset, photometric: str, *, signed: bool) -> Rendering:
    rendering = read_rendering(dataset, signed=signed)
    if photometric == PALETTE and rendering.palette is None:
        raise _damaged(path, "is a picture in palette colours without a complete palette")
    return rendering


def _damaged(path: Path, problem: str) -> DamagedFileError:
    return DamagedFileError(str(path), problem, _REPLACE)


def _uid(path: Path, dataset: Dataset, keyword: str) -> str:
    uid = text(dataset, keyword)
    if not uid:
        raise _damaged(path, f"has no {keyword} in its header")
    return uid


def _side(path: Path, dataset: Dataset, keyword: str) -> int:
    side = integer(dataset, keyword)
    if side is None or not 1 <= side <= _LARGEST_SIDE:
        raise _damaged(path, f"does not say how many {keyword.lower()} its image has")
    return side


def _frames(path: Path, dataset: Dataset) -> int:
    if not values(dataset, "NumberOfFrames"):
        return 1
    frames = integer(dataset, "NumberOfFrames")
    if frames is None or frames < 1:
        raise _damaged(path, "states a number of frames that is not a positive whole number")
    return frames


def _color_model(path: Path, dataset: Dataset) -> tuple[int, str]:
    samples = integer(dataset, "SamplesPerPixel") or 1
    photometric = text(dataset, "PhotometricInterpretation").upper() or "MONOCHROME2"
    if (samples == 1 and photometric in ONE_SAMPLE) or (samples == 3 and photometric in COLOR):  # noqa: PLR2004 - red, green, blue
        return samples, photometric
    if photometric in ONE_SAMPLE | COLOR:
        raise _damaged(
            path, f"states {samples} samples a pixel and {photometric}, which contradict each other"
        )
    raise NotAnXrayImageError(
        str(path),
        f"is a picture in {photometric.lower()}, not in grey levels or RGB",
        "Export it in grey levels or RGB.",
    )


def _bits(path: Path, dataset: Dataset, samples: int, photometric: str) -> tuple[int, int, int]:
    allocated = integer(dataset, "BitsAllocated")
    if allocated not in ALLOCATIONS:
        raise _damaged(path, f"states {allocated or 'no'} bits allocated a pixel, which cannot be read")
    if samples == 3 and allocated not in DEPTHS[photometric in DEEP_COLOR]:  # noqa: PLR2004 - red, green and blue
        raise NotAnXrayImageError(
            str(path),
            f"is a colour picture in {photometric} with {allocated} bits a sample, which is not supported",
            "Export it as RGB with 8 or 16 bits a sample.",
        )
    stored = integer(dataset, "BitsStored") or allocated
    high = integer(dataset, "HighBit")
    if not 1 <= stored <= allocated:
        raise _damaged(path, f"states {stored} bits stored in {allocated} bits")
    return allocated, stored, high if high is not None and stored - 1 <= high < allocated else stored - 1


def _acquisition(dataset: Dataset) -> tuple[str | None, str | None]:
    return acquisition_of(*(text(dataset, keyword) for keyword in ACQUISITION))


ACQUISITION: Final = (
    "AcquisitionDateTime",
    "AcquisitionDate",
    "AcquisitionTime",
    "ContentDate",
    "ContentTime",
)


def acquisition_of(combined: str, *pairs: str) -> tuple[str | None, str | None]:
    """Return date and time of acquisition, else of content, from the values of `ACQUISITION`."""
    if combined:
        return combined[:8] or None, combined[8:] or None
    for date, time in (pairs[:2], pairs[2:]):
        if date or time:
            return date or None, time or None
    return None, None
