"""A list to choose from in which typing finds an entry, although the dock has keys of its own."""

from __future__ import annotations

from qtpy.QtCore import QEvent, Qt
from qtpy.QtGui import QKeyEvent
from qtpy.QtWidgets import QComboBox, QListView, QWidget


class LetterCombo(QComboBox):
    """A combo box that keeps letters, and every key while its list is open, for itself."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setView(_LetterList(self))

    def event(self, event: QEvent) -> bool:
        """Keep letters: they look for an entry."""
        return _kept(event, letters_only=True) or super().event(event)


class _LetterList(QListView):
    """The list of a combo box while it is open."""

    def event(self, event: QEvent) -> bool:
        """Keep every key: whoever chooses from a list does nothing else."""
        return _kept(event, letters_only=False) or super().event(event)


def _kept(event: QEvent, *, letters_only: bool) -> bool:
    """Accept a key before it becomes a shortcut, and return whether it was."""
    if event.type() != QEvent.Type.ShortcutOverride or not isinstance(event, QKeyEvent):
        return False
    if letters_only and not _is_letter(event):
        return False
    event.accept()
    return True


def _is_letter(event: QKeyEvent) -> bool:
    others = event.modifiers() & ~Qt.KeyboardModifier.ShiftModifier
    return bool(event.text()) and event.text().isprintable() and not others
