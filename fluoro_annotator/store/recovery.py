"""What happens at the next start with changes that were left in rescue files."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from fluoro_annotator import settings
from fluoro_annotator.errors import UnknownReadingError
from fluoro_annotator.marks import Draft
from fluoro_annotator.store.contract import Store
from fluoro_annotator.store.delivery import Delivery
from fluoro_annotator.store.filelock import try_lock
from fluoro_annotator.store.rescue import DAMAGED_SUFFIX, Rescued, discard, read_rescue, rescue_files

LOG = logging.getLogger(__name__)


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
    contents = (read_rescue(path.read_bytes()) for path in rescue_files(folder or settings.rescue_folder()))
    return tuple(
        draft
        for content in contents
        if content is not None and content.reading.reading_id == reading_id
        for draft in content.drafts
    )


def recover(store: Store, folder: Path | None = None) -> int:
    """Take what was left in rescue files to the store, and delete the files.

    Changes that are stored already are not stored again; files of programs that are running
    are left alone. A file with a line that cannot be read gives what can be read, and is kept
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
    with _left_behind(path) as content:
        if b"\n" not in content:
            return 0  # in use, or left before a first change was in it
        found = read_rescue(content)
        number = 0 if found is None else _deliver(store, found)
    if found is None or found.damaged:
        _keep_damaged(path)
    else:
        discard(path)
    return number


@contextmanager
def _left_behind(path: Path) -> Iterator[bytes]:
    """Hold a file that no running program holds, and give its content; nothing of any other."""
    try:
        file = path.open("r+b")
    except OSError:
        LOG.warning("A rescue file cannot be read; it stays in its folder.")
        yield b""
        return
    with file:
        yield file.read() if try_lock(file) else b""


def _deliver(store: Store, found: Rescued) -> int:
    store.save_study(found.study)
    try:
        reading = store.reading(found.reading.reading_id)
    except UnknownReadingError:
        reading = store.begin(found.reading)
    delivery = Delivery(found.drafts, after=0)
    delivery.run(store, reading.reading_id)
    return delivery.appended


def _keep_damaged(path: Path) -> None:
    LOG.warning(
        "A rescue file holds lines that cannot be read; it is kept with the ending %s.", DAMAGED_SUFFIX
    )
    path.rename(path.with_name(path.name + DAMAGED_SUFFIX))
