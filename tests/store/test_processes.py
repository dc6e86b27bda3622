"""Several programs on one store, programs that are killed, and disks that fill up, for real."""

from __future__ import annotations

import json
import os

import pytest

from fluoro_annotator.marks import Reading
from fluoro_annotator.store import SqliteStore

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

KILLED_WRITERS = (
    VALUES
    + """
def write(pipe):
    with SqliteStore(path) as store:
        store.save_study(study)
        reading = store.begin(Reading(study_uid="1.2", reader="Reader A"))
        last = len(store.revisions(reading.reading_id))
        while True:
            size = 1 + last % 3
            last = store.append(reading.reading_id, [draft(last) for _ in range(size)], after=last)[-1].sequence
            os.write(pipe, b"%d\\n" % last)

def killed(answers, delay):
    ours, theirs = os.pipe()
    child = os.fork()
    if not child:
        os.close(ours)
        write(theirs)
    os.close(theirs)
    with os.fdopen(ours) as pipe:
        acknowledged = [int(pipe.readline()) for _ in range(answers)]
        time.sleep(delay)
        os.kill(child, signal.SIGKILL)
        _, status = os.waitpid(child, 0)
        acknowledged += [int(line) for line in pipe if line.endswith("\\n")]
    return os.WTERMSIG(status), max(acknowledged, default=0)

chance = random.Random(7)
rounds = []
for _ in range(20):
    sign, acknowledged = killed(chance.choice([0, 1, 5]), chance.choice([0, 0.005, 0.03]) * chance.random())
    with SqliteStore(path) as store:
        stored = [len(store.revisions(each.reading_id)) for each in store.readings()]
        rounds.append([sign, acknowledged, sum(stored), len(stored), list(store.verify())])
print(json.dumps(rounds))
"""
)

COLLEAGUES = (
    VALUES
    + """
name = sys.argv[2]
with SqliteStore(path) as store:
    store.save_study(study)
    own = store.begin(Reading(study_uid="1.2", reader=name))
    shared = store.begin(Reading(study_uid="1.2", reader="Everybody"))
    recorder = StoreRecorder(store, shared, after=0, study=study, rescue_folder=path.parent / name)
    met, troubles = [], []
    recorder.merged.connect(lambda drafts, keep: met.extend(drafts))
    recorder.state_changed.connect(lambda state: troubles.append(state.problem) if state.problem else None)
    for number in range(50):
        store.append(own.reading_id, [draft(number, name)], after=number)
        recorder.record([draft(number, name)])
    print(json.dumps([own.reading_id, shared.reading_id, len(met), troubles]))
"""
)

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


def test_no_acknowledged_change_is_lost_when_the_writer_is_killed(run_script, path):
    rounds = result_of(run_script(KILLED_WRITERS, path))
    known = 0
    for sign, acknowledged, stored, readings, problems in rounds:
        assert sign == 9
        assert problems == []
        assert readings <= 1
        assert stored >= max(known, acknowledged)
        known = stored
    assert len(rounds) == 20
    assert known > 20


def test_colleagues_write_at_once_and_nothing_is_lost(run_script, path):
    processes = [run_script(COLLEAGUES, path, name) for name in ("Ann", "Bea", "Cal", "Dan")]
    results = [result_of(process) for process in processes]
    assert {tuple(troubles) for *_, troubles in results} == {()}
    with SqliteStore(path) as store:
        assert store.verify() == ()
        assert [len(store.revisions(own)) for own, *_ in results] == [50] * 4
        (shared,) = {shared for _, shared, *_ in results}
        drafts = [revision.draft for revision in store.revisions(shared)]
    assert len(drafts) == 200
    for name in ("Ann", "Bea", "Cal", "Dan"):
        assert [draft.mark.position.row for draft in drafts if draft.author == name] == list(range(50))
    assert sum(met for _, _, met, _ in results) > 0


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
