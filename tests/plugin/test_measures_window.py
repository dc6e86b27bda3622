"""The Measure page in a real window: keys, presses, drags, and whether everything fits."""

import pytest
from qtpy.QtCore import QEvent, QPoint, QPointF, Qt
from qtpy.QtGui import QKeyEvent, QWheelEvent
from qtpy.QtTest import QTest
from qtpy.QtWidgets import (
    QAbstractButton,
    QApplication,
    QComboBox,
    QDoubleSpinBox,
    QScrollArea,
    QStyle,
    QStyleOptionComboBox,
    QTableWidget,
)

from fluoro_annotator.geometry import Point
from fluoro_annotator.marks import Adequacy, MarkKind, ViewJudgement
from napari_fluoro_annotator import texts
from napari_fluoro_annotator.controllers.protocols import Choice
from napari_fluoro_annotator.measuring import Measured, NeedleMeasures
from napari_fluoro_annotator.views.measures import MeasuresView

LOW_SCREEN = (1366, 768)


def rows(page):
    table = page.findChild(QTableWidget, "measures")
    cells = [[table.item(row, column).text() for column in (0, 1)] for row in range(table.rowCount())]
    return {what: text for what, text in cells if text}


def controls_of(page):
    kinds = (QAbstractButton, QComboBox, QDoubleSpinBox)
    found = [one for kind in kinds for one in page.findChildren(kind)]
    return [one for one in found if not one.objectName().startswith("qt_")]


def room_of(combo):
    """Return how much of the width of a list is left for its text."""
    option = QStyleOptionComboBox()
    combo.initStyleOption(option)
    control, part = QStyle.ComplexControl.CC_ComboBox, QStyle.SubControl.SC_ComboBoxEditField
    return combo.style().subControlRect(control, option, part, combo).width()


def hint(dock):
    return dock.view._hint.text()


# ---------------------------------------------------------------------- the widget by itself


@pytest.fixture
def page(qtbot):
    widget = MeasuresView()
    qtbot.addWidget(widget)
    widget.resize(320, 500)
    widget.show()
    return widget


def test_the_table_says_what_there_is_to_do_where_nothing_can_be_measured(page):
    table = page.findChild(QTableWidget, "measures")
    assert table.item(0, 0).text() == texts.NO_NEEDLE_HERE
    page.set_measures([NeedleMeasures("a", "Needle, L3", ())])
    assert [table.item(row, 0).text() for row in range(2)] == ["Needle, L3", texts.NOTHING_TO_MEASURE_TO]


def test_new_numbers_are_written_into_the_rows_that_are_there(page):
    table = page.findChild(QTableWidget, "measures")
    page.set_measures([NeedleMeasures("a", "Needle", (Measured("Tip", "1 px", "note"),))])
    item = table.item(1, 1)
    page.set_measures([NeedleMeasures("a", "Needle", (Measured("Tip", "PAST", "note", warning=True),))])
    assert table.item(1, 1) is item
    assert (item.text(), item.font().bold(), item.toolTip()) == ("PAST", True, "Tip: PAST\nnote")
    page.set_measures([NeedleMeasures("a", "Needle", (Measured("Tip", "2 px"),))])
    assert not item.font().bold()
    page.set_measures([])
    assert table.rowCount() == 1


def test_what_is_measured_while_another_page_is_in_front_is_listed_afterwards(page):
    page.hide()
    page.set_measures([NeedleMeasures("a", "Needle", (Measured("Tip", "1 px"),))])
    assert rows(page) == {}
    page.show()
    assert rows(page) == {"Tip": "1 px"}


def test_a_press_on_a_row_chooses_its_needle(page, qtbot):
    table = page.findChild(QTableWidget, "measures")
    page.set_measures([NeedleMeasures("a", "Needle", (Measured("Tip", "1 px"),))])
    chosen = []
    page.needle_chosen.connect(chosen.append)
    place = table.visualItemRect(table.item(1, 1)).center()
    qtbot.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert chosen == ["a"]


