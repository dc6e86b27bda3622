"""Random access to single frames on disk."""

from __future__ import annotations

import io
import os
import threading
import zlib
from dataclasses import dataclass
from typing import Any, Final, Protocol

import numpy as np
import numpy.typing as npt
from pydicom.dataset import Dataset
from pydicom.uid import DeflatedExplicitVRLittleEndian, ExplicitVRBigEndian

from fluoro_annotator.dicom.encapsulation import Span, first_spans, frame_spans
from fluoro_annotator.dicom.header import read_header, tags_of, unreadable
from fluoro_annotator.dicom.kinds import quick_header
from fluoro_annotator.dicom.luts import BYTE_BITS
from fluoro_annotator.dicom.models import Image
from fluoro_annotator.dicom.native import decode_native, frame_bits, stored_values
from fluoro_annotator.dicom.overlays import DATA as OVERLAY_DATA
from fluoro_annotator.dicom.overlays import Overlay, OverlayPlane, on_image, separate_plane
from fluoro_annotator.dicom.parsing import Header
from fluoro_annotator.dicom.pixel_checks import check_pixels
from fluoro_annotator.dicom.sources import FileSource, InflatedSource, Source
from fluoro_annotator.dicom.syntaxes import syntax_of
from fluoro_annotator.dicom.values import quiet, text
from fluoro_annotator.errors import DamagedFileError

LARGEST_INFLATED: Final = 1 << 30
"""Bytes of a deflated data set, which has to be kept in memory as a whole."""

_TAGS: Final = tags_of(["SOPInstanceUID"])
_REPLACE: Final = "Export the file again from the C-arm or the archive."


class FrameIndex(Protocol):
    """Where the frames of one file are."""

    def spans(self, index: int, source: Source) -> list[Span]:
        """Return the pieces of the file that hold a frame."""
        ...

    def pixels(self, spans: list[Span], index: int, source: Source) -> npt.NDArray[Any]:
        """Return the pixels of a frame, all their bits, from its pieces; nobody else has the array."""
        ...


