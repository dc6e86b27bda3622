"""What a file says of the view that is shown: a short list for a person, as `inspect` prints it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from fluoro_annotator.dicom import AcquisitionGeometry, FrameStack, Image
from fluoro_annotator.geometry import Calibration
from fluoro_annotator.marks import MarkSession
from napari_fluoro_annotator import texts
from napari_fluoro_annotator.scales import file_scale, ruler_at


@dataclass(frozen=True, slots=True)
class ViewFact:
    """One line: what it is about, what the file says, and whether it asks for care."""

    name: str
    text: str
    careful: bool = False


@dataclass(frozen=True, slots=True)
class _Frame:
    image: Image
    index: int
    calibration: Calibration

    @property
    def geometry(self) -> AcquisitionGeometry:
        return self.image.geometry_at(self.index)


def facts_of(stack: FrameStack, index: int, session: MarkSession | None = None) -> list[ViewFact]:
    """Return what the file says of a frame; what is absent and says nothing is left out.

    Parameters
    ----------
    stack : FrameStack
        The view.
    index : int
        The frame, 0-based.
    session : MarkSession or None
        The reading: a scale that its reader has made goes before that of the file.

    """
    scale = file_scale(stack, index) if session is None else ruler_at(session, stack, index).calibration
    frame = _Frame(stack.image_at(index), stack.frame_ref(index)[1] - 1, scale)
    lines = ((name, text_of(frame), careful) for name, text_of, careful in LINES)
    return [ViewFact(name, text, careful) for name, text, careful in lines if text]


def _angles(frame: _Frame) -> str:
    geometry = frame.geometry
    parts = (
        None if geometry.primary_angle is None else texts.FACT_PRIMARY.format(angle=geometry.primary_angle),
        None
        if geometry.secondary_angle is None
        else texts.FACT_SECONDARY.format(angle=geometry.secondary_angle),
        texts.FACT_MOVING if len(set(frame.image.geometries)) > 1 else None,
    )
    return ", ".join(filter(None, parts)) or texts.NOT_STATED


def _patient(frame: _Frame) -> str:
    geometry = frame.geometry
    side = texts.FACT_LATERALITY.format(side=geometry.laterality) if geometry.laterality else ""
    return ", ".join(filter(None, (geometry.patient_position, side))) or texts.NOT_STATED


def _sides(frame: _Frame) -> str:
    letters = frame.geometry.edge_letters
    return texts.FACT_SIDES_NONE if letters is None else texts.FACT_SIDE_LETTERS.format(*letters)


def _flips(frame: _Frame) -> str:
    turned = frame.geometry.view_rotation
    parts = (
        texts.FACT_TURNED.format(degrees=turned) if turned else "",
        texts.FACT_MIRRORED if frame.geometry.mirrored else "",
    )
    return ", ".join(filter(None, parts))


def _distances(frame: _Frame) -> str:
    geometry = frame.geometry
    parts = (
        (texts.FACT_SOURCE_DETECTOR, "mm", geometry.source_detector_mm),
        (texts.FACT_SOURCE_PATIENT, "mm", geometry.source_patient_mm),
        (texts.FACT_MAGNIFICATION, "factor", geometry.magnification),
    )
    return ", ".join(text.format(**{name: value}) for text, name, value in parts if value is not None)


def _scale(frame: _Frame) -> str:
    scale = frame.calibration
    if not scale.usable:
        return texts.FACT_NO_SCALE.format(reason=scale.reason)
    text = texts.FACT_SPACING.format(row=scale.row_mm, column=scale.column_mm, source=scale.description)
    varies = len(set(frame.image.calibrations)) > 1 and scale in frame.image.calibrations
    return texts.FACT_OF_THIS_FRAME.format(text=text) if varies else text


def _interval(frame: _Frame) -> str:
    scale = frame.calibration
    interval = scale.row_interval_mm
    if not scale.usable or interval is None:
        return ""
    text = texts.FACT_MM.format(low=interval[0], high=interval[1])
    return texts.FACT_DEFAULT.format(text=text) if scale.error_is_default else text


def _times(frame: _Frame) -> str:
    clock = frame.image.clock
    if frame.image.frames == 1:
        return ""
    if clock.rate is None:
        return clock.description
    return texts.FACT_RATE.format(rate=clock.rate, source=clock.description)


def _pixels(frame: _Frame) -> str:
    image = frame.image
    return texts.FACT_SIZE.format(
        rows=image.rows,
        columns=image.columns,
        stored=image.bits_stored,
        allocated=image.bits_allocated,
        photometric=image.photometric,
    )


def _overlays(frame: _Frame) -> str:
    groups = ", ".join(f"{overlay.group:04X}" for overlay in frame.image.overlays)
    return texts.FACT_PLANES.format(groups=groups) if groups else ""


LINES: tuple[tuple[str, Callable[[_Frame], str], bool], ...] = (
    (texts.FACT_VIEW, lambda frame: frame.image.view_name, False),
    (texts.FACT_VIEW_RULE, lambda frame: frame.image.view.rule, False),
    (texts.FACT_CONFIRM, lambda frame: frame.image.view.caution, True),
    (texts.FACT_ANGLES, _angles, False),
    (texts.FACT_SIDES, _sides, False),
    (texts.FACT_PATIENT, _patient, False),
    (texts.FACT_FLIPS, _flips, True),
    (texts.FACT_SCALE, _scale, False),
    (texts.FACT_INTERVAL, _interval, False),
    (texts.FACT_PLANE, lambda frame: frame.calibration.plane if frame.calibration.usable else "", False),
    (texts.FACT_SCALE_NOTE, lambda frame: frame.calibration.note if frame.calibration.usable else "", False),
    (texts.FACT_TIMES, _times, False),
    (texts.FACT_CONTRADICTIONS, lambda frame: "; ".join(frame.image.clock.contradictions), True),
    (texts.FACT_OVERLAYS, _overlays, True),
    (texts.FACT_NOTES, lambda frame: "; ".join(frame.geometry.notes), True),
    (texts.FACT_DISTANCES, _distances, False),
    (texts.FACT_PIXELS, _pixels, False),
)
"""Name of each line, what stands in it, and whether it asks for care; the safest to know first."""
