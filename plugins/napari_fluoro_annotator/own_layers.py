"""The layers that the program adds to a window: made when needed, found again, and drawn once for each change."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
from napari.components import ViewerModel
from napari.layers import Layer

from napari_fluoro_annotator import styles
from napari_fluoro_annotator.lie import LIES_FLAT, Lie


class OwnLayers:
    """Layers by name, how they lie, and what each of them shows.

    Parameters
    ----------
    viewer : napari.components.ViewerModel
        The viewer.
    on_visible : callable
        A bound method that is told when somebody shows or hides one of them.

    Attributes
    ----------
    lie : Lie
        How the image lies, and these layers with it.

    """

    def __init__(self, viewer: ViewerModel, on_visible: Callable[..., None]) -> None:
        self._viewer = viewer
        self._on_visible = on_visible
        self._layers: dict[str, Layer] = {}
        self._shown: dict[str, object] = {}
        self.lie = LIES_FLAT

    def alive(self, name: str) -> Any:
        """Return a layer, None if there is none or somebody has deleted it."""
        layer = self._layers.get(name)
        if layer is not None and layer not in self._viewer.layers:
            del self._layers[name]
            self._shown.pop(name, None)
            return None
        return layer

    def needed(self, name: str, make: Callable[[], Layer], *, wanted: bool) -> Any:
        """Return a layer; if there is none and it is wanted, a new one, and None otherwise."""
        layer = self.alive(name)
        return self._add(name, make()) if layer is None and wanted else layer

    def is_hidden(self, name: str) -> bool:
        """Return whether there is a layer and it is not to be seen."""
        layer = self.alive(name)
        return layer is not None and not layer.visible

    def lie_as(self, lie: Lie) -> None:
        """Let all layers lie as the image does; it may be turned, or another one with other pixels."""
        self.lie = lie
        for name in list(self._layers):
            layer = self.alive(name)
            if layer is not None:
                lie.give_to(layer)

    def remove(self) -> None:
        """Take the layers out of the viewer."""
        for name in list(self._layers):
            layer = self.alive(name)
            if layer is not None:
                self._viewer.layers.remove(layer)
        self._layers.clear()
        self._shown.clear()

    def shown(self, name: str) -> Any:
        """Return what was noted of a layer, None at first."""
        return self._shown.get(name)

    def note(self, name: str, what: object) -> None:
        """Note what a layer shows, so that it need not be assigned again."""
        self._shown[name] = what

    def _add(self, name: str, layer: Layer) -> Layer:
        self.lie.give_to(layer)
        selection = set(self._viewer.layers.selection)
        active = self._viewer.layers.selection.active
        self._viewer.layers.append(layer)
        self._layers[name] = layer
        layer.events.visible.connect(self._on_visible)
        self._viewer.layers.selection = selection
        self._viewer.layers.selection.active = active
        return layer


@contextmanager
def drawn_once(layer: Any) -> Iterator[None]:
    """Give a layer other points and another look, and let napari draw it once, at the end.

    napari cuts a layer and draws its thumbnail anew with every assignment, but not while the layer is hidden;
    one that the reader has hidden is left alone until it is shown again. Nor are all layers measured anew, which
    takes half of the time that a frame of a cine may take: marks lie on the image, which alone decides how
    large the scene is.
    """
    seen = layer.visible
    with layer.events.blocker_all():
        layer.visible = False
        try:
            yield
        finally:
            layer.visible = seen
    if seen:
        layer.events.set_data()


def colours(names: Iterable[str]) -> np.ndarray:
    """Return colours as napari keeps them, shape (n, 4); it would take longer over their names."""
    return np.array([styles.rgba(name) for name in names], dtype=np.float32).reshape(-1, 4)
