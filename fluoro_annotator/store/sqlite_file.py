"""The file of a SQLite store: created whole or not at all, and checked before it is used."""

from __future__ import annotations

import os
import random
import shlex
import sqlite3
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.parse import quote

from fluoro_annotator.errors import StoreUnavailableError, StoreVersionError
from fluoro_annotator.store.schema import SCHEMA_VERSION
from fluoro_annotator.store.sqlite_errors import ANOTHER_PLACE, DAMAGED, PERMISSION, unavailable

BUSY_SECONDS = 10.0
"""How long others that write are waited for; an engineering default, twice what an import of 100,000 changes takes."""

LONGEST_PAUSE = 0.002
"""Longest pause, in seconds, before a turn is asked for again: about as long as one change takes."""

PRAGMAS = (
    "PRAGMA foreign_keys = ON",
    "PRAGMA synchronous = FULL",
    "PRAGMA secure_delete = ON",  # what is purged is overwritten with zeros
    "PRAGMA fullfsync = ON",  # macOS: a plain fsync leaves the data in the disk's own cache
)


def connect(path: Path) -> sqlite3.Connection:
    """Open an existing file; never creates one.

    Transactions are begun by hand, with ``BEGIN`` or ``BEGIN IMMEDIATE``.
    """
    posix = path.absolute().as_posix()
    slash = "" if posix.startswith("/") else "/"
    connection = sqlite3.connect(
        f"file://{slash}{quote(posix)}?mode=rw",
        uri=True,
        timeout=BUSY_SECONDS,
        isolation_level=None,
        check_same_thread=False,
    )
    try:
        for pragma in PRAGMAS:
            connection.execute(pragma)
    except BaseException:
        connection.close()
        raise
    return connection


def begin_writing(connection: sqlite3.Connection) -> None:
    """Begin a transaction that writes, as soon as others let it.

    SQLite itself asks less and less often, so that whoever has waited longest is the least likely to
    get a turn: of eight programs that write without pause one waited for seconds. Here everybody asks
    equally often, after pauses of random length.

    Raises
    ------
    sqlite3.OperationalError
        If nobody lets go within `BUSY_SECONDS`, or the file cannot be written.

    """
    until = time.monotonic() + BUSY_SECONDS
    connection.execute("PRAGMA busy_timeout = 0")
    try:
        while not _begun(connection, last_time=time.monotonic() >= until):
            time.sleep(random.uniform(0, LONGEST_PAUSE))  # noqa: S311 - not a secret
    finally:
        connection.execute(f"PRAGMA busy_timeout = {round(BUSY_SECONDS * 1000)}")


def _begun(connection: sqlite3.Connection, *, last_time: bool) -> bool:
    try:
        connection.execute("BEGIN IMMEDIATE")
    except sqlite3.OperationalError as error:
        if last_time or error.sqlite_errorname != "SQLITE_BUSY":
            raise
        return False
    return True


def ensure_file(path: Path, fill: Callable[[Path], None]) -> None:
    """Make a store if there is none, and prove that it can be used.

    A new store appears under its name only when it is complete. If another program makes it at
    the same time, the one that comes first stays. On POSIX the file can be read and written by
    its owner alone.

    Parameters
    ----------
    path : pathlib.Path
        The store.
    fill : callable
        Writes tables into the empty file whose path it is given, and closes it.

    Raises
    ------
    StoreUnavailableError
        If the file cannot be made, is not a store, is damaged, or may not be written.
    StoreVersionError
        If another version of the package wrote it.

    """
    with file_faults(path):
        if not path.exists():
            _create(path, fill)
        _check(path)


