"""Millimetres per pixel from a header, with their source and its limits."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from pydicom.dataset import Dataset

from fluoro_annotator.dicom.values import number, numbers, text, values
from fluoro_annotator.geometry import UNCALIBRATED, Calibration, CalibrationSource
from fluoro_annotator.geometry.calibration import DEFAULT_ERRORS

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

AGREEMENT: Final = 0.05
"""Fraction by which a stated magnification may differ from that of the distances."""


def read_calibration(dataset: Dataset) -> Calibration:
    """Return the scale of an image with where it comes from.

    The first that applies: Pixel Spacing with a calibration type; the spacing that an enhanced
    image states for the plane of the object; Imager Pixel Spacing divided by the magnification,
    which is stated or follows from the distances of source, detector and patient (or isocentre);
    Imager Pixel Spacing, at the detector; Pixel Spacing of unknown origin; none.

    No header states an interval: it is an engineering default of the source (`DEFAULT_ERRORS`),
    or the difference between two statements of the magnification where that is larger.

    Parameters
    ----------
    dataset : pydicom.dataset.Dataset
        Header of an image, or of one frame of an enhanced image.

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


_SPACINGS: Final = {
    "PixelSpacing": "Pixel Spacing",
    "ImagerPixelSpacing": "Imager Pixel Spacing",
    "ObjectPixelSpacingInCenterOfBeam": "Object Pixel Spacing in Center of Beam",
}


def spacing_of(dataset: Dataset, keyword: str) -> tuple[float, float] | None:
    """Return row and column spacing in mm, in the order of PS3.3 10.7.1.3, if both are sane."""
    found = numbers(dataset, keyword)
    if len(found) != 2 or not all(0 < value <= LARGEST_SPACING for value in found):  # noqa: PLR2004 - row and column
        return None
    return found[0], found[1]


def _scale(
    source: CalibrationSource, spacing: tuple[float, float], note: str, error: float = 0.0
) -> Calibration:
    """Return a scale with the interval of its source, widened to an error known to be larger."""
    default = DEFAULT_ERRORS.get(source)
    return Calibration(source, *spacing, None if default is None else max(default, error), note)


def _typed_pixel_spacing(dataset: Dataset) -> Calibration | None:
    source = CALIBRATION_TYPES.get(text(dataset, "PixelSpacingCalibrationType").upper())
    spacing = spacing_of(dataset, "PixelSpacing")
    if source is None or spacing is None:
        return None
    # the description is free text, which may name a person, and a note goes with every mark
    return _scale(source, spacing, "")


def _object_plane(dataset: Dataset) -> Calibration | None:
    """Return the spacing that an enhanced image states for the plane of the patient (PS3.3 C.8.19.6.9)."""
    spacing = spacing_of(dataset, "ObjectPixelSpacingInCenterOfBeam")
    if spacing is None:
        return None
    height = number(dataset, "DistanceObjectToTableTop")
    where = "" if height is None else f", {height:g} mm from the table top"
    return _scale(
        CalibrationSource.PIXEL_SPACING_GEOMETRY,
        spacing,
        f"Object Pixel Spacing in Center of Beam{where}; right only in this plane",
    )


def _magnified_imager_spacing(dataset: Dataset) -> Calibration | None:
    spacing, magnification = spacing_of(dataset, "ImagerPixelSpacing"), _magnification(dataset)
    if spacing is None or magnification is None:
        return None
    factor, origin, error = magnification
    return _scale(
        CalibrationSource.IMAGER_SPACING_MAGNIFICATION,
        (spacing[0] / factor, spacing[1] / factor),
        f"magnification {factor:.3g} {origin}; right only in one plane parallel to the detector",
        error,
    )


def _magnification(dataset: Dataset) -> tuple[float, str, float] | None:
    """Return the magnification, where it comes from, and by what fraction other values differ."""
    stated = _sane(number(dataset, "EstimatedRadiographicMagnificationFactor"))
    computed = _ratio_of_distances(dataset)
    if stated is None:
        return None if computed is None else (*computed, 0.0)
    origin = "as the device estimated it"
    if computed is None:
        return stated, origin, 0.0
    difference = abs(computed[0] / stated - 1)
    if difference <= AGREEMENT:
        return stated, origin, 0.0
    return stated, f"{origin}, but {computed[0]:.3g} {computed[1]}", difference


def _ratio_of_distances(dataset: Dataset) -> tuple[float, str] | None:
    detector = number(dataset, "DistanceSourceToDetector")
    for keyword, name in _OBJECT_DISTANCES.items():
        distance = number(dataset, keyword)
        if not detector or not distance or detector < 0 or distance < 0:
            continue
        factor = _sane(detector / distance)
        if factor is not None:
            return factor, f"from the distances of source, {name} and detector"
    return None


_OBJECT_DISTANCES: Final = {
    "DistanceSourceToPatient": "patient",
    "DistanceSourceToIsocenter": "isocentre",
}


def _sane(factor: float | None) -> float | None:
    return factor if factor is not None and LEAST_MAGNIFICATION <= factor <= LARGEST_MAGNIFICATION else None


def _detector_plane(dataset: Dataset) -> Calibration | None:
    spacing = spacing_of(dataset, "ImagerPixelSpacing")
    if spacing is None:
        return None
    return _scale(
        CalibrationSource.DETECTOR_PLANE,
        spacing,
        "Imager Pixel Spacing holds at the detector, and no magnification is stated",
    )


def _untyped_pixel_spacing(dataset: Dataset) -> Calibration | None:
    spacing = spacing_of(dataset, "PixelSpacing")
    if spacing is None:
        return None
    note = "the header does not say how its Pixel Spacing was measured; not used for lengths"
    return _scale(CalibrationSource.UNTYPED_PIXEL_SPACING, spacing, note)


_RULES: Final[tuple[Callable[[Dataset], Calibration | None], ...]] = (
    _typed_pixel_spacing,
    _object_plane,
    _magnified_imager_spacing,
    _detector_plane,
    _untyped_pixel_spacing,
)
