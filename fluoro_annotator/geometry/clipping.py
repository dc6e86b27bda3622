"""Outlines clipped to an image."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Final

from fluoro_annotator.geometry.constructions import fraction_along
from fluoro_annotator.geometry.coordinates import HALF_PIXEL, Point

LEAST_CORNERS: Final = 3


def clipped_to_image(polygon: Sequence[Point], shape: tuple[int, int]) -> tuple[Point, ...]:
    """Return the part of a polygon that lies in an image.

    Sutherland and Hodgman, Reentrant polygon clipping, Communications of the ACM 17 (1974) 32.

    Parameters
    ----------
    polygon : sequence of Point
        Its vertices.
    shape : tuple of int
        Rows and columns; the outer edges of the pixels are the border.

    Returns
    -------
    tuple of Point
        Vertices; empty if nothing lies in the image.

    """
    corners = list(polygon)
    for axis in (0, 1):
        for sign, limit in ((1, -HALF_PIXEL), (-1, shape[axis] - HALF_PIXEL)):
            corners = _kept(corners, axis, sign, limit)
    return tuple(corners) if len(corners) >= LEAST_CORNERS else ()


def _kept(corners: list[Point], axis: int, sign: int, limit: float) -> list[Point]:
    """Return the part of a polygon on one side of a border."""
    kept: list[Point] = []
    for start, end in pairwise([*corners[-1:], *corners]):
        before, after = sign * (start[axis] - limit), sign * (end[axis] - limit)
        if (before < 0) != (after < 0):
            kept.append(fraction_along(start, end, before / (before - after)))
        if after >= 0:
            kept.append(end)
    return kept


def in_image(point: Point, shape: tuple[int, int]) -> bool:
    """Return whether a position lies on a pixel of an image."""
    return all(-HALF_PIXEL <= value <= size - HALF_PIXEL for value, size in zip(point, shape, strict=True))
