"""From display-ready values to a picture: covered parts, overlays, and 8 bits a sample."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from fluoro_annotator.dicom.display import (
    LARGEST_BYTE,
    Display,
    Frame,
    declared_range,
    display_of,
    display_values,
)
from fluoro_annotator.dicom.frames import FrameReader
from fluoro_annotator.dicom.models import Image
from fluoro_annotator.dicom.options import AS_PRESCRIBED, DisplayOptions
from fluoro_annotator.dicom.overlays import OverlayPlane
from fluoro_annotator.dicom.shutters import LARGEST_P_VALUE

WHITE: Final = 1.0

Cover = tuple[npt.NDArray[np.bool_], float]
"""Which pixels are replaced, and how bright they become: 0 is black, 1 white."""


def covers_of(
    image: Image, index: int, options: DisplayOptions, planes: Iterable[OverlayPlane] = ()
) -> list[Cover]:
    """Return what lies over a frame: the shutter first, overlays in white upon it.

    Parameters
    ----------
    image : Image
        The image.
    index : int
        0-based index of the frame.
    options : DisplayOptions
        What was chosen.
    planes : iterable of OverlayPlane
        Overlays to be drawn.

    """
    shutter = image.rendering_at(index).shutter
    covers = []
    if options.shutter and shutter is not None:
        covers.append((shutter.hidden(image.rows, image.columns), shutter.p_value / LARGEST_P_VALUE))
    return [*covers, *((plane.pixels, WHITE) for plane in planes)]


def covered(values: Frame, covers: Iterable[Cover], display: Display, limits: tuple[float, float]) -> Frame:
    """Return display-ready values with their covers, each at the value that is shown as bright.

    Black and white are put at the end of the range of values, so that they stay black and
    white where somebody narrows the window.

    Parameters
    ----------
    values : ndarray
        Display-ready values; not changed.
    covers : iterable of Cover
        What lies over them.
    display : Display
        How they are shown.
    limits : tuple of (float, float)
        Range of values that occur.

    """
    for place, (mask, brightness) in enumerate(covers):
        if not place:
            values = values.copy()
        values[mask] = _value_of(brightness, display, limits, values.dtype)
    return values


def _value_of(
    brightness: float, display: Display, limits: tuple[float, float], dtype: np.dtype[Any]
) -> float | int:
    low, high = display.contrast_limits
    level = 1.0 - brightness if display.inverted else brightness
    ends = {0.0: min(low, limits[0]), 1.0: max(high, limits[1])}
    value = ends.get(level, low + level * (high - low))
    if dtype.kind == "f":
        return value
    bounds = np.iinfo(dtype)
    return min(max(round(value), int(bounds.min)), int(bounds.max))


def value_limits(image: Image, display: Display, index: int) -> tuple[float, float]:
    """Return the range of display-ready values of a frame."""
    stored = display.source in ("window", "bits stored", "first frame")
    return declared_range(image, index) if stored else display.contrast_limits


def brightness_of(values: Frame, display: Display) -> npt.NDArray[np.float64]:
    """Return how bright values are shown, from 0, black, to 1, white; the same shape."""
    low, high = display.contrast_limits
    level = np.clip((values.astype(np.float64) - low) / (high - low), 0.0, 1.0)
    return np.asarray(1.0 - level if display.inverted else level)


def picture_of(values: Frame, covers: Iterable[Cover], display: Display) -> npt.NDArray[np.uint8]:
    """Return display-ready values as they are to be seen, with 8 bits a sample.

    Parameters
    ----------
    values : ndarray
        Display-ready values without their covers.
    covers : iterable of Cover
        What lies over them.
    display : Display
        How they are shown.

    """
    if display.rgb:
        picture = np.array(values, np.uint8)
    else:
        level = brightness_of(values, Display(display.contrast_limits, False, False, display.source))
        grey = np.rint(level * LARGEST_BYTE).astype(np.uint8)
        picture = np.asarray(LARGEST_BYTE - grey if display.inverted else grey, np.uint8)
    for mask, brightness in covers:
        picture[mask] = round(brightness * LARGEST_BYTE)
    return picture


def apply_display(
    frame: Frame, image: Image, options: DisplayOptions = AS_PRESCRIBED, index: int = 0
) -> npt.NDArray[np.uint8]:
    """Return a frame as it is to be seen, with 8 bits a sample.

    Masks are not subtracted, since that takes other frames: see `FrameStack.picture`.

    Parameters
    ----------
    frame : ndarray, shape (rows, columns) or (rows, columns, 3)
        Stored values, as `FrameReader.read` returns them.
    image : Image
        The image the frame belongs to.
    options : DisplayOptions
        What was chosen; overlays are read from the file.
    index : int
        0-based index of the frame, for images whose frames, shutters or overlays differ.

    Returns
    -------
    ndarray of uint8, of shape `Image.shown_shape`
        0 is black.

    Raises
    ------
    DisplayChoiceError
        If the frame has no such window or table.
    UnreadableFileError, DamagedFileError
        If overlays are wanted and the file cannot be read.

    """
    values, display = (
        display_values(frame, image, options, index),
        display_of(image, frame, options, index),
    )
    planes = FrameReader(image).read_overlays(index) if options.overlays else ()
    return picture_of(values, covers_of(image, index, options, planes), display)
