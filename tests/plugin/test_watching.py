"""A window learns of changes made elsewhere by itself, and says what became of marks changed in both."""

import threading
import time
from unittest.mock import MagicMock

import pytest
from psygnal import SignalInstance

from fluoro_annotator.anatomy import Side
from fluoro_annotator.dicom import scan, views
from fluoro_annotator.errors import StoreUnavailableError
from fluoro_annotator.geometry import Point
from fluoro_annotator.marks import Cause, Draft, FrameRef, MarkSession, RevisionKind, Target
from fluoro_annotator.store import MemoryStore, StoreRecorder, open_store, recorder
from napari_fluoro_annotator import texts
from napari_fluoro_annotator.controllers import watching
from napari_fluoro_annotator.controllers.changes import ChangesController
from napari_fluoro_annotator.controllers.desk import ReadingDesk
from napari_fluoro_annotator.controllers.pointer import Pointer
from napari_fluoro_annotator.controllers.watching import EVERY_MS, LOOK_MS, REST_MS, WatchController
from napari_fluoro_annotator.layer_binding import LayerBinding
from napari_fluoro_annotator.shelf import Shelf
from napari_fluoro_annotator.views.changes import ChangesView
from napari_fluoro_annotator.views.ticker import Ticker

FRAME = FrameRef("2.25.700.1.1", 1)
ASK_MS = 20


class Window:
    """Desk, list of changes and watch; views mocked."""

    def __init__(self, stacks, open_reading):
        self.binding = MagicMock(spec=LayerBinding)
        self.binding.views_changed, self.binding.frame_changed = SignalInstance(), SignalInstance()
        self.binding.stacks, self.binding.current, self.binding.index = stacks, stacks[0], 0
        self.binding.frame, self.binding.playing = FRAME, False
        self.view = MagicMock(spec=ChangesView)
        for name, types in {"open_requested": (), "woken": (), "since_chosen": (str,)}.items():
            setattr(self.view, name, SignalInstance(types))
        self.view.change_chosen, self.view.shown = SignalInstance((int,)), False
        self.pointer, self.ticker = MagicMock(spec=Pointer), MagicMock(spec=Ticker)
        self.pointer.dragging, self.ticker.ticked = False, SignalInstance()
        self.desk = ReadingDesk(self.binding, open_reading, reader="tester")
        self.changes = ChangesController(self.desk, self.view)
        self.watch = WatchController(self.desk, self.pointer, self.ticker)
        self.said = []
        self.desk.said.connect(self._on_said)

    def _on_said(self, text, warning):
        self.said.append(text)

    @property
    def session(self):
        return self.desk.session

    @property
    def due(self):
        """After how many milliseconds the next step comes."""
        return self.ticker.wake_in.call_args.args[0]

    def tick(self):
        self.ticker.ticked.emit()

    def look(self):
        """Ask and take in the answer; return what is said of it."""
        self.said.clear()
        self.tick()
        if self.watch._asked is not None:
            assert self.watch._asked[1].wait(20)
            self.tick()
        self.view.woken.emit()
        return " ".join(self.said)

    def close(self):
        for _ in range(2):
            self.watch.close()
            self.changes.close()
            self.desk.close()


@pytest.fixture(autouse=True)
def usual_pace(monkeypatch):
    monkeypatch.setattr(watching, "EVERY_MS", EVERY_MS)


@pytest.fixture
def store():
    return MemoryStore()


@pytest.fixture
def stacks(study_folder):
    return tuple(stack for study in scan([study_folder]).studies for stack in views(study))


@pytest.fixture
def window(stacks, store, tmp_path):
    opened = []

    def open_one():
        opened.append(Window(stacks, Shelf(store, tmp_path / "rescue").open_reading))
        return opened[-1]

    yield open_one
    for one in opened:
        one.close()


def test_what_another_window_did_comes_without_a_change_of_our_own(window, right_l3):
    one, other = window(), window()
    mark = other.session.add_target(FRAME, right_l3, Point(10, 10))
    assert "added L3 medial branch, at L4, right (frame 1)" in one.look()
    assert one.session.marks == (mark,)
    assert one.due == EVERY_MS
    other.session.delete(mark.mark_id)
    assert "deleted L3 medial branch" in one.look()
    assert one.look() == ""
    assert other.look() == ""


def test_what_was_learned_is_not_learned_again_with_the_next_change(window, right_l3, store):
    one, other = window(), window()
    theirs = other.session.add_target(FRAME, right_l3, Point(10, 10))
    one.look()
    ours = one.session.add_target(FRAME, right_l3, Point(20, 20))
    assert one.session.marks == (theirs, ours)
    stored = store.revisions(one.session.reading.reading_id)
    assert [revision.draft for revision in stored] == list(one.session.drafts)


