"""A server that crashes while marks are written, again and again: what was acknowledged is there afterwards."""

from __future__ import annotations

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import count
from random import Random
from threading import Event

import pytest

from fluoro_annotator.errors import StoreUnavailableError
from fluoro_annotator.marks import Draft, Reading
from fluoro_annotator.store import PostgresStore, StoreRecorder, create_store

psycopg = pytest.importorskip("psycopg")

CRASHES = 4
WAITING = 3
"""So many changes wait for the server before the writer of them stops to make more."""
PATIENCE = 60.0


@dataclass
class Writer:
    """Appends changes one by one and notes what was acknowledged, until it is told to stop."""

    store: PostgresStore
    reading_id: str
    stop: Event
    acknowledged: dict[int, str] = field(default_factory=dict)
    interrupted: int = 0

    def run(self, make_draft) -> None:
        after = 0
        for number in count(1):
            if self.stop.is_set():
                return
            try:
                (kept,) = self.store.append(self.reading_id, [make_draft(number)], after=after)
            except StoreUnavailableError:
                self.interrupted += 1
                after = self._end()
            else:
                after = kept.sequence
                self.acknowledged[after] = kept.hash

    def _end(self) -> int:
        while not self.stop.is_set():
            try:
                return self.store.head(self.reading_id).sequence
            except StoreUnavailableError:
                self.stop.wait(0.02)
        return 0

    def lost(self, store) -> list[int]:
        acknowledged = dict(self.acknowledged)
        stored = {revision.sequence: revision.hash for revision in store.revisions(self.reading_id)}
        return [number for number, kept in acknowledged.items() if stored.get(number) != kept]


@dataclass
class Recording:
    """Records changes as a window does, in and out of outages."""

    recorder: StoreRecorder
    stop: Event
    made: list[Draft] = field(default_factory=list)
    acknowledged: int = 0
    troubles: int = 0

    def run(self, make_draft) -> None:
        while not self.stop.is_set():
            if self.recorder.state.pending < WAITING:
                self.made.append(make_draft(len(self.made)))
                self.recorder.record(self.made[-1:])
                self.troubles += not self.recorder.state.saved
            else:
                self.stop.wait(0.02)
                self.recorder.retry()
            if self.recorder.state.saved:
                self.acknowledged = len(self.made)


@pytest.fixture
def url(durable_cluster) -> str:
    """A store on a server that is set to answer before a change is on its disk."""
    address = durable_cluster.url("postgres")
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute("ALTER SYSTEM SET synchronous_commit = off")
        connection.execute("SELECT pg_reload_conf()")
    create_store(address)
    return address


@pytest.fixture
def readings(url, study) -> list[str]:
    """Two readings of the store."""
    with PostgresStore(url) as store:
        store.save_study(study)
        return [
            store.begin(Reading(study_uid=study.uid, reader=f"Reader {each}")).reading_id for each in "AB"
        ]


def wait_for(writer: Writer, recording: Recording) -> None:
    """Wait until both have had something acknowledged that was not before."""
    before, patience = (len(writer.acknowledged), recording.acknowledged), time.monotonic() + PATIENCE
    while len(writer.acknowledged) == before[0] or recording.acknowledged == before[1]:
        assert time.monotonic() < patience, "the server is back, and nothing is stored"
        time.sleep(0.005)


@pytest.fixture
def recorder(url, readings, study, tmp_path) -> Iterator[StoreRecorder]:
    """Records into the second reading, and opens the store again after each outage."""
    with PostgresStore(url) as store:
        reading = next(each for each in store.readings() if each.reading_id == readings[1])
    folder = tmp_path / "rescue"
    recorder = StoreRecorder(lambda: PostgresStore(url), reading, after=0, study=study, rescue_folder=folder)
    yield recorder
    recorder.close()


def test_no_acknowledged_change_is_lost_when_the_server_crashes(
    durable_cluster, url, readings, recorder, make_draft
):
    stop, chance = Event(), Random(11)  # noqa: S311 - moments, no secrets
    recording = Recording(recorder, stop)
    with PostgresStore(url) as store, PostgresStore(url) as witness, ThreadPoolExecutor(2) as threads:
        writer = Writer(store, readings[0], stop)

        def recorded() -> list[Draft]:
            return [revision.draft for revision in witness.revisions(readings[1])]

        try:
            running = [threads.submit(each.run, make_draft) for each in (writer, recording)]
            for _ in range(CRASHES):
                wait_for(writer, recording)
                time.sleep(chance.uniform(0, 0.2))
                durable_cluster.stop("immediate")
                acknowledged = recording.acknowledged
                durable_cluster.start()
                assert writer.lost(witness) == []
                assert recorded()[:acknowledged] == recording.made[:acknowledged]
                assert witness.verify() == ()
            wait_for(writer, recording)
        finally:
            stop.set()
        for each in running:
            each.result()
        assert recorder.retry().saved
        assert recorded() == recording.made
        assert writer.lost(witness) == []
        assert witness.verify() == ()
    assert writer.interrupted > 0
    assert recording.troubles > 0
