"""Bringing readings from a file into a store, without ever losing or replacing a mark.

An import is planned first, and the plan can be shown; then it is carried out. For each
reading of the file:

- it is not known here: it is added with its whole history;
- its history here is the beginning of the one in the file: the rest is appended;
- its history here is the same or longer: nothing is to be done;
- the two went different ways: marks that are not known here are added as new changes with
  the cause "import" and their own author and time. A mark that differs stays as it is here,
  a mark that is deleted here stays deleted, and both are listed. Nothing is added to a
  reading that is submitted here, and a submission in the file does not submit what is here.

Importing the same file again changes nothing.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Protocol

from fluoro_annotator.errors import ExchangeError
from fluoro_annotator.exchange.document import THIS_PROGRAM, MarksDocument, ReadingContent, ReadingSource
from fluoro_annotator.exchange.import_plan import Finding, ImportPlan, Note, Outcome, ReadingPlan
from fluoro_annotator.marks import (
    Cause,
    Draft,
    ImageRecord,
    MarkKind,
    MarkRecord,
    Reading,
    ReadingState,
    Revision,
    RevisionKind,
    StudyRecord,
)


class ReadingDestination(ReadingSource, Protocol):
    """Where readings are brought to; every store is one."""

    def studies(self) -> tuple[str, ...]:
        """Return the UIDs of all studies."""

    def save_study(self, study: StudyRecord) -> None:
        """Keep what marks need to know of a study."""

    def add_reading(self, reading: Reading) -> None:
        """Keep a reading exactly as it is."""

    def append(self, reading_id: str, drafts: Sequence[Draft], *, after: int) -> tuple[Revision, ...]:
        """Keep new changes behind change number ``after``."""

    def append_chained(self, reading_id: str, revisions: Sequence[Revision]) -> None:
        """Keep changes that carry numbers and hashes already."""


def plan_import(document: MarksDocument, destination: ReadingDestination) -> ImportPlan:
    """Find out what an import would do; nothing is changed.

    Parameters
    ----------
    document : MarksDocument
        The readings of a file.
    destination : ReadingDestination
        The store they are to be brought to.

    Returns
    -------
    ImportPlan
        For `apply_import`.

    Raises
    ------
    ExchangeError
        If an image has another size here, or the identifier of a reading is taken here by a
        reading with other facts.

    """
    known = set(destination.studies())
    studies = [
        _extended(destination.study(study.uid), study) if study.uid in known else study
        for study in document.studies
    ]
    here = {reading.reading_id: reading for reading in destination.readings()}
    readings = tuple(_plan(content, here, destination) for content in document.readings)
    return ImportPlan(tuple(study for study in studies if study is not None), readings)


def apply_import(plan: ImportPlan, destination: ReadingDestination) -> None:
    """Carry out a plan.

    Readings are stored one by one. If a failure ends it early, what was stored is complete
    in itself, and importing the file again does the rest.

    Parameters
    ----------
    plan : ImportPlan
        Made by `plan_import`.
    destination : ReadingDestination
        The store it was made for.

    Raises
    ------
    StoreConflictError
        If a reading was changed since the plan was made; plan again.
    StoreUnavailableError
        If the store cannot be written.

    """
    for study in plan.studies:
        destination.save_study(study)
    for entry in plan.readings:
        reading_id = entry.reading.reading_id
        if entry.outcome is Outcome.ADDED:
            destination.add_reading(entry.reading)
        if entry.revisions:
            destination.append_chained(reading_id, entry.revisions)
        if entry.drafts:
            destination.append(reading_id, entry.drafts, after=entry.after)


def _extended(here: StudyRecord, there: StudyRecord) -> StudyRecord | None:
    """Return the study here with the images it lacks; facts known here stay. None if it lacks none."""
    for image in there.images:
        if image.sop_instance_uid in here:
            _check_same_size(here.image(image.sop_instance_uid), image)
    new = tuple(image for image in there.images if image.sop_instance_uid not in here)
    return replace(here, images=here.images + new) if new else None


def _check_same_size(here: ImageRecord, there: ImageRecord) -> None:
    sizes = [f"{image.rows} x {image.columns} x {image.frames}" for image in (here, there)]
    if sizes[0] != sizes[1]:
        raise ExchangeError(
            f"image {here.sop_instance_uid}",
            f"has {sizes[0]} rows, columns and frames here, but {sizes[1]} in the file",
            "The file belongs to other images; its marks would be in the wrong places.",
        )


def _plan(content: ReadingContent, here: dict[str, Reading], destination: ReadingDestination) -> ReadingPlan:
    reading = content.reading
    same_id = here.get(reading.reading_id)
    if same_id is None:
        beside = _identity(reading) in map(_identity, here.values())
        return ReadingPlan(reading=reading, outcome=Outcome.ADDED, revisions=content.revisions, beside=beside)
    if same_id != reading:
        raise ExchangeError(
            f"reading {reading.reading_id}",
            "is known here with another study, reader, role, purpose or start",
            "The file does not belong to this store; it was left out entirely.",
        )
    return _plan_known(content, destination.revisions(reading.reading_id))


def _identity(reading: Reading) -> tuple[str, str, str]:
    return reading.study_uid, reading.reader, reading.purpose


def _plan_known(content: ReadingContent, stored: tuple[Revision, ...]) -> ReadingPlan:
    reading, length = content.reading, len(stored)
    shared = min(length, len(content.revisions))
    if shared and stored[shared - 1].hash != content.revisions[shared - 1].hash:
        return _plan_merge(content, stored)
    new = content.revisions[length:]
    outcome = Outcome.CONTINUED if new else Outcome.KNOWN
    return ReadingPlan(reading=reading, outcome=outcome, revisions=new, after=length)


def _plan_merge(content: ReadingContent, stored: tuple[Revision, ...]) -> ReadingPlan:
    here = ReadingState.of(revision.draft for revision in stored)
    there = content.state
    missing = [record for record in there if _finding(record, here) is None]
    action_id = str(uuid.uuid4())
    return ReadingPlan(
        reading=content.reading,
        outcome=Outcome.MERGED,
        drafts=tuple(_import_draft(record, action_id) for record in missing),
        after=len(stored),
        notes=tuple(_notes(here, there)),
    )


def _import_draft(record: MarkRecord, action_id: str) -> Draft:
    return Draft(
        kind=RevisionKind.ADD,
        mark=record.mark,
        author=record.author,
        recorded_at=record.changed_at,
        client=str(THIS_PROGRAM),
        action_id=action_id,
        cause=Cause.IMPORT,
    )


def _finding(record: MarkRecord, here: ReadingState) -> Finding | None:
    """Return why a record of the file is not taken over, None if it is."""
    mark_id = record.mark.mark_id
    if here.knows(mark_id):
        return Finding.DIFFERS if mark_id in here else Finding.DELETED_HERE
    if here.of_kind(MarkKind.SUBMISSION):
        return Finding.SUBMITTED_HERE
    return Finding.SUBMITTED_THERE if record.mark.kind is MarkKind.SUBMISSION else None


def _notes(here: ReadingState, there: ReadingState) -> Iterator[Note]:
    for record in there:
        mark_id = record.mark.mark_id
        finding = _finding(record, here)
        if finding is not None and here.present(mark_id) != record.mark:
            yield Note(here.record(mark_id).mark if here.knows(mark_id) else record.mark, finding)
    for record in here:
        mark_id = record.mark.mark_id
        if there.knows(mark_id) and mark_id not in there:
            yield Note(record.mark, Finding.DELETED_THERE)
