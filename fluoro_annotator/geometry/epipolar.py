"""Where a point of one view can lie in another view of the same patient: an epipolar band.

A pixel is a ray through the patient. Seen from another angle the ray is a line, and because no
angle, distance or position is exact, the line is a band. Every uncertainty is a half-width that is
taken at its worst and added to the others, so that a band promises little and keeps it.

Assumed, because no header says otherwise: the patient did not move between the views, the central
ray meets the middle of the image at right angles, and angles of both views are relative to the same
position of the patient on the same table. The shift of the isocentre stands for small deviations.

The epipolar constraint is that of Hartley and Zisserman, Multiple View Geometry in Computer Vision,
2nd ed. 2004, chapter 9; the widths are computed here by moving each uncertain number both ways.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from fluoro_annotator.errors import GeometryError
from fluoro_annotator.geometry.bands import EpipolarBand, drawn_band
from fluoro_annotator.geometry.beams import Beams, angle_between, spread
from fluoro_annotator.geometry.coordinates import Point
from fluoro_annotator.geometry.quantity import PLACEMENT_PX, Answer
from fluoro_annotator.geometry.view_geometry import (
    Millimetres,
    UsableView,
    ViewGeometry,
    as_points,
    shift_between,
    usable_view,
)

LEAST_ANGLE_DEG: Final = 10.0
"""Views that differ by less do not tell depth: an engineering default."""

SECOND_ORDER: Final = 1.05
"""Factor on all widths for what moving one number at a time misses."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Uncertainty:
    """How far the numbers behind a band may be off: engineering defaults, measured by nobody.

    Parameters
    ----------
    angle_deg : float
        Each positioner angle.
    distance_mm : float
        Distance from the source to the isocentre, at a fixed distance to the detector.
    shift_mm : float
        Isocentre in the patient and middle of the image, in any direction, with the table unmoved.
    untied_shift_mm : float
        The same where the table moved or nobody knows; used only together with ties.
    placement_px : float
        Each placed point, in pixels.
    depth_mm : float
        How far from the isocentre along the ray a point may lie.

    Raises
    ------
    GeometryError
        If a number is negative or not finite, or the depth is 0.

    """

    angle_deg: float = 2.0
    distance_mm: float = 15.0
    shift_mm: float = 5.0
    untied_shift_mm: float = 60.0
    placement_px: float = PLACEMENT_PX
    depth_mm: float = 150.0

    def __post_init__(self) -> None:
        numbers = (
            self.angle_deg,
            self.distance_mm,
            self.shift_mm,
            self.untied_shift_mm,
            self.placement_px,
            self.depth_mm,
        )
        if not all(math.isfinite(number) and number >= 0 for number in numbers):
            raise GeometryError("uncertainty of a view", "has a number that is negative or not finite")
        if self.depth_mm == 0:
            raise GeometryError("uncertainty of a view", "allows no depth at all")


USUAL: Final = Uncertainty()


@dataclass(frozen=True, slots=True)
class Tie:
    """One structure that a reader marked in both views, which says how the table moved.

    Attributes
    ----------
    first, second : Point
        Its position in the first and in the second view.

    Raises
    ------
    GeometryError
        If a position is not a pair of finite numbers.

    """

    first: Point
    second: Point

    def __post_init__(self) -> None:
        Point.checked(*self.first)
        Point.checked(*self.second)


@dataclass(frozen=True, slots=True)
class NoBand:
    """Why there is no band.

    Attributes
    ----------
    reason : str
        A clause for a reader.
    remedy : str
        What would help; may be empty.
    direction : tuple of (float, float) or None
        Direction (rows, columns) in which a band would run in the second view, where only its place
        is not known.

    """

    reason: str
    remedy: str = ""
    direction: tuple[float, float] | None = None


@dataclass(frozen=True, slots=True)
class Correspondence:
    """Whether marks in two views can be the same thing.

    Attributes
    ----------
    answer : Answer
        YES means no more than that nothing speaks against it.
    reason : str
        Why, for a reader.
    excess_px : float or None
        How far the second mark lies outside the band of the first, in pixel widths of the second view.

    """

    answer: Answer
    reason: str
    excess_px: float | None = None


def epipolar_band(
    point: Point,
    first: ViewGeometry,
    second: ViewGeometry,
    *,
    ties: Sequence[Tie] = (),
    uncertainty: Uncertainty = USUAL,
) -> EpipolarBand | NoBand:
    """Return where a point of the first view can lie in the second, or why that is not known.

    Parameters
    ----------
    point : Point
        Position in the first image.
    first, second : ViewGeometry
        What is known of both views.
    ties : sequence of Tie
        Structures marked in both views. They are needed where the table moved or may have moved.
    uncertainty : Uncertainty
        How far the numbers may be off.

    Raises
    ------
    GeometryError
        If a point is not a pair of finite numbers.

    """
    Point.checked(*point)
    known = _known(first, second, ties)
    if isinstance(known, _Known):
        return _band(point, known, uncertainty)
    if isinstance(known, NoBand):
        return known
    pair, reason = known
    return NoBand(reason, _TIE_REMEDY, _direction(point, pair, uncertainty))


