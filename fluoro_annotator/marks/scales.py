"""Which scale holds for an image: the reader's own, if there is one, otherwise that of the file."""

from __future__ import annotations

from fluoro_annotator.geometry import Calibration
from fluoro_annotator.marks.base import MarkKind
from fluoro_annotator.marks.own_scale import UserCalibration
from fluoro_annotator.marks.state import ReadingState
from fluoro_annotator.marks.study import ImageRecord


def scale_of(image: ImageRecord, state: ReadingState) -> Calibration:
    """Return the scale to measure with on an image.

    Parameters
    ----------
    image : ImageRecord
        The image.
    state : ReadingState
        The reading.

    """
    for record in state.of_kind(MarkKind.USER_CALIBRATION):
        if isinstance(record, UserCalibration) and record.sop_instance_uid == image.sop_instance_uid:
            return record.calibration()
    return image.calibration
