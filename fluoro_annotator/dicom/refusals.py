"""Names of transfer syntaxes that cannot be decoded here, and what helps."""

from __future__ import annotations

from typing import Final

from pydicom._uid_dict import UID_dictionary
from pydicom.uid import UID

_NEWER: Final = {
    "1.2.840.10008.1.2.4.110": "JPEG XL Lossless",
    "1.2.840.10008.1.2.4.111": "JPEG XL JPEG Recompression",
    "1.2.840.10008.1.2.4.112": "JPEG XL",
    "1.2.840.10008.1.2.8.1": "Deflated Image Frame Compression",
}
"""Syntaxes that the data dictionary of pydicom 3.0 does not hold (PS3.6 annex A)."""

_ASK: Final = "Ask the archive for an uncompressed or losslessly compressed copy."
_VIDEO: Final = (
    "It is a video: ask the archive for single images, or turn its frames into images"
    " with the Python package av or with ffmpeg; what was lost in compression stays lost."
)
_ELSEWHERE: Final = "Its pixels are kept on a server: ask the archive for a copy that holds them."
_JPEG_XL: Final = f"{_ASK} The Python package imagecodecs decodes JPEG XL outside this program."
_RARE_JPEG: Final = f"{_ASK} dcmdjpeg of the package dcmtk converts some of these."

REMEDIES: Final = (
    ("1.2.840.10008.1.2.4.10", _VIDEO),
    ("1.2.840.10008.1.2.7.", _VIDEO),
    ("1.2.840.10008.1.2.4.11", _JPEG_XL),
    ("1.2.840.10008.1.2.4.94", _ELSEWHERE),
    ("1.2.840.10008.1.2.4.95", _ELSEWHERE),
    ("1.2.840.10008.1.2.4.204", _ELSEWHERE),
    ("1.2.840.10008.1.2.4.205", _ELSEWHERE),
    ("1.2.840.10008.1.2.4.5", _RARE_JPEG),
    ("1.2.840.10008.1.2.4.6", _RARE_JPEG),
)
"""Beginnings of UIDs and what a person can do, the first that fits."""


def syntax_name(uid: str) -> str:
    """Return the name of a transfer syntax, the UID itself if it is not known.

    Examples
    --------
    >>> syntax_name("1.2.840.10008.1.2.4.102")
    'MPEG-4 AVC/H.264 High Profile / Level 4.1'
    >>> syntax_name("1.2.3")
    '1.2.3'

    """
    if uid in _NEWER:
        return _NEWER[uid]
    if uid in UID_dictionary:
        return UID(uid).name.removesuffix(" Transfer Syntax")
    return uid or "an unstated transfer syntax"


def remedy_for(uid: str) -> str:
    """Return what a person can do about a transfer syntax that cannot be decoded here."""
    return next((remedy for start, remedy in REMEDIES if uid.startswith(start)), _ASK)
