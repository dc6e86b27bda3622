"""The Display page as its controller sees it, and what stands on the image."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Protocol

from psygnal import SignalInstance

from fluoro_annotator.dicom import DisplayOptions, Window
from fluoro_annotator.geometry.orientation import Turn
from napari_fluoro_annotator import texts
from napari_fluoro_annotator.controllers.protocols import Choice
from napari_fluoro_annotator.controllers.view_facts import ViewFact

DEGREES = 90


class DisplayViewProtocol(Protocol):
    """The Display page as the controller sees it."""

    preset_chosen: SignalInstance
    window_entered: SignalInstance
    file_requested: SignalInstance
    invert_requested: SignalInstance
    turn_requested: SignalInstance
    fit_requested: SignalInstance
    actual_size_requested: SignalInstance
    overlays_chosen: SignalInstance
    shutter_chosen: SignalInstance
    mask_chosen: SignalInstance

    def set_presets(self, choices: Sequence[Choice]) -> None:
        """Offer these windows."""

    def set_preset(self, key: str) -> None:
        """Show which window is chosen."""

    def set_window(self, window: Window | None) -> None:
        """Show centre and width; None where there is no window."""

    def set_inverted(self, inverted: bool) -> None:
        """Show whether black and white are exchanged against the file."""

    def set_turn(self, text: str) -> None:
        """Show how the view is turned."""

    def set_cover(self, name: str, *, offered: bool, shown: bool) -> None:
        """Show whether the file has overlays, a shutter or a mask, and whether it is used."""

    def set_facts(self, facts: Sequence[ViewFact]) -> None:
        """List what the file says."""

    def pixel_ratio(self) -> float:
        """Return how many pixels of the screen Qt counts as one."""


def turn_text(turn: Turn) -> str:
    """Return how a view is turned, in words.

    Examples
    --------
    >>> turn_text(Turn(1, mirrored=True))
    'mirrored, then turned by 90 degrees'

    """
    turned = texts.TURNED_BY.format(degrees=DEGREES * turn.quarters) if turn.quarters else ""
    if turn.mirrored:
        return texts.MIRRORED_AND.format(mirrored=texts.MIRRORED, turned=turned) if turned else texts.MIRRORED
    return turned or texts.TURNED_NOT


def cover_notes(options: DisplayOptions) -> Iterator[str]:
    """Yield what lies over the image that the file would not show by itself, or does not that it would."""
    if options.subtraction:
        yield texts.NOTE_MASK
    if options.overlays:
        yield texts.NOTE_OVERLAYS
    if not options.shutter:
        yield texts.NOTE_SHUTTER
