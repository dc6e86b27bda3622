"""The page of the editor of a teaching set on which references and kinds of exercise are ticked."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Final

from psygnal import Signal
from qtpy.QtCore import Qt
from qtpy.QtWidgets import (
    QCheckBox,
    QGridLayout,
    QHBoxLayout,
    QHeaderView,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from napari_fluoro_annotator import texts
from napari_fluoro_annotator.controllers.protocols import Choice
from napari_fluoro_annotator.controllers.set_rows import StudyRow
from napari_fluoro_annotator.views.opening import BOXES
from napari_fluoro_annotator.views.parts import check_box, heading, push_button, text_label

KINDS_IN_A_ROW = 5


class SetReferencesPage(QWidget):
    """Studies with their experts, kinds of exercise, and what they give together.

    Attributes
    ----------
    readings_chosen, kinds_chosen : psygnal.Signal
        Emitted with a tuple of what is ticked.
    take_requested : psygnal.Signal
        Emitted without a value.

    """

    KEY: Final = Qt.ItemDataRole.UserRole
    readings_chosen = Signal(tuple)
    kinds_chosen = Signal(tuple)
    take_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._tree = self._build_tree()
        self._none = text_label("set_no_readings")
        self._none.setText(texts.SET_NO_READINGS)
        self._items: list[QTreeWidgetItem] = []
        self._kinds: dict[str, QCheckBox] = {}
        self._kinds_row = QGridLayout()
        self._offer = text_label("set_offer")
        self._take = push_button("set_take", texts.SET_TAKE, texts.SET_TAKE_TIP)
        self._take.clicked.connect(self._on_take)
        self._take.setEnabled(False)
        intro = text_label("set_readings_intro")
        intro.setText(texts.SET_READINGS)
        row = QHBoxLayout()
        row.addWidget(self._offer, 1)
        row.addWidget(self._take)
        layout = QVBoxLayout(self)
        for widget in (intro, self._none):
            layout.addWidget(widget)
        layout.addWidget(self._tree, 1)
        layout.addWidget(heading(texts.SET_KINDS))
        layout.addLayout(self._kinds_row)
        layout.addLayout(row)

    def _build_tree(self) -> QTreeWidget:
        tree = QTreeWidget()
        tree.setObjectName("set_readings")
        tree.setAccessibleName(texts.SET_READINGS)
        tree.setStyleSheet(BOXES)
        tree.setColumnCount(len(texts.SET_READING_COLUMNS))
        tree.setHeaderLabels(texts.SET_READING_COLUMNS)
        tree.header().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        tree.header().setSectionResizeMode(3, QHeaderView.ResizeMode.Stretch)
        tree.header().setStretchLastSection(False)
        tree.itemChanged.connect(self._on_ticked)
        return tree

    # ------------------------------------------------------------------ set

    def set_kinds(self, choices: Sequence[Choice], chosen: Collection[str]) -> None:
        """Offer kinds of exercise, and show which are wanted; to be called once."""
        for place, choice in enumerate(choices):
            box = check_box(f"set_kind_{choice.key}", choice.text, choice.note, checked=choice.key in chosen)
            box.toggled.connect(self._on_kind)
            self._kinds[choice.key] = box
            self._kinds_row.addWidget(box, place // KINDS_IN_A_ROW, place % KINDS_IN_A_ROW)

    def set_readings(self, rows: Sequence[StudyRow], chosen: Collection[str]) -> None:
        """List the references, and show which are ticked; nothing is emitted."""
        blocked = self._tree.blockSignals(True)
        self._tree.clear()
        self._items.clear()
        for study in rows:
            top = QTreeWidgetItem(self._tree, list(study.cells))
            top.setFlags(top.flags() | Qt.ItemFlag.ItemIsUserCheckable | Qt.ItemFlag.ItemIsAutoTristate)
            for reading in study.readings:
                item = QTreeWidgetItem(top, list(reading.cells))
                item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
                item.setData(0, self.KEY, reading.reading_id)
                item.setCheckState(0, _state(checked=reading.reading_id in chosen))
                self._items.append(item)
        self._tree.expandAll()
        self._tree.blockSignals(blocked)
        self._none.setVisible(not rows)

    def set_offer(self, text: str, *, some: bool) -> None:
        """Say how many exercises the ticked references give."""
        self._offer.setText(text)
        self._take.setEnabled(some)

    def tick_all(self) -> None:
        """Tick every reference, as presses on them would."""
        for item in self._items:
            item.setCheckState(0, _state(checked=True))

    def can_be_taken(self) -> bool:
        """Return whether exercises are offered."""
        return self._take.isEnabled()

    # ------------------------------------------------------------------ what the attending does

    @property
    def ticked(self) -> tuple[str, ...]:
        """Identifiers of the readings that are ticked."""
        checked = Qt.CheckState.Checked
        return tuple(item.data(0, self.KEY) for item in self._items if item.checkState(0) == checked)

    def _on_ticked(self) -> None:
        self.readings_chosen.emit(self.ticked)

    def _on_kind(self) -> None:
        self.kinds_chosen.emit(tuple(key for key, box in self._kinds.items() if box.isChecked()))

    def _on_take(self) -> None:
        self.take_requested.emit()


def _state(*, checked: bool) -> Qt.CheckState:
    return Qt.CheckState.Checked if checked else Qt.CheckState.Unchecked
