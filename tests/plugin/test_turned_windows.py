"""Turned, mirrored and windowed views in a real window, with real presses and keys."""

import numpy as np
import pytest
from pydicom.dataset import Dataset
from qtpy.QtCore import QPoint, QPointF, Qt
from qtpy.QtGui import QWheelEvent
from qtpy.QtTest import QTest
from qtpy.QtWidgets import QApplication

from fluoro_annotator.geometry import Point
from fluoro_annotator.geometry.orientation import ALL_TURNS, AS_STORED, Turn
from napari_fluoro_annotator import styles, texts
from napari_fluoro_annotator.labels import Box, Label, Screen

pytestmark = pytest.mark.gui

LEFT, CONTROL = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def window(open_window, write_xa, tmp_path):
    """An AP image with tall pixels and sides, and a cine without either."""
    folder = tmp_path / "turned"
    write_xa(folder / "a", number=1, description="AP", PatientOrientation=["R", "F"], PixelAspectRatio=[2, 1])
    write_xa(folder / "b", number=2, description="Cine", frames=4)
    return open_window(folder)


def choose(dock):
    dock.view.set_nerve("L3_MB")
    dock.view._side_buttons["right"].click()


def control_drag(viewer, pump, right, up):
    canvas = viewer.window._qt_viewer.canvas.native
    start = canvas.rect().center()
    QTest.mousePress(canvas, LEFT, CONTROL, start)
    pump(1)
    for part in (0.5, 1.0):
        QTest.mouseMove(canvas, start + QPoint(round(right * part), round(-up * part)))
        pump(2)
    QTest.mouseRelease(canvas, LEFT, CONTROL, start + QPoint(right, -up))
    QTest.keyRelease(canvas, Qt.Key.Key_Control)
    pump(2)


def test_presses_and_drags_meet_the_anatomy_in_every_turn(window, pump):
    viewer, dock, hand = window
    session = dock.controller.session
    choose(dock)
    for order, turn in enumerate(ALL_TURNS):
        dock.binding.look.set_turn(turn)
        dock.binding.fit()
        pump(2)
        place = Point(40 + 10 * order, 60 + 12 * order)
        hand.key("T")
        hand.click(*place)
        mark = session.marks[-1]
        assert mark.position == pytest.approx(place, abs=hand.pixel_size()), turn
        hand.drag(place, (place.row + 30, place.column + 20))
        after = session.mark(mark.mark_id)
        assert after.position == pytest.approx(
            (place.row + 30, place.column + 20), abs=2 * hand.pixel_size()
        ), turn
        session.delete(mark.mark_id)
    assert session.marks == ()
    assert viewer.layers


def test_a_mark_made_in_one_turn_is_taken_hold_of_in_another(window, pump):
    _, dock, hand = window
    session = dock.controller.session
    choose(dock)
    hand.key("T")
    hand.click(50, 60)
    (mark,) = session.marks
    session.select(None)
    for key in ("R", "F", "R"):
        hand.key(key)
        pump(2)
        hand.click(*mark.position)
        assert session.selected == mark.mark_id
        session.select(None)
    assert session.marks == (mark,)


def test_the_letters_on_the_image_follow_the_keys(window):
    _, dock, hand = window
    letters = dock.binding._letters.texts
    assert letters() == ("H", "R", "F", "L")
    hand.key("F")
    assert letters() == ("H", "L", "F", "R")
    hand.key("R", shift=True)
    assert dock.binding.look.turn == Turn(mirrored=True).then(Turn(3))
    hand.key("0")
    assert dock.binding.look.turn == AS_STORED
    dock.binding.show(dock.binding.stacks[1])
    assert letters() == ("", "", texts.SIDE_NOT_STATED, "")


