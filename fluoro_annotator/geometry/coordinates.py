"""Positions in an image, and the two conventions for writing them down.

In memory the package counts like numpy and napari: ``(row, column)``, with the centre of
the top-left pixel at ``(0, 0)``. DICOM structured reports and presentation states count
``(column, row)`` from the outer corner of that pixel, so its centre is at ``(0.5, 0.5)``
(DICOM PS3.3 section C.18.6). Frames are counted from 0 in arrays and from 1 in DICOM.
"""

from __future__ import annotations

import math
from typing import NamedTuple

from fluoro_annotator.errors import GeometryError

HALF_PIXEL = 0.5


class Point(NamedTuple):
    """A position in an image, in pixels.

    Attributes
    ----------
    row, column : float
        Array convention: the centre of the top-left pixel is ``(0, 0)``.

    """

    row: float
    column: float

    @classmethod
    def checked(cls, row: float, column: float) -> Point:
        """Return a point of two finite numbers.

        Raises
        ------
        GeometryError
            If a coordinate is not a finite number.

        """
        point = cls(float(row), float(column))
        if not all(map(math.isfinite, point)):
            raise GeometryError(f"position ({row}, {column})", "is not a pair of finite numbers")
        return point

    def distance(self, other: Point) -> float:
        """Return the distance to another point, in pixels of equal height and width."""
        return math.hypot(self.row - other.row, self.column - other.column)


def array_to_dicom(point: Point) -> tuple[float, float]:
    """Convert ``(row, column)`` of an array to ``(x, y)`` of a DICOM graphic.

    The inverse of `dicom_to_array`; nothing is lost.
    """
    return point.column + HALF_PIXEL, point.row + HALF_PIXEL


def dicom_to_array(x: float, y: float) -> Point:
    """Convert ``(x, y)`` of a DICOM graphic to ``(row, column)`` of an array.

    The inverse of `array_to_dicom`; nothing is lost.
    """
    return Point(y - HALF_PIXEL, x - HALF_PIXEL)


def frame_number(index: int) -> int:
    """Convert a 0-based frame index to a 1-based DICOM frame number."""
    return index + 1


def frame_index(number: int) -> int:
    """Convert a 1-based DICOM frame number to a 0-based frame index."""
    return number - 1
