"""Exercises that are being answered, step by step on disk, so that one that is interrupted goes on where it was.

A draft is JSON Lines: a header with the exercise and how it is shown, then one step per line. Its window holds a lock on
it for as long as it lives; a draft without a lock was left behind. It may end in the middle of a line.
"""

from __future__ import annotations

import json
import logging
import os
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import IO, Any, Final

from fluoro_annotator.errors import FluoroAnnotatorError
from fluoro_annotator.marks.fields import checked_count, checked_text
from fluoro_annotator.marks.revisions import time_from_text, time_to_text
from fluoro_annotator.store.filelock import lock, try_lock
from fluoro_annotator.training.steps import Step, Variant
from fluoro_annotator.training.waiting_files import (
    DAMAGED,
    discard,
    folder_name,
    set_aside,
    sync_folder,
    write_whole,
)

LOG = logging.getLogger(__name__)

FORMAT: Final = "fluoro_annotator.draft_answer"
VERSION: Final = 1
SUFFIX: Final = ".jsonl"
TRIES, PAUSE = 20, 0.01
"""How often, and after how many seconds, the lock of a new file is asked for."""
UNREADABLE: Final = (FluoroAnnotatorError, KeyError, TypeError, ValueError, RecursionError)


@dataclass(frozen=True, slots=True, kw_only=True)
class Begun:
    """An exercise that was presented.

    Attributes
    ----------
    attempt_id : str
        Becomes the identifier of the answer.
    set_id, set_version, exercise_id, trainee : str, int, str, str
        Which exercise, and whose answer.
    presented_at : datetime.datetime
        When it was first shown.
    variant : Variant
        How it was shown.
    steps : tuple of Step
        What was done so far.

    """

    attempt_id: str
    set_id: str
    set_version: int
    exercise_id: str
    trainee: str
    presented_at: datetime
    variant: Variant
    steps: tuple[Step, ...] = ()


class Draft:
    """The file of an exercise that is open in this window; `Drafts` makes it."""

    def __init__(self, path: Path, file: IO[bytes], begun: Begun, good_end: int) -> None:
        self.path, self.begun = path, begun
        self._file, self._good_end = file, good_end

    def add(self, step: Step) -> None:
        """Write a step; it is on disk when this returns, and after a failure the file is as it was before.

        Raises
        ------
        OSError
            If it cannot be written.

        """
        self._file.truncate(self._good_end)
        self._file.seek(self._good_end)
        _append(self._file, step.plain)
        self._good_end = self._file.tell()

    def remove(self) -> None:
        """Delete the file, once the answer is committed."""
        self.leave()
        discard(self.path)

    def leave(self) -> None:
        """Close the file and let it stay: the exercise is then an interrupted one."""
        self._file.close()


class Drafts:
    """The drafts of one trainee for one store.

    Parameters
    ----------
    folder : pathlib.Path
        The folder of the store.
    trainee : str
        Whose they are.

    """

    def __init__(self, folder: Path, trainee: str) -> None:
        self._folder = folder / "drafts" / folder_name(trainee)
        self._trainee = trainee

    def begin(self, begun: Begun) -> Draft:
        """Make and lock the file of an exercise that is about to be shown.

        Raises
        ------
        OSError
            If it cannot be written.

        """
        self._folder.mkdir(parents=True, exist_ok=True)
        path = self._folder / f"{folder_name(begun.attempt_id)}{SUFFIX}"
        file = path.open("x+b", buffering=0)
        try:
            _lock(file)
            _append(file, _header(begun))
            sync_folder(self._folder)
        except OSError:
            file.close()
            discard(path)
            raise
        return Draft(path, file, begun, file.tell())

    def left_behind(self) -> Iterator[Draft]:
        """Yield the drafts that no window holds, each locked; who does not keep one has to leave it."""
        for path in self._files():
            file = _opened(path)
            if file is None:
                continue
            if not try_lock(file):
                file.close()
                continue
            content = file.read()
            if not content:
                file.close()  # its window is about to write it
                continue
            begun, good_end = read_draft(content)
            if begun is None or begun.trainee != self._trainee:
                file.close()
                _put_aside(path, content)
            elif _kept_rest(path, content, good_end):
                yield Draft(path, file, begun, good_end)
            else:
                file.close()

    def open_elsewhere(self) -> frozenset[tuple[str, str]]:
        """Return set and exercise of the drafts that some window holds, this one among them."""
        return frozenset(
            (begun.set_id, begun.exercise_id) for path in self._files() if (begun := _held(path)) is not None
        )

    def _files(self) -> list[Path]:
        return sorted(self._folder.glob(f"*{SUFFIX}")) if self._folder.is_dir() else []


