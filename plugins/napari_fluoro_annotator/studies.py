"""From what the dicom room read to what marks need to know."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Sequence

from fluoro_annotator import settings
from fluoro_annotator.dicom import FrameStack, Image, ScanResult, read_study_facts
from fluoro_annotator.dicom.orientation import KNOWN_VIEWS
from fluoro_annotator.errors import SettingsError
from fluoro_annotator.geometry import Calibration, CalibrationSource
from fluoro_annotator.geometry.directions import Orientation
from fluoro_annotator.marks import ImageRecord, StudyFacts, StudyRecord
from napari_fluoro_annotator import texts

LOG = logging.getLogger(__name__)
MODALITIES = frozenset({"CF", "CR", "DF", "DS", "DX", "MG", "OT", "RF", "RG", "XA"})
"""Defined terms of Modality for the images that are opened, and their predecessors (PS3.3 C.7.3.1.1.1)."""

MOST_AHEAD = 30
"""Series up to which facts are read ahead: of more a person is asked which to open."""


def image_record(image: Image) -> ImageRecord:
    """Return what marks need to know of one image: identifiers, size, view and scale.

    A view that the header names in words of its own is left out, and so is a modality that does not
    exist: free text may name a person.
    """
    return ImageRecord(
        sop_instance_uid=image.sop_instance_uid,
        series_uid=image.series_uid,
        rows=image.rows,
        columns=image.columns,
        frames=image.frames,
        modality=image.modality if image.modality in MODALITIES else "",
        view=image.view_name if image.view_label in KNOWN_VIEWS else "",
        calibration=scale_of_all_frames(image.calibrations),
    )


def scale_of_all_frames(scales: Sequence[Calibration]) -> Calibration:
    """Return one scale that is right on each frame of an image, with an interval that holds on all of them.

    The reading keeps one scale for an image. Where frames differ, the middle is taken and the interval
    reaches as far as that of any frame; where some have no scale or another source, there is none.

    Parameters
    ----------
    scales : sequence of Calibration
        One for all frames, or one for each.

    """
    first, distinct = scales[0], set(scales)
    if len(distinct) == 1:
        return first
    if not all(scale.usable and scale.source is first.source for scale in distinct):
        return Calibration(CalibrationSource.NONE, note=texts.SCALE_OF_SOME)
    row, column = _middle(scale.row_mm for scale in distinct), _middle(scale.column_mm for scale in distinct)
    error = max(_reach(scale, row, column) for scale in distinct)
    note = texts.SCALE_VARIES.format(low=row * (1 - error), high=row * (1 + error))
    return Calibration(first.source, row, column, relative_error=error, note=note)


def _middle(numbers: Iterable[float | None]) -> float:
    known = [number for number in numbers if number is not None]
    return (min(known) + max(known)) / 2


def _reach(scale: Calibration, row: float, column: float) -> float:
    """Return how far, as a fraction, the interval of a scale reaches from a size of the pixels."""
    pairs = ((scale.row_mm, row), (scale.column_mm, column))
    error = scale.relative_error or 0.0
    return max(
        abs(mm * (1 + sign * error) / middle - 1)
        for mm, middle in pairs
        if mm is not None
        for sign in (-1, 1)
    )


def stated_orientation(stack: FrameStack, index: int) -> Orientation | None:
    """Return Patient Orientation of a frame (0-based), None where the file does not state it, or nonsense."""
    image = stack.image_at(index)
    _, number = stack.frame_ref(index)
    geometry = image.geometry_at(number - 1)
    if geometry.edge_letters is None or geometry.patient_orientation is None:
        return None
    right, down = geometry.patient_orientation
    return right, down


def study_record(uid: str, stacks: Iterable[FrameStack]) -> StudyRecord:
    """Return the record of a study from the views of it that are open, with what it is looked up by."""
    images = {image.sop_instance_uid: image for stack in stacks for image in stack.images}
    return StudyRecord(
        uid, tuple(image_record(image) for image in images.values()), study_facts(images.values())
    )


def study_facts(images: Iterable[Image]) -> StudyFacts:
    """Return what a store may look a study up by; without the key of the pseudonyms, no pseudonym."""
    key, problem = pseudonym_key()
    if problem:
        LOG.warning("A study is opened without a pseudonym: its key cannot be read.")
    stated = read_study_facts(images, key)
    return StudyFacts(
        pseudonym=stated.pseudonym,
        study_date=stated.study_date,
        region=stated.region,
        equipment=stated.equipment,
    )


def pseudonym_key() -> tuple[bytes | None, str]:
    """Return the key of the pseudonyms, or None and why there is none."""
    try:
        return settings.pseudonym_key(), ""
    except SettingsError as error:
        return None, str(error)


def read_facts_ahead(result: ScanResult) -> None:
    """Read what studies are looked up by, so that it is at hand when they are shown.

    Opening a study asks for it on the thread of the window, which must not wait for a slow drive.
    """
    series = [each for study in result.studies for each in study.series]
    if len(series) <= MOST_AHEAD:
        read_study_facts((image for each in series for image in each.images[:1]), pseudonym_key()[0])


def study_title(stack: FrameStack) -> str:
    """Return what the study is called on screen: its description and date, never the patient."""
    parts = (stack.images[0].study_description, study_day(stack))
    return ", ".join(part for part in parts if part) or texts.UNTITLED_STUDY


def study_name(stack: FrameStack) -> str:
    """Return the description of the study, or that it has none."""
    return stack.images[0].study_description or texts.UNTITLED_STUDY


def study_day(stack: FrameStack) -> str:
    """Return the date of the study as ``YYYY-MM-DD``, as stated if it is not a date, ``""`` if it has none."""
    date = stack.images[0].study_date or ""
    return f"{date[:4]}-{date[4:6]}-{date[6:8]}" if len(date) == len("YYYYMMDD") else date


def view_title(stack: FrameStack) -> str:
    """Return the short name of a view: series number and description, or what the header says of the view."""
    image = stack.images[0]
    number = "" if image.series_number is None else str(image.series_number)
    return " ".join(part for part in (number, image.series_description) if part) or stack.title


def view_number(stack: FrameStack) -> str:
    """Return the series number of a view, or its short name if it has none."""
    number = stack.images[0].series_number
    return view_title(stack) if number is None else str(number)
