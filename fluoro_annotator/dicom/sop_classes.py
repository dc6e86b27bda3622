"""Which DICOM objects are opened, and what the others are called."""

from __future__ import annotations

from typing import Final

from pydicom._uid_dict import UID_dictionary
from pydicom.uid import UID

ACCEPTED: Final = {
    "1.2.840.10008.5.1.4.1.1.12.1": "X-Ray Angiographic Image",
    "1.2.840.10008.5.1.4.1.1.12.1.1": "Enhanced XA Image",
    "1.2.840.10008.5.1.4.1.1.12.2": "X-Ray Radiofluoroscopic Image",
    "1.2.840.10008.5.1.4.1.1.12.2.1": "Enhanced XRF Image",
    "1.2.840.10008.5.1.4.1.1.12.3": "X-Ray Angiographic Bi-Plane Image (retired)",
    "1.2.840.10008.5.1.4.1.1.1": "Computed Radiography Image",
    "1.2.840.10008.5.1.4.1.1.1.1": "Digital X-Ray Image, for presentation",
    "1.2.840.10008.5.1.4.1.1.1.1.1": "Digital X-Ray Image, for processing",
    "1.2.840.10008.5.1.4.1.1.7": "Secondary Capture Image",
    "1.2.840.10008.5.1.4.1.1.7.1": "Multi-frame Single Bit Secondary Capture Image",
    "1.2.840.10008.5.1.4.1.1.7.2": "Multi-frame Grayscale Byte Secondary Capture Image",
    "1.2.840.10008.5.1.4.1.1.7.3": "Multi-frame Grayscale Word Secondary Capture Image",
    "1.2.840.10008.5.1.4.1.1.7.4": "Multi-frame True Color Secondary Capture Image",
}
"""Storage SOP classes that a C-arm, a PACS or an archive uses for fluoroscopy (PS3.4 B.5)."""

MEDIA_DIRECTORY: Final = "1.2.840.10008.1.3.10"
_SUFFIXES: Final = (" - For Presentation", " - For Processing", " Storage")


_VOWELS: Final = "AEIOU"
_SPOKEN_WITH_VOWEL: Final = "AEFHILMNORSX"


def class_name(uid: str) -> str:
    """Return a readable name of a SOP class with its article.

    Examples
    --------
    >>> class_name("1.2.840.10008.5.1.4.1.1.2")
    'a CT Image'
    >>> class_name("1.2.840.10008.5.1.4.1.1.4")
    'an MR Image'

    """
    if uid not in UID_dictionary:
        return f"an object of the unknown class {uid}" if uid else "a file that does not say what it holds"
    name = UID(uid).name
    for suffix in _SUFFIXES:
        name = name.removesuffix(suffix)
    first = name.split(" ", maxsplit=1)[0]
    vowels = _SPOKEN_WITH_VOWEL if first.isupper() else _VOWELS
    return f"{'an' if name[:1] in vowels else 'a'} {name}"
