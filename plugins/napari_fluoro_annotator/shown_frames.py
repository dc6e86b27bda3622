"""Frames as the viewer shows them: one that cannot be read becomes a blank frame and a sentence."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
from psygnal import Signal

from fluoro_annotator.dicom import FrameStack, Image
from fluoro_annotator.errors import DicomError


class ShownFrames(FrameStack):
    """A stack of frames that never raises into the viewer.

    Attributes
    ----------
    unreadable : psygnal.Signal
        Emitted with a sentence, once for each frame that cannot be read.

    """

    unreadable = Signal(str)

    def __init__(self, images: Sequence[Image]) -> None:
        super().__init__(images)
        self._problems: dict[int, str] = {}

    def frame(self, index: int) -> npt.NDArray[Any]:
        """Return one display-ready frame; zeros if it cannot be read.

        Parameters
        ----------
        index : int
            Frame index in the stack, 0-based.

        """
        try:
            frame = super().frame(index)
        except DicomError as error:
            self._remember(index, str(error))
            return np.zeros(self.shape[1:], self.dtype)
        self._problems.pop(index, None)
        return frame

    def problem(self, index: int) -> str:
        """Return why a frame cannot be read, or an empty text."""
        return self._problems.get(index, "")

    def _remember(self, index: int, problem: str) -> None:
        if self._problems.get(index) != problem:
            self._problems[index] = problem
            self.unreadable.emit(problem)