def test_an_answer_that_comes_after_our_own_change_is_taken_in_once(window, right_l3):
    one, other = window(), window()
    theirs = other.session.add_target(FRAME, right_l3, Point(10, 10))
    one.tick()
    assert one.watch._asked[1].wait(20)
    ours = one.session.add_target(FRAME, right_l3, Point(20, 20))
    heard = MagicMock()
    one.desk.merged.connect(heard)
    one.tick()
    heard.assert_not_called()
    assert set(one.session.marks) == {theirs, ours}
    assert len(one.session.drafts) == 2


@pytest.mark.parametrize(
    ("ours", "theirs", "said", "stands"),
    [
        ("move", "move", texts.THEN_CHANGED, Point(60, 60)),
        ("move", "delete", texts.THEN_DELETED, None),
        ("delete", "move", texts.THEN_BACK, Point(60, 60)),
    ],
)
def test_of_a_mark_changed_in_both_it_is_said_whose_version_stands(
    window, right_l3, *, ours, theirs, said, stands
):
    one = window()
    mark = one.session.add_target(FRAME, right_l3, Point(10, 10))
    mark_id, label = mark.mark_id, one.session.label(mark)
    one, other = window(), window()
    plain = window()
    one.session.move(mark_id, position=Point(50, 50)) if ours == "move" else one.session.delete(mark_id)
    if theirs == "delete":
        other.session.delete(mark_id)
    else:
        other.session.move(mark_id, position=Point(60, 60))
    assert said.format(label=label) in one.look()
    present = one.session.find(mark_id)
    assert (None if present is None else present.position) == stands
    assert "after that" not in plain.look()
    assert plain.session.find(mark_id) == present


def test_a_mark_changed_elsewhere_alone_is_not_said_to_be_changed_here(window, right_l3):
    one = window()
    mark = one.session.add_target(FRAME, right_l3, Point(10, 10))
    one, other = window(), window()
    for row in (20, 30):
        other.session.move(mark.mark_id, position=Point(row, 10))
        said = one.look()
        assert "moved L3 medial branch" in said
        assert "changed here" not in said


def test_nothing_is_taken_in_during_a_drag_or_a_cine(window, right_l3):
    one, other = window(), window()
    other.session.add_target(FRAME, right_l3, Point(10, 10))
    one.pointer.dragging = True
    one.look()
    assert one.session.marks == ()
    assert one.due == LOOK_MS
    one.pointer.dragging, one.binding.playing = False, True
    one.tick()
    assert one.session.marks == ()
    one.binding.playing = False
    one.tick()
    assert len(one.session.marks) == 1


def test_it_rests_while_the_store_is_away(window, right_l3, store, monkeypatch):
    one = window()
    with monkeypatch.context() as patch:
        patch.setattr(store, "append", MagicMock(side_effect=StoreUnavailableError("store", "is away")))
        one.session.add_target(FRAME, right_l3, Point(10, 10))
        asked = MagicMock(wraps=store.revisions)
        patch.setattr(store, "revisions", asked)
        assert one.look() == ""
        asked.assert_not_called()
    one.desk.retry()
    other = window()
    other.session.add_target(FRAME, right_l3, Point(20, 20))
    assert "added" in one.look()


def test_a_question_that_cannot_be_answered_is_put_again_later(window, right_l3, store, monkeypatch):
    one, other = window(), window()
    other.session.add_target(FRAME, right_l3, Point(10, 10))
    with monkeypatch.context() as patch:
        patch.setattr(store, "revisions", MagicMock(side_effect=StoreUnavailableError("store", "is away")))
        assert one.look() == ""
        assert one.due == REST_MS
    assert one.desk.recorder.state.saved
    assert "added" in one.look()
    assert one.due == EVERY_MS


def test_the_main_thread_does_not_wait_for_a_slow_store(window, right_l3, store, monkeypatch):
    one, other = window(), window()
    other.session.add_target(FRAME, right_l3, Point(10, 10))
    gate, threads, revisions = threading.Event(), [], store.revisions

    def slow(reading_id, *, after=0):
        threads.append(threading.current_thread())
        assert gate.wait(20)
        return revisions(reading_id, after=after)

    monkeypatch.setattr(store, "revisions", slow)
    for _ in range(3):
        one.tick()
    assert one.session.marks == ()
    gate.set()
    assert one.watch._asked[1].wait(20)
    one.tick()
    assert len(one.session.marks) == 1
    assert len(threads) == 1
    assert threads[0] is not threading.main_thread()


