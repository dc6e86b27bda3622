"""A table of rows that are told apart by a key, whatever stands in their cells."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from psygnal import Signal
from qtpy.QtCore import QModelIndex
from qtpy.QtGui import QColor, QFont
from qtpy.QtWidgets import QAbstractItemView, QHeaderView, QTableWidget, QTableWidgetItem, QWidget

from napari_fluoro_annotator.styles import ORANGE

ROW_MARGIN = 8
"""Pixels of a row besides its text."""


class RowTable(QTableWidget):
    """Rows to choose one from; arrow keys go up and down, Enter and a double press activate.

    Parameters
    ----------
    name, title : str
        Name of the object, and what it is called to somebody who cannot see it.
    columns : sequence of str
        The headings.
    wide : int
        The column that gets the room that the others leave.
    parent : QWidget, optional
        The widget it is in.

    Attributes
    ----------
    row_chosen : psygnal.Signal
        Emitted with the key of a row, an empty text for none.
    row_activated : psygnal.Signal
        Emitted without a value.

    """

    row_chosen = Signal(str)
    row_activated = Signal()

    def __init__(
        self, name: str, title: str, columns: Sequence[str], *, wide: int = 0, parent: QWidget | None = None
    ) -> None:
        super().__init__(0, len(columns), parent)
        self._keys: tuple[str, ...] = ()
        self.setObjectName(name)
        self.setAccessibleName(title)
        self.setHorizontalHeaderLabels(list(columns))
        self.verticalHeader().setVisible(False)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setTabKeyNavigation(False)  # Tab leaves the table
        self.setWordWrap(False)
        self.verticalHeader().setDefaultSectionSize(self.fontMetrics().lineSpacing() + ROW_MARGIN)
        header = self.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(wide, QHeaderView.ResizeMode.Stretch)
        self.itemSelectionChanged.connect(self._on_selection)
        self.itemActivated.connect(self._on_activated)

    @property
    def chosen(self) -> str:
        """The key of the row that is chosen, an empty text for none."""
        rows = self.selectionModel().selectedRows()
        return self._keys[rows[0].row()] if rows else ""

    @property
    def keys(self) -> tuple[str, ...]:
        """The keys of all rows in their order."""
        return self._keys

    def set_rows(
        self,
        rows: Sequence[tuple[str, tuple[str, ...]]],
        *,
        careful: Collection[str] = (),
        pale: Collection[str] = (),
        chosen: str | None = None,
    ) -> None:
        """Show these rows; the one that was chosen stays chosen if it is there, nothing is emitted.

        Parameters
        ----------
        rows : sequence of (str, tuple of str)
            Keys and cells.
        careful, pale : collection of str
            Keys of rows that ask for care, and of rows that do not count any more.
        chosen : str, optional
            The key of the row to choose instead.

        """
        wanted = self.chosen if chosen is None else chosen
        blocked = self.blockSignals(True)
        self._keys = tuple(key for key, _ in rows)
        self.setRowCount(len(rows))
        for place, (key, cells) in enumerate(rows):
            for column, text in enumerate(cells):
                self.setItem(place, column, _cell(text, careful=key in careful, pale=key in pale))
        self.clearSelection()
        self.setCurrentIndex(QModelIndex())
        if wanted in self._keys:
            self.selectRow(self._keys.index(wanted))
        self.blockSignals(blocked)

    def choose(self, key: str) -> None:
        """Choose a row, as a press on it would."""
        if key in self._keys:
            self.selectRow(self._keys.index(key))
            self.setFocus()

    def _on_selection(self) -> None:
        self.row_chosen.emit(self.chosen)

    def _on_activated(self) -> None:
        self.row_activated.emit()


def _cell(text: str, *, careful: bool, pale: bool) -> QTableWidgetItem:
    item = QTableWidgetItem(text)
    item.setToolTip(text)
    font = QFont(item.font())
    font.setItalic(pale)
    font.setBold(careful)
    item.setFont(font)
    if careful:
        item.setForeground(QColor(ORANGE))
    return item
