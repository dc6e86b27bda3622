"""Lists of studies, a page at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, exists, func, select

from fluoro_annotator.marks import Fact
from fluoro_annotator.marks.values import MARK_TYPES
from fluoro_annotator.store import schema
from fluoro_annotator.store.rows import facts_from_row, head_from_row, reading_from_row
from fluoro_annotator.store.values import (
    ListedReading,
    ListedStudy,
    ReadingStatus,
    StudyFilter,
    StudyPage,
)

MARK_KINDS = tuple(kind.value for kind, record in MARK_TYPES.items() if not issubclass(record, Fact))
HEAD, STUDY, READING = schema.head.c, schema.study.c, schema.reading.c
SUBMITTED = {ReadingStatus.SUBMITTED: 1, ReadingStatus.IN_PROGRESS: 0}


def page(connection: Connection, wanted: StudyFilter, limit: int, offset: int) -> StudyPage:
    """Return a page of the studies that are wanted, in the order in which they were first saved."""
    where = and_(True, *_conditions(wanted))  # a neutral condition
    total = connection.scalar(select(func.count()).select_from(schema.study).where(where)) or 0
    query = select(schema.study).where(where).order_by(STUDY.entry).limit(limit).offset(offset)
    rows = connection.execute(query).mappings().all()
    uids = [row["uid"] for row in rows]
    images, readings = _image_counts(connection, uids), _readings(connection, uids)
    return StudyPage(
        tuple(
            ListedStudy(
                row["uid"],
                facts_from_row(row),
                images.get(row["uid"], 0),
                tuple(readings.get(row["uid"], ())),
            )
            for row in rows
        ),
        total,
        offset,
    )


def _conditions(wanted: StudyFilter) -> Iterable[ColumnElement[bool]]:
    conditions: dict[str, Callable[[Any], ColumnElement[bool]]] = {
        "region": lambda region: STUDY.region == region,
        "first_date": lambda day: STUDY.study_date >= day.isoformat(),
        "last_date": lambda day: and_(STUDY.study_date != "", STUDY.study_date <= day.isoformat()),
        "equipment": lambda words: func.lower(STUDY.equipment).contains(words.lower(), autoescape=True),
    }
    for name, condition in conditions.items():
        if value := getattr(wanted, name):
            yield condition(value)
    yield from _reading_conditions(wanted)


def _reading_conditions(wanted: StudyFilter) -> Iterable[ColumnElement[bool]]:
    of_reading: list[ColumnElement[bool]] = []
    if wanted.procedure:
        of_reading.append(HEAD.plan == wanted.procedure)
    if wanted.state in SUBMITTED:
        of_reading.append(HEAD.submitted == SUBMITTED[wanted.state])
    if wanted.reader:
        of_reading.append(READING.reader == wanted.reader)
    joined = schema.head.join(schema.reading, READING.reading_id == HEAD.reading_id)
    if of_reading:
        yield exists().select_from(joined).where(STUDY.uid == HEAD.study_uid, *of_reading)
    if wanted.state is ReadingStatus.NOT_BEGUN:
        yield ~exists().select_from(schema.head).where(STUDY.uid == HEAD.study_uid)


def _image_counts(connection: Connection, uids: Sequence[str]) -> dict[str, int]:
    image = schema.image.c
    query = select(image.study_uid, func.count()).where(image.study_uid.in_(uids)).group_by(image.study_uid)
    return {uid: number for uid, number in connection.execute(query)}  # noqa: C416  # rows are not pairs to mypy


def _readings(connection: Connection, uids: Sequence[str]) -> dict[str, list[ListedReading]]:
    query = (
        select(schema.reading, HEAD.sequence, schema.head.c.hash.label("head_hash"))
        .add_columns(HEAD.submitted, HEAD.plan, HEAD.changed_at)
        .join(schema.head, READING.reading_id == HEAD.reading_id)
        .where(READING.study_uid.in_(uids))
        .order_by(READING.started_at, READING.entry)
    )
    rows = connection.execute(query).mappings().all()
    marks = _mark_counts(connection, [row["reading_id"] for row in rows])
    found: dict[str, list[ListedReading]] = {}
    for row in rows:
        reading, head = reading_from_row(row), head_from_row(dict(row) | {"hash": row["head_hash"]})
        listed = ListedReading(reading, head, marks.get(reading.reading_id, 0))
        found.setdefault(reading.study_uid, []).append(listed)
    return found


def _mark_counts(connection: Connection, reading_ids: Sequence[str]) -> dict[str, int]:
    current = schema.current.c
    query = (
        select(current.reading_id, func.count())
        .where(current.reading_id.in_(reading_ids), current.deleted == 0, current.record_kind.in_(MARK_KINDS))
        .group_by(current.reading_id)
    )
    return {reading_id: number for reading_id, number in connection.execute(query)}  # noqa: C416  # rows are not pairs to mypy
