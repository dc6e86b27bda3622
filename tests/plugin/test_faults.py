"""What goes wrong around a window: other images, other windows, files that go, keys that move."""

import time

import numpy as np
import pytest
from qtpy.QtCore import Qt
from qtpy.QtTest import QTest
from qtpy.QtWidgets import QApplication

from fluoro_annotator.anatomy import Side
from fluoro_annotator.geometry import Point
from fluoro_annotator.store import open_store
from napari_fluoro_annotator import texts
from napari_fluoro_annotator.keymap import KEYMAP
from napari_fluoro_annotator.keys import BINDINGS

pytestmark = pytest.mark.gui


def choose(dock):
    dock.view.set_nerve("L3_MB")
    dock.view.set_side(Side.RIGHT)


def hint(dock):
    return dock.view._hint.text()


def wait_for(condition, pump, seconds=10.0):
    end = time.monotonic() + seconds
    while not condition() and time.monotonic() < end:
        pump(1)
    assert condition()


def test_an_image_loaded_on_top_takes_no_mark_until_it_is_hidden(open_window, pump):
    viewer, dock, hand = open_window()
    choose(dock)
    other = viewer.add_image(np.zeros((3, 400, 400), dtype=np.uint8), name="CT of somebody")
    pump()
    dock.controller.arm_target()
    hand.click(60, 70)
    assert dock.controller.session.marks == ()
    assert hint(dock) == texts.COVERED.format(layer="CT of somebody")
    other.visible = False
    hand.click(60, 70)
    (mark,) = dock.controller.session.marks
    assert mark.position.distance(Point(60, 70)) <= 2 * hand.pixel_size()
    other.visible = True
    viewer.layers.move(viewer.layers.index(other), 0)
    pump()
    dock.controller.arm_target()
    hand.click(120, 150)
    assert len(dock.controller.session.marks) == 2


def test_layers_moved_renamed_and_deleted_by_hand_during_a_drag_move_no_mark_unsaid(
    open_window, right_l3, pump
):
    viewer, dock, hand = open_window()
    session = dock.controller.session
    mark = session.add_target(dock.binding.frame, right_l3, Point(60, 70))
    hand.press(60, 70)
    hand.move(80, 90)
    viewer.layers.remove(viewer.layers["Targets"])
    viewer.layers.reverse()
    viewer.layers[0].name = "renamed"
    pump()
    hand.release(80, 90)
    pump(5)
    where = session.mark(mark.mark_id).position
    moved = where != Point(60, 70)
    assert moved == ("Moved" in hint(dock))
    assert dock.binding._marks.handles[0].position == where


def test_two_windows_on_one_study_a_mark_deleted_in_one_and_dragged_in_the_other(
    open_window, right_l3, tmp_path, pump
):
    first, second = open_store(tmp_path / "both.sqlite"), open_store(tmp_path / "both.sqlite")
    _, one, _ = open_window(store=first)
    mark = one.controller.session.add_target(one.binding.frame, right_l3, Point(60, 70))
    _, other, hand = open_window(store=second)
    one.controller.session.delete(mark.mark_id)
    hand.drag((60, 70), (100, 120))
    wait_for(lambda: "was deleted in another window" in hint(other), pump)
    assert mark.mark_id in other.controller.session
    one.controller.session.add_target(one.binding.frame, right_l3, Point(20, 20))
    wait_for(lambda: "It is back, as it is there" in hint(one), pump)
    kept = other.controller.session.mark(mark.mark_id)
    assert one.controller.session.mark(mark.mark_id) == kept


