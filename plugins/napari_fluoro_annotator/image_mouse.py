"""What the left button of the mouse does on the image: presses and drags as positions on it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import numpy as np
from napari.components import ViewerModel
from napari.layers import Image

from fluoro_annotator.geometry import Point
from napari_fluoro_annotator import styles
from napari_fluoro_annotator.controllers.protocols import MouseHandler, WindowHandler
from napari_fluoro_annotator.drawing import Handle

LEFT_BUTTON = 1
SHIFT = "Shift"
WINDOW_MODIFIERS = ("Control",)
"""Held with the left button, a drag changes the window."""


class ImageMouse:
    """Turns presses and drags into positions on the image, and says whom they are for.

    Parameters
    ----------
    image : callable
        Returns the image that is shown.
    handles : callable
        Returns what can be taken hold of.

    Attributes
    ----------
    marks : MouseHandler or None
        Who is told of presses on the image.
    window : WindowHandler or None
        Who is told of drags that change the window.

    """

    def __init__(self, image: Callable[[], Image | None], handles: Callable[[], Sequence[Handle]]) -> None:
        self._image, self._handles = image, handles
        self.marks: MouseHandler | None = None
        self.window: WindowHandler | None = None

    def on_press(self, viewer: ViewerModel, event: Any) -> Iterator[None]:
        """Take a press with the left button, and the drag that may follow; napari goes on with it at every move."""
        if event.button != LEFT_BUTTON:
            return
        if _modifiers(event) == WINDOW_MODIFIERS:
            yield from self._window_drag(viewer, event)
            return
        handler, point = self.marks, self._position(event)
        shifted = _modifiers(event) == (SHIFT,)
        if handler is None or point is None:
            return
        if event.modifiers and not shifted:
            return
        if not handler.press(point, self._handle_at(point, viewer.scene.camera.zoom), shifted=shifted):
            return
        event.handled = True  # nobody else is to take it: vispy would draw the scene to find what lies there
        with _camera_held(viewer):
            yield
            held = True
            while event.type == "mouse_move":
                now = self._position(event) or point
                away = self._on_screen(now, point, viewer.scene.camera.zoom)
                held = held and away < styles.DRAG_THRESHOLD
                if not held:
                    handler.drag(now)
                yield
            handler.release(self._position(event) or point)

    def _window_drag(self, viewer: ViewerModel, event: Any) -> Iterator[None]:
        """Tell of a drag that changes the window, in pixels of the screen; marks are not touched by it."""
        handler = self.window
        if handler is None or self._image() is None:
            return
        handler.begin()
        row, column = event.pos[1], event.pos[0]
        with _camera_held(viewer):
            yield
            while event.type == "mouse_move":
                handler.drag(float(event.pos[0] - column), float(row - event.pos[1]))
                yield
            handler.end()

    def _on_screen(self, one: Point, other: Point, zoom: float) -> float:
        """Return how far two points of the image are apart, in pixels of the screen."""
        image = self._image()
        scale = (1.0, 1.0) if image is None else image.scale[-2:]
        rows, columns = (one.row - other.row) * scale[0], (one.column - other.column) * scale[1]
        return float(np.hypot(rows, columns) * zoom)

    def _position(self, event: Any) -> Point | None:
        image = self._image()
        if image is None or not image.visible:
            return None
        row, column = image.world_to_data(event.position)[-2:]
        return Point(float(row), float(column))

    def _handle_at(self, point: Point, zoom: float) -> Handle | None:
        distances = [(self._on_screen(handle.position, point, zoom), handle) for handle in self._handles()]
        near = [found for found in distances if found[0] <= styles.GRAB_RADIUS]
        return min(near, key=lambda found: found[0], default=(0.0, None))[1]


def _modifiers(event: Any) -> tuple[str, ...]:
    """Return the names of the modifier keys that are held."""
    return tuple(modifier.name for modifier in event.modifiers)


@contextmanager
def _camera_held(viewer: ViewerModel) -> Iterator[None]:
    """While it lasts, dragging does not move the image."""
    camera = viewer.scene.camera
    panning, camera.mouse_pan = camera.mouse_pan, False
    try:
        yield
    finally:
        camera.mouse_pan = panning
