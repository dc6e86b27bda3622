"""Binds the keys of the table, and binds them anew when the reader changes one."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence

from qtpy.QtCore import Qt
from qtpy.QtGui import QKeySequence, QShortcut  # type: ignore[attr-defined]  # qtpy adds it for Qt 5 and 6
from qtpy.QtWidgets import QAbstractButton, QWidget

from napari_fluoro_annotator.controllers.protocols import Panel
from napari_fluoro_annotator.keymap import Keymap
from napari_fluoro_annotator.keys import Binding, can_be_used, needs_qt, to_qt
from napari_fluoro_annotator.layer_binding import LayerBinding
from napari_fluoro_annotator.wiring import Wiring


class Keyboard:
    """The keys of one window.

    Most are bound twice: in napari for the image, and in Qt for docks that have the focus. What a
    keyboard makes of digits and signs with Shift differs, and only Qt knows it: those are bound for
    the whole window. A field in which one types keeps its letters either way.

    Parameters
    ----------
    keymap : Keymap
        Which key does what.
    binding : LayerBinding
        Binds keys of the image.
    panels : mapping of str to Panel
        Whose methods are called.
    widgets : sequence of QWidget
        The docks; those after the first are in their window already.

    """

    def __init__(
        self,
        keymap: Keymap,
        binding: LayerBinding,
        panels: Mapping[str, Panel],
        widgets: Sequence[QWidget],
    ) -> None:
        self._keymap, self._binding, self._panels = keymap, binding, panels
        self._widgets = tuple(widgets)
        self._window = widgets[-1].window()
        self._shortcuts: list[QShortcut] = []
        self._bind()
        self._wiring = Wiring(((keymap.changed, self._on_changed),))

    def close(self) -> None:
        """Let go of the table; may be called more than once."""
        self._wiring.close()

    def release(self) -> None:
        """Give the keys of the window back, while it is there; may be called more than once."""
        for shortcut in self._shortcuts:
            shortcut.setEnabled(False)
            shortcut.deleteLater()
        self._shortcuts.clear()

    def _bind(self) -> None:
        for binding in self._keymap.bindings:
            self._bind_one(binding)

    def _bind_one(self, binding: Binding) -> None:
        action = getattr(self._panels[binding.panel], binding.action)
        if can_be_used(binding.key):
            self._binding.bind_key(binding.key, action)
        if needs_qt(binding.key):
            self._add(binding.key, self._window, Qt.ShortcutContext.WindowShortcut, action)
            return
        if binding.image_only:
            return
        for widget in self._widgets:
            self._add(binding.key, widget, Qt.ShortcutContext.WidgetWithChildrenShortcut, action)

    def _add(
        self, key: str, widget: QWidget, context: Qt.ShortcutContext, action: Callable[[], object]
    ) -> None:
        shortcut = QShortcut(QKeySequence(to_qt(key)), widget)
        shortcut.setContext(context)
        shortcut.activated.connect(action)
        self._shortcuts.append(shortcut)

    def _on_changed(self, differ: Mapping[str, str]) -> None:
        self.release()
        self._binding.release_keys()
        self._bind()
        for widget in self._widgets:
            retell(widget, differ)


def retell(widget: QWidget, differ: Mapping[str, str]) -> None:
    """Put new keys into the texts and tips of a widget and all its parts; keys stand in parentheses there.

    Parameters
    ----------
    widget : QWidget
        The widget.
    differ : mapping of str to str
        What is printed on each key that changed, and what is now.

    """
    old = re.compile("|".join(re.escape(f"({key})") for key in sorted(differ, key=len, reverse=True)))

    def new(text: str) -> str:
        return old.sub(lambda found: f"({differ[found.group()[1:-1]]})", text)

    for part in (widget, *widget.findChildren(QWidget)):
        if part.toolTip():
            part.setToolTip(new(part.toolTip()))
        if isinstance(part, QAbstractButton):
            part.setText(new(part.text()))