def test_a_file_that_disappears_leaves_the_marks_and_takes_none_on_what_cannot_be_seen(
    open_window, study_folder, right_l3, pump
):
    _, dock, hand = open_window()
    choose(dock)
    cine = dock.binding.stacks[2]
    dock.binding.show(cine, 0)
    mark = dock.controller.session.add_target(dock.binding.frame, right_l3, Point(60, 70))
    for file in study_folder.iterdir():
        file.write_bytes(b"")
        file.unlink()
    dock.binding.show(cine, 7)
    wait_for(lambda: cine.problem(7) not in {"", texts.STILL_READING}, pump)
    dock.controller.arm_target()
    hand.click(60, 70)
    assert dock.controller.session.marks == (mark,)
    assert "cannot be shown" in hint(dock)
    dock.controller.undo()
    assert dock.controller.session.marks == ()
    dock.controller.redo()
    assert dock.controller.session.marks == (mark,)


def test_undo_goes_over_frames_views_and_kinds_after_a_restart(open_window, close_window, right_l3, pump):
    viewer, dock, _ = open_window()
    session, stacks = dock.controller.session, dock.binding.stacks
    target = session.add_target(dock.binding.frame, right_l3, Point(60, 70))
    dock.binding.show(stacks[2], 4)
    level = session.add_level_label(dock.binding.frame, "L4", Point(50, 50))
    dock.binding.show(stacks[1])
    session.add_needle(dock.binding.frame, right_l3, Point(10, 10), Point(90, 90))
    session.delete(level.mark_id)
    close_window(viewer)
    _, dock, hand = open_window()
    hand.key("Z", control=True)
    assert (dock.binding.current, dock.binding.index) == (dock.binding.stacks[2], 4)
    assert level in dock.controller.session.marks
    hand.key("Z", control=True)
    assert dock.binding.current is dock.binding.stacks[1]
    hand.key("Z", control=True)
    hand.key("Z", control=True)
    assert dock.controller.session.marks == ()
    assert dock.binding.current is dock.binding.stacks[0]
    for _ in range(4):
        hand.key("Z", control=True, shift=True)
    assert target in dock.controller.session.marks
    assert len(dock.controller.session.marks) == 2


@pytest.fixture
def usual_keys():
    yield
    KEYMAP._use({})


def test_a_key_that_was_changed_works_and_its_button_says_so(open_window, usual_keys, pump):
    viewer, dock, hand = open_window()
    choose(dock)
    button = dock.view._tools["target"]
    assert "(T)" in button.text()
    dock.help.rebind("annotate.arm_target", "F6")
    assert "(F6)" in button.text()
    assert "(F6)" in button.toolTip()
    hand.key("T")
    assert not button.isChecked()
    hand.key("F6")
    assert button.isChecked()
    hand.key("Escape")
    window = viewer.window._qt_window
    window.activateWindow()
    dock.view._views.setFocus()
    QTest.keyClick(dock.view._views, Qt.Key.Key_F6)
    assert button.isChecked()
    KEYMAP.reset_all()
    assert "(T)" in button.text()


def test_the_table_of_keys_opens_by_key_from_image_and_dock_and_leaves_typing_alone(open_window, pump):
    viewer, dock, _ = open_window()
    window, table = viewer.window._qt_window, dock.keys_view
    canvas = viewer.window._qt_viewer.canvas.native
    for widget, key in (
        (canvas, Qt.Key.Key_F1),
        (canvas, Qt.Key.Key_Question),  # Qt itself finds out which keys give it with Shift
        (dock.view._views, Qt.Key.Key_Question),
    ):
        window.activateWindow()
        widget.setFocus()
        QApplication.processEvents()
        QTest.keyClick(widget, key)
        wait_for(table.isVisible, pump)
        table.close()
        pump()
    window.activateWindow()
    dock.view._reader.setFocus()
    QApplication.processEvents()
    QTest.keyClicks(dock.view._reader, "?")
    pump()
    assert not table.isVisible()
    assert dock.view._reader.text() == "tester?"
    dock.view._reader.setText("tester")
    rows = table._table.invisibleRootItem()
    listed = sum(rows.child(place).childCount() for place in range(rows.childCount()))
    assert listed == len(BINDINGS)
