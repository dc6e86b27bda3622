"""A store on a PostgreSQL server, for several people at once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace

from sqlalchemy import Connection, Engine, select, text

from fluoro_annotator import settings
from fluoro_annotator.errors import StorePermissionError, StoreUnavailableError, StoreVersionError
from fluoro_annotator.marks import FIRST_HASH, Purpose, Reading, Revision, Role, StudyRecord, utc_now
from fluoro_annotator.store import schema
from fluoro_annotator.store.postgres_bulk import insert_many
from fluoro_annotator.store.postgres_engine import make_engine
from fluoro_annotator.store.postgres_errors import in_plain_words
from fluoro_annotator.store.postgres_schema import create_tables, switched_off
from fluoro_annotator.store.postgres_upgrading import check_not_newer
from fluoro_annotator.store.postgres_url import parse_url, shown
from fluoro_annotator.store.postgres_users import all_users, grant, revoke, who_am_i
from fluoro_annotator.store.practice_statements import has_keys
from fluoro_annotator.store.purging import TOMBSTONES
from fluoro_annotator.store.roles import StoreRole, StoreUser
from fluoro_annotator.store.rows import tombstone_from_row
from fluoro_annotator.store.sql import SqlStore
from fluoro_annotator.store.statements import known_head, known_study
from fluoro_annotator.store.values import Identity, Purged, Tombstone

TAKE_TURN = text("SELECT pg_advisory_xact_lock(hashtextextended(:subject, 0))")
PURGE_READING = text("SELECT purge_reading(:subject, :reason)")
PURGE_STUDY = text("SELECT purge_study(:subject, :reason)")

READER_ROLES = {
    StoreRole.TRAINEE: Role.TRAINEE,
    StoreRole.ATTENDING: Role.ATTENDING,
    StoreRole.AUDITOR: Role.AUDITOR,
}
"""What a login's role makes of the reader; an administrator reads nothing."""

SEE_EVERYTHING = (StoreRole.ATTENDING, StoreRole.AUDITOR, StoreRole.ADMINISTRATOR)
ADD_NOTHING = (StoreRole.AUDITOR, StoreRole.ADMINISTRATOR)
OF_TRAINEES = (Purpose.PRACTICE, Purpose.PROCEDURE)
"""What a trainee keeps readings for; the policies of ``rights.sql`` enforce it."""

PROTECTION = (
    "by the server: trainees see their own readings and, once they have submitted their own, the reference; "
    "the key of an exercise, once their own answer to it is committed; "
    "auditors change nothing; nobody changes or deletes what was said, or writes under another's name. "
    "The owner of the store and superusers of the server stand above the rules of reading; "
    "what they change is found by `fluoro-annotator store verify`."
)


