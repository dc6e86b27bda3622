"""Small files in the state folder that are whole or not there, and folders whose names tell nothing."""

from __future__ import annotations

import hashlib
import logging
import os
import sys
import uuid
from pathlib import Path
from typing import Final

LOG = logging.getLogger(__name__)

DAMAGED: Final = ".damaged"
REFUSED: Final = ".refused"
DIGITS: Final = 16


def folder_name(*parts: str) -> str:
    """Return a name for a folder that is always the same for the same texts, and does not show them."""
    joined = "\n".join(parts).encode("utf-8", "surrogatepass")
    return hashlib.sha256(joined).hexdigest()[:DIGITS]


def write_whole(path: Path, content: bytes) -> None:
    """Write a file that is on disk, with its name, when this returns; nobody ever sees a part of it.

    Raises
    ------
    OSError
        If it cannot be written; then it is not there.

    """
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{uuid.uuid4().hex}.new")
    try:
        with draft.open("xb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    except OSError:
        draft.unlink(missing_ok=True)
        raise
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Have the names of a folder written to disk, where the system knows how."""
    if sys.platform == "win32":
        return  # folders cannot be opened there; NTFS keeps its names in a journal
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def set_aside(path: Path, ending: str, why: str) -> None:
    """Keep a file under another name, so that it hinders nobody and is not lost."""
    LOG.warning("A file of practice %s; it is kept with the ending %s.", why, ending)
    try:
        path.replace(path.with_name(path.name + ending))
    except OSError:
        LOG.warning("It could not be renamed; it stays as it is.")


def discard(path: Path) -> None:
    """Delete a file that is no longer needed; one that cannot be deleted does no harm."""
    try:
        path.unlink(missing_ok=True)
    except OSError:
        LOG.warning("A file of practice could not be deleted; it stays in its folder.")
