"""Where the bare tip of a radiofrequency cannula ends, to scale."""

from __future__ import annotations

from itertools import pairwise

from fluoro_annotator.geometry import Calibration, Point, measure
from fluoro_annotator.marks import Needle
from napari_fluoro_annotator import styles
from napari_fluoro_annotator.drawing import DrawnLine

BAR = 0.25
"""Half the length of the bar across the shaft, in lengths of the active tip; engineering default."""


def active_tip_bar(needle: Needle, scale: Calibration) -> DrawnLine | None:
    """Return a bar across the shaft where the active tip ends; None without a scale.

    A needle that does not lie parallel to the detector is seen shortened, and so is its tip: the bar
    stands where the tip can end at the most, in the plane in which the scale is right. There is none
    if the needle is seen shorter than that.

    Parameters
    ----------
    needle : Needle
        The needle.
    scale : Calibration
        Scale of the image.

    """
    if needle.active_tip_mm is None or not scale.usable:
        return None
    left = needle.active_tip_mm
    for start, end in pairwise(needle.path):
        length = measure(start, end, scale).mm or 0.0
        if left <= length:
            return _bar(start, end, left / length, BAR * needle.active_tip_mm / length)
        left -= length
    return None


def _bar(start: Point, end: Point, share: float, half: float) -> DrawnLine:
    """Return a bar across a piece; place and half length as shares of the length of the piece."""
    down, right = end.row - start.row, end.column - start.column
    row, column = start.row + down * share, start.column + right * share
    ends = tuple(Point(row - sign * right * half, column + sign * down * half) for sign in (-1, 1))
    return DrawnLine(points=ends, colour=styles.VERMILLION)
