"""Fields of forms: lists to choose from, and numbers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from qtpy.QtCore import Qt
from qtpy.QtGui import QWheelEvent
from qtpy.QtWidgets import QComboBox, QDoubleSpinBox, QSizePolicy, QWidget

from napari_fluoro_annotator.controllers.protocols import Choice
from napari_fluoro_annotator.views.letter_combo import LetterCombo

MOST_SEEN = 30
"""Entries that are seen at once in a list that is open."""


class NamedCombo(LetterCombo):
    """A list to choose from that never widens its page and that the mouse wheel does not change.

    On a page the wheel scrolls: a nerve or a gauge must not change on the way.

    Parameters
    ----------
    name : str
        Name of the object.
    title : str
        What it is called to somebody who cannot see it.
    tip : str, optional
        What is shown beside the mouse.
    parent : QWidget, optional
        The widget it is in.

    """

    def __init__(self, name: str, title: str, tip: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setAccessibleName(title)
        self.setToolTip(tip)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setMaxVisibleItems(MOST_SEEN)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802 - Qt's name
        """Leave the wheel to the page."""
        event.ignore()

    def offer(self, choices: Sequence[Choice], prompt: str = "") -> None:
        """Offer choices, after a prompt that stands for none; what is chosen stays chosen, nothing is emitted."""
        fill(self, [Choice("", prompt), *choices] if prompt else choices, self.chosen())

    def choose(self, key: str) -> None:
        """Show a choice without emitting anything; the first one if there is none of that key."""
        blocked = self.blockSignals(True)
        self.setCurrentIndex(max(self.findData(key), 0))
        self.blockSignals(blocked)

    def chosen(self) -> str:
        """Return the key of what is chosen, an empty text for nothing."""
        return self.currentData() or ""


class StillNumber(QDoubleSpinBox):
    """A field for a number that the mouse wheel does not change: on a page the wheel scrolls."""

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802 - Qt's name
        """Leave the wheel to the page."""
        event.ignore()


def fill(box: QComboBox, choices: Iterable[Choice], current: str = "") -> None:
    """Offer these entries, with their notes as tips, and show which is chosen; nothing is emitted."""
    blocked = box.blockSignals(True)
    box.clear()
    for choice in choices:
        box.addItem(choice.text, choice.key)
        box.setItemData(box.count() - 1, choice.note, Qt.ItemDataRole.ToolTipRole)
    box.setCurrentIndex(max(box.findData(current), 0))
    box.blockSignals(blocked)
