"""A store in memory, for tests and scripts: the same contract, gone when the program ends."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Sequence
from threading import RLock

from fluoro_annotator.errors import ChainError, StoreUnavailableError
from fluoro_annotator.marks import (
    FIRST_HASH,
    Draft,
    Fact,
    MarkKind,
    PlanChoice,
    Purpose,
    Reading,
    ReadingState,
    Record,
    Revision,
    RevisionKind,
    StudyRecord,
    chain,
    check_chain,
    utc_now,
)
from fluoro_annotator.store.contract import EVERY_STUDY, Store
from fluoro_annotator.store.filters import check_page, fits
from fluoro_annotator.store.practice_memory import MemoryPractice
from fluoro_annotator.store.rules import (
    check_after,
    check_continuation,
    check_open,
    check_same_reading,
    gone_reading,
    held_here,
    purged_reading,
    unknown_reading,
    unknown_study,
)
from fluoro_annotator.store.schema import SCHEMA_VERSION
from fluoro_annotator.store.values import (
    Head,
    ListedReading,
    ListedStudy,
    Purged,
    StoreStatus,
    StudyFilter,
    StudyPage,
    Tombstone,
)


class MemoryStore(Store):
    """Keeps readings until it is closed; see `Store` for the methods."""

    def __init__(self) -> None:
        self._lock = RLock()
        self._store_id = str(uuid.uuid4())
        self._tombstones: list[Tombstone] = []
        self._open = True
        self._studies: dict[str, StudyRecord] = {}
        self._readings: dict[str, Reading] = {}
        self._revisions: dict[str, list[Revision]] = {}
        self._practice = MemoryPractice(self._held)

    @property
    def practice(self) -> MemoryPractice:
        """What is kept of practice."""
        return self._practice

    @property
    def store_id(self) -> str:
        """Identifier of the store."""
        return self._store_id

    def status(self) -> StoreStatus:
        """Return what can be said of the store."""
        with self._held():
            return StoreStatus(
                place=self.describe(),
                engine="memory",
                schema_version=SCHEMA_VERSION,
                store_id=self.store_id,
                protection="none: every part of the program can read and write it.",
                studies=len(self._studies),
                readings=len(self._readings),
                revisions=sum(map(len, self._revisions.values())),
                tombstones=len(self._tombstones),
                **self._practice.counts,
            )

    def describe(self) -> str:
        """Return where the readings are kept."""
        return "memory only, until the program ends"

    def save_study(self, study: StudyRecord) -> None:
        """Keep or merge a study."""
        with self._held():
            kept = self._studies.get(study.uid)
            self._studies[study.uid] = study if kept is None else kept.merged(study)

    def study(self, uid: str) -> StudyRecord:
        """Return a study."""
        with self._held():
            return self._known_study(uid)

    def studies(self) -> tuple[str, ...]:
        """Return the UIDs of all studies."""
        with self._held():
            return tuple(self._studies)

    def index(self, wanted: StudyFilter = EVERY_STUDY, *, limit: int = 50, offset: int = 0) -> StudyPage:
        """Return a page of the list of studies."""
        check_page(limit, offset)
        with self._held():
            listed = map(self._listed, self._studies.values())
            found = [study for study in listed if fits(study, wanted)]
            return StudyPage(tuple(found[offset : offset + limit]), len(found), offset)

    def begin(self, reading: Reading) -> Reading:
        """Return the reading under way, or keep this one."""
        with self._held():
            self._known_study(reading.study_uid)
            found = next((kept for kept in self._readings.values() if self._under_way(kept, reading)), None)
            if found is None:
                self.add_reading(reading)
            return found or reading

    def _under_way(self, kept: Reading, wanted: Reading) -> bool:
        """Return whether a reading that is kept is the one to go on with."""
        if _key(kept) != _key(wanted):
            return False
        if kept.purpose is not Purpose.PRACTICE or kept.reading_id == wanted.reading_id:
            return True
        return not self.head(kept.reading_id).submitted

    def add_reading(self, reading: Reading) -> None:
        """Keep a reading as it is."""
        with self._held():
            self._known_study(reading.study_uid)
            if any(grave.subject == reading.reading_id for grave in self._tombstones):
                raise purged_reading(reading.reading_id)
            kept = self._readings.setdefault(reading.reading_id, reading)
            check_same_reading(kept, reading)
            self._revisions.setdefault(reading.reading_id, [])

    def reading(self, reading_id: str) -> Reading:
        """Return a reading."""
        with self._held():
            self._stream(reading_id)
            return self._readings[reading_id]

    def readings(self, *, study_uid: str | None = None, reader: str | None = None) -> tuple[Reading, ...]:
        """Return readings, the oldest first."""
        with self._held():
            found = (
                reading
                for reading in self._readings.values()
                if study_uid in {None, reading.study_uid} and reader in {None, reading.reader}
            )
            return tuple(sorted(found, key=lambda reading: reading.started_at))

    def head(self, reading_id: str) -> Head:
        """Return where a reading ends."""
        with self._held():
            stream, reading = self._stream(reading_id), self._readings[reading_id]
            last = stream[-1] if stream else None
            state = ReadingState.of(revision.draft for revision in stream)
            present = [kept for kept in state if not kept.deleted]
            plans = [kept for kept in present if isinstance(kept.mark, PlanChoice)]
            latest = {revision.draft.mark.mark_id: revision.sequence for revision in stream}
            plans.sort(key=lambda kept: latest[kept.mark.mark_id])
            return Head(
                sequence=last.sequence if last else 0,
                hash=last.hash if last else FIRST_HASH,
                submitted=any(kept.mark.kind is MarkKind.SUBMISSION for kept in present),
                plan=getattr(plans[-1].mark, "protocol_id", "") if plans else "",
                changed_at=last.draft.recorded_at if last else reading.started_at,
            )

    def records(self, reading_id: str) -> tuple[Record, ...]:
        """Return the present records of a reading."""
        with self._held():
            last = {revision.draft.mark.mark_id: revision for revision in self._stream(reading_id)}
            present = [
                revision for revision in last.values() if revision.draft.kind is not RevisionKind.DELETE
            ]
            present.sort(key=lambda revision: revision.sequence)
            return tuple(revision.draft.mark for revision in present)

    def append(self, reading_id: str, drafts: Sequence[Draft], *, after: int) -> tuple[Revision, ...]:
        """Keep changes behind the last one."""
        with self._held():
            stream, head = self._stream(reading_id), self.head(reading_id)
            check_after(reading_id, head, after)
            check_open(self._readings[reading_id], drafts, submitted=head.submitted)
            new = chain(reading_id, drafts, head)
            stream.extend(new)
            return new

    def append_behind(
        self, reading_id: str, choose: Callable[[Sequence[Revision]], Sequence[Draft]], *, after: int
    ) -> tuple[Revision, ...]:
        """Keep changes behind whatever is there."""
        with self._held():
            head = self.head(reading_id)
            check_after(reading_id, head, max(after, head.sequence))
            drafts = choose(self._stream(reading_id)[max(after, 0) :])
            return self.append(reading_id, drafts, after=head.sequence)

    def append_chained(self, reading_id: str, revisions: Sequence[Revision]) -> None:
        """Keep revisions that have numbers and hashes."""
        with self._held():
            stream = self._stream(reading_id)
            if revisions:
                head = self.head(reading_id)
                check_continuation(reading_id, revisions, head)
                drafts = (revision.draft for revision in revisions)
                check_open(self._readings[reading_id], drafts, submitted=head.submitted)
                stream.extend(revisions)

    def revisions(self, reading_id: str, *, after: int = 0) -> tuple[Revision, ...]:
        """Return the revisions of a reading."""
        with self._held():
            return tuple(self._stream(reading_id)[max(after, 0) :])

    def purge_reading(self, reading_id: str, *, reason: str, by: str) -> Tombstone:
        """Take a reading out for ever."""
        with self._held():
            head = self.head(reading_id)
            grave = Tombstone(
                subject_kind=Purged.READING,
                subject=reading_id,
                study_uid=self._readings[reading_id].study_uid,
                revisions=head.sequence,
                last_hash=head.hash,
                purged_at=utc_now(),
                purged_by=by,
                reason=reason,
            )
            del self._readings[reading_id], self._revisions[reading_id]
            self._tombstones.append(grave)
            return grave

    def purge_study(self, uid: str, *, reason: str, by: str) -> tuple[Tombstone, ...]:
        """Take a study out for ever."""
        with self._held():
            if not self._practice.has_keys(uid):
                self._known_study(uid)
            ids = [reading.reading_id for reading in self._readings.values() if reading.study_uid == uid]
            grave = Tombstone(
                subject_kind=Purged.STUDY,
                subject=uid,
                study_uid=uid,
                revisions=sum(len(self._revisions[reading_id]) for reading_id in ids),
                last_hash=FIRST_HASH,
                purged_at=utc_now(),
                purged_by=by,
                reason=reason,
            )
            gone = [self.purge_reading(reading_id, reason=reason, by=by) for reading_id in ids]
            self._studies.pop(uid, None)
            self._practice.purge_study(uid)
            self._tombstones.append(grave)
            return *gone, grave

    def tombstones(self) -> tuple[Tombstone, ...]:
        """Return what was purged."""
        with self._held():
            return tuple(self._tombstones)

    def keep_tombstone(self, tombstone: Tombstone) -> None:
        """Take over a tombstone."""
        with self._held():
            if tombstone.subject_kind is Purged.READING and tombstone.subject in self._readings:
                raise held_here(tombstone)
            if tombstone not in self._tombstones:
                self._tombstones.append(tombstone)

    def verify(self) -> tuple[str, ...]:
        """Check every chain."""
        with self._held():
            return tuple(
                problem for reading_id in self._revisions for problem in self._chain_problems(reading_id)
            )

    def close(self) -> None:
        """Forget everything."""
        self._open = False
        for kept in (self._studies, self._readings, self._revisions, self._tombstones):
            kept.clear()
        self._practice.clear()

    def _listed(self, study: StudyRecord) -> ListedStudy:
        readings = tuple(map(self._listed_reading, self.readings(study_uid=study.uid)))
        return ListedStudy(study.uid, study.facts, len(study.images), readings)

    def _listed_reading(self, reading: Reading) -> ListedReading:
        marks = sum(not isinstance(record, Fact) for record in self.records(reading.reading_id))
        return ListedReading(reading, self.head(reading.reading_id), marks)

    def _held(self) -> RLock:
        if not self._open:
            raise StoreUnavailableError("store in memory", "is closed", "Open another one.")
        return self._lock

    def _known_study(self, uid: str) -> StudyRecord:
        if uid not in self._studies:
            raise unknown_study(uid)
        return self._studies[uid]

    def _stream(self, reading_id: str) -> list[Revision]:
        if reading_id not in self._readings:
            purged = any(grave.subject == reading_id for grave in self._tombstones)
            raise gone_reading(reading_id) if purged else unknown_reading(reading_id)
        return self._revisions[reading_id]

    def _chain_problems(self, reading_id: str) -> list[str]:
        try:
            check_chain(self._revisions[reading_id])
        except ChainError as error:
            return [str(error)]
        return []


def _key(reading: Reading) -> tuple[str, str, str]:
    return reading.study_uid, reading.reader, reading.purpose