def test_a_control_drag_changes_the_window_and_no_mark(window, pump, right_l3):
    viewer, dock, hand = window
    rows, columns = dock.binding.current.shape[1:]
    middle = Point((rows - 1) / 2, (columns - 1) / 2)
    mark = dock.controller.session.add_target(dock.binding.frame, right_l3, middle)
    choose(dock)
    hand.key("T")
    centre, hint = viewer.scene.camera.center, dock.view._hint.text()
    assert "target of the L3 medial branch" in hint
    control_drag(viewer, pump, right=-60, up=40)
    step = 4095 / 512
    low, high = viewer.layers.selection.active.contrast_limits
    assert high - low + 1 == pytest.approx(4096 - 60 * step)
    assert (low + high + 1) / 2 == pytest.approx(2048 + 40 * step)
    assert viewer.scene.camera.center == centre
    assert viewer.scene.camera.mouse_pan
    assert dock.controller.session.marks == (mark,)
    assert dock.display_view._width.value() == pytest.approx(4096 - 60 * step, abs=0.5)
    assert "\nwindow 2368 / 3616" in viewer.canvas.overlays.text.text
    assert dock.view._hint.text() == hint
    hand.click(20, 30)
    assert len(dock.controller.session.marks) == 2


def test_a_number_is_typed_and_its_digits_are_no_keys(window, pump):
    viewer, dock, hand = window
    hand.key("R")
    field = dock.display_view._center
    for page in range(dock.view._pages.count()):
        if dock.view._pages.tabText(page) == texts.DISPLAY:
            dock.view._pages.setCurrentIndex(page)
    field.selectAll()
    QTest.keyClicks(field, "1000")
    QTest.keyClick(field, Qt.Key.Key_Return)
    pump(2)
    low, high = viewer.layers.selection.active.contrast_limits
    assert (low + high + 1) / 2 == pytest.approx(1000)
    assert dock.binding.look.turn == Turn(1)


def test_keys_of_zoom_and_of_windows(window, pump):
    viewer, dock, hand = window
    hand.key("H")
    fitted = viewer.scene.camera.zoom
    hand.key("H", shift=True)
    ratio = viewer.window._qt_viewer.canvas.native.devicePixelRatioF()
    assert viewer.scene.camera.zoom == pytest.approx(1 / ratio)
    one, other = hand.at(10, 10), hand.at(10, 110)
    assert (other.x() - one.x()) * ratio == pytest.approx(100, abs=1)
    hand.key("H")
    pump(2)
    assert viewer.scene.camera.zoom == pytest.approx(fitted)
    hand.key("W")
    assert dock.display_view._preset.currentData() == "range"
    hand.key("I")
    assert dock.display_view._buttons["invert"].isChecked()


def test_what_the_file_says_is_listed(window):
    _, dock, _ = window
    facts = dict(dock.display_view.facts())
    assert facts[texts.FACT_SIDES].startswith("top H, right R")
    assert facts[texts.FACT_SCALE].startswith("none:")
    dock.binding.show(dock.binding.stacks[1])
    assert dict(dock.display_view.facts())[texts.FACT_SIDES] == texts.FACT_SIDES_NONE


def test_a_turned_cine_plays_on(window, pump):
    _, dock, hand = window
    cine = dock.binding.stacks[1]
    dock.binding.show(cine, 0)
    hand.key("R")
    dock.cine.play_or_pause()
    pump(30)
    dock.cine.pause()
    assert dock.binding.problem == ""
    assert dock.binding.look.turn == Turn(1)


def test_a_subtracted_cine_is_drawn_and_the_plain_one_comes_back(open_window, write_xa, tmp_path, pump):
    item = Dataset()
    item.MaskOperation, item.MaskFrameNumbers = "AVG_SUB", [1]
    folder = tmp_path / "masked"
    write_xa(folder / "a", number=1, frames=4, MaskSubtractionSequence=[item])
    viewer, dock, hand = open_window(folder)
    dock.binding.show(dock.binding.stacks[0], 2)
    pump(2)
    plain = viewer.screenshot(canvas_only=True, flash=False)
    dock.display_view._covers["mask"].click()
    pump(2)
    subtracted = viewer.screenshot(canvas_only=True, flash=False)
    assert np.abs(subtracted.astype(int) - plain).mean() > 5
    assert subtracted[..., :3].std() > 10
    dock.view.set_nerve("L3_MB")
    dock.view._side_buttons["right"].click()
    hand.key("T")
    hand.click(60, 70)
    (mark,) = dock.controller.session.marks
    assert mark.frame.frame_number == 3
    dock.controller.undo()
    hand.key("0")
    pump(2)
    assert dock.binding.index == 2
    again = viewer.screenshot(canvas_only=True, flash=False)
    assert np.abs(again.astype(int) - plain).mean() < 1
    assert not dock.display_view._covers["mask"].isChecked()


