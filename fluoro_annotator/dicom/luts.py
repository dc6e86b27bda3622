"""Look-up tables: for grey levels, and palettes for colour."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
from pydicom.dataset import Dataset

from fluoro_annotator.dicom.values import MALFORMED, numbers, raw_value

MAX_ENTRIES: Final = 65536
BYTE_BITS: Final = 8


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


@dataclass(frozen=True, slots=True)
class Palette:
    """Colours of stored values (PS3.3 C.7.6.3.1.5, C.7.9).

    Attributes
    ----------
    red, green, blue : Lut
        The three tables.

    """

    red: Lut
    green: Lut
    blue: Lut

    def apply(self, values_: npt.NDArray[np.generic]) -> npt.NDArray[np.uint8]:
        """Return the colours of stored values, shape ``(..., 3)``, scaled to 8 bits."""
        return np.stack([_bytes_of(table, values_) for table in (self.red, self.green, self.blue)], axis=-1)


def _bytes_of(table: Lut, values_: npt.NDArray[np.generic]) -> npt.NDArray[np.uint8]:
    entries = np.right_shift(table.entries, max(table.bits - BYTE_BITS, 0)).astype(np.uint8)
    return Lut(table.first, BYTE_BITS, entries.astype("<u2").tobytes()).apply(values_).astype(np.uint8)


def read_lut(item: Dataset, *, signed: bool) -> Lut | None:
    """Read a table for grey levels; None if it holds nothing that can be used.

    Where descriptor and data contradict each other, the data count, as for dcmtk: their number is
    the number of entries, an impossible number of bits becomes that of the largest entry,
    and bits beyond the stated number are cut off.

    Parameters
    ----------
    item : pydicom.dataset.Dataset
        Item of a VOI LUT or Modality LUT Sequence.
    signed : bool
        Whether the input of the table may be negative.

    """
    descriptor = _descriptor(item, "LUTDescriptor", signed=signed)
    if descriptor is None:
        return None
    count, first, bits = descriptor
    return _lut(first, bits, _entries(raw_value(item, "LUTData"), count))


def _lut(first: int, bits: int, entries: npt.NDArray[np.int64] | None) -> Lut | None:
    if entries is None or not len(entries):
        return None
    if not BYTE_BITS <= bits <= 2 * BYTE_BITS:
        bits = max(int(entries.max()).bit_length(), BYTE_BITS)
    return Lut(first, bits, (entries & ((1 << bits) - 1)).astype("<u2").tobytes())


def _descriptor(dataset: Dataset, keyword: str, *, signed: bool) -> tuple[int, int, int] | None:
    """Return number of entries, first input value and bits of an entry."""
    found = [int(value) for value in numbers(dataset, keyword)]
    if len(found) != 3:  # noqa: PLR2004 - entries, first value, bits
        return None
    count, first, bits = found
    if signed and first > np.iinfo(np.int16).max:
        first -= MAX_ENTRIES
    return (count & 0xFFFF) or MAX_ENTRIES, first, bits


def _entries(data: object, count: int) -> npt.NDArray[np.int64] | None:
    if isinstance(data, bytes):
        return _entries_of_bytes(data, count)
    if isinstance(data, int):
        data = [data]
    if not isinstance(data, Iterable):
        return None
    try:
        return np.asarray([int(value) & 0xFFFF for value in data], np.int64)[:MAX_ENTRIES]
    except MALFORMED:
        return None


def _entries_of_bytes(data: bytes, count: int) -> npt.NDArray[np.int64]:
    """Return 8-bit entries if there is just a byte for each entry, otherwise 16-bit entries."""
    if count > 1 and len(data) in (count, count + 1):
        return np.frombuffer(data[:count], np.uint8).astype(np.int64)
    return np.frombuffer(data[: len(data) // 2 * 2], "<u2").astype(np.int64)[:MAX_ENTRIES]


_COLORS: Final = ("Red", "Green", "Blue")


def read_palette(dataset: Dataset) -> Palette | None:
    """Read the palette of a PALETTE COLOR image; None unless all three tables can be used.

    Parameters
    ----------
    dataset : pydicom.dataset.Dataset
        Header of the image.

    """
    tables = [_read_color(dataset, f"{color}PaletteColorLookupTable") for color in _COLORS]
    red, green, blue = tables
    return None if red is None or green is None or blue is None else Palette(red, green, blue)


def _read_color(dataset: Dataset, name: str) -> Lut | None:
    descriptor = _descriptor(dataset, f"{name}Descriptor", signed=False)
    if descriptor is None:
        return None
    count, first, bits = descriptor
    segmented = raw_value(dataset, f"Segmented{name}Data")
    if isinstance(segmented, bytes):
        entries = expand_segments(segmented, count, bits)
        return None if entries is None else _lut(first, bits, np.asarray(entries, np.int64))
    return _lut(first, bits, _entries(raw_value(dataset, f"{name}Data"), count))


DISCRETE: Final = 0
LINEAR: Final = 1
INDIRECT: Final = 2


def expand_segments(data: bytes, count: int, bits: int) -> list[int] | None:
    """Expand a segmented table (PS3.3 C.7.9.2).

    Parameters
    ----------
    data : bytes
        Segments: discrete values, straight lines, or repeated earlier segments.
    count : int
        Entries of the table; more are not made, whatever the segments claim.
    bits : int
        Bits of an entry, which decides how `data` are read.

    Returns
    -------
    list of int or None
        The entries; None if the segments contradict themselves or make fewer entries.

    """
    wide = bits > BYTE_BITS
    words = list(np.frombuffer(data[: len(data) // 2 * 2], "<u2")) if wide else list(data)
    entries: list[int] = []
    try:
        for segment in _segments([int(word) for word in words], wide=wide):
            _expand(segment, entries, count)
            if len(entries) >= count:
                return entries[:count]
    except (IndexError, ValueError):
        return None
    return None


_Segment = tuple[int, list[int]]


def _segments(words: list[int], *, wide: bool) -> Iterator[_Segment]:
    """Yield the segments; an indirect one yields the earlier segments to which it refers."""
    place, head = 0, 4 if wide else 6
    while place + 1 < len(words):
        if words[place] != INDIRECT:
            segment, place = _plain_segment(words, place)
            yield segment
            continue
        earlier = _offset(words[place + 2 : place + head], wide=wide)
        for _ in range(words[place + 1]):
            segment, earlier = _plain_segment(words, earlier)
            yield segment
        place += head


def _plain_segment(words: list[int], place: int) -> tuple[_Segment, int]:
    """Return the segment at a place, and the place after it."""
    kind, length = words[place], words[place + 1]
    end = place + 2 + (length if kind == DISCRETE else 1)
    return (kind, [length, *words[place + 2 : end]]), end


def _offset(words: list[int], *, wide: bool) -> int:
    """Return the index of the word to which a byte offset, least significant part first, points."""
    size = 16 if wide else BYTE_BITS
    value = sum(word << (size * place) for place, word in enumerate(words))
    return value // 2 if wide else value


def _expand(segment: _Segment, entries: list[int], count: int) -> None:
    kind, (length, *content) = segment
    if kind == DISCRETE and len(content) == length:
        entries.extend(content)
    elif kind == LINEAR and entries and content:
        start, steps = entries[-1], min(length, count)
        line = np.linspace(start, content[0], length + 1)[1 : steps + 1]
        entries.extend(int(value) for value in np.rint(line))
    else:
        raise ValueError("a segment of unknown kind, or one that is incomplete")
