"""The one table of key bindings: napari's key names, free of clashes with an image layer's own keys."""

from __future__ import annotations

from typing import NamedTuple


class Binding(NamedTuple):
    """A key, and what it does.

    Attributes
    ----------
    key : str
        As napari writes it.
    shown : str
        As it is printed on a keyboard.
    panel : str
        Whose method is called.
    action : str
        The method.

    """

    key: str
    shown: str
    panel: str
    action: str


BINDINGS = (
    Binding("T", "T", "annotate", "arm_target"),
    Binding("N", "N", "annotate", "arm_needle"),
    Binding("L", "L", "annotate", "arm_level"),
    Binding("Escape", "Esc", "annotate", "disarm"),
    Binding("Delete", "Del", "annotate", "delete_selected"),
    Binding("Control-Z", "Ctrl+Z", "annotate", "undo"),
    Binding("Control-Shift-Z", "Ctrl+Shift+Z", "annotate", "redo"),
    Binding("P", "P", "cine", "play_or_pause"),
    Binding("Shift-P", "Shift+P", "cine", "play_backwards"),
    Binding(",", ",", "cine", "step_back"),
    Binding(".", ".", "cine", "step_on"),
    Binding("M", "M", "cine", "next_marked"),
    Binding("Shift-M", "Shift+M", "cine", "previous_marked"),
    Binding("[", "[", "cine", "loop_from_here"),
    Binding("]", "]", "cine", "loop_to_here"),
    Binding("\\", "\\", "cine", "loop_all"),
    Binding("=", "=", "cine", "faster"),
    Binding("-", "-", "cine", "slower"),
    Binding("Shift-L", "Shift+L", "levels", "accept_all"),
    Binding("G", "G", "plan", "next_slot"),
    Binding("Shift-G", "Shift+G", "plan", "previous_slot"),
    Binding("S", "S", "plan", "slot_not_visible"),
    Binding("A", "A", "plan", "slot_not_applicable"),
    Binding("U", "U", "plan", "slot_unsure"),
)

SHOWN = {binding.action: binding.shown for binding in BINDINGS}
