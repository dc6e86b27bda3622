"""Submitting and reopening without a window: what is asked first, what hinders it, and what another window did."""

import pytest
from mocked_desk import MockedDesk, mocked, stacks_of

from fluoro_annotator.anatomy import Side
from fluoro_annotator.errors import StoreUnavailableError
from fluoro_annotator.geometry import Point
from fluoro_annotator.marks import FrameRef, MarkKind, PlanChoice, Purpose, SlotMissing, SlotState
from fluoro_annotator.protocols import load_protocols
from fluoro_annotator.store import MemoryStore, rescued
from napari_fluoro_annotator import texts
from napari_fluoro_annotator.controllers.changes import ChangesController
from napari_fluoro_annotator.controllers.submitting import SubmissionController
from napari_fluoro_annotator.shelf import Shelf
from napari_fluoro_annotator.views.annotate import AnnotateView
from napari_fluoro_annotator.views.changes import ChangesView
from napari_fluoro_annotator.views.submitting import SubmissionView

FRAME = FrameRef("2.25.700.1.1", 1)
CHANGES_SIGNALS = {"open_requested": (), "woken": (), "since_chosen": (str,), "change_chosen": (int,)}


class FailingStore(MemoryStore):
    """A store that can be taken away."""

    away = False

    def _held(self):
        if self.away:
            raise StoreUnavailableError("store", "is on a drive that is gone", "Connect the drive.")
        return super()._held()


class Window(MockedDesk):
    """Desk, question and list of changes; views mocked."""

    def __init__(self, stacks, store, rescue_folder, purpose=Purpose.PROCEDURE):
        self.shelf = Shelf(store, rescue_folder)
        super().__init__(stacks, store, open_reading=self.shelf.open_reading, purpose=purpose)
        self.view = mocked(SubmissionView, {"open_requested": (), "confirmed": (str,)})
        self.view.shown = False
        self.dock = mocked(AnnotateView, {})
        self.changes_view = mocked(ChangesView, CHANGES_SIGNALS)
        self.changes_view.shown = False
        self.changes = ChangesController(self.desk, self.changes_view)
        self.controller = SubmissionController(self.desk, self.view, self.dock, self.shelf)

    def ask(self):
        """Open the question; return it."""
        self.view.open_requested.emit()
        return self.view.set_question.call_args.args[0]

    def confirm(self, comment=""):
        self.ask()
        self.view.confirmed.emit(comment)

    def learn(self):
        """Take in what other windows did, as the watch does; return what is said of it."""
        self.said.clear()
        self.desk.recorder.take_in(self.desk.recorder.question()())
        self.changes_view.woken.emit()
        return " ".join(text for text, _ in self.said)

    @property
    def line(self):
        return self.dock.set_submitted.call_args.args[0]

    @property
    def button(self):
        return self.view.set_button.call_args.args[0]

    def close(self):
        for part in (self.controller, self.changes, self.pointer, self.desk):
            for _ in range(2):
                part.close()


@pytest.fixture
def store():
    return FailingStore()


@pytest.fixture
def window(study_folder, store, tmp_path):
    """Open windows on one store."""
    stacks, opened = stacks_of(study_folder), []

    def open_one(purpose=Purpose.PROCEDURE):
        opened.append(Window(stacks, store, tmp_path / "rescue", purpose))
        return opened[-1]

    yield open_one
    store.away = False
    for one in opened:
        one.close()


def follow_plan(session):
    protocol = next(each for each in load_protocols().protocols if each.id == "lumbar_mbb")
    session.put(
        PlanChoice(
            protocol_id=protocol.id,
            version=protocol.version,
            content_hash=protocol.content_hash,
            joints=("L4-L5",),
            sides=(Side.RIGHT,),
        )
    )


class TestQuestion:
    def test_what_follows_depends_on_the_purpose(self, window):
        assert window().ask().follows == texts.SUBMIT_FOLLOWS
        assert "NEVER" in window(Purpose.PRACTICE).ask().follows

    def test_without_a_plan_nobody_knows_what_is_missing(self, window):
        assert window().ask().missing == (texts.SUBMIT_NO_PLAN, texts.SUBMIT_NOTHING_WRONG)

    def test_empty_slots_missing_views_and_marks_that_look_wrong_are_listed(self, window, right_l3):
        one = window()
        follow_plan(one.session)
        before = one.ask().missing
        assert any(line.startswith("Required views are missing") for line in before)
        level = next(line for line in before if line == "Empty: Level L4.")
        one.session.put(SlotState(slot_id=slot_of(one, level), state=SlotMissing.NOT_VISIBLE))
        for row in (60, 60.5):
            one.session.add_target(FRAME, right_l3, Point(row, 70))
        after = one.ask().missing
        assert level not in after
        wrong = [line for line in after if line.startswith("Look at this again: ")]
        assert wrong
        assert "frame 1" in wrong[0]
        assert list(after[: len(wrong)]) == wrong

    def test_it_is_asked_anew_while_it_is_shown(self, window, right_l3):
        one = window()
        one.ask()
        one.view.shown = True
        one.session.add_target(FRAME, right_l3, Point(60, 70))
        one.session.add_target(FRAME, right_l3, Point(60, 70.5))
        assert len(one.view.set_question.call_args.args[0].missing) > 1

    def test_without_a_study_there_is_nothing_to_submit(self, window):
        one = window()
        one.open([])
        one.binding.views_changed.emit()
        one.view.open_requested.emit()
        assert one.said[-1] == (texts.NEED_VIEW, True)
        assert one.view.set_button.call_args.kwargs == {"enabled": False}


