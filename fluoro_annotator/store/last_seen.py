"""How far each reading was seen when its study was last closed on this computer.

It is a convenience, not a record: a file that cannot be read or written costs no mark, only the
knowledge of what is new. The file names readings by hashes of their identifiers and holds nothing else.
"""

from __future__ import annotations

import hashlib
import json
import logging
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from fluoro_annotator.store.filelock import lock, try_lock

LOG = logging.getLogger(__name__)

FORMAT, VERSION = "fluoro-annotator last seen", 1
MOST = 5000
"""Readings that are remembered, those noted last; an engineering default, about 300 kB."""
PATIENCE, PAUSE = 50, 0.01
"""How often, and after how many seconds, a turn is waited for that another window has."""
UNREADABLE = (OSError, ValueError, TypeError, KeyError)


class LastSeen:
    """Numbers of revisions, by reading; several windows and programs may share the file.

    Parameters
    ----------
    path : pathlib.Path
        The file; it is made, with its folder, when there is something to note.

    """

    def __init__(self, path: Path) -> None:
        self._path = path

    def revision(self, reading_id: str) -> int | None:
        """Return the number of the last revision that was seen, None if nobody knows."""
        return self._read().get(_key(reading_id))

    def note(self, reading_id: str, revision: int) -> None:
        """Remember that a reading was seen up to a revision; what another window has seen beyond it stays."""
        self._write(reading_id, revision)

    def forget(self, reading_id: str) -> None:
        """Forget a reading, for example because the store was restored from a backup and holds less of it."""
        self._write(reading_id, None)

    def _write(self, reading_id: str, revision: int | None) -> None:
        key = _key(reading_id)
        try:
            with self._turn():
                kept = self._read()
                before = kept.pop(key, 0)
                if revision is not None:
                    kept[key] = max(before, revision)
                self._replace(dict(list(kept.items())[-MOST:]))
        except OSError:
            LOG.warning("What was seen of a reading could not be noted; more will be listed as new than is.")

    @contextmanager
    def _turn(self) -> Iterator[None]:
        """Hold the lock: reading, changing and replacing the file is one step."""
        self._path.parent.mkdir(parents=True, exist_ok=True)
        with self._path.with_suffix(".lock").open("ab") as file:
            for _ in range(PATIENCE):
                if try_lock(file):
                    break
                time.sleep(PAUSE)
            else:
                lock(file)  # raises what hinders it
            yield

    def _replace(self, kept: dict[str, int]) -> None:
        content = {"format": FORMAT, "version": VERSION, "readings": kept}
        draft = self._path.with_suffix(f".{os.getpid()}.new")
        try:
            draft.write_text(json.dumps(content), encoding="utf-8")
            draft.replace(self._path)
        finally:
            draft.unlink(missing_ok=True)

    def _read(self) -> dict[str, int]:
        try:
            content = json.loads(self._path.read_text(encoding="utf-8"))
            if (content["format"], content["version"]) != (FORMAT, VERSION):
                return {}
            entries = content["readings"].items()
        except (*UNREADABLE, AttributeError, RecursionError):
            return {}
        return {key: number for key, number in entries if type(number) is int and number >= 0}


def _key(reading_id: str) -> str:
    return hashlib.sha256(reading_id.encode("utf-8", "surrogatepass")).hexdigest()
