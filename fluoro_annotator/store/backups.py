"""Backups: a store as one file, proved to be sound, and back again."""

from __future__ import annotations

import os
import sqlite3
import uuid
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import update

from fluoro_annotator.errors import StoreDamagedError, StoreError, StoreUnavailableError
from fluoro_annotator.marks import utc_now
from fluoro_annotator.store import schema
from fluoro_annotator.store.contract import Store
from fluoro_annotator.store.copying import Conflict, CopyReport, Progress, copy
from fluoro_annotator.store.sqlite import SqliteStore, file_transaction
from fluoro_annotator.store.sqlite_errors import ANOTHER_PLACE
from fluoro_annotator.store.sqlite_file import (
    connect,
    copy_file,
    file_faults,
    publish,
    sync_folders,
    version_of,
    write_ahead,
)
from fluoro_annotator.store.upgrading import upgrade_file

ANOTHER_NAME = "Choose another name."
UNSOUND = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)
PRIMARY_CODE = 0xFF
"""The part of SQLite's result codes that says what happened (https://www.sqlite.org/rescode.html)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Backup:
    """A backup that was made.

    Attributes
    ----------
    path : pathlib.Path
        The file.
    problems : tuple of str
        What verifying the file found, one sentence each; empty if it is sound. They are those of the
        store itself.
    conflicts : tuple of Conflict
        What of a store on a server could not be read, and is not in the file.

    """

    path: Path
    problems: tuple[str, ...]
    conflicts: tuple[Conflict, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Restored:
    """What a restore has done.

    Attributes
    ----------
    aside : pathlib.Path or None
        The store that was in this place before, if there was one.
    upgraded_from : int or None
        Version of the backup, if it was an older one.
    copied : CopyReport or None
        What was copied into a store on a server.

    """

    aside: Path | None = None
    upgraded_from: int | None = None
    copied: CopyReport | None = None


def backup(store: Store, path: Path, *, progress: Progress | None = None) -> Backup:
    """Write everything that a store holds to a new file, while it may be in use.

    A file is written as of one moment, a store on a server reading by reading. The new file appears under its name when it is complete, synchronised to the disk and verified.

    Parameters
    ----------
    store : Store
        The store. One that is not a file is copied into a store file.
    path : pathlib.Path
        The new file.
    progress : callable, optional
        Called with the number of studies done and the number of all, where studies are copied one by one.

    Raises
    ------
    StoreUnavailableError
        If the file exists or cannot be written; then none is left behind.
    StorePermissionError
        If the login may not see everything in the store.

    """
    path = Path(path)
    _refuse_existing(store, path)
    with _draft_of(path, "backup") as draft:
        conflicts = _write(store, draft, progress)
        problems = _problems(draft)
        _make_one_file(draft)
        if not publish(draft, path):
            raise _exists(path)
        sync_folders(path.parent)
    return Backup(path=path, problems=problems, conflicts=conflicts)


def _refuse_existing(store: Store, path: Path) -> None:
    with file_faults(path):
        if not path.exists():
            return
        if isinstance(store, SqliteStore) and path.samefile(store.path):
            raise StoreError(f"file {path}", "is the store itself, not a place for its backup", ANOTHER_NAME)
        raise _exists(path)


def _exists(path: Path) -> StoreError:
    return StoreError(f"file {path}", "exists already, and a backup replaces nothing", ANOTHER_NAME)


def _write(store: Store, draft: Path, progress: Progress | None) -> tuple[Conflict, ...]:
    if isinstance(store, SqliteStore):
        copy_file(store.path, draft)
        return ()
    with SqliteStore(draft) as written:
        return tuple(copy(store, written, progress=progress).conflicts)


def _problems(path: Path) -> tuple[str, ...]:
    with SqliteStore(path) as store:
        return store.verify()


def _make_one_file(path: Path) -> None:
    """Put everything into the file itself, and let it need no other files beside it."""
    with closing(connect(path)) as connection:
        connection.execute("PRAGMA journal_mode = DELETE")
    with path.open("rb+") as file:
        os.fsync(file.fileno())


@contextmanager
def _draft_of(path: Path, what: str) -> Iterator[Path]:
    """Give the name under which a file is made before it has its own; nothing is left behind under it.

    Errors name the file that was wanted.
    """
    draft = path.with_name(f"{path.name}.new-{uuid.uuid4().hex}")
    try:
        with file_faults(draft):
            yield draft
    except StoreUnavailableError as error:
        raise type(error)(
            error.subject.replace(f"store {draft}", f"{what} {path}"),
            error.problem,
            error.remedy.replace(ANOTHER_PLACE, "or choose another folder"),
        ) from error
    finally:
        if path.parent.is_dir():
            for file in path.parent.iterdir():
                if file.name.startswith(draft.name):
                    file.unlink()


def restore(
    source: Path, destination: Path | Store, *, replace: bool = False, another: bool = False
) -> Restored:
    """Bring back what a backup holds.

    The backup is only read. It is verified first, and upgraded on the way if it is of an older version.

    Parameters
    ----------
    source : pathlib.Path
        The backup.
    destination : pathlib.Path or Store
        The file of a store; or an empty store, for example on a server, that the backup is copied into.
    replace : bool
        Take the place of a store that holds something. It is kept under another name.
    another : bool
        The result is not to be the store that was backed up but another one beside it: it gets an
        identifier of its own, so that changes that wait for that one never go into it. A store on a server has one anyway.

    Raises
    ------
    StoreDamagedError
        If the backup is not sound; then nothing is done.
    StoreUnavailableError
        If the backup cannot be read, the destination cannot be written, or another program has it open.
    StoreVersionError
        If a newer version of the program wrote the backup.
    StoreError
        If the destination holds something and may not be replaced, or is the backup itself.

    """
    source = Path(source)
    if isinstance(destination, Store):
        return _restore_into(source, destination)
    destination = Path(destination)
    _refuse_itself(source, destination)
    _refuse_no_file(destination)
    if not replace:
        _refuse_occupied(destination)
    with file_faults(destination):
        destination.parent.mkdir(parents=True, exist_ok=True)
    with _draft_of(destination, "store") as draft:
        version = _fill_from(source, draft)
        if another:
            with file_transaction(draft) as connection:
                connection.execute(update(schema.meta).values(store_id=str(uuid.uuid4())))
        write_ahead(draft)
        with file_faults(destination):
            aside = _put_in_place(draft, destination)
        return Restored(aside=aside, upgraded_from=version)


def _restore_into(source: Path, store: Store) -> Restored:
    status = store.status()
    if not status.is_empty:
        raise StoreError(
            f"store {store.describe()}",
            "holds something already, and a store on a server cannot be put aside",
            "Restore into a new one, made with: fluoro-annotator store init. To add what is missing here,"
            " use: fluoro-annotator store copy.",
        )
    with TemporaryDirectory() as folder, _draft_of(Path(folder) / source.name, "copy of backup") as draft:
        version = _fill_from(source, draft)
        with SqliteStore(draft) as opened:
            return Restored(copied=copy(opened, store), upgraded_from=version)


def _refuse_itself(source: Path, destination: Path) -> None:
    with file_faults(destination):
        if source.exists() and destination.exists() and source.samefile(destination):
            raise StoreError(
                f"store {destination}", "is the backup itself", "Name the place that it is to be restored to."
            )


def _refuse_no_file(destination: Path) -> None:
    with file_faults(destination):
        if destination.exists() and not destination.is_file():
            raise StoreUnavailableError(f"store {destination}", "is not a file", ANOTHER_NAME)


def _refuse_occupied(destination: Path) -> None:
    """Refuse to take the place of anything but a store that holds nothing."""
    with file_faults(destination):
        if not destination.exists():
            return
    try:
        with SqliteStore(destination) as store:
            status = store.status()
            empty = status.is_empty
            held = "holds readings already" if status.readings else "holds something already"
    except StoreError as error:
        empty, held = False, f"exists already ({error.problem})"
    if not empty:
        raise StoreError(
            f"store {destination}",
            held,
            "Restore to another place, or say --replace: then it is kept under another name.",
        )


def _fill_from(source: Path, draft: Path) -> int | None:
    """Make a copy of a backup that is sound and of the present version; return its version if it was older."""
    version = version_of(source)
    try:
        copy_file(source, draft)
    except sqlite3.DatabaseError as error:
        if error.sqlite_errorcode & PRIMARY_CODE in UNSOUND:
            raise _damaged(source, "it cannot be read to its end") from error
        raise
    try:
        before = upgrade_file(draft)
        problems = _problems(draft)
    except StoreDamagedError as error:
        raise _damaged(source, error.problem) from error
    if problems:
        raise _damaged(source, problems[0])
    return None if before is None else version


def _damaged(source: Path, problem: str) -> StoreDamagedError:
    return StoreDamagedError(
        f"backup {source}", f"is damaged: {problem.rstrip('.')}", "Choose another backup, and keep this one."
    )


def _put_in_place(draft: Path, destination: Path) -> Path | None:
    """Give a store its name; one that has the name is kept under another, which is returned."""
    aside = None
    if destination.exists():
        aside = destination.with_name(f"{destination.name}.replaced-{utc_now():%Y%m%dT%H%M%S%f}")
        with _alone(destination):
            _keep_as(destination, aside)
            draft.replace(destination)
    elif not publish(draft, destination):
        raise StoreUnavailableError(
            f"store {destination}",
            "was made by another program at this moment",
            "Look at what it holds, then try again.",
        )
    sync_folders(destination.parent)
    return aside


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    """Make sure that nobody else has a store open, and let nobody write into it meanwhile.

    A file that cannot be opened as a store is nobody's. Where an open file cannot be replaced, it
    is closed before.
    """
    try:
        with closing(connect(path)) as connection:
            connection.execute("PRAGMA busy_timeout = 500")
            connection.execute("PRAGMA journal_mode = DELETE")  # only the last one that has it open can
            connection.execute("BEGIN EXCLUSIVE")
            if os.name == "posix":
                yield
                return
    except sqlite3.DatabaseError as error:
        if error.sqlite_errorcode & PRIMARY_CODE == sqlite3.SQLITE_BUSY:
            raise StoreUnavailableError(
                f"store {path}",
                "is open in another window or program",
                "Close all windows that use it, then try again.",
            ) from error
    yield


def _keep_as(path: Path, aside: Path) -> None:
    """Give a file a second name, and those beside it that belong to it."""
    for ending in ("-wal", "-shm", "-journal"):
        beside = path.with_name(path.name + ending)
        if beside.exists():
            beside.rename(aside.with_name(aside.name + ending))
    try:
        os.link(path, aside)
    except OSError:  # a file system without hard links
        path.rename(aside)
