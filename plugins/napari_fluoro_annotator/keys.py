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
    image_only : bool
        Whether it works while the image has the focus, and not in the dock, whose lists and fields
        need the key themselves.

    """

    key: str
    shown: str
    panel: str
    action: str
    image_only: bool = False

    @property
    def name(self) -> str:
        """Panel and method, as the file of the reader's own keys calls it."""
        return f"{self.panel}.{self.action}"


BINDINGS = (
    Binding("T", "T", "annotate", "arm_target"),
    Binding("N", "N", "annotate", "arm_needle"),
    Binding("L", "L", "annotate", "arm_level"),
    Binding("Escape", "Esc", "annotate", "disarm"),
    Binding("Delete", "Del", "annotate", "delete_selected"),
    Binding("Control-Z", "Ctrl+Z", "annotate", "undo"),
    Binding("Control-Shift-Z", "Ctrl+Shift+Z", "annotate", "redo"),
    Binding("F2", "F2", "annotate", "relabel_selected"),
    Binding("Shift-E", "Shift+E", "annotate", "ask_for_export"),
    Binding("Shift-S", "Shift+S", "submission", "submit_or_reopen"),
    Binding("Shift-N", "Shift+N", "changes", "show_changes"),
    Binding("?", "?", "help", "show_keys"),
    Binding("F1", "F1", "help", "show_help"),
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
    Binding("B", "B", "views", "side_by_side"),
    Binding("I", "I", "display", "invert"),
    Binding("R", "R", "display", "rotate_right"),
    Binding("Shift-R", "Shift+R", "display", "rotate_left"),
    Binding("F", "F", "display", "flip"),
    Binding("0", "0", "display", "as_file"),
    Binding("H", "H", "display", "fit"),
    Binding("Shift-H", "Shift+H", "display", "actual_size"),
    Binding("W", "W", "display", "next_preset"),
    Binding("Shift-J", "Shift+J", "measures", "place_line"),
    Binding("Shift-W", "Shift+W", "measures", "measure_distance"),
    Binding("Q", "Q", "calibration", "calibrate_by_length"),
    Binding("Shift-Q", "Shift+Q", "calibration", "calibrate_by_width"),
    Binding("Shift-A", "Shift+A", "adequacy", "judge_view"),
    Binding("K", "K", "needles", "arm_course"),
    Binding("Shift-K", "Shift+K", "needles", "arm_zone"),
    Binding("E", "E", "needles", "arm_ellipse"),
    Binding("J", "J", "needles", "arm_landmark"),
    Binding("Enter", "Enter", "points", "finish_mark", image_only=True),
    Binding("Backspace", "Backspace", "points", "take_back", image_only=True),
    Binding(";", ";", "points", "next_point"),
    Binding("Insert", "Insert", "points", "insert_point"),
    Binding("Left", "Left", "points", "left", image_only=True),
    Binding("Right", "Right", "points", "right", image_only=True),
    Binding("Up", "Up", "points", "up", image_only=True),
    Binding("Down", "Down", "points", "down", image_only=True),
    Binding("Shift-Left", "Shift+Left", "points", "left_half", image_only=True),
    Binding("Shift-Right", "Shift+Right", "points", "right_half", image_only=True),
    Binding("Shift-Up", "Shift+Up", "points", "up_half", image_only=True),
    Binding("Shift-Down", "Shift+Down", "points", "down_half", image_only=True),
    Binding("D", "D", "needles", "copy_on"),
    Binding("Shift-D", "Shift+D", "needles", "same_needle"),
    Binding("Shift-1", "Shift+1", "events", "contrast_appears"),
    Binding("Shift-2", "Shift+2", "events", "vascular_uptake"),
    Binding("Shift-3", "Shift+3", "events", "epidural_spread"),
    Binding("Shift-4", "Shift+4", "events", "foraminal_spread"),
    Binding("Shift-5", "Shift+5", "events", "intrathecal_spread"),
    Binding("Shift-6", "Shift+6", "events", "intra_articular_spread"),
    Binding("Shift-7", "Shift+7", "events", "final_position"),
)

