"""Values as rows of the tables, and back: declared pairs that lose nothing."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from typing import Any

from fluoro_annotator.errors import FluoroAnnotatorError, StoreDamagedError, StoreVersionError
from fluoro_annotator.geometry import Calibration, CalibrationSource
from fluoro_annotator.marks import (
    Draft,
    ImageRecord,
    MarkKind,
    Reading,
    Revision,
    RevisionKind,
    StudyFacts,
    StudyRecord,
    frame_of,
    image_of,
)
from fluoro_annotator.marks.revisions import time_from_text, time_to_text
from fluoro_annotator.marks.serialise import canonical_json, mark_to_dict
from fluoro_annotator.store.values import Head, Tombstone

STUDY_FACTS = ("pseudonym", "region", "equipment")
TOMBSTONE_FACTS = ("subject", "study_uid", "revisions", "last_hash", "purged_by", "reason")
IMAGE_FACTS = ("sop_instance_uid", "series_uid", "rows", "columns", "frames", "modality", "view")
CALIBRATION_FACTS = ("row_mm", "column_mm", "relative_error")
READING_FACTS = ("reading_id", "study_uid", "reader", "purpose", "role", "started_at")
STEP = "step"
"""Key of the name of a step in the content of a revision; no field of a record is called so."""

ON_NO_IMAGE = ""
"""What stands in place of a SOP Instance UID for a record that is on no image."""

KINDS, RECORD_KINDS = frozenset(RevisionKind), frozenset(MarkKind)
DRAFT_FACTS = ("kind", "author", "recorded_at", "client", "action_id", "cause", "concerns")
REVISION_COLUMNS = (
    *("reading_id", "sequence", "kind", "mark_id", "sop_instance_uid", "frame_number", "cause", "action_id"),
    *("concerns", "author", "recorded_at", "client", "content", "previous_hash", "hash"),
)


def study_to_row(study: StudyRecord) -> dict[str, Any]:
    """Return the facts of a study besides its images; with `facts_from_row` the inverse."""
    facts = study.facts
    day = "" if facts.study_date is None else facts.study_date.isoformat()
    return {
        "uid": study.uid,
        "pseudonym": facts.pseudonym,
        "study_date": day,
        "region": str(facts.region or ""),
        "equipment": facts.equipment,
    }


def facts_from_row(row: Mapping[Any, Any]) -> StudyFacts:
    """Return the facts of a row written by `study_to_row`.

    Raises
    ------
    StoreDamagedError
        If the row is not one that a store has written.

    """
    with _readable(f"study {row['uid']}"):
        day = date.fromisoformat(row["study_date"]) if row["study_date"] else None
        return StudyFacts(study_date=day, **{name: row[name] for name in STUDY_FACTS})


def image_to_row(study_uid: str, image: ImageRecord) -> dict[str, Any]:
    """Return the row of an image; the inverse of `image_from_row`."""
    row: dict[str, Any] = {"study_uid": study_uid}
    row |= {name: getattr(image, name) for name in IMAGE_FACTS}
    numbers = {name: getattr(image.calibration, name) for name in CALIBRATION_FACTS}
    row |= {name: None if number is None else float(number) for name, number in numbers.items()}
    row["calibration_source"] = image.calibration.source.value
    row["calibration_note"] = image.calibration.note
    return row


def image_from_row(row: Mapping[Any, Any]) -> ImageRecord:
    """Return the image of a row written by `image_to_row`.

    Raises
    ------
    StoreDamagedError
        If the row is not one that a store has written.

    """
    with _readable(f"image {row['sop_instance_uid']}"):
        calibration = Calibration(
            source=CalibrationSource(row["calibration_source"]),
            note=row["calibration_note"],
            **{name: row[name] for name in CALIBRATION_FACTS},
        )
        return ImageRecord(**{name: row[name] for name in IMAGE_FACTS}, calibration=calibration)


def head_from_row(row: Mapping[Any, Any]) -> Head:
    """Return where a reading ends.

    Raises
    ------
    StoreDamagedError
        If the row is not one that a store has written.

    """
    with _readable(f"reading {row['reading_id']}"):
        facts = {name: row[name] for name in ("sequence", "hash", "plan")}
        changed_at = time_from_text(row["changed_at"])
        return Head(submitted=bool(row["submitted"]), changed_at=changed_at, **facts)


def tombstone_to_row(tombstone: Tombstone) -> dict[str, Any]:
    """Return the row of a tombstone; the inverse of `tombstone_from_row`."""
    facts = {name: getattr(tombstone, name) for name in TOMBSTONE_FACTS}
    return facts | {
        "subject_kind": tombstone.subject_kind.value,
        "purged_at": time_to_text(tombstone.purged_at),
    }


def tombstone_from_row(row: Mapping[Any, Any]) -> Tombstone:
    """Return the tombstone of a row written by `tombstone_to_row`.

    Raises
    ------
    StoreDamagedError
        If the row is not one that a store has written.

    """
    with _readable(f"tombstone of {row['subject']}"):
        facts = {name: row[name] for name in TOMBSTONE_FACTS}
        return Tombstone(
            subject_kind=row["subject_kind"], purged_at=time_from_text(row["purged_at"]), **facts
        )


def reading_to_row(reading: Reading) -> dict[str, Any]:
    """Return the row of a reading, or a JSON object; the inverse of `reading_from_row`."""
    return {
        "reading_id": reading.reading_id,
        "study_uid": reading.study_uid,
        "reader": reading.reader,
        "purpose": reading.purpose.value,
        "role": reading.role.value,
        "started_at": time_to_text(reading.started_at),
    }


def reading_from_row(row: Mapping[Any, Any]) -> Reading:
    """Return the reading of a row written by `reading_to_row`.

    Raises
    ------
    StoreDamagedError
        If the row is not one that a store has written.

    """
    with _readable(f"reading {row['reading_id']}"):
        facts = {name: row[name] for name in READING_FACTS}
        return Reading(**facts | {"started_at": time_from_text(facts["started_at"])})


def revision_to_row(revision: Revision) -> dict[str, Any]:
    """Return the row of a revision; the inverse of `revision_from_row`."""
    return dict(zip(REVISION_COLUMNS, revision_to_values(revision), strict=True))


def revision_to_values(revision: Revision) -> tuple[Any, ...]:
    """Return the row of a revision as values in the order of `REVISION_COLUMNS`.

    The record is kept as JSON, together with the name of the whole step where it has one; its
    identifier, image and frame also stand in columns of their own, to be looked up by. A record that
    is on no image or frame has an empty text and 0 there.
    """
    draft = revision.draft
    mark = draft.mark
    frame = frame_of(mark)
    return (
        revision.reading_id,
        revision.sequence,
        draft.kind._value_,  # without the call of a property, which an import of many rows notices
        mark.mark_id,
        (image_of(mark) or ON_NO_IMAGE) if frame is None else frame.sop_instance_uid,
        0 if frame is None else frame.frame_number,
        draft.cause._value_,
        draft.action_id,
        draft.concerns,
        draft.author,
        draft.time_text,
        draft.client,
        canonical_json(mark_to_dict(mark) | {STEP: draft.what}) if draft.what else draft.mark_text,
        revision.previous_hash,
        revision.hash,
    )


def revision_from_row(row: Mapping[Any, Any]) -> Revision:
    """Return the revision of a row written by `revision_to_row`.

    Raises
    ------
    StoreDamagedError
        If the row is not one that a store has written.
    StoreVersionError
        If it is of a kind that is not known here.

    """
    reading_id, sequence = row["reading_id"], row["sequence"]
    with _readable(f"revision {sequence} of reading {reading_id}"):
        content = json.loads(row["content"])
        _check_kinds(f"revision {sequence} of reading {reading_id}", row["kind"], content)
        step = {"what": content.pop(STEP)} if STEP in content else {}
        values = {name: row[name] for name in DRAFT_FACTS} | {"mark": content} | step
        draft = Draft.from_dict(values)
        return Revision(reading_id, sequence, draft, row["previous_hash"], row["hash"])


def _check_kinds(subject: str, kind: object, record: object) -> None:
    """Refuse what a newer version of the program may have written, with words of its own."""
    of_record = record.get("kind") if isinstance(record, dict) else None
    for value, known in ((kind, KINDS), (of_record, RECORD_KINDS)):
        if isinstance(value, str) and value not in known:
            raise StoreVersionError(
                subject,
                f"cannot be read: this version of the program does not know its kind, {value!r:.40}",
                "Update fluoro-annotator on this computer. If it is the newest, the store is damaged: restore it"
                " from a backup.",
            )


@contextmanager
def _readable(subject: str) -> Iterator[None]:
    """Say of a row that is not as it was written that the store is damaged."""
    try:
        yield
    except StoreVersionError:
        raise
    except (FluoroAnnotatorError, TypeError, ValueError) as error:
        raise StoreDamagedError(
            subject,
            "cannot be read: the store is damaged",
            "Restore the store from a backup, and keep the damaged file.",
        ) from error
