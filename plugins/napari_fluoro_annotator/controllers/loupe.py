"""The loupe: a magnified picture of what lies around the point that is dragged or nudged."""

from __future__ import annotations

from typing import Any, Protocol

import numpy.typing as npt

from fluoro_annotator.geometry import Point
from napari_fluoro_annotator.controllers.desk import ReadingDesk
from napari_fluoro_annotator.controllers.pointer import Pointer
from napari_fluoro_annotator.wiring import Wires, Wiring

REACH = 14
"""How many pixels on each side of the point are seen."""

MIDDLE = 0.5


class LoupeViewProtocol(Protocol):
    """The loupe as the controller sees it."""

    def show_patch(
        self, patch: npt.NDArray[Any], offset: tuple[float, float], *, at_right: bool, lasting: bool
    ) -> None:
        """Show a patch of the image with a cross on the point."""

    def put_away(self) -> None:
        """Show nothing."""


class LoupeController:
    """Shows the loupe while a point is moved, in the corner that is farther away.

    Parameters
    ----------
    desk : ReadingDesk
        The reading that is worked on.
    pointer : Pointer
        Says which point is moved.
    view : LoupeViewProtocol
        The widget.

    """

    def __init__(self, desk: ReadingDesk, pointer: Pointer, view: LoupeViewProtocol) -> None:
        self._desk, self._pointer, self._view = desk, pointer, view
        self._wiring = Wiring(self._wires())

    def _wires(self) -> Wires:
        return ((self._pointer.point_shown, self._on_point), (self._desk.reading_changed, self._on_reading))

    def close(self) -> None:
        """Let go of the pointer; may be called more than once, and when the widget is gone."""
        self._wiring.close()

    def _on_reading(self) -> None:
        self._view.put_away()

    def _on_point(self, point: Point | None) -> None:
        binding = self._desk.binding
        if point is None or binding.playing:
            self._view.put_away()
            return
        patch = binding.patch(point, REACH)
        if patch is None:
            self._view.put_away()
            return
        inside = (point.row - round(point.row), point.column - round(point.column))
        self._view.show_patch(
            patch,
            binding.look.turn.direction_to_display(inside),
            at_right=binding.share_across(point) < MIDDLE,
            lasting=self._pointer.dragging,
        )
