"""Bytes of frames: pieces of a file, or of what it inflates to."""

from __future__ import annotations

import io
import os
from collections.abc import Callable
from typing import Protocol

import numpy as np
import numpy.typing as npt

from fluoro_annotator.dicom.encapsulation import Span
from fluoro_annotator.errors import DamagedFileError

Bytes = npt.NDArray[np.uint8]


class Source(Protocol):
    """Where the bytes of frames come from."""

    def read(self, offset: int, size: int) -> bytes:
        """Return bytes; fewer at the end."""
        ...

    def piece(self, span: Span) -> bytes:
        """Return all bytes of a piece; raises `DamagedFileError` if they are not there."""
        ...

    def fill(self, span: Span) -> Bytes:
        """Return all bytes of a piece as an array that may be written if its flag says so; raises as `piece`."""
        ...


class FileSource:
    """Reads an open file; several threads may each have one of their own.

    Parameters
    ----------
    file : io.FileIO
        Unbuffered.
    damaged : callable
        Makes the error for a problem.

    """

    def __init__(self, file: io.FileIO, damaged: Callable[[str], DamagedFileError]) -> None:
        self._file, self._damaged = file, damaged
        self.read = _reading_with_one_call(file.fileno()) if hasattr(os, "pread") else self._read

    def _read(self, offset: int, size: int) -> bytes:
        self._file.seek(offset)
        parts: list[bytes] = []
        while size > 0 and (part := self._file.read(size)):
            parts.append(part)
            size -= len(part)
        return b"".join(parts)

    def piece(self, span: Span) -> bytes:
        """Return all bytes of a piece."""
        data = self.read(span.offset, span.length)
        if len(data) < span.length:
            raise self._early()
        return data

    def fill(self, span: Span) -> Bytes:
        """Return all bytes of a piece, read right into a new array."""
        data = np.empty(span.length, np.uint8)
        self._file.seek(span.offset)
        left = data.data
        while left and (count := self._file.readinto(left)):
            left = left[count:]
        if left:
            raise self._early()
        return data

    def _early(self) -> DamagedFileError:
        return self._damaged("ends in the middle of a frame")


def _reading_with_one_call(descriptor: int) -> Callable[[int, int], bytes]:
    """Return a `Source.read` that does not move the position in the file."""

    def read(offset: int, size: int) -> bytes:
        data = os.pread(descriptor, size, offset)
        while (
            data and len(data) < size and (more := os.pread(descriptor, size - len(data), offset + len(data)))
        ):
            data += more
        return data

    return read


class InflatedSource:
    """Reads what a deflated data set has been inflated to, which was checked to hold all frames.

    Parameters
    ----------
    content : bytes
        All of it.

    """

    def __init__(self, content: bytes) -> None:
        self._content = content

    def read(self, offset: int, size: int) -> bytes:
        """Return bytes; fewer at the end."""
        return self._content[offset : offset + size]

    def piece(self, span: Span) -> bytes:
        """Return all bytes of a piece."""
        return self.read(span.offset, span.length)

    def fill(self, span: Span) -> Bytes:
        """Return all bytes of a piece as an array that cannot be written."""
        return np.frombuffer(self._content, np.uint8, span.length, span.offset)
