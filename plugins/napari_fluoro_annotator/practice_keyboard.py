"""Binds the keys of the practice window, as long as an exercise is on its page."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from qtpy.QtCore import Qt
from qtpy.QtGui import QKeySequence, QShortcut  # type: ignore[attr-defined]  # qtpy adds it for Qt 5 and 6
from qtpy.QtWidgets import QWidget

from napari_fluoro_annotator.keys import Binding, to_qt
from napari_fluoro_annotator.practice_keys import PRACTICE_BINDINGS, REPEATING

ALSO = {"Enter": "Enter", "Delete": "Backspace"}
"""Keys that do the same: the one of the block of digits, and the one that small keyboards have."""


class PracticeKeyboard:
    """The keys of one practice window.

    Qt alone binds them, for the whole window: it asks for shortcuts before napari gets the key, so that digits
    and letters that napari has for its layers mean what the table says. A list in which one types keeps its letters.

    Parameters
    ----------
    panels : mapping of str to object
        Whose methods are called.
    window, canvas : QWidget
        The window, and the part of it that shows the image: arrow keys move marks only there.

    """

    def __init__(self, panels: Mapping[str, object], window: QWidget, canvas: QWidget) -> None:
        self._shortcuts: list[tuple[Binding, QShortcut]] = []
        for binding in PRACTICE_BINDINGS:
            action = getattr(panels[binding.panel], binding.action)
            for key in filter(None, (to_qt(binding.key), ALSO.get(binding.key))):
                self._add(binding, key, canvas if binding.image_only else window, action)

    def _add(self, binding: Binding, key: str, widget: QWidget, action: Callable[[], object]) -> None:
        shortcut = QShortcut(QKeySequence(key), widget)
        inner = binding.image_only
        shortcut.setContext(
            Qt.ShortcutContext.WidgetWithChildrenShortcut if inner else Qt.ShortcutContext.WindowShortcut
        )
        shortcut.setAutoRepeat(binding.action in REPEATING)
        shortcut.activated.connect(action)
        self._shortcuts.append((binding, shortcut))

    def set_page(self, *, exercise: bool) -> None:
        """Let the keys of an exercise work, or those of the page of sets."""
        for binding, shortcut in self._shortcuts:
            shortcut.setEnabled(exercise is (binding.panel != "sets"))
