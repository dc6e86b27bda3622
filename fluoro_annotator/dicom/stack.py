"""The frames of one view as one lazy array."""

from __future__ import annotations

import threading
from bisect import bisect_right
from collections import OrderedDict
from collections.abc import Sequence
from functools import cached_property
from itertools import accumulate
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from fluoro_annotator.dicom.display import Display
from fluoro_annotator.dicom.models import Image
from fluoro_annotator.dicom.options import AS_PRESCRIBED, DisplayOptions
from fluoro_annotator.dicom.prefetch import AHEAD, WORKERS
from fluoro_annotator.dicom.shown import ShownImage

CACHE_BYTES: Final = 32 << 20
"""Decoded frames that a stack keeps: a small share of any cine worth the name."""
LEAST_FRAMES: Final = AHEAD + WORKERS
"""Frames that a stack keeps however large they are, so that none read in advance is lost unseen."""


class FrameCache:
    """Keeps the frames used last, up to a number of bytes; at least one.

    Parameters
    ----------
    limit : int
        Bytes.

    """

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._frames: OrderedDict[int, npt.NDArray[Any]] = OrderedDict()
        self._bytes = 0
        self._lock = threading.Lock()

    def get(self, index: int) -> npt.NDArray[Any] | None:
        """Return a kept frame, or None."""
        with self._lock:
            frame = self._frames.get(index)
            if frame is not None:
                self._frames.move_to_end(index)
            return frame

    def put(self, index: int, frame: npt.NDArray[Any]) -> None:
        """Keep a frame, and let go of the frames not used for longest."""
        with self._lock:
            if index in self._frames:
                return
            self._frames[index] = frame
            self._bytes += frame.nbytes
            while self._bytes > self._limit and len(self._frames) > 1:
                self._bytes -= self._frames.popitem(last=False)[1].nbytes

    @property
    def nbytes(self) -> int:
        """Bytes kept at the moment."""
        return self._bytes


