"""What a header says about how one frame was projected, and whether that is enough."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from fluoro_annotator.errors import GeometryError
from fluoro_annotator.geometry.coordinates import Point
from fluoro_annotator.geometry.directions import checked_orientation
from fluoro_annotator.geometry.orientation import ALL_TURNS, AS_STORED, Turn
from fluoro_annotator.geometry.projection import PRIMARY_LIMIT, SECONDARY_LIMIT, CArmPose

FloatArray = NDArray[np.float64]
Millimetres = tuple[float, float, float]

NEAREST_MM: Final = 200.0
FARTHEST_MM: Final = 4000.0
"""Limits of isocentre and detector from the X-ray source of any C-arm: engineering defaults."""

SAME_TABLE_MM: Final = 1.0
"""Table positions that differ by less count as the same: an engineering default."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ViewGeometry:
    """How one frame was projected, as far as it is known; None where it is not.

    Parameters
    ----------
    rows, columns : int
        Size of the stored image.
    primary_angle, secondary_angle : float or None
        Positioner angles in degrees with the signs of DICOM (`CArmPose`).
    source_detector_mm, source_isocentre_mm : float or None
        Distances from the X-ray source.
    row_mm, column_mm : float or None
        Height and width of a pixel on the detector (Imager Pixel Spacing).
    patient_position : str
        Patient Position, to which angles are relative; empty where not stated.
    orientation : tuple of (str, str) or None
        Patient Orientation of the stored image: letters rightwards and downwards.
    view_rotation : float or None
        Field of View Rotation in degrees: by how much the image was turned before it was stored.
    mirrored : bool or None
        Field of View Horizontal Flip.
    table_mm : tuple of 3 floats or None
        Absolute position of the table in the coordinates of the device. Movements since the first
        frame of a run are not enough to compare two runs.
    isocentre_mm : tuple of 3 floats or None
        Position (anterior, left, cranial) of the isocentre in the patient, where it is known, as in
        a simulation. It goes before `table_mm`.

    Raises
    ------
    GeometryError
        If the image has no pixels or a number is not finite.

    """

    rows: int
    columns: int
    primary_angle: float | None = None
    secondary_angle: float | None = None
    source_detector_mm: float | None = None
    source_isocentre_mm: float | None = None
    row_mm: float | None = None
    column_mm: float | None = None
    patient_position: str = ""
    orientation: tuple[str, str] | None = None
    view_rotation: float | None = None
    mirrored: bool | None = None
    table_mm: Millimetres | None = None
    isocentre_mm: Millimetres | None = None

    def __post_init__(self) -> None:
        if min(self.rows, self.columns) < 1:
            raise GeometryError(f"image of {self.rows} x {self.columns}", "has no pixels")
        numbers = (
            self.primary_angle,
            self.secondary_angle,
            self.source_detector_mm,
            self.source_isocentre_mm,
            self.row_mm,
            self.column_mm,
            self.view_rotation,
            *(self.table_mm or ()),
            *(self.isocentre_mm or ()),
        )
        if not all(number is None or math.isfinite(number) for number in numbers):
            raise GeometryError("geometry of a view", "has a number that is not finite")

    @classmethod
    def of_pose(cls, pose: CArmPose) -> ViewGeometry:
        """Return the geometry of a simulated view, of which everything is known."""
        return cls(
            rows=pose.rows,
            columns=pose.columns,
            primary_angle=pose.primary_angle,
            secondary_angle=pose.secondary_angle,
            source_detector_mm=pose.source_to_detector_mm,
            source_isocentre_mm=pose.source_to_isocentre_mm,
            row_mm=pose.pixel_pitch_mm,
            column_mm=pose.pixel_pitch_mm,
            orientation=pose.patient_orientation,
            isocentre_mm=pose.isocentre_mm,
        )


@dataclass(frozen=True, slots=True)
class UsableView:
    """A view of which enough is known: angles, distances, size of pixels and how the image lies.

    Attributes
    ----------
    angles : tuple of (float, float)
        Primary and secondary angle in degrees.
    source_detector_mm, source_isocentre_mm : float
        Distances from the source.
    pixel_mm : tuple of (float, float)
        Height and width of a pixel on the detector.
    shape : tuple of (int, int)
        Rows and columns of the stored image.
    turn : Turn
        Leads from the image as the detector sees it, head up, to the stored image.

    """

    angles: tuple[float, float]
    source_detector_mm: float
    source_isocentre_mm: float
    pixel_mm: tuple[float, float]
    shape: tuple[int, int]
    turn: Turn

    def to_detector(self, points: ArrayLike) -> FloatArray:
        """Convert positions (n, 2) in the image to mm (down, across) from the middle of the detector."""
        middle = (np.array(self.shape) - 1) / 2
        offsets = (np.asarray(points, dtype=np.float64) - middle) * self.pixel_mm
        return offsets @ self._axes()

    def to_image(self, detector_mm: ArrayLike) -> FloatArray:
        """Convert mm (n, 2) on the detector to positions in the image: the inverse of `to_detector`."""
        middle = (np.array(self.shape) - 1) / 2
        offsets = np.asarray(detector_mm, dtype=np.float64) @ self._axes().T
        return np.asarray(offsets / self.pixel_mm + middle, dtype=np.float64)

    def _axes(self) -> FloatArray:
        """Return directions on the detector (rows) of one step down and one to the right in the image."""
        return np.array([self.turn.direction_to_image((1, 0)), self.turn.direction_to_image((0, 1))])


