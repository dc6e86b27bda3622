"""Numbers with a unit, an interval, and the scale they come from."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from fluoro_annotator.errors import GeometryError
from fluoro_annotator.geometry.calibration import UNCALIBRATED, Calibration
from fluoro_annotator.geometry.coordinates import Point

PLACEMENT_PX: Final = 1.5
"""How far a placed point may be off, in pixel widths: an engineering default, measured by nobody."""

PROJECTED: Final = "in the plane of the image; depth is not seen"
"""Note of measures that depth would change."""


class Unit(StrEnum):
    """Units of measures."""

    PIXELS = "px"
    MILLIMETRES = "mm"
    DEGREES = "deg"
    FRACTION = "fraction"


class Answer(StrEnum):
    """An answer that may be withheld."""

    YES = "yes"
    NO = "no"
    CANNOT_TELL = "cannot_tell"


_FORMATS: Final = {
    Unit.PIXELS: ("{:.1f}", " px"),
    Unit.MILLIMETRES: ("{:.1f}", " mm"),
    Unit.DEGREES: ("{:.0f}", "°"),
    Unit.FRACTION: ("{:.2f}", ""),
}


@dataclass(frozen=True, slots=True)
class Quantity:
    """A measured number with its interval.

    Parameters
    ----------
    value : float
        The number.
    unit : Unit
        Its unit; pixels are pixel widths.
    low, high : float
        Bounds from the placement of points and from the scale, as far as both are known.
    calibration : str or None
        The source of the scale in words; None where no scale was used.
    note : str
        What a reader should know.

    Raises
    ------
    GeometryError
        If a number is not finite, or the value does not lie between its bounds.

    """

    value: float
    unit: Unit
    low: float
    high: float
    calibration: str | None = None
    note: str = ""

    def __post_init__(self) -> None:
        if not all(map(math.isfinite, (self.value, self.low, self.high))):
            raise GeometryError("measure", "has a number that is not finite")
        if not self.low <= self.value <= self.high:
            raise GeometryError(
                f"measure {self.value}", f"does not lie between its bounds {self.low} and {self.high}"
            )

    @property
    def text(self) -> str:
        """Value, unit and interval, for example ``"4.2 mm (3.5 to 5.0)"``."""
        form, unit = _FORMATS[self.unit]
        return f"{form.format(self.value)}{unit} ({form.format(self.low)} to {form.format(self.high)})"

    def within(self, low: float, high: float) -> Answer:
        """Return whether the number lies in a band, as far as its interval allows to tell.

        Parameters
        ----------
        low, high : float
            The band, in the unit of the quantity; both ends belong to it.

        Examples
        --------
        >>> Quantity(0.3, Unit.FRACTION, 0.2, 0.4).within(0.25, 0.75)
        <Answer.CANNOT_TELL: 'cannot_tell'>

        """
        if low <= self.low and self.high <= high:
            return Answer.YES
        return Answer.NO if self.high < low or high < self.low else Answer.CANNOT_TELL


@dataclass(frozen=True, slots=True)
class Ruler:
    """What lengths in one image are measured with.

    Parameters
    ----------
    calibration : Calibration
        Scale of the image. One that does not hold in the patient still says how high a pixel is
        in relation to its width.
    aspect : float
        Height of a pixel divided by its width, used where the calibration has no spacing.
    placement_px : float
        How far a placed point may be off, in pixel widths.

    Raises
    ------
    GeometryError
        If the aspect is not positive or the placement is negative.

    """

    calibration: Calibration = UNCALIBRATED
    aspect: float = 1.0
    placement_px: float = PLACEMENT_PX

    def __post_init__(self) -> None:
        if not (math.isfinite(self.aspect) and self.aspect > 0):
            raise GeometryError(f"pixel aspect ratio {self.aspect}", "is not a positive number")
        if not (math.isfinite(self.placement_px) and self.placement_px >= 0):
            raise GeometryError(
                f"placement of points of {self.placement_px} pixels", "is not a number of at least 0"
            )
        spacing = self.calibration.row_mm, self.calibration.column_mm
        if spacing[0] is not None and spacing[1] is not None:
            object.__setattr__(self, "aspect", spacing[0] / spacing[1])

    @property
    def mm_per_px(self) -> float | None:
        """Width of a pixel in mm where millimetres in the patient may be computed."""
        return self.calibration.column_mm if self.calibration.usable else None

    @property
    def unit(self) -> Unit:
        """Unit of lengths."""
        return Unit.PIXELS if self.mm_per_px is None else Unit.MILLIMETRES

    def pixels(self, first: Point, second: Point) -> float:
        """Return the distance of two points in pixel widths."""
        return math.hypot((second.row - first.row) * self.aspect, second.column - first.column)

    def length(self, pixels: float, error_px: float, note: str = "", *, least: float = 0.0) -> Quantity:
        """Return a length in pixel widths as a quantity, in mm where the scale allows it.

        Parameters
        ----------
        pixels : float
            The length; negative on the far side of a line.
        error_px : float
            How far it may be off because of the placement of points.
        note : str
            What a reader should know about this length.
        least : float
            Lower bound of what is possible: 0 for lengths, minus infinity for signed distances.

        """
        low, high = max(least, pixels - error_px), pixels + error_px
        scale = self.mm_per_px
        if scale is None:
            return Quantity(pixels, Unit.PIXELS, low, high, None, _joined(note, self._pixel_note()))
        error = self.calibration.relative_error
        smaller, larger = scale * max(0.0, 1 - (error or 0)), scale * (1 + (error or 0))
        return Quantity(
            pixels * scale,
            Unit.MILLIMETRES,
            low * (smaller if low > 0 else larger),
            high * (larger if high > 0 else smaller),
            self.calibration.description,
            _joined(note, "" if error is not None else "the error of the scale is not known"),
        )

    def _pixel_note(self) -> str:
        reason = self.calibration.reason
        if self.aspect == 1:
            return reason
        return _joined(reason, f"in pixel widths; a pixel is {self.aspect:.3g} times as high as wide")


def _joined(*notes: str) -> str:
    return "; ".join(note for note in notes if note)
