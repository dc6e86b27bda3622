"""The page of the editor of a teaching set with its exercises: their order, difficulty and learning points."""

from __future__ import annotations

from collections.abc import Sequence

from psygnal import Signal
from qtpy.QtCore import Qt
from qtpy.QtGui import QDropEvent, QKeySequence, QShortcut  # type: ignore[attr-defined]  # qtpy adds it for Qt 5 and 6
from qtpy.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from napari_fluoro_annotator import texts
from napari_fluoro_annotator.controllers.protocols import Choice
from napari_fluoro_annotator.controllers.set_rows import ExerciseForm, ExerciseRow
from napari_fluoro_annotator.views.fields import NamedCombo, fill
from napari_fluoro_annotator.views.parts import heading, push_button, text_label, together
from napari_fluoro_annotator.views.set_table import ROW_MARGIN, RowTable

UP, DOWN, REMOVE = "Alt+Up", "Alt+Down", "Del"
POINTS_SEEN = 3
"""Learning points that are seen at once."""
EXERCISE = 1
"""The column that says what is asked."""


class ExerciseTable(RowTable):
    """Exercises, which can be dragged to another place.

    Attributes
    ----------
    dropped : psygnal.Signal
        Emitted with the key of a row and the place it was dropped at.

    """

    dropped = Signal(str, int)

    def __init__(self) -> None:
        super().__init__("set_exercises", texts.SET_PAGE_EXERCISES, texts.SET_EXERCISE_COLUMNS, wide=EXERCISE)
        self.setDragEnabled(True)
        self.setAcceptDrops(True)
        self.setDragDropMode(QAbstractItemView.DragDropMode.InternalMove)
        self.setDragDropOverwriteMode(False)
        self.setDefaultDropAction(Qt.DropAction.MoveAction)

    def dropEvent(self, event: QDropEvent) -> None:  # noqa: N802 - Qt's name
        """Say where a row is wanted; the rows are then shown anew, so Qt moves nothing itself."""
        if event.source() is not self or not self.chosen:
            event.ignore()
            return
        place = self.indexAt(event.position().toPoint()).row()
        below = self.dropIndicatorPosition() == QAbstractItemView.DropIndicatorPosition.BelowItem
        event.setDropAction(Qt.DropAction.IgnoreAction)
        event.accept()
        self.dropped.emit(self.chosen, self.rowCount() if place < 0 else place + below)


