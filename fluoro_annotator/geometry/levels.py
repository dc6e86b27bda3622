"""Places of vertebrae that follow from others already labelled, as an offer to a reader.

Only the labelled positions are used, never the grey levels of the image: an offer says where a
vertebra ought to be if the column goes on as it does, not that one was seen there.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from fluoro_annotator.errors import GeometryError
from fluoro_annotator.geometry.clipping import in_image
from fluoro_annotator.geometry.coordinates import Point
from fluoro_annotator.geometry.quantity import PLACEMENT_PX

FloatArray = NDArray[np.float64]

LEAST_LABELS: Final = 2
LEAST_FOR_CURVE: Final = 3

CHANGE: Final = 0.3
"""How much the course of the column may change, in spacings: an engineering default.

It bounds what the fit leaves out: how far the step from one vertebra to the next differs from the
step before (two labels), or how far this difference itself does (three or more). On the phantom of
the sample study it is at most 0.28.
"""

APART: Final = frozenset({"S1"})
"""Vertebrae that do not go on as the column does: the sacrum turns away from it.

On the same phantom S1 lies up to 0.9 spacings from where L4 and L5 point to on the lateral view.
"""

DOUBTFUL: Final = 0.5
"""From this uncertainty on, in spacings, an offered place may be that of the neighbour."""

HOPELESS: Final = 1.25
"""From this uncertainty on, in spacings, nothing is offered."""

LEAST_ADVANCE: Final = 0.3
"""A spacing along the column that falls below this share of the usual one has bent too far."""


@dataclass(frozen=True, slots=True)
class OfferedLevel:
    """A place offered for a vertebra.

    Attributes
    ----------
    vertebra : str
        Its identifier.
    position : Point
        Where it ought to be.
    radius_px : float
        Uncertainty, in pixel widths.
    steps : int
        Vertebrae to the nearest labelled one.
    doubtful : bool
        Whether the place may as well be that of the next vertebra.

    """

    vertebra: str
    position: Point
    radius_px: float
    steps: int
    doubtful: bool


@dataclass(frozen=True, slots=True)
class LevelOffer:
    """What is offered, and why not more.

    Attributes
    ----------
    levels : tuple of OfferedLevel
        In the order along the column.
    curved : bool
        Whether the bend of the column was taken from three labels or more.
    reason : str
        Why nothing is offered; empty if something is, or if all that fits is labelled.

    """

    levels: tuple[OfferedLevel, ...] = ()
    curved: bool = False
    reason: str = ""


def offer_levels(
    order: Sequence[str],
    labelled: Mapping[str, Point],
    shape: tuple[int, int],
    *,
    aspect: float = 1.0,
    placement_px: float = PLACEMENT_PX,
    apart: Collection[str] = APART,
) -> LevelOffer:
    """Return places for the vertebrae of an image that are not labelled yet.

    Parameters
    ----------
    order : sequence of str
        Vertebrae along the column, in either direction, as this patient has them (with or without
        L6, for example).
    labelled : mapping of str to Point
        Positions of labelled vertebrae, all meant for the same part of the vertebra.
    shape : tuple of int
        Rows and columns of the image; places outside are not offered.
    aspect : float
        Height of a pixel divided by its width.
    placement_px : float
        How far a label may be off, in pixel widths.
    apart : collection of str
        Vertebrae that are neither offered nor used, because they lie off the line of the others.

    Raises
    ------
    GeometryError
        If a vertebra occurs twice in the order or a label is not in it, or a position is not finite.

    Notes
    -----
    Row and column are fitted as functions of the place in the order: a straight line with even
    spacing, a parabola from three labels on. A parabola is followed as far beyond the labels as they
    are apart, then goes on straight.

    The uncertainty is the remainder of polynomial interpolation, ``CHANGE |x - a| |x - b| / 2`` spacings
    for the place x with the nearest labels a and b, and ``CHANGE |x - a| |x - b| |x - c| / 6`` with
    three; plus what the labels are off the fit, plus what their misplacement does to the fit there.

    Examples
    --------
    >>> offer = offer_levels(("L3", "L4", "L5"), {"L5": Point(90, 50), "L4": Point(60, 50)}, (100, 100))
    >>> [(level.vertebra, round(level.position.row)) for level in offer.levels]
    [('L3', 30)]

    """
    _check(order, labelled)
    places = _places(order, labelled, apart)
    if len(places) < LEAST_LABELS:
        return LevelOffer(reason=_few(apart))
    scaled = np.array([[p.row * aspect, p.column] for p in places.values()])
    if not _in_order(scaled):
        return LevelOffer(reason=_disorder(places, order))
    column = _Column(np.array(list(places), dtype=np.float64), scaled)
    offerer = _Offerer(column, tuple(order), shape, aspect, placement_px)
    found = [
        *offerer.beyond(range(min(places) - 1, -1, -1))[::-1],
        *offerer.between(place for place in range(min(places), max(places)) if place not in places),
        *offerer.beyond(range(max(places) + 1, len(order))),
    ]
    return LevelOffer(tuple(level for level in found if level.vertebra not in apart), column.curved)


class _Column:
    """The course of a column: place in the order to (row, column) in pixel widths."""

    def __init__(self, places: FloatArray, points: FloatArray) -> None:
        self.places = places
        self.curved = len(places) >= LEAST_FOR_CURVE
        self._middle = places.mean()
        self._fit = np.polyfit(places - self._middle, points, 2 if self.curved else 1)
        chord = points[places.argmax()] - points[places.argmin()]
        self.direction = chord / np.linalg.norm(chord)
        self.spacing = float(np.linalg.norm(chord) / np.ptp(places))
        self.residual = float(np.linalg.norm(points - self._fitted(places), axis=1).max())

    def at(self, place: float) -> FloatArray:
        """Return where a place is; far out along the tangent."""
        low, high = self.places.min(), self.places.max()
        reach = high - low
        held = float(np.clip(place, low - reach, high + reach))
        return np.asarray(self._fitted(np.array([held]))[0] + (place - held) * self._tangent(held))

    def advance(self, place: float) -> float:
        """Return how far the column runs on along its direction there, in usual spacings."""
        low, high = self.places.min(), self.places.max()
        held = float(np.clip(place, 2 * low - high, 2 * high - low))
        return float(self._tangent(held) @ self.direction) / self.spacing

    def uncertainty(self, place: float) -> float:
        """Return the uncertainty of a place in spacings, without the placement of labels."""
        nearest = np.sort(np.abs(self.places - place))[: len(self._fit)]
        return CHANGE * float(nearest.prod()) / math.factorial(len(nearest))

    def gain(self, place: float) -> float:
        """Return by how much misplaced labels move the place at worst, if each is off by 1."""
        degree = len(self._fit)
        labels = np.vander(self.places - self._middle, degree)
        here = np.vander(np.array([place - self._middle]), degree)
        return float(np.abs(here @ np.linalg.pinv(labels)).sum())

    def _fitted(self, places: FloatArray) -> FloatArray:
        powers = np.vander(places - self._middle, len(self._fit))
        return np.asarray(powers @ self._fit, dtype=np.float64)

    def _tangent(self, place: float) -> FloatArray:
        x = place - self._middle
        slope = self._fit[-2] if not self.curved else 2 * self._fit[0] * x + self._fit[1]
        return np.asarray(slope, dtype=np.float64)


@dataclass(frozen=True, slots=True)
class _Offerer:
    """Makes offers along one column in one image."""

    column: _Column
    order: tuple[str, ...]
    shape: tuple[int, int]
    aspect: float
    placement_px: float

    def beyond(self, places: Iterable[int]) -> list[OfferedLevel]:
        """Return the offers in one direction, up to the first place that is not worth one."""
        found: list[OfferedLevel] = []
        for place in places:
            lost = self.column.uncertainty(place) >= HOPELESS or self.column.advance(place) < LEAST_ADVANCE
            level = self._level(place)
            if lost or not in_image(level.position, self.shape):
                break
            found.append(level)
        return found

    def between(self, places: Iterable[int]) -> list[OfferedLevel]:
        """Return the offers for places between labels."""
        levels = [self._level(place) for place in places]
        return [level for level in levels if in_image(level.position, self.shape)]

    def _level(self, place: int) -> OfferedLevel:
        column = self.column
        row, across = column.at(place)
        steps = int(np.abs(column.places - place).min())
        placed = column.gain(place) * self.placement_px
        radius = column.uncertainty(place) * column.spacing + column.residual + placed
        position = Point(float(row / self.aspect), float(across))
        doubtful = radius >= DOUBTFUL * column.spacing
        return OfferedLevel(self.order[place], position, radius, steps, doubtful)


def _check(order: Sequence[str], labelled: Mapping[str, Point]) -> None:
    if len(set(order)) != len(order):
        raise GeometryError("order of the vertebrae", "names one of them twice")
    for name, point in labelled.items():
        if name not in order:
            raise GeometryError(f"vertebra {name}", "is not in the order of the vertebrae")
        if not all(map(math.isfinite, point)):
            raise GeometryError(f"label {name}", "has a coordinate that is not a finite number")


def _places(order: Sequence[str], labelled: Mapping[str, Point], apart: Collection[str]) -> dict[int, Point]:
    """Return the positions to go by, by place in the order, in this order."""
    used = {rank: name for rank, name in enumerate(order) if name in labelled and name not in apart}
    return {rank: labelled[name] for rank, name in used.items()}


def _few(apart: Collection[str]) -> str:
    beside = f", not counting {', '.join(sorted(apart))}," if apart else ""
    return f"two labelled vertebrae{beside} are needed to offer others"


def _in_order(points: FloatArray) -> bool:
    """Whether labels follow each other along the line from the first to the last."""
    chord = points[-1] - points[0]
    return bool(np.linalg.norm(chord) > 0 and np.all(np.diff(points @ chord) > 0))


def _disorder(places: Mapping[int, Point], order: Sequence[str]) -> str:
    names = ", ".join(order[place] for place in places)
    return f"the labels {names} do not follow each other along the column: check them"
