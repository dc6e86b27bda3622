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
from fluoro_annotator.dicom.options import AS_PRESCRIBED, DisplayOptions
from fluoro_annotator.dicom.rendering import Rendering, Window
from fluoro_annotator.dicom.voi import is_inverted, voi_kind, voi_of, window_limits

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
UNDECLARED_BITS: Final = 16
"""With so many bits stored the range says nothing about the detector."""

LARGEST_BYTE: Final = 255

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
        Where the limits come from: ``"window"``, ``"VOI LUT"``, ``"sigmoid"``, ``"modality LUT"``,
        ``"bits stored"``, ``"first frame"``, ``"subtraction"`` or ``"colour"``.

    """

    contrast_limits: tuple[float, float]
    inverted: bool
    rgb: bool
    source: str


def display_values(
    frame: Frame, image: Image, options: DisplayOptions = AS_PRESCRIBED, index: int = 0
) -> Frame:
    """Return display-ready values of a frame of stored values.

    A linear window is left to the viewer (see `display_of`), so that it stays adjustable; a
    VOI LUT, a sigmoid or a palette is applied.

    Parameters
    ----------
    frame : ndarray
        Stored values, as `FrameReader.read` returns them.
    image : Image
        The image the frame belongs to.
    options : DisplayOptions
        What was chosen.
    index : int
        0-based index of the frame, for images whose frames differ.

    Raises
    ------
    DisplayChoiceError
        If the frame has no such window or table.

    """
    rendering = image.rendering_at(index)
    voi = voi_of(image, options, index)
    if voi.kind == "colour":
        palette = rendering.palette if image.samples == 1 else None
        return _eight_bits(frame, image) if palette is None else palette.apply(frame)
    values = _modality_values(frame, image, rendering)
    if voi.lut is not None:
        values = voi.lut.apply(values)
    elif voi.kind == "sigmoid" and voi.window is not None:
        values = _sigmoid(values, voi.window)
    return values


def _eight_bits(frame: Frame, image: Image) -> Frame:
    """Return colour with 8 bits a sample: the range of Bits Stored becomes 0 to 255, rounded."""
    if image.bits_allocated == BYTE_BITS:
        return frame
    largest = (1 << image.bits_stored) - 1
    return ((frame.astype(np.uint32) * LARGEST_BYTE + largest // 2) // largest).astype(np.uint8)


def _modality_table(image: Image, rendering: Rendering) -> Lut | None:
    return None if image.sop_class_uid in WITHOUT_MODALITY_LUT else rendering.modality_lut


def _rescale(image: Image, rendering: Rendering) -> tuple[float, float] | None:
    return None if image.sop_class_uid in WITHOUT_MODALITY_LUT else rendering.rescale


def _modality_values(frame: Frame, image: Image, rendering: Rendering) -> Frame:
    table, rescale = _modality_table(image, rendering), _rescale(image, rendering)
    if table is not None:
        return table.apply(frame)
    if rescale is None:
        return frame
    return frame.astype(np.float32) * np.float32(rescale[0]) + np.float32(rescale[1])


def _sigmoid(values: Frame, window: Window) -> npt.NDArray[np.uint16]:
    """Apply PS3.3 C.11.2.1.3.1 with the output range 0 to 65535."""
    exponent = np.clip(-4.0 * (values.astype(np.float32) - window.center) / window.width, -80, 80)
    return np.asarray(np.rint(SIGMOID_MAXIMUM / (1.0 + np.exp(exponent))), np.uint16)


def display_dtype(image: Image, options: DisplayOptions = AS_PRESCRIBED) -> np.dtype[Any]:
    """Return the type of display-ready values without reading a frame.

    Raises
    ------
    DisplayChoiceError
        If a frame has no such window or table.

    """
    if not image.frame_renderings:
        return _dtype_at(image, options, 0)
    kinds = {_dtype_at(image, options, index) for index in range(len(image.frame_renderings))}
    return np.result_type(*kinds)


def _dtype_at(image: Image, options: DisplayOptions, index: int) -> np.dtype[Any]:
    kind, rendering = voi_kind(image, options, index), image.rendering_at(index)
    if kind == "colour":
        return np.dtype(np.uint8)
    if kind in ("VOI LUT", "sigmoid") or _modality_table(image, rendering):
        return np.dtype(np.uint16)
    if _rescale(image, rendering):
        return np.dtype(np.float32)
    size = max(image.bits_allocated // BYTE_BITS, 1)
    return np.dtype(f"{'i' if image.signed else 'u'}{size}")


def needs_frame(image: Image, options: DisplayOptions = AS_PRESCRIBED, index: int = 0) -> bool:
    """Whether the limits can only be found by looking at a frame."""
    unstated = voi_kind(image, options, index) == "none"
    table = _modality_table(image, image.rendering_at(index))
    return unstated and table is None and image.bits_stored >= UNDECLARED_BITS


def display_of(
    image: Image,
    frame: Frame | None = None,
    options: DisplayOptions = AS_PRESCRIBED,
    index: int = 0,
) -> Display:
    """Return how an image is shown.

    The window goes first; without one, the range of Bits Stored, or, where Bits Stored says
    nothing (16 and more), the smallest and largest value of a frame without its padding.

    Parameters
    ----------
    image : Image
        The image.
    frame : ndarray, optional
        Stored values of a frame; used only if `needs_frame`.
    options : DisplayOptions
        What was chosen.
    index : int
        0-based index of the frame, for images whose frames differ.

    Raises
    ------
    DisplayChoiceError
        If the frame has no such window or table.

    """
    voi = voi_of(image, options, index)
    limits, source = (0.0, 255.0), str(voi.kind)
    if voi.lut is not None:
        limits = (0.0, float(voi.lut.maximum))
    elif voi.kind == "sigmoid":
        limits = (0.0, float(SIGMOID_MAXIMUM))
    elif voi.window is not None:
        limits = window_limits(voi.window, voi.function)
    elif voi.kind == "none":
        limits, source = _limits_without_window(image, frame, index)
    return Display(limits, inverted=is_inverted(image, index), rgb=voi.kind == "colour", source=source)


def _limits_without_window(image: Image, frame: Frame | None, index: int) -> tuple[tuple[float, float], str]:
    rendering = image.rendering_at(index)
    table = _modality_table(image, rendering)
    if table is not None:
        return (0.0, float(table.maximum)), "modality LUT"
    if frame is not None and image.bits_stored >= UNDECLARED_BITS:
        kept = _without_padding(frame, rendering)
        if kept.size and kept.min() < kept.max():
            return _modality_range(float(kept.min()), float(kept.max()), image, rendering), "first frame"
    return declared_range(image, index), "bits stored"


def declared_range(image: Image, index: int = 0) -> tuple[float, float]:
    """Return the smallest and largest value that Bits Stored allows, after the Modality LUT."""
    low = -(1 << (image.bits_stored - 1)) if image.signed else 0
    high = low + (1 << image.bits_stored) - 1
    return _modality_range(float(low), float(high), image, image.rendering_at(index))


def _without_padding(frame: Frame, rendering: Rendering) -> Frame:
    padding = rendering.padding
    if padding is None:
        return frame
    return frame[(frame < padding[0]) | (frame > padding[1])]


def _modality_range(low: float, high: float, image: Image, rendering: Rendering) -> tuple[float, float]:
    slope, intercept = _rescale(image, rendering) or (1.0, 0.0)
    first, last = sorted((low * slope + intercept, high * slope + intercept))
    return first, last
