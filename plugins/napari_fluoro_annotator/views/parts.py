"""Small parts that several pages are made of."""

from __future__ import annotations

from collections.abc import Sequence

from qtpy.QtCore import Qt
from qtpy.QtWidgets import QComboBox, QLabel, QPushButton, QScrollArea, QSizePolicy, QWidget

from napari_fluoro_annotator.controllers.protocols import Choice
from napari_fluoro_annotator.views.letter_combo import LetterCombo


def heading(text: str) -> QLabel:
    """Return a heading of a part of a page."""
    label = QLabel(text)
    font = label.font()
    font.setBold(True)
    label.setFont(font)
    return label


def chooser(name: str, accessible: str) -> QComboBox:
    """Return a list to choose from that does not widen the dock."""
    combo = LetterCombo()
    combo.setObjectName(name)
    combo.setAccessibleName(accessible)
    combo.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
    combo.setMaxVisibleItems(30)
    return combo


def fill(combo: QComboBox, choices: Sequence[Choice], prompt: str = "") -> None:
    """Offer choices, after a prompt if there is one; what was chosen stays chosen if it is among them."""
    chosen = combo.currentData()
    blocked = combo.blockSignals(True)
    combo.clear()
    if prompt:
        combo.addItem(prompt, "")
    for choice in choices:
        combo.addItem(choice.text, choice.key)
        combo.setItemData(combo.count() - 1, choice.note, Qt.ItemDataRole.ToolTipRole)
    combo.setCurrentIndex(max(combo.findData(chosen), 0))
    combo.blockSignals(blocked)


def choose(combo: QComboBox, key: str) -> None:
    """Show what is chosen, without saying that somebody chose it."""
    blocked = combo.blockSignals(True)
    combo.setCurrentIndex(max(combo.findData(key), 0))
    combo.blockSignals(blocked)


def tip_for(combo: QComboBox) -> str:
    """Return the note of what is chosen."""
    return str(combo.currentData(Qt.ItemDataRole.ToolTipRole) or "")


def push_button(text: str, name: str, tip: str, key: str = "") -> QPushButton:
    """Return a button; its key stands behind its text and in its tip."""
    button = QPushButton(f"{text} ({key})" if key else text)
    button.setObjectName(name)
    button.setToolTip(tip.format(key=key))
    button.setMinimumWidth(0)
    button.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
    return button


def give_focus(widget: QWidget) -> None:
    """Give a control the focus, and scroll its page so that it is seen."""
    widget.setFocus()
    around = widget.parentWidget()
    while around is not None and not isinstance(around, QScrollArea):
        around = around.parentWidget()
    if around is not None:
        around.ensureWidgetVisible(widget)
