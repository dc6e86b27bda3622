"""The rules that every store keeps, whatever engine is below it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from fluoro_annotator.errors import (
    ChainError,
    StoreConflictError,
    UnknownReadingError,
    UnknownStudyError,
)
from fluoro_annotator.marks import FIRST_HASH, Reading, Revision
from fluoro_annotator.marks.revisions import revision_hash


def canonical_json(values: Any) -> str:
    """Write plain values as JSON of which there is only one form, in ASCII."""
    return json.dumps(values, sort_keys=True, separators=(",", ":"), allow_nan=False)


def check_after(reading_id: str, last: Revision | None, after: int) -> None:
    """Refuse to append behind a revision that is not the last one.

    Raises
    ------
    StoreConflictError
        If the last revision does not have the number ``after``.

    """
    present = last.sequence if last else 0
    if present != after:
        raise StoreConflictError(
            f"reading {reading_id}",
            f"ends with change {present}, not {after}: another window or program has changed it",
            "Read the changes of the other one, then save again.",
        )


def check_continuation(reading_id: str, revisions: Sequence[Revision], last: Revision | None) -> None:
    """Prove that chained revisions continue the stream of a reading.

    Raises
    ------
    StoreConflictError
        If the first one does not follow from ``last``.
    ChainError
        If they do not follow from each other, belong to another reading or were changed.

    """
    sequence, previous = (last.sequence, last.hash) if last else (0, FIRST_HASH)
    first = revisions[0]
    if (first.sequence, first.previous_hash) != (sequence + 1, previous):
        raise StoreConflictError(
            f"reading {reading_id}",
            f"ends with change {sequence}, and change {first.sequence} does not follow from it",
            "Import the marks one by one instead of the whole stream.",
        )
    for revision in revisions:
        sequence += 1
        _check_link(reading_id, revision, sequence, previous)
        previous = revision.hash


def _check_link(reading_id: str, revision: Revision, sequence: int, previous: str) -> None:
    subject = f"revision {sequence} of reading {reading_id}"
    if revision.reading_id != reading_id:
        raise ChainError(subject, "belongs to another reading")
    if (revision.sequence, revision.previous_hash) != (sequence, previous):
        raise ChainError(subject, "does not follow from the one before")
    if revision.hash != revision_hash(reading_id, sequence, revision.draft, previous):
        raise ChainError(subject, "was changed after it was made")


def check_same_reading(kept: Reading, new: Reading) -> None:
    """Refuse a reading whose identifier is taken by one with other facts.

    Raises
    ------
    StoreConflictError
        If the two differ.

    """
    if kept != new:
        raise StoreConflictError(
            f"reading {new.reading_id}",
            "is kept already, with another study, reader, purpose, role or start",
            "Give the new reading an identifier of its own.",
        )


def unknown_study(uid: str) -> UnknownStudyError:
    """Return the error for a study that is not kept."""
    return UnknownStudyError(f"study {uid}", "is not in the store", "Open its images once, then try again.")


def unknown_reading(reading_id: str) -> UnknownReadingError:
    """Return the error for a reading that is not kept."""
    return UnknownReadingError(
        f"reading {reading_id}", "is not in the store", "Check that this is the store it was kept in."
    )
