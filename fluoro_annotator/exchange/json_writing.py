"""Documents as plain values for JSON; `fluoro_annotator.exchange.json_reading` is the inverse."""

from __future__ import annotations

from typing import Any

from fluoro_annotator.anatomy import Anatomy
from fluoro_annotator.exchange.document import MarksDocument, ReadingContent
from fluoro_annotator.geometry import Calibration, measure
from fluoro_annotator.marks import ImageRecord, Mark, MarkRecord, Needle, Revision, StudyRecord
from fluoro_annotator.marks.revisions import time_to_text
from fluoro_annotator.marks.serialise import mark_to_dict

FORMAT = "fluoro_annotator.marks"
VERSION = "1.0"
COORDINATES = (
    "Points are [row, column] in pixels; the centre of the top-left pixel is [0, 0]. "
    "Frame numbers start at 1."
)


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
    return {
        "reading_id": reading.reading_id,
        "study_instance_uid": reading.study_uid,
        "reader": reading.reader,
        "role": reading.role.value,
        "purpose": reading.purpose.value,
        "started_at": time_to_text(reading.started_at),
        "marks": [record_to_dict(record, study, anatomy) for record in content.state],
        "revisions": [_revision(revision) for revision in content.revisions],
    }


def _revision(revision: Revision) -> dict[str, Any]:
    return {
        "sequence": revision.sequence,
        "previous_hash": revision.previous_hash,
        "hash": revision.hash,
        **revision.draft.to_dict(),
    }


def record_to_dict(record: MarkRecord, study: StudyRecord, anatomy: Anatomy) -> dict[str, Any]:
    """Return a present mark as plain values, with its label and, for a needle, its length.

    Parameters
    ----------
    record : MarkRecord
        The mark with its times and author.
    study : StudyRecord
        For the calibration of its image.
    anatomy : Anatomy
        For its label.

    """
    mark = record.mark
    values = mark_to_dict(mark)
    site = values.pop("site", None) or {"nerve": None, "joints": [], "side": None}
    return {
        "mark_id": values.pop("mark_id"),
        "kind": values.pop("kind"),
        "label": mark.label(anatomy),
        **site,
        **values,
        "length": _length(mark, study),
        "created_at": time_to_text(record.created_at),
        "changed_at": time_to_text(record.changed_at),
        "author": record.author,
    }


def _length(mark: Mark, study: StudyRecord) -> dict[str, Any] | None:
    if not isinstance(mark, Needle):
        return None
    calibration = study.image(mark.frame.sop_instance_uid).calibration
    distance = measure(mark.tip, mark.hub, calibration)
    return {"px": distance.pixels, "mm": distance.mm, "calibration_source": calibration.source.value}