_TIE_REMEDY: Final = "Mark one structure, for example the same target, in both views."

_Pair = tuple[UsableView, UsableView]


@dataclass(frozen=True, slots=True)
class _Known:
    """What is needed for a band; the shift is None where only ties can tell it."""

    pair: _Pair
    shift: Millimetres | None
    ties: tuple[Tie, ...]

    def swapped(self) -> _Known:
        """Return the same for the views in the other order."""
        back = None if self.shift is None else (-self.shift[0], -self.shift[1], -self.shift[2])
        return _Known((self.pair[1], self.pair[0]), back, tuple(Tie(t.second, t.first) for t in self.ties))


def _known(
    first: ViewGeometry, second: ViewGeometry, ties: Sequence[Tie]
) -> _Known | NoBand | tuple[_Pair, str]:
    """Return what is known, or why there is no band; the views too if only their shift is missing."""
    a, b = usable_view(first), usable_view(second)
    if isinstance(a, str):
        return NoBand(f"first view: {a}")
    if isinstance(b, str):
        return NoBand(f"second view: {b}")
    if first.patient_position and second.patient_position not in ("", first.patient_position):
        return NoBand("the header says that the patient lay in different positions in the two views")
    apart = angle_between(a.angles, b.angles)
    if apart < LEAST_ANGLE_DEG:
        return NoBand(f"the views differ by {apart:.0f}° only, which does not tell depth")
    shift = shift_between(first, second)
    if not isinstance(shift, str):
        return _Known((a, b), shift, tuple(ties))
    return _Known((a, b), None, tuple(ties)) if ties else ((a, b), shift)


def _direction(point: Point, pair: _Pair, uncertainty: Uncertainty) -> tuple[float, float]:
    found = spread(Beams(*pair, (0.0, 0.0, 0.0), 0.0), point, (), uncertainty.depth_mm, _NOTHING_OFF)
    start, end = as_points(pair[1].to_image(found.ends))
    length = start.distance(end)
    return (end.row - start.row) / length, (end.column - start.column) / length


_NOTHING_OFF: Final = {"angle": 0.0, "distance": 0.0, "shift": 0.0, "placement": 0.0}


def _band(point: Point, known: _Known, uncertainty: Uncertainty) -> EpipolarBand:
    shift_mm = uncertainty.untied_shift_mm if known.shift is None else uncertainty.shift_mm
    beams = Beams(*known.pair, known.shift or (0.0, 0.0, 0.0), shift_mm)
    off = {
        "angle": uncertainty.angle_deg,
        "distance": uncertainty.distance_mm,
        "shift": shift_mm,
        "placement": uncertainty.placement_px,
    }
    places = [(tie.first, tie.second) for tie in known.ties]
    found = spread(beams, point, places, uncertainty.depth_mm, off)
    return drawn_band(found, known.pair[1], SECOND_ORDER, tied=bool(places))


def same_object_possible(
    first_point: Point,
    second_point: Point,
    first: ViewGeometry,
    second: ViewGeometry,
    *,
    ties: Sequence[Tie] = (),
    uncertainty: Uncertainty = USUAL,
) -> Correspondence:
    """Return whether two marks in two views can be the same thing, for example the tip of one needle.

    The answer is NO only if each mark lies outside the band of the other.

    Parameters
    ----------
    first_point, second_point : Point
        Position in the first and in the second image.
    first, second : ViewGeometry
        What is known of both views.
    ties : sequence of Tie
        Structures marked in both views; not the marks that are to be judged.
    uncertainty : Uncertainty
        How far the numbers may be off.

    Raises
    ------
    GeometryError
        If a point is not a pair of finite numbers.

    """
    Point.checked(*first_point)
    Point.checked(*second_point)
    known = _known(first, second, ties)
    if not isinstance(known, _Known):
        return Correspondence(Answer.CANNOT_TELL, known.reason if isinstance(known, NoBand) else known[1])
    there = _band(first_point, known, uncertainty)
    back = _band(second_point, known.swapped(), uncertainty)
    excess = there.excess_px(second_point, uncertainty.placement_px)
    outside = excess > 0, back.excess_px(first_point, uncertainty.placement_px) > 0
    if not any(outside):
        return Correspondence(Answer.YES, "each mark lies in the band of the other", excess)
    if all(outside):
        return Correspondence(Answer.NO, _no_reason(excess, there), excess)
    return Correspondence(Answer.CANNOT_TELL, "one mark lies at the edge of the band of the other", excess)


def _no_reason(excess: float, band: EpipolarBand) -> str:
    return (
        f"the mark in the second view lies {excess:.0f} px outside the band of the first, which is up to "
        f"{band.half_width_px:.0f} px wide to either side; check level, side and needle of both marks"
    )
