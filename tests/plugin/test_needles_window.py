"""The Needle page in a real window: real keys, presses and drags."""

from datetime import timedelta

import pytest
from qtpy.QtWidgets import QAbstractButton, QComboBox, QDoubleSpinBox, QScrollArea

from fluoro_annotator.anatomy import Side
from fluoro_annotator.geometry import Point
from fluoro_annotator.marks import EventKind, MarkKind, NeedleStatus, runs
from napari_fluoro_annotator import texts

pytestmark = pytest.mark.gui


@pytest.fixture
def window(open_window):
    viewer, dock, hand = open_window()
    dock.view.set_nerve("L3_MB")
    dock.view.set_side(Side.RIGHT)
    dock.binding.show(dock.binding.stacks[2], 0)
    return viewer, dock, hand


def near(point, row, column, hand):
    return point.distance(Point(row, column)) <= 1.5 * hand.pixel_size()


def test_a_course_by_keys_and_presses(window, pump):
    _, dock, hand = window
    hand.key("K")
    for place in ((50, 60), (70, 90), (120, 200), (90, 140)):
        hand.click(*place)
    hand.key("Backspace")
    hand.click(100, 130)
    hand.key("Return")
    (course,) = dock.desk.session.marks
    assert course.kind is MarkKind.NERVE_COURSE
    wanted = [(50, 60), (70, 90), (120, 200), (100, 130)]
    assert all(near(one, *place, hand) for one, place in zip(course.vertices, wanted, strict=True))
    hand.key("Z", control=True)
    assert dock.desk.session.marks == ()


def test_a_bent_needle_is_nudged_copied_and_described(window, pump):
    _, dock, hand = window
    hand.key("N")
    hand.click(80, 80)
    hand.shift_click(90, 120)
    hand.click(120, 170)
    (needle,) = dock.desk.session.marks
    assert len(needle.shaft) == 1
    hand.key("Right")
    hand.key("Down", shift=True)
    moved = dock.desk.session.marks[0].tip
    assert moved == Point(needle.tip.row + 0.5, needle.tip.column + 1)
    assert dock.loupe_view.isVisible()
    hand.key("D")
    assert dock.binding.index == 1
    page = dock.needle_page.needles
    page._gauge.setCurrentIndex(page._gauge.findData(22))
    page._gauge.activated.emit(page._gauge.currentIndex())
    page._status.setCurrentIndex(page._status.findData("inject"))
    page._status.activated.emit(page._status.currentIndex())
    first, second = dock.desk.session.marks
    assert (first.gauge, second.gauge, first.needle_id) == (22, 22, second.needle_id)
    assert (first.status, second.status) == (None, NeedleStatus.INJECT)


def test_nudges_by_key_are_taken_back_at_once(window, monkeypatch):
    _, dock, hand = window
    monkeypatch.setattr(runs, "LONGEST_PAUSE", timedelta(hours=1))
    hand.key("T")
    hand.click(80, 80)
    (mark,) = dock.desk.session.marks
    before = len(dock.desk.session.drafts)
    for key in ("Right", "Right", "Down", "Right"):
        hand.key(key)
    place = Point(mark.position.row + 1, mark.position.column + 3)
    assert dock.desk.session.marks[0].position == place
    stored = dock.store.revisions(dock.desk.session.reading.reading_id)
    assert [revision.draft for revision in stored] == list(dock.desk.session.drafts)
    assert len(stored) == before + 4
    hand.key("Z", control=True)
    assert dock.desk.session.marks == (mark,)
    hand.key("Z", control=True, shift=True)
    assert dock.desk.session.marks[0].position == place


def test_a_pause_between_nudges_makes_two_steps(window, monkeypatch):
    _, dock, hand = window
    hand.key("T")
    hand.click(80, 80)
    (mark,) = dock.desk.session.marks
    hand.key("Right")
    monkeypatch.setattr(runs, "LONGEST_PAUSE", timedelta(0))
    hand.key("Right")
    hand.key("Z", control=True)
    assert dock.desk.session.marks[0].position.column == mark.position.column + 1


def test_the_loupe_lasts_as_long_as_the_drag(window, pump):
    _, dock, hand = window
    hand.key("T")
    hand.click(80, 80)
    mark = dock.desk.session.marks[0]
    hand.press(*mark.position)
    assert not dock.loupe_view.isVisible()
    for step in range(1, 5):
        hand.move(mark.position.row + 3 * step, mark.position.column)
    assert dock.loupe_view.isVisible()
    hand.release(mark.position.row + 12, mark.position.column)
    assert not dock.loupe_view.isVisible()
    assert dock.desk.session.marks[0].position.row > mark.position.row + 8


def test_escape_lets_go_and_the_arrows_step_again(window, pump):
    _, dock, hand = window
    hand.key("T")
    hand.click(80, 80)
    hand.key("Escape")
    assert dock.desk.session.selected is None
    before = dock.desk.session.marks
    hand.key("Right")
    assert (dock.binding.index, dock.desk.session.marks) == (1, before)
    hand.key("Left")
    assert dock.binding.index == 0


def test_an_event_key_stops_the_cine_and_marks_the_frame_shown(window, pump):
    viewer, dock, hand = window
    viewer.window._qt_window.activateWindow()
    pump(5)
    hand.key("P")
    pump(15)
    hand.key("2", shift=True)
    assert not dock.cine.playing
    (mark,) = dock.desk.session.marks
    assert (mark.event, mark.frame) == (EventKind.VASCULAR_UPTAKE, dock.binding.frame)
    story = dock.needle_page.events._story
    assert [story.item(row).text() for row in range(story.count())] == [
        f"view 3, frame {mark.frame.frame_number}: Vascular uptake"
    ]


def test_the_page_fits_a_low_screen(window, pump):
    viewer, dock, _ = window
    viewer.window.resize(1366, 768)
    dock.view.show_page(dock.needle_page)
    dock.needle_page.needles.shown.emit()
    pump(10)
    area = dock.needle_page.parentWidget()
    while not isinstance(area, QScrollArea):
        area = area.parentWidget()
    assert dock.needle_page.width() <= area.viewport().width()
    kinds = (QAbstractButton, QComboBox, QDoubleSpinBox)
    controls = [one for kind in kinds for one in dock.needle_page.findChildren(kind)]
    for control in controls:
        right = control.mapTo(dock.needle_page, control.rect().topRight()).x()
        assert right <= dock.needle_page.width(), control.objectName()
        assert control.toolTip() or control.accessibleName() or control.text(), control.objectName()
    landmarks = dock.needle_page.findChild(QComboBox, "landmark")
    assert landmarks.itemText(0) == texts.LANDMARK_PROMPT
    assert landmarks.count() > 10
