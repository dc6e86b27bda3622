"""Parses the head of a DICOM file from memory, with the help of pydicom's element generator."""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from pydicom.charset import convert_encodings
from pydicom.dataelem import DataElement, RawDataElement
from pydicom.dataset import Dataset
from pydicom.filereader import data_element_generator
from pydicom.tag import BaseTag
from pydicom.uid import (
    DeflatedExplicitVRLittleEndian,
    ExplicitVRBigEndian,
    ExplicitVRLittleEndian,
    ImplicitVRLittleEndian,
)
from pydicom.values import converters

from fluoro_annotator.dicom.values import MALFORMED, text
from fluoro_annotator.errors import DamagedFileError, NotDicomError

PIXEL_TAGS: Final = frozenset({0x7FE00008, 0x7FE00009, 0x7FE00010})
PIXEL_DATA: Final = 0x7FE00010
UNDEFINED_LENGTH: Final = 0xFFFFFFFF
_PREAMBLE: Final = 128
_KNOWN_VR: Final = frozenset(str(vr).encode() for vr in converters if len(str(vr)) == 2)  # noqa: PLR2004 - length of a VR


@dataclass(frozen=True, slots=True, kw_only=True)
class PixelElement:
    """The place of the pixel data in a file.

    Attributes
    ----------
    offset : int
        Position in bytes of the first byte of the value; in the inflated stream for the
        deflated transfer syntax.
    length : int or None
        Length in bytes; None for an undefined length (encapsulated pixel data).
    tag : int
        Which of the pixel data elements it is.
    words : bool
        Whether it is a sequence of 16-bit words, which big endian swaps.

    """

    offset: int
    length: int | None
    tag: int
    words: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Header:
    """What the header of one file says.

    Attributes
    ----------
    dataset : pydicom.dataset.Dataset
        The wanted attributes, converted when they are asked for.
    transfer_syntax_uid : str
        Transfer syntax of the file; guessed if the file has no file meta information.
    media_class_uid : str
        SOP class as the file meta information states it, ``""`` without one.
    pixels : PixelElement or None
        The pixel data, None if the file has none.
    file_size : int
        Size of the file in bytes.
    data_start : int
        Position in the file of the first byte after the file meta information.

    """

    dataset: Dataset
    transfer_syntax_uid: str
    media_class_uid: str
    pixels: PixelElement | None
    file_size: int
    data_start: int


def damaged_header(path: Path) -> DamagedFileError:
    """Return the error for a header that cannot be read."""
    return DamagedFileError(
        str(path), "has a header that ends too early or cannot be read", "Export the file again."
    )


def parse(path: Path, data: bytes, size: int, tags: frozenset[int], limit: int) -> Header:
    """Parse the beginning of a file.

    Parameters
    ----------
    path : pathlib.Path
        The file, for errors.
    data : bytes
        Its first bytes.
    size : int
        Its size.
    tags : frozenset of int
        Tags of the wanted attributes.
    limit : int
        Bytes that a deflated data set may inflate to.

    Raises
    ------
    NotDicomError
        If it is not DICOM.
    DamagedFileError
        If it cannot be parsed, or `data` end in the middle of a sequence.

    """
    start = _data_set_start(path, data)
    meta, position = _file_meta(path, data, start)
    syntax = text(meta, "TransferSyntaxUID")
    body, shift = data[position:], position
    if syntax == DeflatedExplicitVRLittleEndian:
        body, shift = _inflate_start(path, body, limit), 0
    implicit, little = _encoding(body, syntax)
    if not syntax:
        syntax = _guessed_syntax(implicit, little)
    elements, pixels = _elements(path, body, implicit, little, tags)
    if pixels is not None:
        pixels = replace(pixels, offset=pixels.offset + shift)
    dataset = dataset_of(elements, implicit, little)
    return Header(
        dataset=dataset,
        transfer_syntax_uid=syntax,
        media_class_uid=text(meta, "MediaStorageSOPClassUID"),
        pixels=pixels,
        file_size=size,
        data_start=position,
    )


def _data_set_start(path: Path, data: bytes) -> int:
    if data[_PREAMBLE : _PREAMBLE + 4] == b"DICM":
        return _PREAMBLE + 4
    if _plausible_start(data):
        return 0
    raise NotDicomError(
        str(path),
        "is not a DICOM file",
        "It was left out; nothing needs to be done if it is a note or report.",
    )


def begins_like_dicom(data: bytes) -> bool:
    """Whether data are the beginning of a DICOM file, with or without preamble."""
    return data[_PREAMBLE : _PREAMBLE + 4] == b"DICM" or _plausible_start(data)


