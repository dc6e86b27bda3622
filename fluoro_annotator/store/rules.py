"""The rules that every store keeps, whatever engine is below it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence

from fluoro_annotator.errors import (
    ChainError,
    ReadingClosedError,
    StoreConflictError,
    UnknownReadingError,
    UnknownStudyError,
)
from fluoro_annotator.marks import Draft, MarkKind, Purpose, Reading, Revision, RevisionKind
from fluoro_annotator.marks.revisions import Link, revision_hash, time_to_text
from fluoro_annotator.marks.serialise import canonical_json
from fluoro_annotator.store.values import Tombstone


def reading_hash(reading: Reading) -> str:
    """Return the hash of the facts of a reading: SHA-256 over their canonical JSON."""
    facts = {
        name: str(getattr(reading, name)) for name in ("reading_id", "study_uid", "reader", "purpose", "role")
    }
    text = canonical_json(facts | {"started_at": time_to_text(reading.started_at)})
    return hashlib.sha256(text.encode("ascii")).hexdigest()


def check_after(reading_id: str, last: Link, after: int) -> None:
    """Refuse to append behind a revision that is not the last one.

    Raises
    ------
    StoreConflictError
        If the last revision does not have the number ``after``.

    """
    present = last.sequence
    if present != after:
        raise StoreConflictError(
            f"reading {reading_id}",
            f"ends with change {present}, not {after}: another window or program has changed it",
            "Read the changes of the other one, then save again.",
        )


def check_open(reading: Reading, drafts: Iterable[Draft], *, submitted: bool) -> None:
    """Refuse changes of a reading that was submitted.

    A practice reading can never be changed afterwards; any other can be reopened, by the deletion
    of the submission.

    Raises
    ------
    ReadingClosedError
        If a change comes after the submission.

    """
    for draft in drafts:
        reopens = (
            about_submission(draft)
            and draft.kind is RevisionKind.DELETE
            and reading.purpose is not Purpose.PRACTICE
        )
        if submitted and not reopens:
            raise ReadingClosedError(
                f"reading {reading.reading_id}",
                "was submitted and cannot be changed any more",
                _remedy(reading),
            )
        if about_submission(draft):
            submitted = draft.kind is not RevisionKind.DELETE


def about_submission(draft: Draft) -> bool:
    """Return whether a change submits or reopens a reading."""
    return draft.mark.kind is MarkKind.SUBMISSION


def _remedy(reading: Reading) -> str:
    if reading.purpose is Purpose.PRACTICE:
        return "An answer stays as it was given; practise the study again in a new reading."
    return "Reopen the reading first."


def check_continuation(reading_id: str, revisions: Sequence[Revision], last: Link) -> None:
    """Prove that chained revisions continue the stream of a reading.

    Raises
    ------
    StoreConflictError
        If the first one does not follow from ``last``.
    ChainError
        If they do not follow from each other, belong to another reading or were changed.

    """
    sequence, previous = last.sequence, last.hash
    first = revisions[0]
    if (first.sequence, first.previous_hash) != (sequence + 1, previous):
        raise StoreConflictError(
            f"reading {reading_id}",
            f"ends with change {sequence}, and change {first.sequence} does not follow from it",
            "Import the marks one by one instead of the whole stream.",
        )
    for revision in revisions:
        sequence += 1
        problem = _broken_link(reading_id, revision, sequence, previous)
        if problem:
            raise ChainError(f"revision {sequence} of reading {reading_id}", problem)
        previous = revision.hash


def _broken_link(reading_id: str, revision: Revision, sequence: int, previous: str) -> str:
    """Return what is wrong with a revision that should follow another one; empty if nothing is."""
    if revision.reading_id != reading_id:
        return "belongs to another reading"
    if revision.sequence != sequence or revision.previous_hash != previous:
        return "does not follow from the one before"
    if revision.hash != revision_hash(reading_id, sequence, revision.draft, previous):
        return "was changed after it was made"
    return ""


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


def gone_reading(reading_id: str) -> UnknownReadingError:
    """Return the error for a reading that was purged, for whoever still asks for it."""
    return UnknownReadingError(
        f"reading {reading_id}",
        "was purged from the store, and takes nothing any more",
        "Open the study again to begin anew, and ask the person who keeps the store.",
    )


def purged_reading(reading_id: str) -> StoreConflictError:
    """Return the error for a reading that comes back after it was purged."""
    return StoreConflictError(
        f"reading {reading_id}",
        "was purged from the store, and is not taken in again",
        "Ask the person who keeps the store; `fluoro-annotator store status` lists what was purged.",
    )


def held_here(tombstone: Tombstone) -> StoreConflictError:
    """Return the error for a tombstone of what a store still holds."""
    return StoreConflictError(
        f"{tombstone.subject_kind} {tombstone.subject}",
        "was purged from the other store and is held by this one",
        "Purge it here as well, or leave both stores as they are.",
    )
