"""The contract of a store, written once for SQL databases; each engine adds its transactions."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from contextlib import AbstractContextManager

from sqlalchemy import Connection, insert

from fluoro_annotator.marks import Draft, Reading, Revision, StudyRecord, chain
from fluoro_annotator.store import schema
from fluoro_annotator.store.contract import Store
from fluoro_annotator.store.rows import reading_from_row
from fluoro_annotator.store.rules import check_after, check_continuation, check_same_reading
from fluoro_annotator.store.sql_checks import problems
from fluoro_annotator.store.statements import (
    READINGS,
    REVISIONS,
    STUDY_UIDS,
    find_reading,
    find_study,
    first_reading_like,
    insert_reading,
    insert_revisions,
    known_reading,
    known_study,
    last_revision,
    save_images,
    select_revisions,
)


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
            kept = find_study(connection, study.uid)
            if kept is None:
                connection.execute(insert(schema.study), {"uid": study.uid})
            save_images(connection, kept or StudyRecord(study.uid, ()), study)

    def study(self, uid: str) -> StudyRecord:
        """Return a study."""
        with self._reading_transaction() as connection:
            return known_study(connection, uid)

    def studies(self) -> tuple[str, ...]:
        """Return the UIDs of all studies."""
        with self._reading_transaction() as connection:
            return tuple(connection.scalars(STUDY_UIDS))

    # ------------------------------------------------------------------ readings

    def begin(self, reading: Reading) -> Reading:
        """Return the reading under way, or keep this one."""
        with self._writing_transaction() as connection:
            known_study(connection, reading.study_uid)
            return first_reading_like(connection, reading) or insert_reading(connection, reading)

    def add_reading(self, reading: Reading) -> None:
        """Keep a reading as it is."""
        with self._writing_transaction() as connection:
            known_study(connection, reading.study_uid)
            kept = find_reading(connection, reading.reading_id)
            if kept is None:
                insert_reading(connection, reading)
            else:
                check_same_reading(kept, reading)

    def reading(self, reading_id: str) -> Reading:
        """Return a reading."""
        with self._reading_transaction() as connection:
            return known_reading(connection, reading_id)

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
            last = last_revision(connection, reading_id)
            check_after(reading_id, last, after)
            new = chain(reading_id, drafts, last)
            insert_revisions(connection, new)
        return new

    def append_chained(self, reading_id: str, revisions: Sequence[Revision]) -> None:
        """Keep revisions that have numbers and hashes."""
        with self._writing_transaction() as connection:
            last = last_revision(connection, reading_id)
            if revisions:
                check_continuation(reading_id, revisions, last)
                insert_revisions(connection, revisions)

    def revisions(self, reading_id: str, *, after: int = 0) -> tuple[Revision, ...]:
        """Return the revisions of a reading."""
        with self._reading_transaction() as connection:
            known_reading(connection, reading_id)
            return select_revisions(connection, REVISIONS, reading_id, after)

    # ------------------------------------------------------------------ verifying

    def verify(self) -> tuple[str, ...]:
        """Check every chain and every reference."""
        with self._reading_transaction() as connection:
            return (*self._file_problems(connection), *problems(connection))

    @abstractmethod
    def _file_problems(self, connection: Connection) -> Sequence[str]:
        """Return what the database itself finds wrong, one sentence each."""