def usable_view(view: ViewGeometry) -> UsableView | str:
    """Return what of a view can be computed with, or the reason why nothing can.

    The reason is a clause for a reader, for example "the header states no positioner angles".
    """
    angles = view.primary_angle, view.secondary_angle
    if angles[0] is None or angles[1] is None:
        return "the header does not state both positioner angles"
    if abs(angles[0]) > PRIMARY_LIMIT or abs(angles[1]) > SECONDARY_LIMIT:
        return f"the positioner angles {angles[0]:g}° and {angles[1]:g}° are out of range"
    distances = _distances(view)
    if isinstance(distances, str):
        return distances
    if view.row_mm is None or view.column_mm is None or min(view.row_mm, view.column_mm) <= 0:
        return "the size of a pixel on the detector is not known"
    turn = _turn_of(view, (angles[0], angles[1]))
    if isinstance(turn, str):
        return turn
    shape = view.rows, view.columns
    return UsableView((angles[0], angles[1]), *distances, (view.row_mm, view.column_mm), shape, turn)


def _distances(view: ViewGeometry) -> tuple[float, float] | str:
    """Return the distances of detector and isocentre from the source, or why they cannot be used."""
    far, near = view.source_detector_mm, view.source_isocentre_mm
    if far is None or near is None:
        return "the distances from the X-ray source to detector and isocentre are not known"
    if not NEAREST_MM <= near <= far <= FARTHEST_MM:
        return f"the distances {near:g} and {far:g} mm from the X-ray source cannot be right"
    return far, near


def expected_orientation(primary_angle: float, secondary_angle: float) -> tuple[str, str]:
    """Return the Patient Orientation of an image seen from the detector with the head up.

    For images without Patient Orientation: a reader who sees that the head is up and nothing is
    mirrored can confirm these letters.

    Raises
    ------
    GeometryError
        If an angle is out of range.

    """
    pose = CArmPose(
        primary_angle=primary_angle,
        secondary_angle=secondary_angle,
        isocentre_mm=(0, 0, 0),
        rows=1,
        columns=1,
        pixel_pitch_mm=1.0,
    )
    return pose.patient_orientation


def _turn_of(view: ViewGeometry, angles: tuple[float, float]) -> Turn | str:
    """Return how the stored image lies. Anything but head up needs the word of a second attribute.

    Letters that do not fit the angles have two explanations: the image was turned or mirrored, or the
    device took the patient to lie in another way than the person who set the letters.
    """
    if view.orientation is None:
        return "the header does not say how the image lies (Patient Orientation)"
    try:
        right, down = checked_orientation(view.orientation)
    except GeometryError:
        return "Patient Orientation cannot be used"
    expected = expected_orientation(*angles)
    for turn in ALL_TURNS:
        shown = turn.orientation_to_display(expected)
        if right[0] in shown[0] and down[0] in shown[1]:
            return turn if _is_confirmed(turn, view) else _UNCONFIRMED
    return "Patient Orientation contradicts the positioner angles"


_UNCONFIRMED: Final = (
    "Patient Orientation and positioner angles differ: the image was turned or mirrored, or one of "
    "them belongs to another position of the patient"
)


def _is_confirmed(turn: Turn, view: ViewGeometry) -> bool:
    if turn == AS_STORED:
        return True
    rotation = (view.view_rotation or 0.0) % 360
    turned = math.isclose(rotation, 90 * turn.quarters) or math.isclose(rotation, 360 - 90 * turn.quarters)
    return turn.mirrored == bool(view.mirrored) and (turned or (turn.quarters == 0 and rotation == 0))


def shift_between(first: ViewGeometry, second: ViewGeometry) -> Millimetres | str:
    """Return by how much the isocentre lies elsewhere in the patient in a second view, or why not known.

    Returns
    -------
    tuple of 3 floats or str
        (anterior, left, cranial) in mm, or a clause with the reason.

    """
    if first.isocentre_mm is not None and second.isocentre_mm is not None:
        a, b = first.isocentre_mm, second.isocentre_mm
        return b[0] - a[0], b[1] - a[1], b[2] - a[2]
    if first.table_mm is None or second.table_mm is None:
        return "the header does not say whether the table moved between the views"
    if math.dist(first.table_mm, second.table_mm) > SAME_TABLE_MM:
        return "the table moved between the views"
    return 0.0, 0.0, 0.0


def as_points(pixels: ArrayLike) -> tuple[Point, ...]:
    """Return positions (n, 2) as points."""
    return tuple(Point(float(row), float(column)) for row, column in np.asarray(pixels))
