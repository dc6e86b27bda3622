"""Frames as the viewer shows them: one that cannot be read, or not in time, is blank and says why."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
from psygnal import Signal

from fluoro_annotator.dicom import Display, DisplayOptions, FrameStack, Image
from fluoro_annotator.dicom.prefetch import FrameLoader
from fluoro_annotator.errors import DicomError
from napari_fluoro_annotator import texts

PATIENCE = 1.0
"""Seconds for which the window waits for a frame before it shows a blank one; engineering default."""

NOT_SUBTRACTED = DisplayOptions(subtraction=False)
"""Marks are made on bone, which subtracting a mask would remove, whatever the file recommends."""


class ShownFrames(FrameStack):
    """A stack of frames for the viewer: it reads ahead, never raises and never waits for long.

    Parameters
    ----------
    images : sequence of Image
        The images of one view.

    Attributes
    ----------
    unreadable : psygnal.Signal
        Emitted with a sentence, once for each frame that cannot be read.
    late : psygnal.Signal
        Emitted when a blank frame was returned because the file is slow; ask `arrived` from
        time to time.

    """

    unreadable = Signal(str)
    late = Signal()

    def __init__(self, images: Sequence[Image]) -> None:
        super().__init__(images, options=NOT_SUBTRACTED)
        self._problems: dict[int, str] = {}
        self._late: set[int] = set()
        self._source = FrameStack(images, options=NOT_SUBTRACTED)
        self._loader = self._new_loader()

    def _new_loader(self) -> FrameLoader:
        return FrameLoader(self._source.frame, self._source.keeps, len(self))

    def choose(self, options: DisplayOptions) -> None:
        """Show the same frames in another way from now on; nothing is read.

        Frames that are being read at this moment in the old way are not kept.

        Parameters
        ----------
        options : DisplayOptions
            What to choose.

        Raises
        ------
        DisplayChoiceError
            If an image does not offer it; everything stays as it was.

        """
        source = FrameStack(self.images, options=options)
        self._loader.close()
        self._source, self._options, self._dtype = source, options, source.dtype
        self._problems.clear()
        self._late.clear()
        self._loader = self._new_loader()

    @property
    def cached_bytes(self) -> int:
        """Bytes of decoded frames that are kept at the moment."""
        return self._source.cached_bytes

    @property
    def display(self) -> Display:
        """How the stack is shown, as its first image says; may read its first frame."""
        return self._source.display

    def display_at(self, index: int) -> Display:
        """Return how a frame is shown, as the image says to which it belongs."""
        return self._source.display_at(index)

    def picture(self, index: int) -> npt.NDArray[np.uint8]:
        """Return one frame as it is to be seen, with 8 bits a sample."""
        return self._source.picture(index)

    def frame(self, index: int) -> npt.NDArray[Any]:
        """Return one display-ready frame; zeros if it cannot be read, or not in time.

        Parameters
        ----------
        index : int
            Frame index in the stack, 0-based.

        """
        try:
            frame = self._loader.get(index, PATIENCE)
        except TimeoutError:
            return self._too_late(index)
        except DicomError as error:
            self._remember(index, str(error))
            return self._blank()
        self._problems.pop(index, None)
        return frame

    def problem(self, index: int) -> str:
        """Return why a frame cannot be shown, or an empty text."""
        return self._problems.get(index, "")

    @cached_property
    def windows_differ(self) -> bool:
        """Whether the frames are prescribed different windows."""
        windows = {
            image.rendering_at(index).windows for image in self.images for index in range(image.frames)
        }
        return len(windows) > 1

    @property
    def waiting(self) -> bool:
        """Whether a frame that was shown blank is still being read."""
        return bool(self._late)

    def arrived(self) -> bool:
        """Return whether frames that were late have been read, or have failed, since the last call."""
        there = {index for index in self._late if not self._loader.busy(index)}
        self._late -= there
        for index in there:
            self._problems.pop(index, None)
        return bool(there)

    def _too_late(self, index: int) -> npt.NDArray[Any]:
        self._problems[index] = texts.STILL_READING
        self._late.add(index)
        self.late.emit()
        return self._blank()

    def _blank(self) -> npt.NDArray[Any]:
        return np.zeros(self.shape[1:], self.dtype)

    def _remember(self, index: int, problem: str) -> None:
        if self._problems.get(index) != problem:
            self._problems[index] = problem
            self.unreadable.emit(problem)
