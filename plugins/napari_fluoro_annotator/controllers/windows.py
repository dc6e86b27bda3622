"""Windows to choose from, and from centre and width to the values shown as black and white."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from fluoro_annotator.dicom import DisplayOptions, FrameStack, Image, Rendering, Window
from fluoro_annotator.dicom.display import Display, display_of
from fluoro_annotator.dicom.painting import covers_of
from fluoro_annotator.dicom.voi import window_limits
from napari_fluoro_annotator import texts

FILE, RANGE, PERCENTILES, OWN = "file", "range", "percentiles", "own"
LUT, WINDOW = "lut", "window"
PERCENT = (1.0, 99.0)
"""Share of the pixels below black and up to white: an engineering default."""
LINEAR, EXACT = "LINEAR", "LINEAR_EXACT"
STORED = frozenset({"window", "bits stored", "first frame"})
"""Sources of limits that are values before the window, for which the file's function is meant."""

Limits = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Preset:
    """A window to choose; windows and tables of the file carry their place in it."""

    key: str
    text: str
    place: int = 0


def presets_of(image: Image, index: int, *, subtracted: bool) -> list[Preset]:
    """Return what can be chosen for a frame of an image (0-based); nothing is invented.

    Parameters
    ----------
    image : Image
        The image.
    index : int
        The frame, 0-based.
    subtracted : bool
        Whether its mask is subtracted: windows of the file are not meant for differences.

    """
    if image.colored:
        return []
    rendering = image.rendering_at(index)
    computed = [
        Preset(PERCENTILES, texts.PRESET_PERCENTILES.format(low=PERCENT[0], high=PERCENT[1])),
    ]
    if subtracted:
        return [Preset(FILE, texts.PRESET_FILE), *computed]
    stated = [*_tables(rendering), *_windows(rendering)] or [Preset(FILE, texts.PRESET_FILE)]
    return [*stated, Preset(RANGE, texts.PRESET_RANGE), *computed]


def _tables(rendering: Rendering) -> list[Preset]:
    return [
        Preset(
            f"{LUT} {place}",
            texts.PRESET_LUT.format(name=texts.PRESET_LUT_NAME.format(number=place + 1)),
            place,
        )
        for place in range(len(rendering.voi_luts))
    ]


def _windows(rendering: Rendering) -> list[Preset]:
    return [
        Preset(
            f"{WINDOW} {place}",
            texts.PRESET_WINDOW.format(
                name=_window_name(rendering.window_names, place), center=window.center, width=window.width
            ),
            place,
        )
        for place, window in enumerate(rendering.windows)
    ]


def _window_name(names: Sequence[str], place: int) -> str:
    stated = names[place].strip() if place < len(names) else ""
    return stated or texts.PRESET_WINDOW_NAME.format(number=place + 1)


def options_for(preset: Preset, options: DisplayOptions) -> DisplayOptions:
    """Return what to choose of the file for a preset; the full range and percentiles leave it as it is."""
    if preset.key.startswith(LUT):
        return replace(options, window=None, voi_lut=preset.place)
    if preset.key.startswith(WINDOW):
        return replace(options, window=preset.place, voi_lut=None)
    if preset.key == FILE:
        return replace(options, window=None, voi_lut=None)
    return options


def full_range(image: Image, index: int, display: Display) -> Limits:
    """Return the limits that leave no value out: all that the bits of the file, or a table, can say.

    Parameters
    ----------
    image : Image
        The image.
    index : int
        The frame, 0-based.
    display : Display
        How the frame is shown at the moment.

    """
    if display.source not in STORED:
        return display.contrast_limits
    bare = replace(image.rendering_at(index), windows=(), voi_luts=())
    return display_of(replace(image, rendering=bare, frame_renderings=())).contrast_limits


def percentiles(stack: FrameStack, index: int) -> Limits | None:
    """Return limits that leave out the darkest and the brightest pixels of a frame.

    Parameters
    ----------
    stack : FrameStack
        The view.
    index : int
        The frame, 0-based.

    Returns
    -------
    tuple of float or None
        None if the pixels that are not covered by the shutter all have one value.

    """
    image = stack.image_at(index)
    within = stack.frame_ref(index)[1] - 1
    values = np.asarray(stack[index])
    for mask, _ in covers_of(image, within, stack.options):
        values = values[~mask] if values.ndim == mask.ndim else values
    if not values.size:
        return None
    low, high = np.percentile(values, PERCENT)
    return (float(low), float(high)) if high > low else None


def function_of(image: Image, index: int, display: Display) -> str:
    """Return the VOI LUT Function that centre and width are meant with; exact for what is computed."""
    stated = image.rendering_at(index).function
    return LINEAR if display.source in STORED and stated == LINEAR else EXACT


def limits_of(window: Window, function: str) -> Limits:
    """Return the values shown as black and as white for a window: the inverse of `window_of`."""
    return window_limits(window, function)


def window_of(limits: Limits, function: str) -> Window:
    """Return centre and width for the values shown as black and as white.

    LINEAR counts both ends and lies half a value higher (PS3.3 C.11.2.1.2.1).

    Examples
    --------
    >>> window_of((0.0, 4095.0), "LINEAR")
    Window(center=2048.0, width=4096.0)

    """
    low, high = limits
    if function == EXACT:
        return Window((low + high) / 2, high - low)
    return Window((low + high + 1) / 2, high - low + 1)
