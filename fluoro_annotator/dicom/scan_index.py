"""Remembers what a scan found, so that the next one reads only files that are new or changed.

One record for each folder, in an SQLite file of the user's cache. Paths are not stored: a record
is found by a keyed digest of the path of its folder, and its content is masked with a key that is
derived from that path, so that a copy of the index alone shows neither names of folders nor
headers. What matters is guarded by the permissions of the file (0600); it may be deleted at any
time. The index never makes a scan fail: damage empties it.
"""

from __future__ import annotations

import json
import logging
import os
import secrets
import sqlite3
import threading
import zlib
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, fields, replace
from functools import cache, lru_cache
from hashlib import blake2b, shake_256
from operator import attrgetter
from pathlib import Path
from typing import Any, Final

import fluoro_annotator
from fluoro_annotator import settings
from fluoro_annotator.dicom.freezing import CannotFreezeError, freeze, thaw
from fluoro_annotator.dicom.kinds import VARYING, Copier
from fluoro_annotator.dicom.models import Image, Study

FORMAT: Final = 1
FILE_NAME: Final = "scans.sqlite"
KEPT_FOLDERS: Final = 20_000
REMEMBERED_FILES: Final = 50_000
"""Folders on disk and files in memory beyond which the index begins anew."""

PATIENCE: Final = 2.0
"""Seconds to wait for another process that writes."""

Stamp = tuple[int, int, int]
"""Size in bytes, time of the last change in ns, and number (inode) of a file."""

_DAMAGE: Final = (
    sqlite3.Error,
    OSError,
    ValueError,
    TypeError,
    LookupError,
    AttributeError,
    ImportError,
    zlib.error,
)
_log: Final = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Why a file is not opened, what can be done, and whether that holds until the file changes."""

    problem: str
    remedy: str
    lasting: bool = True


Outcome = Image | LeftOut
Folder = Mapping[str, tuple[Stamp, Outcome]]
"""What was found in the files of a folder, by their names."""

_EMPTY: Final[Folder] = {}


@lru_cache(maxsize=4)
def index_at(path: Path) -> ScanIndex:
    """Return the one index of this process for a file."""
    return ScanIndex(path)


def default_index() -> ScanIndex | None:
    """Return the index in the user's cache, None if it is switched off (`settings.scan_index_wanted`)."""
    return index_at(settings.cache_folder() / FILE_NAME) if settings.scan_index_wanted() else None


