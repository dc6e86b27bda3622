"""Where a teaching set that is not published waits on the disk of the attending; it holds the answers."""

from __future__ import annotations

import logging
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from fluoro_annotator.errors import ExchangeError
from fluoro_annotator.exchange.files import write_atomically
from fluoro_annotator.store.filelock import try_lock

LOG = logging.getLogger(__name__)
SUFFIX, LOCK = ".draft.json", ".lock"


class DraftFile:
    """The draft of one editor. A lock tells other windows that somebody is at work on it.

    Parameters
    ----------
    folder : pathlib.Path
        Where drafts are; it is made when there is one, for the eyes of the account alone.

    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._path: Path | None = None
        self._held: IO[bytes] | None = None

    def write(self, text: str) -> str:
        """Keep a draft, in place of the one before; return why it cannot be kept, nothing if it is."""
        try:
            path = self._path or self._begin()
            write_atomically(path, text.encode("utf-8"))
        except (OSError, ExchangeError) as error:
            LOG.warning("The draft of a teaching set could not be kept on the disk.")
            return str(error)
        return ""

    def take_up(self) -> str:
        """Go on with a draft that a window left behind, and return it; empty if there is none."""
        if self._path is not None:
            return ""
        for path in sorted(self._folder.glob(f"*{SUFFIX}")) if self._folder.is_dir() else ():
            for text in self._read_if_free(path):
                return text
        return ""

    def remove(self) -> None:
        """Forget the draft: it was published or discarded."""
        if self._path is not None:
            for path in (self._path, _lock_of(self._path)):
                try:
                    path.unlink(missing_ok=True)
                except OSError:
                    LOG.warning("The draft of a teaching set could not be deleted; it will be offered again.")
        self.leave()

    def leave(self) -> None:
        """Let go of the draft; it stays for the next window."""
        if self._held is not None:
            self._held.close()
        self._path = self._held = None

    def _begin(self) -> Path:
        self._folder.parent.mkdir(parents=True, exist_ok=True)
        self._folder.mkdir(mode=0o700, exist_ok=True)
        path = self._folder / f"{uuid.uuid4().hex}{SUFFIX}"
        self._hold(path)
        return path

    def _hold(self, path: Path) -> bool:
        """Take the lock of a draft; return whether it was free."""
        held = _lock_of(path).open("ab")
        if not try_lock(held):
            held.close()
            return False
        self._path, self._held = path, held
        return True

    def _read_if_free(self, path: Path) -> Iterator[str]:
        try:
            if self._hold(path):
                yield path.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError):
            LOG.warning("The draft of a teaching set cannot be read; it stays in its folder.")
            self.leave()


def _lock_of(path: Path) -> Path:
    return path.with_name(path.name + LOCK)
