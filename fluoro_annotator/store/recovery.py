"""What happens at the next start with changes that were left in rescue files."""

from __future__ import annotations

import logging
from pathlib import Path

from fluoro_annotator import settings
from fluoro_annotator.errors import (
    ReadingClosedError,
    StoreConflictError,
    StorePermissionError,
    UnknownReadingError,
    UnknownStudyError,
)
from fluoro_annotator.marks import Draft, StudyRecord
from fluoro_annotator.store.contract import Store
from fluoro_annotator.store.delivery import Delivery
from fluoro_annotator.store.filelock import try_lock
from fluoro_annotator.store.rescue import DAMAGED_SUFFIX, Rescued, discard, read_rescue, rescue_files

LOG = logging.getLogger(__name__)
NOT_TAKEN = (ReadingClosedError, StoreConflictError, StorePermissionError)
"""What does not pass by itself, but concerns one reading only."""


def rescued(reading_id: str, folder: Path | None = None) -> tuple[Draft, ...]:
    """Return the changes of a reading that rescue files hold, oldest file first.

    Parameters
    ----------
    reading_id : str
        The reading.
    folder : pathlib.Path, optional
        Where the rescue files are; `settings.rescue_folder` by default.

    Returns
    -------
    tuple of Draft
        Changes; those of programs that are running are among them.

    """
    contents = (_content(path, even_in_use=True) for path in rescue_files(folder or settings.rescue_folder()))
    return tuple(
        draft
        for found in map(read_rescue, contents)
        if found is not None and found.reading.reading_id == reading_id
        for draft in found.drafts
    )


def recover(store: Store, folder: Path | None = None) -> int:
    """Take what was left in rescue files to the store, and delete the files.

    Changes that are stored already are not stored again. Files of programs that are running, files
    that wait for another store, and files with changes that the store refuses, because their reading
    was submitted or purged or belongs to somebody else, are left alone. A file with a line that cannot be read gives what can be read, and is kept
    under a name that ends in ``.damaged``; the log says so.

    Parameters
    ----------
    store : Store
        Takes the changes. A reading that it does not hold is begun in it.
    folder : pathlib.Path, optional
        Where the rescue files are; `settings.rescue_folder` by default.

    Returns
    -------
    int
        Number of changes that the store did not have before.

    Raises
    ------
    StoreError
        If the store cannot take the changes; files not yet dealt with stay as they are.

    """
    return sum(_recover_file(store, path) for path in rescue_files(folder or settings.rescue_folder()))


def _recover_file(store: Store, path: Path) -> int:
    content = _content(path, even_in_use=False)
    if b"\n" not in content:
        return 0  # in use, or left before a first change was in it
    found = read_rescue(content)
    if found is not None and found.store_id not in {"", store.store_id}:
        return 0  # waits for the store that it was meant for
    try:
        number = 0 if found is None else _deliver(store, found)
    except NOT_TAKEN:
        LOG.warning("The store does not take what a rescue file holds; the file stays in its folder.")
        return 0
    if found is None or found.damaged:
        _keep_damaged(path)
    else:
        discard(path)
    return number


def _content(path: Path, *, even_in_use: bool) -> bytes:
    """Return what a rescue file holds; nothing if it is gone, or in use and not wanted then."""
    try:
        with path.open("r+b") as file:
            return file.read() if even_in_use or try_lock(file) else b""
    except FileNotFoundError:
        return b""
    except OSError:
        LOG.warning("A rescue file cannot be read; it stays in its folder.")
        return b""


def _deliver(store: Store, found: Rescued) -> int:
    store.save_study(_joined(store, found.study))
    try:
        reading = store.reading(found.reading.reading_id)
    except UnknownReadingError:
        reading = store.begin(found.reading)
    delivery = Delivery(found.drafts, after=0)
    delivery.run(store, reading.reading_id)
    return delivery.appended


def _joined(store: Store, study: StudyRecord) -> StudyRecord:
    """Return a study of a rescue file with what the store knows of it by now, which wins."""
    try:
        return study.merged(store.study(study.uid))
    except UnknownStudyError:
        return study


def _keep_damaged(path: Path) -> None:
    LOG.warning(
        "A rescue file holds lines that cannot be read; it is kept with the ending %s.", DAMAGED_SUFFIX
    )
    try:
        path.rename(path.with_name(path.name + DAMAGED_SUFFIX))
    except OSError:
        LOG.warning("It could not be renamed; it stays in its folder.")
