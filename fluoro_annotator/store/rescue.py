"""Rescue files: where changes wait, on disk, while the store cannot take them.

A rescue file is JSON Lines: a header with the reading and its study, then one change per line,
oldest first. Its writer holds a lock on it for as long as it lives, so that a file without a
lock is one that was left behind. A file may end in the middle of a line if its writer did.
"""

from __future__ import annotations

import json
import logging
import os
import time
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from fluoro_annotator.errors import FluoroAnnotatorError
from fluoro_annotator.marks import Draft, Reading, StudyFacts, StudyRecord
from fluoro_annotator.marks.serialise import canonical_json
from fluoro_annotator.store.filelock import lock
from fluoro_annotator.store.rows import (
    facts_from_row,
    image_from_row,
    image_to_row,
    reading_from_row,
    reading_to_row,
    study_to_row,
)

LOG = logging.getLogger(__name__)

FORMAT = "fluoro-annotator rescue"
VERSION = 1
SUFFIX = ".jsonl"
DAMAGED_SUFFIX = ".damaged"
UNREADABLE = (FluoroAnnotatorError, KeyError, TypeError, ValueError)


@dataclass(frozen=True, slots=True)
class Rescued:
    """What a rescue file holds.

    Attributes
    ----------
    reading : Reading
        The reading the changes belong to.
    study : StudyRecord
        Its study, as far as the writer knew it.
    drafts : tuple of Draft
        The changes, oldest first.
    damaged : bool
        Whether a line could not be read.
    store_id : str
        The store that they wait for, empty if the writer had not reached it.

    """

    reading: Reading
    study: StudyRecord
    drafts: tuple[Draft, ...]
    damaged: bool
    store_id: str = ""


class RescueFile:
    """The rescue file of one reading and one process, made with the first change it gets.

    Parameters
    ----------
    folder : pathlib.Path
        Where it is made; the folder is made too if need be.
    reading : Reading
        The reading.
    study : StudyRecord
        Its study.

    """

    def __init__(self, folder: Path, reading: Reading, study: StudyRecord) -> None:
        self._folder = folder
        self._header = _header(reading, study)
        self.store_id = ""
        self._file: IO[bytes] | None = None
        self._good_end = 0
        self.path: Path | None = None

    def describe(self, reading: Reading, study: StudyRecord) -> None:
        """Say what a file that is yet to be made belongs to; one that exists keeps its header."""
        self._header = _header(reading, study)

    def belongs_to(self, store_id: str) -> None:
        """Say which store a file that is yet to be made waits for."""
        self.store_id = store_id

    def add(self, drafts: Sequence[Draft]) -> None:
        """Write changes; they are on disk when this returns.

        After a failure the file is as it was before.

        Raises
        ------
        OSError
            If they cannot be written.

        """
        file = self._file or self._open()
        file.truncate(self._good_end)
        file.seek(self._good_end)
        _write_all(file, _lines(draft.to_text() for draft in drafts))
        os.fsync(file.fileno())
        self._good_end = file.tell()

    def _open(self) -> IO[bytes]:
        """Make the file and lock it before anything is in it."""
        self._folder.mkdir(parents=True, exist_ok=True)
        path = self._folder / f"{time.time_ns():020d}-{os.getpid()}-{uuid.uuid4().hex}{SUFFIX}"
        descriptor = os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR | getattr(os, "O_BINARY", 0), 0o600)
        file = os.fdopen(descriptor, "w+b", buffering=0)  # a buffer that a full disk refused would stay
        try:
            lock(file)
            _write_all(file, _lines([canonical_json(self._header | {"store": self.store_id})]))
        except OSError:
            file.close()
            discard(path)
            raise
        self._good_end = file.tell()
        self._file, self.path = file, path
        return file

    def remove(self) -> None:
        """Delete the file, once the store has everything that is in it.

        One that cannot be deleted does no harm: what the store has already is not stored again.
        """
        path = self.path
        self.leave()
        if path is not None:
            discard(path)

    def leave(self) -> None:
        """Close the file and let it stay for the next start."""
        if self._file is not None:
            self._file.close()
        self._file = self.path = None


def _write_all(file: IO[bytes], content: bytes) -> None:
    """Write everything: an unbuffered file may take a part and leave the rest to the caller."""
    rest = memoryview(content)
    while rest:
        rest = rest[file.write(rest) :]


def discard(path: Path) -> None:
    """Delete a rescue file that is no longer needed."""
    try:
        path.unlink(missing_ok=True)
    except OSError:
        LOG.warning("A rescue file could not be deleted; it is left in its folder.")


def rescue_files(folder: Path) -> tuple[Path, ...]:
    """Return the rescue files of a folder, the one begun last coming last."""
    return tuple(sorted(folder.glob(f"*{SUFFIX}"))) if folder.is_dir() else ()


def read_rescue(content: bytes) -> Rescued | None:
    """Return what a rescue file holds, None if not even its header can be read.

    Parameters
    ----------
    content : bytes
        The whole file.

    """
    first, *others = content.split(b"\n")
    try:
        header = json.loads(first)
        if (header["format"], header["version"]) != (FORMAT, VERSION):
            return None
        reading = reading_from_row(header["reading"])
        images = tuple(image_from_row(row) for row in header["images"])
        facts = facts_from_row(header["study"]) if "study" in header else StudyFacts()
        study = StudyRecord(reading.study_uid, images, facts)
        store_id = str(header.get("store", ""))
    except UNREADABLE:
        return None
    lines = [line for line in others if line]
    drafts = [draft for line in lines if (draft := _draft(line)) is not None]
    return Rescued(reading, study, tuple(drafts), len(drafts) < len(lines), store_id)


def _header(reading: Reading, study: StudyRecord) -> dict[str, Any]:
    images = [image_to_row(study.uid, image) for image in study.images]
    facts = study_to_row(study)
    return {
        "format": FORMAT,
        "version": VERSION,
        "reading": reading_to_row(reading),
        "study": facts,
        "images": images,
    }


def _lines(texts: Iterable[str]) -> bytes:
    return b"".join(text.encode("ascii") + b"\n" for text in texts)


def _draft(line: bytes) -> Draft | None:
    try:
        return Draft.from_dict(json.loads(line))
    except UNREADABLE:
        return None