class FrameStack:
    """Frames of one or several images as an array that reads them when they are asked for.

    Axis 0 is the frame index, then row, column and, for colour, sample. The values are
    display-ready: shown with `display`, they look as DICOM prescribes.

    Parameters
    ----------
    images : sequence of Image
        Images of the same size and kind, in the order of the frames.
    cache_bytes : int or None
        Decoded frames to keep; if nothing is said `CACHE_BYTES`, or `LEAST_FRAMES` if that is more.
    options : DisplayOptions
        How they are to be shown; as the files prescribe, if nothing else is said.

    Raises
    ------
    ValueError
        If there are no images, or they do not fit together.
    DisplayChoiceError
        If an image does not offer what the options choose.

    Notes
    -----
    Indexing reads from disk and may raise the errors of `FrameReader.read`. Arrays are
    read-only, since several callers share them. Threads may index at the same time.

    """

    def __init__(
        self,
        images: Sequence[Image],
        *,
        cache_bytes: int | None = None,
        options: DisplayOptions = AS_PRESCRIBED,
    ) -> None:
        shown = tuple(ShownImage(image, options) for image in images)
        kinds = {(each.image.shown_shape, each.dtype) for each in shown}
        if len(kinds) != 1:
            raise ValueError("a stack needs images of one size and kind")
        ((self._frame_shape, self._dtype),) = kinds
        self._images = tuple(images)
        self._shown = shown
        self._options = options
        self._cache_bytes = cache_bytes
        self._starts = (0, *accumulate(image.frames for image in images))
        self._by_uid = {image.sop_instance_uid: place for place, image in enumerate(images)}
        self._cache = FrameCache(self._usual_bytes() if cache_bytes is None else cache_bytes)

    def _usual_bytes(self) -> int:
        frame = int(np.prod(self._frame_shape, dtype=np.int64)) * self._dtype.itemsize
        return max(CACHE_BYTES, LEAST_FRAMES * frame)

    @property
    def images(self) -> tuple[Image, ...]:
        """The images, in the order of their frames."""
        return self._images

    @property
    def options(self) -> DisplayOptions:
        """How the frames are shown."""
        return self._options

    def with_options(self, options: DisplayOptions) -> FrameStack:
        """Return the same frames, shown in another way; nothing is read.

        Parameters
        ----------
        options : DisplayOptions
            What to choose.

        Raises
        ------
        DisplayChoiceError
            If an image does not offer it.

        """
        return FrameStack(self._images, cache_bytes=self._cache_bytes, options=options)

    @property
    def has_overlays(self) -> bool:
        """Whether there are overlay planes, which may show more than the headers say."""
        return any(image.has_overlays for image in self._images)

    @property
    def title(self) -> str:
        """Short text for a layer name."""
        return self._images[0].title

    @property
    def study_uid(self) -> str:
        """Study Instance UID of the images."""
        return self._images[0].study_uid

    @property
    def shape(self) -> tuple[int, ...]:
        """``(frames, rows, columns)``, and 3 for colour."""
        return (self._starts[-1], *self._frame_shape)

    @property
    def dtype(self) -> np.dtype[Any]:
        """Type of the display-ready values."""
        return self._dtype

    @property
    def ndim(self) -> int:
        """3, or 4 for colour."""
        return len(self.shape)

    @property
    def size(self) -> int:
        """Number of values."""
        return int(np.prod(self.shape, dtype=np.int64))

    @property
    def nbytes(self) -> int:
        """Bytes that all frames together would take."""
        return self.size * self._dtype.itemsize

    @property
    def cached_bytes(self) -> int:
        """Bytes of decoded frames that are kept at the moment."""
        return self._cache.nbytes

    def __len__(self) -> int:
        return self._starts[-1]

    def __repr__(self) -> str:
        return f"FrameStack({self.title!r}, shape={self.shape}, dtype={self._dtype})"

    def __getitem__(self, key: Any) -> npt.NDArray[Any]:
        first, rest = _split_key(key, self.ndim)
        wanted = np.arange(len(self))[first]
        if wanted.ndim == 0:
            return np.asarray(self.frame(int(wanted))[rest])
        if wanted.size == 0:
            return np.empty((0, *self._frame_shape), self._dtype)[:, *rest]
        return np.stack([self.frame(int(index))[rest] for index in wanted])

    def __array__(self, dtype: npt.DTypeLike | None = None, copy: bool | None = None) -> npt.NDArray[Any]:
        if copy is False:
            raise ValueError("frames on disk cannot become an array without a copy")
        return np.asarray(self[:], dtype)

    def frame(self, index: int) -> npt.NDArray[Any]:
        """Return one display-ready frame, from the cache or from disk.

        Parameters
        ----------
        index : int
            Frame index in the stack, 0-based.

        Returns
        -------
        ndarray, read-only, shape (rows, columns) or (rows, columns, 3)

        """
        kept = self._cache.get(index)
        if kept is not None:
            return kept
        place, within = self._locate(index)
        frame = self._shown[place].frame(within)
        frame.flags.writeable = False
        self._cache.put(index, frame)
        return frame

    def keeps(self, index: int) -> bool:
        """Return whether a frame (0-based index in the stack) can be had without reading."""
        return self._cache.get(index) is not None

    def _locate(self, index: int) -> tuple[int, int]:
        """Return which image holds a frame, and its index there."""
        if not 0 <= index < len(self):
            raise IndexError(f"frame index {index} of {len(self)} frames")
        place = bisect_right(self._starts, index) - 1
        return place, index - self._starts[place]

    def image_at(self, index: int) -> Image:
        """Return the image that holds a frame (0-based index in the stack)."""
        return self._images[self._locate(index)[0]]

    def frame_ref(self, index: int) -> tuple[str, int]:
        """Return SOP Instance UID and 1-based frame number of a frame index."""
        place, within = self._locate(index)
        return self._images[place].sop_instance_uid, within + 1

    def index_of(self, sop_instance_uid: str, frame_number: int) -> int | None:
        """Return the frame index of a frame of an image, None if the stack does not hold it.

        Parameters
        ----------
        sop_instance_uid : str
            The image.
        frame_number : int
            1-based, as DICOM counts.

        """
        place = self._by_uid.get(sop_instance_uid)
        if place is None or not 1 <= frame_number <= self._images[place].frames:
            return None
        return self._starts[place] + frame_number - 1

    @cached_property
    def frame_times(self) -> tuple[float | None, ...]:
        """Time of each frame in ms after the first frame of its image, None where not known."""
        return tuple(time for image in self._images for time in image.clock.starts_ms)

    @cached_property
    def display(self) -> Display:
        """How the stack is shown, as its first image says; may read its first frame."""
        return self.display_at(0)

    def display_at(self, index: int) -> Display:
        """Return how a frame is shown, as the image says to which it belongs.

        Images of one view may carry different windows, and so may the frames of an image.
        """
        place, within = self._locate(index)
        return self._shown[place].display(within)

    def picture(self, index: int) -> npt.NDArray[np.uint8]:
        """Return one frame as it is to be seen, with 8 bits a sample.

        Unlike the values of `frame`, it cannot be windowed any further.

        Parameters
        ----------
        index : int
            Frame index in the stack, 0-based.

        Returns
        -------
        ndarray, shape (rows, columns) or (rows, columns, 3)
            0 is black.

        """
        place, within = self._locate(index)
        return self._shown[place].picture(within)


def _split_key(key: Any, ndim: int) -> tuple[Any, tuple[Any, ...]]:
    """Return the index into the frames and the indices within a frame."""
    parts = key if isinstance(key, tuple) else (key,)
    if any(part is None for part in parts):
        raise IndexError("new axes cannot be made by indexing frames")
    places = [place for place, part in enumerate(parts) if part is Ellipsis]
    if places:
        missing = (slice(None),) * (ndim - len(parts) + 1)
        parts = (*parts[: places[0]], *missing, *parts[places[0] + 1 :])
    if len(parts) > ndim:
        raise IndexError(f"{len(parts)} indices for an array of {ndim} axes")
    return (parts[0], tuple(parts[1:])) if parts else (slice(None), ())
