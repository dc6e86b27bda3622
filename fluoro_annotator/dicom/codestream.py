"""Reads size and completeness of a JPEG, JPEG-LS or JPEG 2000 codestream without decoding it.

Decoders of this family may return half a picture for half a file, and allocate whatever a
damaged head claims; both are checked here beforehand.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import takewhile
from typing import Final

END_OF_IMAGE: Final = b"\xff\xd9"
JPEG_START: Final = b"\xff\xd8"
JPEG_2000_START: Final = b"\xff\x4f\xff\x51"
RLE_START: Final = b"\x00\x00\x00\x40\x00\x00\x00"
MOST_RLE_SEGMENTS: Final = 15
JP2_SIGNATURE: Final = b"\x00\x00\x00\x0cjP  "

_FRAME_MARKERS: Final = frozenset({0xC0, 0xC1, 0xC2, 0xC3, 0xC5, 0xC6, 0xC7, 0xC9, 0xCA, 0xCB, 0xF7})
_LOSSLESS_MARKERS: Final = frozenset({0xC3, 0xF7})
_STANDALONE: Final = frozenset({0x01, *range(0xD0, 0xD9)})
_START_OF_SCAN: Final = 0xDA
_JFIF: Final = 0xE0
_ADOBE: Final = 0xEE
_MARKER: Final = 0xFF
LEAST_GAP: Final = 128
"""Zero bytes in a row that are not taken for a gap."""
_ONES: Final = b"\xff" * 16
_SIZE: Final = 0x51
_CODING_STYLE: Final = 0x52
_COMPONENT_STYLE: Final = 0x53
_START_OF_TILE: Final = 0x90
_SIZE_BYTES: Final = 36
_STYLE_BYTES: Final = 10
_LARGEST_PRECINCT: Final = b"\xff"
_PADDING: Final = b"\x00\xff"
_TAIL: Final = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class Codestream:
    """The head of a codestream.

    Attributes
    ----------
    rows, columns, components : int
        Size of the picture.
    bits : int
        Bits of a sample.
    lossless : bool
        Whether a JPEG process without colour transformation was used (JPEG family only).
    color : str
        ``"YBR"`` or ``"RGB"`` where the stream itself says so (JPEG family), else ``""``.

    """

    rows: int
    columns: int
    components: int
    bits: int
    lossless: bool = False
    color: str = ""


def starts_picture(data: bytes) -> bool:
    """Whether data begin as a picture does: with its first marker, or with the table of RLE segments.

    The table says how many segments there are, and that the first begins at byte 64 (PS3.5 G.5).
    """
    if data.startswith((JPEG_START + b"\xff", JPEG_2000_START, JP2_SIGNATURE)):
        return True
    return data[1:8] == RLE_START and 1 <= data[0] <= MOST_RLE_SEGMENTS


def is_complete(data: bytes) -> bool:
    """Whether the codestream ends with its end marker, apart from padding."""
    tail = data[-_TAIL:].rstrip(_PADDING)  # to cut off padding copies all that is left
    return (tail if len(tail) >= len(END_OF_IMAGE) else data.rstrip(_PADDING)).endswith(END_OF_IMAGE)


def read_jpeg(data: bytes) -> Codestream | None:
    """Return the head of a JPEG or JPEG-LS stream, or None if it has none."""
    if not data.startswith(JPEG_START):
        return None
    color = ""
    for marker, body in _segments(data):
        if marker == _JFIF and body.startswith(b"JFIF"):
            color = "YBR"
        elif marker == _ADOBE and body.startswith(b"Adobe") and len(body) >= 12:  # noqa: PLR2004 - length of the segment
            color = "YBR" if body[11] else "RGB"
        elif marker in _FRAME_MARKERS:
            return _frame_head(marker, body, color)
    return None


def _segments(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield marker and content of each segment up to the first scan."""
    position = 2
    while position + 4 <= len(data) and data[position] == _MARKER:
        marker = data[position + 1]
        if marker == _MARKER:
            position += 1
            continue
        if marker in _STANDALONE:
            position += 2
            continue
        if marker == _START_OF_SCAN:
            return
        (length,) = struct.unpack(">H", data[position + 2 : position + 4])
        yield marker, data[position + 4 : position + 2 + length]
        position += 2 + length


def _frame_head(marker: int, body: bytes, color: str) -> Codestream | None:
    if len(body) < 6 or len(body) < 6 + 3 * body[5]:  # noqa: PLR2004 - fixed part and 3 bytes a component
        return None
    bits, rows, columns, components = struct.unpack(">BHHB", body[:6])
    if not color and bytes(body[6 : 6 + 3 * components : 3]) == b"RGB":
        color = "RGB"
    lossless = marker in _LOSSLESS_MARKERS
    return Codestream(
        rows=rows, columns=columns, components=components, bits=bits, lossless=lossless, color=color
    )


def read_jpeg_2000(data: bytes) -> Codestream | None:
    """Return the head of a JPEG 2000 or HTJ2K codestream, or None if it has none."""
    if not data.startswith(JPEG_2000_START) or len(data) < 43:  # noqa: PLR2004 - SIZ with one component
        return None
    width, height, left, top = struct.unpack(">4L", data[8:24])
    (components,) = struct.unpack(">H", data[40:42])
    bits = (data[42] & 0x7F) + 1
    return Codestream(rows=height - top, columns=width - left, components=components, bits=bits)


def has_lost_part(data: bytes) -> bool:
    """Whether a JPEG 2000 or HTJ2K codestream has a gap, as of a sector that was never written.

    Its arithmetic decoder takes zeros for data and gives a picture. Packets without content are
    zero bytes by right, one each: a run of zeros is believed up to as many as there can be, and up to
    `LEAST_GAP` bytes. A run of ones cannot occur (T.800 B.10.1 and D.4.1).
    """
    if data.find(_ONES, len(JPEG_2000_START)) >= 0:
        return True
    longest = max(_most_packets(data), LEAST_GAP)
    return longest < len(data) and data.find(bytes(longest + 1)) >= 0


def _most_packets(data: bytes) -> int:
    """Return a number that the packets of a codestream do not exceed (T.800 A.5.1, A.6.1, B.6)."""
    segments = dict(takewhile(lambda segment: segment[0] != _START_OF_TILE, _segments(data)))
    size, style = segments.get(_SIZE, b""), segments.get(_CODING_STYLE, b"")
    if len(size) < _SIZE_BYTES or len(style) < _STYLE_BYTES or _COMPONENT_STYLE in segments:
        return len(data)
    width, height, _, _, tile_width, tile_height = struct.unpack(">6L", size[2:26])
    if not tile_width or not tile_height:
        return 0
    tiles = -(-width // tile_width) * -(-height // tile_height)
    (components,), (layers,) = struct.unpack(">H", size[34:36]), struct.unpack(">H", style[2:4])
    precincts = _most_precincts(min(width, tile_width), min(height, tile_height), style)
    return int(tiles * components * layers * precincts)


def _most_precincts(width: int, height: int, style: bytes) -> int:
    """Return a number that the precincts of all resolutions of a tile do not exceed."""
    levels = style[5]
    stated = style[_STYLE_BYTES:] if style[0] & 1 else b""
    exponents = stated.ljust(levels + 1, _LARGEST_PRECINCT)
    places = zip(range(levels, -1, -1), exponents, strict=False)
    return sum(
        ((width >> shift >> (each & 15)) + 3) * ((height >> shift >> (each >> 4)) + 3)
        for shift, each in places
    )
