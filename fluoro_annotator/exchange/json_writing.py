"""Documents as plain values for JSON; `fluoro_annotator.exchange.json_reading` is the inverse."""

from __future__ import annotations

from typing import Any

from fluoro_annotator.anatomy import Anatomy
from fluoro_annotator.exchange.csv_columns import needle_length
from fluoro_annotator.exchange.document import MarksDocument, ReadingContent
from fluoro_annotator.geometry import Calibration
from fluoro_annotator.marks import (
    Fact,
    ImageRecord,
    MarkRecord,
    Needle,
    ReadingState,
    Record,
    Revision,
    StudyRecord,
    scale_of,
)
from fluoro_annotator.marks.revisions import time_to_text
from fluoro_annotator.marks.serialise import mark_to_dict

FORMAT = "fluoro_annotator.marks"
VERSION = "1.2"
COORDINATES = (
    "Points are [row, column] in pixels; the centre of the top-left pixel is [0, 0]. "
    "Frame numbers start at 1."
)

NO_SITE: dict[str, Any] = {"nerve": None, "vertebra": None, "joints": [], "side": None}
"""The names of a mark that has none."""


def document_to_dict(document: MarksDocument, anatomy: Anatomy) -> dict[str, Any]:
    """Return a document as plain values; nothing is lost.

    Parameters
    ----------
    document : MarksDocument
        The document.
    anatomy : Anatomy
        For the labels.

    """
    return {
        "format": FORMAT,
        "version": VERSION,
        "created_at": time_to_text(document.created_at),
        "program": {"name": document.program.name, "version": document.program.version},
        "coordinates": COORDINATES,
        "studies": [_study(study) for study in document.studies],
        "readings": [
            _reading(content, document.study(content.reading.study_uid), anatomy)
            for content in document.readings
        ],
    }


def _study(study: StudyRecord) -> dict[str, Any]:
    return {"study_instance_uid": study.uid, "images": [_image(image) for image in study.images]}


def _image(image: ImageRecord) -> dict[str, Any]:
    return {
        "sop_instance_uid": image.sop_instance_uid,
        "series_instance_uid": image.series_uid,
        "modality": image.modality,
        "view": image.view,
        "rows": image.rows,
        "columns": image.columns,
        "frames": image.frames,
        "calibration": _calibration(image.calibration),
    }


def _calibration(calibration: Calibration) -> dict[str, Any]:
    return {
        "source": calibration.source.value,
        "row_mm_per_px": calibration.row_mm,
        "column_mm_per_px": calibration.column_mm,
        "relative_error": calibration.relative_error,
        "note": calibration.note,
    }


def _reading(content: ReadingContent, study: StudyRecord, anatomy: Anatomy) -> dict[str, Any]:
    reading = content.reading
    marks, records = present_to_dicts(content.state, study, anatomy)
    return {
        "reading_id": reading.reading_id,
        "study_instance_uid": reading.study_uid,
        "reader": reading.reader,
        "role": reading.role.value,
        "purpose": reading.purpose.value,
        "started_at": time_to_text(reading.started_at),
        "marks": marks,
        "records": records,
        "revisions": [_revision(revision) for revision in content.revisions],
    }


def _revision(revision: Revision) -> dict[str, Any]:
    return {
        "sequence": revision.sequence,
        "previous_hash": revision.previous_hash,
        "hash": revision.hash,
        **revision.draft.to_dict(),
    }


def present_to_dicts(
    state: ReadingState, study: StudyRecord, anatomy: Anatomy
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Return what is present as plain values: marks on frames, and records that are on none.

    Parameters
    ----------
    state : ReadingState
        The reading.
    study : StudyRecord
        For the calibration of its images.
    anatomy : Anatomy
        For the labels.

    """
    marks = [_mark(entry, study, state, anatomy) for entry in state if not isinstance(entry.mark, Fact)]
    return marks, [_record(entry, anatomy) for entry in state if isinstance(entry.mark, Fact)]


def _mark(entry: MarkRecord, study: StudyRecord, state: ReadingState, anatomy: Anatomy) -> dict[str, Any]:
    """Return a mark with its names flat, and for a needle with its length."""
    values = mark_to_dict(entry.mark)
    site = values.pop("site", None) or {}
    return {
        "mark_id": values.pop("mark_id"),
        "kind": values.pop("kind"),
        "label": entry.mark.label(anatomy),
        **NO_SITE,
        **site,
        "points": values.pop("points", {}),
        **values,
        "length": _length(entry.mark, study, state),
        **_history(entry),
    }


def _record(entry: MarkRecord, anatomy: Anatomy) -> dict[str, Any]:
    values = mark_to_dict(entry.mark)
    identity = {name: values.pop(name) for name in ("mark_id", "kind")}
    return {**identity, "label": entry.mark.label(anatomy), **values, **_history(entry)}


def _history(entry: MarkRecord) -> dict[str, Any]:
    return {
        "created_at": time_to_text(entry.created_at),
        "changed_at": time_to_text(entry.changed_at),
        "author": entry.author,
    }


def _length(mark: Record, study: StudyRecord, state: ReadingState) -> dict[str, Any] | None:
    if not isinstance(mark, Needle):
        return None
    calibration = scale_of(study.image(mark.frame.sop_instance_uid), state)
    pixels, mm = needle_length(mark, calibration)
    return {"px": pixels, "mm": mm, "calibration_source": calibration.source.value}
