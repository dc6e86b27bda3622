"""A store in memory, for tests and scripts: the same contract, gone when the program ends."""

from __future__ import annotations

from collections.abc import Sequence
from threading import RLock

from fluoro_annotator.errors import ChainError, StoreUnavailableError
from fluoro_annotator.marks import Draft, Reading, Revision, StudyRecord, chain, check_chain
from fluoro_annotator.store.contract import Store
from fluoro_annotator.store.rules import (
    check_after,
    check_continuation,
    check_same_reading,
    unknown_reading,
    unknown_study,
)


class MemoryStore(Store):
    """Keeps readings until it is closed; see `Store` for the methods."""

    def __init__(self) -> None:
        self._lock = RLock()
        self._open = True
        self._studies: dict[str, StudyRecord] = {}
        self._readings: dict[str, Reading] = {}
        self._revisions: dict[str, list[Revision]] = {}

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

    def begin(self, reading: Reading) -> Reading:
        """Return the reading under way, or keep this one."""
        with self._held():
            self._known_study(reading.study_uid)
            wanted = _key(reading)
            found = next((kept for kept in self._readings.values() if _key(kept) == wanted), None)
            if found is None:
                self.add_reading(reading)
            return found or reading

    def add_reading(self, reading: Reading) -> None:
        """Keep a reading as it is."""
        with self._held():
            self._known_study(reading.study_uid)
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

    def append(self, reading_id: str, drafts: Sequence[Draft], *, after: int) -> tuple[Revision, ...]:
        """Keep changes behind the last one."""
        with self._held():
            stream = self._stream(reading_id)
            last = stream[-1] if stream else None
            check_after(reading_id, last, after)
            new = chain(reading_id, drafts, last)
            stream.extend(new)
            return new

    def append_chained(self, reading_id: str, revisions: Sequence[Revision]) -> None:
        """Keep revisions that have numbers and hashes."""
        with self._held():
            stream = self._stream(reading_id)
            if revisions:
                check_continuation(reading_id, revisions, stream[-1] if stream else None)
                stream.extend(revisions)

    def revisions(self, reading_id: str, *, after: int = 0) -> tuple[Revision, ...]:
        """Return the revisions of a reading."""
        with self._held():
            return tuple(self._stream(reading_id)[max(after, 0) :])

    def verify(self) -> tuple[str, ...]:
        """Check every chain."""
        with self._held():
            return tuple(
                problem for reading_id in self._revisions for problem in self._chain_problems(reading_id)
            )

    def close(self) -> None:
        """Forget everything."""
        self._open = False
        for kept in (self._studies, self._readings, self._revisions):
            kept.clear()

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
            raise unknown_reading(reading_id)
        return self._revisions[reading_id]

    def _chain_problems(self, reading_id: str) -> list[str]:
        try:
            check_chain(self._revisions[reading_id])
        except ChainError as error:
            return [str(error)]
        return []


def _key(reading: Reading) -> tuple[str, str, str]:
    return reading.study_uid, reading.reader, reading.purpose
