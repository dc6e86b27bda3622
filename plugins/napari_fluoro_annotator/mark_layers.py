"""The napari layers in which marks are drawn.

They hold only the marks of the frame that is shown. They are pictures: nothing is read
back from them, and if somebody deletes one it is made again at the next drawing.

napari draws anew whatever is assigned, so nothing is assigned that is as it was: a cine with
marks on every frame is played that way.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import chain
from typing import Any, NamedTuple

import numpy as np
from napari.components import ViewerModel
from napari.layers import Layer, Points, Vectors

from fluoro_annotator.geometry import Point
from napari_fluoro_annotator import styles
from napari_fluoro_annotator.drawing import (
    DrawnLine,
    DrawnMark,
    Handle,
    handles_of,
    lines_of,
    segments,
    waiting_handles,
)
from napari_fluoro_annotator.labels import Label, arrange
from napari_fluoro_annotator.lie import LIES_FLAT, Lie
from napari_fluoro_annotator.reader import TAG
from napari_fluoro_annotator.styles import Style

Group = tuple[Style, tuple[Handle, ...]]


class _Name(NamedTuple):
    """A text on the image, and the shadow copies around it."""

    position: Point
    text: str
    colour: str


class _Wanted(NamedTuple):
    """A text that looks for its place."""

    text: str
    colour: str
    anchor: Point
    offset: tuple[int, int]
    selected: bool


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
        self._shown: dict[str, Any] = {}
        self._groups: list[Group] = []
        self._marks: tuple[DrawnMark, ...] = ()
        self._guides: tuple[DrawnLine, ...] = ()
        self._names_shown = True
        self._lie = LIES_FLAT
        self.handles: tuple[Handle, ...] = ()

    def draw(
        self,
        marks: Sequence[DrawnMark],
        base: Layer | None,
        *,
        waiting: Sequence[Point] = (),
        tip: bool = False,
        guides: Sequence[DrawnLine] = (),
        names: bool = True,
    ) -> None:
        """Show these marks and no others.

        Parameters
        ----------
        marks : sequence of DrawnMark
            The marks of the frame that is shown.
        base : napari.layers.Layer or None
            The image they lie on.
        waiting : sequence of Point
            The points of a mark that is not complete.
        tip : bool
            Whether the first of them is the tip of a needle.
        guides : sequence of DrawnLine
            Lines beneath the marks.
        names : bool
            Whether the names of the marks are written; they cannot be read while a cine is played.

        """
        if base is not None:
            self._lie = Lie.of(base)
            self._align()
        placed = [drawn for drawn in marks if drawn.mark.points]
        self._marks, self._guides, self._names_shown = tuple(placed), tuple(guides), names
        self.handles = tuple(handle for drawn in placed for handle in handles_of(drawn))
        self._groups = _grouped(placed, waiting_handles(waiting, tip=tip))
        for style, handles in self._groups:
            self._draw_handles(style, handles)
        self._draw_lines()
        self._draw_names()

    def rescale(self) -> None:
        """Keep sizes, texts and dashes constant on the screen after a zoom."""
        for style, handles in self._groups:
            layer = self._alive(style.layer)
            if layer is not None and handles:
                layer.size = style.screen_size / self._zoom
        self._draw_lines(new_layers=False)
        self._draw_names(new_layers=False)

    def remove(self) -> None:
        """Take the layers out of the viewer."""
        for name in list(self._layers):
            layer = self._alive(name)
            if layer is not None:
                self._viewer.layers.remove(layer)
        self._layers.clear()
        self._shown.clear()
        self._groups.clear()
        self._marks = self._guides = ()
        self.handles = ()

    @property
    def _zoom(self) -> float:
        return float(self._viewer.scene.camera.zoom)

    # ------------------------------------------------------------------ handles

    def _draw_handles(self, style: Style, handles: tuple[Handle, ...]) -> None:
        layer = self._alive(style.layer)
        if layer is None:
            if not handles:
                return
            layer = self._add(style.layer, _points_layer(style))
        look = tuple((handle.symbol, handle.selected, handle.active) for handle in handles)
        places = tuple(handle.position for handle in handles)
        seen = self._shown.get(style.layer, (None, None))
        if seen == (look, places):
            return
        self._shown[style.layer] = (look, places)
        with _shown_once(layer):
            layer.data = np.array(places, dtype=float).reshape(-1, 2)
            if look and seen[0] != look:
                self._dress(layer, style, handles)

    def _dress(self, layer: Points, style: Style, handles: tuple[Handle, ...]) -> None:
        """Give markers their look; napari's own size limits leave thick outlines."""
        layer.selected_data = set()
        layer.size = style.screen_size / self._zoom
        layer.symbol = [handle.symbol for handle in handles]
        layer.border_color = [styles.WHITE if handle.selected else style.colour for handle in handles]
        layer.border_width = [
            styles.LINE_SELECTED if handle.selected and handle.active else styles.LINE for handle in handles
        ]

    # ------------------------------------------------------------------ lines

    def _draw_lines(self, *, new_layers: bool = True) -> None:
        gap = styles.SHAFT_GAP / self._zoom
        lines = tuple(line for drawn in self._marks if (line := lines_of(drawn, gap)) is not None)
        self._draw_segments(styles.GUIDES, self._guides, new_layers=new_layers)
        self._draw_segments(styles.LINES, lines, new_layers=new_layers)

    def _draw_segments(self, name: str, lines: tuple[DrawnLine, ...], *, new_layers: bool) -> None:
        layer = self._alive(name)
        if layer is None:
            if not lines or not new_layers:
                return
            layer = self._add(name, _lines_layer(name))
        if self._shown.get(name) == (lines, self._zoom):
            return
        self._shown[name] = (lines, self._zoom)
        pieces = [segments(line, styles.DASH / self._zoom) for line in lines]
        with _shown_once(layer):
            layer.data = np.concatenate(pieces) if pieces else np.empty((0, 2, 2))
            layer.edge_width = styles.LINE_WIDTH / self._zoom
            if lines:
                colours = [[line.colour] * len(piece) for line, piece in zip(lines, pieces, strict=True)]
                layer.edge_color = list(chain.from_iterable(colours))

    # ------------------------------------------------------------------ names

    def _draw_names(self, *, new_layers: bool = True) -> None:
        names = tuple(self._names()) if self._names_shown else ()
        layer = self._alive(styles.LABELS)
        if layer is None:
            if not names or not new_layers:
                return
            layer = self._add(styles.LABELS, _names_layer())
        if self._shown.get(styles.LABELS) == names:
            return
        self._shown[styles.LABELS] = names
        with _shown_once(layer), layer.text.events.blocker_all():
            layer.data = np.array([name.position for name in names], dtype=float).reshape(-1, 2)
            layer.features = {"text": np.array([name.text for name in names], dtype=object)}
            layer.selected_data = set()
            if names:
                layer.text.color = [name.colour for name in names]

    def _names(self) -> Iterator[_Name]:
        """Yield the texts with their dark copies, which make them readable on bright images."""
        pixel = 1 / self._zoom
        for wanted, place in self._arranged():
            for down, right in styles.SHADOW:
                shadow = self._lie.beside(place, down * pixel, right * pixel)
                yield _Name(shadow, wanted.text, styles.BLACK)
            yield _Name(place, wanted.text, styles.WHITE if wanted.selected else wanted.colour)

    def _arranged(self) -> list[tuple[_Wanted, Point]]:
        """Return where each text starts, on the image; selected marks get the place they want."""
        wanted = sorted(self._wanted_names(), key=lambda each: not each.selected)
        found = arrange([self._label(each) for each in wanted], self._screen_width())
        zoom = self._zoom
        return [
            (each, self._lie.beside(each.anchor, down / zoom, right / zoom))
            for each, (down, right) in zip(wanted, found, strict=True)
        ]

    def _wanted_names(self) -> Iterator[_Wanted]:
        for style, handles in self._groups:
            if self._is_hidden(style.layer):
                continue
            for handle in handles:
                if handle.text:
                    yield _Wanted(
                        handle.text, style.colour, handle.position, style.text_offset, handle.selected
                    )
        if not self._is_hidden(styles.GUIDES):
            for line in self._guides:
                if line.text:
                    yield _Wanted(line.text, line.colour, line.points[0], styles.GUIDE_TEXT, selected=False)

    def _label(self, wanted: _Wanted) -> Label:
        camera = self._viewer.scene.camera
        place = self._lie.to_world(wanted.anchor)
        column = (place.column - camera.center[-1]) * camera.zoom + self._screen_width() / 2
        return Label(wanted.text, place.row * camera.zoom, float(column), wanted.offset)

    def _screen_width(self) -> float:
        return float(self._viewer.canvas.size[-1])

    # ------------------------------------------------------------------ layers

    def _is_hidden(self, name: str) -> bool:
        layer = self._alive(name)
        return layer is not None and not layer.visible

    def _alive(self, name: str) -> Any:
        layer = self._layers.get(name)
        if layer is not None and layer not in self._viewer.layers:
            del self._layers[name]
            self._shown.pop(name, None)
            return None
        return layer

    def _align(self) -> None:
        """Let all layers lie as the image does; it may be turned, or another one with other pixels."""
        for name in list(self._layers):
            layer = self._alive(name)
            if layer is not None:
                self._lie.give_to(layer)

    def _add(self, name: str, layer: Layer) -> Any:
        self._lie.give_to(layer)
        selection = set(self._viewer.layers.selection)
        active = self._viewer.layers.selection.active
        self._viewer.layers.append(layer)
        self._layers[name] = layer
        layer.events.visible.connect(self._on_visible)
        self._viewer.layers.selection = selection
        self._viewer.layers.selection.active = active
        return layer

    def _on_visible(self, event: object = None) -> None:  # noqa: ARG002 - napari passes the event
        self._draw_names(new_layers=False)


