"""What the controller of the Plan panel needs of its page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from psygnal import SignalInstance

from fluoro_annotator.anatomy import Side
from napari_fluoro_annotator.controllers.protocols import Choice


@dataclass(frozen=True, slots=True)
class SlotRow:
    """A slot in the list.

    Attributes
    ----------
    slot_id : str
        Which slot.
    heading : str
        Under what it is listed: a nerve with its side, or the levels.
    text, tip : str
        What stands there, and what is said of it.
    done : bool
        Whether it is dealt with.

    """

    slot_id: str
    heading: str
    text: str
    tip: str
    done: bool


class PlanSetupView(Protocol):
    """The part of the page in which a plan is chosen."""

    protocol_chosen: SignalInstance
    request_entered: SignalInstance
    joints_chosen: SignalInstance
    sides_chosen: SignalInstance
    begin_requested: SignalInstance

    def set_protocols(self, choices: list[Choice], current: str) -> None:
        """Offer these protocols."""

    def set_refused(self, problems: list[str]) -> None:
        """Show which files of protocols cannot be used, and why."""

    def set_joints(self, joints: tuple[str, ...], chosen: tuple[str, ...]) -> None:
        """Offer these joints and show which are chosen."""

    def set_sides(self, chosen: tuple[Side, ...]) -> None:
        """Show which sides are chosen."""

    def set_confirmation(self, text: str, *, ready: bool, warning: bool = False) -> None:
        """Show what would be followed, or what is missing."""


class PlanViewProtocol(PlanSetupView, Protocol):
    """The widget of the Plan panel as the controller sees it."""

    slot_chosen: SignalInstance
    view_assigned: SignalInstance
    mode_chosen: SignalInstance
    optional_toggled: SignalInstance
    bands_toggled: SignalInstance
    start_requested: SignalInstance
    previous_requested: SignalInstance
    not_visible_requested: SignalInstance
    not_applicable_requested: SignalInstance
    unsure_requested: SignalInstance
    change_requested: SignalInstance
    back_requested: SignalInstance
    go_on_requested: SignalInstance
    shown: SignalInstance

    def set_setup_open(self, open_: bool, *, back: bool) -> None:
        """Show the choice of a plan, with a way back to the list or without, or show the list."""

    def set_summary(self, text: str, problem: str, go_on: str) -> None:
        """Show which plan is followed, what is to be known of it, and the offer to follow another version."""

    def set_slots(self, rows: Sequence[SlotRow]) -> None:
        """List the slots."""

    def set_views(self, rows: Sequence[SlotRow], progress: str) -> None:
        """List the required views before the slots, and take how progress is told."""

    def set_current(self, slot_id: str, text: str) -> None:
        """Show which slot is the next one, and what to press on."""

    def set_progress(self, done: int, total: int) -> None:
        """Show how far the plan has got."""

    def set_image_views(self, choices: Sequence[Choice], current: str) -> None:
        """Offer the views that the image on the screen can be said to show."""

    def set_enabled(self, enabled: bool) -> None:
        """Allow or forbid everything: there is a reading or there is none."""
