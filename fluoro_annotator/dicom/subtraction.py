"""Mask subtraction: which frames are subtracted from which, and the arithmetic.

Frames are chosen as PS3.3 C.7.6.10.1.1 says, masks are moved as C.7.6.10.1.2 says; an enhanced
image may move them frame by frame, which goes before what the Mask Module states (C.7.6.16.2.14).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from pydicom.dataset import Dataset

from fluoro_annotator.dicom.values import integer, items, numbers, text

Pixels = npt.NDArray[np.float32]
ReadFrame = Callable[[int], npt.NDArray[Any]]
"""Reads the stored values of a frame by its 0-based index."""

AVERAGE: Final = "AVG_SUB"
INTERVAL: Final = "TID"
REVERSED: Final = "REV_TID"
OPERATIONS: Final = frozenset({AVERAGE, INTERVAL, REVERSED})
LINEAR_INTENSITY: Final = "LIN"
MOST_AVERAGED: Final = 64
"""Frames that are averaged at most, so that a header cannot ask for a whole cine a frame."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MaskSubtraction:
    """One mask operation.

    Attributes
    ----------
    operation : str
        AVG_SUB, TID or REV_TID.
    ranges : tuple of (int, int)
        First and last frame number (1-based, both included) of each range; empty for all frames.
    mask_frames : tuple of int
        Numbers of the frames that are averaged to the mask (AVG_SUB).
    averaged : int
        How many contrast frames, from the shown one on, are averaged.
    shift : tuple of (float, float)
        How far the mask is moved before it is subtracted. A positive first value moves it
        towards the lower rows, a positive second value towards the left columns
        (PS3.3 C.7.6.10.1.2).
    offset : int
        TID Offset: how many frames the mask lies before the contrast frame (TID), or before the
        first contrast frame (REV_TID); 1 if not stated.

    """

    operation: str
    ranges: tuple[tuple[int, int], ...] = ()
    mask_frames: tuple[int, ...] = ()
    averaged: int = 1
    shift: tuple[float, float] = (0.0, 0.0)
    offset: int = 1

    def masks(self, number: int, frames: int) -> tuple[int, ...]:
        """Return the numbers of the mask frames for a contrast frame, empty if there are none.

        REV_TID counts the offset from the first frame of its ranges, and two frames more from each
        next one, so that masks run backwards while contrast frames run forwards (C.7.6.10.1.1).

        Parameters
        ----------
        number : int
            Contrast frame, 1-based.
        frames : int
            Number of frames of the image.

        """
        if self.ranges and not any(first <= number <= last for first, last in self.ranges):
            return ()
        if self.operation == AVERAGE:
            in_time = bool(self.ranges) or number <= frames - self.averaged + 1
            found = self.mask_frames if in_time else ()
        elif self.operation == INTERVAL:
            found = (number - self.offset,)
        else:
            found = (number - self.offset - 2 * self._place_in_ranges(number),)
        return found if all(1 <= mask <= frames for mask in found) else ()

    def _place_in_ranges(self, number: int) -> int:
        """Return how many frames of the ranges come before a frame that one of them holds."""
        before = 0
        for first, last in self.ranges:
            if first <= number <= last:
                return before + number - first
            before += max(last - first + 1, 0)
        return before


def read_subtractions(dataset: Dataset) -> tuple[MaskSubtraction, ...]:
    """Return the mask operations of a header; those that cannot be carried out are left out.

    Parameters
    ----------
    dataset : pydicom.dataset.Dataset
        Header of the image, or of one frame of an enhanced image, which may have shifts of its own.

    """
    shifts = {
        integer(item, "SubtractionItemID"): _read_shift(item)
        for item in items(dataset, "FramePixelShiftSequence")
    }
    found = (_read_item(item, shifts) for item in items(dataset, "MaskSubtractionSequence"))
    return tuple(operation for operation in found if operation is not None)


_Shift = tuple[float, float]


def _read_shift(item: Dataset) -> _Shift:
    shift = numbers(item, "MaskSubPixelShift")
    return (shift[0], shift[1]) if len(shift) == 2 else (0.0, 0.0)  # noqa: PLR2004 - rows and columns


