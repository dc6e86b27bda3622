"""Whether pixel data can hold what a header declares, judged without reading them."""

from __future__ import annotations

from typing import Final

from pydicom.uid import DeflatedExplicitVRLittleEndian

from fluoro_annotator.dicom.models import Image
from fluoro_annotator.dicom.native import frame_bits
from fluoro_annotator.dicom.parsing import PIXEL_DATA, Header
from fluoro_annotator.dicom.syntaxes import syntax_of
from fluoro_annotator.errors import DamagedFileError

LARGEST_FRAME: Final = 1 << 28
"""Bytes of a decoded frame that are still believed; the largest detectors need a third of it."""

_REPLACE: Final = "Export the file again from the C-arm or the archive."


def check_pixels(image: Image, header: Header) -> None:
    """Check that the pixel data can hold what the header declares, without reading them.

    Raises
    ------
    DamagedFileError
        If there are no pixel data, if they are shorter than declared, or if a frame is larger
        than any detector makes.

    """
    problem = _pixel_problem(image, header)
    if problem:
        raise DamagedFileError(str(image.path), problem, _REPLACE)


def _pixel_problem(image: Image, header: Header) -> str:
    pixels, encapsulated = header.pixels, syntax_of(image).encapsulated
    if pixels is None:
        return "has no pixel data"
    if pixels.tag != PIXEL_DATA:
        return "holds floating point numbers instead of grey levels"
    if (pixels.length is None) != encapsulated:
        return "has pixel data that are not stored as its transfer syntax requires"
    frame = image.frame_pixels * max(image.bits_allocated, 8) // 8
    if frame > LARGEST_FRAME:
        return f"claims frames of {image.rows} x {image.columns} pixels, larger than any detector makes"
    if encapsulated:
        least = 2 * image.frames
        return f"declares {image.frames} frames but is too short for them" if least > header.file_size else ""
    return _length_problem(image, header)


def _length_problem(image: Image, header: Header) -> str:
    assert header.pixels is not None  # noqa: S101 - the caller has checked
    assert header.pixels.length is not None  # noqa: S101 - native pixel data have a length
    declared = -(-frame_bits(image) * image.frames // 8)
    deflated = header.transfer_syntax_uid == DeflatedExplicitVRLittleEndian
    present = (
        header.pixels.length
        if deflated
        else min(header.pixels.length, header.file_size - header.pixels.offset)
    )
    if present < declared:
        return f"declares {image.frames} frames of {image.rows} x {image.columns} but ends after {present} of {declared} bytes of pixels"
    whole = header.pixels.length * 8 // frame_bits(image)
    if whole > image.frames:
        return f"declares {image.frames} frames but holds {whole}"
    return ""
