"""What a pane beside the main image shows, and the panes as their controller sees them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from psygnal import SignalInstance

from fluoro_annotator.dicom import Display, FrameStack
from fluoro_annotator.dicom.painting import picture_of
from fluoro_annotator.geometry import Point
from fluoro_annotator.geometry.orientation import AS_STORED, Turn
from fluoro_annotator.marks import FrameRef
from napari_fluoro_annotator.controllers.picture import Picture
from napari_fluoro_annotator.drawing import Handle
from napari_fluoro_annotator.studies import stated_orientation

MOST_PANES = 3


@dataclass(frozen=True, slots=True)
class PaneImage:
    """A frame as a pane shows it.

    Attributes
    ----------
    key : str
        Of the view, so that its pan and zoom are found again.
    pixels : numpy.ndarray of uint8, shape (rows, columns) or (rows, columns, 3)
        0 is black.
    aspect : float
        Height of a pixel divided by its width, as the file has them.
    letters : tuple of str
        At the top, right, bottom and left edge of the screen; empty where the header does not say.
    turn : Turn
        How the frame is laid on the screen; ``pixels`` are as the file has them.

    """

    key: str
    pixels: NDArray[np.uint8]
    aspect: float = 1.0
    letters: tuple[str, ...] = ()
    turn: Turn = AS_STORED


class PaneMouse(Protocol):
    """What is told of the mouse in a pane."""

    def press(self, pane: int, point: Point, handle: Handle | None, *, shifted: bool = False) -> bool:
        """Take a press, perhaps with Shift; return whether the drag that may follow is wanted too."""

    def drag(self, pane: int, point: Point) -> None:
        """Follow a drag."""

    def release(self, pane: int, point: Point) -> None:
        """Finish a drag."""


class CompanionsViewProtocol(Protocol):
    """The panes beside the main image, as the controller sees them."""

    opened: SignalInstance
    count_chosen: SignalInstance
    guides_chosen: SignalInstance
    view_chosen: SignalInstance
    frame_chosen: SignalInstance
    swap_requested: SignalInstance
    check_due: SignalInstance

    @property
    def is_open(self) -> bool:
        """Whether the panes can be seen."""

    def set_open(self, open_: bool) -> None:
        """Show or hide the panes."""

    def set_mouse_handler(self, handler: PaneMouse | None) -> None:
        """Say who is told of presses in the panes."""

    def set_count(self, count: int) -> None:
        """Show this many panes."""

    def set_views(self, pane: int, rows: Sequence[str], position: int | None) -> None:
        """List the views that a pane can show, and say which it does."""

    def set_frame(self, pane: int, index: int, count: int) -> None:
        """Say which frame of its view a pane shows."""

    def set_image(self, pane: int, image: PaneImage | None) -> None:
        """Show a frame in a pane, or nothing."""

    def set_marks(self, pane: int, picture: Picture) -> None:
        """Show what is marked on the frame."""

    def set_note(self, pane: int, text: str, *, warning: bool = False) -> None:
        """Say something below a pane."""

    def set_main_note(self, text: str) -> None:
        """Say what concerns the main image."""

    def set_conflicts(self, text: str) -> None:
        """Say which marks cannot be one thing."""

    def check_in(self, milliseconds: int) -> None:
        """Emit ``check_due`` once after a time in which nobody asks again."""


@dataclass(slots=True)
class Pane:
    """What a pane shows.

    Attributes
    ----------
    stack : FrameStack or None
        The view.
    index : int
        0-based index of the frame.
    drawn : tuple or None
        What the picture was made from that the pane has now.

    """

    stack: FrameStack | None = None
    index: int = 0
    drawn: tuple[object, ...] | None = None

    @property
    def frame(self) -> FrameRef | None:
        """The frame that is shown."""
        return None if self.stack is None else FrameRef(*self.stack.frame_ref(self.index))


def pane_image(stack: FrameStack, index: int, display: Display, turn: Turn = AS_STORED) -> PaneImage:
    """Return a frame (0-based index) as a pane shows it: turned as in the main window, and so are its letters."""
    image = stack.image_at(index)
    geometry = image.geometry_at(stack.frame_ref(index)[1] - 1)
    stated = stated_orientation(stack, index)
    return PaneImage(
        key=stack.images[0].sop_instance_uid,
        pixels=picture_of(stack.frame(index), (), display),
        aspect=geometry.pixel_aspect,
        letters=() if stated is None else turn.edges(stated),
        turn=turn,
    )


def apart(stack: FrameStack, taken: Sequence[FrameStack | None]) -> float:
    """Return how far a view looks from elsewhere than all of those, in degrees of the primary angle."""
    angle = stack.images[0].primary_angle
    others = [other.images[0].primary_angle for other in taken if other is not None]
    if angle is None or not others or None in others:
        return 0.0
    return min(abs((angle - (other or 0.0) + 90) % 180 - 90) for other in others)
