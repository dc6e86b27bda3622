"""Scales that a reader makes in the image: from a known length or from the width of a needle."""

from __future__ import annotations

import math
from typing import Final

from fluoro_annotator.errors import GeometryError
from fluoro_annotator.geometry.calibration import DEFAULT_ERRORS, Calibration, CalibrationSource
from fluoro_annotator.geometry.coordinates import Point

NEEDLE_DIAMETERS_MM: Final = {18: 1.27, 20: 0.91, 22: 0.72, 25: 0.51}
"""Nominal outer diameter of needles by Birmingham gauge, in mm."""

END_ERROR_PX: Final = 1.0
"""How far either end of a known length may be misplaced, in pixels: an engineering default."""

LEAST_WIDTH_PX: Final = 2.0
"""A needle narrower than this is a matter of blur, not of its width."""

_OFF_PLANE: Final = "a length tilted out of the plane of the image makes other lengths come out too long"


def from_known_length(
    points: tuple[Point, Point],
    mm: float,
    *,
    aspect: float = 1.0,
    mm_error: float = 0.0,
    end_error_px: float = END_ERROR_PX,
) -> Calibration:
    """Return the scale of an image in which the length between two points is known.

    The interval combines the placement of both ends and the error of the length itself; the depth
    of other structures is not part of it.

    Parameters
    ----------
    points : tuple of (Point, Point)
        The ends of the known length, in pixels.
    mm : float
        The length in mm.
    aspect : float
        Height of a pixel divided by its width, 1 for square pixels.
    mm_error : float
        Half-width of the interval of `mm`, in mm.
    end_error_px : float
        How far either end may be misplaced, in pixels.

    Raises
    ------
    GeometryError
        If the points coincide, or a number is not finite and positive (errors: at least 0).

    Examples
    --------
    >>> scale = from_known_length((Point(0, 0), Point(0, 100)), 25.0)
    >>> scale.column_mm, round(scale.relative_error, 4)
    (0.25, 0.0141)

    """
    first, second = points
    _check_positive("known length", mm)
    _check_positive("pixel aspect ratio", aspect)
    _check_not_negative("error of the known length", mm_error)
    _check_not_negative("error of its ends", end_error_px)
    pixels = math.hypot((first.row - second.row) * aspect, first.column - second.column)
    if not (math.isfinite(pixels) and pixels > 0):
        raise GeometryError("known length", "has both ends at one place", "Set its ends apart.")
    error = math.hypot(math.sqrt(2) * end_error_px * max(1.0, aspect) / pixels, mm_error / mm)
    return Calibration(
        CalibrationSource.KNOWN_LENGTH,
        mm / pixels * aspect,
        mm / pixels,
        relative_error=error,
        note=f"{mm:g} mm over {pixels:.0f} pixel widths; {_OFF_PLANE}",
    )


def from_instrument_width(
    pixels: float,
    gauge: int,
    *,
    aspect: float = 1.0,
    across: tuple[float, float] | None = None,
) -> Calibration:
    """Return the scale of an image in which the shaft of a needle was measured across.

    Blur makes it uncertain by 20 %; the scale is meant for orientation, not for measuring.

    Parameters
    ----------
    pixels : float
        Width of the shaft in pixels, at right angles to it.
    gauge : int
        Size of the needle, one of `NEEDLE_DIAMETERS_MM`.
    aspect : float
        Height of a pixel divided by its width, 1 for square pixels.
    across : tuple of (float, float), optional
        Direction in which the width was measured as (rows, columns), of any length; needed only
        for pixels that are not square.

    Raises
    ------
    GeometryError
        If the gauge is not known, the width is less than two pixels, or the direction is missing.

    Examples
    --------
    >>> from_instrument_width(4.0, 22).column_mm
    0.18

    """
    if gauge not in NEEDLE_DIAMETERS_MM:
        known = ", ".join(str(size) for size in NEEDLE_DIAMETERS_MM)
        raise GeometryError(
            f"gauge {gauge}", "is not in the table of needle sizes", f"Choose one of {known}."
        )
    if not (math.isfinite(pixels) and pixels >= LEAST_WIDTH_PX):
        raise GeometryError(
            f"needle width of {pixels} pixels",
            f"is not a number of at least {LEAST_WIDTH_PX:g} pixels",
            "Use a known length instead.",
        )
    _check_positive("pixel aspect ratio", aspect)
    diameter = NEEDLE_DIAMETERS_MM[gauge]
    widths = pixels * _stretch(aspect, across)
    return Calibration(
        CalibrationSource.INSTRUMENT_WIDTH,
        diameter / widths * aspect,
        diameter / widths,
        relative_error=DEFAULT_ERRORS[CalibrationSource.INSTRUMENT_WIDTH],
        note=f"{gauge} G needle, nominally {diameter:g} mm, {pixels:.1f} pixels wide; blurred",
    )


def _stretch(aspect: float, across: tuple[float, float] | None) -> float:
    """Return how many pixel widths one pixel along a direction is."""
    if aspect == 1:
        return 1.0
    length = math.hypot(*across) if across else 0.0
    if not across or not math.isfinite(length) or length == 0:
        raise GeometryError(
            "needle width",
            "was measured in pixels that are not square without saying in which direction",
            "Give the direction across the shaft.",
        )
    return math.hypot(across[0] * aspect, across[1]) / length


def _check_positive(subject: str, value: float) -> None:
    if not (math.isfinite(value) and value > 0):
        raise GeometryError(f"{subject} {value}", "is not a positive finite number")


def _check_not_negative(subject: str, value: float) -> None:
    if not (math.isfinite(value) and value >= 0):
        raise GeometryError(f"{subject} {value}", "is not a finite number of at least 0")
