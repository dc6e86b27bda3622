"""The table of marks."""

from __future__ import annotations

from collections.abc import Sequence

from psygnal import Signal
from qtpy.QtCore import Qt
from qtpy.QtWidgets import QAbstractItemView, QHeaderView, QTableWidget, QTableWidgetItem, QWidget

from napari_fluoro_annotator import texts
from napari_fluoro_annotator.controllers.protocols import MarkRow

COLUMNS = (texts.COLUMN_MARK, texts.COLUMN_VIEW, texts.COLUMN_FRAME)
SHAPES = {"target": "\N{WHITE CIRCLE}", "needle": "\N{WHITE DIAMOND}", "level_label": "\N{WHITE SQUARE}"}


class MarksTable(QTableWidget):
    """One row for each mark; choosing a row emits ``mark_chosen`` with the mark's identifier."""

    mark_chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(0, len(COLUMNS), parent)
        self.setObjectName("marks")
        self.setAccessibleName(texts.MARKS_TABLE)
        self.setHorizontalHeaderLabels(COLUMNS)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.setMinimumHeight(120)
        self.setWordWrap(False)
        self.verticalHeader().setVisible(False)
        header = self.horizontalHeader()
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        header.setSectionResizeMode(1, QHeaderView.ResizeMode.Interactive)
        header.setSectionResizeMode(2, QHeaderView.ResizeMode.ResizeToContents)
        header.resizeSection(1, 56)
        self._rows: tuple[MarkRow, ...] = ()
        self.itemSelectionChanged.connect(self._on_selection)
        self.cellClicked.connect(self._on_selection)  # a press on the selected row leads back to its frame

    def set_rows(self, rows: Sequence[MarkRow]) -> None:
        """List these marks."""
        if tuple(rows) == self._rows:
            return
        blocked = self.blockSignals(True)
        self._rows = tuple(rows)
        self.setRowCount(len(rows))
        for place, row in enumerate(rows):
            for column, text in enumerate((f"{SHAPES[row.kind]} {row.label}", row.view, str(row.frame))):
                item = QTableWidgetItem(text)
                item.setToolTip(text)
                self.setItem(place, column, item)
        self.blockSignals(blocked)

    def set_selected(self, mark_id: str | None) -> None:
        """Show which mark is selected, without saying that it was chosen."""
        blocked = self.blockSignals(True)
        places = [place for place, row in enumerate(self._rows) if row.mark_id == mark_id]
        if places:
            self.selectRow(places[0])
            self.scrollTo(self.model().index(places[0], 0))
        else:
            self.clearSelection()
        self.blockSignals(blocked)

    def _on_selection(self) -> None:
        chosen = self.selectionModel().selectedRows()
        if chosen:
            self.mark_chosen.emit(self._rows[chosen[0].row()].mark_id)
