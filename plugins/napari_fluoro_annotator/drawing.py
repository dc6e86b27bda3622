"""What is to be seen of a mark, and the layers that show it.

The layers hold only the marks of the frame that is shown. They are pictures: nothing is
read back from them, and if somebody deletes one it is made again at the next drawing.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from napari.components import ViewerModel
from napari.layers import Layer, Points, Vectors

from fluoro_annotator.geometry import Point
from fluoro_annotator.marks import Mark, MarkKind, Needle
from napari_fluoro_annotator import styles, texts
from napari_fluoro_annotator.labels import Label, arrange
from napari_fluoro_annotator.reader import TAG
from napari_fluoro_annotator.styles import Style

STYLES = {
    MarkKind.TARGET: styles.TARGET,
    MarkKind.NEEDLE: styles.NEEDLE,
    MarkKind.LEVEL_LABEL: styles.LEVEL,
}


@dataclass(frozen=True, slots=True)
class DrawnMark:
    """A mark as it is to be drawn."""

    mark: Mark
    label: str
    selected: bool = False


@dataclass(frozen=True, slots=True)
class Handle:
    """A point of a mark that can be taken hold of, and how it looks."""

    mark_id: str
    name: str
    position: Point
    symbol: str
    text: str
    selected: bool


def handles_of(drawn: DrawnMark) -> tuple[Handle, ...]:
    """Return the handles of a mark; the first one carries its text."""
    mark, style = drawn.mark, STYLES[drawn.mark.kind]
    return tuple(
        Handle(
            mark_id=mark.mark_id,
            name=name,
            position=mark.point(name),
            symbol=style.symbols.get(name, styles.BEND),
            text=on_two_lines(drawn.label) if order == 0 else "",
            selected=drawn.selected,
        )
        for order, name in enumerate(mark.point_names)
    )


def _waiting(tip: Point) -> Handle:
    """Return the tip of a needle without a hub; it is no mark yet and cannot be taken hold of."""
    return Handle("", "tip", tip, styles.NEEDLE.symbols["tip"], texts.TIP, selected=True)


def on_two_lines(label: str) -> str:
    """Return a label broken before the vertebra, so that it hides less of the image."""
    return label.replace(", at ", ",\nat ")


PlacedHandle = tuple[Handle, Point | None]
"""A handle, and where its text starts, if it has one."""


class _Dot(NamedTuple):
    """One point of a napari layer."""

    position: Point
    symbol: str
    outline: str
    width: float
    text: str
    text_colour: str


class MarkLayers:
    """The napari layers in which marks are drawn.

    Parameters
    ----------
    viewer : napari.components.ViewerModel
        The viewer.

    """

    def __init__(self, viewer: ViewerModel) -> None:
        self._viewer = viewer
        self._layers: dict[str, Layer] = {}
        self._shown: dict[str, object] = {}
        self._groups: dict[MarkKind, tuple[Handle, ...]] = {}
        self.handles: tuple[Handle, ...] = ()

    def draw(self, marks: Sequence[DrawnMark], base: Layer | None, tip: Point | None = None) -> None:
        """Show these marks and no others.

        Parameters
        ----------
        marks : sequence of DrawnMark
            The marks of the frame that is shown.
        base : napari.layers.Layer or None
            The image they lie on.
        tip : Point or None
            The tip of a needle that waits for its hub.

        """
        marks = [drawn for drawn in marks if drawn.mark.kind in STYLES]
        self.handles = tuple(handle for drawn in marks for handle in handles_of(drawn))
        waiting = () if tip is None else (_waiting(tip),)
        self._groups = {
            kind: tuple(handle for drawn in marks if drawn.mark.kind is kind for handle in handles_of(drawn))
            + (waiting if kind is MarkKind.NEEDLE else ())
            for kind in STYLES
        }
        places = self._label_places()
        for kind, handles in self._groups.items():
            self._draw_points(STYLES[kind], [(handle, places.get(handle)) for handle in handles], base)
        needles = tuple(drawn.mark for drawn in marks if isinstance(drawn.mark, Needle))
        self._draw_shafts(needles, base)

    def rescale(self) -> None:
        """Keep texts and shafts constant on the screen after a zoom."""
        places = self._label_places()
        for kind, handles in self._groups.items():
            layer = self._alive(STYLES[kind].layer)
            if layer is not None and handles:
                self._fill_points(layer, STYLES[kind], [(handle, places.get(handle)) for handle in handles])
        layer = self._alive(styles.SHAFTS)
        shown = self._shown.get(styles.SHAFTS)
        if layer is not None and isinstance(shown, tuple) and shown:
            self._fill_shafts(layer, shown)

    def remove(self) -> None:
        """Take the layers out of the viewer."""
        for name in list(self._layers):
            layer = self._alive(name)
            if layer is not None:
                self._viewer.layers.remove(layer)
        self._layers.clear()
        self._shown.clear()
        self._groups.clear()
        self.handles = ()

    # ------------------------------------------------------------------ points

    def _draw_points(self, style: Style, handles: list[PlacedHandle], base: Layer | None) -> None:
        layer = self._alive(style.layer)
        if layer is None:
            if not handles:
                return
            layer = self._add(style.layer, _points_layer(style), base)
        if self._shown.get(style.layer) != handles:
            self._fill_points(layer, style, handles)
            self._shown[style.layer] = handles

    def _fill_points(self, layer: Points, style: Style, handles: list[PlacedHandle]) -> None:
        """Give markers and texts their size in screen pixels; napari's own limits leave thick outlines."""
        zoom = self._viewer.scene.camera.zoom
        texts = [(handle, place) for handle, place in handles if place is not None]
        dots = [
            *(shadow for handle, position in texts for shadow in _shadows(handle, position, 1 / zoom)),
            *(_text(handle, position, style) for handle, position in texts),
            *(_marker(handle, style) for handle, _ in handles),
        ]
        layer.data = np.array([dot.position for dot in dots], dtype=float).reshape(-1, 2)
        layer.features = {"text": np.array([dot.text for dot in dots], dtype=object)}
        layer.selected_data = set()
        layer.size = style.screen_size / zoom
        if dots:
            layer.symbol = [dot.symbol for dot in dots]
            layer.border_color = [dot.outline for dot in dots]
            layer.border_width = [dot.width for dot in dots]
            layer.text.color = [dot.text_colour for dot in dots]

    def _label_places(self) -> dict[Handle, Point]:
        """Return where each text starts, on the image; selected marks get the place they want."""
        zoom = self._viewer.scene.camera.zoom
        wanted = [
            (handle, self._label(handle, STYLES[kind]))
            for kind, handles in self._groups.items()
            for handle in handles
            if handle.text
        ]
        wanted.sort(key=lambda each: not each[0].selected)
        found = arrange([label for _, label in wanted], self._screen_width())
        return {
            handle: Point(handle.position.row + down / zoom, handle.position.column + right / zoom)
            for (handle, _), (down, right) in zip(wanted, found, strict=True)
        }

    def _label(self, handle: Handle, style: Style) -> Label:
        row = handle.position.row * self._viewer.scene.camera.zoom
        return Label(handle.text, row, self._screen_column(handle.position), style.text_offset)

    def _screen_column(self, position: Point) -> float:
        camera = self._viewer.scene.camera
        return float((position.column - camera.center[-1]) * camera.zoom + self._screen_width() / 2)

    def _screen_width(self) -> float:
        return float(self._viewer.canvas.size[-1])

    # ------------------------------------------------------------------ shafts

    def _draw_shafts(self, needles: tuple[Needle, ...], base: Layer | None) -> None:
        layer = self._alive(styles.SHAFTS)
        if layer is None:
            if not needles:
                return
            layer = self._add(styles.SHAFTS, _shaft_layer(), base)
        if self._shown.get(styles.SHAFTS) != needles:
            self._shown[styles.SHAFTS] = needles
            self._fill_shafts(layer, needles)

    def _fill_shafts(self, layer: Vectors, needles: tuple[Needle, ...]) -> None:
        zoom = self._viewer.scene.camera.zoom
        layer.data = np.array([_shaft(needle, styles.SHAFT_GAP / zoom) for needle in needles]).reshape(
            -1, 2, 2
        )
        layer.edge_width = styles.SHAFT_WIDTH / zoom

    # ------------------------------------------------------------------ layers

    def _alive(self, name: str) -> Any:
        layer = self._layers.get(name)
        if layer is not None and layer not in self._viewer.layers:
            del self._layers[name]
            self._shown.pop(name, None)
            return None
        return layer

    def _add(self, name: str, layer: Layer, base: Layer | None) -> Any:
        if base is not None:
            layer.scale = base.scale[-2:]
            layer.translate = base.translate[-2:]
        selection = set(self._viewer.layers.selection)
        active = self._viewer.layers.selection.active
        self._viewer.layers.append(layer)
        self._layers[name] = layer
        self._viewer.layers.selection = selection
        self._viewer.layers.selection.active = active
        return layer


