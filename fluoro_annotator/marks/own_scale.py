"""A scale that the reader made on an image."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

from fluoro_annotator.anatomy import Anatomy
from fluoro_annotator.errors import GeometryError, MarkError
from fluoro_annotator.geometry import Calibration, Point, from_instrument_width, from_known_length
from fluoro_annotator.marks.base import MarkKind
from fluoro_annotator.marks.facts import Fact
from fluoro_annotator.marks.fields import (
    checked_count,
    checked_member,
    checked_number,
    checked_optional,
    checked_text,
)

LONGEST_KNOWN_MM = 1000.0
"""No known length in an image of a spine is longer."""

LARGEST_ASPECT = 100.0
"""No pixel is that much higher than wide."""


class CalibrationMethod(StrEnum):
    """What a reader's own scale was taken from."""

    KNOWN_LENGTH = "known_length"
    INSTRUMENT_WIDTH = "instrument_width"


class CalibrationPlane(StrEnum):
    """At which depth the scale was taken, and is right."""

    INSTRUMENT = "instrument"
    VERTEBRA = "vertebra"
    SKIN = "skin"
    TABLE = "table"
    NOT_STATED = "not_stated"


@dataclass(frozen=True, slots=True, kw_only=True)
class UserCalibration(Fact):
    """A scale that the reader made on an image; it holds for all frames of the image.

    Parameters
    ----------
    sop_instance_uid : str
        SOP Instance UID of the image.
    method : CalibrationMethod
        A known length, or the width of a needle.
    start, end : Point
        Ends of the length, or both edges of the shaft straight across it; in pixels.
    mm : float or None
        The known length, in mm; only for that method.
    gauge : int or None
        Size of the needle; only for that method.
    plane : CalibrationPlane
        At which depth it was taken.
    pixel_aspect : float
        Height of a pixel divided by its width, as the image had it when the scale was made.

    Raises
    ------
    MarkError
        If a value is missing or not of its kind, or no scale follows from them.

    """

    sop_instance_uid: str
    method: CalibrationMethod
    start: Point
    end: Point
    mm: float | None = None
    gauge: int | None = None
    plane: CalibrationPlane = CalibrationPlane.NOT_STATED
    pixel_aspect: float = 1.0

    kind: ClassVar[MarkKind] = MarkKind.USER_CALIBRATION
    single_points: ClassVar[tuple[str, ...]] = ("start", "end")
    required: ClassVar[tuple[str, ...]] = ("sop_instance_uid", "method")
    optional: ClassVar[tuple[str, ...]] = ("mm", "gauge", "plane", "pixel_aspect")

    def __post_init__(self) -> None:
        subject = self.kind.words
        checked_text(subject, "sop_instance_uid", self.sop_instance_uid)
        self._check_points()
        self._keep(
            method=checked_member(subject, "method", self.method, CalibrationMethod),
            mm=checked_optional(checked_number, subject, "mm", self.mm, LONGEST_KNOWN_MM),
            gauge=checked_optional(checked_count, subject, "gauge", self.gauge),
            plane=checked_member(subject, "plane", self.plane, CalibrationPlane),
            pixel_aspect=checked_number(subject, "pixel_aspect", self.pixel_aspect, LARGEST_ASPECT),
        )
        of_length = self.method is CalibrationMethod.KNOWN_LENGTH
        if (self.mm is not None) != of_length or (self.gauge is not None) == of_length:
            raise MarkError(subject, "needs a length in mm, or the size of a needle, and not both")
        self.calibration()

    @property
    def mark_id(self) -> str:
        """Identifier: one for each image."""
        return f"calibration:{self.sop_instance_uid}"

    def calibration(self) -> Calibration:
        """Return the scale.

        Raises
        ------
        MarkError
            If no scale follows from the points.

        """
        aspect = self.pixel_aspect
        try:
            if self.mm is not None:
                return from_known_length((self.start, self.end), self.mm, aspect=aspect)
            across = (self.end.row - self.start.row, self.end.column - self.start.column)
            width = self.start.distance(self.end)
            return from_instrument_width(width, self.gauge or 0, aspect=aspect, across=across)
        except GeometryError as error:
            raise MarkError(error.subject, error.problem, error.remedy) from error

    def label(self, _anatomy: Anatomy) -> str:
        """Return the text shown for the record."""
        what = (
            f"a length of {self.mm:g} mm" if self.mm is not None else f"the width of a {self.gauge} G needle"
        )
        return f"Scale from {what}"
