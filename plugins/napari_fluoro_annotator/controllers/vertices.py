"""Where a new point goes into a shaft, a course or the outline of a zone."""

from __future__ import annotations

from itertools import pairwise

from fluoro_annotator.errors import MarkError
from fluoro_annotator.geometry import Point
from fluoro_annotator.marks import Mark, Needle, NerveCourse, TargetZone, ZoneForm


def has_vertices(mark: Mark) -> bool:
    """Return whether points can be put into a mark and taken out of it."""
    if isinstance(mark, TargetZone):
        return mark.form is ZoneForm.POLYGON
    return isinstance(mark, Needle | NerveCourse)


def place_for(mark: Mark, point: Point) -> int:
    """Return before which point of the list a new one comes, counted from 0.

    It goes into the piece of the line that is nearest; a course grows where the point lies beyond
    one of its ends.

    Parameters
    ----------
    mark : Mark
        A needle, a course or a polygon.
    point : Point
        The new point, ``(row, column)`` in pixels.

    """
    path = _path(mark)
    pieces = list(pairwise(path))
    shares = [_along(piece, point) for piece in pieces]
    distances = [
        _at(piece, min(max(share, 0.0), 1.0)).distance(point)
        for piece, share in zip(pieces, shares, strict=True)
    ]
    nearest = distances.index(min(distances))
    if isinstance(mark, Needle):
        return nearest
    if isinstance(mark, NerveCourse) and nearest == 0 and shares[0] < 0:
        return 0
    beyond = isinstance(mark, NerveCourse) and nearest == len(pieces) - 1 and shares[-1] > 1
    return nearest + 1 + beyond


def middle_after(mark: Mark, name: str) -> Point:
    """Return the middle of the piece of a line that begins at a point of a mark, or ends at the last one."""
    path = _path(mark)
    order = path.index(mark.point(name))
    return _at((path[order], path[order + 1]) if order + 1 < len(path) else (path[-2], path[-1]), 0.5)


def number_of(mark: Mark, name: str) -> int:
    """Return which point of the list a name stands for, counted from 0.

    Raises
    ------
    MarkError
        If it is the tip or the hub of a needle, or the axis of an ellipse.

    """
    prefix = f"{mark.list_name}_"
    if not (has_vertices(mark) and name.startswith(prefix)):
        raise MarkError(name, "cannot be taken out", "Only bends of a shaft and corners can.")
    return int(name.removeprefix(prefix)) - 1


def _path(mark: Mark) -> tuple[Point, ...]:
    if isinstance(mark, Needle):
        return mark.path
    if isinstance(mark, TargetZone):
        return (*mark.vertices, mark.vertices[0])
    return mark.points


def _along(piece: tuple[Point, Point], point: Point) -> float:
    """Return how far along a piece a point lies: 0 at its start, 1 at its end."""
    start, end = piece
    down, right = end.row - start.row, end.column - start.column
    return ((point.row - start.row) * down + (point.column - start.column) * right) / (down**2 + right**2)


def _at(piece: tuple[Point, Point], share: float) -> Point:
    start, end = piece
    return Point(
        start.row + (end.row - start.row) * share, start.column + (end.column - start.column) * share
    )
