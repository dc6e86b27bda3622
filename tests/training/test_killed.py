"""Programs that are killed, on a store on disk."""

import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from practising import TRAINEE, answer_to, desk_with_a_set

from fluoro_annotator.store import SqliteStore
from fluoro_annotator.training import Feedback, Step, Variant, Waiting
from fluoro_annotator.training.drafts import Begun, Drafts

SET = "lumbar-first"
PROGRAM = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from fluoro_annotator.training import Step, Variant
from fluoro_annotator.training.drafts import Begun, Drafts

begun = Begun(
    attempt_id=sys.argv[2], set_id="lumbar-first", set_version=1, exercise_id=sys.argv[3], trainee="Trainee A",
    presented_at=datetime(2026, 11, 18, tzinfo=UTC), variant=Variant(mirrored=True, contrast=1.1),
)
draft = Drafts(Path(sys.argv[1]), "Trainee A").begin(begun)
draft.add(Step(1.5, "add", {"points": [[1.0, 2.0]]}))
print("open", flush=True)
sys.stdin.read()
"""


@pytest.fixture
def desk(tmp_path, views, make_reading):
    store = SqliteStore(tmp_path / "readings.sqlite")
    made = desk_with_a_set(tmp_path / "state", views, make_reading, store)
    yield made
    made.close()


@pytest.fixture
def window(desk):
    """Return a function that has another process show an exercise."""
    started = []

    def shown(exercise_id):
        command = [sys.executable, "-c", PROGRAM, str(desk.outbox.folder), "attempt-1", exercise_id]
        child = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        started.append(child)
        assert child.stdout.readline() == "open\n"
        return child

    yield shown
    for child in started:
        child.kill()
        child.communicate()


def test_what_a_killed_window_showed_goes_on_here_and_not_before(desk, window, views):
    asked = desk.sets[SET].questions[0]
    child = window(asked.exercise_id)
    practice = desk.program()
    assert practice.next(SET).question != asked
    practice.leave()
    child.kill()
    child.communicate()
    offers = {}
    for _ in range(2):  # the one that was left here is an interrupted one, too
        offer = practice.next(SET)
        assert offer.interrupted
        offers[offer.attempt_id] = offer
        practice.commit(offer, answer_to(offer.question, views), offer.steps, offer.seconds)
    found = offers["attempt-1"]
    assert found.question == asked
    assert found.steps == (Step(1.5, "add", {"points": [[1.0, 2.0]]}),)
    assert found.variant == Variant(mirrored=True, contrast=1.1)
    assert not practice.next(SET).interrupted


def test_a_store_on_disk_keeps_answers_and_scores_through_restarts(desk, views, tmp_path):
    first = desk.program()
    given = []
    for number in range(6):
        offer = first.next(SET)
        desk.away = number in {2, 3}
        desk.clock.go(minutes=1)
        found = first.commit(offer, answer_to(offer.question, views), (), 1.0)
        assert isinstance(found, Waiting if desk.away else Feedback)
        given.append(found.answer)
        desk.away = False
    desk.close()
    with SqliteStore(tmp_path / "readings.sqlite") as again:
        kept = again.practice.answers(trainee=TRAINEE)
        assert [one.answer for one in kept] == given
        assert [len(one.scores) for one in kept] == [1] * 6


def test_two_trainees_do_not_see_each_others_drafts(tmp_path):
    begun = Begun(
        attempt_id="attempt-1",
        set_id=SET,
        set_version=1,
        exercise_id="exercise",
        trainee=TRAINEE,
        presented_at=datetime(2026, 11, 18, tzinfo=UTC),
        variant=Variant(),
    )
    Drafts(tmp_path, TRAINEE).begin(begun).leave()
    assert list(Drafts(tmp_path, "Trainee B").left_behind()) == []
    (draft,) = Drafts(tmp_path, TRAINEE).left_behind()
    assert draft.begun == begun
    draft.leave()
    assert not any(TRAINEE in str(path) for path in Path(tmp_path).rglob("*"))
