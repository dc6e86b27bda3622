"""Answers from several programs at once, from programs that are killed, and onto disks that are full."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from random import Random

import pytest
from practice_made import answer_of, keys_of, score_of, version_of

from fluoro_annotator.store import SqliteStore, open_store

pytestmark = pytest.mark.skipif(os.name != "posix", reason="kills and limits processes as POSIX does")

SUPPORT = Path(__file__).parents[1] / "support"

OPENED = """
import json, sys
sys.path.insert(0, sys.argv[1])
from practice_made import answer_of, score_of
from fluoro_annotator.errors import StoreConflictError, StoreUnavailableError
from fluoro_annotator.store import open_store

store = open_store(sys.argv[2])
practice = store.practice
"""
WINDOW = (
    OPENED
    + """
first = 0
for number in range(12):
    practice.commit(answer_of(f"{sys.argv[3]} {number}"))
    both = practice.commit(answer_of(f"both {number}"))
    assert both.entry in {kept.entry for kept in practice.answers(after=both.entry - 1)}
    try:
        practice.keep_score(score_of(f"both {number}", outcome=sys.argv[3]))
        first += 1
    except StoreConflictError:
        pass
    practice.keep_score(score_of(f"{sys.argv[3]} {number}"))
store.close()
print(first)
"""
)
UNTIL_KILLED = (
    OPENED
    + """
for number in range(10_000):
    answer = answer_of(f"{sys.argv[3]} {number}")
    practice.commit(answer)
    print(answer.answer_id, flush=True)
    practice.keep_score(score_of(answer.answer_id))
"""
)
FULL_DISK = (
    OPENED
    + """
import os, resource, signal

def limit(size):
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))

signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
content = json.dumps({"steps": "x" * 3000})
limit(os.path.getsize(sys.argv[2]) + 40_000)
kept, refused = [], ""
for number in range(200):
    try:
        practice.commit(answer_of(f"a{number}", content=content))
    except StoreUnavailableError as error:
        refused = error.problem
        break
    kept.append(number)
before = [each.answer.answer_id for each in practice.answers()]
limit(resource.RLIM_INFINITY)
practice.commit(answer_of(f"a{len(kept)}", content=content))
found = practice.answers()
store.close()
print(json.dumps([len(kept), refused, before == [f"a{number}" for number in kept], len(found)]))
"""
)


@pytest.fixture(params=["sqlite", "postgres"])
def place(request, path) -> str:
    """Where a store with one version of a set is."""
    where = str(path) if request.param == "sqlite" else request.getfixturevalue("server_store").url()
    with open_store(where) as store:
        store.practice.publish(version_of(), keys_of())
    return where


@pytest.fixture
def start():
    started = []

    def run(script, *arguments):
        command = [sys.executable, "-W", "error", "-c", script, str(SUPPORT), *map(str, arguments)]
        started.append(subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True))
        return started[-1]

    yield run
    for program in started:
        program.kill()
        program.communicate()


def test_windows_of_one_trainee_commit_at_once(place, start):
    """Nothing is lost or kept twice, and of two first scores one stays."""
    windows = [start(WINDOW, place, name) for name in ("left", "middle", "right")]
    ended = [window.communicate(timeout=120) for window in windows]
    assert [errors for _, errors in ended] == ["", "", ""]
    assert sum(int(output) for output, _ in ended) == 12
    with open_store(place) as store:
        kept = store.practice.answers()
        names = {f"{name} {number}" for name in ("left", "middle", "right", "both") for number in range(12)}
        assert {each.answer.answer_id for each in kept} == names
        assert [len(each.scores) for each in kept] == [1] * len(names)
        assert store.verify() == ()


def test_an_answer_that_was_acknowledged_outlives_the_program(place, start):
    chance = Random(6)  # noqa: S311  # not a secret
    acknowledged = []
    for attempt in range(6):
        program = start(UNTIL_KILLED, place, attempt)
        acknowledged += [program.stdout.readline().strip() for _ in range(chance.randint(1, 12))]
        program.send_signal(signal.SIGKILL)
        rest, _ = program.communicate()
        acknowledged += rest.splitlines()
    with open_store(place) as store:
        kept = {each.answer.answer_id: each for each in store.practice.answers()}
        assert store.verify() == ()
        assert len(acknowledged) > 6
        assert all(kept[answer_id].answer == answer_of(answer_id) for answer_id in acknowledged)
        unscored = [answer_id for answer_id, each in kept.items() if not each.scores]
        assert len(unscored) <= 6
        for answer_id in unscored:
            store.practice.keep_score(score_of(answer_id))


def test_a_full_disk_refuses_an_answer_and_keeps_the_others(path, start):
    with SqliteStore(path) as store:
        store.practice.publish(version_of(), keys_of())
    output, errors = start(FULL_DISK, path).communicate(timeout=120)
    assert errors == ""
    kept, refused, as_it_was, afterwards = json.loads(output)
    assert 0 < kept < 200
    assert "room" in refused or "disk" in refused
    assert as_it_was
    assert afterwards == kept + 1
    with SqliteStore(path) as store:
        assert len(store.practice.answers()) == kept + 1
        assert store.verify() == ()
