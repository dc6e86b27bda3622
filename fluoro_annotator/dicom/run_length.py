"""DICOM's run-length encoding (PS3.5 annex G), with imagecodecs for the runs themselves."""

from __future__ import annotations

import struct
from itertools import pairwise
from typing import Any, Final

import imagecodecs
import numpy as np
import numpy.typing as npt

HEAD: Final = 64
MOST_SEGMENTS: Final = 15


def decode_run_length(data: bytes, pixels: int, samples: int, size: int) -> npt.NDArray[Any]:
    """Return the planes of one frame.

    Parameters
    ----------
    data : bytes
        The encoded frame, its table of segments first.
    pixels : int
        Number of pixels of a plane.
    samples : int
        Number of planes.
    size : int
        Bytes of a value. There is a segment for each byte, the most significant first.

    Returns
    -------
    ndarray of unsigned integers, shape (samples, pixels)

    Raises
    ------
    ValueError
        If the segments are not those that the size requires, or end too early.

    """
    segments = [_decode_segment(segment, pixels) for segment in _segments(data, samples * size)]
    planes = np.stack([np.frombuffer(segment, np.uint8, pixels) for segment in segments])
    bytes_last = np.moveaxis(planes.reshape(samples, size, pixels), 1, 2)
    return np.ascontiguousarray(bytes_last).view(f">u{size}")[..., 0].astype(f"u{size}", copy=False)


def _decode_segment(segment: bytes, pixels: int) -> bytes:
    try:
        decoded = bytes(imagecodecs.packbits_decode(segment))
    except RuntimeError as error:
        raise ValueError("a segment ends in the middle of a run") from error
    if len(decoded) < pixels:
        raise ValueError(f"a segment holds {len(decoded)} of {pixels} bytes")
    return decoded


def _segments(data: bytes, expected: int) -> list[bytes]:
    if len(data) < HEAD:
        raise ValueError("the table of segments is incomplete")
    count, *offsets = struct.unpack("<16L", data[:HEAD])
    if count != expected or count > MOST_SEGMENTS:
        raise ValueError(f"there are {count} segments instead of {expected}")
    bounds = [*offsets[:count], len(data)]
    ordered = all(first < last for first, last in pairwise(bounds))
    if bounds[0] < HEAD or not ordered:
        raise ValueError("the segments are out of order")
    return [data[first:last] for first, last in pairwise(bounds)]
