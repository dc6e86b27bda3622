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
        The image; the shape of its pixels is taken from the spacing of the file, if it has one.
    state : ReadingState
        The reading.

    """
    for record in state.of_kind(MarkKind.USER_CALIBRATION):
        if isinstance(record, UserCalibration) and record.sop_instance_uid == image.sop_instance_uid:
            return record.calibration(_aspect(image.calibration))
    return image.calibration


def _aspect(calibration: Calibration) -> float:
    """Return height by width of a pixel; square where the file says nothing."""
    if calibration.row_mm is None or calibration.column_mm is None:
        return 1.0
    return calibration.row_mm / calibration.column_mm
