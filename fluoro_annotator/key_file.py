"""The key of the pseudonyms: made once, kept for good, shown nowhere."""

from __future__ import annotations

import os
import re
import uuid
from pathlib import Path

from fluoro_annotator.errors import SettingsError

KEY_BYTES = 32
"""Length of a key: as long as the output of SHA-256, as RFC 2104 section 3 recommends."""

IN_FILE = re.compile(rb"[0-9a-fA-F]{%d}" % (2 * KEY_BYTES))
ONLY_FOR_THE_OWNER = 0o600


def read_key(path: Path) -> bytes:
    """Read a key from its file: 64 hexadecimal digits in one line.

    Raises
    ------
    SettingsError
        If the file cannot be read or holds something else, which is not repeated.

    """
    try:
        content = path.read_bytes().strip()
    except OSError as error:
        raise SettingsError(
            str(path),
            f"holds the key of the pseudonyms and cannot be read ({error.strerror})",
            "Check that the file is there and may be read; do not make a new one, or every patient gets "
            "another pseudonym.",
        ) from error
    if not IN_FILE.fullmatch(content):
        raise SettingsError(
            str(path),
            f"is not a key of pseudonyms: {2 * KEY_BYTES} hexadecimal digits are expected",
            "Copy the file again from where the key was made.",
        )
    return bytes.fromhex(content.decode("ascii"))


def read_or_make_key(path: Path) -> bytes:
    """Read a key, and make it first if there is none; of several programs at once, one makes it.

    Raises
    ------
    SettingsError
        If it can be neither read nor made.

    """
    try:
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            _make(path)
    except OSError as error:
        raise SettingsError(
            str(path),
            f"cannot be made, and would hold the key of the pseudonyms ({error.strerror})",
            "Make its folder writable, or name another file in the settings.",
        ) from error
    return read_key(path)


def _make(path: Path) -> None:
    """Put a new key in its place whole, unless another program was faster."""
    new = path.with_name(f".{path.name}-{uuid.uuid4().hex}")
    try:
        _write(new, os.urandom(KEY_BYTES).hex().encode("ascii") + b"\n")
        _publish(new, path)
    finally:
        new.unlink(missing_ok=True)


def _write(path: Path, content: bytes) -> None:
    descriptor = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, ONLY_FOR_THE_OWNER)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _publish(new: Path, path: Path) -> None:
    """Give a file its name; a file of that name that is there already stays."""
    try:
        os.link(new, path)
    except FileExistsError:
        return
    except OSError:  # a disk without hard links
        if not path.exists():
            new.replace(path)
