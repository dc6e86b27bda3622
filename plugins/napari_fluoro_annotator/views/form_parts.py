"""Parts of forms on pages that are scrolled."""

from __future__ import annotations

from collections.abc import Sequence

from qtpy.QtCore import Qt
from qtpy.QtGui import QWheelEvent
from qtpy.QtWidgets import QPushButton, QSizePolicy, QWidget

from napari_fluoro_annotator.controllers.protocols import Choice
from napari_fluoro_annotator.views.letter_combo import LetterCombo


class StillCombo(LetterCombo):
    """A combo box that the mouse wheel does not change: on a page the wheel scrolls.

    Parameters
    ----------
    name : str
        Name of the object.
    words : str
        What it is called to somebody who cannot see it.
    parent : QWidget, optional
        The widget it is in.

    """

    def __init__(self, name: str, words: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setAccessibleName(words)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setMaxVisibleItems(30)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802 - Qt's name
        """Leave the wheel to the page."""
        event.ignore()

    def offer(self, choices: Sequence[Choice], prompt: str = "") -> None:
        """Offer choices, after a prompt that stands for none; what is chosen stays chosen, nothing is emitted."""
        wanted = self.chosen()
        entries = [Choice("", prompt), *choices] if prompt else list(choices)
        blocked = self.blockSignals(True)
        self.clear()
        for choice in entries:
            self.addItem(choice.text, choice.key)
        self.blockSignals(blocked)
        self.choose(wanted)

    def choose(self, key: str) -> None:
        """Show a choice without emitting anything; the first one if there is none of that key."""
        blocked = self.blockSignals(True)
        self.setCurrentIndex(max(self.findData(key), 0))
        self.blockSignals(blocked)

    def chosen(self) -> str:
        """Return the key of what is chosen, an empty text for nothing."""
        return self.currentData() or ""


def make_button(name: str, text: str, tip: str = "") -> QPushButton:
    """Return a push button."""
    button = QPushButton(text)
    button.setObjectName(name)
    button.setToolTip(tip)
    return button
