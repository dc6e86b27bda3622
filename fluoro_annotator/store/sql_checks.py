"""Finding what was changed, lost or torn in a store that is a database."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import Connection, RowMapping, and_, or_, select

from fluoro_annotator.errors import ChainError, StoreDamagedError, StoreVersionError
from fluoro_annotator.marks import FIRST_HASH, MarkKind, PlanChoice, Revision, RevisionKind, check_chain
from fluoro_annotator.marks.revisions import time_to_text
from fluoro_annotator.store import schema
from fluoro_annotator.store.practice_checks import practice_problems
from fluoro_annotator.store.purging import TOMBSTONES
from fluoro_annotator.store.rows import (
    ON_NO_IMAGE,
    reading_from_row,
    revision_from_row,
    revision_to_row,
    tombstone_from_row,
)
from fluoro_annotator.store.rules import reading_hash
from fluoro_annotator.store.statements import BEFORE_ALL, READINGS, REVISIONS, find_study, revision_rows

PRESENT_FACTS = (
    (schema.study_entry, schema.study, ("uid",)),
    (schema.image_entry, schema.image, ("study_uid", "sop_instance_uid")),
)
"""What was said, what follows from it, and what tells one from another."""


def problems(connection: Connection) -> Iterator[str]:
    """Yield one sentence for each problem with the content of the tables."""
    yield from _unreadable(connection)
    yield from _fact_problems(connection)
    heads = {row["reading_id"]: row for row in connection.execute(select(schema.head)).mappings()}
    streams = connection.scalars(select(schema.revision.c.reading_id).distinct()).all()
    for reading_id in dict.fromkeys((*heads, *streams)):
        yield from _stream_problems(connection, reading_id, heads.get(reading_id))
    yield from _headless(connection)
    yield from practice_problems(connection)
    yield from _reference_problems(connection)


def _unreadable(connection: Connection) -> Iterator[str]:
    """Yield studies and readings that cannot be read or were changed."""
    for uid in connection.scalars(select(schema.study.c.uid)).all():
        try:
            find_study(connection, uid)
        except StoreDamagedError as error:
            yield str(error)
    for row in connection.execute(READINGS).mappings().all():
        try:
            reading = reading_from_row(row)
        except StoreDamagedError as error:
            yield str(error)
        else:
            if reading_hash(reading) != row["hash"]:
                yield f"reading {reading.reading_id}: its reader, study, purpose, role or start was changed."

    for row in connection.execute(TOMBSTONES).mappings().all():
        try:
            tombstone_from_row(row)
        except StoreDamagedError as error:
            yield str(error)


def _fact_problems(connection: Connection) -> Iterator[str]:
    """Yield studies and images of which other facts are shown than those that were saved last."""
    for entries, shown, key in PRESENT_FACTS:
        last: dict[tuple[str, ...], dict[str, Any]] = {}
        for row in connection.execute(select(entries).order_by(entries.c.entry)).mappings():
            which = tuple(row[name] for name in key)
            first = last.get(which, row)["entry"]
            last[which] = {name: row[name] for name in shown.c.keys()} | {"entry": first}  # noqa: SIM118  # no mapping
        found = {
            tuple(row[name] for name in key): dict(row)
            for row in connection.execute(select(shown)).mappings()
        }
        for which in dict.fromkeys((*last, *found)):
            if last.get(which) != found.get(which):
                yield f"{shown.name} {which[-1]}: its facts are not those that were saved last."


def _stream_problems(connection: Connection, reading_id: str, head: RowMapping | None) -> list[str]:
    rows = revision_rows(connection, REVISIONS, reading_id, after=BEFORE_ALL)
    try:
        revisions = [revision_from_row(row) for row in rows]
        check_chain(revisions)
    except (ChainError, StoreDamagedError, StoreVersionError) as error:
        return [str(error)]
    misplaced = [
        f"revision {revision.sequence} of reading {reading_id}: is listed under another mark, image or frame."
        for revision, row in zip(revisions, rows, strict=True)
        if revision_to_row(revision) != dict(row)
    ]
    return [*misplaced, *_derived_problems(connection, reading_id, revisions, head)]


def _derived_problems(
    connection: Connection, reading_id: str, revisions: Sequence[Revision], head: RowMapping | None
) -> Iterator[str]:
    """Yield what does not follow from the revisions of a reading."""
    if head is not None:
        last = revisions[-1] if revisions else None
        kept = head["sequence"], head["hash"]
        if kept != ((last.sequence, last.hash) if last else (0, FIRST_HASH)):
            yield (
                f"reading {reading_id}: ends with revision {last.sequence if last else 0}, but the store"
                f" remembers revision {head['sequence']}: the end was cut off or changed."
            )
        elif (bool(head["submitted"]), head["plan"]) != _facts(revisions):
            yield f"reading {reading_id}: is listed with another plan or as submitted when it is not, or the reverse."
        elif last is not None and head["changed_at"] != time_to_text(last.draft.recorded_at):
            yield f"reading {reading_id}: is listed with another time of its last change."
    query = select(schema.current).where(schema.current.c.reading_id == reading_id)
    listed = {
        row["mark_id"]: (row["sequence"], row["record_kind"], bool(row["deleted"]))
        for row in connection.execute(query).mappings()
    }
    if listed != _current(revisions):
        yield f"reading {reading_id}: the list of its present marks does not follow from its revisions."


def _current(revisions: Sequence[Revision]) -> dict[str, tuple[int, str, bool]]:
    """Return number of the last revision, kind and deletion of each record."""
    return {
        revision.draft.mark.mark_id: (
            revision.sequence,
            revision.draft.mark.kind.value,
            revision.draft.kind is RevisionKind.DELETE,
        )
        for revision in revisions
    }


def _facts(revisions: Sequence[Revision]) -> tuple[bool, str]:
    """Return whether a reading is submitted, and the protocol that was chosen last."""
    last = {revision.draft.mark.mark_id: revision.draft for revision in revisions}
    present = [draft.mark for draft in last.values() if draft.kind is not RevisionKind.DELETE]
    newest = {draft.mark.mark_id: number for number, draft in enumerate(r.draft for r in revisions)}
    plans = [mark for mark in present if isinstance(mark, PlanChoice)]
    plan = max(plans, key=lambda mark: newest[mark.mark_id]).protocol_id if plans else ""
    return any(mark.kind is MarkKind.SUBMISSION for mark in present), plan


def _headless(connection: Connection) -> Iterator[str]:
    """Yield readings of which the store does not know where they end, or to which study they belong."""
    missing = select(schema.reading.c.reading_id).where(
        schema.reading.c.reading_id.not_in(select(schema.head.c.reading_id))
    )
    for reading_id in connection.scalars(missing).all():
        yield f"reading {reading_id}: the store does not remember where it ends."
    reading, head = schema.reading.c, schema.head.c
    elsewhere = select(reading.reading_id).where(
        reading.reading_id == head.reading_id, reading.study_uid != head.study_uid
    )
    for reading_id in connection.scalars(elsewhere).all():
        yield f"reading {reading_id}: is listed under another study."


def _reference_problems(connection: Connection) -> list[str]:
    """Return streams without a reading, and marks on images that their study does not list."""
    revision, reading, image = schema.revision, schema.reading, schema.image
    query = (
        select(revision.c.reading_id, revision.c.sequence, reading.c.reading_id, image.c.sop_instance_uid)
        .outerjoin(reading, reading.c.reading_id == revision.c.reading_id)
        .outerjoin(
            image,
            and_(
                image.c.study_uid == reading.c.study_uid,
                image.c.sop_instance_uid == revision.c.sop_instance_uid,
            ),
        )
        .where(image.c.sop_instance_uid.is_(None))
        .where(or_(reading.c.reading_id.is_(None), revision.c.sop_instance_uid != ON_NO_IMAGE))
        .order_by(revision.c.reading_id, revision.c.sequence)
    )
    return [
        f"revision {sequence} of reading {reading_id}: "
        + ("belongs to no reading." if known is None else "lies on an image that its study does not list.")
        for reading_id, sequence, known, _ in connection.execute(query)
    ]
