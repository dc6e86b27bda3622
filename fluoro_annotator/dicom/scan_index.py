"""Remembers what a scan found, so that the next one reads only files that are new or changed.

One record for each folder, in an SQLite file of the user's cache, and one for the result of each
scan, which refers to those of its folders. Paths are not stored: a record
is found by a keyed digest of the path of its folder, and its content is masked with a key that is
derived from that path, so that a copy of the index alone shows neither names of folders nor
headers. What matters is guarded by the permissions of the file (0600); it may be deleted at any
time. The index never makes a scan fail: damage empties it.
"""

from __future__ import annotations

import logging
import os
import secrets
import sqlite3
import threading
import zlib
from collections.abc import Mapping, Sequence
from contextlib import suppress
from functools import cache, lru_cache
from hashlib import blake2b
from pathlib import Path
from typing import Final

import fluoro_annotator
from fluoro_annotator import settings
from fluoro_annotator.dicom.freezing import CannotFreezeError
from fluoro_annotator.dicom.index_records import CHECK, Folder, Outcome, masked, packed, unmasked, unpacked
from fluoro_annotator.dicom.kept_results import Places, Result, pack_result, unpack_result
from fluoro_annotator.dicom.listing import Found, Member
from fluoro_annotator.dicom.models import Image

FORMAT: Final = 2
FILE_NAME: Final = "scans.sqlite"
KEPT_FOLDERS: Final = 20_000
KEPT_RESULTS: Final = 1_000
REMEMBERED_FILES: Final = 50_000
"""Folders and results on disk, and files in memory, beyond which the index begins anew."""

REMEMBERED_RESULTS: Final = 16
"""Results of scans in memory."""

PATIENCE: Final = 2.0
"""Seconds to wait for another process that writes."""

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
        self._checks: dict[str, bytes] = {}
        self._results: dict[bytes, tuple[bytes, Result]] = {}

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
                self._checks.pop(folder, None)  # until it is certain what its record is
            rows = [row for row in (self._row(name, found) for name, found in folders.items()) if row]
            try:
                self._write(rows)
            except _DAMAGE as error:
                self._begin_anew(error)

    def result(self, selection: bytes, listing: bytes, members: Mapping[str, Member]) -> Result | None:
        """Return what the last scan found, if there was one like it.

        Parameters
        ----------
        selection : bytes
            What was to be scanned.
        listing : bytes
            Digest of all that the scan depends on (`listing.digest_of`).
        members : mapping of str to Member
            What to call files that were unpacked from archives.

        """
        with self._lock:
            known = self._results.get(selection)
            if known is None or known[0] != listing:
                found = self._read_result(selection, listing, members)
                if found is None:
                    return None
                known = listing, found
                self._remember_result(selection, known)
            return known[1]

    def keep_result(
        self, selection: bytes, listing: bytes, found: Sequence[tuple[Found, Outcome]], result: Result
    ) -> None:
        """Remember what a scan found, after `keep` was told of its folders."""
        with self._lock:
            self._remember_result(selection, (listing, result))
            places = self._places(found)
            if places is None:
                return
            try:
                self._write_result(selection, listing, pack_result(result, places))
            except _DAMAGE as error:
                self._begin_anew(error)

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

    def _remember_result(self, selection: bytes, known: tuple[bytes, Result]) -> None:
        images = sum(each.image_count for _, each in (known, *self._results.values()))
        if images > REMEMBERED_FILES or len(self._results) >= REMEMBERED_RESULTS:
            self._results.clear()
        self._results[selection] = known

    def _places(self, found: Sequence[tuple[Found, Outcome]]) -> Places | None:
        """Return where the images of a scan are in the records of their folders; None if not all are there."""
        numbers = {
            folder: number for number, folder in enumerate(dict.fromkeys(file.folder for file, _ in found))
        }
        if not all(folder in self._memory and folder in self._checks for folder in numbers):
            return None
        rows = {folder: {name: row for row, name in enumerate(self._memory[folder])} for folder in numbers}
        places = Places([(folder, self._checks[folder]) for folder in numbers], {})
        for file, outcome in found:
            row = rows[file.folder].get(file.name)
            if row is None:
                return None
            if isinstance(outcome, Image):
                places.of_image.setdefault(outcome.sop_instance_uid, (numbers[file.folder], row))
        return places

    def _read(self, folder: str) -> Folder:
        try:
            content = self._content(folder)
            return _EMPTY if content is None else unpacked(folder, content)
        except _DAMAGE as error:
            self._begin_anew(error)
            return _EMPTY

    def _content(self, folder: str) -> bytes | None:
        """Return the record of a folder; None if there is none."""
        connection = self._opened()
        if connection is None:
            return None
        row = connection.execute(
            "select content from folder where place = ?", (self._place(folder),)
        ).fetchone()
        if row is None:
            return None
        content = unmasked(row[0], self._mask_key(folder))
        self._checks[folder] = row[0][:CHECK]
        return content

    def _content_of(self, folder: str, check: bytes) -> bytes | None:
        """Return the record of a folder; None if it is not the one with this beginning."""
        content = self._content(folder)
        return content if self._checks.get(folder) == check else None

    def _read_result(self, selection: bytes, listing: bytes, members: Mapping[str, Member]) -> Result | None:
        try:
            connection = self._opened()
            if connection is None:
                return None
            row = connection.execute(
                "select content from result where place = ? and listing = ?",
                (self._place(selection), self._place(listing)),
            ).fetchone()
            if row is None:
                return None
            return unpack_result(unmasked(row[0], self._mask_key(listing)), self._content_of, members)
        except _DAMAGE as error:
            self._begin_anew(error)
            return None

    def _write_result(self, selection: bytes, listing: bytes, content: bytes) -> None:
        connection = self._opened()
        if connection is None:
            return
        row = self._place(selection), self._place(listing), masked(content, self._mask_key(listing))
        with connection:
            (count,) = connection.execute("select count(*) from result").fetchone()
            if count >= KEPT_RESULTS:
                connection.execute("delete from result")
            connection.execute("insert or replace into result values (?, ?, ?)", row)

    def _row(self, folder: str, found: Folder) -> tuple[bytes, bytes] | None:
        try:
            if self._opened() is None:
                return None
            content = masked(packed(found), self._mask_key(folder))
            self._checks[folder] = content[:CHECK]
            return self._place(folder), content
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

    def _place(self, of: str | bytes) -> bytes:
        return blake2b(os.fsencode(of), key=self._salt, person=b"place", digest_size=16).digest()

    def _mask_key(self, of: str | bytes) -> bytes:
        return blake2b(os.fsencode(of), key=self._salt, person=b"mask", digest_size=32).digest()

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
            with os.scandir(package / room) as entries:
                sources = sorted(
                    (entry.name, entry.stat()) for entry in entries if entry.name.endswith(".py")
                )
            marks += [f"{name} {status.st_size} {status.st_mtime_ns}" for name, status in sources]
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
            connection.execute(
                "create table if not exists result (place blob primary key, listing blob, content blob)"
            )
            about = connection.execute("select version, salt from about").fetchone()
            if about is None or about[0] != _version():
                about = _version(), secrets.token_bytes(32)
                connection.execute("delete from about")
                connection.execute("delete from folder")
                connection.execute("delete from result")
                connection.execute("insert into about values (?, ?)", about)
    except BaseException:
        connection.close()
        raise
    return connection, bytes(about[1])
