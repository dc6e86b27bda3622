"""Which scale holds on the frame that is shown, and what is said of it."""

from __future__ import annotations

from collections.abc import Iterable

from fluoro_annotator.dicom import FrameStack, Image
from fluoro_annotator.geometry import Calibration, Ruler
from fluoro_annotator.marks import CalibrationPlane, FrameRef, MarkSession, UserCalibration
from napari_fluoro_annotator import texts


def image_at(stack: FrameStack, index: int) -> tuple[Image, int]:
    """Return the image of a frame of a view, and the index of the frame in it, counted from 0."""
    uid, number = stack.frame_ref(index)
    return next(image for image in stack.images if image.sop_instance_uid == uid), number - 1


def own_scale(session: MarkSession, sop_instance_uid: str) -> UserCalibration | None:
    """Return the reader's own scale of an image."""
    found = session.find(f"calibration:{sop_instance_uid}")
    return found if isinstance(found, UserCalibration) else None


def file_scale(stack: FrameStack, index: int) -> Calibration:
    """Return the scale that the file states for a frame."""
    image, frame = image_at(stack, index)
    return image.calibration_at(frame)


def aspect_at(stack: FrameStack, index: int) -> float:
    """Return height by width of a pixel, as the file states it."""
    scale = file_scale(stack, index)
    if scale.row_mm is not None and scale.column_mm is not None:
        return scale.row_mm / scale.column_mm
    image, frame = image_at(stack, index)
    return image.geometry_at(frame).pixel_aspect


def aspect_of(stacks: Iterable[FrameStack], frame: FrameRef) -> float:
    """Return height by width of a pixel of a frame; square where its image is not open."""
    for stack in stacks:
        index = stack.index_of(frame.sop_instance_uid, frame.frame_number)
        if index is not None:
            return aspect_at(stack, index)
    return 1.0


def ruler_at(session: MarkSession, stack: FrameStack, index: int) -> Ruler:
    """Return what is measured with on a frame: the reader's own scale if there is one."""
    aspect = aspect_at(stack, index)
    own = own_scale(session, stack.frame_ref(index)[0])
    scale = file_scale(stack, index) if own is None else own.calibration()
    return Ruler(scale, aspect)


def scale_text(session: MarkSession, stack: FrameStack, index: int) -> str:
    """Return the scale of a frame in words: value, interval, source and plane, or why there is none."""
    scale = ruler_at(session, stack, index).calibration
    if not scale.usable:
        return texts.NO_SCALE.format(reason=scale.reason.rstrip("."))
    says = texts.SCALE_SAYS.format(mm=_mm(scale), source=scale.description, plane=scale.plane)
    return " ".join([says, *_remarks(session, stack, index, scale)])


def _mm(scale: Calibration) -> str:
    """Return the size of a pixel; its height and its width where they differ."""
    across = _interval(scale.column_interval_mm, scale.column_mm)
    down = _interval(scale.row_interval_mm, scale.row_mm)
    return across if across == down else texts.SCALE_TWO.format(rows=down, columns=across)


def _interval(interval: tuple[float, float] | None, mm: float | None) -> str:
    if interval is None:
        return texts.SCALE_MM_EXACT.format(mm=mm)
    return texts.SCALE_MM.format(low=interval[0], high=interval[1])


def _remarks(session: MarkSession, stack: FrameStack, index: int, scale: Calibration) -> list[str]:
    remarks = [texts.SCALE_ASSUMED] if scale.error_is_default else []
    image, frame = image_at(stack, index)
    own = own_scale(session, image.sop_instance_uid)
    if own is None:
        return remarks
    if own.plane is not CalibrationPlane.NOT_STATED:
        remarks.append(texts.SCALE_TAKEN.format(plane=texts.PLANES[own.plane]))
    stated = image.calibration_at(frame)
    if stated.usable and stated.column_mm and scale.column_mm:
        remarks.append(texts.SCALE_OTHER.format(ratio=stated.column_mm / scale.column_mm))
    if len(set(image.calibrations)) > 1:
        remarks.append(texts.SCALE_OWN_CHANGES)
    return remarks