SHOWN = {binding.action: binding.shown for binding in BINDINGS}
"""What is printed on the key of each action; `keymap.Keymap` keeps it true when the reader changes keys."""

FIXED = frozenset({"annotate.disarm", "help.show_keys", "help.show_help"})
"""What keeps its key: a way out, and the table of keys itself."""

NAPARI_KEYS = frozenset(
    {
        *("1", "2", "C", "X", "Y", "Z", "O", "V", "Shift-V", "Space"),
        *("Control-R", "Control-G", "Control-E", "Control-T", "Control-Y", "Control-Delete"),
        *("Control-Backspace", "Control-Up", "Control-Down", "Alt-Up", "Alt-Down", "Control-Alt-T"),
        *("Shift-Alt-Up", "Shift-Alt-Down", "Control-Alt-/", "Control-Shift-C", "Control-Shift-T"),
        *("Control-O", "Control-S", "Control-Shift-S", "Control-C", "Control-V", "Control-Q", "Control-W"),
        *("Control-N", "Control-K", "Control-F"),
    }
)
"""napari's own keys where an image is shown, and those of its menus."""

_TO_QT = {"Control": "Ctrl", "Delete": "Del", "Escape": "Esc", "Enter": "Return"}
_FROM_QT = {qt: ours for ours, qt in _TO_QT.items()}
_MODIFIERS = ("Control", "Shift", "Alt")
_SIGNS = frozenset(",.[]\\=-;'`/")
_NAMED = frozenset(
    {
        *("Left", "Right", "Up", "Down", "Enter", "Backspace", "Delete", "Escape"),
        *("Home", "End", "PageUp", "PageDown", "Insert"),
        *(f"F{number}" for number in range(1, 13)),
    }
)


def parts_of(key: str) -> list[str]:
    """Return modifiers and key of a combination as napari writes it; the key itself may be a hyphen."""
    if key in {"-", ""}:
        return [key]
    if key.endswith("--"):
        return [*key[:-2].split("-"), "-"]
    return key.split("-")


def to_qt(key: str) -> str:
    """Return a combination as Qt writes it: ``Control-Z`` is ``Ctrl+Z``; `from_qt` is the way back."""
    return "+".join(_TO_QT.get(part, part) for part in parts_of(key))


def from_qt(text: str) -> str:
    """Return a combination that Qt wrote, as napari writes it, modifiers in one order."""
    found = [*text[:-2].split("+"), "+"] if text.endswith("++") else text.split("+")
    *modifiers, last = (_FROM_QT.get(part, part) for part in found)
    last = {"PgUp": "PageUp", "PgDown": "PageDown", "Ins": "Insert"}.get(last, last)
    return "-".join([*(name for name in _MODIFIERS if name in modifiers), last])


def shown_as(key: str) -> str:
    """Return a combination as it is printed on a keyboard."""
    return "+".join(
        {"Control": "Ctrl", "Delete": "Del", "Escape": "Esc"}.get(part, part) for part in parts_of(key)
    )


def can_be_used(key: str) -> bool:
    """Return whether napari can take a combination: letters, digits, some signs and named keys."""
    *modifiers, last = parts_of(key)
    plain = len(last) == 1 and last.isascii() and (last.isdigit() or (last.isalpha() and last.isupper()))
    return set(modifiers) <= set(_MODIFIERS) and (plain or last in _SIGNS or last in _NAMED)


def needs_qt(key: str) -> bool:
    """Return whether only Qt knows a key: with Shift, digits and signs become others, by the keyboard's layout."""
    *modifiers, last = parts_of(key)
    return last == "?" or ("Shift" in modifiers and len(last) == 1 and not last.isalpha())
