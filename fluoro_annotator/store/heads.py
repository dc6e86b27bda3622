"""Ends of chains, noted outside the store: what finds a chain that was cut off or rewritten as a whole.

Hashes within a store prove that it fits together. Whoever can write the store can also rewrite a chain from
its first revision on; only a note that is kept elsewhere shows that.
"""

from __future__ import annotations

import json
import os
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from fluoro_annotator.errors import (
    FluoroAnnotatorError,
    StoreDamagedError,
    StoreError,
    StoreUnavailableError,
    UnknownReadingError,
)
from fluoro_annotator.marks import utc_now
from fluoro_annotator.marks.revisions import time_from_text, time_to_text
from fluoro_annotator.store.contract import Store
from fluoro_annotator.store.sqlite_file import publish, sync_folders
from fluoro_annotator.store.values import Purged

FORMAT, VERSION = "fluoro-annotator heads", 1


@dataclass(frozen=True, slots=True, kw_only=True)
class NotedHeads:
    """Where the chains of a store ended once.

    Attributes
    ----------
    store_id : str
        The store.
    noted_at : datetime.datetime
        When, in UTC.
    heads : dict
        Number and hash of the last revision, by the identifier of the reading.
    tombstones : frozenset of (str, str)
        Kind and identifier of what was purged.

    """

    store_id: str
    noted_at: datetime
    heads: dict[str, tuple[int, str]]
    tombstones: frozenset[tuple[str, str]]


def heads_of(store: Store) -> NotedHeads:
    """Return where the chains of a store end now."""
    heads = {}
    for reading in store.readings():
        head = store.head(reading.reading_id)
        heads[reading.reading_id] = head.sequence, head.hash
    tombstones = frozenset((grave.subject_kind.value, grave.subject) for grave in store.tombstones())
    return NotedHeads(store_id=store.store_id, noted_at=utc_now(), heads=heads, tombstones=tombstones)


def write_heads(noted: NotedHeads, path: Path) -> None:
    """Write a note to a new file, which never replaces an older one.

    Raises
    ------
    StoreError
        If the file exists.
    StoreUnavailableError
        If it cannot be written.

    """
    content = {
        "format": FORMAT,
        "version": VERSION,
        "store": noted.store_id,
        "noted_at": time_to_text(noted.noted_at),
        "heads": {reading_id: list(head) for reading_id, head in sorted(noted.heads.items())},
        "tombstones": [list(grave) for grave in sorted(noted.tombstones)],
    }
    try:
        written = _write_new(path, json.dumps(content, indent=0))
    except OSError as error:
        raise StoreUnavailableError(
            f"file {path}", f"cannot be written: {error.strerror}", "Choose another folder."
        ) from error
    if not written:
        raise StoreError(
            f"file {path}", "exists already, and a note replaces nothing", "Choose another name."
        )


def _write_new(path: Path, text: str) -> bool:
    """Write a file under its name when it is complete; return whether the name was free."""
    draft = path.with_name(f"{path.name}.new-{uuid.uuid4().hex}")
    try:
        with draft.open("x", encoding="ascii") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        written = publish(draft, path)
        sync_folders(path.parent)
    finally:
        draft.unlink(missing_ok=True)
    return written


def read_heads(path: Path) -> NotedHeads:
    """Return the note in a file of `write_heads`.

    Raises
    ------
    StoreError
        If the file cannot be read or is no such note.

    """
    try:
        return _parsed(json.loads(path.read_bytes()))
    except OSError as error:
        raise StoreUnavailableError(
            f"file {path}", f"cannot be read: {error.strerror}", "Check the path."
        ) from error
    except (FluoroAnnotatorError, KeyError, TypeError, ValueError, RecursionError) as error:
        raise StoreError(
            f"file {path}",
            "is not a note of the ends of chains, or is damaged",
            "Choose a file written by: fluoro-annotator store verify --write-heads.",
        ) from error


def _parsed(content: Any) -> NotedHeads:
    if (content["format"], content["version"]) != (FORMAT, VERSION):
        raise ValueError(content["format"])
    heads = {
        str(reading_id): (int(number), str(end)) for reading_id, (number, end) in content["heads"].items()
    }
    tombstones = frozenset((str(kind), str(subject)) for kind, subject in content["tombstones"])
    return NotedHeads(
        store_id=str(content["store"]),
        noted_at=time_from_text(content["noted_at"]),
        heads=heads,
        tombstones=tombstones,
    )


def compare_heads(store: Store, noted: NotedHeads) -> Iterator[str]:
    """Yield one sentence for each chain that was cut off, rewritten or taken away since it was noted.

    What was purged, and has its tombstone, is no problem; nor is a store with another identifier, into
    which the noted one was copied.
    """
    graves = {(grave.subject_kind.value, grave.subject): grave for grave in store.tombstones()}
    for reading_id, (number, end) in noted.heads.items():
        grave = graves.get((Purged.READING.value, reading_id))
        problem = _changed(store, reading_id, number, end)
        if problem and (grave is None or grave.revisions < number):
            yield f"reading {reading_id}: {problem}."
    for kind, subject in sorted(noted.tombstones - graves.keys()):
        yield f"{kind} {subject}: its tombstone is gone."


def _changed(store: Store, reading_id: str, number: int, end: str) -> str:
    """Return what has become of a chain that ended with this number and hash; empty if it goes on from there."""
    try:
        head = store.head(reading_id)
        following = store.revisions(reading_id, after=number) if head.sequence > number else ()
    except StoreDamagedError as error:
        return error.problem
    except UnknownReadingError:
        return f"is gone without a tombstone; {number} revisions were noted"
    if head.sequence < number:
        return f"was cut off: it ended with revision {number} when it was noted, and ends with {head.sequence} now"
    found = following[0].previous_hash if following else head.hash
    return "" if found == end else f"was rewritten since revision {number} was noted"
