"""The SQL statements of a store, each within a transaction that its caller holds."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, RowMapping, Select, and_, bindparam, insert, select, update

from fluoro_annotator.marks import Reading, Revision, StudyRecord
from fluoro_annotator.store import schema
from fluoro_annotator.store.rows import (
    image_from_row,
    image_to_row,
    reading_from_row,
    reading_to_row,
    revision_from_row,
    revision_to_row,
)
from fluoro_annotator.store.rules import unknown_reading, unknown_study

READINGS = select(schema.reading)
OF_READING = and_(
    schema.revision.c.reading_id == bindparam("reading_id"), schema.revision.c.sequence > bindparam("after")
)
REVISIONS = select(schema.revision).where(OF_READING).order_by(schema.revision.c.sequence)
LAST_REVISION = select(schema.revision).where(OF_READING).order_by(schema.revision.c.sequence.desc()).limit(1)
IMAGES = select(schema.image).order_by(schema.image.c.position)
STUDY_UIDS = select(schema.study.c.uid).order_by(schema.study.c.entry)
INSERT_REVISION = insert(schema.revision)
BEFORE_ALL = -(2**63)  # rows that were tampered with may have any number


def find_study(connection: Connection, uid: str) -> StudyRecord | None:
    """Return a study, None if it is not kept."""
    known = connection.scalar(select(schema.study.c.uid).where(schema.study.c.uid == uid))
    if known is None:
        return None
    rows = connection.execute(IMAGES.where(schema.image.c.study_uid == uid)).mappings()
    return StudyRecord(uid, tuple(image_from_row(row) for row in rows))


def known_study(connection: Connection, uid: str) -> StudyRecord:
    """Return a study; raises UnknownStudyError."""
    found = find_study(connection, uid)
    if found is None:
        raise unknown_study(uid)
    return found


def save_images(connection: Connection, kept: StudyRecord, study: StudyRecord) -> None:
    """Write the images that are new or whose facts have changed."""
    new = []
    for position, image in enumerate(kept.merged(study).images):
        uid = image.sop_instance_uid
        row = image_to_row(study.uid, position, image)
        if uid not in kept:
            new.append(row)
        elif kept.image(uid) != image:
            same = and_(schema.image.c.study_uid == study.uid, schema.image.c.sop_instance_uid == uid)
            connection.execute(update(schema.image).where(same).values(row))
    if new:
        connection.execute(insert(schema.image), new)


def find_reading(connection: Connection, reading_id: str) -> Reading | None:
    """Return a reading, None if it is not kept."""
    query = READINGS.where(schema.reading.c.reading_id == reading_id)
    row = connection.execute(query).mappings().first()
    return None if row is None else reading_from_row(row)


def first_reading_like(connection: Connection, reading: Reading) -> Reading | None:
    """Return the reading of the same study, reader and purpose that was kept first, None if there is none."""
    columns = schema.reading.c
    same = and_(
        columns.study_uid == reading.study_uid,
        columns.reader == reading.reader,
        columns.purpose == reading.purpose.value,
    )
    row = connection.execute(READINGS.where(same).order_by(columns.entry).limit(1)).mappings().first()
    return None if row is None else reading_from_row(row)


def known_reading(connection: Connection, reading_id: str) -> Reading:
    """Return a reading; raises UnknownReadingError."""
    found = find_reading(connection, reading_id)
    if found is None:
        raise unknown_reading(reading_id)
    return found


def insert_reading(connection: Connection, reading: Reading) -> Reading:
    """Keep a new reading and return it."""
    connection.execute(insert(schema.reading), reading_to_row(reading))
    return reading


def revision_rows(
    connection: Connection, query: Select[Any], reading_id: str, after: int = 0
) -> Sequence[RowMapping]:
    """Return rows of `REVISIONS` or `LAST_REVISION`."""
    return connection.execute(query, {"reading_id": reading_id, "after": after}).mappings().all()


def select_revisions(
    connection: Connection, query: Select[Any], reading_id: str, after: int = 0
) -> tuple[Revision, ...]:
    """Return revisions by `REVISIONS` or `LAST_REVISION`."""
    return tuple(revision_from_row(row) for row in revision_rows(connection, query, reading_id, after))


def last_revision(connection: Connection, reading_id: str) -> Revision | None:
    """Return the last revision, None if there is none yet; refuse a reading that is not kept."""
    found = select_revisions(connection, LAST_REVISION, reading_id)
    if found:
        return found[0]
    known_reading(connection, reading_id)
    return None


def insert_revisions(connection: Connection, revisions: Sequence[Revision]) -> None:
    """Keep revisions that have numbers and hashes."""
    if revisions:
        connection.execute(INSERT_REVISION, [revision_to_row(revision) for revision in revisions])