def test_every_control_has_a_name_and_can_be_reached_by_key(page):
    controls = controls_of(page)
    assert len(controls) > 12
    nameless = [
        one.objectName() for one in controls if not (one.accessibleName() or getattr(one, "text", str)())
    ]
    assert nameless == []
    assert all(one.focusPolicy() & Qt.FocusPolicy.TabFocus for one in controls)


def test_letters_in_the_field_of_the_length_are_left_to_the_keys_of_the_dock(page):
    field = page.findChild(QDoubleSpinBox, "known_length")
    kept = {}
    for key, text in ((Qt.Key.Key_Q, "q"), (Qt.Key.Key_5, "5")):
        press = QKeyEvent(QEvent.Type.ShortcutOverride, key, Qt.KeyboardModifier.NoModifier, text)
        press.ignore()
        QApplication.sendEvent(field, press)
        kept[text] = press.isAccepted()
    assert kept == {"q": False, "5": True}


def test_the_wheel_scrolls_the_page_and_changes_nothing_that_is_kept(page):
    fields = [one for one in controls_of(page) if not isinstance(one, QAbstractButton)]
    page.set_vertebrae([Choice("L4", "L4"), Choice("L5", "L5")])
    page.findChild(QDoubleSpinBox, "known_length").setValue(50)
    before = [one.currentIndex() if isinstance(one, QComboBox) else one.value() for one in fields]
    for one in fields:
        one.setFocus()
        place = QPointF(one.rect().center())
        turn = QWheelEvent(
            place,
            one.mapToGlobal(place),
            QPoint(0, 0),
            QPoint(0, -120),
            Qt.MouseButton.NoButton,
            Qt.KeyboardModifier.NoModifier,
            Qt.ScrollPhase.NoScrollPhase,
            False,
        )
        QApplication.sendEvent(one, turn)
    assert [one.currentIndex() if isinstance(one, QComboBox) else one.value() for one in fields] == before
    assert len(fields) >= 9


# ---------------------------------------------------------------------- in a window


@pytest.mark.gui
def test_a_dragged_needle_is_measured_live_and_stored_once(open_window, right_l3):
    _, dock, hand = open_window()
    dock._show_measures()
    session = dock.desk.session
    needle = session.add_needle(dock.desk.frame, right_l3, Point(60, 60), Point(60, 160))
    session.add_target(dock.desk.frame, right_l3, Point(60, 40))
    assert rows(dock.measures_view)[texts.TIP_TO_TARGET] == "20.0 px (17.0 to 23.0)"
    before = len(session.drafts)
    hand.press(60, 60)
    hand.move(60, 90)
    hand.move(60, 100)
    live = float(rows(dock.measures_view)[texts.TIP_TO_TARGET].split(" ")[0])
    assert live == pytest.approx(60, abs=2)
    assert len(session.drafts) == before
    hand.release(60, 100)
    assert len(session.drafts) == before + 1
    assert session.mark(needle.mark_id).tip.column == pytest.approx(100, abs=2)


@pytest.mark.gui
def test_a_scale_is_made_with_one_key_a_number_and_two_presses(open_window, right_l3):
    _, dock, hand = open_window()
    page, session = dock.measures_view, dock.desk.session
    session.add_needle(dock.desk.frame, right_l3, Point(60, 60), Point(60, 160))
    session.add_target(dock.desk.frame, right_l3, Point(60, 40))
    hand.key("Q")
    assert page.isVisible()
    field = page.findChild(QDoubleSpinBox, "known_length")
    assert hint(dock) == texts.NEED_LENGTH.format(key="Q")
    QTest.keyClicks(field, "50")
    QTest.keyClick(field, Qt.Key.Key_Return)
    hand.click(120, 20)
    hand.click(120, 120)
    (scale,) = session.records_of(MarkKind.USER_CALIBRATION)
    assert scale.mm == 50.0
    assert rows(page)[texts.TIP_TO_TARGET].startswith("10.")
    assert " mm (" in rows(page)[texts.TIP_TO_TARGET]
    hand.key("Z", control=True)
    assert rows(page)[texts.TIP_TO_TARGET] == "20.0 px (17.0 to 23.0)"


