"""The SQL statements of a store, each within a transaction that its caller holds."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import (
    BigInteger,
    Connection,
    RowMapping,
    Select,
    and_,
    bindparam,
    exists,
    func,
    insert,
    not_,
    or_,
    select,
)

from fluoro_annotator.errors import UnknownReadingError
from fluoro_annotator.marks import Purpose, Reading, Record, Revision, StudyRecord, utc_now
from fluoro_annotator.marks.revisions import time_to_text
from fluoro_annotator.store import schema
from fluoro_annotator.store.rows import (
    facts_from_row,
    head_from_row,
    image_from_row,
    image_to_row,
    reading_from_row,
    reading_to_row,
    revision_from_row,
    study_to_row,
)
from fluoro_annotator.store.rules import (
    gone_reading,
    purged_reading,
    reading_hash,
    unknown_reading,
    unknown_study,
)
from fluoro_annotator.store.values import Head, Purged

READINGS = select(schema.reading)
OF_READING = and_(
    schema.revision.c.reading_id == bindparam("reading_id"),
    schema.revision.c.sequence > bindparam("after", type_=BigInteger()),
)
REVISIONS = select(schema.revision).where(OF_READING).order_by(schema.revision.c.sequence)
PRESENT = (
    select(schema.revision)
    .join(
        schema.current,
        and_(
            schema.current.c.reading_id == schema.revision.c.reading_id,
            schema.current.c.sequence == schema.revision.c.sequence,
        ),
    )
    .where(schema.current.c.reading_id == bindparam("reading_id"), schema.current.c.deleted == 0)
    .order_by(schema.revision.c.sequence)
)
IS_SUBMITTED = exists().where(
    schema.head.c.reading_id == schema.reading.c.reading_id, schema.head.c.submitted == 1
)
HEAD = select(schema.head).where(schema.head.c.reading_id == bindparam("reading_id"))
STUDY = select(schema.study).where(schema.study.c.uid == bindparam("uid"))
IMAGES = (
    select(schema.image).where(schema.image.c.study_uid == bindparam("uid")).order_by(schema.image.c.entry)
)
STUDY_UIDS = select(schema.study.c.uid).order_by(schema.study.c.entry)
IS_PURGED = select(func.count()).where(
    schema.tombstone.c.subject_kind == Purged.READING.value,
    schema.tombstone.c.subject == bindparam("reading_id"),
)
BEFORE_ALL = -(2**63)  # rows that were tampered with may have any number


def find_study(connection: Connection, uid: str) -> StudyRecord | None:
    """Return a study, None if it is not kept."""
    row = connection.execute(STUDY, {"uid": uid}).mappings().first()
    if row is None:
        return None
    images = connection.execute(IMAGES, {"uid": uid}).mappings()
    return StudyRecord(uid, tuple(image_from_row(image) for image in images), facts_from_row(row))


def known_study(connection: Connection, uid: str) -> StudyRecord:
    """Return a study; raises UnknownStudyError."""
    found = find_study(connection, uid)
    if found is None:
        raise unknown_study(uid)
    return found


def save_study(connection: Connection, study: StudyRecord) -> None:
    """Add the facts of a study and of its images that are new or have changed."""
    kept = find_study(connection, study.uid)
    merged = study if kept is None else kept.merged(study)
    now = {"saved_at": time_to_text(utc_now())}
    if kept is None or kept.facts != merged.facts:
        connection.execute(insert(schema.study_entry), study_to_row(merged) | now)
    known = {} if kept is None else {image.sop_instance_uid: image for image in kept.images}
    new = [image for image in merged.images if known.get(image.sop_instance_uid) != image]
    if new:
        rows = [image_to_row(study.uid, image) | now for image in new]
        connection.execute(insert(schema.image_entry), rows)


def find_reading(connection: Connection, reading_id: str) -> Reading | None:
    """Return a reading, None if it is not kept."""
    query = READINGS.where(schema.reading.c.reading_id == reading_id)
    row = connection.execute(query).mappings().first()
    return None if row is None else reading_from_row(row)


def reading_under_way(connection: Connection, reading: Reading) -> Reading | None:
    """Return the reading to go on with, None if there is none.

    It is the first of the same study, reader and purpose. A practice reading that was submitted is
    over, so the next one is taken; but one that is kept already is never begun a second time.
    """
    columns = schema.reading.c
    wanted = and_(
        columns.study_uid == reading.study_uid,
        columns.reader == reading.reader,
        columns.purpose == reading.purpose.value,
    )
    if reading.purpose is Purpose.PRACTICE:
        wanted = and_(wanted, or_(not_(IS_SUBMITTED), columns.reading_id == reading.reading_id))
    row = connection.execute(READINGS.where(wanted).order_by(columns.entry).limit(1)).mappings().first()
    return None if row is None else reading_from_row(row)


def known_reading(connection: Connection, reading_id: str) -> Reading:
    """Return a reading; raises UnknownReadingError."""
    found = find_reading(connection, reading_id)
    if found is None:
        raise _missing(connection, reading_id)
    return found


def _missing(connection: Connection, reading_id: str) -> UnknownReadingError:
    """Return the error for a reading that is not kept; whoever has it open hears that it was purged."""
    purged = connection.scalar(IS_PURGED, {"reading_id": reading_id})
    return gone_reading(reading_id) if purged else unknown_reading(reading_id)


def insert_reading(connection: Connection, reading: Reading) -> Reading:
    """Keep a new reading and return it; one that was purged does not come back."""
    if connection.scalar(IS_PURGED, {"reading_id": reading.reading_id}):
        raise purged_reading(reading.reading_id)
    connection.execute(insert(schema.reading), reading_to_row(reading) | {"hash": reading_hash(reading)})
    return reading


def known_head(connection: Connection, reading_id: str) -> Head:
    """Return where a reading ends; raises UnknownReadingError."""
    row = connection.execute(HEAD, {"reading_id": reading_id}).mappings().first()
    if row is None:
        raise _missing(connection, reading_id)
    return head_from_row(row)


def revision_rows(
    connection: Connection, query: Select[Any], reading_id: str, after: int = 0
) -> Sequence[RowMapping]:
    """Return rows of `REVISIONS`."""
    return connection.execute(query, {"reading_id": reading_id, "after": after}).mappings().all()


def select_revisions(
    connection: Connection, query: Select[Any], reading_id: str, after: int = 0
) -> tuple[Revision, ...]:
    """Return revisions by `REVISIONS`."""
    return tuple(revision_from_row(row) for row in revision_rows(connection, query, reading_id, after))


def present_records(connection: Connection, reading_id: str) -> tuple[Record, ...]:
    """Return the records of a reading that are not deleted, the one changed last coming last."""
    rows = connection.execute(PRESENT, {"reading_id": reading_id}).mappings()
    return tuple(revision_from_row(row).draft.mark for row in rows)
