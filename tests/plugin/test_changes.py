"""What changed in a reading: listed, and said when another window changed it."""

from datetime import timedelta
from unittest.mock import MagicMock

import pytest
from psygnal import SignalInstance

from fluoro_annotator.dicom import scan, views
from fluoro_annotator.geometry import Point
from fluoro_annotator.marks import FrameRef, SlotMissing, SlotState, utc_now
from fluoro_annotator.store import MemoryStore
from napari_fluoro_annotator import texts
from napari_fluoro_annotator.controllers.changes import ChangesController, ChangesViewProtocol
from napari_fluoro_annotator.controllers.desk import ReadingDesk
from napari_fluoro_annotator.layer_binding import LayerBinding
from napari_fluoro_annotator.shelf import Shelf
from napari_fluoro_annotator.views.changes import ChangesView

FRAME = FrameRef("2.25.700.1.1", 1)
OTHER_FRAME = FrameRef("2.25.700.3.1", 4)


class Side:
    """One of several windows on the same store: desk and list, views mocked."""

    def __init__(self, stacks, open_reading, clock=utc_now):
        self.binding = MagicMock(spec=LayerBinding)
        self.binding.views_changed, self.binding.frame_changed = SignalInstance(), SignalInstance()
        self.binding.stacks, self.binding.current, self.binding.index = stacks, stacks[0], 0
        self.binding.frame = FRAME
        self.view = MagicMock(spec=ChangesView)
        for name, types in {"open_requested": (), "woken": (), "since_chosen": (str,)}.items():
            setattr(self.view, name, SignalInstance(types))
        self.view.change_chosen = SignalInstance((int,))
        self.view.shown = False
        self.desk = ReadingDesk(self.binding, open_reading, reader="tester")
        self.said = []
        self.desk.said.connect(self._on_said)
        self.controller = ChangesController(self.desk, self.view, clock=clock)

    def _on_said(self, text, warning):
        self.said.append((text, warning))

    @property
    def session(self):
        return self.desk.session

    @property
    def lines(self):
        return list(self.view.set_changes.call_args.args[0])

    @property
    def summary(self):
        return self.view.set_changes.call_args.args[1]

    def heard(self):
        """Return what is said when the event loop comes round."""
        self.said.clear()
        if self.view.wake_soon.called:
            self.view.wake_soon.reset_mock()
            self.view.woken.emit()
        return " ".join(text for text, _ in self.said)


@pytest.fixture
def stacks(study_folder):
    return tuple(stack for study in scan([study_folder]).studies for stack in views(study))


@pytest.fixture
def store():
    return MemoryStore()


@pytest.fixture
def shelf(store, tmp_path):
    return Shelf(store, tmp_path / "rescue")


@pytest.fixture
def window(stacks, shelf):
    opened = []

    def open_one(clock=utc_now, open_reading=None):
        opened.append(Side(stacks, open_reading or shelf.open_reading, clock))
        return opened[-1]

    yield open_one
    for side in opened:
        side.controller.close()
        side.controller.close()
        side.desk.close()


def test_the_mock_stands_for_what_the_controller_asks_of_a_view():
    names = (*vars(ChangesViewProtocol), *ChangesViewProtocol.__annotations__)
    assert {name for name in names if not name.startswith("_")} <= set(dir(ChangesView))


def test_what_changed_since_the_study_was_opened(window, right_l3):
    first = window()
    old = first.session.add_target(FRAME, right_l3, Point(10, 10))
    gone = first.session.add_target(FRAME, right_l3, Point(20, 20))
    later = window()
    later.view.open_requested.emit()
    assert (later.lines, later.summary) == ([], texts.CHANGES_NONE)
    later.session.move(old.mark_id, position=Point(30, 30))
    later.session.delete(gone.mark_id)
    new = later.session.add_target(OTHER_FRAME, right_l3, Point(5, 5))
    later.controller.show_changes()
    assert [line.split(" ")[0] for line in later.lines] == ["moved", "deleted", "added"]
    assert later.summary == "tester: moved 1, deleted 1, added 1"
    later.view.change_chosen.emit(2)
    shown, index = later.binding.show.call_args.args
    assert shown.index_of(new.frame.sop_instance_uid, new.frame.frame_number) == index
    assert later.session.selected == new.mark_id
    later.view.change_chosen.emit(1)
    assert later.session.selected is None


def test_an_undone_change_is_no_change(window, right_l3):
    side = window()
    side.session.add_target(FRAME, right_l3, Point(10, 10))
    side.session.undo()
    side.view.open_requested.emit()
    assert side.lines == []


def test_moments_are_midnight_a_week_and_the_beginning(window, right_l3):
    now = utc_now()
    side = window(lambda: now + timedelta(days=3))
    side.session.add_target(FRAME, right_l3, Point(10, 10))
    found = {}
    for since in texts.CHANGES_SPANS:
        side.view.since_chosen.emit(since)
        found[since] = len(side.lines)
    assert found == {"opened": 1, "today": 0, "week": 1, "always": 1}