def read_draft(content: bytes) -> tuple[Begun | None, int]:
    """Return what a draft holds, and where its last whole line ends; None if not even its header can be read."""
    whole = content[: content.rfind(b"\n") + 1]
    first, *others = whole.split(b"\n")
    try:
        header = json.loads(first)
        if (header["format"], header["version"]) != (FORMAT, VERSION):
            return None, 0
        begun = _begun(header)
    except UNREADABLE:
        return None, 0
    steps, end = [], len(first) + 1
    for line in others[:-1]:
        try:
            steps.append(Step.read(json.loads(line)))
        except UNREADABLE:
            LOG.warning("A draft of an answer ends with steps that cannot be read; it goes on before them.")
            break
        end += len(line) + 1
    return replace(begun, steps=tuple(steps)), end


def _begun(values: dict[str, Any]) -> Begun:
    texts = {
        name: checked_text("draft", name, values[name])
        for name in ("attempt_id", "set_id", "exercise_id", "trainee")
    }
    return Begun(
        attempt_id=texts["attempt_id"],
        set_id=texts["set_id"],
        set_version=checked_count("draft", "set_version", values["set_version"]),
        exercise_id=texts["exercise_id"],
        trainee=texts["trainee"],
        presented_at=time_from_text(values["presented_at"]),
        variant=Variant.read(values["variant"]),
    )


def _header(begun: Begun) -> dict[str, Any]:
    return {
        "format": FORMAT,
        "version": VERSION,
        "attempt_id": begun.attempt_id,
        "set_id": begun.set_id,
        "set_version": begun.set_version,
        "exercise_id": begun.exercise_id,
        "trainee": begun.trainee,
        "presented_at": time_to_text(begun.presented_at),
        "variant": begun.variant.plain,
    }


def _append(file: IO[bytes], values: dict[str, Any]) -> None:
    rest = memoryview(json.dumps(values, allow_nan=False).encode("ascii") + b"\n")
    while rest:
        rest = rest[file.write(rest) :]
    os.fsync(file.fileno())


def _lock(file: IO[bytes]) -> None:
    """Take the lock of a new file; another window may hold it for the moment in which it looks what it is."""
    for _ in range(TRIES):
        if try_lock(file):
            return
        time.sleep(PAUSE)
    lock(file)  # raises what hinders it


def _opened(path: Path) -> IO[bytes] | None:
    try:
        return path.open("r+b", buffering=0)
    except OSError:
        return None


def _held(path: Path) -> Begun | None:
    """Return what a draft holds that some window has locked; None of any other."""
    file = _opened(path)
    if file is None:
        return None
    with file:
        return None if try_lock(file) else read_draft(file.read())[0]


def _kept_rest(path: Path, content: bytes, good_end: int) -> bool:
    """Keep a copy of a draft whose middle cannot be read, because what follows will be overwritten."""
    if b"\n" not in content[good_end:]:
        return True  # nothing, or a line that was not finished
    try:
        write_whole(path.with_name(path.name + DAMAGED), content)
    except OSError:
        return False
    return True


def _put_aside(path: Path, content: bytes) -> None:
    if b"\n" in content:
        set_aside(path, DAMAGED, "cannot be read")
    else:
        discard(path)  # its window ended before the exercise was shown