class ScanIndex:
    """What scans have found, by folder, kept in memory and in a file.

    Parameters
    ----------
    path : pathlib.Path
        The file; it is made if it does not exist, with its folder.

    Notes
    -----
    May be used from several threads, and by several processes at once.

    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock = threading.RLock()
        self._connection: sqlite3.Connection | None = None
        self._salt = b""
        self._usable = True
        self._memory: dict[str, Folder] = {}
        self._last: tuple[list[Image], tuple[Study, ...]] = [], ()

    def look(self, folder: str) -> Folder:
        """Return what is known about the files of a folder; empty if nothing is."""
        with self._lock:
            known = self._memory.get(folder)
            if known is None:
                known = self._read(folder)
                self._remember(folder, known)
            return known

    def keep(self, folders: Mapping[str, Folder]) -> None:
        """Replace what is known about folders."""
        with self._lock:
            for folder, found in folders.items():
                self._remember(folder, found)
            rows = [row for row in (self._row(name, found) for name, found in folders.items()) if row]
            try:
                self._write(rows)
            except _DAMAGE as error:
                self._begin_anew(error)

    def studies_of(self, images: list[Image]) -> tuple[Study, ...] | None:
        """Return the studies that the same images were grouped into at last."""
        return self._last[1] if images and images == self._last[0] else None

    def remember_studies(self, images: list[Image], studies: tuple[Study, ...]) -> None:
        """Remember what images were grouped into."""
        self._last = images, studies

    def close(self) -> None:
        """Close the file; it is opened again when it is needed."""
        with self._lock:
            if self._connection is not None:
                self._connection.close()
                self._connection = None

    def _remember(self, folder: str, found: Folder) -> None:
        if sum(map(len, self._memory.values())) + len(found) > REMEMBERED_FILES:
            self._memory.clear()
        self._memory[folder] = found

    def _read(self, folder: str) -> Folder:
        try:
            connection = self._opened()
            if connection is None:
                return _EMPTY
            row = connection.execute(
                "select content from folder where place = ?", (self._place(folder),)
            ).fetchone()
            return _EMPTY if row is None else _unpacked(folder, _unmasked(row[0], self._mask_key(folder)))
        except _DAMAGE as error:
            self._begin_anew(error)
            return _EMPTY

    def _row(self, folder: str, found: Folder) -> tuple[bytes, bytes] | None:
        try:
            if self._opened() is None:
                return None
            return self._place(folder), _masked(_packed(found), self._mask_key(folder))
        except CannotFreezeError as error:
            _log.warning("images with a value of type %s cannot be kept in the index", error)
            return None
        except _DAMAGE:
            return None

    def _write(self, rows: list[tuple[bytes, bytes]]) -> None:
        connection = self._opened()
        if connection is None or not rows:
            return
        with connection:
            (count,) = connection.execute("select count(*) from folder").fetchone()
            if count + len(rows) > KEPT_FOLDERS:
                connection.execute("delete from folder")
            connection.executemany("insert or replace into folder values (?, ?)", rows)

    def _place(self, folder: str) -> bytes:
        return blake2b(os.fsencode(folder), key=self._salt, person=b"place", digest_size=16).digest()

    def _mask_key(self, folder: str) -> bytes:
        return blake2b(os.fsencode(folder), key=self._salt, person=b"mask", digest_size=32).digest()

    def _opened(self) -> sqlite3.Connection | None:
        """Return the open file; None where none can be made."""
        if self._connection is None and self._usable:
            try:
                self._connection, self._salt = _open(self.path)
            except _DAMAGE as error:
                self._begin_anew(error)
        return self._connection

    def _begin_anew(self, error: BaseException) -> None:
        """Replace a file that is damaged; leave one alone that cannot be used at the moment."""
        self.close()
        if isinstance(error, OSError) or _passing(error):
            self._usable = False
            return
        try:
            for suffix in ("", "-journal"):
                self.path.with_name(self.path.name + suffix).unlink(missing_ok=True)
            self._connection, self._salt = _open(self.path)
        except _DAMAGE:
            self._usable = False


_PASSING: Final = frozenset(
    {
        *(sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_READONLY),
        *(sqlite3.SQLITE_IOERR, sqlite3.SQLITE_FULL, sqlite3.SQLITE_CANTOPEN),
    }
)
"""What says nothing about the file itself: another process writes, the disk is full or read-only."""


def _passing(error: BaseException) -> bool:
    return getattr(error, "sqlite_errorcode", 0) & 0xFF in _PASSING


@cache
def _version() -> str:
    """Return a text that changes with the format and the code that reads headers."""
    package = Path(fluoro_annotator.__file__).parent
    marks = [fluoro_annotator.__version__, str(FORMAT)]
    for room in ("dicom", "geometry"):
        with suppress(OSError):
            sources = sorted(path for path in package.joinpath(room).iterdir() if path.suffix == ".py")
            marks += [f"{path.name} {path.stat().st_size} {path.stat().st_mtime_ns}" for path in sources]
    return blake2b("\n".join(marks).encode(), digest_size=16).hexdigest()


def _open(path: Path) -> tuple[sqlite3.Connection, bytes]:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
    path.chmod(0o600)
    connection = sqlite3.connect(path, timeout=PATIENCE, check_same_thread=False)
    try:
        with connection:
            connection.execute("create table if not exists about (version text, salt blob)")
            connection.execute("create table if not exists folder (place blob primary key, content blob)")
            about = connection.execute("select version, salt from about").fetchone()
            if about is None or about[0] != _version():
                about = _version(), secrets.token_bytes(32)
                connection.execute("delete from about")
                connection.execute("delete from folder")
                connection.execute("insert into about values (?, ?)", about)
    except BaseException:
        connection.close()
        raise
    return connection, bytes(about[1])


_CHECK: Final = 16


def _masked(content: bytes, key: bytes) -> bytes:
    check = blake2b(content, key=key, digest_size=_CHECK).digest()
    return check + _mixed(content, key + check)


def _unmasked(masked: bytes, key: bytes) -> bytes:
    check, content = masked[:_CHECK], _mixed(masked[_CHECK:], key + masked[:_CHECK])
    if blake2b(content, key=key, digest_size=_CHECK).digest() != check:
        raise ValueError("the record is damaged")
    return content


def _mixed(content: bytes, key: bytes) -> bytes:
    """Return content combined with as many bytes as the key yields; twice gives the content again."""
    stream = shake_256(key).digest(len(content))
    return (int.from_bytes(content, "little") ^ int.from_bytes(stream, "little")).to_bytes(
        len(content), "little"
    )


_COMMON: Final[dict[str, Any]] = {
    "path": Path(),
    "sop_instance_uid": "",
    "instance_number": None,
    "acquisition": (None, None),
}
assert tuple(_COMMON) == VARYING  # noqa: S101 - both name what differs between images of one kind
_common_of: Final = attrgetter(*(field.name for field in fields(Image) if field.name not in VARYING))
"""Copies of one image hold the same objects, which are compared by identity."""


def _packed(folder: Folder) -> bytes:
    kinds: dict[tuple[int, ...], int] = {}
    frozen: list[Any] = []
    files: list[tuple[Any, ...]] = []
    for name, (stamp, outcome) in folder.items():
        if isinstance(outcome, LeftOut):
            files.append((name, *stamp, -1, outcome.problem, outcome.remedy))
            continue
        kind = kinds.setdefault(tuple(map(id, _common_of(outcome))), len(kinds))
        if kind == len(frozen):
            frozen.append(_frozen_kind(replace(outcome, **_COMMON)))
        date, time = outcome.acquisition
        files.append((name, *stamp, kind, outcome.sop_instance_uid, outcome.instance_number, date, time))
    content = json.dumps({"kinds": frozen, "files": files})
    return zlib.compress(content.encode("utf-8", "surrogateescape"), 1)


def _frozen_kind(image: Image) -> list[Any]:
    """Return the values of an image; what is not simple as one text, since many kinds have it in common."""
    parts = [freeze(getattr(image, field.name)) for field in fields(Image)]
    return [[json.dumps(part)] if isinstance(part, list) else part for part in parts]


def _thawed_kind(parts: list[Any]) -> Image:
    values = [_thawed(part[0]) if isinstance(part, list) else part for part in parts]
    return Image(**dict(zip(_NAMES, values, strict=True)))


@lru_cache(maxsize=512)
def _thawed(text: str) -> Any:
    return thaw(json.loads(text))


_NAMES: Final = [field.name for field in fields(Image)]


def _unpacked(folder: str, content: bytes) -> Folder:
    record = json.loads(zlib.decompress(content).decode("utf-8", "surrogateescape"))
    copiers = [Copier(_thawed_kind(kind)) for kind in record["kinds"]]
    root = Path(folder)
    child = getattr(root, "_make_child_relpath", root.joinpath)  # what iterdir uses; three times as fast
    found: dict[str, tuple[Stamp, Outcome]] = {}
    for name, size, changed, number, kind, *rest in record["files"]:
        outcome: Outcome
        if kind < 0:
            outcome = LeftOut(*rest)
        else:
            uid, instance, date, time = rest
            outcome = copiers[kind].image_with(child(name), uid, instance, (date, time))
        found[name] = (size, changed, number), outcome
    return found
