"""Taking readings and studies out of a store for ever, with a tombstone in their place."""

from __future__ import annotations

from sqlalchemy import Connection, delete, exists, insert, select

from fluoro_annotator.marks import FIRST_HASH, utc_now
from fluoro_annotator.store import schema
from fluoro_annotator.store.practice_statements import has_keys
from fluoro_annotator.store.rows import tombstone_from_row, tombstone_to_row
from fluoro_annotator.store.rules import held_here
from fluoro_annotator.store.statements import known_head, known_reading, known_study
from fluoro_annotator.store.values import Purged, Tombstone

TOMBSTONES = select(schema.tombstone).order_by(schema.tombstone.c.entry)
OF_READING = (schema.current, schema.head, schema.revision, schema.reading)
OF_STUDY = (schema.practice_key, schema.image, schema.image_entry, schema.study, schema.study_entry)
"""What is taken away, in an order in which nothing refers to what is gone."""


def purge_reading(connection: Connection, reading_id: str, *, reason: str, by: str) -> Tombstone:
    """Take away a reading; see `Store.purge_reading`."""
    reading, head = known_reading(connection, reading_id), known_head(connection, reading_id)
    tombstone = Tombstone(
        subject_kind=Purged.READING,
        subject=reading_id,
        study_uid=reading.study_uid,
        revisions=head.sequence,
        last_hash=head.hash,
        purged_at=utc_now(),
        purged_by=by,
        reason=reason,
    )
    connection.execute(insert(schema.tombstone), tombstone_to_row(tombstone))
    for table in OF_READING:
        connection.execute(delete(table).where(table.c.reading_id == reading_id))
    return tombstone


def purge_study(connection: Connection, uid: str, *, reason: str, by: str) -> tuple[Tombstone, ...]:
    """Take away a study with its readings; see `Store.purge_study`."""
    if not has_keys(connection, uid):
        known_study(connection, uid)
    ids = select(schema.reading.c.reading_id).where(schema.reading.c.study_uid == uid)
    readings = connection.scalars(ids.order_by(schema.reading.c.entry)).all()
    gone = [purge_reading(connection, reading_id, reason=reason, by=by) for reading_id in readings]
    tombstone = Tombstone(
        subject_kind=Purged.STUDY,
        subject=uid,
        study_uid=uid,
        revisions=sum(reading.revisions for reading in gone),
        last_hash=FIRST_HASH,
        purged_at=utc_now(),
        purged_by=by,
        reason=reason,
    )
    connection.execute(insert(schema.tombstone), tombstone_to_row(tombstone))
    for table in OF_STUDY:
        column = table.c.study_uid if "study_uid" in table.c else table.c.uid
        connection.execute(delete(table).where(column == uid))
    return *gone, tombstone


def insert_tombstone(connection: Connection, tombstone: Tombstone) -> None:
    """Keep a tombstone of another store, once; see `Store.keep_tombstone`.

    A reading that was purged never comes back; a study may have been opened again since.
    """
    same = schema.reading.c.reading_id == tombstone.subject
    if tombstone.subject_kind is Purged.READING and connection.scalar(select(exists().where(same))):
        raise held_here(tombstone)
    kept = {tombstone_from_row(row) for row in connection.execute(TOMBSTONES).mappings()}
    if tombstone not in kept:
        connection.execute(insert(schema.tombstone), tombstone_to_row(tombstone))
