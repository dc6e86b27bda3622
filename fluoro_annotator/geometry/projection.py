"""Perspective projection of a C-arm: from millimetres in the patient to pixels.

Patient frame: x anterior, y left, z cranial, right-handed, millimetres. Angles follow the
DICOM definition (PS3.3 C.8.7.5.1.2), which is relative to the patient and not to the
table: the primary angle turns in the transaxial plane, 0 in front of the chest and +90 at
the patient's left; the secondary angle is positive towards the head. A detector behind a
prone patient therefore has primary angle 180, behind his right side -180 .. -90.

The image is shown as seen from the detector towards the source with the head up: behind
a prone patient the patient's left is at the left of the image.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from fluoro_annotator.errors import GeometryError

FloatArray = NDArray[np.float64]

CRANIAL: tuple[float, float, float] = (0.0, 0.0, 1.0)
LETTERS: tuple[tuple[str, str], ...] = (("A", "P"), ("L", "R"), ("H", "F"))
"""Letters of PatientOrientation along +x/-x, +y/-y and +z/-z."""

AXES = 3
PRIMARY_LIMIT = 180.0
SECONDARY_LIMIT = 80.0
NEAREST_MM = 1e-6

LETTER_THRESHOLD = 0.35
"""Smallest direction cosine (about 20 degrees) that earns a second or third letter."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CArmPose:
    """Where source and detector of a C-arm stand, and how the detector is sampled.

    Parameters
    ----------
    primary_angle : float
        Degrees, -180 to 180, DICOM PositionerPrimaryAngle (+90 = patient's left).
    secondary_angle : float
        Degrees, -80 to 80, DICOM PositionerSecondaryAngle (positive = cranial). The
        standard allows 90; there the head-up direction of the image is undefined.
    isocentre_mm : tuple of float
        Point (x, y, z) of the patient that projects to the middle of the detector.
    source_to_detector_mm, source_to_isocentre_mm : float
        Distances along the central ray.
    rows, columns : int
        Size of the image in pixels.
    pixel_pitch_mm : float
        Edge of a square pixel on the detector (DICOM ImagerPixelSpacing).

    Raises
    ------
    GeometryError
        If an angle, distance or size cannot be used.

    """

    primary_angle: float
    secondary_angle: float
    isocentre_mm: tuple[float, float, float]
    source_to_detector_mm: float = 1000.0
    source_to_isocentre_mm: float = 700.0
    rows: int
    columns: int
    pixel_pitch_mm: float

    def __post_init__(self) -> None:
        _require_angle("primary angle", self.primary_angle, PRIMARY_LIMIT)
        _require_angle("secondary angle", self.secondary_angle, SECONDARY_LIMIT)
        near, far = self.source_to_isocentre_mm, self.source_to_detector_mm
        _require(0 < near <= far < math.inf, "source distances", (near, far), "0 < to patient <= to detector")
        _require(0 < self.pixel_pitch_mm < math.inf, "pixel pitch", self.pixel_pitch_mm, "more than 0 mm")
        _require(min(self.rows, self.columns) >= 1, "image size", (self.rows, self.columns), "at least 1 x 1")
        point = self.isocentre_mm
        _require(
            len(point) == AXES and all(map(math.isfinite, point)), "isocentre", point, "3 finite numbers"
        )

    @property
    def magnification(self) -> float:
        """Size on the detector divided by size in the plane of the isocentre."""
        return self.source_to_detector_mm / self.source_to_isocentre_mm

    @property
    def detector_direction(self) -> FloatArray:
        """Unit vector (3,) from the isocentre to the middle of the detector."""
        primary, secondary = math.radians(self.primary_angle), math.radians(self.secondary_angle)
        level = math.cos(secondary)
        return np.array([level * math.cos(primary), level * math.sin(primary), math.sin(secondary)])

    @property
    def column_direction(self) -> FloatArray:
        """Unit vector (3,) in which the column number grows (image left to right)."""
        across = np.cross(-self.detector_direction, CRANIAL)
        return np.asarray(across / np.linalg.norm(across), dtype=np.float64)

    @property
    def row_direction(self) -> FloatArray:
        """Unit vector (3,) in which the row number grows (image top to bottom)."""
        return np.cross(-self.detector_direction, self.column_direction)

    @property
    def source_mm(self) -> FloatArray:
        """Position (3,) of the focal spot."""
        return np.array(self.isocentre_mm) - self.source_to_isocentre_mm * self.detector_direction

    @property
    def detector_centre_mm(self) -> FloatArray:
        """Position (3,) of the middle of the detector."""
        return self.source_mm + self.source_to_detector_mm * self.detector_direction

    @property
    def patient_orientation(self) -> tuple[str, str]:
        """DICOM PatientOrientation: letters of the row (rightwards) and column (downwards)."""
        return direction_letters(self.column_direction), direction_letters(self.row_direction)

    def project(self, points_mm: ArrayLike) -> FloatArray:
        """Project points of the patient onto the image.

        Parameters
        ----------
        points_mm : array_like, shape (n, 3)
            Points (x, y, z) in the patient frame.

        Returns
        -------
        numpy.ndarray, shape (n, 2)
            (row, column), centre of the top-left pixel = (0, 0); may lie outside the image.

        Raises
        ------
        GeometryError
            If the shape is wrong, a value is not finite, or a point is not in front of
            the source.

        """
        relative = _points(points_mm) - self.source_mm
        depth = relative @ self.detector_direction
        if np.any(depth < NEAREST_MM):
            raise GeometryError("C-arm projection", "a point lies behind the source or beside it")
        scale = self.source_to_detector_mm / (depth * self.pixel_pitch_mm)
        rows = relative @ self.row_direction * scale + (self.rows - 1) / 2
        columns = relative @ self.column_direction * scale + (self.columns - 1) / 2
        return np.column_stack([rows, columns])

    def detector_points(self, pixels: ArrayLike) -> FloatArray:
        """Return the positions of pixels on the detector, in the patient frame.

        Parameters
        ----------
        pixels : array_like, shape (n, 2)
            (row, column), centre of the top-left pixel = (0, 0).

        Returns
        -------
        numpy.ndarray, shape (n, 3)
            Points in mm; the ray of a pixel runs from `source_mm` to its point.

        """
        offsets = np.asarray(pixels, dtype=np.float64) - [(self.rows - 1) / 2, (self.columns - 1) / 2]
        offsets = offsets * self.pixel_pitch_mm
        axes = np.vstack([self.row_direction, self.column_direction])
        return np.asarray(self.detector_centre_mm + offsets @ axes, dtype=np.float64)

    def resampled(self, factor: int) -> CArmPose:
        """Return the same view with `factor` times finer pixels on the same detector area.

        A pixel (row, column) of this pose has its centre at
        ``factor * (row + 0.5) - 0.5`` of the finer one.
        """
        return CArmPose(
            primary_angle=self.primary_angle,
            secondary_angle=self.secondary_angle,
            isocentre_mm=self.isocentre_mm,
            source_to_detector_mm=self.source_to_detector_mm,
            source_to_isocentre_mm=self.source_to_isocentre_mm,
            rows=self.rows * factor,
            columns=self.columns * factor,
            pixel_pitch_mm=self.pixel_pitch_mm / factor,
        )


