"""What a reading is for: a procedure, or a reference that trainees are taught by."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from psygnal import SignalInstance

from fluoro_annotator.marks import Purpose
from napari_fluoro_annotator import texts
from napari_fluoro_annotator.controllers.desk import ReadingDesk
from napari_fluoro_annotator.controllers.protocols import Choice
from napari_fluoro_annotator.wiring import Wires, Wiring

PURPOSES: dict[Purpose, str] = {
    Purpose.PROCEDURE: texts.PURPOSE_PROCEDURE,
    Purpose.REFERENCE: texts.PURPOSE_REFERENCE,
}
"""What the window reads for, with its name."""


class PurposeViewProtocol(Protocol):
    """The part of the dock that says what the reading is for."""

    purpose_chosen: SignalInstance

    def set_purposes(self, choices: Sequence[Choice]) -> None:
        """Offer these."""

    def set_purpose(self, key: str, told: str) -> None:
        """Show which it is; where there is something to be told of it, it stands out on every page."""


class PurposeController:
    """Changes what the reading is for, and lets nobody take a reference for a procedure.

    Parameters
    ----------
    desk : ReadingDesk
        The reading that is worked on.
    view : PurposeViewProtocol
        The widget.

    """

    def __init__(self, desk: ReadingDesk, view: PurposeViewProtocol) -> None:
        self._desk, self._view = desk, view
        view.set_purposes([Choice(purpose.value, text) for purpose, text in PURPOSES.items()])
        self._wiring = Wiring(self._wires())
        self._show()

    def _wires(self) -> Wires:
        return ((self._view.purpose_chosen, self.choose), (self._desk.reading_changed, self._show))

    def close(self) -> None:
        """Let go of desk and widget; may be called more than once."""
        self._wiring.close()

    def choose(self, purpose: str) -> None:
        """Go on with the reading for another purpose; if there can be none, everything stays as it is."""
        self._desk.change_purpose(Purpose(purpose))
        self._show()

    def _show(self) -> None:
        reference = self._desk.purpose is Purpose.REFERENCE
        self._view.set_purpose(self._desk.purpose.value, texts.PURPOSE_TOLD if reference else "")
        self._desk.binding.set_purpose_note(texts.PURPOSE_ON_IMAGE if reference else "")
