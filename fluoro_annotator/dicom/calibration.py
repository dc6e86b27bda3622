"""Millimetres per pixel from a header, with their source and its limits."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from pydicom.dataset import Dataset

from fluoro_annotator.dicom.values import number, numbers, text, values
from fluoro_annotator.geometry import UNCALIBRATED, Calibration, CalibrationSource

CALIBRATION_TYPES: Final = {
    "FIDUCIAL": CalibrationSource.PIXEL_SPACING_FIDUCIAL,
    "GEOMETRY": CalibrationSource.PIXEL_SPACING_GEOMETRY,
}
"""Terms of Pixel Spacing Calibration Type (0028,0A02), PS3.3 10.7.1."""

LEAST_MAGNIFICATION: Final = 1.0
LARGEST_MAGNIFICATION: Final = 5.0
"""A projected object is never smaller than itself; a C-arm stays well below five times."""

LARGEST_SPACING: Final = 10.0
"""Millimetres; a larger pixel is a slip of the pen (a body would span fewer than 50 pixels)."""


def read_calibration(dataset: Dataset) -> Calibration:
    """Return the scale of an image with where it comes from.

    The first that applies: Pixel Spacing with a calibration type; Imager Pixel Spacing divided
    by the magnification, which is stated or follows from the distances of source, detector and
    patient; Imager Pixel Spacing, at the detector; Pixel Spacing of unknown origin; none.

    Parameters
    ----------
    dataset : pydicom.dataset.Dataset
        Header of an image.

    Returns
    -------
    Calibration
        With source NONE, and the reason as note, where there is no usable spacing.

    """
    for rule in _RULES:
        found = rule(dataset)
        if found is not None:
            return found
    bad = [name for name in _SPACINGS if values(dataset, name)]
    if not bad:
        return UNCALIBRATED
    names = " and ".join(_SPACINGS[name] for name in bad)
    return Calibration(CalibrationSource.NONE, note=f"{names} in the header cannot be used")


_SPACINGS: Final = {"PixelSpacing": "Pixel Spacing", "ImagerPixelSpacing": "Imager Pixel Spacing"}


def _spacing(dataset: Dataset, keyword: str) -> tuple[float, float] | None:
    """Return row and column spacing in mm, in the order of PS3.3 10.7.1.3, if both are sane."""
    found = numbers(dataset, keyword)
    if len(found) != 2 or not all(0 < value <= LARGEST_SPACING for value in found):  # noqa: PLR2004 - row and column
        return None
    return found[0], found[1]


def _typed_pixel_spacing(dataset: Dataset) -> Calibration | None:
    source = CALIBRATION_TYPES.get(text(dataset, "PixelSpacingCalibrationType").upper())
    spacing = _spacing(dataset, "PixelSpacing")
    if source is None or spacing is None:
        return None
    return Calibration(source, *spacing, note=text(dataset, "PixelSpacingCalibrationDescription"))


def _magnified_imager_spacing(dataset: Dataset) -> Calibration | None:
    spacing, magnification = _spacing(dataset, "ImagerPixelSpacing"), _magnification(dataset)
    if spacing is None or magnification is None:
        return None
    factor, origin = magnification
    return Calibration(
        CalibrationSource.IMAGER_SPACING_MAGNIFICATION,
        spacing[0] / factor,
        spacing[1] / factor,
        note=f"magnification {factor:.3g} {origin}; right only in one plane parallel to the detector",
    )


def _magnification(dataset: Dataset) -> tuple[float, str] | None:
    stated = number(dataset, "EstimatedRadiographicMagnificationFactor")
    if stated is not None and LEAST_MAGNIFICATION <= stated <= LARGEST_MAGNIFICATION:
        return stated, "as the device estimated it"
    detector = number(dataset, "DistanceSourceToDetector")
    patient = number(dataset, "DistanceSourceToPatient")
    if not detector or not patient or detector < 0 or patient < 0:
        return None
    factor = detector / patient
    if not LEAST_MAGNIFICATION <= factor <= LARGEST_MAGNIFICATION:
        return None
    return factor, "from the distances of source, patient and detector"


def _detector_plane(dataset: Dataset) -> Calibration | None:
    spacing = _spacing(dataset, "ImagerPixelSpacing")
    if spacing is None:
        return None
    return Calibration(CalibrationSource.DETECTOR_PLANE, *spacing, note="magnification not stated")


def _untyped_pixel_spacing(dataset: Dataset) -> Calibration | None:
    spacing = _spacing(dataset, "PixelSpacing")
    if spacing is None:
        return None
    note = "the header does not say how it was measured; not used for lengths"
    return Calibration(CalibrationSource.UNTYPED_PIXEL_SPACING, *spacing, note=note)


_RULES: Final[tuple[Callable[[Dataset], Calibration | None], ...]] = (
    _typed_pixel_spacing,
    _magnified_imager_spacing,
    _detector_plane,
    _untyped_pixel_spacing,
)
