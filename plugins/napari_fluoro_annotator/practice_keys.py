"""The keys of the practice window: one table, which the guide repeats."""

from __future__ import annotations

from napari_fluoro_annotator.keys import Binding

PRACTICE_BINDINGS = (
    Binding("Enter", "Enter", "exercise", "commit_twice"),
    Binding("K", "K", "exercise", "give_up_twice"),
    Binding("N", "N", "exercise", "go_on"),
    Binding("1", "1", "exercise", "certain"),
    Binding("2", "2", "exercise", "probable"),
    Binding("3", "3", "exercise", "unsure"),
    Binding("A", "A", "exercise", "to_the_answer"),
    Binding("G", "G", "exercise", "show_asked_frame"),
    Binding("Escape", "Esc", "exercise", "take_back"),
    Binding("Control-Z", "Ctrl+Z", "exercise", "undo"),
    Binding("Control-Shift-Z", "Ctrl+Shift+Z", "exercise", "redo"),
    Binding("P", "P", "hand", "place"),
    Binding("Delete", "Del", "hand", "delete"),
    Binding(";", ";", "hand", "next_point"),
    Binding("Left", "Left", "hand", "left", image_only=True),
    Binding("Right", "Right", "hand", "right", image_only=True),
    Binding("Up", "Up", "hand", "up", image_only=True),
    Binding("Down", "Down", "hand", "down", image_only=True),
    Binding("Control-Left", "Ctrl+Left", "hand", "far_left", image_only=True),
    Binding("Control-Right", "Ctrl+Right", "hand", "far_right", image_only=True),
    Binding("Control-Up", "Ctrl+Up", "hand", "far_up", image_only=True),
    Binding("Control-Down", "Ctrl+Down", "hand", "far_down", image_only=True),
    Binding(",", ",", "look", "step_back"),
    Binding(".", ".", "look", "step_on"),
    Binding("I", "I", "look", "invert"),
    Binding("0", "0", "look", "as_asked"),
    Binding("H", "H", "look", "fit"),
    Binding("Shift-S", "Shift+S", "sets", "start"),
)

PRACTICE_SHOWN = {binding.action: binding.shown for binding in PRACTICE_BINDINGS}
"""What is printed on the key of each action."""

REPEATING = frozenset({binding.action for binding in PRACTICE_BINDINGS if binding.image_only})
"""What goes on while its key is held; everything else happens once for each press."""
