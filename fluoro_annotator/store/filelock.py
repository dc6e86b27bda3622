"""A lock on an open file that ends with the process that holds it, whatever ends the process."""

from __future__ import annotations

import errno
import os
import sys
from typing import IO

if sys.platform == "win32":
    import msvcrt

    # Windows keeps others from reading a locked byte, so the one locked lies far behind the end.
    _FAR_BEHIND = 1 << 40

    def try_lock(file: IO[bytes]) -> bool:
        """Take the lock; False if another holder has it."""
        file.flush()
        position = file.tell()
        file.seek(_FAR_BEHIND)
        try:
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        finally:
            file.seek(position, os.SEEK_SET)
        return True

else:
    import fcntl

    def try_lock(file: IO[bytes]) -> bool:
        """Take the lock; False if another holder has it, in this process or another."""
        try:
            fcntl.flock(file.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True


def lock(file: IO[bytes]) -> None:
    """Take the lock.

    Raises
    ------
    OSError
        If another holder has it, or the file system has no locks.

    """
    if not try_lock(file):
        raise BlockingIOError(errno.EAGAIN, "another program reads the file at this moment")
