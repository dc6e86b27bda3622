"""The windows of teaching sets by themselves: rows, dragging, learning points, and room on a small screen."""

import pytest
from qtpy.QtCore import QMimeData, QPoint, QPointF, Qt
from qtpy.QtGui import QDropEvent
from qtpy.QtTest import QTest
from qtpy.QtWidgets import QApplication, QLineEdit, QPushButton

from napari_fluoro_annotator import texts
from napari_fluoro_annotator.controllers.protocols import Choice
from napari_fluoro_annotator.controllers.set_rows import (
    ExerciseForm,
    ExerciseRow,
    FindingRow,
    ReadingRow,
    SetRow,
    StudyRow,
)
from napari_fluoro_annotator.views.set_editor import SetEditorView
from napari_fluoro_annotator.views.set_list import SetListView

pytestmark = pytest.mark.gui

LOW_SCREEN = (1366, 768)
LEFT = Qt.MouseButton.LeftButton


def caught(signal):
    values = []
    signal.connect(lambda *args: values.append(args[0] if len(args) == 1 else args))
    return values


@pytest.fixture
def editor(qtbot):
    view = SetEditorView()
    qtbot.addWidget(view)
    view.set_kinds([Choice(key, text) for key, text in texts.SET_KIND_NAMES.items()], ("judge_view",))
    view.set_difficulties([Choice(key, text) for key, text in texts.SET_DIFFICULTIES.items()])
    rows = [
        ExerciseRow(key, (str(n), f"Exercise {key}", "True AP", "Easy", "")) for n, key in enumerate("abc", 1)
    ]
    view.set_exercises(rows, "a")
    view.set_shown()
    qtbot.wait(50)
    return view


@pytest.fixture
def sets(qtbot):
    view = SetListView()
    qtbot.addWidget(view)
    view.set_rows([SetRow("one", ("One",) * 7), SetRow("two", ("Two",) * 7, careful=True, withdrawn=True)])
    view.set_shown()
    qtbot.wait(50)
    return view


def dropped(table, row, *, below):
    """Let the row that is chosen be dropped on another one, as Qt says it at the end of a drag."""
    rect = table.visualRect(table.model().index(row, 0))
    place = QPointF(rect.center().x(), rect.bottom() - 1 if below else rect.top() + 1)
    event = QDropEvent(place, Qt.DropAction.MoveAction, QMimeData(), LEFT, Qt.KeyboardModifier.NoModifier)
    table.dropEvent(event)


class TestOrder:
    @pytest.fixture
    def moved(self, editor, monkeypatch):
        monkeypatch.setattr(QDropEvent, "source", lambda _: editor.exercises._table)
        editor.show_page(editor.exercises)
        return caught(editor.moved)

    @pytest.mark.parametrize(
        ("chosen", "onto", "below", "order"),
        [("a", 2, True, "bca"), ("a", 1, False, None), ("c", 0, False, "cab"), ("b", 0, True, None)],
    )
    def test_a_row_that_is_dropped(self, editor, moved, monkeypatch, *, chosen, onto, below, order):
        table = editor.exercises._table
        table.choose(chosen)
        where = table.DropIndicatorPosition.BelowItem if below else table.DropIndicatorPosition.AboveItem
        monkeypatch.setattr(table, "dropIndicatorPosition", lambda: where)
        dropped(table, onto, below=below)
        assert moved == ([] if order is None else [tuple(order)])

    def test_keys(self, editor, moved):
        table = editor.exercises._table
        table.choose("b")
        QTest.keyClick(table, Qt.Key.Key_Up, Qt.KeyboardModifier.AltModifier)
        QTest.keyClick(table, Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)
        QTest.keyRelease(table, Qt.Key.Key_Alt)
        assert moved == [("b", "a", "c"), ("a", "c", "b")]

    def test_the_first_goes_no_further_up(self, editor, moved):
        editor.exercises._table.choose("a")
        editor.exercises.buttons["up"].click()
        assert moved == []

    def test_delete_leaves_one_out(self, editor, moved):
        left = caught(editor.remove_requested)
        editor.exercises._table.choose("c")
        QTest.keyClick(editor.exercises._table, Qt.Key.Key_Delete)
        assert (left, moved) == (["c"], [])