@pytest.mark.gui
def test_a_line_is_placed_with_one_key_and_two_presses_and_undone_in_one(open_window, right_l3):
    _, dock, hand = open_window()
    session = dock.desk.session
    needle = session.add_needle(dock.desk.frame, right_l3, Point(60, 60), Point(60, 160))
    session.select(needle.mark_id)
    dock._show_measures()
    hand.key("J", shift=True)
    hand.click(100, 40)
    hand.click(150, 90)
    (row,) = rows(dock.measures_view).values()
    assert row.startswith("45\N{DEGREE SIGN}")
    assert len(session.marks) == 3
    hand.key("Z", control=True)
    assert session.marks == (needle,)


@pytest.mark.gui
def test_a_distance_is_drawn_until_escape(open_window):
    viewer, dock, hand = open_window()
    hand.key("W", shift=True)
    hand.click(50, 50)
    hand.click(50, 150)
    assert "not stored" in hint(dock)
    assert len(viewer.layers["Guide lines"].data) > 0
    hand.key("Escape")
    assert len(viewer.layers["Guide lines"].data) == 0
    assert dock.desk.session.drafts == ()


@pytest.mark.gui
def test_the_view_is_judged_by_keys_alone(open_window):
    _, dock, hand = open_window()
    page = dock.measures_view
    view = page.findChild(QComboBox, "judged_view")
    hand.key("A", shift=True)
    QTest.keyClick(view, Qt.Key.Key_Down)
    hand.key("A", shift=True)
    no = page.findChild(QAbstractButton, "adequate_no")
    QTest.keyClick(no, Qt.Key.Key_Space)
    QTest.keyClick(page.findChild(QComboBox, "tilt"), Qt.Key.Key_Down)
    (mark,) = dock.desk.session.marks
    assert isinstance(mark, ViewJudgement)
    assert (mark.view, mark.adequate, len(mark.corrections)) == ("AP_TRUE", Adequacy.NO, 1)
    assert no.isChecked()
    table = dock.view._table.model()
    assert "AP" in table.index(0, 0).data()
    hand.key("Z", control=True)
    hand.key("Z", control=True)
    assert not no.isChecked()
    assert dock.desk.session.marks == ()


@pytest.mark.gui
def test_nothing_of_the_page_is_cut_off_on_a_low_screen(open_window, right_l3, pump):
    viewer, dock, _ = open_window()
    viewer.window.resize(*LOW_SCREEN)
    session = dock.desk.session
    session.add_needle(dock.desk.frame, right_l3, Point(60, 60), Point(60, 160))
    session.add_target(dock.desk.frame, right_l3, Point(60, 40))
    dock._show_measures()
    pump(10)
    page = dock.measures_view
    (area,) = [one for one in dock.findChildren(QScrollArea) if one.widget() is page]
    assert page.width() <= area.viewport().width()
    controls = [*controls_of(page), page.findChild(QTableWidget, "measures")]
    beyond = [
        one.objectName()
        for one in controls
        if one.isVisibleTo(page) and one.mapTo(page, one.rect().topRight()).x() > page.width()
    ]
    assert beyond == []
    squeezed = [one.objectName() for one in controls if one.height() < one.minimumSizeHint().height()]
    assert squeezed == []


@pytest.mark.gui
def test_vertebra_side_and_buttons_of_a_line_can_be_read_on_a_low_screen(open_window, pump):
    viewer, dock, _ = open_window()
    viewer.window.resize(*LOW_SCREEN)
    dock._show_measures()
    pump(10)
    page = dock.measures_view
    for name in ("line_vertebra", "line_side"):
        combo = page.findChild(QComboBox, name)
        entries = [combo.itemText(place) for place in range(combo.count())]
        cut = [text for text in entries if combo.fontMetrics().horizontalAdvance(text) > room_of(combo)]
        assert (name, len(entries) > 1, cut) == (name, True, [])
    for name in ("place_line", "distance"):
        button = page.findChild(QAbstractButton, name)
        assert button.width() >= button.sizeHint().width()