def _plausible_start(data: bytes) -> bool:
    """Whether data without preamble begin with an element of group 2 or 8."""
    if len(data) < 8:  # noqa: PLR2004 - the length of one element header
        return False
    group, element, vr = struct.unpack("<HH2s", data[:6])
    if (group, element) in ((0x0200, 0x0000), (0x0800, 0x0500), (0x0800, 0x0800), (0x0800, 0x1600)):
        return vr in _KNOWN_VR  # big endian
    if group not in (0x0002, 0x0008) or element > 0x0070:  # noqa: PLR2004 - last element that opens such a file
        return False
    (length,) = struct.unpack("<L", data[4:8])
    return vr in _KNOWN_VR or length < 1024  # noqa: PLR2004 - text values at the head of a file are short


def _file_meta(path: Path, data: bytes, start: int) -> tuple[Dataset, int]:
    """Return the file meta information (empty if there is none) and where the data set begins."""
    stream = io.BytesIO(data)
    stream.seek(start)
    if data[start : start + 2] != b"\x02\x00":
        return Dataset(), start
    implicit = data[start + 4 : start + 6] not in _KNOWN_VR
    try:
        elements = list(
            data_element_generator(stream, implicit, is_little_endian=True, stop_when=_after_meta)
        )
        meta = Dataset({element.tag: element for element in elements})
        meta.set_original_encoding(implicit, is_little_endian=True, character_encoding="iso8859")
    except MALFORMED as error:
        raise damaged_header(path) from error
    return meta, stream.tell()


def _after_meta(tag: BaseTag, vr: str | None, length: int) -> bool:  # noqa: ARG001 - the signature that pydicom calls
    return tag >> 16 != 2  # noqa: PLR2004 - group of the file meta information


def _inflate_start(path: Path, body: bytes, limit: int) -> bytes:
    try:
        return zlib.decompressobj(-zlib.MAX_WBITS).decompress(body, limit)
    except zlib.error as error:
        raise DamagedFileError(
            str(path), "has compressed content that cannot be inflated", "Export the file again."
        ) from error


def _encoding(body: bytes, syntax: str) -> tuple[bool, bool]:
    """Return whether the data set is implicit and little endian, corrected by what it looks like."""
    explicit = body[4:6] in _KNOWN_VR
    if syntax == ExplicitVRBigEndian:
        return False, False
    if not syntax and explicit and len(body) >= 2 and struct.unpack("<H", body[:2])[0] >= 0x0400:  # noqa: PLR2004 - small group, swapped
        return False, False
    return not explicit, True


def _guessed_syntax(implicit: bool, little: bool) -> str:
    if implicit:
        return ImplicitVRLittleEndian
    return ExplicitVRLittleEndian if little else ExplicitVRBigEndian


def _elements(
    path: Path, body: bytes, implicit: bool, little: bool, tags: frozenset[int]
) -> tuple[list[RawDataElement | DataElement], PixelElement | None]:
    found: list[PixelElement] = []
    stream = io.BytesIO(body)
    stop = _stop_at_pixels(stream, found)
    try:
        generator = data_element_generator(
            stream, implicit, little, stop_when=stop, specific_tags=[BaseTag(tag) for tag in tags]
        )
        return list(generator), found[0] if found else None
    except MALFORMED as error:
        raise damaged_header(path) from error


def _stop_at_pixels(
    stream: io.BytesIO, found: list[PixelElement]
) -> Callable[[BaseTag, str | None, int], bool]:
    """Return a stop condition for pydicom that notes where the value of the pixel data begins."""

    def stop(tag: BaseTag, vr: str | None, length: int) -> bool:
        if tag not in PIXEL_TAGS:
            return False
        known = None if length == UNDEFINED_LENGTH else length
        found.append(PixelElement(offset=stream.tell(), length=known, tag=int(tag), words=vr != "OB"))
        return True

    return stop


def dataset_of(elements: Sequence[RawDataElement | DataElement], implicit: bool, little: bool) -> Dataset:
    """Return the data set that raw elements make up, with its character set."""
    dataset = Dataset({element.tag: element for element in elements})
    dataset.set_original_encoding(implicit, little, "iso8859")
    try:
        characters = dataset.get("SpecificCharacterSet")
        dataset.set_original_encoding(implicit, little, convert_encodings(characters or ""))
    except MALFORMED:
        dataset.set_original_encoding(implicit, little, "iso8859")
    return dataset