def _create(path: Path, fill: Callable[[Path], None]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f"{path.name}.new-{uuid.uuid4().hex}")
    try:
        os.close(os.open(draft, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
        fill(draft)
        write_ahead(draft)
        publish(draft, path)
        sync_folders(path.parent, path.parent.parent)
    finally:
        for ending in ("", "-journal", "-wal", "-shm"):
            draft.with_name(draft.name + ending).unlink(missing_ok=True)


def write_ahead(path: Path) -> None:
    """Let a file that is complete be written with a log from now on.

    Only then: a log belongs to the name of its file, and what is in it when the file gets another
    name would be lost. A full disk keeps SQLite from emptying the log when the file is closed.
    """
    with closing(connect(path)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")


def publish(draft: Path, path: Path) -> bool:
    """Give a file its name unless the name is taken; return whether it has it."""
    try:
        os.link(draft, path)
    except FileExistsError:
        return False
    except OSError:  # a file system without hard links
        return _take_name(draft, path)
    return True


def _take_name(draft: Path, path: Path) -> bool:
    """Take the name first, then fill it."""
    try:
        os.close(os.open(path, os.O_CREAT | os.O_EXCL, 0o600))
    except FileExistsError:
        return False
    draft.replace(path)
    return True


def sync_folders(*folders: Path) -> None:
    """Make new directory entries survive a power cut; only POSIX lets a folder be synchronised."""
    if os.name != "posix":
        return
    for folder in folders:
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _check(path: Path) -> None:
    subject = f"store {path}"
    elsewhere = f"Choose a file, {ANOTHER_PLACE}."
    if path.is_dir():
        raise StoreUnavailableError(subject, "is a folder, not a file", elsewhere)
    if not path.is_file():
        raise StoreUnavailableError(subject, "is not a file", elsewhere)
    if path.stat().st_size == 0:
        raise StoreUnavailableError(subject, "is empty, which a store never is", DAMAGED)
    with closing(connect(path)) as connection:
        _check_version(path, _version(path, connection))
        begin_writing(connection)
        connection.execute("ROLLBACK")


def _version(path: Path, connection: sqlite3.Connection) -> int:
    tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    if "meta" not in tables or "revision" not in tables:
        raise StoreUnavailableError(
            f"store {path}", "is a database of another program", f"Choose another file, {ANOTHER_PLACE}."
        )
    row = connection.execute("SELECT schema_version FROM meta").fetchone()
    if row is None or not isinstance(row[0], int):
        raise StoreUnavailableError(f"store {path}", "does not say which version it has", DAMAGED)
    return row[0]


def version_of(path: Path) -> int:
    """Return the version of the tables of a store, which need not be the present one.

    Raises
    ------
    StoreUnavailableError
        If there is no file, or it cannot be read or is not a store.
    StoreVersionError
        If a newer version of the program wrote it.

    """
    with file_faults(path):
        if not path.is_file():
            raise StoreUnavailableError(f"store {path}", "does not exist", "Check the path.")
        with closing(connect(path)) as connection:
            found = _version(path, connection)
    if found > SCHEMA_VERSION:
        _check_version(path, found)
    return found


def copy_file(source: Path, destination: Path) -> None:
    """Copy a store while it may be in use, as of one moment; the copy is one file, synchronised to the disk.

    Raises
    ------
    FileExistsError
        If the destination exists.
    OSError, sqlite3.Error
        If the copy cannot be made; then there is no destination.

    """
    os.close(os.open(destination, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
    try:
        with closing(connect(source)) as original, closing(sqlite3.connect(destination)) as copy:
            original.backup(copy)
            copy.execute("PRAGMA journal_mode = DELETE")
        with destination.open("rb+") as file:
            os.fsync(file.fileno())
        sync_folders(destination.parent)
    except BaseException:
        destination.unlink(missing_ok=True)
        raise


def _check_version(path: Path, found: int) -> None:
    if found > SCHEMA_VERSION:
        raise StoreVersionError(
            f"store {path}",
            f"was written by a newer version of the program (schema {found}; this one knows {SCHEMA_VERSION})",
            "Update fluoro-annotator on this computer.",
        )
    if found < SCHEMA_VERSION:
        raise StoreVersionError(
            f"store {path}",
            f"was written by an older version of the program (schema {found}; this one needs {SCHEMA_VERSION})",
            "Close all windows that use it, then run: fluoro-annotator store upgrade --store"
            f" {shlex.quote(str(path))} (it makes a backup first).",
        )


@contextmanager
def file_faults(path: Path) -> Iterator[None]:
    """Turn faults of the file system and of SQLite into what they mean."""
    try:
        yield
    except sqlite3.Error as error:
        raise unavailable(path, error) from error
    except PermissionError as error:
        raise StoreUnavailableError(f"store {path}", "may not be read or written", PERMISSION) from error
    except OSError as error:
        reason = error.strerror or "reports a fault"
        raise StoreUnavailableError(
            f"store {path}", f"cannot be used: {reason}", f"Check the folder, {ANOTHER_PLACE}."
        ) from error
