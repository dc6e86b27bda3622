"""Millimetres per pixel, where the number comes from and how far to trust it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum

from fluoro_annotator.errors import GeometryError
from fluoro_annotator.geometry.coordinates import Point


class CalibrationSource(StrEnum):
    """Where a calibration comes from, the most trustworthy first."""

    KNOWN_LENGTH = "known_length"
    INSTRUMENT_WIDTH = "instrument_width"
    PIXEL_SPACING_FIDUCIAL = "pixel_spacing_fiducial"
    PIXEL_SPACING_GEOMETRY = "pixel_spacing_geometry"
    IMAGER_SPACING_MAGNIFICATION = "imager_pixel_spacing_with_magnification"
    DETECTOR_PLANE = "detector_plane"
    UNTYPED_PIXEL_SPACING = "pixel_spacing_of_unknown_origin"
    NONE = "none"


DESCRIPTIONS = {
    CalibrationSource.KNOWN_LENGTH: "a length known to the reader, in its own plane",
    CalibrationSource.INSTRUMENT_WIDTH: "the nominal width of an instrument, in its own plane",
    CalibrationSource.PIXEL_SPACING_FIDUCIAL: "Pixel Spacing, calibrated on an object of known size",
    CalibrationSource.PIXEL_SPACING_GEOMETRY: "Pixel Spacing, calibrated from the C-arm geometry",
    CalibrationSource.IMAGER_SPACING_MAGNIFICATION: "Imager Pixel Spacing divided by the magnification",
    CalibrationSource.DETECTOR_PLANE: "Imager Pixel Spacing, at the detector: larger than in the patient",
    CalibrationSource.UNTYPED_PIXEL_SPACING: "Pixel Spacing without a stated origin",
    CalibrationSource.NONE: "no calibration",
}

UNUSABLE = frozenset(
    {
        CalibrationSource.DETECTOR_PLANE,
        CalibrationSource.UNTYPED_PIXEL_SPACING,
        CalibrationSource.NONE,
    }
)

PLANES = {
    CalibrationSource.KNOWN_LENGTH: "the plane of the known length, if it lies parallel to the detector",
    CalibrationSource.INSTRUMENT_WIDTH: "the depth of the instrument where its width was taken",
    CalibrationSource.PIXEL_SPACING_FIDUCIAL: "the plane of the object it was calibrated on",
    CalibrationSource.PIXEL_SPACING_GEOMETRY: "the plane that the device assumed for the patient",
    CalibrationSource.IMAGER_SPACING_MAGNIFICATION: "the plane that belongs to the magnification",
    CalibrationSource.DETECTOR_PLANE: "the entrance of the detector, behind the patient",
    CalibrationSource.UNTYPED_PIXEL_SPACING: "not known",
    CalibrationSource.NONE: "none",
}
"""Where a scale is right; elsewhere it errs by the ratio of the distances from the X-ray source."""

DEFAULT_ERRORS = {
    CalibrationSource.INSTRUMENT_WIDTH: 0.20,
    CalibrationSource.PIXEL_SPACING_FIDUCIAL: 0.07,
    CalibrationSource.PIXEL_SPACING_GEOMETRY: 0.10,
    CalibrationSource.IMAGER_SPACING_MAGNIFICATION: 0.10,
}
"""Half-widths of intervals that no header states and nobody measured: engineering defaults.

A structure 50 mm off the calibrated plane, 700 mm from the source, is off by 7 %; a plane that
is itself assumed adds some more. The width of a needle is blurred: 20 %.
"""


@dataclass(frozen=True, slots=True)
class Calibration:
    """A scale together with its source.

    Parameters
    ----------
    source : CalibrationSource
        Where the numbers come from.
    row_mm, column_mm : float or None
        Height and width of one pixel in mm, both or neither.
    relative_error : float or None
        Half-width of the interval of the scale as a fraction (0.07 means +-7 %); None where
        it is not known.
    note : str
        What a reader should know, for example the plane in which the scale holds.

    Raises
    ------
    GeometryError
        If a spacing is missing, not finite or not positive, or the error is negative.

    """

    source: CalibrationSource
    row_mm: float | None = None
    column_mm: float | None = None
    relative_error: float | None = None
    note: str = ""

    def __post_init__(self) -> None:
        if self.source is CalibrationSource.NONE:
            if self.row_mm is not None or self.column_mm is not None:
                raise GeometryError("calibration", "has a spacing but no source")
            return
        for spacing in (self.row_mm, self.column_mm):
            if spacing is None or not math.isfinite(spacing) or spacing <= 0:
                raise GeometryError(f"pixel spacing {spacing}", "is not a positive number of millimetres")
        error = self.relative_error
        if error is not None and not (math.isfinite(error) and error >= 0):
            raise GeometryError(f"relative error {error}", "is not a finite number of at least 0")

    @property
    def usable(self) -> bool:
        """Whether millimetres in the patient may be computed with it.

        A spacing at the detector plane or of unknown origin is kept for information, but
        lengths in the patient stay in pixels.
        """
        return self.source not in UNUSABLE

    @property
    def description(self) -> str:
        """The source in words."""
        return DESCRIPTIONS[self.source]

    @property
    def plane(self) -> str:
        """The plane in which the scale is right, in words; the note may say more."""
        return PLANES[self.source]

    @property
    def reason(self) -> str:
        """Why there are no millimetres; empty where there are."""
        if self.usable:
            return ""
        return self.note or (
            "the header states no pixel spacing"
            if self.source is CalibrationSource.NONE
            else self.description
        )

    @property
    def error_is_default(self) -> bool:
        """Whether the interval is an engineering default rather than derived from this image."""
        return self.relative_error is not None and self.relative_error == DEFAULT_ERRORS.get(self.source)

    @property
    def row_interval_mm(self) -> tuple[float, float] | None:
        """Lower and upper bound of the height of a pixel in mm, None where not known."""
        return self.interval_of(self.row_mm)

    @property
    def column_interval_mm(self) -> tuple[float, float] | None:
        """Lower and upper bound of the width of a pixel in mm, None where not known."""
        return self.interval_of(self.column_mm)

    def interval_of(self, mm: float | None) -> tuple[float, float] | None:
        """Return lower and upper bound of a length in mm, None where the error is not known."""
        if mm is None or self.relative_error is None:
            return None
        return mm * max(0.0, 1 - self.relative_error), mm * (1 + self.relative_error)


UNCALIBRATED = Calibration(CalibrationSource.NONE)


@dataclass(frozen=True, slots=True)
class Distance:
    """A length in an image, in millimetres only if its calibration allows it.

    Attributes
    ----------
    pixels : float
        Length in pixels.
    calibration : Calibration
        The calibration the millimetres come from.
    mm : float or None
        Length in millimetres.

    """

    pixels: float
    calibration: Calibration
    mm: float | None

    @property
    def interval_mm(self) -> tuple[float, float] | None:
        """Lower and upper bound in mm, or None where the error of the scale is not known."""
        return self.calibration.interval_of(self.mm)


def measure(first: Point, second: Point, calibration: Calibration) -> Distance:
    """Return the distance between two points of one image.

    Parameters
    ----------
    first, second : Point
        Positions in pixels.
    calibration : Calibration
        Scale of the image; pixels need not be square.

    """
    pixels = first.distance(second)
    if not calibration.usable or calibration.row_mm is None or calibration.column_mm is None:
        return Distance(pixels, calibration, None)
    mm = math.hypot(
        (first.row - second.row) * calibration.row_mm,
        (first.column - second.column) * calibration.column_mm,
    )
    return Distance(pixels, calibration, mm)
