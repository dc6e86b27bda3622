"""The contract of a store, written once for SQL databases; each engine adds its transactions."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager

from sqlalchemy import Connection, func, select

from fluoro_annotator.marks import Draft, Reading, Record, Revision, StudyRecord, chain
from fluoro_annotator.store import listing, schema
from fluoro_annotator.store.contract import EVERY_STUDY, Store
from fluoro_annotator.store.filters import check_page
from fluoro_annotator.store.practice_sql import Engine, SqlPractice
from fluoro_annotator.store.purging import TOMBSTONES, insert_tombstone, purge_reading, purge_study
from fluoro_annotator.store.rows import reading_from_row, tombstone_from_row
from fluoro_annotator.store.rules import (
    about_submission,
    check_after,
    check_continuation,
    check_open,
    check_same_reading,
)
from fluoro_annotator.store.sql_checks import problems
from fluoro_annotator.store.statements import (
    READINGS,
    REVISIONS,
    STUDY_UIDS,
    find_reading,
    insert_reading,
    known_head,
    known_reading,
    known_study,
    present_records,
    reading_under_way,
    save_study,
    select_revisions,
)
from fluoro_annotator.store.values import Head, StoreStatus, StudyFilter, StudyPage, Tombstone

COUNTED = {
    "studies": schema.study,
    "readings": schema.reading,
    "revisions": schema.revision,
    "tombstones": schema.tombstone,
    "set_versions": schema.practice_set,
    "answers": schema.practice_answer,
}


class SqlStore(Store):
    """Statements and values; an engine says how a transaction is held."""

    _dates_answers = False
    """Whether the database itself writes down when it took an answer."""

    @abstractmethod
    def _reading_transaction(self) -> AbstractContextManager[Connection]:
        """Return a transaction that sees one state of the database."""

    @abstractmethod
    def _writing_transaction(self) -> AbstractContextManager[Connection]:
        """Return a transaction that is durable when it ends."""

    def _take_turn(self, _connection: Connection, _subject: str) -> None:
        """Keep others from writing to a study or reading until the transaction ends.

        Nothing is to be done where a writing transaction is alone anyway.
        """

    def _keep_up(self, _connection: Connection, _revisions: Sequence[Revision]) -> None:
        """Bring what is derived up to date; nothing is to be done where the database does so itself."""

    def _who(self, _connection: Connection, reader: str) -> tuple[str, bool]:
        """Return who somebody is, and whether the database shows him or her everything; a file knows nobody."""
        return reader, False

    # ------------------------------------------------------------------ about itself

    @property
    def store_id(self) -> str:
        """Identifier of the store."""
        with self._reading_transaction() as connection:
            return str(connection.scalar(select(schema.meta.c.store_id)))

    def status(self) -> StoreStatus:
        """Return what can be said of the store."""
        with self._reading_transaction() as connection:
            meta = connection.execute(select(schema.meta)).mappings().one()
            counts = {
                name: connection.scalar(select(func.count()).select_from(table)) or 0
                for name, table in COUNTED.items()
            }
            return StoreStatus(
                place=self.describe(),
                engine=self._engine_name(connection),
                schema_version=meta["schema_version"],
                store_id=meta["store_id"],
                protection=self._protection(),
                **counts,
            )

    @abstractmethod
    def _engine_name(self, connection: Connection) -> str:
        """Return what keeps the store, with its version."""

    @abstractmethod
    def _protection(self) -> str:
        """Return who is kept from what."""

    @property
    def practice(self) -> SqlPractice:
        """What is kept of practice."""
        return SqlPractice(
            Engine(
                reading=self._reading_transaction,
                writing=self._writing_transaction,
                take_turn=self._take_turn,
                who=self._who,
                dates_answers=self._dates_answers,
            )
        )

    # ------------------------------------------------------------------ studies

    def save_study(self, study: StudyRecord) -> None:
        """Keep or merge a study."""
        with self._writing_transaction() as connection:
            self._take_turn(connection, study.uid)
            save_study(connection, study)

    def study(self, uid: str) -> StudyRecord:
        """Return a study."""
        with self._reading_transaction() as connection:
            return known_study(connection, uid)

    def studies(self) -> tuple[str, ...]:
        """Return the UIDs of all studies."""
        with self._reading_transaction() as connection:
            return tuple(connection.scalars(STUDY_UIDS))

    def index(self, wanted: StudyFilter = EVERY_STUDY, *, limit: int = 50, offset: int = 0) -> StudyPage:
        """Return a page of the list of studies."""
        check_page(limit, offset)
        with self._reading_transaction() as connection:
            return listing.page(connection, wanted, limit, offset)

    # ------------------------------------------------------------------ readings

    def begin(self, reading: Reading) -> Reading:
        """Return the reading under way, or keep this one."""
        with self._writing_transaction() as connection:
            self._take_turn(connection, reading.study_uid)
            known_study(connection, reading.study_uid)
            return reading_under_way(connection, reading) or insert_reading(connection, reading)

    def add_reading(self, reading: Reading) -> None:
        """Keep a reading as it is."""
        with self._writing_transaction() as connection:
            self._take_turn(connection, reading.study_uid)
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

    def head(self, reading_id: str) -> Head:
        """Return where a reading ends."""
        with self._reading_transaction() as connection:
            return known_head(connection, reading_id)

    def records(self, reading_id: str) -> tuple[Record, ...]:
        """Return the present records of a reading."""
        with self._reading_transaction() as connection:
            known_head(connection, reading_id)
            return present_records(connection, reading_id)

    # ------------------------------------------------------------------ revisions

    def append(self, reading_id: str, drafts: Sequence[Draft], *, after: int) -> tuple[Revision, ...]:
        """Keep changes behind the last one."""
        with self._writing_transaction() as connection:
            self._take_turn(connection, reading_id)
            head = known_head(connection, reading_id)
            check_after(reading_id, head, after)
            new = chain(reading_id, drafts, head)
            self._insert(connection, reading_id, head, new)
        return new

    def append_behind(
        self, reading_id: str, choose: Callable[[Sequence[Revision]], Sequence[Draft]], *, after: int
    ) -> tuple[Revision, ...]:
        """Keep changes behind whatever is there."""
        with self._writing_transaction() as connection:
            self._take_turn(connection, reading_id)
            head = known_head(connection, reading_id)
            check_after(reading_id, head, max(after, head.sequence))
            found = (
                select_revisions(connection, REVISIONS, reading_id, after) if head.sequence > after else ()
            )
            new = chain(reading_id, choose(found), head)
            self._insert(connection, reading_id, head, new)
        return new

    def append_chained(self, reading_id: str, revisions: Sequence[Revision]) -> None:
        """Keep revisions that have numbers and hashes."""
        with self._writing_transaction() as connection:
            self._take_turn(connection, reading_id)
            head = known_head(connection, reading_id)
            if revisions:
                check_continuation(reading_id, revisions, head)
            self._insert(connection, reading_id, head, revisions)

    def _insert(
        self, connection: Connection, reading_id: str, head: Head, revisions: Sequence[Revision]
    ) -> None:
        if not revisions:
            return
        if head.submitted or any(about_submission(revision.draft) for revision in revisions):
            reading = known_reading(connection, reading_id)
            check_open(reading, (revision.draft for revision in revisions), submitted=head.submitted)
        self._write(connection, revisions)
        self._keep_up(connection, revisions)

    @abstractmethod
    def _write(self, connection: Connection, revisions: Sequence[Revision]) -> None:
        """Add revisions of one reading, at least one, to those that are kept."""

    def revisions(self, reading_id: str, *, after: int = 0) -> tuple[Revision, ...]:
        """Return the revisions of a reading."""
        with self._reading_transaction() as connection:
            known_head(connection, reading_id)
            return select_revisions(connection, REVISIONS, reading_id, after)

    # ------------------------------------------------------------------ purging

    def purge_reading(self, reading_id: str, *, reason: str, by: str) -> Tombstone:
        """Take a reading out for ever."""
        with self._writing_transaction() as connection:
            self._take_turn(connection, reading_id)
            return purge_reading(connection, reading_id, reason=reason, by=by)

    def purge_study(self, uid: str, *, reason: str, by: str) -> tuple[Tombstone, ...]:
        """Take a study out for ever."""
        with self._writing_transaction() as connection:
            self._take_turn(connection, uid)
            return purge_study(connection, uid, reason=reason, by=by)

    def tombstones(self) -> tuple[Tombstone, ...]:
        """Return what was purged."""
        with self._reading_transaction() as connection:
            return tuple(tombstone_from_row(row) for row in connection.execute(TOMBSTONES).mappings())

    def keep_tombstone(self, tombstone: Tombstone) -> None:
        """Take over a tombstone."""
        with self._writing_transaction() as connection:
            insert_tombstone(connection, tombstone)

    # ------------------------------------------------------------------ verifying

    def verify(self) -> tuple[str, ...]:
        """Check every chain and every reference."""
        with self._reading_transaction() as connection:
            return (*self._file_problems(connection), *problems(connection))

    @abstractmethod
    def _file_problems(self, connection: Connection) -> Sequence[str]:
        """Return what the database itself finds wrong, one sentence each."""
