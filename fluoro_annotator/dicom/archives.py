"""Opens the images in zip archives, by unpacking them into the cache with limits.

Members are unpacked under names of our own, so that no name in an archive can lead anywhere.
Nothing is unpacked that does not begin like DICOM, or that says of itself that it is another
kind of object.
"""

from __future__ import annotations

import os
import shutil
import stat
import time
import zipfile
import zlib
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path, PurePosixPath
from typing import IO, Final

from fluoro_annotator import settings
from fluoro_annotator.dicom.header import unreadable
from fluoro_annotator.dicom.listing import Member
from fluoro_annotator.dicom.outcomes import SkippedFile, left_out
from fluoro_annotator.dicom.parsing import begins_like_dicom
from fluoro_annotator.dicom.reading import IMAGE_TAGS
from fluoro_annotator.dicom.skimming import FIRST_PIECE, skim_bytes
from fluoro_annotator.dicom.sop_classes import ACCEPTED, class_name

SUFFIX: Final = ".zip"
BEGINNINGS: Final = (b"PK\3\4", b"PK\5\6", b"PK\7\x08")
"""First bytes of an archive: of its first member, of an empty one, of one in several parts."""

BROKEN: Final = "is not a zip archive, or a damaged one", "Copy it again."
EMPTY: Final = "is an archive that holds no files", "Copy it again if it should hold some."
FOLDER: Final = "archives"
MOST_MEMBERS: Final = 50_000
LARGEST_MEMBER: Final = 4 << 30
LARGEST_TOTAL: Final = 32 << 30
"""Limits of one archive: members, and bytes of one and of all unpacked members."""

SUSPICIOUS_SIZE: Final = 64 << 20
SUSPICIOUS_RATIO: Final = 200
"""A member larger than this that shrank to less than a part in this many is taken for a bomb."""

SPARE: Final = 1 << 30
KEPT_SECONDS: Final = 7 * 24 * 3600
_PIECE: Final = 1 << 20
_START: Final = 132
_NESTED: Final = frozenset({".zip", ".7z", ".rar", ".tar", ".gz", ".bz2", ".xz", ".tgz"})
_UNPACK: Final = "Unpack the archive yourself, and open the folder."
_IN_ARCHIVE: Final = "is an archive inside an archive"
_BROKEN: Final = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError)

Cancelled = Callable[[], bool]


@dataclass(frozen=True, slots=True)
class Unpacked:
    """A member of an archive in the cache, and what to call it."""

    path: Path
    member: Member


def named_so(name: str) -> bool:
    """Whether a name is that of a zip archive."""
    return name[-len(SUFFIX) :].lower() == SUFFIX


def begins_so(path: Path) -> bool:
    """Whether a file begins like a zip archive and not like DICOM, whose preamble may hold anything."""
    try:
        with path.open("rb") as file:
            return _begins_so(file.read(_START))
    except OSError:
        return False  # who opens it next says why


def _begins_so(start: bytes) -> bool:
    return start.startswith(BEGINNINGS) and not begins_like_dicom(start[:_START])


def unpack(archive: Path, skipped: list[SkippedFile], cancelled: Cancelled) -> list[Unpacked]:
    """Return the members of a zip archive that begin like DICOM, unpacked into the cache.

    Parameters
    ----------
    archive : pathlib.Path
        The archive; it is only read.
    skipped : list of SkippedFile
        Gets an entry for each member that is left out, or for the archive.
    cancelled : callable
        Asked again and again; unpacking ends early once it says True.

    """
    try:
        folder = _folder_of(archive)
        with zipfile.ZipFile(archive) as opened:
            return _Unpacking(archive, opened, folder, skipped, cancelled).run()
    except OSError as error:
        skipped.append(left_out(unreadable(archive, error)))
    except _BROKEN:
        skipped.append(SkippedFile(archive, *BROKEN))
    return []


def archives_folder() -> Path:
    """Return the folder into which archives are unpacked."""
    return settings.cache_folder() / FOLDER


def forget_old(now: float) -> None:
    """Remove what was unpacked for archives that nobody has opened for a week."""
    with suppress(OSError):
        for folder in archives_folder().iterdir():
            if folder.stat().st_mtime < now - KEPT_SECONDS:
                shutil.rmtree(folder, ignore_errors=True)


def _folder_of(archive: Path) -> Path:
    status = archive.stat()
    facts = f"{archive}\0{status.st_size}\0{status.st_mtime_ns}"
    name = blake2b(facts.encode("utf-8", "surrogateescape"), digest_size=16).hexdigest()
    forget_old(time.time())
    folder = archives_folder() / name
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    folder.chmod(0o700)
    os.utime(folder)
    return folder


class _LeftOutError(Exception):
    """A member is left out, for a reason and with a remedy."""

    def __init__(self, problem: str, remedy: str) -> None:
        super().__init__(problem, remedy)
        self.problem, self.remedy = problem, remedy