class PostgresStore(SqlStore):
    """Keeps readings in a database of a PostgreSQL server; see `Store` for the methods.

    Who the reader is, the server knows: readings are kept under the login. What a login may see
    and add, the server enforces by itself, also towards other programs. A few connections are kept
    open, one that broke is replaced with the next call, and threads may share the store.

    Parameters
    ----------
    address : str
        ``postgresql://login[:password]@host[:port]/database[?sslmode=...]``.
    password : str, optional
        Password if the address has none; `settings.store_password` by default, and without that
        libpq's own ``PGPASSWORD`` or ``PGPASSFILE``.

    Raises
    ------
    MissingExtraError
        If psycopg is not installed.
    StoreUnavailableError
        If the server cannot be reached, does not let the login in, or holds no store.
    StorePermissionError
        If the login has no role in the store.
    StoreVersionError
        If another version of the package made it.

    """

    _dates_answers = True

    def __init__(self, address: str, *, password: str | None = None) -> None:
        url = parse_url(address)
        self._place = shown(url)
        self._closed = self._checked = False
        self._engine = make_engine(url, settings.store_password() if password is None else password)
        self._reader = self._engine.execution_options(
            isolation_level="REPEATABLE READ", postgresql_readonly=True
        )
        try:
            self._check_version()
            self._checked = True
        except BaseException:
            self.close()
            raise

    def __repr__(self) -> str:
        return f"PostgresStore({self._place!r})"

    def describe(self) -> str:
        """Return the address without a password."""
        return self._place

    def close(self) -> None:
        """Close all connections."""
        self._closed = True
        self._engine.dispose()

    # ------------------------------------------------------------------ transactions

    def _reading_transaction(self) -> AbstractContextManager[Connection]:
        return self._transaction(self._reader)

    def _writing_transaction(self) -> AbstractContextManager[Connection]:
        return self._transaction(self._engine)

    @contextmanager
    def _transaction(self, engine: Engine) -> Iterator[Connection]:
        if self._closed:
            raise StoreUnavailableError(f"store {self._place}", "is closed", "Open it again.")
        with in_plain_words(self._place, is_store=self._checked), engine.begin() as connection:
            yield connection

    def _take_turn(self, connection: Connection, subject: str) -> None:
        connection.execute(TAKE_TURN, {"subject": subject})

    def _write(self, connection: Connection, revisions: Sequence[Revision]) -> None:
        insert_many(connection, revisions)

    def _check_version(self) -> None:
        with self._reading_transaction() as connection:
            found = connection.scalar(select(schema.meta.c.schema_version))
        subject = f"store {self._place}"
        if found is None:
            raise StoreUnavailableError(
                subject, "does not say which version it has", "Restore it from a backup."
            )
        check_not_newer(self._place, found)
        if found < schema.SCHEMA_VERSION:
            raise StoreVersionError(
                subject,
                f"was made by an older version of the program (schema {found}; this one needs "
                f"{schema.SCHEMA_VERSION})",
                "Back up the server, then have the owner of the store run: fluoro-annotator store upgrade.",
            )

    def _who(self, connection: Connection, reader: str) -> tuple[str, bool]:
        user = who_am_i(connection)
        return (reader, False) if user.is_owner else (user.login, user.role in SEE_EVERYTHING)

    # ------------------------------------------------------------------ people

    def identity(self) -> Identity | None:
        """Return the login with its role; None for the owner, who may keep readings of anybody."""
        user = self.me()
        if user.is_owner:
            return None
        return Identity(
            user.login, READER_ROLES.get(user.role, Role.NOT_STATED) if user.role else Role.NOT_STATED
        )

    def me(self) -> StoreUser:
        """Return the login of this connection with its role in the store."""
        with self._reading_transaction() as connection:
            return who_am_i(connection)

    def users(self) -> tuple[StoreUser, ...]:
        """Return every login that was given a role, sorted by name."""
        with self._reading_transaction() as connection:
            return all_users(connection)

    def grant(self, login: str, role: StoreRole, *, password: str | None = None) -> None:
        """Give a login a role in the store; for administrators and the owner.

        Parameters
        ----------
        login : str
            Name of the login, which is the name of the reader; made if the server does not have it.
        role : StoreRole
            The role. A login has one at a time.
        password : str, optional
            Password of a new login; only a salted hash of it reaches the server.

        Raises
        ------
        StoreError
            If the login cannot have the role: it has another one, is not a login, has rights that
            stand above the rules of the store, or exists and was given a password.
        StorePermissionError
            If one is not an administrator.

        """
        with self._administration() as connection:
            grant(connection, login, role, password)

    def revoke(self, login: str, role: StoreRole) -> None:
        """Take a role from a login, for its open connections, too; for administrators and the owner.

        Raises
        ------
        StoreError
            If the login does not hold the role.
        StorePermissionError
            If one is not an administrator.

        """
        with self._administration() as connection:
            revoke(connection, login, role)

    @contextmanager
    def _administration(self) -> Iterator[Connection]:
        """Hold a writing transaction, and say plainly whose it is to hold it; the server enforces it anyway."""
        with self._writing_transaction() as connection:
            user = who_am_i(connection)
            if not (user.is_owner or user.role is StoreRole.ADMINISTRATOR):
                raise StorePermissionError(
                    f"store {self._place}",
                    "lets only its administrators and its owner give roles and purge",
                    "Ask an administrator of the store.",
                )
            yield connection

    # ------------------------------------------------------------------ what a server does differently

    def save_study(self, study: StudyRecord) -> None:
        """Keep or merge a study.

        Raises
        ------
        StorePermissionError
            If the login has a role that adds nothing.

        """
        with self._naming_roles_that_add_nothing():
            super().save_study(study)

    def begin(self, reading: Reading) -> Reading:
        """Return the reading under way, or keep this one, with the role that the server knows.

        Raises
        ------
        StorePermissionError
            If the reading is under another name than the login, or of a kind that its role does not keep.

        """
        known = self.identity()
        if known is not None:
            if reading.reader != known.reader:
                raise StorePermissionError(
                    f"store {self._place}",
                    f"keeps readings under the login, {known.reader}, not under {reading.reader}",
                    f"Read as {known.reader}, or log in as {reading.reader}.",
                )
            if reading.role is Role.NOT_STATED:
                reading = replace(reading, role=known.role)
        try:
            with self._naming_roles_that_add_nothing():
                return super().begin(reading)
        except StorePermissionError:
            if known is None or known.role is not Role.TRAINEE or reading.purpose in OF_TRAINEES:
                raise
            raise StorePermissionError(
                f"store {self._place}",
                f"takes no {reading.purpose} readings from {known.reader}, whose role in it is trainee",
                "Read for the procedure instead; a reference is marked by somebody who is attending.",
            ) from None

    @contextmanager
    def _naming_roles_that_add_nothing(self) -> Iterator[None]:
        """Say to auditors and administrators whom the server refuses that it is their role."""
        try:
            yield
        except StorePermissionError:
            user = self.me()
            if user.is_owner or user.role not in ADD_NOTHING:
                raise
            raise StorePermissionError(
                f"store {self._place}",
                f"takes no readings from {user.login}, whose role in it is {user.role}",
                "To mark, log in as somebody who is trainee or attending. The command line lists what is there.",
            ) from None

    def purge_reading(self, reading_id: str, *, reason: str, by: str) -> Tombstone:
        """Take a reading out for ever; the tombstone names the login."""
        _check_purge(Purged.READING, reading_id, reason, by)
        with self._administration() as connection:
            self._take_turn(connection, reading_id)
            known_head(connection, reading_id)
            connection.execute(PURGE_READING, {"subject": reading_id, "reason": reason})
            return self._new_tombstones(connection)[-1]

    def purge_study(self, uid: str, *, reason: str, by: str) -> tuple[Tombstone, ...]:
        """Take a study out for ever; the tombstones name the login."""
        _check_purge(Purged.STUDY, uid, reason, by)
        with self._administration() as connection:
            self._take_turn(connection, uid)
            if not has_keys(connection, uid):
                known_study(connection, uid)
            connection.execute(PURGE_STUDY, {"subject": uid, "reason": reason})
            return self._new_tombstones(connection)

    def _new_tombstones(self, connection: Connection) -> tuple[Tombstone, ...]:
        mine = text("tombstone.xmin = pg_current_xact_id()::xid")
        rows = connection.execute(TOMBSTONES.where(mine)).mappings()
        return tuple(tombstone_from_row(row) for row in rows)

    def _engine_name(self, connection: Connection) -> str:
        return f"PostgreSQL {connection.scalar(text('SHOW server_version'))}"

    def _protection(self) -> str:
        return PROTECTION

    def _file_problems(self, connection: Connection) -> Sequence[str]:
        return [f"store {self._place}: {problem}." for problem in switched_off(connection)]


