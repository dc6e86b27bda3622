"""Overlay planes of groups 60xx: what a header says about them, and their pixels on demand.

An overlay may show anything, even the name of a patient in a file whose header is clean.
Therefore none is shown unless somebody asks for it, and labels of overlays are not kept.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
from pydicom.dataset import Dataset

from fluoro_annotator.dicom.values import integer, numbers, raw_value, text

GROUPS: Final = tuple(range(0x6000, 0x6020, 2))
DATA: Final = 0x3000
_ROWS, _COLUMNS, _FRAMES, _TYPE, _ORIGIN, _FIRST, _ALLOCATED, _POSITION = (
    0x0010,
    0x0011,
    0x0015,
    0x0040,
    0x0050,
    0x0051,
    0x0100,
    0x0102,
)
OVERLAY_TAGS: Final = frozenset(
    group << 16 | element
    for group in GROUPS
    for element in (_ROWS, _COLUMNS, _FRAMES, _TYPE, _ORIGIN, _FIRST, _ALLOCATED, _POSITION)
)
"""Attributes that describe overlays; neither their pixels nor their labels are among them."""

_LARGEST_SIDE: Final = 65535
_BIT_ALONE: Final = 1

Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True)
class Overlay:
    """One overlay as the header describes it.

    Attributes
    ----------
    group : int
        6000, 6002 ... 601E (hexadecimal).
    rows, columns : int
        Size of the plane.
    origin : tuple of (int, int)
        Row and column of the image, 1-based, on which its first pixel lies.
    kind : str
        ``"G"``, graphics, or ``"R"``, a region of interest.
    frames : int or None
        Number of planes; None for one plane that belongs to every frame.
    first_frame : int
        Frame number to which the first of several planes belongs.
    bit : int or None
        Bit of the pixel data that holds the plane; None if it has data of its own.

    """

    group: int
    rows: int
    columns: int
    origin: tuple[int, int] = (1, 1)
    kind: str = "G"
    frames: int | None = None
    first_frame: int = 1
    bit: int | None = None

    def plane_at(self, index: int) -> int | None:
        """Return which of the planes belongs to a frame index, None if none does."""
        if self.frames is None:
            return 0
        plane = index + 1 - self.first_frame
        return plane if 0 <= plane < self.frames else None


@dataclass(frozen=True, slots=True, kw_only=True)
class OverlayPlane:
    """The pixels of an overlay on one frame.

    Attributes
    ----------
    group : int
        Group of its attributes.
    kind : str
        ``"G"`` or ``"R"``.
    pixels : ndarray of bool, shape (rows, columns)
        True where the overlay is set, in pixels of the image.

    """

    group: int
    kind: str
    pixels: Mask


def read_overlays(dataset: Dataset, allocated: int) -> tuple[Overlay, ...]:
    """Return the overlays that a header describes; incomplete descriptions are left out.

    Parameters
    ----------
    dataset : pydicom.dataset.Dataset
        Header of the image.
    allocated : int
        Bits Allocated of the image.

    """
    return tuple(_described(dataset, allocated))


def _described(dataset: Dataset, allocated: int) -> Iterator[Overlay]:
    present = {tag >> 16 for tag in dataset.keys()}  # noqa: SIM118 - iterating converts values
    for group in sorted(present.intersection(GROUPS)):
        base = group << 16
        rows, columns = integer(dataset, base | _ROWS), integer(dataset, base | _COLUMNS)
        if (
            rows is None
            or columns is None
            or not 0 < rows <= _LARGEST_SIDE
            or not 0 < columns <= _LARGEST_SIDE
        ):
            continue
        origin = numbers(dataset, base | _ORIGIN)
        frames = integer(dataset, base | _FRAMES)
        yield Overlay(
            group=group,
            rows=rows,
            columns=columns,
            origin=(int(origin[0]), int(origin[1])) if len(origin) > 1 else (1, 1),
            kind="R" if text(dataset, base | _TYPE).upper() == "R" else "G",
            frames=frames if frames and frames > 0 else None,
            first_frame=integer(dataset, base | _FIRST) or 1,
            bit=_embedded_bit(dataset, base, allocated),
        )


def _embedded_bit(dataset: Dataset, base: int, allocated: int) -> int | None:
    """Return the bit of the pixel data in which an overlay of the retired kind is kept."""
    if (integer(dataset, base | _ALLOCATED) or _BIT_ALONE) == _BIT_ALONE:
        return None
    bit = integer(dataset, base | _POSITION)
    return bit if bit is not None and 0 <= bit < allocated else None


def separate_plane(overlay: Overlay, dataset: Dataset, index: int, *, swapped: bool = False) -> Mask | None:
    """Return a plane of an overlay with data of its own, None if it has none for the frame.

    Parameters
    ----------
    overlay : Overlay
        The overlay.
    dataset : pydicom.dataset.Dataset
        Holds its Overlay Data.
    index : int
        0-based index of the frame.
    swapped : bool
        Whether the file is big endian, so that the bytes of each 16-bit word are exchanged.

    """
    plane, tag = overlay.plane_at(index), overlay.group << 16 | DATA
    data = raw_value(dataset, tag)
    if plane is None or not isinstance(data, bytes):
        return None
    if swapped and dataset[tag].VR != "OB":
        data = np.frombuffer(data[: len(data) // 2 * 2], "<u2").byteswap().tobytes()
    size = overlay.rows * overlay.columns
    first = plane * size
    content = data[first // 8 : -(-(first + size) // 8)]
    if len(content) * 8 < size + first % 8:
        return None
    bits = np.unpackbits(np.frombuffer(content, np.uint8), bitorder="little")
    return bits[first % 8 : first % 8 + size].reshape(overlay.rows, overlay.columns).astype(np.bool_)


def on_image(plane: Mask, origin: tuple[int, int], rows: int, columns: int) -> Mask:
    """Return a plane in pixels of the image; what lies outside it is cut off.

    Parameters
    ----------
    plane : ndarray of bool
        As stored.
    origin : tuple of (int, int)
        Where its first pixel lies, 1-based row and column.
    rows, columns : int
        Size of the image.

    """
    placed = np.zeros((rows, columns), np.bool_)
    top, left = origin[0] - 1, origin[1] - 1
    row, column = max(top, 0), max(left, 0)
    if row >= rows or column >= columns:
        return placed
    part = plane[row - top : rows - top, column - left : columns - left]
    placed[row : row + part.shape[0], column : column + part.shape[1]] = part
    return placed