@dataclass(frozen=True, slots=True)
class _NativeIndex:
    image: Image
    offset: int
    swap_pairs: bool = False

    def _bits(self, index: int) -> tuple[int, int]:
        size = frame_bits(self.image)
        return index * size, (index + 1) * size

    def _bytes(self, index: int) -> tuple[int, int]:
        first, last = self._bits(index)
        low, high = first // 8, -(-last // 8)
        return (low - low % 2, high + high % 2) if self.swap_pairs else (low, high)

    def spans(self, index: int, source: Source) -> list[Span]:  # noqa: ARG002 - one protocol for both kinds
        low, high = self._bytes(index)
        return [Span(self.offset + low, high - low)]

    def pixels(self, spans: list[Span], index: int, source: Source) -> npt.NDArray[Any]:
        low, _ = self._bytes(index)
        first, last = self._bits(index)
        data = source.fill(spans[0])
        if self.swap_pairs:
            data = data.reshape(-1, 2)[:, ::-1].reshape(-1)[first // 8 - low : last // 8 - low]
        return decode_native(data, self.image, first % 8)


class _EncapsulatedIndex:
    """Where compressed frames are; the first is found without the others."""

    def __init__(self, image: Image, start: int) -> None:
        self._image, self._start = image, start
        self._frames: list[list[Span]] | None = None

    def spans(self, index: int, source: Source) -> list[Span]:
        place = str(self._image.path), source.read, self._start, self._image.frames
        if self._frames is None and index == 0:
            first = first_spans(*place)
            if first is not None:
                return first
        if self._frames is None:
            self._frames = frame_spans(*place)
        return self._frames[index]

    def pixels(self, spans: list[Span], index: int, source: Source) -> npt.NDArray[Any]:  # noqa: ARG002 - one protocol for both kinds
        decoder = syntax_of(self._image).decode
        assert decoder is not None  # noqa: S101 - an encapsulated index is made for such syntaxes only
        return decoder(b"".join(source.piece(span) for span in spans), self._image)


class FrameReader:
    """Reads single frames of an image from disk.

    Frame positions are found once, at the first read. The file is opened for each read and
    closed at once, so that it can be moved or removed at any time; if it has changed since
    the last read, it is looked at again.

    Parameters
    ----------
    image : Image
        From a scan.

    Raises
    ------
    UnsupportedTransferSyntaxError
        If its frames cannot be decoded here.

    Notes
    -----
    Several threads may read at the same time.

    """

    def __init__(self, image: Image) -> None:
        self.image = image
        self._encapsulated = syntax_of(image).encapsulated
        self._lock = threading.Lock()
        self._stamp: tuple[int, int] | None = None
        self._index: FrameIndex | None = None
        self._inflated: bytes | None = None

    def read(self, index: int) -> npt.NDArray[Any]:
        """Return the stored values of one frame.

        Parameters
        ----------
        index : int
            Frame index, 0-based.

        Returns
        -------
        ndarray, shape (rows, columns) or (rows, columns, 3)
            Stored values, masked to Bits Stored and with their sign; colour as RGB.

        Raises
        ------
        IndexError
            If the image has no such frame.
        UnreadableFileError
            If the file has vanished or may not be read.
        DamagedFileError
            If the file ends too early, contradicts itself or holds another image by now.

        """
        return stored_values(self._pixels(index), self.image, encapsulated=self._encapsulated)

    def read_overlays(self, index: int) -> tuple[OverlayPlane, ...]:
        """Return the overlay planes of one frame; those without content are left out.

        Parameters
        ----------
        index : int
            Frame index, 0-based.

        Raises
        ------
        IndexError, UnreadableFileError, DamagedFileError
            As for `read`.

        """
        overlays = [overlay for overlay in self.image.overlays if overlay.plane_at(index) is not None]
        if not overlays:
            return ()
        tags = frozenset(overlay.group << 16 | OVERLAY_DATA for overlay in overlays)
        header = read_header(self.image.path, tags | _TAGS)
        self._check_identity(header)
        with quiet():
            found = [(overlay, self._plane(overlay, header.dataset, index)) for overlay in overlays]
        return tuple(
            OverlayPlane(group=overlay.group, kind=overlay.kind, pixels=plane)
            for overlay, plane in found
            if plane is not None
        )

    def _plane(self, overlay: Overlay, dataset: Dataset, index: int) -> npt.NDArray[np.bool_] | None:
        rows, columns = self.image.rows, self.image.columns
        swapped = self.image.transfer_syntax_uid == ExplicitVRBigEndian
        plane = separate_plane(overlay, dataset, index, swapped=swapped)
        if plane is not None:
            return on_image(plane, overlay.origin, rows, columns)
        if overlay.bit is None or self.image.samples != 1:
            return None
        return np.asarray(np.right_shift(self._pixels(index).astype(np.int64), overlay.bit) & 1, np.bool_)

    def _pixels(self, index: int) -> npt.NDArray[Any]:
        """Return the pixels of a frame with all their bits."""
        if not 0 <= index < self.image.frames:
            raise IndexError(f"frame index {index} of {self.image.frames} frames")
        try:
            with self.image.path.open("rb", buffering=0) as file:
                frames, spans, source = self._prepare(file, index)
                return frames.pixels(spans, index, source)
        except OSError as error:
            raise unreadable(self.image.path, error) from error

    def _prepare(self, file: io.FileIO, index: int) -> tuple[FrameIndex, list[Span], Source]:
        """Return the index of the file as it is now, the pieces of a frame and where to read them from."""
        status = os.fstat(file.fileno())
        stamp = (status.st_size, status.st_mtime_ns)
        whole = FileSource(file, self._damaged)
        with self._lock:
            if self._index is None or stamp != self._stamp:
                header = quick_header(self.image.path, _TAGS)
                self._check_identity(header)
                check_pixels(self.image, header)
                self._inflated = self._inflate(header, whole)
                self._index = self._find_frames(header)
                self._stamp = stamp
            source = whole if self._inflated is None else InflatedSource(self._inflated)
            prepared = self._index, self._index.spans(index, source), source
            if self._inflated is not None and self.image.frames == 1:
                self._index, self._inflated = None, None
            return prepared

    def _damaged(self, problem: str) -> DamagedFileError:
        return DamagedFileError(str(self.image.path), problem, _REPLACE)

    def _check_identity(self, header: Header) -> None:
        with quiet():
            found = text(header.dataset, "SOPInstanceUID")
        if found == self.image.sop_instance_uid:
            return
        raise DamagedFileError(
            str(self.image.path), "holds another image than when it was opened", "Open the folder again."
        )

    def _inflate(self, header: Header, source: Source) -> bytes | None:
        if header.transfer_syntax_uid != DeflatedExplicitVRLittleEndian or header.pixels is None:
            return None
        wanted = header.pixels.offset + -(-frame_bits(self.image) * self.image.frames // 8)
        if wanted > LARGEST_INFLATED:
            raise self._damaged("is deflated and too large to be inflated in memory")
        compressed = source.read(header.data_start, header.file_size - header.data_start)
        try:
            inflated = zlib.decompressobj(-zlib.MAX_WBITS).decompress(compressed, wanted)
        except zlib.error as error:
            raise self._damaged("has compressed content that cannot be inflated") from error
        if len(inflated) < wanted:
            raise self._damaged("ends in the middle of its pixel data")
        return inflated

    def _find_frames(self, header: Header) -> FrameIndex:
        pixels = header.pixels
        assert pixels is not None  # noqa: S101 - the caller has checked the pixel data
        if self._encapsulated:
            return _EncapsulatedIndex(self.image, pixels.offset)
        big = self.image.transfer_syntax_uid == ExplicitVRBigEndian
        return _NativeIndex(
            self.image, pixels.offset, big and pixels.words and self.image.bits_allocated == BYTE_BITS
        )
