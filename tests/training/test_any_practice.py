"""Any order of presenting, committing, interrupting, and stores that go away loses no answer and scores none twice."""

import shutil
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from practising import answer_to, desk_with_a_set

from fluoro_annotator.errors import AnswerNotKeptError
from fluoro_annotator.marks import MarkConfidence
from fluoro_annotator.training import Feedback, Step, Waiting, read_answer

SET = "lumbar-first"
WINDOWS = ("one", "two")
names = st.sampled_from(WINDOWS)
confidences = st.none() | st.sampled_from(MarkConfidence)


@pytest.fixture(scope="module")
def material(views, make_reading):
    return views, make_reading


class Machine(RuleBasedStateMachine):
    """Two windows of one trainee, a store that comes and goes, a disk that fills up and a clock that is set."""

    material = None

    @initialize()
    def begin(self):
        self.folder = Path(tempfile.mkdtemp())
        self.views, make_reading = self.material
        self.desk = desk_with_a_set(self.folder, self.views, make_reading)
        self.windows, self.offers = {}, {}
        self.committed, self.steps = {}, {}
        for name in WINDOWS:
            self.start(name)

    @rule(name=names)
    def start(self, name):
        self.kill(name)
        self.windows[name] = self.desk.program()

    def kill(self, name):
        """End a program: the system takes its locks away, and nothing else happens."""
        program = self.windows.pop(name, None)
        self.offers.pop(name, None)
        if program is not None and program._open is not None:
            program._open.draft._file.close()

    @rule(name=names)
    def present(self, name):
        offer = self.windows[name].next(SET, ahead=True)
        if offer is None:
            return
        assert offer.attempt_id not in self.committed
        assert list(offer.steps) == self.steps.setdefault(offer.attempt_id, [])[: len(offer.steps)]
        if offer.interrupted:
            assert list(offer.steps) == self.steps[offer.attempt_id]
        others = [one.attempt_id for other, one in self.offers.items() if other != name]
        assert offer.attempt_id not in others
        self.offers[name] = offer

    @precondition(lambda self: self.offers)
    @rule(name=names, seconds=st.floats(0, 100))
    def work(self, name, seconds):
        if name in self.offers:
            step = Step(seconds, "move", {"at": seconds})
            assert self.windows[name].keep_step(step) == ""
            self.steps[self.offers[name].attempt_id].append(step)

    @rule(name=names, right=st.booleans(), confidence=confidences)
    def present_and_commit(self, name, right, confidence):
        self.present(name)
        self.commit(name, right, confidence)

    @precondition(lambda self: self.offers)
    @rule(name=names, right=st.booleans(), confidence=confidences)
    def commit(self, name, right, confidence):
        if name not in self.offers:
            return
        offer = self.offers.pop(name)
        given = answer_to(offer.question, self.views, right=right, confidence=confidence)
        found = self.windows[name].commit(offer, given, self.steps[offer.attempt_id], 5.0)
        assert isinstance(found, Waiting if self.desk.away else Feedback)
        self.committed[offer.attempt_id] = found.answer

    @precondition(lambda self: self.offers and self.desk.away)
    @rule(name=names)
    def commit_without_room(self, name):
        """The store is away and the disk is full: nothing is committed, and the exercise stays open."""
        if name not in self.offers:
            return
        offer = self.offers[name]
        folder = self.desk.outbox.folder / "answers"
        hidden = folder.with_name("hidden")
        if folder.exists():
            folder.rename(hidden)
        folder.write_bytes(b"")
        try:
            with pytest.raises(AnswerNotKeptError):
                self.windows[name].commit(offer, answer_to(offer.question, self.views), (), 5.0)
        finally:
            folder.unlink()
            if hidden.exists():
                hidden.rename(folder)
        assert self.windows[name].next(SET) == offer

    @rule()
    def store_goes_or_comes(self):
        self.desk.away = not self.desk.away

    @rule(name=names)
    def catch_up(self, name):
        self.windows[name].catch_up()

    @rule(hours=st.integers(-50, 50))
    def set_clock(self, hours):
        self.desk.clock.go(hours=hours)

    @precondition(lambda self: hasattr(self, "desk"))
    @invariant()
    def no_answer_is_lost_and_none_is_scored_twice(self):
        kept = {one.answer.answer_id: one for one in self.desk.kept()}
        waiting = {one.answer_id: one for one in self.desk.outbox.waiting()}
        for answer_id, answer in self.committed.items():
            found = kept[answer_id].answer if answer_id in kept else waiting[answer_id]
            assert found == answer
            assert list(read_answer(found.content).steps) == self.steps[answer_id]
        assert kept.keys() | waiting.keys() == self.committed.keys()
        assert all(len(one.scores) <= 1 for one in kept.values())

    def teardown(self):
        if not hasattr(self, "desk"):
            return
        self.desk.away = False
        self.desk.program().catch_up()
        assert {one.answer.answer_id for one in self.desk.kept()} == self.committed.keys()
        assert all(len(one.scores) == 1 for one in self.desk.kept())
        assert self.desk.outbox.waiting() == ()
        self.desk.close()
        shutil.rmtree(self.folder)


def test_any_order_of_events_loses_nothing(material):
    chosen = settings(
        max_examples=30,
        stateful_step_count=40,
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    seen = []

    class Played(Machine):
        def teardown(self):
            super().teardown()
            seen.append(len(self.committed))

    Played.material = material
    run_state_machine_as_test(Played, settings=chosen)
    assert max(seen) > 4  # otherwise this shows nothing