def create_store(address: str, *, password: str | None = None) -> None:
    """Make a store in an empty database; the login becomes its owner.

    The login has to own the database and may make roles, and should be used for nothing else:
    the owner, who makes, upgrades, copies and restores the store, sees every reading and may add
    under any name. What was said, the owner cannot change either. Four roles are made
    beside the store if the server does not have them: ``fluoro_trainee``, ``fluoro_attending``,
    ``fluoro_auditor`` and ``fluoro_administrator``. They belong to the whole server, so that stores in
    several databases of it share them.

    Parameters
    ----------
    address : str
        ``postgresql://login[:password]@host[:port]/database[?sslmode=...]``.
    password : str, optional
        Password if the address has none; `settings.store_password` by default.

    Raises
    ------
    StoreError
        If the database holds something already, or the server is too old.
    StorePermissionError
        If the login may not make a store here; the text says what a superuser has to run.
    StoreUnavailableError
        If the server cannot be reached or does not let the login in.

    """
    url = parse_url(address)
    engine = make_engine(url, settings.store_password() if password is None else password)
    try:
        with in_plain_words(shown(url)), engine.begin() as connection:
            create_tables(connection, shown(url))
    finally:
        engine.dispose()


def _check_purge(kind: Purged, subject: str, reason: str, by: str) -> None:
    """Refuse what a tombstone could not say; the server puts the login in the place of ``by``."""
    Tombstone(
        subject_kind=kind,
        subject=subject,
        study_uid="",
        revisions=0,
        last_hash=FIRST_HASH,
        purged_at=utc_now(),
        purged_by=by,
        reason=reason,
    )
