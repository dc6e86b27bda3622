"""Reads the header of one file: its wanted attributes and where its pixel data begin.

The file is read in one small piece; only when the header does not fit is a larger piece
taken, up to a limit. Pixel data are not read, and an element that claims an absurd length
cannot make the process allocate it, because it is parsed from memory that exists already.
"""

from __future__ import annotations

import io
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from pydicom.datadict import tag_for_keyword
from pydicom.uid import DeflatedExplicitVRLittleEndian

from fluoro_annotator.dicom.parsing import Header, damaged_header, parse
from fluoro_annotator.dicom.values import quiet
from fluoro_annotator.errors import DamagedFileError, UnreadableFileError

PIECES: Final = (1 << 15, 1 << 19, 1 << 23, 1 << 26)
"""Sizes in bytes of the pieces of a file that are tried one after the other."""


def tags_of(keywords: Iterable[str]) -> frozenset[int]:
    """Return the tags of attributes named by keyword.

    Raises
    ------
    ValueError
        If a keyword is not in the data dictionary.

    """
    tags: set[int] = set()
    for keyword in keywords:
        tag = tag_for_keyword(keyword)
        if tag is None:
            raise ValueError(f"{keyword} is not a DICOM keyword")
        tags.add(tag)
    return frozenset(tags)


def unreadable(path: Path, error: OSError) -> UnreadableFileError:
    """Return the error that tells a person why a file cannot be read."""
    if isinstance(error, FileNotFoundError):
        return UnreadableFileError(
            str(path), "does not exist", "Check the path, or whether its drive is connected."
        )
    if isinstance(error, PermissionError):
        return UnreadableFileError(
            str(path), "may not be read by this user", "Ask for read permission, or copy the file."
        )
    if isinstance(error, IsADirectoryError):
        return UnreadableFileError(str(path), "is a folder, not a file", "Open the folder as a whole.")
    reason = error.strerror or type(error).__name__
    return UnreadableFileError(
        str(path), f"cannot be read ({reason})", "Check the drive or network connection."
    )


def read_header(path: Path, tags: frozenset[int]) -> Header:
    """Read the wanted attributes of a DICOM file, with or without preamble.

    Parameters
    ----------
    path : pathlib.Path
        The file.
    tags : frozenset of int
        Tags of the wanted attributes of the main data set.

    Raises
    ------
    UnreadableFileError
        If the file is missing, empty or may not be read.
    NotDicomError
        If it is not DICOM.
    DamagedFileError
        If the header ends too early or cannot be parsed.

    """
    try:
        size = path.stat().st_size
        with path.open("rb", buffering=0) as file:
            return _read_growing(path, file, size, tags)
    except OSError as error:
        raise unreadable(path, error) from error


def _read_growing(path: Path, file: io.FileIO, size: int, tags: frozenset[int]) -> Header:
    if size == 0:
        raise UnreadableFileError(str(path), "is empty", "Export it again from the C-arm or the archive.")
    failure = damaged_header(path)
    header: Header | None = None
    for piece in PIECES:
        file.seek(0)
        data = _read_fully(file, min(piece, size))
        try:
            with quiet():
                header = parse(path, data, size, tags, piece)
        except DamagedFileError as error:
            failure, header = error, None
            continue
        if header.pixels is not None or (len(data) >= size and not _deflated(header)):
            return header
    if header is None:
        raise failure
    return header


def _deflated(header: Header) -> bool:
    return header.transfer_syntax_uid == DeflatedExplicitVRLittleEndian


def _read_fully(file: io.FileIO, size: int) -> bytes:
    parts: list[bytes] = []
    while size > 0 and (part := file.read(size)):
        parts.append(part)
        size -= len(part)
    return b"".join(parts)
