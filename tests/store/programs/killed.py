"""Kills programs that write, at random moments, and looks at what they leave.

Usage: killed.py PLACE WHAT ROUNDS SEED, where PLACE is a store, or a folder for WHAT = "creation" and
"upgrade". Prints one JSON object.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import sqlite3
import sys
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing
from itertools import islice
from pathlib import Path
from random import Random

import alembic.runtime.environment
import alembic.script  # noqa: F401  # what an upgrade loads late is there before programs are started
from values import STUDY, draft, step, study_of

from fluoro_annotator.errors import StoreConflictError
from fluoro_annotator.marks import Reading, Target
from fluoro_annotator.store import Store, open_store, upgrade_file
from fluoro_annotator.store.sqlite_file import version_of

OLD = Path(__file__).parents[1] / "databases" / "schema_1.sqlite"
Answer = Callable[[str], object]


class Killer:
    """Starts programs and kills each at another moment."""

    def __init__(self, seed: int, most_answers: int = 4) -> None:
        self.chance = Random(seed)
        self._most = most_answers
        self._usual = 0.0

    def kill(self, work: Callable[[Answer], None]) -> list[str]:
        """Return what a program answered before it was killed; the first one is killed after an answer.

        That tells how long the work takes. Half of the others are killed at any moment from their start,
        half soon after one of their answers.
        """
        answers, writes = os.pipe()
        child = os.fork()
        if not child:
            os.close(answers)
            _work_until_killed(work, writes)
        os.close(writes)
        with os.fdopen(answers) as lines:
            heard = self._wait(lines)
            os.kill(child, signal.SIGKILL)
            _, status = os.waitpid(child, 0)
            if not os.WIFSIGNALED(status):
                raise RuntimeError("the program ended by itself")
            heard += [line.strip() for line in lines if line.endswith("\n")]
        return heard

    def _wait(self, lines: Iterator[str]) -> list[str]:
        started = time.perf_counter()
        if self._usual and self.chance.random() < 0.5:
            time.sleep(self.chance.uniform(0, self._usual))
            return []
        wanted = self.chance.randint(1, self._most) if self._usual else 1
        heard = [line.strip() for line in islice(lines, wanted)]
        self._usual = self._usual or time.perf_counter() - started
        time.sleep(self.chance.choice([0, 0.02, 0.1]) * self.chance.random() * self._usual)
        return heard


def _work_until_killed(work: Callable[[Answer], None], writes: int) -> None:
    try:
        work(lambda text: os.write(writes, f"{text}\n".encode()))
        signal.pause()
    except BaseException:
        traceback.print_exc()
        raise
    finally:
        os._exit(1)


# ---------------------------------------------------------------------- marks


def write_marks(place: str, seed: int, answer: Answer) -> None:
    """Append steps for ever; each is answered as soon as it is acknowledged."""
    chance = Random(seed)
    with open_store(place) as store:
        store.save_study(STUDY)
        reading_id = store.begin(Reading(study_uid=STUDY.uid, reader="Reader A")).reading_id
        while True:
            _append_steps(store, reading_id, chance, answer)


def _append_steps(store: Store, reading_id: str, chance: Random, answer: Answer) -> None:
    last = store.head(reading_id).sequence
    present = [record for record in store.records(reading_id) if isinstance(record, Target)]
    try:
        while True:
            kept = store.append(reading_id, step(chance, present), after=last)
            last = kept[-1].sequence
            answer(" ".join(f"{revision.sequence}:{revision.hash}" for revision in kept))
    except StoreConflictError:
        return  # the server has ended what the program killed before had begun


def after_marks(place: str, acknowledged: dict[int, str]) -> Iterator[str]:
    """Yield what is wrong with a store in which marks were written."""
    with open_store(place) as store:
        yield from store.verify()
        readings = store.readings()
        if len(readings) > 1:
            yield "there are two readings"
        for reading in readings:
            revisions = store.revisions(reading.reading_id)
            stored = {revision.sequence: revision.hash for revision in revisions}
            lost = [number for number, kept in acknowledged.items() if stored.get(number) != kept]
            if lost:
                yield f"lost: {lost}"
            sizes = Counter((revision.draft.action_id, revision.draft.client) for revision in revisions)
            if any(number != int(size) for (_, size), number in sizes.items()):
                yield "half of a step is stored"
        if acknowledged and not readings:
            yield "the reading is lost"


def marks(place: str, rounds: int, seed: int) -> dict[str, object]:
    """Kill programs that append to one reading."""
    killer, acknowledged, problems = Killer(seed), {}, []
    for number in range(rounds):
        heard = killer.kill(lambda answer, number=number: write_marks(place, seed + number, answer))
        pairs = (pair.split(":") for line in heard for pair in line.split())
        acknowledged |= {int(sequence): kept for sequence, kept in pairs}
        problems += after_marks(place, acknowledged)
    return {"kills": rounds, "acknowledged": len(acknowledged), "problems": problems}


# ---------------------------------------------------------------------- studies and readings


def write_studies(place: str, answer: Answer) -> None:
    """Save studies and begin readings for ever."""
    with open_store(place) as store:
        number = len(store.studies())
        while True:
            number += 1
            study = study_of(f"1.2.{number}", images=20)
            store.save_study(study)
            answer(study.uid)
            reading = store.begin(Reading(study_uid=study.uid, reader="Reader A"))
            answer(f"{study.uid} {reading.reading_id}")


def after_studies(place: str, acknowledged: set[str]) -> Iterator[str]:
    """Yield what is wrong with a store in which studies were saved."""
    with open_store(place) as store:
        yield from store.verify()
        studies = store.studies()
        halves = [uid for uid in studies if len(store.study(uid).images) != 20]
        if halves:
            yield f"studies without some of their images: {halves}"
        known = {*studies, *(f"{reading.study_uid} {reading.reading_id}" for reading in store.readings())}
        if acknowledged - known:
            yield f"lost: {acknowledged - known}"
        for reading in store.readings():
            if store.head(reading.reading_id).sequence != 0:
                yield "a reading does not end where it began"


def studies(place: str, rounds: int, seed: int) -> dict[str, object]:
    """Kill programs that save studies and begin readings."""
    killer, acknowledged, problems = Killer(seed), set(), []
    for _ in range(rounds):
        acknowledged |= set(killer.kill(lambda answer: write_studies(place, answer)))
        problems += after_studies(place, acknowledged)
    return {"kills": rounds, "acknowledged": len(acknowledged), "problems": problems}


# ---------------------------------------------------------------------- the file itself


def after_creation(path: Path, heard: list[str]) -> Iterator[str]:
    """Yield what is wrong with a store that was being made."""
    if heard and not path.exists():
        yield "a store that was there is gone"
    with open_store(path) as store:
        yield from store.verify()
        store.save_study(STUDY)
        reading = store.begin(Reading(study_uid=STUDY.uid, reader="Reader A"))
        store.append(reading.reading_id, [draft(1)], after=0)


def creation(folder: str, rounds: int, seed: int) -> dict[str, object]:
    """Kill programs that make stores."""
    killer, problems, made = Killer(seed, most_answers=1), [], 0
    for number in range(rounds):
        path = Path(folder) / str(number) / "readings.sqlite"
        heard = killer.kill(lambda answer, path=path: answer(open_store(path).describe()))
        made += path.exists()
        problems += after_creation(path, heard)
    return {"kills": rounds, "made": made, "problems": problems}


def _rows(path: Path) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute("SELECT * FROM revision ORDER BY reading_id, sequence").fetchall()


def after_upgrade(path: Path, heard: list[str]) -> Iterator[str]:
    """Yield what is wrong with a store that was being upgraded."""
    backups = [
        each for each in path.parent.iterdir() if ".version1-" in each.name and ".new-" not in each.name
    ]
    found = version_of(path)
    if heard and found == 1:
        yield "a store that was upgraded is old again"
    if found != 1 and not backups:
        yield "there is no backup"
    if any((version_of(backup), _rows(backup)) != (1, _rows(OLD)) for backup in backups):
        yield "a backup is not whole"
    if _rows(path) != _rows(OLD):
        yield "a revision is not as it was"
    upgrade_file(path)
    with open_store(path) as store:
        yield from store.verify()


def upgrade(folder: str, rounds: int, seed: int) -> dict[str, object]:
    """Kill programs that upgrade stores of the first version."""
    killer, problems, made = Killer(seed, most_answers=1), [], 0
    for number in range(rounds):
        path = Path(folder) / str(number) / "readings.sqlite"
        path.parent.mkdir(parents=True)
        shutil.copy(OLD, path)
        heard = killer.kill(lambda answer, path=path: answer(str(upgrade_file(path))))
        made += version_of(path) != 1
        problems += after_upgrade(path, heard)
    return {"kills": rounds, "made": made, "problems": problems}


if __name__ == "__main__":
    _, place_, what, rounds_, seed_ = sys.argv
    print(json.dumps(globals()[what](place_, int(rounds_), int(seed_))))