def _read_item(item: Dataset, shifts: Mapping[int | None, _Shift]) -> MaskSubtraction | None:
    operation = text(item, "MaskOperation").upper()
    limits = [int(number) for number in numbers(item, "ApplicableFrameRange")]
    masks = tuple(int(number) for number in numbers(item, "MaskFrameNumbers"))[:MOST_AVERAGED]
    offset = integer(item, "TIDOffset")
    unusable = {AVERAGE: not masks, INTERVAL: offset == 0, REVERSED: not limits}
    if unusable.get(operation, True):
        return None
    identity = integer(item, "SubtractionItemID")
    return MaskSubtraction(
        operation=operation,
        ranges=tuple(zip(limits[0::2], limits[1::2], strict=False)),
        mask_frames=masks,
        averaged=min(max(integer(item, "ContrastFrameAveraging") or 1, 1), MOST_AVERAGED),
        shift=_read_shift(item) if identity is None else shifts.get(identity, _read_shift(item)),
        offset=1 if offset is None else offset,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What is subtracted from what for one shown frame; frame indices are 0-based.

    Attributes
    ----------
    contrast : tuple of int
        Frames that are averaged.
    masks : tuple of int
        Frames that are averaged and subtracted.
    shift : tuple of (float, float)
        As for `MaskSubtraction`.

    """

    contrast: tuple[int, ...]
    masks: tuple[int, ...]
    shift: tuple[float, float]


def plan(subtractions: Sequence[MaskSubtraction], index: int, frames: int) -> Plan | None:
    """Return what to do for a frame; None if no mask applies to it, and it is shown as it is.

    Parameters
    ----------
    subtractions : sequence of MaskSubtraction
        The first that applies is used.
    index : int
        0-based index of the frame.
    frames : int
        Number of frames of the image.

    """
    for subtraction in subtractions:
        masks = subtraction.masks(index + 1, frames)
        if masks:
            last = min(index + subtraction.averaged, frames)
            return Plan(
                contrast=tuple(range(index, last)),
                masks=tuple(mask - 1 for mask in masks),
                shift=subtraction.shift,
            )
    return None


def subtract(steps: Plan, read: ReadFrame, *, intensity: str, bits: int, inverse: bool = False) -> Pixels:
    """Return contrast minus mask; 0 means no difference, less means more contrast medium or bone.

    Where larger stored values mean less intensity (`inverse`), more means more contrast medium or bone.

    Where stored values are proportional to the X-ray intensity (LIN), logarithms are subtracted,
    so that the difference does not depend on what lies behind. They are scaled so that
    the largest stored value stays what it is.

    Parameters
    ----------
    steps : Plan
        From `plan`.
    read : callable
        Reads stored values of a frame.
    intensity : str
        Pixel Intensity Relationship.
    bits : int
        Bits Stored.
    inverse : bool
        Whether larger stored values mean less X-ray intensity (PS3.3 C.8.11.3.1.2, sign -1).

    Returns
    -------
    ndarray of float32, shape (rows, columns)

    """
    scale = _logarithm(bits, inverse=inverse) if intensity == LINEAR_INTENSITY else _unchanged
    contrast, mask = _average(steps.contrast, read, scale), _average(steps.masks, read, scale)
    return contrast - shifted(mask, steps.shift)


_Scale = Callable[[npt.NDArray[Any]], Pixels]


def _unchanged(pixels: npt.NDArray[Any]) -> Pixels:
    return pixels.astype(np.float32)


def _logarithm(bits: int, *, inverse: bool) -> _Scale:
    """Return the logarithm of the intensity, with the sign of the stored values."""
    largest = float((1 << bits) - 1)
    factor = np.float32((-largest if inverse else largest) / np.log1p(largest))

    def scale(pixels: npt.NDArray[Any]) -> Pixels:
        stored = np.clip(pixels, 0, largest).astype(np.float32)
        intensity = np.float32(largest) - stored if inverse else stored
        return np.asarray(factor * np.log1p(intensity), np.float32)

    return scale


def _average(indices: Sequence[int], read: ReadFrame, scale: _Scale) -> Pixels:
    total = scale(read(indices[0]))
    for index in indices[1:]:
        total = total + scale(read(index))
    return np.asarray(total / np.float32(len(indices)), np.float32)


def shifted(pixels: Pixels, shift: tuple[float, float]) -> Pixels:
    """Return pixels moved down and to the left, interpolated linearly, edges repeated.

    Parameters
    ----------
    pixels : ndarray, shape (rows, columns)
        The mask.
    shift : tuple of (float, float)
        Rows down and columns to the left, as Mask Sub-pixel Shift states them.

    """
    for axis, distance in enumerate((-shift[0], shift[1])):
        if distance:
            pixels = _shifted_along(pixels, distance, axis)
    return pixels


def _shifted_along(pixels: Pixels, distance: float, axis: int) -> Pixels:
    """Return pixels taken at their place plus a distance along an axis."""
    size = pixels.shape[axis]
    place = np.clip(np.arange(size) + distance, 0, size - 1)
    low = np.floor(place).astype(np.int64)
    high = np.minimum(low + 1, size - 1)
    weight = (place - low).astype(np.float32)
    weight = weight[:, None] if axis == 0 else weight[None, :]
    between = np.take(pixels, low, axis) * (1 - weight) + np.take(pixels, high, axis) * weight
    return np.asarray(between, np.float32)
