"""The list of a sitting and the page of progress as widgets, by mouse and keyboard."""

import pytest
from practice_answers import many_answers

from fluoro_annotator.training.summary import summarise

pytestmark = pytest.mark.gui


@pytest.fixture
def shown(qapp, pump):
    """Return a function that shows a widget at the width of a dock, and closes it at the end."""
    opened = []

    def show(widget):
        widget.resize(400, 800)
        widget.show()
        opened.append(widget)
        pump()
        return widget

    yield show
    for widget in opened:
        widget.close()


def test_an_answer_of_the_list_is_chosen_by_mouse_and_by_enter(shown, pump):
    from qtpy.QtCore import Qt
    from qtpy.QtTest import QTest

    from napari_fluoro_annotator.controllers.practice_review import ReviewRow
    from napari_fluoro_annotator.views.practice_review import ReviewView

    view = shown(ReviewView())
    chosen = []
    view.answer_chosen.connect(chosen.append)
    view.set_answers([ReviewRow("Certain and wrong: one", True), ReviewRow("two", False)], "2 answers")
    pump()
    place = view._list.visualItemRect(view._list.item(1)).center()
    QTest.mouseClick(view._list.viewport(), Qt.MouseButton.LeftButton, pos=place)
    view._list.setCurrentRow(0)
    QTest.keyClick(view._list, Qt.Key.Key_Return)
    assert chosen == [1, 0]
    first, second = (view._list.item(row).foreground().color() for row in (0, 1))
    assert first != second
    view.set_problem("The file is gone.")
    assert view._problem.isVisible()


def test_plots_fit_the_dock_and_turn_into_tables(shown, pump):
    from qtpy.QtCore import Qt
    from qtpy.QtTest import QTest

    from napari_fluoro_annotator.controllers.practice_progress import picture_of_chart, progress_shown
    from napari_fluoro_annotator.views.practice_progress import ProgressView

    view = shown(ProgressView())

    def draw(chart):
        return picture_of_chart(chart, view.chart_width, dark=view.is_dark)

    view.set_progress(progress_shown(summarise(many_answers(60, trainees=1)), draw))
    pump()
    assert len(view._pictures) == len(view._tabled) > 5
    for picture, table in zip(view._pictures, view._tabled, strict=True):
        assert picture.isVisible()
        assert not table.isVisible()
        assert picture.pixmap().deviceIndependentSize().width() <= view.width()
        assert picture.accessibleName()
    QTest.mouseClick(view._tables, Qt.MouseButton.LeftButton, pos=view._tables.rect().center() * 0.2)
    pump()
    assert all(table.isVisible() and table.rowCount() for table in view._tabled)
    assert not any(picture.isVisible() for picture in view._pictures)


def test_without_pictures_there_are_tables(shown, pump):
    from napari_fluoro_annotator.controllers.practice_progress import progress_shown
    from napari_fluoro_annotator.views.practice_progress import ProgressView

    view = shown(ProgressView())
    view.set_progress(progress_shown(summarise(many_answers(60, trainees=1)), lambda chart: b""))
    pump()
    assert all(table.isVisible() for table in view._tabled)
    assert "Lacking:" in view._lacking.text() or "met" in view._lacking.text()


@pytest.mark.parametrize(
    ("chosen", "kind", "expected"),
    [
        ("/somewhere/mine.html", "Page (*.html)", "/somewhere/mine.html"),
        ("/somewhere/mine", "Page (*.html)", "/somewhere/mine.html"),
        ("/somewhere/mine", "PDF (*.pdf)", "/somewhere/mine.pdf"),
        ("", "", None),
    ],
)
def test_the_kind_of_the_report_follows_from_its_name_or_the_choice(
    chosen, kind, expected, shown, monkeypatch
):
    from qtpy.QtCore import Qt
    from qtpy.QtTest import QTest
    from qtpy.QtWidgets import QFileDialog

    from napari_fluoro_annotator.views.practice_progress import ProgressView

    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (chosen, kind))
    view = shown(ProgressView())
    asked = []
    view.save_requested.connect(asked.append)
    QTest.mouseClick(view._save, Qt.MouseButton.LeftButton)
    assert asked == ([expected] if expected else [])
