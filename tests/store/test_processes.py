"""Several programs on one store, programs that are killed, and disks that fill up, for real."""

from __future__ import annotations

import json
import os
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import pytest

from fluoro_annotator.errors import StoreConflictError, StoreUnavailableError
from fluoro_annotator.marks import Reading
from fluoro_annotator.store import SqliteStore, StoreRecorder, open_store
from fluoro_annotator.store.delivery import Delivery

pytestmark = pytest.mark.skipif(os.name != "posix", reason="kills, forks and limits processes as POSIX does")

VALUES = """
import json, os, random, signal, sys, time
from pathlib import Path
from fluoro_annotator.anatomy import Side, load_anatomy
from fluoro_annotator.geometry import Point
from fluoro_annotator.marks import Draft, FrameRef, ImageRecord, Reading, RevisionKind, StudyRecord, Target
from fluoro_annotator.store import SqliteStore, StoreRecorder, recover

site = load_anatomy().site("L4_MB", Side.RIGHT)
image = ImageRecord(sop_instance_uid="1.2.3.4", series_uid="1.2.3", rows=512, columns=512, frames=30)
study = StudyRecord("1.2", (image,))
path = Path(sys.argv[1])

def draft(row, author="Reader A"):
    mark = Target(frame=FrameRef("1.2.3.4", 7), site=site, position=Point(row, 20))
    return Draft(kind=RevisionKind.ADD, mark=mark, author=author)
"""

FULL_DISK = (
    VALUES
    + """
import resource

def limit(size):
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))

signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
store = SqliteStore(path)
store.save_study(study)
reading = store.begin(Reading(study_uid="1.2", reader="Reader A"))
recorder = StoreRecorder(store, reading, after=0, study=study, rescue_folder=path.parent / "rescue")
states = []
recorder.state_changed.connect(lambda state: states.append([state.saved, state.pending, state.problem]))
recorder.record([draft(0)])
limit(100)
recorder.record([draft(1)])
recorder.record([draft(2)])
limit(resource.RLIM_INFINITY)
recorder.record([draft(3)])
rows = [revision.draft.mark.position.row for revision in store.revisions(reading.reading_id)]
print(json.dumps([states, rows, store.verify(), os.listdir(path.parent / "rescue")]))
recorder.close()
store.close()
"""
)


def result_of(process) -> list:
    output, errors = process.communicate(timeout=300)
    assert process.returncode == 0, errors
    return json.loads(output)


def test_eight_colleagues_write_at_once_and_nothing_is_lost(write_at_once, path):
    write_at_once(path)


def test_eight_colleagues_write_to_a_server_at_once(write_at_once, server_store):
    write_at_once(server_store.url())


@pytest.fixture
def write_at_once(run_program, tmp_path):
    """Let eight programs write 500 marks each, and look at what is stored."""
    names = [f"Reader {letter}" for letter in "ABCDEFGH"]

    def write(place) -> None:
        open_store(place).close()
        programs = [run_program("colleagues.py", place, name, 500, tmp_path) for name in names]
        results = [result_of(program) for program in programs]
        assert [result["troubles"] for result in results] == [[]] * 8
        assert sum(result["met"] for result in results) > 0
        with open_store(place) as store:
            assert store.verify() == ()
            for name, result in zip(names, results, strict=True):
                own = store.revisions(result["own"])
                assert [revision.sequence for revision in own] == list(range(1, 251))
                assert rows(own, name) == list(range(250))
            (shared,) = {result["shared"] for result in results}
            together = store.revisions(shared)
        assert [revision.sequence for revision in together] == list(range(1, 2001))
        for name in names:
            assert rows(together, name) == list(range(250))

    return write


def rows(revisions, author: str) -> list[float]:
    drafts = [revision.draft for revision in revisions]
    return [draft.mark.position.row for draft in drafts if draft.author == author]


def test_threads_of_one_program_take_turns(store, known, make_draft):
    own = [
        store.begin(Reading(study_uid=known.study_uid, reader=f"Reader {number}")).reading_id
        for number in range(4)
    ]

    def write(number: int) -> Delivery:
        for row in range(40):
            store.append(own[number], [make_draft(row)], after=row)
        delivery = Delivery([make_draft(row) for row in range(40)], after=0)
        delivery.run(store, known.reading_id)
        return delivery

    with ThreadPoolExecutor(len(own)) as pool:
        deliveries = list(pool.map(write, range(len(own))))
    assert sum(delivery.appended for delivery in deliveries) == 160
    assert [store.head(reading_id).sequence for reading_id in (*own, known.reading_id)] == [40] * 4 + [160]
    assert store.verify() == ()


def test_the_second_of_two_people_is_told_and_both_streams_are_kept(store, known, make_draft, rescue_folder):
    first, second = make_draft(1), make_draft(2, author="Reader B")
    store.append(known.reading_id, [first], after=0)
    with pytest.raises(StoreConflictError, match="another window or program has changed it") as caught:
        store.append(known.reading_id, [second], after=0)
    assert caught.value.remedy == "Read the changes of the other one, then save again."
    recorder = StoreRecorder(store, known, after=0, rescue_folder=rescue_folder)
    met = []
    recorder.merged.connect(lambda drafts, _keep: met.extend(drafts))
    recorder.record([second])
    assert recorder.state.saved
    assert met == [first]
    assert [revision.draft for revision in store.revisions(known.reading_id)] == [first, second]
    recorder.close()


def test_a_turn_is_waited_for_no_longer_than_said(sqlite_store, path, study, impatient):
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreUnavailableError, match="held by another program"):
            sqlite_store.save_study(study)
        other.execute("ROLLBACK")
    sqlite_store.save_study(study)
    assert sqlite_store.studies() == (study.uid,)


def test_a_disk_that_fills_up_loses_nothing(run_script, path):
    states, rows, problems, left = result_of(run_script(FULL_DISK, path))
    assert [state[:2] for state in states] == [[True, 0], [False, 1], [False, 2], [True, 0]]
    assert "rescue file" in states[1][2]
    assert rows == [0, 1, 2, 3]
    assert (problems, left) == ([], [])


def test_two_programs_that_begin_at_once_share_a_reading(sqlite_store, path, study):
    sqlite_store.save_study(study)
    with SqliteStore(path) as other:
        first = sqlite_store.begin(Reading(study_uid=study.uid, reader="Reader A"))
        assert other.begin(Reading(study_uid=study.uid, reader="Reader A")) == first
