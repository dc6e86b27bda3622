"""Display shutters: the parts of an image that are to be covered (PS3.3 C.7.6.11)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import Final

import numpy as np
import numpy.typing as npt
from pydicom.dataset import Dataset

from fluoro_annotator.dicom.values import integer, number, numbers, texts

Mask = npt.NDArray[np.bool_]

LARGEST_P_VALUE: Final = 65535
MOST_VERTICES: Final = 4096
_LEAST_VERTICES: Final = 3
_ON_EDGE: Final = 1e-9


@dataclass(frozen=True, slots=True, kw_only=True)
class Shutter:
    """The shapes whose intersection stays visible.

    All positions are as DICOM counts them: the top-left pixel is (1, 1), and a pixel on an edge is visible.

    Attributes
    ----------
    rectangle : tuple of (int, int, int, int) or None
        Left and right column, upper and lower row that are still visible.
    circle : tuple of (float, float, float) or None
        Row and column of the centre; radius in columns.
    polygon : tuple of (float, float)
        Row and column of each vertex; empty if there is no polygon.
    aspect : float
        Height of a pixel divided by its width, which makes the circle round.
    p_value : int
        How bright covered pixels are: 0 is black, 65535 white, whatever the polarity of the image.

    """

    rectangle: tuple[int, int, int, int] | None = None
    circle: tuple[float, float, float] | None = None
    polygon: tuple[tuple[float, float], ...] = ()
    aspect: float = 1.0
    p_value: int = 0

    def hidden(self, rows: int, columns: int) -> Mask:
        """Return which pixels are covered, shape ``(rows, columns)``, read-only."""
        return _hidden(self, rows, columns)


@lru_cache(maxsize=8)
def _hidden(shutter: Shutter, rows: int, columns: int) -> Mask:
    visible = np.ones((rows, columns), np.bool_)
    if shutter.rectangle is not None:
        visible &= _inside_rectangle(shutter.rectangle, rows, columns)
    if shutter.circle is not None:
        visible &= _inside_circle(shutter.circle, shutter.aspect, rows, columns)
    if shutter.polygon:
        visible &= _inside_polygon(shutter.polygon, rows, columns)
    hidden = ~visible
    hidden.flags.writeable = False
    return hidden


def _grid(rows: int, columns: int) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    return np.arange(1, rows + 1)[:, None], np.arange(1, columns + 1)[None, :]


def _inside_rectangle(edges: tuple[int, int, int, int], rows: int, columns: int) -> Mask:
    left, right, upper, lower = edges
    row, column = _grid(rows, columns)
    return (row >= upper) & (row <= lower) & (column >= left) & (column <= right)


def _inside_circle(circle: tuple[float, float, float], aspect: float, rows: int, columns: int) -> Mask:
    center_row, center_column, radius = circle
    row, column = _grid(rows, columns)
    return ((row - center_row) * aspect) ** 2 + (column - center_column) ** 2 <= radius**2


def _inside_polygon(polygon: tuple[tuple[float, float], ...], rows: int, columns: int) -> Mask:
    """Fill by the even-odd rule, row by row; pixels on an edge belong to the inside."""
    turns = np.zeros((rows, columns + 1), np.bool_)
    edge = np.zeros((rows, columns), np.bool_)
    for start, end in pairwise((*polygon, polygon[0])):
        _cross(turns, start, end)
        _trace(edge, start, end)
    return np.logical_xor.accumulate(turns, axis=1)[:, :-1] | edge


def _rows_between(first: float, last: float, rows: int) -> npt.NDArray[np.int64]:
    """Return the rows from `first` up to and without `last`, 1-based."""
    low, high = np.clip((np.ceil(first), np.ceil(last)), 1, rows + 1).astype(np.int64)
    return np.arange(low, high)


def _cross(turns: Mask, start: tuple[float, float], end: tuple[float, float]) -> None:
    """Note in each row where an edge is crossed: from that column on, inside and outside change."""
    (row_a, column_a), (row_b, column_b) = sorted((start, end))
    if row_a == row_b:
        return
    rows = _rows_between(row_a, row_b, len(turns))
    crossing = column_a + (rows - row_a) * (column_b - column_a) / (row_b - row_a)
    columns = np.clip(np.ceil(crossing - _ON_EDGE), 1, turns.shape[1]).astype(np.int64)
    turns[rows - 1, columns - 1] ^= True


def _trace(edge: Mask, start: tuple[float, float], end: tuple[float, float]) -> None:
    """Note the pixels whose centre lies on an edge."""
    (row_a, column_a), (row_b, column_b) = sorted((start, end))
    height, width = edge.shape
    if row_a == row_b:
        if row_a.is_integer() and 1 <= row_a <= height:
            low, high = sorted((column_a, column_b))
            first, last = np.clip((np.ceil(low), np.floor(high) + 1), 1, width + 1).astype(int)
            edge[int(row_a) - 1, first - 1 : last - 1] = True
        return
    rows = np.append(_rows_between(row_a, row_b, height), _rows_between(row_b, row_b + _ON_EDGE, height))
    columns = column_a + (rows - row_a) * (column_b - column_a) / (row_b - row_a)
    nearest = np.rint(columns)
    kept = (np.abs(columns - nearest) < _ON_EDGE) & (nearest >= 1) & (nearest <= width)
    edge[rows[kept] - 1, nearest[kept].astype(np.int64) - 1] = True


def read_shutter(dataset: Dataset) -> Shutter | None:
    """Return the display shutter of a header; None if there is none that can be used.

    Only the shapes that Shutter Shape names count, and of them those that are complete.

    Parameters
    ----------
    dataset : pydicom.dataset.Dataset
        Header of the image, or item of a Frame Display Shutter Sequence.

    """
    shapes = {shape.upper() for shape in texts(dataset, "ShutterShape")}
    rectangle = _read_rectangle(dataset) if "RECTANGULAR" in shapes else None
    circle = _read_circle(dataset) if "CIRCULAR" in shapes else None
    polygon = _read_polygon(dataset) if "POLYGONAL" in shapes else ()
    if rectangle is None and circle is None and not polygon:
        return None
    value = integer(dataset, "ShutterPresentationValue") or 0
    return Shutter(
        rectangle=rectangle,
        circle=circle,
        polygon=polygon,
        aspect=_read_aspect(dataset),
        p_value=min(max(value, 0), LARGEST_P_VALUE),
    )


_EDGES: Final = (
    "ShutterLeftVerticalEdge",
    "ShutterRightVerticalEdge",
    "ShutterUpperHorizontalEdge",
    "ShutterLowerHorizontalEdge",
)


def _read_rectangle(dataset: Dataset) -> tuple[int, int, int, int] | None:
    left, right, upper, lower = (integer(dataset, keyword) for keyword in _EDGES)
    if left is None or right is None or upper is None or lower is None or left > right or upper > lower:
        return None
    return left, right, upper, lower


def _read_circle(dataset: Dataset) -> tuple[float, float, float] | None:
    center, radius = numbers(dataset, "CenterOfCircularShutter"), number(dataset, "RadiusOfCircularShutter")
    if len(center) != 2 or radius is None or radius <= 0:  # noqa: PLR2004 - row and column
        return None
    return center[0], center[1], radius


def _read_polygon(dataset: Dataset) -> tuple[tuple[float, float], ...]:
    found = numbers(dataset, "VerticesOfThePolygonalShutter")[: 2 * MOST_VERTICES]
    vertices = tuple(zip(found[0::2], found[1::2], strict=False))
    return vertices if len(vertices) >= _LEAST_VERTICES else ()


def _read_aspect(dataset: Dataset) -> float:
    """Return height by width of a pixel, from its aspect ratio or its spacing."""
    for keyword in ("PixelAspectRatio", "PixelSpacing", "ImagerPixelSpacing"):
        found = numbers(dataset, keyword)
        if len(found) == 2 and min(found) > 0:  # noqa: PLR2004 - vertical and horizontal
            return found[0] / found[1]
    return 1.0