def _grouped(marks: Sequence[DrawnMark], waiting: tuple[Handle, ...]) -> list[Group]:
    """Return the handles by the layer they belong to; every layer is named, so that it is emptied too."""
    groups: dict[str, Group] = {style.layer: (style, ()) for style in styles.STYLES.values()}
    for drawn in marks:
        style = styles.style_of(drawn.mark.kind)
        groups[style.layer] = (style, groups[style.layer][1] + handles_of(drawn))
    return [*groups.values(), (styles.WAITING, waiting)]


@contextmanager
def _shown_once(layer: Any) -> Iterator[None]:
    """Give a layer other points and another look without napari's drawing each step.

    Nor does it measure all layers anew, which takes half of the time that a frame of a cine may take:
    marks lie on the image, which alone decides how large the scene is.
    """
    with layer.events.blocker_all():
        yield
    layer.events.set_data()


def _points_layer(style: Style) -> Points:
    layer = Points(
        np.empty((0, 2)),
        name=style.layer,
        face_color=styles.TRANSPARENT,
        border_color=style.colour,
        border_width=styles.LINE,
        size=style.screen_size,
        metadata={TAG: {"marks": style.layer}},
    )
    layer.editable = False
    return layer


def _names_layer() -> Points:
    """Return the layer of the texts; the points that carry them are not to be seen."""
    layer = Points(
        np.empty((0, 2)),
        name=styles.LABELS,
        face_color=styles.TRANSPARENT,
        border_color=styles.TRANSPARENT,
        border_width=0,
        size=1,
        features={"text": np.array([], dtype=object)},
        text={
            "string": "{text}",
            "size": styles.TEXT_SIZE,
            "color": styles.WHITE,
            "anchor": "upper_left",
        },
        metadata={TAG: {"marks": styles.LABELS}},
    )
    layer.editable = False
    return layer


def _lines_layer(name: str) -> Vectors:
    layer = Vectors(
        np.empty((0, 2, 2)),
        name=name,
        edge_color=styles.SKY_BLUE,
        vector_style="line",
        metadata={TAG: {"marks": name}},
    )
    layer.editable = False
    return layer
