"""From stored values to grey levels: the DICOM grayscale pipeline for X-ray images.

For X-ray angiography and fluoroscopy the Modality LUT leads back to X-ray intensity and is not
part of the display pipeline; for radiographs and captures it is. PS3.3 C.8.7.1.1.2, C.11.1, C.11.2.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from fluoro_annotator.dicom.luts import BYTE_BITS, Lut
from fluoro_annotator.dicom.models import Image
from fluoro_annotator.dicom.rendering import Window

WITHOUT_MODALITY_LUT: Final = frozenset(
    {
        "1.2.840.10008.5.1.4.1.1.12.1",
        "1.2.840.10008.5.1.4.1.1.12.1.1",
        "1.2.840.10008.5.1.4.1.1.12.2",
        "1.2.840.10008.5.1.4.1.1.12.2.1",
        "1.2.840.10008.5.1.4.1.1.12.3",
    }
)
"""XA, XRF and their enhanced and biplane kin."""

SIGMOID_MAXIMUM: Final = 65535
THRESHOLD_STEP: Final = 0.01
"""How far apart the limits of a window of width 1 are, which is a threshold."""
UNDECLARED_BITS: Final = 16
"""With so many bits stored the range says nothing about the detector."""

Frame = npt.NDArray[Any]


@dataclass(frozen=True, slots=True)
class Display:
    """How display-ready values are shown.

    Attributes
    ----------
    contrast_limits : tuple of (float, float)
        Values shown as black and as white (or the reverse if `inverted`).
    inverted : bool
        Whether small values are bright.
    rgb : bool
        Whether the frames are in colour.
    source : str
        Where the limits come from: ``"window"``, ``"VOI LUT"``, ``"sigmoid"``,
        ``"modality LUT"``, ``"bits stored"``, ``"first frame"`` or ``"colour"``.

    """

    contrast_limits: tuple[float, float]
    inverted: bool
    rgb: bool
    source: str


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


def is_inverted(image: Image) -> bool:
    """Whether the smallest value is shown white.

    Presentation LUT Shape decides where it is stated, otherwise Photometric Interpretation;
    dcmtk, too, believes the shape where the two contradict each other.
    """
    inverse = _INVERSE_SHAPES.get(image.rendering.presentation_shape)
    return image.photometric == "MONOCHROME1" if inverse is None else inverse


def voi_kind(image: Image) -> str:
    """Return which VOI transformation applies: colour, VOI LUT, sigmoid, window or none."""
    rendering = image.rendering
    if image.samples != 1:
        return "colour"
    if rendering.voi_luts:
        return "VOI LUT"
    if not rendering.windows:
        return "none"
    return "sigmoid" if rendering.function == "SIGMOID" else "window"


def display_values(frame: Frame, image: Image) -> Frame:
    """Return display-ready values of a frame of stored values.

    A linear window is left to the viewer (see `display_of`), so that it stays adjustable; a
    VOI LUT or sigmoid is applied.

    Parameters
    ----------
    frame : ndarray
        Stored values, as `FrameReader.read` returns them.
    image : Image
        The image the frame belongs to.

    """
    kind = voi_kind(image)
    if kind == "colour":
        return frame
    values = _modality_values(frame, image)
    if kind == "VOI LUT":
        return image.rendering.voi_luts[0].apply(values)
    return _sigmoid(values, image.rendering.windows[0]) if kind == "sigmoid" else values


def _modality_table(image: Image) -> Lut | None:
    return None if image.sop_class_uid in WITHOUT_MODALITY_LUT else image.rendering.modality_lut


def _rescale(image: Image) -> tuple[float, float] | None:
    return None if image.sop_class_uid in WITHOUT_MODALITY_LUT else image.rendering.rescale


def _modality_values(frame: Frame, image: Image) -> Frame:
    table, rescale = _modality_table(image), _rescale(image)
    if table is not None:
        return table.apply(frame)
    if rescale is None:
        return frame
    return frame.astype(np.float32) * np.float32(rescale[0]) + np.float32(rescale[1])


def _sigmoid(values: Frame, window: Window) -> npt.NDArray[np.uint16]:
    """Apply PS3.3 C.11.2.1.3.1 with the output range 0 to 65535."""
    exponent = np.clip(-4.0 * (values.astype(np.float32) - window.center) / window.width, -80, 80)
    return np.asarray(np.rint(SIGMOID_MAXIMUM / (1.0 + np.exp(exponent))), np.uint16)


def display_dtype(image: Image) -> np.dtype[Any]:
    """Return the type of display-ready values without reading a frame."""
    size = max(image.bits_allocated // BYTE_BITS, 1)
    if voi_kind(image) in ("VOI LUT", "sigmoid") or (image.samples == 1 and _modality_table(image)):
        return np.dtype(np.uint16)
    if image.samples == 1 and _rescale(image):
        return np.dtype(np.float32)
    return np.dtype(f"{'i' if image.signed else 'u'}{size}")


def needs_frame(image: Image) -> bool:
    """Whether the limits can only be found by looking at a frame."""
    unstated = voi_kind(image) == "none" and _modality_table(image) is None
    return unstated and image.bits_stored >= UNDECLARED_BITS


def display_of(image: Image, frame: Frame | None = None) -> Display:
    """Return how an image is shown.

    The window goes first; without one, the range of Bits Stored, or, where Bits Stored says
    nothing (16 and more), the smallest and largest value of a frame without its padding.

    Parameters
    ----------
    image : Image
        The image.
    frame : ndarray, optional
        Stored values of a frame; used only if `needs_frame`.

    """
    kind, rendering = voi_kind(image), image.rendering
    limits, source = (0.0, 255.0), kind
    if kind == "window":
        limits = window_limits(rendering.windows[0], rendering.function)
    elif kind == "VOI LUT":
        limits = (0.0, float(rendering.voi_luts[0].maximum))
    elif kind == "sigmoid":
        limits = (0.0, float(SIGMOID_MAXIMUM))
    elif kind == "none":
        limits, source = _limits_without_window(image, frame)
    return Display(limits, inverted=is_inverted(image), rgb=kind == "colour", source=source)


def _limits_without_window(image: Image, frame: Frame | None) -> tuple[tuple[float, float], str]:
    table = _modality_table(image)
    if table is not None:
        return (0.0, float(table.maximum)), "modality LUT"
    if frame is not None and needs_frame(image):
        kept = _without_padding(frame, image)
        if kept.size and kept.min() < kept.max():
            return _modality_range(float(kept.min()), float(kept.max()), image), "first frame"
    low = -(1 << (image.bits_stored - 1)) if image.signed else 0
    return _modality_range(float(low), float(low + (1 << image.bits_stored) - 1), image), "bits stored"


def _without_padding(frame: Frame, image: Image) -> Frame:
    padding = image.rendering.padding
    if padding is None:
        return frame
    return frame[(frame < padding[0]) | (frame > padding[1])]


def _modality_range(low: float, high: float, image: Image) -> tuple[float, float]:
    slope, intercept = _rescale(image) or (1.0, 0.0)
    first, last = sorted((low * slope + intercept, high * slope + intercept))
    return first, last


def apply_display(frame: Frame, image: Image) -> npt.NDArray[np.uint8]:
    """Return a frame as it is to be seen, with 8 bits a sample.

    Parameters
    ----------
    frame : ndarray, shape (rows, columns) or (rows, columns, 3)
        Stored values, as `FrameReader.read` returns them.
    image : Image
        The image the frame belongs to.

    Returns
    -------
    ndarray of uint8
        0 is black; the shape is that of `frame`.

    """
    values, display = display_values(frame, image), display_of(image, frame)
    if display.rgb:
        return np.asarray(values, np.uint8)
    low, high = display.contrast_limits
    level = np.clip((values.astype(np.float64) - low) / (high - low), 0.0, 1.0)
    grey = np.rint(level * 255).astype(np.uint8)
    return np.asarray(255 - grey if display.inverted else grey, np.uint8)