class SetExercisesPage(QWidget):
    """The list, and what is said of the chosen exercise.

    Attributes
    ----------
    exercise_chosen, remove_requested, show_requested : psygnal.Signal
        Emitted with the identifier of an exercise, an empty text for none.
    moved : psygnal.Signal
        Emitted with the identifiers of all exercises in their new order.
    difficulty_chosen, verdict_chosen : psygnal.Signal
        Emitted with the exercise and the difficulty, or what is said of its needle.
    points_changed : psygnal.Signal
        Emitted with the exercise and a tuple of (text, source).

    """

    exercise_chosen = Signal(str)
    moved = Signal(tuple)
    remove_requested = Signal(str)
    show_requested = Signal(str)
    difficulty_chosen = Signal(str, str)
    verdict_chosen = Signal(str, str)
    points_changed = Signal(str, tuple)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._table = ExerciseTable()
        self._table.row_chosen.connect(self._on_chosen)
        self._table.dropped.connect(self._on_dropped)
        layout = QVBoxLayout(self)
        self._none = text_label("set_exercises_none")
        self._none.setText(texts.SET_EXERCISES_NONE)
        layout.addWidget(self._none)
        layout.addWidget(self._table, 1)
        layout.addLayout(self._build_buttons())
        layout.addWidget(self._build_form())
        for key, slot in ((UP, self._on_up), (DOWN, self._on_down), (REMOVE, self._on_remove)):
            shortcut = QShortcut(QKeySequence(key), self._table)
            shortcut.setContext(Qt.ShortcutContext.WidgetShortcut)
            shortcut.activated.connect(slot)

    # ------------------------------------------------------------------ parts

    def _build_buttons(self) -> QHBoxLayout:
        row = QHBoxLayout()
        self.buttons = {
            "up": push_button("set_up", texts.SET_UP, texts.SET_UP_TIP.format(key=UP)),
            "down": push_button("set_down", texts.SET_DOWN, texts.SET_DOWN_TIP.format(key=DOWN)),
            "remove": push_button("set_remove", texts.SET_REMOVE, texts.SET_REMOVE_TIP.format(key=REMOVE)),
            "show": push_button("set_show", texts.SET_SHOW, texts.SET_SHOW_TIP),
        }
        slots = (self._on_up, self._on_down, self._on_remove, self._on_show)
        for button, slot in zip(self.buttons.values(), slots, strict=True):
            button.clicked.connect(slot)
            row.addWidget(button)
        row.addStretch(1)
        return row

    def _build_form(self) -> QWidget:
        self._heading = heading("")
        self._heading.setWordWrap(True)
        self._difficulty = NamedCombo("set_difficulty", texts.SET_DIFFICULTY)
        self._difficulty.currentIndexChanged.connect(self._on_difficulty)
        label = QLabel(texts.SET_DIFFICULTY)
        label.setBuddy(self._difficulty)
        self._verdict = NamedCombo("set_verdict", texts.SET_VERDICT, texts.SET_VERDICT_TIP)
        self._verdict.currentIndexChanged.connect(self._on_verdict)
        self._verdict_label = QLabel(texts.SET_VERDICT)
        self._verdict_label.setBuddy(self._verdict)
        row = QHBoxLayout()
        for widget in (label, self._difficulty, self._verdict_label, self._verdict):
            row.addWidget(widget, int(isinstance(widget, NamedCombo)))
        self._answer = text_label("set_exercise_answer")
        layout = QVBoxLayout()
        layout.addWidget(self._heading)
        layout.addWidget(self._answer)
        layout.addLayout(row)
        layout.addLayout(self._build_points())
        self._form = together(layout)
        self._form.setEnabled(False)
        return self._form

    def _build_points(self) -> QVBoxLayout:
        self._points = table = QTableWidget(0, len(texts.SET_POINT_COLUMNS))
        table.setObjectName("set_points")
        table.setAccessibleName(texts.SET_POINTS)
        table.setToolTip(texts.SET_POINT_TIP)
        table.setHorizontalHeaderLabels(texts.SET_POINT_COLUMNS)
        table.verticalHeader().setVisible(False)
        table.setTabKeyNavigation(False)
        line = table.fontMetrics().lineSpacing()
        table.verticalHeader().setDefaultSectionSize(line + ROW_MARGIN)
        table.setFixedHeight(POINTS_SEEN * (line + ROW_MARGIN) + 2 * line)
        table.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        table.cellChanged.connect(self._on_points)
        add = push_button("set_point_add", texts.SET_POINT_ADD)
        add.clicked.connect(self.add_point)
        remove = push_button("set_point_remove", texts.SET_POINT_REMOVE)
        remove.clicked.connect(self._on_point_removed)
        row = QHBoxLayout()
        row.addWidget(QLabel(texts.SET_POINTS), 1)
        row.addWidget(add)
        row.addWidget(remove)
        layout = QVBoxLayout()
        layout.addLayout(row)
        layout.addWidget(table, 1)
        return layout

    # ------------------------------------------------------------------ set

    def set_difficulties(self, choices: Sequence[Choice]) -> None:
        """Offer difficulties."""
        fill(self._difficulty, choices)

    def set_rows(self, rows: Sequence[ExerciseRow], chosen: str) -> None:
        """List the exercises in their order; nothing is emitted."""
        self._table.set_rows([(row.exercise_id, row.cells) for row in rows], chosen=chosen)
        self._none.setVisible(not rows)

    def choose(self, exercise_id: str) -> None:
        """Choose an exercise, as a press on it would."""
        self._table.choose(exercise_id)

    def set_form(self, form: ExerciseForm | None) -> None:
        """Show what is said of the chosen exercise; nothing is emitted."""
        self._form.setEnabled(form is not None)
        self._heading.setText("" if form is None else form.heading)
        self._answer.setText("" if form is None else form.answer)
        self._difficulty.choose("" if form is None else form.difficulty)
        verdicts = () if form is None else form.verdicts
        fill(self._verdict, verdicts, "" if form is None else form.verdict)
        for widget in (self._verdict_label, self._verdict):
            widget.setVisible(bool(verdicts))
        blocked = self._points.blockSignals(True)
        self._points.setRowCount(0)
        for place, point in enumerate(() if form is None else form.points):
            self._points.insertRow(place)
            for column, text in enumerate(point):
                self._points.setItem(place, column, QTableWidgetItem(text))
        self._points.blockSignals(blocked)

    # ------------------------------------------------------------------ what the attending does

    def add_point(self) -> None:
        """Add an empty learning point, ready to be written."""
        place = self._points.rowCount()
        blocked = self._points.blockSignals(True)
        self._points.insertRow(place)
        cells = [QTableWidgetItem("") for _ in texts.SET_POINT_COLUMNS]
        for column, cell in enumerate(cells):
            self._points.setItem(place, column, cell)
        self._points.blockSignals(blocked)
        self._points.setFocus()
        self._points.setCurrentCell(place, 0)
        self._points.editItem(cells[0])

    def _on_point_removed(self) -> None:
        if self._points.currentRow() >= 0:
            self._points.removeRow(self._points.currentRow())
            self._on_points()

    def _on_points(self) -> None:
        rows = range(self._points.rowCount())
        points = [(self._point_text(row, 0), self._point_text(row, 1)) for row in rows]
        self.points_changed.emit(self._table.chosen, tuple(point for point in points if point[0]))

    def _point_text(self, row: int, column: int) -> str:
        cell = self._points.item(row, column)
        return "" if cell is None else cell.text().strip()

    def _on_chosen(self, key: str) -> None:
        self.exercise_chosen.emit(key)

    def _on_difficulty(self) -> None:
        self.difficulty_chosen.emit(self._table.chosen, self._difficulty.chosen())

    def _on_verdict(self) -> None:
        self.verdict_chosen.emit(self._table.chosen, self._verdict.chosen())

    def _on_up(self) -> None:
        self._move(-1)

    def _on_down(self) -> None:
        self._move(1)

    def _move(self, step: int) -> None:
        keys = list(self._table.keys)
        if self._table.chosen not in keys:
            return
        place = keys.index(self._table.chosen)
        if 0 <= place + step < len(keys):
            keys.insert(place + step, keys.pop(place))
            self.moved.emit(tuple(keys))

    def _on_dropped(self, key: str, place: int) -> None:
        before = list(self._table.keys)
        after = [each for each in before[:place] if each != key]
        after += [key, *(each for each in before[place:] if each != key)]
        if after != before:
            self.moved.emit(tuple(after))

    def _on_remove(self) -> None:
        self.remove_requested.emit(self._table.chosen)

    def _on_show(self) -> None:
        self.show_requested.emit(self._table.chosen)
