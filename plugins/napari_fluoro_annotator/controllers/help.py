"""The table of keys: shown, searched, changed and put back."""

from __future__ import annotations

from collections.abc import Callable, Container, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Protocol

from psygnal import SignalInstance

from fluoro_annotator.errors import SettingsError
from napari_fluoro_annotator import texts
from napari_fluoro_annotator.keymap import Keymap, does
from napari_fluoro_annotator.keys import FIXED, SHOWN, Binding, from_qt
from napari_fluoro_annotator.wiring import Wires, Wiring


@dataclass(frozen=True, slots=True)
class KeyRow:
    """One line of the table of keys.

    Attributes
    ----------
    name : str
        `Binding.name`.
    shown, does : str
        What is printed on the key, and what it does.
    own : bool
        Whether the reader has changed it.
    fixed : bool
        Whether it cannot be changed.

    """

    name: str
    shown: str
    does: str
    own: bool = False
    fixed: bool = False


@dataclass(frozen=True, slots=True)
class KeyGroup:
    """The keys of one panel."""

    title: str
    rows: tuple[KeyRow, ...]


class KeysViewProtocol(Protocol):
    """The table of keys as the controller sees it."""

    open_requested: SignalInstance
    rebind_requested: SignalInstance
    reset_requested: SignalInstance
    reset_all_requested: SignalInstance

    def set_groups(self, groups: Sequence[KeyGroup]) -> None:
        """List the keys."""

    def set_message(self, text: str, *, warning: bool = False) -> None:
        """Say what was done, or why it was refused."""

    def set_shown(self) -> None:
        """Come to the front."""

    def set_button_tip(self, text: str) -> None:
        """Say what the button does that opens the table."""


class HelpController:
    """What the table of keys does.

    Parameters
    ----------
    keymap : Keymap
        Which key does what.
    view : KeysViewProtocol
        The table.

    """

    def __init__(self, keymap: Keymap, view: KeysViewProtocol) -> None:
        self._keymap, self._view = keymap, view
        self._wiring = Wiring(self._wires())
        view.set_message(texts.KEYS_IDLE)
        view.set_button_tip(texts.KEYS_BUTTON_TIP.format(key=SHOWN["show_keys"]))
        self._show()

    def _wires(self) -> Wires:
        view = self._view
        return (
            (view.open_requested, self.show_keys),
            (view.rebind_requested, self.rebind),
            (view.reset_requested, self.reset),
            (view.reset_all_requested, self.reset_all),
            (self._keymap.changed, self._on_changed),
        )

    def close(self) -> None:
        """Let go of table and widget; may be called more than once."""
        self._wiring.close()

    # ------------------------------------------------------------------ what the reader does

    def show_keys(self) -> None:
        """Show the table of keys."""
        self._view.set_shown()

    def show_help(self) -> None:
        """Show the table of keys."""
        self.show_keys()

    def rebind(self, name: str, pressed: str) -> None:
        """Give an action the key that was pressed, as Qt writes it."""
        if not name or not pressed:
            self._view.set_message(texts.KEYS_PRESS_FIRST if name else texts.KEYS_CHOOSE, warning=True)
            return
        self._try(lambda: self._keymap.rebind(name, from_qt(pressed)), name)

    def reset(self, name: str) -> None:
        """Give an action its usual key again."""
        if name:
            self._try(lambda: self._keymap.reset(name), name)
        else:
            self._view.set_message(texts.KEYS_CHOOSE, warning=True)

    def reset_all(self) -> None:
        """Give every action its usual key again."""
        self._try(self._keymap.reset_all)

    def tell(self, problems: Sequence[str]) -> None:
        """Say what is wrong with the file of keys."""
        if problems:
            self._view.set_message(" ".join(problems), warning=True)

    def _try(self, change: Callable[[], None], name: str = "") -> None:
        try:
            change()
        except SettingsError as error:
            self._view.set_message(str(error), warning=True)
            return
        if not name:
            self._view.set_message(texts.KEYS_ALL_RESET)
            return
        shown = next(binding.shown for binding in self._keymap.bindings if binding.name == name)
        self._view.set_message(texts.KEY_CHANGED.format(key=shown, does=does(name)))

    # ------------------------------------------------------------------ showing

    def _on_changed(self, differ: object) -> None:  # noqa: ARG002 - the table is shown anew
        self._show()

    def _show(self) -> None:
        self._view.set_groups(groups_of(self._keymap))


def groups_of(keymap: Keymap) -> tuple[KeyGroup, ...]:
    """Return the keys by panel, in the order of the table."""
    own = keymap.own
    order = list(dict.fromkeys(binding.panel for binding in keymap.bindings))
    ordered = sorted(keymap.bindings, key=lambda binding: order.index(binding.panel))
    return tuple(
        KeyGroup(texts.PANELS.get(panel, panel.title()), tuple(_row(binding, own) for binding in bindings))
        for panel, bindings in groupby(ordered, key=lambda binding: binding.panel)
    )


def _row(binding: Binding, own: Container[str]) -> KeyRow:
    name = binding.name
    return KeyRow(name, binding.shown, does(name), own=name in own, fixed=name in FIXED)