def test_an_open_list_follows_and_a_closed_one_is_left_alone(window, right_l3):
    side = window()
    side.view.set_changes.reset_mock()
    side.session.add_target(FRAME, right_l3, Point(10, 10))
    side.view.set_changes.assert_not_called()
    side.view.shown = True
    side.session.add_target(FRAME, right_l3, Point(20, 10))
    assert len(side.lines) == 2


def test_a_line_without_a_frame_leads_nowhere(window):
    side = window()
    side.session.put(SlotState(slot_id="slot", state=SlotMissing.NOT_VISIBLE))
    side.view.open_requested.emit()
    assert len(side.lines) == 1
    side.view.change_chosen.emit(0)
    side.view.change_chosen.emit(5)
    side.binding.show.assert_not_called()


# ---------------------------------------------------------------------- two windows


def test_what_another_window_did_is_said(window, right_l3):
    one, other = window(), window()
    for row in (10, 20, 30, 40):
        other.session.add_target(OTHER_FRAME, right_l3, Point(row, 10))
    one.session.add_target(FRAME, right_l3, Point(10, 10))
    said = one.heard()
    assert said.count("added L3 medial branch, at L4, right (frame 4)") == 3
    assert "and 1 more" in said
    assert len(one.session.marks) == 5
    assert said in one.view.set_notes.call_args.args[0][0]
    assert one.heard() == ""


def test_a_mark_deleted_there_and_moved_here_stays_and_is_said_in_both(window, right_l3):
    one = window()
    mark = one.session.add_target(FRAME, right_l3, Point(10, 10))
    other = window()
    one.session.delete(mark.mark_id)
    other.session.move(mark.mark_id, position=Point(50, 50))
    assert "was deleted in another window while it was changed here" in other.heard()
    assert mark.mark_id in other.session
    one.session.add_target(FRAME, right_l3, Point(90, 90))
    assert "brought back L3 medial branch" in one.heard()
    assert one.session.mark(mark.mark_id).position == Point(50, 50)


def test_a_mark_moved_there_and_deleted_here_stays_deleted_and_is_said_in_both(window, right_l3):
    one = window()
    mark = one.session.add_target(FRAME, right_l3, Point(10, 10))
    other = window()
    one.session.move(mark.mark_id, position=Point(50, 50))
    other.session.delete(mark.mark_id)
    assert "It stays deleted" in other.heard()
    one.session.add_target(FRAME, right_l3, Point(90, 90))
    assert "deleted L3 medial branch" in one.heard()
    assert mark.mark_id not in one.session


def test_a_mark_moved_in_both_is_said_and_one_deleted_in_both_is_not(window, right_l3):
    one = window()
    moved = one.session.add_target(FRAME, right_l3, Point(10, 10))
    gone = one.session.add_target(FRAME, right_l3, Point(20, 20))
    other = window()
    one.session.move(moved.mark_id, position=Point(50, 50))
    other.session.move(moved.mark_id, position=Point(60, 60))
    assert "was changed in another window, too" in other.heard()
    one.session.delete(gone.mark_id)
    one.heard()
    other.session.delete(gone.mark_id)
    assert other.heard() == ""


def test_warnings_of_other_windows_are_warnings(window, right_l3):
    one, other = window(), window()
    other.session.add_target(FRAME, right_l3, Point(10, 10))
    one.session.add_target(FRAME, right_l3, Point(20, 10))
    one.heard()
    assert one.said[-1][1]


def test_what_the_store_held_before_it_was_reached_is_no_news(window, shelf, right_l3):
    window().session.add_target(FRAME, right_l3, Point(10, 10))

    def offline(study, reader):
        return shelf._session(shelf.store, study, reader, offline=True)

    late = window(open_reading=offline)
    late.session.add_target(FRAME, right_l3, Point(20, 20))
    assert len(late.session.marks) == 2
    assert late.heard() == ""
    late.view.open_requested.emit()
    assert len(late.lines) == 1


# ---------------------------------------------------------------------- the list itself


@pytest.mark.gui
def test_the_list_shows_changes_and_notes_and_says_what_is_chosen(qtbot):
    view = ChangesView()
    qtbot.addWidget(view)
    chosen, since = MagicMock(), MagicMock()
    view.change_chosen.connect(chosen)
    view.since_chosen.connect(since)
    view.set_changes(["added A", "moved B"], "tester: added 1, moved 1")
    chosen.assert_not_called()
    view.set_shown()
    view._list.setCurrentRow(1)
    chosen.assert_not_called()
    view._list.itemActivated.emit(view._list.item(1))
    chosen.assert_called_once_with(1)
    view._since.setCurrentIndex(2)
    since.assert_called_once_with("week")
    view.set_notes(["12:00:00 something"])
    assert view._notes.isVisibleTo(view)
    view.set_notes(())
    assert not view._notes.isVisibleTo(view)
    woken = MagicMock()
    view.woken.connect(woken)
    view.wake_soon()
    view.wake_soon()
    woken.assert_not_called()
    qtbot.waitUntil(lambda: woken.called, timeout=2000)
    woken.assert_called_once_with()
