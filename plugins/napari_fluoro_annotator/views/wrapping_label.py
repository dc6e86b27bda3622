"""A label that wraps long names of files too, so that no message widens the dock and narrows the image."""

from __future__ import annotations

import re

from qtpy.QtCore import Qt
from qtpy.QtWidgets import QLabel, QWidget

ZERO_WIDTH_SPACE = "\N{ZERO WIDTH SPACE}"
LONGEST_PIECE = 16
PIECES = re.compile(rf"[^\s]{{{LONGEST_PIECE}}}(?=[^\s])")


class WrappingLabel(QLabel):
    """Plain text in as many lines as it takes, broken within a word if the word is long."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._given = ""
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setWordWrap(True)

    def setText(self, text: str) -> None:  # noqa: N802 - Qt's name
        """Show this text."""
        if text != self._given:
            self._given = text
            super().setText(breakable(text))

    def text(self) -> str:
        """Return the text as it was given."""
        return self._given


def breakable(text: str) -> str:
    """Return a text in which no stretch is longer than 16 letters without a place to break the line."""
    return PIECES.sub(lambda piece: piece.group() + ZERO_WIDTH_SPACE, text)
