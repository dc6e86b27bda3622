"""The list of what changed in a reading."""

from __future__ import annotations

from collections.abc import Sequence

from psygnal import Signal
from qtpy.QtCore import QTimer
from qtpy.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QLabel,
    QListWidgetItem,
    QVBoxLayout,
    QWidget,
)

from napari_fluoro_annotator import texts
from napari_fluoro_annotator.views.dock_dialog import DockDialog
from napari_fluoro_annotator.views.parts import push_button, sentence_list, text_label

SIZE = (30, 22)
"""Width and height in heights of a line."""


class ChangesView(DockDialog):
    """What changed: ``set_*`` in, signals out. It does not block the window.

    Attributes
    ----------
    woken : psygnal.Signal
        Emitted without a value.
    since_chosen : psygnal.Signal
        Emitted with a key of `texts.CHANGES_SPANS`.
    change_chosen : psygnal.Signal
        Emitted with the position of a line.

    """

    since_chosen = Signal(str)
    change_chosen = Signal(int)
    woken = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("changes", texts.CHANGES_TITLE, texts.CHANGES_BUTTON, SIZE, parent)
        layout = QVBoxLayout(self)
        layout.addLayout(self._build_since())
        self._summary = text_label("changes_summary")
        layout.addWidget(self._summary)
        self._list = sentence_list("changes_list", texts.CHANGES_TITLE, texts.CHANGES_GO)
        self._list.itemClicked.connect(self._on_item)
        self._list.itemActivated.connect(self._on_item)  # Enter; to go down the list alone shows nothing
        layout.addWidget(self._list, 1)
        self._notes = text_label("changes_notes")
        layout.addWidget(self._notes)
        close = push_button("changes_close", texts.CLOSE)
        close.clicked.connect(self.close)
        layout.addWidget(close)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._on_timeout)

    def _build_since(self) -> QHBoxLayout:
        label = QLabel(texts.CHANGES_SINCE)
        self._since = QComboBox()
        self._since.setObjectName("changes_since")
        self._since.setAccessibleName(texts.CHANGES_SINCE)
        for key, text in texts.CHANGES_SPANS.items():
            self._since.addItem(text, key)
        self._since.currentIndexChanged.connect(self._on_since)
        label.setBuddy(self._since)
        row = QHBoxLayout()
        row.addWidget(label)
        row.addWidget(self._since, 1)
        return row

    # ------------------------------------------------------------------ set

    def set_changes(self, lines: Sequence[str], summary: str) -> None:
        """List the changes, with a summary."""
        blocked = self._list.blockSignals(True)
        self._list.clear()
        self._list.addItems(lines)
        self._list.blockSignals(blocked)
        self._summary.setText(summary)

    def set_notes(self, notes: Sequence[str]) -> None:
        """List what was taken in from other windows."""
        self._notes.setText("\n".join([texts.CHANGES_NOTES, *notes]) if notes else "")
        self._notes.setVisible(bool(notes))

    def set_shown(self) -> None:
        """Come to the front."""
        super().set_shown()
        self._list.setFocus()

    @property
    def shown(self) -> bool:
        """Whether somebody can see the list."""
        return self.isVisible()

    def wake_soon(self) -> None:
        """Emit ``woken`` once, after what goes on at present."""
        self._timer.start(0)

    # ------------------------------------------------------------------ what the reader does

    def _on_since(self) -> None:
        self.since_chosen.emit(self._since.currentData())

    def _on_item(self, item: QListWidgetItem) -> None:
        self.change_chosen.emit(self._list.row(item))

    def _on_timeout(self) -> None:
        self.woken.emit()