def test_an_answer_about_another_reader_is_dropped(window, right_l3):
    one, other = window(), window()
    other.session.add_target(FRAME, right_l3, Point(10, 10))
    one.tick()
    one.desk.change_reader("second")
    assert one.look() == ""
    assert one.session.marks == ()
    one.desk.change_reader("tester")
    assert "added" in one.look()


def test_without_a_study_nothing_is_asked(window):
    one = window()
    one.binding.stacks, one.binding.current = (), None
    one.binding.views_changed.emit()
    assert one.look() == ""
    assert one.due == EVERY_MS


def test_a_step_that_fails_is_not_the_last(window, store, monkeypatch):
    one = window()
    monkeypatch.setattr(store, "revisions", MagicMock(side_effect=ZeroDivisionError))
    one.tick()
    assert one.watch._asked[1].wait(20)
    one.ticker.wake_in.reset_mock()
    with pytest.raises(Exception, match="ZeroDivisionError"):
        one.tick()
    assert one.due == EVERY_MS


def test_an_import_from_elsewhere_is_taken_in(window, store, right_l3):
    one = window()
    mark = Target(frame=FRAME, site=right_l3, position=Point(40, 40))
    draft = Draft(kind=RevisionKind.ADD, mark=mark, author="Reader B", cause=Cause.IMPORT)
    store.append(one.session.reading.reading_id, [draft], after=0)
    assert "Reader B" in one.look()
    assert one.session.marks == (mark,)
    assert not one.session.can_undo


# ---------------------------------------------------------------------- the recorder's part


def test_only_what_follows_is_taken_in(store, stacks, right_l3, tmp_path, window):
    one = window()
    reading, study = one.session.reading, one.session.study
    other = MarkSession(reading, study, StoreRecorder(store, reading, after=0))
    for row in (10, 20, 30):
        other.add_target(FRAME, right_l3, Point(row, 10))
    all_three = store.revisions(reading.reading_id)
    recorder, heard = one.desk.recorder, MagicMock()
    recorder.merged.connect(heard)
    recorder.take_in(all_three[1:])
    heard.assert_not_called()
    recorder.take_in(all_three[:2])
    recorder.take_in(all_three[:2])
    recorder.take_in(all_three)
    assert recorder.known == 3
    assert [len(call.args[0]) for call in heard.call_args_list] == [2, 1]
    assert len(one.session.marks) == 3


# ---------------------------------------------------------------------- real windows


@pytest.mark.gui
def test_two_real_windows_learn_of_each_other(open_window, tmp_path, pump, monkeypatch):
    monkeypatch.setattr(watching, "EVERY_MS", ASK_MS)
    stores = [open_store(tmp_path / "both.sqlite") for _ in range(2)]
    _, one, first_hand = open_window(store=stores[0])
    _, other, hand = open_window(store=stores[1])
    for dock in (one, other):
        dock.view.set_nerve("L3_MB")
        dock.view.set_side(Side.RIGHT)
    hand.key("T")
    hand.click(60, 70)
    assert until(lambda: len(one.desk.session.marks) == 1, pump)
    (mark,) = one.desk.session.marks
    assert until(lambda: "added L3 medial branch" in one.view._hint.text(), pump)
    assert mark.mark_id in {handle.mark_id for handle in one.binding._marks.handles}
    first_hand.drag(tuple(mark.position), (100, 110))
    assert until(lambda: other.desk.session.marks == one.desk.session.marks, pump)
    assert other.desk.session.marks[0].position != mark.position
    assert until(lambda: "was changed here and after that in another window" in other.view._hint.text(), pump)


def until(condition, pump, seconds=20.0):
    end = time.monotonic() + seconds
    while not condition() and time.monotonic() < end:
        pump(1)
    return condition()


def test_a_slow_store_is_knocked_at_and_gets_what_waits(window, right_l3, store, monkeypatch):
    monkeypatch.setattr(recorder, "SLOW_SECONDS", -1)
    one = window()
    away = StoreUnavailableError("store", "is away")
    with monkeypatch.context() as patch:
        patch.setattr(store, "append", MagicMock(side_effect=away))
        one.session.add_target(FRAME, right_l3, Point(10, 10))
        asked = MagicMock(side_effect=away)
        patch.setattr(type(store), "store_id", property(lambda _: asked(threading.current_thread())))
        knock(one)
        assert one.due == EVERY_MS
        assert asked.call_args.args[0] is not threading.main_thread()
        one.desk.retry_waiting()
        assert store.append.call_count == 1
    knock(one)
    assert one.desk.recorder.state.saved
    assert len(store.revisions(one.session.reading.reading_id)) == 1


def knock(window):
    window.tick()
    assert window.watch._knocked[1].wait(20)
    window.tick()
