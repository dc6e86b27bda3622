"""Turns the bytes of one native frame into an array."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import numpy.typing as npt
from pydicom.uid import ExplicitVRBigEndian

from fluoro_annotator.dicom.models import Image
from fluoro_annotator.dicom.syntaxes import ybr_to_rgb

SUBSAMPLED: Final = "YBR_FULL_422"


def frame_bits(image: Image) -> int:
    """Return the number of bits of one frame in native pixel data."""
    if image.photometric == SUBSAMPLED:
        return image.rows * image.columns * 2 * image.bits_allocated
    return image.frame_pixels * image.bits_allocated


def decode_native(data: bytes | npt.NDArray[np.uint8], image: Image, skipped_bits: int) -> npt.NDArray[Any]:
    """Return the pixels of one native frame.

    Parameters
    ----------
    data : bytes or ndarray of uint8
        The bytes that hold the frame.
    image : Image
        Describes the layout.
    skipped_bits : int
        Bits at the start that belong to the frame before (single-bit images only).

    Returns
    -------
    ndarray, shape (rows, columns) or (rows, columns, 3)
        Unsigned numbers of the allocated size, colour as RGB.

    """
    if image.bits_allocated == 1:
        bits = np.unpackbits(np.frombuffer(data, np.uint8), bitorder="little")
        return bits[skipped_bits : skipped_bits + image.frame_pixels].reshape(image.rows, image.columns)
    order = ">" if image.transfer_syntax_uid == ExplicitVRBigEndian else "<"
    flat = np.frombuffer(data, np.dtype(f"{order}u{image.bits_allocated // 8}"))
    if image.samples == 1:
        return flat.reshape(image.rows, image.columns)
    return _color(flat, image)


def _color(flat: npt.NDArray[Any], image: Image) -> npt.NDArray[Any]:
    if image.photometric == SUBSAMPLED:
        return ybr_to_rgb(_upsampled(flat, image))
    if image.planar:
        pixels = np.moveaxis(flat.reshape(3, image.rows, image.columns), 0, -1)
    else:
        pixels = flat.reshape(image.rows, image.columns, 3)
    return ybr_to_rgb(pixels) if image.photometric.startswith("YBR") else pixels


def _upsampled(flat: npt.NDArray[Any], image: Image) -> npt.NDArray[Any]:
    """Return Y, B, R for each pixel from groups of Y, Y, B, R (PS3.3 C.7.6.3.1.2)."""
    groups = flat.reshape(-1, 4)
    pixels = np.stack((groups[:, [0, 2, 3]], groups[:, [1, 2, 3]]), axis=1)
    return pixels.reshape(image.rows, image.columns, 3)


def stored_values(pixels: npt.NDArray[Any], image: Image, *, encapsulated: bool) -> npt.NDArray[Any]:
    """Return the stored values: bits that do not belong to the value removed, sign extended.

    Parameters
    ----------
    pixels : ndarray
        As decoded; bits outside Bits Stored may hold overlays or anything else. If it can be
        written, the values may take its place: 2 MB that need not be allocated again.
    image : Image
        Describes the layout.
    encapsulated : bool
        Whether the frame was compressed; then the value always begins at bit 0.

    Returns
    -------
    ndarray
        ``uint8``, ``uint16`` or ``uint32``, or signed of the same size.

    """
    unsigned = np.dtype(f"u{max(image.bits_allocated, 8) // 8}")
    values = _unsigned(pixels, unsigned)
    target = values if values.flags.writeable else np.empty_like(values)
    shift = 0 if encapsulated else max(image.high_bit + 1 - image.bits_stored, 0)
    unused = unsigned.itemsize * 8 - image.bits_stored
    lowered = np.right_shift(values, shift, out=target) if shift else values
    if image.signed:
        raised = np.left_shift(lowered, unused, out=target).view(f"i{unsigned.itemsize}")
        return np.asarray(np.right_shift(raised, unused, out=raised))
    if not shift and not unused:
        return np.ascontiguousarray(values)
    return np.asarray(np.bitwise_and(lowered, unsigned.type((1 << image.bits_stored) - 1), out=target))


def _unsigned(pixels: npt.NDArray[Any], dtype: np.dtype[Any]) -> npt.NDArray[Any]:
    """Return the two's complement bit pattern in the allocated size and native byte order."""
    if pixels.dtype.kind == "i":
        return pixels.astype(np.dtype(f"i{dtype.itemsize}")).view(dtype)
    return pixels.astype(dtype, copy=False)
