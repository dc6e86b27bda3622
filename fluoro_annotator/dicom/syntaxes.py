"""Transfer syntaxes that can be read, each with exactly one decoder.

One decoder only, so that a damaged stream is an error: where a second decoder steps in for
one that refused, it may deliver half a picture without a word.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

import imagecodecs
import numpy as np
import numpy.typing as npt

from fluoro_annotator.dicom.codestream import (
    JP2_SIGNATURE,
    JPEG_2000_START,
    Codestream,
    has_lost_part,
    is_complete,
    read_jpeg,
    read_jpeg_2000,
)
from fluoro_annotator.dicom.luts import BYTE_BITS
from fluoro_annotator.dicom.models import Image
from fluoro_annotator.dicom.refusals import remedy_for, syntax_name
from fluoro_annotator.dicom.run_length import decode_run_length
from fluoro_annotator.errors import DamagedFileError, UnsupportedTransferSyntaxError

Pixels = npt.NDArray[Any]
Decoder = Callable[[bytes, Image], Pixels]

THREADS: Final = 2
"""Threads that decode one JPEG 2000 frame: it takes about half the time, and refuses the same damage."""

_REPLACE: Final = "Export the file again from the C-arm or the archive."


@dataclass(frozen=True, slots=True)
class Syntax:
    """A transfer syntax.

    Attributes
    ----------
    name : str
        Short name.
    decode : callable or None
        Decodes one frame; None for native pixel data.

    """

    name: str
    decode: Decoder | None = None

    @property
    def encapsulated(self) -> bool:
        """Whether frames are stored as compressed items."""
        return self.decode is not None


def damaged_frame(image: Image, reason: str) -> DamagedFileError:
    """Return the error for a frame that cannot be decoded."""
    return DamagedFileError(str(image.path), f"holds a frame that {reason}", _REPLACE)


def _check_head(image: Image, data: bytes, head: Codestream | None) -> Codestream:
    if head is None:
        raise damaged_frame(image, "does not begin as its transfer syntax requires")
    if not is_complete(data):
        raise damaged_frame(image, "ends before its end marker")
    found = (head.rows, head.columns, head.components)
    if found != (image.rows, image.columns, image.samples):
        declared = f"{image.rows} x {image.columns} x {image.samples}"
        raise damaged_frame(
            image, f"is {found[0]} x {found[1]} x {found[2]} where the header says {declared}"
        )
    return head


def _decoded(image: Image, decoder: Callable[..., Any], data: bytes, **options: Any) -> Pixels:
    try:
        pixels = np.asarray(decoder(data, **options))
    except (RuntimeError, ValueError, OverflowError) as error:
        raise damaged_frame(image, "cannot be decoded") from error
    if pixels.shape != image.frame_shape:
        raise damaged_frame(image, "decodes to another size than the header says")
    return pixels


def _decode_jpeg(data: bytes, image: Image) -> Pixels:
    head = _check_head(image, data, read_jpeg(data))
    if head.components == 1:
        return _decoded(image, imagecodecs.jpeg8_decode, data)
    if head.lossless:
        pixels = _decoded(image, imagecodecs.jpeg8_decode, data, colorspace="RGB", outcolorspace="RGB")
        return ybr_to_rgb(pixels) if image.photometric.startswith("YBR") else pixels
    luminance = head.color == "YBR" or (not head.color and image.photometric.startswith("YBR"))
    stored = "YCBCR" if luminance else "RGB"
    return _decoded(image, imagecodecs.jpeg8_decode, data, colorspace=stored, outcolorspace="RGB")


def _decode_jpeg_ls(data: bytes, image: Image) -> Pixels:
    _check_head(image, data, read_jpeg(data))
    return _converted(_decoded(image, imagecodecs.jpegls_decode, data), image)


def _decode_jpeg_2000(data: bytes, image: Image) -> Pixels:
    """Decode JPEG 2000 and HTJ2K with OpenJPEG, which survives damaged streams of both kinds.

    OpenJPH is twice as fast for HTJ2K, but one wrong bit in a head can end the program or keep it
    busy for ever, and its binding loses the error of a damaged block.
    """
    stream = _codestream_of_jp2(data)
    _check_head(image, stream, read_jpeg_2000(stream))
    if has_lost_part(stream):
        raise damaged_frame(image, "has a gap")
    return _converted(_decoded(image, imagecodecs.jpeg2k_decode, stream, numthreads=THREADS), image)


def _codestream_of_jp2(data: bytes) -> bytes:
    """Return the codestream of a JP2 file, which some encoders wrongly put into DICOM."""
    if not data.startswith(JP2_SIGNATURE):
        return data
    return data[max(data.find(JPEG_2000_START), 0) :]


def _decode_rle(data: bytes, image: Image) -> Pixels:
    size = image.bits_allocated // BYTE_BITS
    try:
        planes = decode_run_length(data, image.rows * image.columns, image.samples, size)
    except ValueError as error:
        raise damaged_frame(image, f"cannot be decoded: {error}") from error
    if image.samples == 1:
        return planes.reshape(image.frame_shape)
    return _converted(np.ascontiguousarray(planes.T).reshape(image.frame_shape), image)


def _converted(pixels: Pixels, image: Image) -> Pixels:
    return ybr_to_rgb(pixels) if image.photometric.startswith("YBR_FULL") else pixels


_YBR_TO_RGB: Final = np.array([[1.0, 0.0, 1.402], [1.0, -0.344136, -0.714136], [1.0, 1.772, 0.0]], np.float32)
"""Inverse of PS3.3 C.7.6.3.1.2, YBR_FULL."""


def ybr_to_rgb(pixels: Pixels) -> npt.NDArray[np.uint8]:
    """Convert YBR_FULL to RGB.

    Parameters
    ----------
    pixels : ndarray of uint8, shape (rows, columns, 3)
        Luminance and two colour differences.

    """
    shifted = pixels.astype(np.float32) - np.array([0, 128, 128], np.float32)
    return np.asarray(np.clip(np.rint(shifted @ _YBR_TO_RGB.T), 0, 255), np.uint8)


SYNTAXES: Final = {
    "1.2.840.10008.1.2": Syntax("Implicit VR Little Endian"),
    "1.2.840.10008.1.2.1": Syntax("Explicit VR Little Endian"),
    "1.2.840.10008.1.2.1.99": Syntax("Deflated Explicit VR Little Endian"),
    "1.2.840.10008.1.2.2": Syntax("Explicit VR Big Endian"),
    "1.2.840.10008.1.2.5": Syntax("RLE Lossless", _decode_rle),
    "1.2.840.10008.1.2.4.50": Syntax("JPEG Baseline", _decode_jpeg),
    "1.2.840.10008.1.2.4.51": Syntax("JPEG Extended", _decode_jpeg),
    "1.2.840.10008.1.2.4.57": Syntax("JPEG Lossless", _decode_jpeg),
    "1.2.840.10008.1.2.4.70": Syntax("JPEG Lossless, selection value 1", _decode_jpeg),
    "1.2.840.10008.1.2.4.80": Syntax("JPEG-LS Lossless", _decode_jpeg_ls),
    "1.2.840.10008.1.2.4.81": Syntax("JPEG-LS Near-lossless", _decode_jpeg_ls),
    "1.2.840.10008.1.2.4.90": Syntax("JPEG 2000 Lossless", _decode_jpeg_2000),
    "1.2.840.10008.1.2.4.91": Syntax("JPEG 2000", _decode_jpeg_2000),
    "1.2.840.10008.1.2.4.201": Syntax("HTJ2K Lossless", _decode_jpeg_2000),
    "1.2.840.10008.1.2.4.202": Syntax("HTJ2K Lossless RPCL", _decode_jpeg_2000),
    "1.2.840.10008.1.2.4.203": Syntax("HTJ2K", _decode_jpeg_2000),
}
"""All transfer syntaxes that can be read, by UID (PS3.5 section 10 and annex A)."""


def syntax_of(image: Image) -> Syntax:
    """Return the transfer syntax of an image.

    Raises
    ------
    UnsupportedTransferSyntaxError
        If its frames cannot be decoded here.

    """
    found = SYNTAXES.get(image.transfer_syntax_uid)
    if found is None:
        raise UnsupportedTransferSyntaxError(
            str(image.path),
            f"is encoded as {syntax_name(image.transfer_syntax_uid)}, which cannot be decoded here",
            remedy_for(image.transfer_syntax_uid),
        )
    return found
