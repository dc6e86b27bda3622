"""The frames of one image as they are shown: decoded, subtracted, covered."""

from __future__ import annotations

from functools import cached_property, lru_cache
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from fluoro_annotator.dicom.display import Display, display_dtype, display_of, display_values, needs_frame
from fluoro_annotator.dicom.frames import FrameReader
from fluoro_annotator.dicom.models import Image
from fluoro_annotator.dicom.options import DisplayOptions
from fluoro_annotator.dicom.painting import (
    Cover,
    brightness_of,
    covered,
    covers_of,
    picture_of,
    value_limits,
)
from fluoro_annotator.dicom.subtraction import Plan, plan, subtract
from fluoro_annotator.errors import DisplayChoiceError

Frame = npt.NDArray[Any]

LOOKED_AT: Final = 3
"""Subtracted frames from which the limits of the display are found."""
MASKS_KEPT: Final = 4
"""Decoded frames that are kept for subtraction, since many frames have the same mask."""
PERCENT: Final = 99.5
"""Share of the differences that the limits include."""
LEAST_DIFFERENCE: Final = 1.0


class ShownImage:
    """Makes the frames of one image ready for display.

    Parameters
    ----------
    image : Image
        From a scan.
    options : DisplayOptions
        What was chosen.

    Raises
    ------
    DisplayChoiceError
        If the image does not offer what was chosen.
    UnsupportedTransferSyntaxError
        If its frames cannot be decoded here.

    """

    def __init__(self, image: Image, options: DisplayOptions) -> None:
        self.image = image
        self.options = options
        self.reader = FrameReader(image)
        self.subtracts = subtracts(image, options)
        self._read_again = lru_cache(maxsize=MASKS_KEPT)(self.reader.read)
        self.dtype = np.dtype(np.float32) if self.subtracts else display_dtype(image, options)

    def frame(self, index: int) -> Frame:
        """Return display-ready values of a frame (0-based index), with everything that covers them."""
        values, display = self._values(index), self.display(index)
        covers = self._covers(index)
        return (
            covered(values, covers, display, value_limits(self.image, display, index)) if covers else values
        )

    def picture(self, index: int) -> npt.NDArray[np.uint8]:
        """Return a frame as it is to be seen, 8 bits a sample."""
        return picture_of(self._values(index), self._covers(index), self.display(index))

    def display(self, index: int) -> Display:
        """Return how a frame is shown; may read frames to find out."""
        if self.subtracts:
            return self._subtracted_display
        return self._plain_display(index)

    def _values(self, index: int) -> Frame:
        steps = self._plan(index)
        if steps is not None:
            return self._difference(steps)
        values = display_values(self.reader.read(index), self.image, self.options, index)
        values = self._among_differences(values, index) if self.subtracts else values
        return values.astype(self.dtype, copy=False)

    def _covers(self, index: int) -> list[Cover]:
        planes = self.reader.read_overlays(index) if self.options.overlays else ()
        return covers_of(self.image, index, self.options, planes)

    def _plain_display(self, index: int) -> Display:
        image = self.image
        if not needs_frame(image, self.options, index):
            return display_of(image, None, self.options, index)
        return self._range_of_first_frame

    @cached_property
    def _range_of_first_frame(self) -> Display:
        return display_of(self.image, self.reader.read(0), self.options)

    def _plan(self, index: int) -> Plan | None:
        image = self.image
        return plan(image.rendering_at(index).subtractions, index, image.frames) if self.subtracts else None

    def _difference(self, steps: Plan) -> Frame:
        image, shown = self.image, self.image.rendering_at(steps.contrast[0])
        return subtract(
            steps,
            self._read_again,
            intensity=shown.intensity,
            bits=image.bits_stored,
            inverse=shown.inverse_intensity,
        )

    @cached_property
    def _subtracted_display(self) -> Display:
        """Limits around zero, which is shown as medium grey, from frames here and there."""
        plans = [steps for index in range(self.image.frames) if (steps := self._plan(index)) is not None]
        chosen = [plans[(2 * part + 1) * len(plans) // (2 * LOOKED_AT)] for part in range(LOOKED_AT) if plans]
        largest = [float(np.percentile(np.abs(self._difference(steps)), PERCENT)) for steps in chosen]
        limit = max([LEAST_DIFFERENCE, *largest])
        inverted = self._plain_display(0).inverted
        return Display((-limit, limit), inverted=inverted, rgb=False, source="subtraction")

    def _among_differences(self, values: Frame, index: int) -> Frame:
        """Return a frame without mask so that it looks as ever under the limits of the others."""
        low, high = self._subtracted_display.contrast_limits
        plain = self._plain_display(index)
        brightness = brightness_of(values, plain)
        level = 1.0 - brightness if self._subtracted_display.inverted else brightness
        return np.asarray(low + level * (high - low), np.float32)


def subtracts(image: Image, options: DisplayOptions) -> bool:
    """Whether masks are subtracted from the frames of an image.

    Raises
    ------
    DisplayChoiceError
        If it was asked for, and the image has no mask.

    """
    rendering = image.rendering
    possible = bool(rendering.subtractions) and not image.colored
    if options.subtraction and not possible:
        raise DisplayChoiceError(
            str(image.path), "has no mask that could be subtracted", "Show it without subtraction."
        )
    wanted = rendering.subtracted_first if options.subtraction is None else options.subtraction
    return possible and wanted
