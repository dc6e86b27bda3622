"""The table of marks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from psygnal import Signal
from qtpy.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt
from qtpy.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget

from napari_fluoro_annotator import texts
from napari_fluoro_annotator.controllers.protocols import MarkRow

COLUMNS = (texts.COLUMN_MARK, texts.COLUMN_VIEW, texts.COLUMN_FRAME)
SHAPES = {
    "target": "\N{WHITE CIRCLE}",
    "needle": "\N{WHITE DIAMOND}",
    "level_label": "\N{WHITE SQUARE}",
    "nerve_course": "\N{TILDE OPERATOR}",
    "target_zone": "\N{WHITE HEXAGON}",
    "landmark": "+",
    "event": "\N{WHITE UP-POINTING TRIANGLE}",
    "view_judgement": "\N{POSITION INDICATOR}",
}
NOWHERE = QModelIndex()
Index = QModelIndex | QPersistentModelIndex


class MarksModel(QAbstractTableModel):
    """The rows of the table; one mark more or less alters one row, however many there are."""

    def __init__(self) -> None:
        super().__init__()
        self._rows: list[MarkRow] = []
        self._places: dict[str, int] = {}

    @property
    def rows(self) -> tuple[MarkRow, ...]:
        """What is listed."""
        return tuple(self._rows)

    def rowCount(self, parent: Index = NOWHERE) -> int:  # noqa: N802 - Qt's name
        """Return how many marks there are."""
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = NOWHERE) -> int:  # noqa: N802 - Qt's name
        """Return how many columns there are."""
        return 0 if parent.isValid() else len(COLUMNS)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = 0) -> Any:  # noqa: N802 - Qt's name
        """Return the heading of a column."""
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return COLUMNS[section]
        return None

    def data(self, index: Index, role: int = 0) -> Any:
        """Return what a cell shows."""
        if role not in {Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole}:
            return None
        row = self._rows[index.row()]
        return (f"{SHAPES[row.kind]} {row.label}", row.view, str(row.frame))[index.column()]

    def set_rows(self, rows: Sequence[MarkRow]) -> None:
        """List these marks."""
        if list(rows) == self._rows:
            return
        self.beginResetModel()
        self._rows = list(rows)
        self._count_places(0)
        self.endResetModel()

    def put(self, row: MarkRow) -> None:
        """Show a mark as it is now, at the end if it is new."""
        place = self._places.get(row.mark_id)
        if place is not None:
            self._rows[place] = row
            self.dataChanged.emit(self.index(place, 0), self.index(place, len(COLUMNS) - 1))
            return
        end = len(self._rows)
        self.beginInsertRows(NOWHERE, end, end)
        self._rows.append(row)
        self._places[row.mark_id] = end
        self.endInsertRows()

    def remove(self, mark_id: str) -> None:
        """Show a mark no more."""
        place = self._places.pop(mark_id, None)
        if place is None:
            return
        self.beginRemoveRows(NOWHERE, place, place)
        del self._rows[place]
        self._count_places(place)
        self.endRemoveRows()

    def place_of(self, mark_id: str | None) -> int | None:
        """Return the row of a mark."""
        return None if mark_id is None else self._places.get(mark_id)

    def mark_at(self, place: int) -> str:
        """Return the identifier of the mark in a row."""
        return self._rows[place].mark_id

    def _count_places(self, first: int) -> None:
        if first == 0:
            self._places.clear()
        for place in range(first, len(self._rows)):
            self._places[self._rows[place].mark_id] = place


class MarksTable(QTableView):
    """One row for each mark; choosing a row emits ``mark_chosen`` with the mark's identifier."""

    mark_chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = MarksModel()
        self.setModel(self._model)
        self.setObjectName("marks")
        self.setAccessibleName(texts.MARKS_TABLE)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.setMinimumHeight(84)
        self.setWordWrap(False)
        self.verticalHeader().setVisible(False)
        header = self.horizontalHeader()
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        header.setSectionResizeMode(1, QHeaderView.ResizeMode.Interactive)
        header.setSectionResizeMode(2, QHeaderView.ResizeMode.Fixed)  # measuring thousands of rows takes long
        header.resizeSection(1, 56)
        header.resizeSection(2, 56)
        self._showing = False
        self.selectionModel().selectionChanged.connect(self._on_selection)
        self.clicked.connect(self._on_selection)  # a press on the selected row leads back to its frame

    def set_rows(self, rows: Sequence[MarkRow]) -> None:
        """List these marks."""
        self._quietly(self._model.set_rows, rows)

    def put_row(self, row: MarkRow) -> None:
        """Show a mark as it is now."""
        self._quietly(self._model.put, row)

    def remove_row(self, mark_id: str) -> None:
        """Show a mark no more."""
        self._quietly(self._model.remove, mark_id)

    def set_selected(self, mark_id: str | None) -> None:
        """Show which mark is selected, without saying that it was chosen."""
        self._quietly(self._select, mark_id)

    def _select(self, mark_id: str | None) -> None:
        place = self._model.place_of(mark_id)
        if place is None:
            self.clearSelection()
        else:
            self.selectRow(place)
            self.scrollTo(self._model.index(place, 0))

    def _quietly(self, act: Any, value: Any) -> None:
        """Do something that is not the reader's choice."""
        before, self._showing = self._showing, True
        try:
            act(value)
        finally:
            self._showing = before

    def _on_selection(self) -> None:
        chosen = self.selectionModel().selectedRows()
        if chosen and not self._showing:
            self.mark_chosen.emit(self._model.mark_at(chosen[0].row()))
