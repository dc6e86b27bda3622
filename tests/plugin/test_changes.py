"""What changed in a reading: listed, and said when another window changed it."""

from datetime import timedelta
from unittest.mock import MagicMock

import pytest
from psygnal import SignalInstance
from qtpy.QtWidgets import QComboBox, QListWidget

from fluoro_annotator.anatomy import Side as BodySide
from fluoro_annotator.dicom import scan, views
from fluoro_annotator.errors import StoreUnavailableError
from fluoro_annotator.geometry import Point
from fluoro_annotator.marks import (
    Cause,
    Draft,
    FrameRef,
    RevisionKind,
    SlotMissing,
    SlotState,
    Target,
    utc_now,
)
from fluoro_annotator.store import LastSeen, MemoryStore, open_session, open_store
from napari_fluoro_annotator import texts
from napari_fluoro_annotator.controllers.changes import ChangesController, ChangesViewProtocol
from napari_fluoro_annotator.controllers.desk import ReadingDesk
from napari_fluoro_annotator.layer_binding import LayerBinding
from napari_fluoro_annotator.shelf import Shelf
from napari_fluoro_annotator.studies import study_record
from napari_fluoro_annotator.views.changes import ChangesView

FRAME = FrameRef("2.25.700.1.1", 1)
OTHER_FRAME = FrameRef("2.25.700.3.1", 4)
STUDY = "2.25.700"


class Side:
    """One of several windows on the same store: desk and list, views mocked."""

    def __init__(self, stacks, open_reading, clock=utc_now, seen=None):
        self.binding = MagicMock(spec=LayerBinding)
        self.binding.views_changed, self.binding.frame_changed = SignalInstance(), SignalInstance()
        self.binding.stacks, self.binding.current, self.binding.index = stacks, stacks[0], 0
        self.binding.frame = FRAME
        self.view = MagicMock(spec=ChangesView)
        for name, types in {"open_requested": (), "woken": (), "since_chosen": (str,)}.items():
            setattr(self.view, name, SignalInstance(types))
        self.view.change_chosen = SignalInstance((int,))
        self.view.shown = False
        self.desk = ReadingDesk(self.binding, open_reading, reader="tester", seen=seen)
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

    def close(self):
        """Close the window: nothing comes of closing it twice."""
        for _ in range(2):
            self.controller.close()
            self.desk.close()

    def since(self, moment):
        """Return the list of what changed since a moment."""
        self.view.since_chosen.emit(moment)
        return self.lines

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
def seen(tmp_path):
    return LastSeen(tmp_path / "seen.json")


@pytest.fixture
def window(stacks, shelf, seen):
    opened = []

    def open_one(clock=utc_now, open_reading=None):
        opened.append(Side(stacks, open_reading or shelf.open_reading, clock, seen))
        return opened[-1]

    yield open_one
    for side in opened:
        side.close()


def test_the_mock_stands_for_what_the_controller_asks_of_a_view():
    names = (*vars(ChangesViewProtocol), *ChangesViewProtocol.__annotations__)
    assert {name for name in names if not name.startswith("_")} <= set(dir(ChangesView))


def test_what_changed_since_the_study_was_opened(window, right_l3):
    first = window()
    old = first.session.add_target(FRAME, right_l3, Point(10, 10))
    gone = first.session.add_target(FRAME, right_l3, Point(20, 20))
    later = window()
    later.view.since_chosen.emit("opened")
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


# ---------------------------------------------------------------------- since the study was closed


def test_a_study_that_was_never_closed_here_lists_everything_and_says_so(window, right_l3):
    side = window()
    side.view.open_requested.emit()
    assert (side.lines, side.summary) == ([], f"{texts.CHANGES_UNKNOWN}\n{texts.CHANGES_NONE}")
    side.session.add_target(FRAME, right_l3, Point(10, 10))
    side.view.open_requested.emit()
    assert len(side.lines) == 1


def test_what_others_did_since_the_study_was_closed_comes_first(window, store, shelf, right_l3):
    first = window()
    mine = first.session.add_target(FRAME, right_l3, Point(10, 10))
    first.close()
    elsewhere, recorder = shelf.open_reading(first.session.study, "tester")
    elsewhere.move(mine.mark_id, position=Point(11, 10))
    recorder.close()
    later = window()
    later.view.open_requested.emit()
    assert [line.split(" ")[0] for line in later.lines] == ["moved"]
    assert texts.CHANGES_UNKNOWN not in later.summary
    assert later.since("opened") == []
    later.session.add_target(FRAME, right_l3, Point(30, 30))
    assert len(later.since("closed")) == 2
    later.close()
    assert window().since("closed") == []


def test_an_import_since_the_study_was_closed_is_listed(window, store, right_l3):
    first = window()
    first.session.add_target(FRAME, right_l3, Point(10, 10))
    first.close()
    reading = first.session.reading.reading_id
    mark = Target(frame=FRAME, site=right_l3, position=Point(40, 40))
    draft = Draft(kind=RevisionKind.ADD, mark=mark, author="Reader B", cause=Cause.IMPORT)
    store.append(reading, [draft], after=len(store.revisions(reading)))
    (line,) = window().since("closed")
    assert line.startswith("added")
    assert "Reader B" in line


