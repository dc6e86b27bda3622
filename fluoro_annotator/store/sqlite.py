"""A store in one SQLite file: nothing to install, durable with every change."""

from __future__ import annotations

import sqlite3
import uuid
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from threading import RLock
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, insert
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import StaticPool

from fluoro_annotator import __version__
from fluoro_annotator.errors import StoreError, StoreUnavailableError
from fluoro_annotator.marks import Revision, utc_now
from fluoro_annotator.marks.revisions import time_to_text
from fluoro_annotator.store import derived, schema
from fluoro_annotator.store.migrations import stamp
from fluoro_annotator.store.rows import REVISION_COLUMNS, revision_to_values
from fluoro_annotator.store.sql import SqlStore
from fluoro_annotator.store.sqlite_errors import unavailable
from fluoro_annotator.store.sqlite_file import begin_writing, connect, ensure_file
from fluoro_annotator.store.sqlite_schema import create_tables, switched_off
from fluoro_annotator.store.values import Tombstone

WRITES = "fluoro_writes"
INSERT_REVISION = (
    f"INSERT INTO revision ({', '.join(REVISION_COLUMNS)}) VALUES ({', '.join('?' * len(REVISION_COLUMNS))})"  # noqa: S608  # own names
)
"""For the driver itself: SQLAlchemy's care for each value would take as long as the rest of a large import."""
PROTECTION = (
    "none: whoever can read the file can read every reading in it, and whoever can write the file can"
    " change it. Roles are kept by a PostgreSQL server only. Changes behind the back of the program are"
    " found by `fluoro-annotator store verify`, not prevented."
)


class SqliteStore(SqlStore):
    """Keeps readings in a SQLite file; see `Store` for the methods.

    The file is in write-ahead mode and every change is synchronised to the disk before a
    method returns. One connection is kept open; threads take turns. Several programs may have
    the same file open. Whoever may write the file may also tamper with it: the hash chain shows
    that, SQLite does not prevent it.

    Parameters
    ----------
    path : pathlib.Path
        The file; it is made, with its folder, if it is not there.

    Raises
    ------
    StoreUnavailableError
        If the file cannot be made, read or written, or is not a store.
    StoreVersionError
        If another version of the package wrote it.

    """

    def __init__(self, path: Path) -> None:
        self._path = Path(path)
        self._lock = RLock()
        self._closed = False
        ensure_file(self._path, _fill)
        self._identity, self._known_id = _identity(self._path), ""
        self._engine = _engine(self._path)
        self._writer = self._engine.execution_options(**{WRITES: True})

    @property
    def path(self) -> Path:
        """The file."""
        return self._path

    def describe(self) -> str:
        """Return the path of the file."""
        return str(self._path)

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            self._closed = True
            self._engine.dispose()

    @property
    def store_id(self) -> str:
        """Identifier of the store; it is read once from each file that stands in this place."""
        with self._lock:
            self._check_in_place()
            self._known_id = self._known_id or super().store_id
            return self._known_id

    def _reading_transaction(self) -> AbstractContextManager[Connection]:
        return self._transaction(self._engine)

    def _writing_transaction(self) -> AbstractContextManager[Connection]:
        return self._transaction(self._writer)

    @contextmanager
    def _transaction(self, engine: Engine) -> Iterator[Connection]:
        with self._lock:
            self._check_in_place()
            try:
                with engine.begin() as connection:
                    self._check_unchanged()
                    yield connection
            except (DBAPIError, sqlite3.Error) as error:
                raise unavailable(self._path, error) from error
            except (UnicodeEncodeError, OverflowError) as error:
                raise StoreError(f"store {self._path}", "cannot keep a value it was given") from error

    def _check_in_place(self) -> None:
        """Refuse to write into a file that nobody will find again.

        A file that was deleted or moved away can still be written through an open connection.
        If another one stands in its place, that one is used.
        """
        subject = f"store {self._path}"
        if self._closed:
            raise StoreUnavailableError(subject, "is closed", "Open it again.")
        identity = _identity(self._path)
        if identity is None:
            raise StoreUnavailableError(
                subject, "was moved or deleted while it was open", "Put the file back, then try again."
            )
        if identity != self._identity:
            self._engine.dispose()
            ensure_file(self._path, _fill)
            self._identity, self._known_id = identity, ""

    def _write(self, connection: Connection, revisions: Sequence[Revision]) -> None:
        driver: Any = connection.connection.dbapi_connection
        driver.executemany(INSERT_REVISION, map(revision_to_values, revisions))

    def _check_unchanged(self) -> None:
        """Refuse to go on if another file was put in this place while the transaction waited to begin."""
        if _identity(self._path) != self._identity:
            raise StoreUnavailableError(
                f"store {self._path}", "was replaced or moved at this moment", "Try again."
            )

    def _keep_up(self, connection: Connection, revisions: Sequence[Revision]) -> None:
        derived.take(connection, revisions)

    def purge_reading(self, reading_id: str, *, reason: str, by: str) -> Tombstone:
        """Take a reading out for ever, also out of the free space of the file."""
        tombstone = super().purge_reading(reading_id, reason=reason, by=by)
        self._empty_log()
        return tombstone

    def purge_study(self, uid: str, *, reason: str, by: str) -> tuple[Tombstone, ...]:
        """Take a study out for ever, also out of the free space of the file."""
        tombstones = super().purge_study(uid, reason=reason, by=by)
        self._empty_log()
        return tombstones

    def _empty_log(self) -> None:
        """Write the log back into the file, in which what was deleted is overwritten with zeros."""
        with self._lock, self._engine.connect() as connection:
            pooled = connection.connection.dbapi_connection
            busy = pooled.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0] if pooled else 1
        if busy:
            raise StoreUnavailableError(
                f"store {self._path}",
                "has purged what was asked, but its log file may hold the content still: another program uses it",
                "Close other programs that have the store open; the next one that opens it clears the log.",
            )

    def _engine_name(self, connection: Connection) -> str:
        return f"SQLite {connection.exec_driver_sql('SELECT sqlite_version()').scalar_one()}"

    def _protection(self) -> str:
        return PROTECTION

    def _file_problems(self, connection: Connection) -> Sequence[str]:
        found = connection.exec_driver_sql("PRAGMA integrity_check").scalars().all()
        damage = [text for text in found if text != "ok"]
        damage += [f"its trigger {name} is gone or was changed" for name in switched_off(connection)]
        return [f"store {self._path}: {text}." for text in damage]


