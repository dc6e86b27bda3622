"""The list of the keys of the practice window, to be read."""

from __future__ import annotations

from qtpy.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from napari_fluoro_annotator import texts
from napari_fluoro_annotator.practice_keys import PRACTICE_BINDINGS
from napari_fluoro_annotator.views.dock_dialog import DockDialog

SIZE = (34, 36)
"""Width and height in heights of a line."""


class PracticeKeysList(DockDialog):
    """Every key and what it does; it does not block the window."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("practice_keys", texts.PRACTICE_KEYS_TITLE, texts.KEYS_BUTTON, SIZE, parent)
        table = QTableWidget(len(PRACTICE_BINDINGS), 2)
        table.setHorizontalHeaderLabels(list(texts.KEYS_COLUMNS))
        table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        table.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        table.setWordWrap(True)
        table.verticalHeader().hide()
        table.horizontalHeader().setSectionResizeMode(1, QHeaderView.ResizeMode.Stretch)
        for row, binding in enumerate(PRACTICE_BINDINGS):
            for column, text in enumerate((binding.shown, texts.PRACTICE_KEYS_DO[binding.name])):
                table.setItem(row, column, QTableWidgetItem(text))
        table.resizeRowsToContents()
        layout = QVBoxLayout(self)
        layout.addWidget(table)
        self.button.setToolTip(texts.PRACTICE_KEYS_TIP)
