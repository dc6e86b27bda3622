"""The table of keys: searched, changed, printed."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from psygnal import Signal
from qtpy.QtCore import Qt
from qtpy.QtGui import QKeySequence, QTextDocument
from qtpy.QtPrintSupport import QPrintDialog, QPrinter
from qtpy.QtWidgets import (
    QGridLayout,
    QHBoxLayout,
    QHeaderView,
    QKeySequenceEdit,
    QLabel,
    QLineEdit,
    QPushButton,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from napari_fluoro_annotator import texts
from napari_fluoro_annotator.controllers.help import KeyGroup, KeyRow
from napari_fluoro_annotator.styles import WARNING_STYLE
from napari_fluoro_annotator.views.dock_dialog import DockDialog
from napari_fluoro_annotator.views.parts import push_button, text_label

NAME = Qt.ItemDataRole.UserRole
SIZE = (34, 30)
"""Width and height in heights of a line."""


class KeysView(DockDialog):
    """The table of keys: ``set_*`` in, signals out. It does not block the window.

    Attributes
    ----------
    reset_all_requested : psygnal.Signal
        Emitted without a value.
    rebind_requested : psygnal.Signal
        Emitted with the name of a binding and the key that was pressed, as Qt writes it.
    reset_requested : psygnal.Signal
        Emitted with the name of a binding.

    """

    rebind_requested = Signal(str, str)
    reset_requested = Signal(str)
    reset_all_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("keys", texts.KEYS_TITLE, texts.KEYS_BUTTON, SIZE, parent)
        self._groups: tuple[KeyGroup, ...] = ()
        layout = QVBoxLayout(self)
        layout.addWidget(self._build_search())
        layout.addWidget(self._build_table(), 1)
        layout.addLayout(self._build_change())
        layout.addWidget(self._build_message())
        layout.addLayout(self._build_end())

    # ------------------------------------------------------------------ parts

    def _build_search(self) -> QLineEdit:
        self._search = QLineEdit()
        self._search.setObjectName("keys_search")
        self._search.setPlaceholderText(texts.KEYS_SEARCH)
        self._search.setAccessibleName(texts.KEYS_SEARCH)
        self._search.setClearButtonEnabled(True)
        self._search.textChanged.connect(self._on_search)
        return self._search

    def _build_table(self) -> QTreeWidget:
        self._table = QTreeWidget()
        self._table.setObjectName("keys_table")
        self._table.setAccessibleName(texts.KEYS_TITLE)
        self._table.setHeaderLabels(list(texts.KEYS_COLUMNS))
        self._table.setRootIsDecorated(False)
        self._table.header().setSectionResizeMode(0, QHeaderView.ResizeMode.ResizeToContents)
        self._table.currentItemChanged.connect(self._on_current)
        return self._table

    def _build_change(self) -> QGridLayout:
        label = QLabel(texts.KEYS_NEW)
        self._new = QKeySequenceEdit()
        self._new.setObjectName("keys_new")
        self._new.setAccessibleName(texts.KEYS_NEW)
        self._new.setToolTip(texts.KEYS_NEW_TIP)
        self._new.setMaximumSequenceLength(1)
        label.setBuddy(self._new)
        self._use = _button("keys_use", texts.KEYS_USE)
        self._use.clicked.connect(self._on_use)
        self._reset = _button("keys_reset", texts.KEYS_RESET)
        self._reset.clicked.connect(self._on_reset)
        grid = QGridLayout()
        for column, widget in enumerate((label, self._new, self._use, self._reset)):
            grid.addWidget(widget, 0, column)
        return grid

    def _build_message(self) -> QLabel:
        self._message = text_label("keys_message")
        return self._message

    def _build_end(self) -> QHBoxLayout:
        reset_all, printed = (
            _button("keys_reset_all", texts.KEYS_RESET_ALL),
            _button("keys_print", texts.KEYS_PRINT),
        )
        close = _button("keys_close", texts.CLOSE)
        reset_all.clicked.connect(self._on_reset_all)
        printed.clicked.connect(self._on_print)
        close.clicked.connect(self.close)
        row = QHBoxLayout()
        row.addWidget(reset_all)
        row.addWidget(printed)
        row.addStretch(1)
        row.addWidget(close)
        return row

    # ------------------------------------------------------------------ set

    def set_groups(self, groups: Sequence[KeyGroup]) -> None:
        """List the keys; the line that was chosen stays chosen."""
        chosen = self._chosen()
        self._groups = tuple(groups)
        self._table.clear()
        for group in groups:
            parent = QTreeWidgetItem(self._table, [group.title])
            parent.setFirstColumnSpanned(True)
            parent.setFlags(Qt.ItemFlag.ItemIsEnabled)
            for item in [_item(parent, row) for row in group.rows]:
                if item.data(0, NAME) == chosen:
                    self._table.setCurrentItem(item)
            parent.setExpanded(True)
        self._on_search(self._search.text())

    def set_message(self, text: str, *, warning: bool = False) -> None:
        """Say what was done, or why it was refused."""
        self._message.setStyleSheet(WARNING_STYLE if warning else "")
        self._message.setText(text)

    def set_shown(self) -> None:
        """Come to the front, ready to be searched."""
        super().set_shown()
        self._search.setFocus()

    # ------------------------------------------------------------------ print

    def document(self) -> QTextDocument:
        """Return the table as it is printed."""
        document = QTextDocument(self)
        document.setHtml(html_of(self._groups))
        return document

    def _on_print(self) -> None:
        printer = QPrinter()
        if QPrintDialog(printer, self).exec():
            self.document().print_(printer)

    # ------------------------------------------------------------------ what the reader does

    def _chosen(self) -> str:
        item = self._table.currentItem()
        return "" if item is None else str(item.data(0, NAME) or "")

    def _on_search(self, text: str) -> None:
        words = text.casefold().split()
        root = self._table.invisibleRootItem()
        for group in [root.child(place) for place in range(root.childCount())]:
            found = [_show_if(group.child(row), words) for row in range(group.childCount())]
            group.setHidden(not any(found))

    def _on_current(self) -> None:
        self._new.clear()

    def _on_use(self) -> None:
        pressed = self._new.keySequence().toString(QKeySequence.SequenceFormat.PortableText)
        self.rebind_requested.emit(self._chosen(), pressed)

    def _on_reset(self) -> None:
        self.reset_requested.emit(self._chosen())

    def _on_reset_all(self) -> None:
        self.reset_all_requested.emit()


def html_of(groups: Sequence[KeyGroup]) -> str:
    """Return the table for the printer."""
    parts = [f"<h1>{escape(texts.KEYS_TITLE)}</h1>"]
    for group in groups:
        rows = "".join(
            f"<tr><td><b>{escape(row.shown)}</b>&nbsp;&nbsp;</td><td>{escape(row.does)}</td></tr>"
            for row in group.rows
        )
        parts.append(f"<h2>{escape(group.title)}</h2><table>{rows}</table>")
    return "".join(parts)


def _item(parent: QTreeWidgetItem, row: KeyRow) -> QTreeWidgetItem:
    item = QTreeWidgetItem(parent, [row.shown, row.does])
    item.setData(0, NAME, row.name)
    font = item.font(0)
    font.setBold(row.own)
    item.setFont(0, font)
    return item


def _show_if(item: QTreeWidgetItem, words: Sequence[str]) -> bool:
    """Show a line if it holds all words; return whether it does."""
    text = f"{item.text(0)} {item.text(1)}".casefold()
    found = all(word in text for word in words)
    item.setHidden(not found)
    return found


def _button(name: str, text: str) -> QPushButton:
    button = push_button(name, text)
    button.setAutoDefault(False)  # Enter in the search or key field presses nothing
    return button