def direction_letters(direction: ArrayLike) -> str:
    """Return the DICOM letters of a direction in the patient, the main one first.

    Parameters
    ----------
    direction : array_like, shape (3,)
        Vector (anterior, left, cranial); its length does not matter.

    Returns
    -------
    str
        For example ``"R"`` or ``"RA"``; letters from A, P, L, R, H, F.

    Raises
    ------
    GeometryError
        If the vector has no length.

    """
    vector = np.asarray(direction, dtype=np.float64)
    length = float(np.linalg.norm(vector))
    _require(length > 0, "direction", tuple(vector), "a vector with a length")
    cosines = vector / length
    order = sorted(range(AXES), key=lambda axis: -abs(cosines[axis]))
    kept = [axis for axis in order if abs(cosines[axis]) >= LETTER_THRESHOLD]
    return "".join(LETTERS[axis][0 if cosines[axis] > 0 else 1] for axis in kept)


def squared_secondary_angle(primary_angle: float, cranial_axis: ArrayLike) -> float:
    """Return the secondary angle that brings a vertebra's endplate into the beam.

    The central ray then lies in the endplate, which is what "squaring the endplate" means:
    detector direction and cranial axis of the vertebra are perpendicular.

    Parameters
    ----------
    primary_angle : float
        Degrees, as in `CArmPose`.
    cranial_axis : array_like, shape (3,)
        Normal of the endplate, towards the head.

    Returns
    -------
    float
        Degrees, positive = cranial.

    Raises
    ------
    GeometryError
        If the axis has no cranial part.

    """
    anterior, left, cranial = np.asarray(cranial_axis, dtype=np.float64)
    _require(cranial > 0, "cranial axis", (anterior, left, cranial), "a vector towards the head")
    primary = math.radians(primary_angle)
    level = anterior * math.cos(primary) + left * math.sin(primary)
    return math.degrees(math.atan2(-level, cranial))


def _points(points_mm: ArrayLike) -> FloatArray:
    points = np.asarray(points_mm, dtype=np.float64)
    if points.shape[1:] != (AXES,):
        raise GeometryError("C-arm projection", f"points of shape {points.shape} are not (n, 3)")
    if not np.isfinite(points).all():
        raise GeometryError("C-arm projection", "a point has a coordinate that is not a number")
    return points


def _require_angle(name: str, value: float, limit: float) -> None:
    _require(-limit <= value <= limit, name, value, f"{-limit:g} to {limit:g} degrees")


def _require(condition: bool, name: str, value: object, allowed: str) -> None:
    if not condition:
        raise GeometryError(f"C-arm {name}", f"the value {value} cannot be used", f"Allowed: {allowed}.")
