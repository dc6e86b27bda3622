"""Bringing a SQLite store of an older version to the present one, with a backup before."""

from __future__ import annotations

import uuid
from contextlib import closing
from pathlib import Path

from fluoro_annotator.errors import StoreDamagedError
from fluoro_annotator.marks import utc_now
from fluoro_annotator.store.migrations import migrate
from fluoro_annotator.store.schema import SCHEMA_VERSION
from fluoro_annotator.store.sqlite import SqliteStore, file_transaction
from fluoro_annotator.store.sqlite_file import (
    copy_file,
    file_faults,
    publish,
    sync_folders,
    version_of,
)


def upgrade_file(path: Path) -> Path | None:
    """Bring a store to the present version of its tables.

    The file is copied first, and the copy is kept beside it. The change itself happens in one
    transaction and is checked before it counts: after a fault the store is as it was.

    Parameters
    ----------
    path : pathlib.Path
        The store.

    Returns
    -------
    pathlib.Path or None
        The backup; None if the store has the present version already.

    Raises
    ------
    StoreUnavailableError
        If the store cannot be read or written.
    StoreDamagedError
        If the result is not sound.
    StoreVersionError
        If a newer version of the program wrote it.

    """
    path = Path(path)
    found = version_of(path)
    if found == SCHEMA_VERSION:
        return None
    backup = path.with_name(f"{path.name}.version{found}-{utc_now():%Y%m%dT%H%M%S%f}")
    _back_up(path, backup)
    with file_transaction(path) as connection:
        migrate(connection)
    _check(path, backup)
    return backup


def _back_up(path: Path, backup: Path) -> None:
    """Copy a store; the copy has its name only when it is whole, whatever ends the program."""
    draft = backup.with_name(f"{backup.name}.new-{uuid.uuid4().hex}")
    with file_faults(path):
        try:
            copy_file(path, draft)
            publish(draft, backup)
            sync_folders(backup.parent)
        finally:
            draft.unlink(missing_ok=True)


def _check(path: Path, backup: Path) -> None:
    with closing(SqliteStore(path)) as store:
        problems = store.verify()
    if problems:
        raise StoreDamagedError(
            f"store {path}",
            f"was brought to version {SCHEMA_VERSION}, but is not sound: {problems[0]}",
            f"The store as it was before is kept in {backup}.",
        )