def _identity(path: Path) -> tuple[int, int] | None:
    """Return what tells a file from another one of the same name, None if there is none."""
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_dev, status.st_ino


def _engine(path: Path) -> Engine:
    """Return an engine with one connection that begins writing transactions as such.

    A transaction that reads first and writes later fails if another program wrote in between;
    ``BEGIN IMMEDIATE`` waits for its turn at the start instead.
    """
    engine = create_engine(
        "sqlite://", creator=lambda: connect(path), poolclass=StaticPool, hide_parameters=True
    )
    event.listen(engine, "begin", _begin)
    return engine


def _begin(connection: Connection) -> None:
    driver: Any = connection.connection.dbapi_connection
    if connection.get_execution_options().get(WRITES, False):
        begin_writing(driver)
    else:
        driver.execute("BEGIN")


@contextmanager
def file_transaction(path: Path) -> Iterator[Connection]:
    """Hold a writing transaction on the file of a store, whatever the version of its tables.

    Raises
    ------
    StoreUnavailableError
        If the file cannot be read or written; then nothing is changed.

    """
    engine = _engine(path)
    try:
        with engine.execution_options(**{WRITES: True}).begin() as connection:
            yield connection
    except (DBAPIError, sqlite3.Error) as error:
        raise unavailable(path, error) from error
    finally:
        engine.dispose()


def _fill(path: Path) -> None:
    """Write the tables of a store into an empty file."""
    engine = _engine(path)
    facts = {
        "id": 1,
        "schema_version": schema.SCHEMA_VERSION,
        "store_id": str(uuid.uuid4()),
        "created_at": time_to_text(utc_now()),
        "created_by": f"fluoro-annotator {__version__}",
    }
    try:
        with engine.begin() as transaction:
            create_tables(transaction)
            transaction.execute(insert(schema.meta), facts)
            stamp(transaction)
    except (DBAPIError, sqlite3.Error) as error:
        raise unavailable(path, error) from error
    finally:
        engine.dispose()