def test_a_file_that_is_gone_is_said_when_more_of_it_is_to_be_shown(open_window, write_xa, tmp_path, pump):
    folder = tmp_path / "gone"
    write_xa(
        folder / "a",
        number=1,
        ShutterShape="RECTANGULAR",
        ShutterLeftVerticalEdge=41,
        ShutterRightVerticalEdge=200,
        ShutterUpperHorizontalEdge=21,
        ShutterLowerHorizontalEdge=180,
    )
    viewer, dock, _ = open_window(folder)
    (folder / "a").unlink()
    dock.display_view._covers["shutter"].click()
    pump(2)
    assert "cannot be shown" in dock.binding.problem
    assert "CANNOT BE SHOWN" in viewer.canvas.overlays.text.text


def test_the_wheel_scrolls_the_page_and_changes_no_window(window):
    _, dock, _ = window
    page = dock.display_view
    before = (page._center.value(), page._width.value(), page._preset.currentData())
    for widget in (page._center, page._width, page._preset):
        middle = QPointF(widget.rect().center())
        turned = QWheelEvent(
            middle,
            QPointF(widget.mapToGlobal(middle.toPoint())),
            QPoint(),
            QPoint(0, -120),
            Qt.MouseButton.NoButton,
            Qt.KeyboardModifier.NoModifier,
            Qt.ScrollPhase.NoScrollPhase,
            False,
        )
        QApplication.sendEvent(widget, turned)
    assert (page._center.value(), page._width.value(), page._preset.currentData()) == before


def letters_drawn(viewer):
    """Yield top, left, bottom and right of each letter of a side, as napari has drawn it on the canvas."""
    drawn = viewer.window._qt_viewer.canvas._viewer_overlay_to_visual
    for edge in ("top", "right", "bottom", "left"):
        (visual,) = drawn[viewer.canvas.overlays[f"fluoro_annotator_{edge}"]]
        left, top = visual.node.transform.translate[:2]
        yield float(top), float(left), float(top + visual.y_size), float(left + visual.x_size)


def names_drawn(viewer):
    """Return what each name of a mark covers of the canvas."""
    camera, (high, wide) = viewer.scene.camera, viewer.canvas.size
    layers = [layer for layer in viewer.layers if layer.name in {styles.LABELS, styles.LABEL_SELECTED}]
    for layer in layers:
        for place, text in zip(layer.data, layer.text.values, strict=True):
            row, column = layer.data_to_world(place)
            bottom = (row - camera.center[-2]) * camera.zoom + high / 2
            left = (column - camera.center[-1]) * camera.zoom + wide / 2
            label = Label(text, bottom, left, (0, 0))
            yield Box(bottom - label.height, left, bottom, left + label.width)


@pytest.mark.parametrize("turn", [AS_STORED, Turn(quarters=1), Turn(mirrored=True)])
def test_no_letter_of_a_side_covers_the_name_of_a_mark_beside_it(window, right_l3, pump, turn):
    viewer, dock, _ = window
    binding, camera = dock.binding, viewer.scene.camera
    binding.look.set_turn(turn)
    binding.fit()
    camera.zoom = camera.zoom * 4
    pump(5)
    assert all(binding._letters.texts())
    high, wide = viewer.canvas.size
    letters = [Box(*box) for box in letters_drawn(viewer)]
    for letter in letters:
        down, across = (letter.top + letter.bottom) / 2, max(letter.left - 40, 5)
        row = (down - high / 2) / camera.zoom + camera.center[-2]
        column = (across - wide / 2) / camera.zoom + camera.center[-1]
        place = Point(*map(float, binding._current.world_to_data((0, row, column))[-2:]))
        mark = dock.controller.session.add_target(binding.frame, right_l3, place)
        pump()
        names = list(names_drawn(viewer))
        assert names
        assert not [name for name in names if name.meets(letter)]
        assert all(Screen(wide, high).holds(name) for name in names)
        dock.controller.session.delete(mark.mark_id)
