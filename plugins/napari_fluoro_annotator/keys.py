"""The one table of key bindings: napari's key names, free of clashes with an image layer's own keys."""

from __future__ import annotations

from typing import NamedTuple


class Binding(NamedTuple):
    """A key and the method of the controller that it calls."""

    key: str
    shown: str
    action: str


BINDINGS = (
    Binding("T", "T", "arm_target"),
    Binding("N", "N", "arm_needle"),
    Binding("L", "L", "arm_level"),
    Binding("Escape", "Esc", "disarm"),
    Binding("Delete", "Del", "delete_selected"),
    Binding("Control-Z", "Ctrl+Z", "undo"),
    Binding("Control-Shift-Z", "Ctrl+Shift+Z", "redo"),
)

SHOWN = {binding.action: binding.shown for binding in BINDINGS}
