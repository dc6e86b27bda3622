"""How the view that is shown looks: its window, black or white first, and how it is turned.

Part of the layer binding: nobody else touches these properties of napari layers. Each view keeps
what was chosen for it. Marks belong to pixels of the file, whatever is chosen here.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any
from weakref import WeakKeyDictionary, WeakSet

import numpy as np
import numpy.typing as npt
from napari.components import ViewerModel
from napari.layers import Image
from psygnal import Signal

from fluoro_annotator.dicom import Display, DisplayOptions, FrameStack
from fluoro_annotator.geometry.orientation import ALL_TURNS, AS_STORED, Turn
from napari_fluoro_annotator.shown_frames import ShownFrames

COLORMAPS = {False: "gray", True: "gray_r"}
PLAIN_CAMERA = ("down", "right")
LEAST_WIDTH = 0.01
"""Smallest distance of black and white, in grey values: a window of no width cannot be shown."""

Limits = tuple[float, float]


class ViewLook:
    """Window, inversion and turn of the view that is shown.

    Parameters
    ----------
    viewer : napari.components.ViewerModel
        The viewer.

    Attributes
    ----------
    changed : psygnal.Signal
        Emitted after the window or the colours changed, by us or with napari's own controls.
    turned : psygnal.Signal
        Emitted after the view was turned or mirrored.

    """

    changed = Signal()
    turned = Signal()

    def __init__(self, viewer: ViewerModel) -> None:
        self._viewer = viewer
        self._layer: Image | None = None
        self._turns: WeakKeyDictionary[FrameStack, Turn] = WeakKeyDictionary()
        self._by_hand: WeakSet[FrameStack] = WeakSet()
        self._prescribed: WeakKeyDictionary[FrameStack, Limits] = WeakKeyDictionary()
        self._quiet = False

    def follow(self, layer: Image | None) -> None:
        """Take the look of another view, or of none."""
        if layer is self._layer:
            return
        self._listen(connect=False)
        self._layer = layer
        if layer is not None and layer.data not in self._turns:
            self._turns[layer.data] = _turn_of(layer)
        self._listen(connect=True)

    def _listen(self, *, connect: bool) -> None:
        layer = self._layer
        if layer is None:
            return
        events = layer.events
        wires = (
            (events.contrast_limits, self._on_look),
            (events.colormap, self._on_look),
            (events.affine, self._on_turn),
            (events.rotate, self._on_turn),
            (events.shear, self._on_turn),
        )
        for emitter, slot in wires:
            if connect:
                emitter.connect(slot)
            else:
                emitter.disconnect(slot)

    def _on_turn(self, event: object = None) -> None:  # noqa: ARG002 - napari passes the event
        if not self._quiet:
            self.turned.emit()

    def _on_look(self, event: Any = None) -> None:
        if self._quiet:
            return
        if self._layer is not None and getattr(event, "type", "") == "contrast_limits":
            self._by_hand.add(self._layer.data)
        self.changed.emit()

    @contextmanager
    def _own_change(self) -> Iterator[None]:
        """Say once what napari would report several times."""
        before, self._quiet = self._quiet, True
        try:
            yield
        finally:
            self._quiet = before

    # ------------------------------------------------------------------ window

    @property
    def limits(self) -> Limits | None:
        """Values shown as the darkest and the brightest; None for colour, or without a view."""
        if self._layer is None or self._layer.rgb:
            return None
        low, high = self._layer.contrast_limits
        return float(low), float(high)

    @property
    def chosen_by_hand(self) -> bool:
        """Whether the window was set by the reader, so that it is not that of the file."""
        return self._layer is not None and self._layer.data in self._by_hand

    def as_set(self, layer: Image, display: Display) -> Display:
        """Return how a frame of any view is shown: as prescribed, but for what the reader has set for the view.

        Parameters
        ----------
        layer : napari.layers.Image
            The view.
        display : Display
            As the file prescribes for the frame.

        """
        if display.rgb:
            return display
        low, high = layer.contrast_limits if layer.data in self._by_hand else display.contrast_limits
        known = {name: inverted for inverted, name in COLORMAPS.items()}
        inverted = known.get(layer.colormap.name, display.inverted)
        return replace(display, contrast_limits=(float(low), float(high)), inverted=inverted)

    def set_limits(self, limits: Limits) -> None:
        """Show these values as the darkest and the brightest, on all frames of the view."""
        layer = self._layer
        if layer is None or layer.rgb:
            return
        with self._own_change():
            _set_limits(layer, limits)
        self._by_hand.add(layer.data)
        self.changed.emit()

    @property
    def inverted(self) -> bool:
        """Whether small values are bright on the screen."""
        return self._layer is not None and self._layer.colormap.name == COLORMAPS[True]

    def set_inverted(self, inverted: bool) -> None:
        """Show small values bright, or dark."""
        if self._layer is None or self._layer.rgb:
            return
        with self._own_change():
            self._layer.colormap = COLORMAPS[inverted]
        self.changed.emit()

    # ------------------------------------------------------------------ what is shown of the file

    def choose(self, options: DisplayOptions, index: int) -> None:
        """Show the frames in another way, with the window that belongs to it.

        Parameters
        ----------
        options : DisplayOptions
            What to choose.
        index : int
            The frame that is shown, 0-based.

        Raises
        ------
        DisplayChoiceError
            If an image does not offer it; everything stays as it was.
        DicomError
            If a frame has to be read to find the window, and cannot be.

        """
        layer = self._layer
        if layer is None or not isinstance(layer.data, ShownFrames):
            return
        layer.data.choose(options)
        self._by_hand.discard(layer.data)
        with self._own_change():
            layer.refresh()
            self._prescribe(layer, index)
        self.changed.emit()

    def as_prescribed(self, index: int) -> None:
        """Take the window that belongs to a frame (0-based), instead of one chosen by hand."""
        if self._layer is None:
            return
        self._by_hand.discard(self._layer.data)
        with self._own_change():
            self._prescribe(self._layer, index)
        self.changed.emit()

    def _prescribe(self, layer: Image, index: int) -> None:
        display = layer.data.display_at(index)
        if display.rgb or layer.rgb:
            return
        _set_limits(layer, display.contrast_limits)
        self._prescribed[layer.data] = display.contrast_limits

    def follow_frame(self, index: int) -> None:
        """Show a frame (0-based) with its own window, where the files prescribe several.

        A window that the reader has chosen by hand stays, until that of the file is asked for.
        """
        layer = self._layer
        if layer is None or layer.rgb:
            return
        stack = layer.data
        if not isinstance(stack, ShownFrames) or not stack.windows_differ or stack in self._by_hand:
            return
        limits = stack.display_at(index).contrast_limits
        if limits != self._prescribed.get(stack, stack.display.contrast_limits):
            with self._own_change():
                _set_limits(layer, limits)
            self.changed.emit()
        self._prescribed[stack] = limits

    # ------------------------------------------------------------------ turning

    @property
    def turn(self) -> Turn:
        """How the view that is shown is turned and mirrored."""
        return AS_STORED if self._layer is None else self.turn_of(self._layer.data)

    def turn_of(self, stack: FrameStack) -> Turn:
        """Return how a view is turned and mirrored when it is shown."""
        return self._turns.get(stack, AS_STORED)

    def set_turn(self, turn: Turn) -> None:
        """Turn or mirror the view that is shown; what is in the middle of the screen stays there."""
        layer = self._layer
        if layer is None:
            return
        camera = self._viewer.scene.camera
        middle = layer.world_to_data((*self._viewer.dims.point[:-2], *camera.center[-2:]))
        with self._own_change():
            layer.affine = _affine(turn, layer)
        self._turns[layer.data] = turn
        camera.center = (camera.center[0], *layer.data_to_world(middle)[-2:])
        self.turned.emit()

    @property
    def is_plain(self) -> bool:
        """Whether the view lies on the screen as `turn` says, and not as somebody turned the layer or camera."""
        layer = self._layer
        if layer is None:
            return True
        if tuple(map(str, self._viewer.scene.camera.orientation2d)) != PLAIN_CAMERA:
            return False
        size = layer.ndim
        return (
            np.allclose(layer.affine.affine_matrix, _affine(self.turn, layer))
            and np.allclose(layer.rotate, np.eye(size))
            and not np.any(layer.shear)
        )


def _set_limits(layer: Image, limits: Limits) -> None:
    """Set the window of a layer, and widen the range of napari's own slider where it does not reach."""
    low, high = limits[0], max(limits[1], limits[0] + LEAST_WIDTH)
    first, last = layer.contrast_limits_range
    if low < first or high > last:
        layer.contrast_limits_range = (min(low, first), max(high, last))
    layer.contrast_limits = (low, high)


def _turn_of(layer: Image) -> Turn:
    """Return how a layer is turned already, by another dock of the window; as stored if by nobody like us."""
    matrix = layer.affine.affine_matrix
    return next((turn for turn in ALL_TURNS if np.allclose(matrix, _affine(turn, layer))), AS_STORED)


def _affine(turn: Turn, layer: Image) -> npt.NDArray[np.float64]:
    """Return the turn for a layer of frames, rows and columns, in napari's world.

    The world is measured in widths of a pixel; the layer's own scale has made rows as high as they are.
    The image stays where it is: its corner with the smallest row and column has the same place.
    """
    matrix = np.eye(layer.ndim + 1)
    extent = (np.array(layer.data.shape[1:3]) - 1) * layer.scale[-2:]
    down, right = turn.direction_to_display((1, 0)), turn.direction_to_display((0, 1))
    linear = np.array([down, right], dtype=float).T
    corners = np.array([(0.0, 0.0), (extent[0], 0.0), (0.0, extent[1]), tuple(extent)]) @ linear.T
    matrix[-3:-1, -3:-1] = linear
    matrix[-3:-1, -1] = -corners.min(axis=0)
    return matrix
