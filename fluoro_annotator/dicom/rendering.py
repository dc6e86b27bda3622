"""The part of a header that decides how stored values become grey levels."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from pydicom.dataset import Dataset

from fluoro_annotator.dicom.values import MALFORMED, integer, items, number, numbers, raw_value, text, values

MAX_ENTRIES = 65536
BYTE_BITS = 8


@dataclass(frozen=True, slots=True)
class Window:
    """Centre and width of a VOI window, in values before the window."""

    center: float
    width: float


@dataclass(frozen=True, slots=True)
class Lut:
    """A look-up table (PS3.3 C.11.1.1, C.11.2.1.1).

    Attributes
    ----------
    first : int
        The input value that is mapped to the first entry; smaller values take the first
        entry as well, values beyond the end take the last.
    bits : int
        Bits of an entry; the output ranges from 0 to ``2 ** bits - 1``.
    data : bytes
        Entries as little-endian unsigned 16-bit numbers.

    """

    first: int
    bits: int
    data: bytes

    @property
    def entries(self) -> npt.NDArray[np.uint16]:
        """The output values, shape ``(entries,)``."""
        return np.frombuffer(self.data, "<u2").astype(np.uint16)

    @property
    def maximum(self) -> int:
        """Largest output value that the table may have."""
        return (1 << self.bits) - 1

    def apply(self, values_: npt.NDArray[np.generic]) -> npt.NDArray[np.uint16]:
        """Return the output for every input value, in the shape of the input."""
        entries = self.entries
        index = np.clip(values_.astype(np.int64) - self.first, 0, len(entries) - 1)
        return np.asarray(entries[index], np.uint16)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rendering:
    """What a header says about display.

    Attributes
    ----------
    windows : tuple of Window
        VOI windows with a usable width, the preferred one first.
    window_names : tuple of str
        Their explanations; empty where not stated.
    function : str
        LINEAR, LINEAR_EXACT or SIGMOID.
    voi_luts : tuple of Lut
        VOI look-up tables, the preferred one first.
    presentation_shape : str
        IDENTITY, INVERSE or ``""``.
    padding : tuple of (int, int) or None
        Lowest and highest stored value that is padding and not image.
    rescale : tuple of (float, float) or None
        Slope and intercept of the Modality LUT.
    modality_lut : Lut or None
        Modality LUT given as a table.

    """

    windows: tuple[Window, ...] = ()
    window_names: tuple[str, ...] = ()
    function: str = "LINEAR"
    voi_luts: tuple[Lut, ...] = ()
    presentation_shape: str = ""
    padding: tuple[int, int] | None = None
    rescale: tuple[float, float] | None = None
    modality_lut: Lut | None = None


def read_rendering(dataset: Dataset, *, signed: bool) -> Rendering:
    """Return what a header says about display; malformed parts count as absent.

    Parameters
    ----------
    dataset : pydicom.dataset.Dataset
        Header of the image.
    signed : bool
        Whether stored values are signed, which decides how the first value of a table is read.

    """
    function = text(dataset, "VOILUTFunction").upper() or "LINEAR"
    luts = (_read_lut(item, signed=signed) for item in items(dataset, "VOILUTSequence"))
    modality = [_read_lut(item, signed=signed) for item in items(dataset, "ModalityLUTSequence")[:1]]
    return Rendering(
        windows=_read_windows(dataset, function),
        window_names=tuple(str(name) for name in values(dataset, "WindowCenterWidthExplanation")),
        function=function if function in _LEAST_WIDTH else "LINEAR",
        voi_luts=tuple(lut for lut in luts if lut is not None),
        presentation_shape=text(dataset, "PresentationLUTShape").upper(),
        padding=_read_padding(dataset, signed=signed),
        rescale=_read_rescale(dataset),
        modality_lut=modality[0] if modality else None,
    )


_LEAST_WIDTH = {"LINEAR": 1.0, "LINEAR_EXACT": 0.0, "SIGMOID": 0.0}
"""Smallest width of each function (PS3.3 C.11.2.1.2, C.11.2.1.3); 0 itself is excluded."""


def _read_windows(dataset: Dataset, function: str) -> tuple[Window, ...]:
    centers, widths = numbers(dataset, "WindowCenter"), numbers(dataset, "WindowWidth")
    least = _LEAST_WIDTH.get(function, 1.0)
    pairs = zip(centers, widths, strict=False)
    return tuple(Window(center, width) for center, width in pairs if width >= least and width > 0)


def _read_rescale(dataset: Dataset) -> tuple[float, float] | None:
    slope, intercept = number(dataset, "RescaleSlope"), number(dataset, "RescaleIntercept")
    if slope is None or intercept is None or slope == 0:
        return None
    return None if (slope, intercept) == (1.0, 0.0) else (slope, intercept)


def _read_padding(dataset: Dataset, *, signed: bool) -> tuple[int, int] | None:
    first = integer(dataset, "PixelPaddingValue")
    if first is None:
        return None
    last = integer(dataset, "PixelPaddingRangeLimit")
    low, high = sorted((first, first if last is None else last))
    if signed and low > np.iinfo(np.int16).max:
        low, high = low - MAX_ENTRIES, high - MAX_ENTRIES
    return low, high


def _read_lut(item: Dataset, *, signed: bool) -> Lut | None:
    descriptor = [int(value) for value in numbers(item, "LUTDescriptor")]
    if len(descriptor) != 3:  # noqa: PLR2004 - entries, first value, bits
        return None
    count, first, bits = descriptor
    count = (count & 0xFFFF) or MAX_ENTRIES
    if signed and first > np.iinfo(np.int16).max:
        first -= MAX_ENTRIES
    entries = _lut_entries(raw_value(item, "LUTData"), count)
    if entries is None or not BYTE_BITS <= bits <= 2 * BYTE_BITS:
        return None
    return Lut(first, bits, np.minimum(entries, (1 << bits) - 1).astype("<u2").tobytes())


def _lut_entries(data: object, count: int) -> npt.NDArray[np.int64] | None:
    """Return `count` entries; surplus data are dropped, missing data make the table useless."""
    if isinstance(data, bytes):
        entries = _entries_of_bytes(data, count)
    elif isinstance(data, Iterable):
        try:
            entries = np.asarray([int(value) & 0xFFFF for value in data], np.int64)
        except MALFORMED:
            return None
    else:
        return None
    return entries[:count] if len(entries) >= count else None


def _entries_of_bytes(data: bytes, count: int) -> npt.NDArray[np.int64]:
    """Return 8-bit entries if there is just a byte for each entry, otherwise 16-bit entries."""
    if count > 1 and len(data) in (count, count + 1):
        return np.frombuffer(data, np.uint8).astype(np.int64)
    return np.frombuffer(data[: len(data) // 2 * 2], "<u2").astype(np.int64)
