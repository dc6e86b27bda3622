"""A small square of the image as it is on the screen; part of the layer binding."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
from napari.layers import Image

from fluoro_annotator.geometry import Point
from fluoro_annotator.geometry.orientation import Turn

WHITE = 255


def patch_of(layer: Image, index: int, point: Point, reach: int, turn: Turn) -> npt.NDArray[np.uint8]:
    """Return what lies around a point, with the window, the colours and the turn of the screen.

    Parameters
    ----------
    layer : napari.layers.Image
        The view; its data are frames.
    index : int
        Frame index, 0-based.
    point : Point
        ``(row, column)`` in pixels; the middle of the patch is the pixel nearest to it.
    reach : int
        How many pixels on each side.
    turn : Turn
        How the view is laid on the screen.

    Returns
    -------
    ndarray, shape (2 * reach + 1, 2 * reach + 1, 3)
        Red, green and blue; black beyond the edges of the image.

    """
    frame = np.asarray(layer.data[index])
    row, column = round(point.row), round(point.column)
    side = 2 * reach + 1
    patch = np.zeros((side, side, 3), np.uint8)
    top, left = max(row - reach, 0), max(column - reach, 0)
    part = frame[top : max(row + reach + 1, 0), left : max(column + reach + 1, 0)]
    if part.size:
        down, right = top - row + reach, left - column + reach
        patch[down : down + part.shape[0], right : right + part.shape[1]] = _seen(layer, part)
    return _turned(patch, turn)


def _seen(layer: Image, part: npt.NDArray[Any]) -> npt.NDArray[np.uint8]:
    """Return values as colours."""
    if layer.rgb:
        return np.asarray(part[..., :3], np.uint8)
    low, high = layer.contrast_limits
    share = np.clip((part.astype(float) - low) / (high - low), 0, 1) ** layer.gamma
    colours = layer.colormap.map(share.ravel())[:, :3].reshape(*part.shape, 3)
    return np.asarray(np.round(colours * WHITE), np.uint8)


def _turned(patch: npt.NDArray[np.uint8], turn: Turn) -> npt.NDArray[np.uint8]:
    """Return a square as it lies on the screen: mirrored first, then turned clockwise."""
    mirrored = patch[:, ::-1] if turn.mirrored else patch
    return np.ascontiguousarray(np.rot90(mirrored, -turn.quarters))
