"""The contract of a store, written once for SQL databases; each engine adds its transactions."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from contextlib import AbstractContextManager
from typing import Any

from sqlalchemy import Connection, RowMapping, Select, and_, bindparam, insert, select, update

from fluoro_annotator.errors import ChainError, StoreUnavailableError
from fluoro_annotator.marks import Draft, Reading, Revision, StudyRecord, chain, check_chain
from fluoro_annotator.store import schema
from fluoro_annotator.store.contract import Store
from fluoro_annotator.store.rows import (
    image_from_row,
    image_to_row,
    reading_from_row,
    reading_to_row,
    revision_from_row,
    revision_to_row,
)
from fluoro_annotator.store.rules import (
    check_after,
    check_continuation,
    check_same_reading,
    unknown_reading,
    unknown_study,
)

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


class SqlStore(Store):
    """Statements and values; an engine says how a transaction is held."""

    @abstractmethod
    def _reading_transaction(self) -> AbstractContextManager[Connection]:
        """Return a transaction that sees one state of the database."""

    @abstractmethod
    def _writing_transaction(self) -> AbstractContextManager[Connection]:
        """Return a transaction that nobody else writes beside, durable when it ends."""

    # ------------------------------------------------------------------ studies

    def save_study(self, study: StudyRecord) -> None:
        """Keep or merge a study."""
        with self._writing_transaction() as connection:
            kept = _study(connection, study.uid)
            if kept is None:
                connection.execute(insert(schema.study), {"uid": study.uid})
            _save_images(connection, kept or StudyRecord(study.uid, ()), study)

    def study(self, uid: str) -> StudyRecord:
        """Return a study."""
        with self._reading_transaction() as connection:
            return _known_study(connection, uid)

    def studies(self) -> tuple[str, ...]:
        """Return the UIDs of all studies."""
        with self._reading_transaction() as connection:
            return tuple(connection.scalars(STUDY_UIDS))

    # ------------------------------------------------------------------ readings

    def begin(self, reading: Reading) -> Reading:
        """Return the reading under way, or keep this one."""
        columns = schema.reading.c
        same = and_(
            columns.study_uid == reading.study_uid,
            columns.reader == reading.reader,
            columns.purpose == reading.purpose.value,
        )
        with self._writing_transaction() as connection:
            _known_study(connection, reading.study_uid)
            found = connection.execute(READINGS.where(same).order_by(columns.entry).limit(1)).mappings()
            row = found.first()
            if row is not None:
                return reading_from_row(row)
            return _insert_reading(connection, reading)

    def add_reading(self, reading: Reading) -> None:
        """Keep a reading as it is."""
        with self._writing_transaction() as connection:
            _known_study(connection, reading.study_uid)
            kept = _reading(connection, reading.reading_id)
            if kept is None:
                _insert_reading(connection, reading)
            else:
                check_same_reading(kept, reading)

    def reading(self, reading_id: str) -> Reading:
        """Return a reading."""
        with self._reading_transaction() as connection:
            return _known_reading(connection, reading_id)

    def readings(self, *, study_uid: str | None = None, reader: str | None = None) -> tuple[Reading, ...]:
        """Return readings, the oldest first."""
        wanted = {"study_uid": study_uid, "reader": reader}
        query = READINGS.filter_by(**{name: value for name, value in wanted.items() if value is not None})
        query = query.order_by(schema.reading.c.started_at, schema.reading.c.entry)
        with self._reading_transaction() as connection:
            return tuple(reading_from_row(row) for row in connection.execute(query).mappings())

    # ------------------------------------------------------------------ revisions

    def append(self, reading_id: str, drafts: Sequence[Draft], *, after: int) -> tuple[Revision, ...]:
        """Keep changes behind the last one."""
        with self._writing_transaction() as connection:
            last = _last_revision(connection, reading_id)
            check_after(reading_id, last, after)
            new = chain(reading_id, drafts, last)
            _insert_revisions(connection, new)
        return new

    def append_chained(self, reading_id: str, revisions: Sequence[Revision]) -> None:
        """Keep revisions that have numbers and hashes."""
        with self._writing_transaction() as connection:
            last = _last_revision(connection, reading_id)
            if revisions:
                check_continuation(reading_id, revisions, last)
                _insert_revisions(connection, revisions)

    def revisions(self, reading_id: str, *, after: int = 0) -> tuple[Revision, ...]:
        """Return the revisions of a reading."""
        with self._reading_transaction() as connection:
            _known_reading(connection, reading_id)
            return _revisions(connection, REVISIONS, reading_id, after)

    # ------------------------------------------------------------------ verifying

    def verify(self) -> tuple[str, ...]:
        """Check every chain and every reference."""
        with self._reading_transaction() as connection:
            problems = list(self._file_problems(connection))
            for reading_id in connection.scalars(select(schema.revision.c.reading_id).distinct()).all():
                problems += _stream_problems(connection, reading_id)
            problems += _reference_problems(connection)
        return tuple(problems)

    @abstractmethod
    def _file_problems(self, connection: Connection) -> Sequence[str]:
        """Return what the database itself finds wrong, one sentence each."""


def _study(connection: Connection, uid: str) -> StudyRecord | None:
    known = connection.scalar(select(schema.study.c.uid).where(schema.study.c.uid == uid))
    if known is None:
        return None
    rows = connection.execute(IMAGES.where(schema.image.c.study_uid == uid)).mappings()
    return StudyRecord(uid, tuple(image_from_row(row) for row in rows))


def _known_study(connection: Connection, uid: str) -> StudyRecord:
    found = _study(connection, uid)
    if found is None:
        raise unknown_study(uid)
    return found


def _save_images(connection: Connection, kept: StudyRecord, study: StudyRecord) -> None:
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


def _reading(connection: Connection, reading_id: str) -> Reading | None:
    query = READINGS.where(schema.reading.c.reading_id == reading_id)
    row = connection.execute(query).mappings().first()
    return None if row is None else reading_from_row(row)


def _known_reading(connection: Connection, reading_id: str) -> Reading:
    found = _reading(connection, reading_id)
    if found is None:
        raise unknown_reading(reading_id)
    return found


def _insert_reading(connection: Connection, reading: Reading) -> Reading:
    connection.execute(insert(schema.reading), reading_to_row(reading))
    return reading


def _revision_rows(
    connection: Connection, query: Select[Any], reading_id: str, after: int = 0
) -> Sequence[RowMapping]:
    return connection.execute(query, {"reading_id": reading_id, "after": after}).mappings().all()


def _revisions(
    connection: Connection, query: Select[Any], reading_id: str, after: int = 0
) -> tuple[Revision, ...]:
    return tuple(revision_from_row(row) for row in _revision_rows(connection, query, reading_id, after))


def _last_revision(connection: Connection, reading_id: str) -> Revision | None:
    """Return the last revision, None if there is none yet; refuse a reading that is not kept."""
    found = _revisions(connection, LAST_REVISION, reading_id)
    if found:
        return found[0]
    _known_reading(connection, reading_id)
    return None


def _insert_revisions(connection: Connection, revisions: Sequence[Revision]) -> None:
    if revisions:
        connection.execute(INSERT_REVISION, [revision_to_row(revision) for revision in revisions])


def _stream_problems(connection: Connection, reading_id: str) -> list[str]:
    rows = _revision_rows(connection, REVISIONS, reading_id, after=BEFORE_ALL)
    try:
        revisions = [revision_from_row(row) for row in rows]
        check_chain(revisions)
    except (ChainError, StoreUnavailableError) as error:
        return [str(error)]
    return [
        f"revision {revision.sequence} of reading {reading_id}: is listed under another mark, image or frame."
        for revision, row in zip(revisions, rows, strict=True)
        if revision_to_row(revision) != dict(row)
    ]


def _reference_problems(connection: Connection) -> list[str]:
    """Return streams without a reading, and marks on images that their study does not list."""
    revision, reading, image = schema.revision, schema.reading, schema.image
    query = (
        select(revision.c.reading_id, revision.c.sequence, reading.c.reading_id, image.c.sop_instance_uid)
        .outerjoin(reading, reading.c.reading_id == revision.c.reading_id)
        .outerjoin(
            image,
            and_(
                image.c.study_uid == reading.c.study_uid,
                image.c.sop_instance_uid == revision.c.sop_instance_uid,
            ),
        )
        .where(image.c.sop_instance_uid.is_(None))
        .order_by(revision.c.reading_id, revision.c.sequence)
    )
    return [
        f"revision {sequence} of reading {reading_id}: "
        + ("belongs to no reading." if known is None else "lies on an image that its study does not list.")
        for reading_id, sequence, known, _ in connection.execute(query)
    ]