def slot_of(window, line):
    """Return the identifier of the slot of a line of the question."""
    from napari_fluoro_annotator.controllers.plan_reading import PlanReading
    from napari_fluoro_annotator.controllers.plan_wording import slot_words

    reading = PlanReading(window.desk, load_protocols)
    reading.take_up()
    return next(
        status.slot.slot_id
        for status in reading.statuses
        if texts.SUBMIT_EMPTY.format(slot=slot_words(reading, status.slot)) == line
    )


class TestSubmitting:
    def test_the_state_is_told_with_time_and_comment(self, window):
        one = window()
        assert (one.line, one.button) == ("", texts.SUBMIT)
        one.confirm(" seen twice ")
        local = one.session.submission.changed_at.astimezone()
        assert one.line.startswith(f"Submitted {local:%Y-%m-%d %H:%M}. ")
        assert one.line.endswith("Comment: seen twice")
        assert one.button == texts.REOPEN
        assert one.desk.saved_text()[0].startswith(f"Submitted {local:%Y-%m-%d %H:%M}. Saved")
        one.confirm()
        assert (one.session.submitted, one.line, one.button) == (False, "", texts.SUBMIT)

    def test_a_comment_that_cannot_be_kept_is_refused(self, window):
        one = window()
        one.confirm("two\nlines")
        assert not one.session.submitted
        assert one.said[-1][1]

    def test_practice_is_never_reopened(self, window):
        one = window(Purpose.PRACTICE)
        one.confirm()
        assert "ever changed again" in one.line
        question = one.ask()
        assert (question.follows, question.button) == (texts.REOPEN_NEVER, "")
        one.view.confirmed.emit("")
        assert one.session.submitted

    def test_after_practice_the_next_window_begins_anew(self, window):
        one = window(Purpose.PRACTICE)
        one.confirm()
        other = window(Purpose.PRACTICE)
        assert not other.session.submitted
        assert other.session.reading != one.session.reading


class TestWaiting:
    def test_nothing_is_submitted_while_changes_wait(self, window, store, right_l3):
        one = window()
        store.away = True
        one.session.add_target(FRAME, right_l3, Point(60, 70))
        question = one.ask()
        assert (question.button, question.follows) == ("", texts.SUBMIT_WAITING_ONE)
        one.view.confirmed.emit("")
        assert one.said[-1] == (texts.SUBMIT_WAITING_ONE, True)
        assert not one.session.submitted
        store.away = False
        one.desk.retry()
        one.confirm()
        assert one.session.submitted

    def test_nor_while_those_of_another_window_do(self, window, store, right_l3):
        one, other = window(), window()
        store.away = True
        for row in (60, 70):
            other.session.add_target(FRAME, right_l3, Point(row, 70))
        store.away = False
        assert "2 changes are not stored yet" in one.ask().follows

    def test_nor_before_the_store_was_reached(self, window, store):
        store.away = True
        one = window()
        assert one.ask().follows == texts.SUBMIT_AWAY
        one.view.confirmed.emit("")
        assert not one.session.submitted

    def test_a_submission_that_is_not_stored_yet_is_called_so(self, window, store, monkeypatch):
        one = window()
        one.ask()
        with monkeypatch.context() as patch:
            patch.setattr(store, "append", unanswered)
            one.view.confirmed.emit("")
        assert one.said[-1] == (texts.SUBMISSION_WAITS, True)
        assert one.line.endswith(texts.SUBMISSION_WAITS)
        assert "NOT SAVED: 1 change" in one.desk.saved_text()[0]
        one.desk.retry()
        assert texts.SUBMISSION_WAITS not in one.line
        assert one.desk.saved_text()[1]
        assert store.head(one.session.reading.reading_id).submitted


def unanswered(*_, **__):
    raise StoreUnavailableError("store", "does not answer", "Wait.")


class TestAnotherWindow:
    def test_what_it_submitted_and_reopened_is_said(self, window):
        one, other = window(), window()
        other.confirm()
        assert texts.SUBMITTED_ELSEWHERE in one.learn()
        assert one.line.startswith("Submitted ")
        other.confirm()
        assert texts.REOPENED_ELSEWHERE in one.learn()
        assert one.line == ""

    def test_what_came_too_late_is_told_and_follows_a_reopening(self, window, right_l3):
        one, other = window(), window()
        other.confirm()
        one.session.add_target(FRAME, right_l3, Point(60, 70))
        assert texts.TOO_LATE_ONE in one.line
        assert not one.desk.saved_text()[1]
        one.confirm()
        assert one.desk.saved_text()[1]
        assert not one.session.submitted
        assert other.learn()
        assert [mark.kind for mark in other.session.marks] == [MarkKind.TARGET]

    def test_what_a_closed_window_left_follows_a_reopening_later(self, window, right_l3, tmp_path):
        one, other = window(), window()
        other.confirm()
        one.session.add_target(FRAME, right_l3, Point(60, 70))
        reading = one.session.reading.reading_id
        one.close()
        assert len(rescued(reading, tmp_path / "rescue")) == 1
        later = window()
        assert texts.TOO_LATE_ONE in later.line
        later.confirm()
        assert len(later.session.marks) == 1
        assert later.line == ""
        assert rescued(reading, tmp_path / "rescue") == ()

    def test_what_came_too_late_for_practice_stays_where_it_is(self, window, right_l3, tmp_path):
        one, other = window(Purpose.PRACTICE), window(Purpose.PRACTICE)
        other.confirm()
        one.session.add_target(FRAME, right_l3, Point(60, 70))
        assert texts.TOO_LATE_PRACTICE_ONE in one.line
        one.view.confirmed.emit("")
        assert one.session.submitted
        assert len(rescued(one.session.reading.reading_id, tmp_path / "rescue")) == 1
