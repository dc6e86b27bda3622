"""Keys: they work on the image and in the dock, once, and leave typing alone."""

import gc
import time
import weakref

import pytest
from qtpy.QtCore import Qt
from qtpy.QtTest import QTest
from qtpy.QtWidgets import QApplication

from fluoro_annotator.anatomy import Side, load_anatomy
from fluoro_annotator.dicom import scan
from fluoro_annotator.geometry import Point
from fluoro_annotator.store import MemoryStore
from napari_fluoro_annotator.keys import BINDINGS, can_be_used
from napari_fluoro_annotator.launch import make_window

pytestmark = pytest.mark.gui

CONTROL = Qt.KeyboardModifier.ControlModifier
WORDS = {"canvas": "canvas", "table": "marks", "views": "views", "button": "relabel"}


@pytest.fixture(scope="module")
def window(tmp_path_factory, module_study, qapp, module_close):
    """One window for all tests of this file; each begins with a reading of its own."""
    viewer, dock = make_window(scan([module_study]).require(), store=MemoryStore(), reader="nobody")
    viewer.window._qt_window.show()
    for _ in range(10):
        QApplication.processEvents()
    yield viewer, dock
    module_close(viewer)


@pytest.fixture
def desk(window, request):
    viewer, dock = window
    dock.controller.disarm()
    dock.controller.change_reader(request.node.name[:60])
    dock.view.set_nerve("L3_MB")
    dock.view.set_side(Side.RIGHT)
    dock.view.set_vertebra("L4")
    return Desk(viewer, dock)


class Desk:
    """A window and somebody who types."""

    def __init__(self, viewer, dock):
        self.viewer, self.dock, self.session = viewer, dock, dock.controller.session
        self.window = viewer.window._qt_window

    def widget(self, name):
        if name == "canvas":
            return self.viewer.window._qt_viewer.canvas.native
        if name == "layer list":
            return self.viewer.window._qt_viewer.layers
        if name == "reader":
            return self.dock.view._reader
        return self.dock.view.findChild(object, WORDS.get(name, name))

    def focus(self, name):
        widget = self.widget(name)
        self.window.activateWindow()
        widget.setFocus()
        QApplication.processEvents()
        assert QApplication.focusWidget() is widget, f"the {name} did not get the focus"
        return widget

    def type(self, name, key, modifiers=Qt.KeyboardModifier.NoModifier):
        widget = self.focus(name)
        QTest.keyClick(widget, key, modifiers)
        if modifiers != Qt.KeyboardModifier.NoModifier:
            QTest.keyRelease(widget, Qt.Key.Key_Shift)
        QApplication.processEvents()

    def target(self, row=60, column=70):
        site = load_anatomy().site("L3_MB", Side.RIGHT)
        mark = self.session.add_target(self.dock.binding.frame, site, Point(row, column))
        self.session.select(mark.mark_id)
        return mark

    @property
    def tool(self):
        return next((name for name, button in self.dock.view._tools.items() if button.isChecked()), None)


@pytest.mark.parametrize("place", ["canvas", "table", "views", "button"])
@pytest.mark.parametrize(
    ("key", "tool"), [(Qt.Key.Key_T, "target"), (Qt.Key.Key_N, "needle"), (Qt.Key.Key_L, "level")]
)
def test_letters_arm_tools_on_the_image_and_in_the_dock(desk, place, key, tool):
    desk.type(place, key)
    assert desk.tool == tool
    desk.type(place, Qt.Key.Key_Escape)
    assert desk.tool is None


@pytest.mark.parametrize("place", ["canvas", "table", "button"])
def test_a_key_does_its_work_once(desk, place):
    marks = [desk.target(row) for row in (10, 20, 30)]
    desk.type(place, Qt.Key.Key_Z, CONTROL)
    assert desk.session.marks == tuple(marks[:2])
    desk.type(place, Qt.Key.Key_Z, CONTROL)
    assert desk.session.marks == tuple(marks[:1])
    desk.type(place, Qt.Key.Key_Z, CONTROL | Qt.KeyboardModifier.ShiftModifier)
    assert desk.session.marks == tuple(marks[:2])
    desk.session.select(marks[0].mark_id)
    desk.type(place, Qt.Key.Key_Delete)
    assert desk.session.marks == (marks[1],)


def test_a_name_can_be_typed(desk):
    desk.target()
    field = desk.focus("reader")
    field.clear()
    for key in (Qt.Key.Key_T, Qt.Key.Key_N, Qt.Key.Key_L):
        desk.type("reader", key)
    assert field.text() == "tnl"
    assert desk.tool is None
    desk.type("reader", Qt.Key.Key_Home)
    desk.type("reader", Qt.Key.Key_Delete)
    desk.type("reader", Qt.Key.Key_Delete)
    assert field.text() == "l"
    desk.type("reader", Qt.Key.Key_Z, CONTROL)
    assert field.text() != "l"
    assert len(desk.session.marks) == 1
    desk.dock.view.set_reader("nobody")