class TestLearningPoints:
    @pytest.fixture
    def page(self, editor):
        editor.show_page(editor.exercises)
        editor.set_exercise(ExerciseForm("Place it", "there", "easy", (("First", "SIS"),)))
        return editor.exercises

    def test_one_is_written_with_the_keyboard(self, qtbot, editor, page):
        points = caught(editor.points_changed)
        page.findChild(QPushButton, "set_point_add").click()
        field = page._points.findChild(QLineEdit)
        QTest.keyClicks(field, "Second")
        QTest.keyClick(field, Qt.Key.Key_Return)
        qtbot.wait(20)
        assert points[-1] == ("a", (("First", "SIS"), ("Second", "")))

    def test_one_is_removed(self, editor, page):
        points = caught(editor.points_changed)
        page._points.setCurrentCell(0, 0)
        page.findChild(QPushButton, "set_point_remove").click()
        assert points == [("a", ())]

    def test_showing_another_exercise_changes_nothing(self, editor, page):
        points, difficulties = caught(editor.points_changed), caught(editor.difficulty_chosen)
        editor.set_exercise(ExerciseForm("Judge it", "so", "hard", (), (Choice("", "as it is"),), ""))
        assert page._verdict.isVisible()
        editor.set_exercise(None)
        assert not page._verdict.isVisible()
        assert (points, difficulties) == ([], [])


def test_a_finding_leads_to_its_exercise(editor):
    chosen = caught(editor.exercise_chosen)
    editor.set_findings([FindingRow("Exercise 3 lacks something", True, "c")], "1 error", publishable=False)
    editor.show_page(editor.publishing)
    assert not editor.publishable
    editor.findings.setCurrentRow(0)
    QTest.keyClick(editor.findings, Qt.Key.Key_Return)
    assert chosen == ["c"]
    assert editor.exercises.isVisible()


def test_ticking_a_study_ticks_its_experts(editor):
    ticked = caught(editor.readings_chosen)
    readings = (ReadingRow("r1", ("Reader A",) * 6), ReadingRow("r2", ("Reader B",) * 6))
    editor.set_readings([StudyRow("1.2", ("2026-01-02",) * 6, readings)], ())
    editor.show_page(editor.references)
    tree = editor.references._tree
    tree.setFocus()
    tree.setCurrentItem(tree.topLevelItem(0))
    QTest.keyClick(tree, Qt.Key.Key_Space)
    assert ticked[-1] == ("r1", "r2")
    tree.setCurrentItem(tree.topLevelItem(0).child(0))
    QTest.keyClick(tree, Qt.Key.Key_Space)
    assert ticked[-1] == ("r2",)


def test_no_text_is_wider_than_its_button_and_all_fits_a_small_screen(editor, sets):
    for window in (editor, sets):
        assert window.width() <= LOW_SCREEN[0]
        assert window.height() <= LOW_SCREEN[1] - 100
        assert window.minimumSizeHint().width() <= window.width()
        assert window.minimumSizeHint().height() <= window.height()


@pytest.mark.parametrize(
    ("name", "wanted"),
    [("editor", {"set_title", "set_protocol", "set_order"}), ("sets", {"sets", "sets_new", "sets_close"})],
)
def test_every_part_can_be_reached_with_tab(request, qtbot, name, wanted):
    window = request.getfixturevalue(name)
    window.activateWindow()
    qtbot.wait(50)
    met = set()
    for _ in range(30):
        QTest.keyClick(QApplication.focusWidget() or window, Qt.Key.Key_Tab)
        met.add((QApplication.focusWidget() or window).objectName())
    assert wanted <= met


def test_rows_that_are_shown_anew_stay_chosen_and_say_nothing(sets):
    chosen = caught(sets.chosen)
    sets.choose("two")
    sets.set_rows([SetRow("two", ("Two",) * 7), SetRow("three", ("Three",) * 7)])
    assert (sets._table.chosen, chosen) == ("two", ["two"])
    sets.set_rows([SetRow("three", ("Three",) * 7)])
    assert sets._table.chosen == ""


def test_enter_in_the_name_of_a_trainee_assigns_and_closes_nothing(sets):
    assigned = caught(sets.assigned)
    sets.choose("one")
    sets.set_assigning("Who?", ["Trainee A"], [Choice("Trainee B", "Trainee B, due 2030-01-01")])
    QTest.keyClicks(sets._trainee, "Trainee A")
    QTest.keyClick(sets._trainee, Qt.Key.Key_Return)
    assert assigned == [("one", "Trainee A", None)]
    assert sets.isVisible()
    gone = caught(sets.unassigned)
    sets._assigned.setCurrentRow(0)
    QTest.mouseClick(sets._unassign, LEFT, Qt.KeyboardModifier.NoModifier, QPoint(5, 5))
    assert gone == [("one", "Trainee B")]