def _marker(handle: Handle, style: Style) -> _Dot:
    """Return the outline of a handle."""
    outline = styles.WHITE if handle.selected else style.colour
    width = styles.LINE_SELECTED if handle.selected else styles.LINE
    return _Dot(handle.position, handle.symbol, outline, width, "", styles.BLACK)


def _text(handle: Handle, position: Point, style: Style) -> _Dot:
    """Return the text of a handle; the point that carries it is not to be seen."""
    colour = styles.WHITE if handle.selected else style.colour
    return _Dot(position, handle.symbol, styles.TRANSPARENT, 0.0, handle.text, colour)


def _shadows(handle: Handle, position: Point, pixel: float) -> Iterator[_Dot]:
    """Yield dark copies of a text, one screen pixel around it, so that it reads on bright images."""
    for down, right in styles.SHADOW:
        place = Point(position.row + down * pixel, position.column + right * pixel)
        yield _Dot(place, handle.symbol, styles.TRANSPARENT, 0.0, handle.text, styles.BLACK)


def _shaft(needle: Needle, gap: float) -> list[list[float]]:
    """Return start and direction of the line from just behind the tip to the hub."""
    tip, hub = np.array(needle.tip), np.array(needle.hub)
    direction = hub - tip
    start = tip + direction * min(1.0, gap / float(np.linalg.norm(direction)))
    return [list(start), list(hub - start)]


def _points_layer(style: Style) -> Points:
    layer = Points(
        np.empty((0, 2)),
        name=style.layer,
        face_color=styles.TRANSPARENT,
        border_color=style.colour,
        border_width=styles.LINE,
        size=style.screen_size,
        features={"text": np.array([], dtype=object)},
        text={
            "string": "{text}",
            "size": styles.TEXT_SIZE,
            "color": style.colour,
            "anchor": "upper_left",
        },
        metadata={TAG: {"marks": style.layer}},
    )
    layer.editable = False
    return layer


def _shaft_layer() -> Vectors:
    layer = Vectors(
        np.empty((0, 2, 2)),
        name=styles.SHAFTS,
        edge_color=styles.SKY_BLUE,
        vector_style="line",
        metadata={TAG: {"marks": styles.SHAFTS}},
    )
    layer.editable = False
    return layer
