"""Where committed answers wait, on disk, while the store cannot take them."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from fluoro_annotator import settings
from fluoro_annotator.errors import (
    FluoroAnnotatorError,
    StoreConflictError,
    StoreError,
    StoreUnavailableError,
)
from fluoro_annotator.marks.revisions import time_from_text, time_to_text
from fluoro_annotator.store import Answer, PracticeRecords
from fluoro_annotator.training.waiting_files import (
    DAMAGED,
    REFUSED,
    discard,
    folder_name,
    set_aside,
    write_whole,
)

LOG = logging.getLogger(__name__)

FORMAT: Final = "fluoro_annotator.waiting_answer"
VERSION: Final = 1
SUFFIX: Final = ".json"
TIMES: Final = ("presented_at", "committed_at")
FIELDS: Final = (
    "answer_id",
    "set_id",
    "set_version",
    "exercise_id",
    "trainee",
    *TIMES,
    "client",
    "content",
)
UNREADABLE: Final = (FluoroAnnotatorError, KeyError, TypeError, ValueError, RecursionError)


@dataclass(frozen=True, slots=True)
class Delivered:
    """What became of waiting answers.

    Attributes
    ----------
    taken : tuple of Answer
        Answers that the store has now.
    waiting : tuple of (Answer, str)
        Answers that still wait, and why.
    aside : int
        How many files were set aside because they are damaged or the store holds another answer with that identifier.

    """

    taken: tuple[Answer, ...] = ()
    waiting: tuple[tuple[Answer, str], ...] = ()
    aside: int = 0


class Outbox:
    """The answers that wait for one store, of all trainees of this computer, one file each.

    A file is on disk, whole, before `put` returns. It is deleted once the store has its answer; a store takes the
    same answer twice as one, so that several programs may deliver at once.

    Parameters
    ----------
    store_id : str
        The store that they wait for.
    folder : pathlib.Path, optional
        Where they are kept; `settings.practice_folder` by default.

    """

    def __init__(self, store_id: str, folder: Path | None = None) -> None:
        self.store_id = store_id
        self.folder = (folder or settings.practice_folder()) / folder_name(store_id)
        """The folder of this store."""

    @property
    def _answers(self) -> Path:
        return self.folder / "answers"

    def put(self, answer: Answer) -> Path:
        """Keep an answer until the store takes it; it is on disk when this returns.

        Raises
        ------
        OSError
            If it cannot be written.

        """
        # the number in front keeps the order in which answers were committed, whatever clocks say
        path = self._answers / f"{self._next_number():08d}-{folder_name(answer.answer_id)}{SUFFIX}"
        write_whole(path, _text(self.store_id, answer))
        return path

    def waiting(self, trainee: str | None = None) -> tuple[Answer, ...]:
        """Return the answers that wait, of one trainee if given, in the order in which they were put."""
        return tuple(
            answer for _, answer in self._found() if answer is not None and trainee in {None, answer.trainee}
        )

    def deliver(self, records: PracticeRecords) -> Delivered:
        """Take to the store whatever waits for it.

        An answer that the store refuses does not hinder the others. Once the store is away nothing more is tried.

        Parameters
        ----------
        records : PracticeRecords
            Those of the store with this identifier.

        """
        taken: list[Answer] = []
        waiting: list[tuple[Answer, str]] = []
        aside, away = 0, ""
        for path, answer in self._found():
            if answer is None:
                aside += _put_aside_if_there(path)
                continue
            problem = None if away else self._commit(records, answer, path)
            if isinstance(problem, StoreConflictError):
                set_aside(path, REFUSED, "holds an answer of which the store has another version")
                aside += 1
                continue
            if isinstance(problem, StoreUnavailableError):
                away = str(problem)
            if away or problem is not None:
                waiting.append((answer, away or str(problem)))
            else:
                taken.append(answer)
        return Delivered(tuple(taken), tuple(waiting), aside)

    def _commit(self, records: PracticeRecords, answer: Answer, path: Path) -> StoreError | None:
        try:
            records.commit(answer)
        except StoreError as error:
            return error
        discard(path)
        return None

    def _found(self) -> Iterator[tuple[Path, Answer | None]]:
        """Yield each file with its answer, None if it is damaged; files that are gone or of a newer program are not."""
        for path in self._files():
            try:
                content = path.read_bytes()
            except FileNotFoundError:
                continue
            except OSError:
                LOG.warning("A waiting answer cannot be read at the moment; it stays in its folder.")
                continue
            if not _is_newer(content):
                yield path, _read(content, self.store_id)

    def _files(self) -> list[Path]:
        return sorted(self._answers.glob(f"*{SUFFIX}")) if self._answers.is_dir() else []

    def _next_number(self) -> int:
        numbers = [int(path.name[:8]) for path in self._files() if path.name[:8].isdecimal()]
        return max(numbers, default=0) + 1


def _text(store_id: str, answer: Answer) -> bytes:
    values: dict[str, Any] = {name: getattr(answer, name) for name in FIELDS}
    values |= {name: time_to_text(values[name]) for name in TIMES}
    file = {
        "format": FORMAT,
        "version": VERSION,
        "store": store_id,
        "hash": answer.hash,
        "answer": values,
    }
    return json.dumps(file).encode("ascii")


def _is_newer(content: bytes) -> bool:
    """Return whether a newer version of the program wrote a file: it is left for that one."""
    try:
        file = json.loads(content)
        return bool(file["format"] == FORMAT and file["version"] > VERSION)
    except UNREADABLE:
        return False


def _read(content: bytes, store_id: str) -> Answer | None:
    """Return the answer in a file; None if it is damaged or of another store."""
    try:
        file = json.loads(content)
        if (file["format"], file["version"], file["store"]) != (FORMAT, VERSION, store_id):
            return None
        values = file["answer"]
        times: dict[str, datetime] = {name: time_from_text(values[name]) for name in TIMES}
        answer = Answer(**{name: values[name] for name in FIELDS} | times)
        whole: bool = answer.hash == file["hash"]
    except UNREADABLE:
        return None
    return answer if whole else None


def _put_aside_if_there(path: Path) -> int:
    """Set a file aside that cannot be read, unless another program has delivered and deleted it meanwhile."""
    if not path.exists():
        return 0
    set_aside(path, DAMAGED, "cannot be read")
    return 1