def test_what_could_not_be_stored_before_closing_is_listed_after_its_rescue(
    window, store, right_l3, monkeypatch
):
    first = window()
    first.session.add_target(FRAME, right_l3, Point(10, 10))
    with monkeypatch.context() as patch:
        patch.setattr(store, "append", MagicMock(side_effect=StoreUnavailableError("store", "is away")))
        first.session.add_target(FRAME, right_l3, Point(20, 20))
        first.close()
    later = window()
    assert len(later.session.marks) == 2
    assert len(later.since("closed")) == 1


def test_of_two_windows_the_one_that_has_seen_more_counts(window, right_l3):
    one, other = window(), window()
    one.session.add_target(FRAME, right_l3, Point(10, 10))
    one.close()
    other.close()
    assert window().since("closed") == []


def test_a_study_whose_views_are_removed_is_closed(window, shelf, right_l3):
    side = window()
    side.session.add_target(FRAME, right_l3, Point(10, 10))
    stacks, side.binding.stacks, side.binding.current = side.binding.stacks, (), None
    side.binding.views_changed.emit()
    side.binding.views_changed.emit()
    assert side.session is None
    elsewhere, recorder = shelf.open_reading(study_record(STUDY, stacks), "tester")
    elsewhere.add_target(FRAME, right_l3, Point(20, 20))
    recorder.close()
    side.binding.stacks, side.binding.current = stacks, stacks[0]
    side.binding.views_changed.emit()
    assert side.since("closed") == []
    side.session.add_target(FRAME, right_l3, Point(30, 30))
    assert len(side.since("closed")) == 2
    assert len(side.since("opened")) == 3


def test_a_store_that_holds_less_than_was_seen_is_not_known(window, store, seen, right_l3):
    first = window()
    first.session.add_target(FRAME, right_l3, Point(10, 10))
    first.close()
    seen.note(first.session.reading.reading_id, 50)
    later = window()
    later.view.open_requested.emit()
    assert texts.CHANGES_UNKNOWN in later.summary
    later.close()
    assert window().since("closed") == []


def test_the_store_that_was_away_at_first_tells_what_is_new(window, shelf, right_l3):
    first = window()
    first.session.add_target(FRAME, right_l3, Point(10, 10))
    first.close()
    elsewhere, recorder = shelf.open_reading(first.session.study, "tester")
    elsewhere.add_target(OTHER_FRAME, right_l3, Point(20, 20))
    recorder.close()

    def offline(study, reader, purpose):
        return shelf._session(shelf.store, study, reader, purpose, offline=True)

    late = window(open_reading=offline)
    late.session.add_target(FRAME, right_l3, Point(30, 30))
    assert len(late.session.marks) == 3
    assert len(late.since("opened")) == 1
    assert len(late.since("closed")) == 2


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
    assert found == {"closed": 1, "opened": 1, "today": 0, "week": 1, "always": 1}


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
    assert "was deleted here and after that changed in another window. It is back" in one.heard()
    assert one.session.mark(mark.mark_id).position == Point(50, 50)


def test_a_mark_moved_there_and_deleted_here_stays_deleted_and_is_said_in_both(window, right_l3):
    one = window()
    mark = one.session.add_target(FRAME, right_l3, Point(10, 10))
    other = window()
    one.session.move(mark.mark_id, position=Point(50, 50))
    other.session.delete(mark.mark_id)
    assert "It stays deleted" in other.heard()
    one.session.add_target(FRAME, right_l3, Point(90, 90))
    assert "was changed here and after that deleted in another window" in one.heard()
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

    def offline(study, reader, purpose):
        return shelf._session(shelf.store, study, reader, purpose, offline=True)

    late = window(open_reading=offline)
    late.session.add_target(FRAME, right_l3, Point(20, 20))
    assert len(late.session.marks) == 2
    assert late.heard() == ""
    assert len(late.since("opened")) == 1
    assert len(late.since("closed")) == 2


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
    assert view._since.currentData() == "closed"
    view._since.setCurrentIndex(3)
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


@pytest.mark.gui
def test_a_window_that_is_closed_and_opened_again_lists_what_came_meanwhile(
    open_window, close_window, tmp_path, right_l3
):
    viewer, dock, hand = open_window()
    dock.view.set_nerve("L3_MB")
    dock.view.set_side(BodySide.RIGHT)
    hand.key("T")
    hand.click(60, 60)
    study = dock.desk.session.study
    close_window(viewer)
    with open_store(tmp_path / "readings.sqlite") as store:
        elsewhere, recorder = open_session(store, study, reader="tester")
        elsewhere.add_target(FRAME, right_l3, Point(20, 20))
        recorder.close()
    _, dock, hand = open_window()
    hand.key("N", shift=True)
    listed = dock.changes_view.findChild(QListWidget, "changes_list")
    assert [listed.item(row).text().split(" ")[0] for row in range(listed.count())] == ["added"]
    assert dock.changes_view.findChild(QComboBox, "changes_since").currentData() == "closed"
    assert len(dock.desk.session.marks) == 2
