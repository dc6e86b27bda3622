"""Which VOI transformation applies to a frame: the file's choice, or the viewer's."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

from fluoro_annotator.dicom.luts import Lut
from fluoro_annotator.dicom.models import Image
from fluoro_annotator.dicom.options import AS_PRESCRIBED, DisplayOptions
from fluoro_annotator.dicom.rendering import Rendering, Window
from fluoro_annotator.errors import DisplayChoiceError

Kind = Literal["colour", "VOI LUT", "sigmoid", "window", "none"]

THRESHOLD_STEP: Final = 0.01
"""How far apart the limits of a window of width 1 are, which is a threshold."""


@dataclass(frozen=True, slots=True)
class Voi:
    """The VOI transformation of a frame.

    Attributes
    ----------
    kind : str
        colour, VOI LUT, sigmoid, window or none.
    window : Window or None
        For a sigmoid and a window.
    lut : Lut or None
        For a VOI LUT.
    function : str
        VOI LUT Function of the window.

    """

    kind: Kind
    window: Window | None = None
    lut: Lut | None = None
    function: str = "LINEAR"


def voi_of(image: Image, options: DisplayOptions = AS_PRESCRIBED, index: int = 0) -> Voi:
    """Return the VOI transformation of a frame.

    Without a choice the first VOI LUT of the file is used, or else its first window.

    Parameters
    ----------
    image : Image
        The image.
    options : DisplayOptions
        What was chosen.
    index : int
        0-based index of the frame.

    Raises
    ------
    DisplayChoiceError
        If the frame has no such window or table.

    """
    rendering = image.rendering_at(index)
    if image.colored:
        return Voi("colour")
    if options.voi_lut is not None:
        return Voi("VOI LUT", lut=_table(image, rendering, options.voi_lut))
    if options.window is None and rendering.voi_luts:
        return Voi("VOI LUT", lut=rendering.voi_luts[0])
    window = _window(image, rendering, options.window)
    if window is None:
        return Voi("none")
    kind: Kind = "sigmoid" if rendering.function == "SIGMOID" else "window"
    return Voi(kind, window=window, function=rendering.function)


def _table(image: Image, rendering: Rendering, place: int) -> Lut:
    if place < len(rendering.voi_luts):
        return rendering.voi_luts[place]
    raise _no_such(image, "VOI LUT", place, len(rendering.voi_luts))


def _window(image: Image, rendering: Rendering, choice: int | Window | None) -> Window | None:
    if isinstance(choice, Window):
        return choice
    if choice is None:
        return rendering.windows[0] if rendering.windows else None
    if choice < len(rendering.windows):
        return rendering.windows[choice]
    raise _no_such(image, "window", choice, len(rendering.windows))


def _no_such(image: Image, what: str, place: int, present: int) -> DisplayChoiceError:
    remedy = f"Choose one from 0 to {present - 1}." if present else "Show it without that choice."
    return DisplayChoiceError(str(image.path), f"has no {what} number {place}", remedy)


def voi_kind(image: Image, options: DisplayOptions = AS_PRESCRIBED, index: int = 0) -> Kind:
    """Return which VOI transformation applies: colour, VOI LUT, sigmoid, window or none."""
    return voi_of(image, options, index).kind


def window_limits(window: Window, function: str = "LINEAR") -> tuple[float, float]:
    """Return the values that a linear window maps to black and to white.

    LINEAR: ``c - 0.5 -+ (w - 1) / 2`` (PS3.3 C.11.2.1.2.1); LINEAR_EXACT: ``c -+ w / 2``
    (C.11.2.1.3.2). A LINEAR window of width 1 is a threshold just above ``c - 0.5``.

    Examples
    --------
    >>> window_limits(Window(2048, 4096))
    (0.0, 4095.0)

    """
    if function == "LINEAR_EXACT":
        return window.center - window.width / 2, window.center + window.width / 2
    middle, half = window.center - 0.5, (window.width - 1) / 2
    return middle - half, middle + max(half, THRESHOLD_STEP / 2)


_INVERSE_SHAPES: Final = {"INVERSE": True, "IDENTITY": False}


def is_inverted(image: Image, index: int = 0) -> bool:
    """Whether the smallest value is shown white.

    Presentation LUT Shape decides where it is stated, otherwise Photometric Interpretation;
    dcmtk, too, believes the shape where the two contradict each other.
    """
    inverse = _INVERSE_SHAPES.get(image.rendering_at(index).presentation_shape)
    return image.photometric == "MONOCHROME1" if inverse is None else inverse
