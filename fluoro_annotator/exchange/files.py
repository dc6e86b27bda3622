"""Files that are either complete or not there at all."""

from __future__ import annotations

import os
import uuid
from pathlib import Path

from fluoro_annotator.errors import ExchangeError


def encoded(text: str) -> bytes:
    """Return a text in UTF-8.

    A header may hold bytes that are no characters (lone surrogates in memory). They are
    written as JSON escapes them, so that an export never fails over them.
    """
    return text.encode("utf-8", errors="backslashreplace")


def write_atomically(path: Path, content: bytes, *, overwrite: bool = True) -> None:
    """Write a file so that a crash at any moment leaves the old file or the new one.

    The content goes to a temporary file in the same folder, is forced to the disk, and
    takes the place of the old file in one step.

    Parameters
    ----------
    path : pathlib.Path
        The file; its folder must exist.
    content : bytes
        All of it.
    overwrite : bool
        Whether a file that exists already may be replaced.

    Raises
    ------
    ExchangeError
        If the file exists and may not be replaced, or cannot be written.

    """
    if path.is_dir():
        raise ExchangeError(str(path), "is a folder", "Give the name of a file in it.")
    if not overwrite and path.exists():
        raise ExchangeError(
            str(path),
            "exists already",
            "Choose another name, or allow it to be replaced (--force on the command line).",
        )
    temporary = path.with_name(f".{path.name}.{uuid.uuid4().hex}.tmp")
    try:
        _write_durably(temporary, content)
        temporary.replace(path)
        _sync_folder(path.parent)
    except OSError as error:
        reason = (error.strerror or "unknown reason").lower()
        raise ExchangeError(
            str(path), f"cannot be written ({reason})", "Choose a folder that exists and can be written."
        ) from error
    finally:
        temporary.unlink(missing_ok=True)


def _write_durably(path: Path, content: bytes) -> None:
    with path.open("xb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _sync_folder(folder: Path) -> None:
    """Force the new name to the disk, where folders can be opened (not on Windows)."""
    if os.name != "posix":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def read_whole(path: Path) -> bytes:
    """Return the content of a file.

    Raises
    ------
    ExchangeError
        If the file is missing, a folder or cannot be read.

    """
    try:
        return path.read_bytes()
    except FileNotFoundError:
        raise ExchangeError(str(path), "does not exist", "Check the name and the folder.") from None
    except IsADirectoryError:
        raise ExchangeError(str(path), "is a folder", "Give the name of a file in it.") from None
    except OSError as error:
        reason = (error.strerror or "unknown reason").lower()
        raise ExchangeError(str(path), f"cannot be read ({reason})") from error