class _Unpacking:
    """Goes through the members of one archive."""

    def __init__(
        self,
        archive: Path,
        opened: zipfile.ZipFile,
        folder: Path,
        skipped: list[SkippedFile],
        cancelled: Cancelled,
    ) -> None:
        self._archive, self._opened, self._folder = archive, opened, folder
        self._skipped, self._cancelled = skipped, cancelled
        self._total = 0

    def run(self) -> list[Unpacked]:
        members = [member for member in self._opened.infolist() if not member.is_dir()]
        if not members:
            self._skipped.append(SkippedFile(self._archive, *EMPTY))
        if len(members) > MOST_MEMBERS:
            self._skipped.append(SkippedFile(self._archive, f"holds more than {MOST_MEMBERS} files", _UNPACK))
            return []
        found = []
        for number, member in enumerate(members):
            if self._cancelled():
                break
            try:
                path = self._member(number, member)
            except _LeftOutError as error:
                self._skipped.append(
                    SkippedFile(Path(self._called(member).path), error.problem, error.remedy)
                )
                continue
            if path is not None:
                found.append(Unpacked(path, self._called(member)))
        return found

    def _called(self, member: zipfile.ZipInfo) -> Member:
        parts = [
            part
            for part in PurePosixPath(member.filename.replace("\0", "")).parts
            if part not in {"/", "..", "."}
        ]
        return Member(str(self._archive), "/".join(parts))

    def _member(self, number: int, member: zipfile.ZipInfo) -> Path | None:
        problem = _problem_of(member)
        if not problem and self._total + member.file_size > LARGEST_TOTAL:
            problem = "would make the unpacked archive too large"
        if problem:
            raise _LeftOutError(problem, _UNPACK)
        target = self._folder / f"{number:06}"
        try:
            if target.exists() and target.stat().st_size == member.file_size:
                self._total += member.file_size
                return target
            with self._opened.open(member) as source:
                return self._unpack(source, member, target)
        except OSError as error:
            reason = error.strerror or type(error).__name__
            raise _LeftOutError(f"cannot be unpacked into the cache ({reason})", _UNPACK) from error
        except _BROKEN as error:
            raise _LeftOutError("is damaged in its archive", "Copy the archive again.") from error

    def _unpack(self, source: IO[bytes], member: zipfile.ZipInfo, target: Path) -> Path | None:
        start = source.read(FIRST_PIECE)
        problem = _wrong_content(start, member.file_size)
        if problem:
            raise _LeftOutError(problem, "")
        if shutil.disk_usage(self._folder).free < member.file_size + SPARE:
            raise _LeftOutError("does not fit on the disk of the cache", _UNPACK)
        partial = target.with_suffix(".part")
        try:
            if not self._copy(start, source, partial, member.file_size):
                return None
            partial.replace(target)
        finally:
            partial.unlink(missing_ok=True)
        self._total += member.file_size
        return target

    def _copy(self, start: bytes, source: IO[bytes], partial: Path, size: int) -> bool:
        """Copy a member; returns False when cancelled."""
        descriptor = os.open(
            partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, "O_BINARY", 0), 0o600
        )
        with os.fdopen(descriptor, "wb") as target:
            piece, done = start, 0
            while piece:
                done += len(piece)
                if done > size:
                    raise zipfile.BadZipFile
                target.write(piece)
                if self._cancelled():
                    return False
                piece = source.read(_PIECE)
        if done != size:
            raise zipfile.BadZipFile
        return True


def _problem_of(member: zipfile.ZipInfo) -> str:
    """Return why a member is not even looked at."""
    for wrong, problem in _REFUSALS:
        if wrong(member):
            return problem
    return ""


def _unsafe_name(member: zipfile.ZipInfo) -> bool:
    name = getattr(member, "orig_filename", member.filename)
    parts = name.replace("\\", "/").split("/")
    return ".." in parts or not parts[0] or ":" in name or "\0" in name or "\\" in name


def _bomb(member: zipfile.ZipInfo) -> bool:
    large = member.file_size > SUSPICIOUS_SIZE
    return large and member.file_size > SUSPICIOUS_RATIO * max(member.compress_size, 1)


_REFUSALS: Final[tuple[tuple[Callable[[zipfile.ZipInfo], bool], str], ...]] = (
    (_unsafe_name, "has a name that leads out of its archive"),
    (lambda member: stat.S_ISLNK(member.external_attr >> 16), "is a link inside an archive"),
    (lambda member: bool(member.flag_bits & 1), "is encrypted in its archive"),
    (lambda member: Path(member.filename).suffix.lower() in _NESTED, _IN_ARCHIVE),
    (lambda member: member.file_size == 0, "is empty"),
    (lambda member: member.file_size > LARGEST_MEMBER, "is too large to be unpacked"),
    (_bomb, "claims to be far larger than what is stored of it"),
)


def _wrong_content(start: bytes, size: int) -> str:
    """Return why a member that begins like this is not unpacked."""
    if not begins_like_dicom(start):
        return _IN_ARCHIVE if _begins_so(start) else "is not a DICOM file"
    found = skim_bytes(start, size, IMAGE_TAGS)
    if found is None:
        return ""
    uids = [value for tag, _, _, value in found.elements if tag == 0x00080016]  # noqa: PLR2004 - SOP Class UID
    uid = uids[0].rstrip(b"\0 ").decode("ascii", "replace") if uids else ""
    return f"is {class_name(uid)}, not a fluoroscopic image" if uid and uid not in ACCEPTED else ""
