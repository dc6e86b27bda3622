"""Finding what was changed, lost or torn in a store that is a database."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import Connection, and_, or_, select

from fluoro_annotator.errors import ChainError, StoreUnavailableError
from fluoro_annotator.marks import check_chain
from fluoro_annotator.store import schema
from fluoro_annotator.store.rows import ON_NO_IMAGE, reading_from_row, revision_from_row, revision_to_row
from fluoro_annotator.store.statements import BEFORE_ALL, READINGS, REVISIONS, find_study, revision_rows


def problems(connection: Connection) -> Iterator[str]:
    """Yield one sentence for each problem with the content of the tables."""
    yield from _unreadable(connection)
    for reading_id in connection.scalars(select(schema.revision.c.reading_id).distinct()).all():
        yield from _stream_problems(connection, reading_id)
    yield from _reference_problems(connection)


def _unreadable(connection: Connection) -> Iterator[str]:
    """Yield studies and readings that cannot be read."""
    for uid in connection.scalars(select(schema.study.c.uid)).all():
        try:
            find_study(connection, uid)
        except StoreUnavailableError as error:
            yield str(error)
    for row in connection.execute(READINGS).mappings().all():
        try:
            reading_from_row(row)
        except StoreUnavailableError as error:
            yield str(error)


def _stream_problems(connection: Connection, reading_id: str) -> list[str]:
    rows = revision_rows(connection, REVISIONS, reading_id, after=BEFORE_ALL)
    try:
        revisions = [revision_from_row(row) for row in rows]
        check_chain(revisions)
    except (ChainError, StoreUnavailableError) as error:
        return [str(error)]
    return [
        f"revision {revision.sequence} of reading {reading_id}: is listed under another mark, image or frame."
        for revision, row in zip(revisions, rows, strict=True)
        if revision_to_row(revision) != dict(row)
    ]


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