def test_delete_at_the_end_of_the_name_deletes_no_mark(desk):
    mark = desk.target()
    for key in (Qt.Key.Key_End, Qt.Key.Key_Delete, Qt.Key.Key_Delete):
        desk.type("reader", key)
    assert desk.session.marks == (mark,)


@pytest.mark.parametrize(
    ("key", "nerve"), [(Qt.Key.Key_L, "L4_MB"), (Qt.Key.Key_T, "TON"), (Qt.Key.Key_N, "L3_MB")]
)
def test_typing_in_a_list_finds_an_entry_and_arms_nothing(desk, key, nerve):
    time.sleep(QApplication.keyboardInputInterval() / 1000)  # what is typed sooner goes on with the last word
    desk.type("nerve", key)
    assert desk.tool is None
    assert desk.dock.view._nerve.currentData() == nerve


def test_escape_closes_an_open_list_and_keeps_the_tool(desk):
    desk.dock.controller.arm_target()
    combo = desk.focus("nerve")
    combo.showPopup()
    QApplication.processEvents()
    assert combo.view().isVisible()
    QTest.keyClick(combo.view(), Qt.Key.Key_N)
    QTest.keyClick(combo.view(), Qt.Key.Key_Escape)
    QApplication.processEvents()
    assert not combo.view().isVisible()
    assert desk.tool == "target"


@pytest.mark.parametrize("place", ["canvas", "table", "button"])
def test_a_question_mark_does_nothing(desk, place):
    mark = desk.target()
    hint = desk.dock.view._hint.text()
    desk.type(place, Qt.Key.Key_Question)
    assert (desk.tool, desk.session.marks, desk.dock.view._hint.text()) == (None, (mark,), hint)


def test_delete_in_the_layer_list_deletes_no_mark(desk):
    mark = desk.target()
    layer = desk.viewer.add_points([[1, 2]], name="of somebody else")
    desk.viewer.layers.selection = {layer}
    QApplication.processEvents()
    desk.type("layer list", Qt.Key.Key_Delete)
    assert "of somebody else" not in desk.viewer.layers
    for _ in range(10):
        QApplication.processEvents()
    assert desk.dock.controller.session.marks == (mark,)


def test_no_key_is_one_of_naparis_own_for_images(desk):
    from app_model.types import KeyBinding
    from napari.layers import Image
    from napari.utils.key_bindings import coerce_keybinding
    from napari.utils.shortcuts import default_shortcuts

    ours = {str(coerce_keybinding(binding.key)) for binding in BINDINGS if can_be_used(binding.key)}
    assert [binding.key for binding in BINDINGS if not can_be_used(binding.key)] == ["?"]
    assert {str(KeyBinding.validate(key)) for key in desk.viewer.keymap} >= ours
    of_layer = {str(key) for key in (*Image.class_keymap, *desk.viewer.class_keymap)}
    foreign = ("labels", "points", "shapes", "vectors", "tracks", "surface", "polygon", "vertex", "add_")
    napari = {
        str(key)
        for name, keys in default_shortcuts.items()
        if not any(word in name for word in foreign)
        for key in keys
        if name in {"napari:toggle_ndisplay", "napari:reset_view"} or "image" in name or "plane" in name
    }
    assert not ours & (of_layer | napari)


def test_no_menu_entry_has_one_of_the_keys(desk):
    from qtpy.QtGui import QAction, QKeySequence

    taken = {
        action.shortcut().toString(): action.text()
        for action in desk.window.findChildren(QAction)
        if not action.shortcut().isEmpty()
    }
    ours = {QKeySequence(binding.shown.replace("Esc", "Escape")).toString() for binding in BINDINGS}
    assert not ours & set(taken)


def test_pressing_the_selected_row_leads_back_to_its_frame(desk):
    binding, table = desk.dock.binding, desk.dock.view._table
    mark = desk.target()
    binding.show(binding.stacks[2], 3)
    place = table.visualRect(table.model().index(0, 0)).center()
    QTest.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert binding.frame == mark.frame


def test_markup_in_a_header_is_shown_as_it_is(desk):
    view = desk.dock.view
    view.set_study("<b>L4</b> & <i>L5</i>")
    assert view._study.textFormat() == Qt.TextFormat.PlainText
    view.set_views(["1 <img src=x> (1 frame)", "2 plain & simple"], 0)
    assert [view._views.item(row).toolTip() for row in range(2)] == [
        "1 &lt;img src=x&gt; (1 frame)",
        "2 plain & simple",
    ]
    desk.dock.desk.reading_changed.emit()


def test_closed_windows_leave_no_dock_behind(module_study, module_close, qapp):
    docks, controllers, result = [], [], scan([module_study]).require()
    for _ in range(10):
        viewer, dock = make_window(result, store=MemoryStore(), reader="nobody")
        docks.append(weakref.ref(dock))
        controllers.append(weakref.ref(dock.controller))
        module_close(viewer)
        del viewer, dock
    for _ in range(5):
        QApplication.processEvents()
        gc.collect()
    alive = [place for place, dock in enumerate(docks) if dock() is not None]
    assert alive == []
    assert [place for place, each in enumerate(controllers) if each() is not None] == []
