"""What is to be seen on a frame: marks with their handles and names, and lines."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from fluoro_annotator.geometry import Point
from fluoro_annotator.marks import Mark, Needle, NerveCourse, TargetZone, ZoneForm
from napari_fluoro_annotator import styles, texts

ELLIPSE_PIECES = 48


@dataclass(frozen=True, slots=True)
class DrawnMark:
    """A mark as it is to be drawn.

    Attributes
    ----------
    mark : Mark
        The mark.
    label : str
        Its name, empty if it needs none.
    selected : bool
        Whether it is the one that is edited.
    point : str or None
        Which of its points the keys act on; None if that does not matter.

    """

    mark: Mark
    label: str
    selected: bool = False
    point: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawnLine:
    """A line beneath the marks: a band, a zone, a safety line.

    Attributes
    ----------
    points : tuple of Point
        ``(row, column)`` in pixels of the frame, at least two.
    colour : str
        Hexadecimal.
    closed : bool
        Whether the last point is joined to the first.
    dashed : bool
        Whether it is drawn in dashes, as everything is that nobody has marked.
    text : str
        What stands beside its first point, if anything.

    """

    points: tuple[Point, ...]
    colour: str = styles.GREEN
    closed: bool = False
    dashed: bool = False
    text: str = ""

    @property
    def corners(self) -> tuple[Point, ...]:
        """The points, with the first one again at the end if the line is closed."""
        return (*self.points, self.points[0]) if self.closed else self.points


@dataclass(frozen=True, slots=True)
class Handle:
    """A point of a mark that can be taken hold of, and how it looks.

    Attributes
    ----------
    mark_id, name : str
        Which mark, and which of its points.
    position : Point
        Where.
    symbol, text : str
        napari symbol, and what stands beside it.
    selected : bool
        Whether the mark is selected.
    active : bool
        Whether, of a selected mark, it is the point that keys act on.

    """

    mark_id: str
    name: str
    position: Point
    symbol: str
    text: str
    selected: bool
    active: bool = True


def handles_of(drawn: DrawnMark) -> tuple[Handle, ...]:
    """Return the handles of a mark; the first one carries its text."""
    mark, style = drawn.mark, styles.style_of(drawn.mark.kind)
    return tuple(
        Handle(
            mark_id=mark.mark_id,
            name=name,
            position=position,
            symbol=style.symbol_of(name),
            text=on_two_lines(drawn.label) if order == 0 else "",
            selected=drawn.selected,
            active=drawn.point in (None, name),
        )
        for order, (name, position) in enumerate(zip(mark.point_names, mark.points, strict=True))
    )


def waiting_handles(points: Sequence[Point], *, tip: bool = False) -> tuple[Handle, ...]:
    """Return the points of an incomplete mark; they are no mark yet and cannot be taken hold of.

    Parameters
    ----------
    points : sequence of Point
        The presses so far.
    tip : bool
        Whether the first one is the tip of a needle, and is to be called so.

    """
    symbol = styles.WAITING.symbol
    return tuple(
        Handle("", f"waiting_{order}", point, symbol, texts.TIP if tip and order == 0 else "", selected=True)
        for order, point in enumerate(points)
    )


def on_two_lines(label: str) -> str:
    """Return a label broken before the vertebra, so that it hides less of the image."""
    return label.replace(", at ", ",\nat ")


def lines_of(drawn: DrawnMark, gap: float) -> DrawnLine | None:
    """Return the line that belongs to a mark: a shaft, a course or the outline of a zone.

    Parameters
    ----------
    drawn : DrawnMark
        The mark.
    gap : float
        How much of a shaft stays free behind the tip, in pixels of the frame, so that the tip is seen.

    """
    mark, colour = drawn.mark, styles.style_of(drawn.mark.kind).colour
    if isinstance(mark, Needle):
        return DrawnLine(points=_behind_tip(mark.path, gap), colour=colour)
    if isinstance(mark, NerveCourse):
        return DrawnLine(points=mark.vertices, colour=colour)
    if isinstance(mark, TargetZone):
        return DrawnLine(points=_outline(mark), colour=colour, closed=True)
    return None


def _outline(zone: TargetZone) -> tuple[Point, ...]:
    """Return the corners of a zone; an ellipse as many short pieces."""
    if zone.form is ZoneForm.POLYGON:
        return zone.vertices
    first, second, third, fourth = (np.array(vertex) for vertex in zone.vertices)
    centre, one, other = (first + second) / 2, (second - first) / 2, (fourth - third) / 2
    angles = np.linspace(0, 2 * np.pi, ELLIPSE_PIECES, endpoint=False)
    curve = centre + np.outer(np.cos(angles), one) + np.outer(np.sin(angles), other)
    return tuple(Point(float(row), float(column)) for row, column in curve)


def _behind_tip(points: Sequence[Point], gap: float) -> tuple[Point, ...]:
    tip, second = np.array(points[0]), np.array(points[1])
    direction = second - tip
    start = tip + direction * min(1.0, gap / float(np.linalg.norm(direction)))
    return (Point(float(start[0]), float(start[1])), *points[1:])


def segments(line: DrawnLine, dash: float) -> np.ndarray:
    """Return a line as straight pieces.

    Parameters
    ----------
    line : DrawnLine
        The line.
    dash : float
        Length of a dash, in pixels of the frame.

    Returns
    -------
    numpy.ndarray, shape (n, 2, 2)
        Start and direction of each piece, ``(row, column)`` in pixels.

    """
    corners = np.array(line.corners, dtype=float)
    starts, ends = corners[:-1], corners[1:]
    if line.dashed:
        starts, ends = _dashes(starts, ends, dash)
    return np.stack([starts, ends - starts], axis=1)


def _dashes(starts: np.ndarray, ends: np.ndarray, dash: float) -> tuple[np.ndarray, np.ndarray]:
    """Return every other piece of length `dash` of each straight part."""
    pieces = [
        np.linspace(start, end, 2 * max(1, round(np.linalg.norm(end - start) / dash / 2)) + 1)
        for start, end in zip(starts, ends, strict=True)
    ]
    return np.vstack([part[:-1:2] for part in pieces]), np.vstack([part[1::2] for part in pieces])
