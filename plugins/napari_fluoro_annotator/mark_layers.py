"""The napari layers in which marks are drawn.

They hold only the marks of the frame that is shown. They are pictures: nothing is read
back from them, and if somebody deletes one it is made again at the next drawing.

napari draws anew whatever is assigned, so nothing is assigned that is as it was: a cine with
marks on every frame is played that way.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import chain

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
from napari_fluoro_annotator.labels import Box
from napari_fluoro_annotator.lie import Lie
from napari_fluoro_annotator.name_layers import Group, NameLayers
from napari_fluoro_annotator.own_layers import OwnLayers, colours, drawn_once
from napari_fluoro_annotator.reader import TAG
from napari_fluoro_annotator.styles import Style

NOTHING = ((), ())


class MarkLayers:
    """The napari layers in which marks are drawn.

    Parameters
    ----------
    viewer : napari.components.ViewerModel
        The viewer.
    avoid : callable
        Returns what of the screen something else is written on, so that no name goes there.

    """

    def __init__(self, viewer: ViewerModel, avoid: Callable[[], Sequence[Box]] = tuple) -> None:
        self._viewer = viewer
        self._layers = OwnLayers(viewer, self._on_visible)
        self._names = NameLayers(viewer, self._layers, avoid)
        self._groups: list[Group] = []
        self._marks: tuple[DrawnMark, ...] = ()
        self._guides: tuple[DrawnLine, ...] = ()
        self._names_shown = True
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
            self._layers.lie_as(Lie.of(base))
        placed = [drawn for drawn in marks if drawn.mark.points]
        self._marks, self._guides, self._names_shown = tuple(placed), tuple(guides), names
        self._groups = _grouped(placed, waiting_handles(waiting, tip=tip))
        self.handles = tuple(handle for _, handles in self._groups for handle in handles if handle.mark_id)
        for style, handles in self._groups:
            self._draw_handles(style, handles)
        self._draw_lines()
        self._draw_names()

    def rescale(self) -> None:
        """Keep sizes, texts and dashes constant on the screen after a zoom."""
        for style, handles in self._groups:
            layer = self._layers.alive(style.layer)
            if layer is not None and handles:
                layer.size = style.screen_size / self._zoom
        self._draw_lines(new_layers=False)
        self._draw_names(new_layers=False)

    def remove(self) -> None:
        """Take the layers out of the viewer."""
        self._layers.remove()
        self._groups.clear()
        self._marks = self._guides = ()
        self.handles = ()

    @property
    def _zoom(self) -> float:
        return float(self._viewer.scene.camera.zoom)

    # ------------------------------------------------------------------ handles

    def _draw_handles(self, style: Style, handles: tuple[Handle, ...]) -> None:
        layer = self._layers.needed(style.layer, lambda: _points_layer(style), wanted=bool(handles))
        if layer is None:
            return
        look = tuple((handle.symbol, handle.selected, handle.active) for handle in handles)
        places = tuple(handle.position for handle in handles)
        before = self._layers.shown(style.layer) or NOTHING
        if before == (look, places):
            return
        with drawn_once(layer):
            layer.data = np.array(places, dtype=float).reshape(-1, 2)
            if look and before[0] != look:
                self._dress(layer, style, handles)
        self._layers.note(style.layer, (look, places))

    def _dress(self, layer: Points, style: Style, handles: tuple[Handle, ...]) -> None:
        """Give markers their look; napari's own size limits leave thick outlines."""
        layer.selected_data = set()
        layer.size = style.screen_size / self._zoom
        layer.symbol = [handle.symbol for handle in handles]
        # assigned in place: an array that is assigned as a whole is drawn at once, whatever is blocked
        layer.border_color[:] = colours(
            styles.WHITE if handle.selected else style.colour for handle in handles
        )
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
        layer = self._layers.needed(name, lambda: _lines_layer(name), wanted=new_layers and bool(lines))
        if layer is None or self._layers.shown(name) == (lines, self._zoom):
            return
        pieces = [segments(line, styles.DASH / self._zoom) for line in lines]
        with drawn_once(layer):
            layer.data = np.concatenate(pieces) if pieces else np.empty((0, 2, 2))
            layer.edge_width = styles.LINE_WIDTH / self._zoom
            if lines:
                named = [[line.colour] * len(piece) for line, piece in zip(lines, pieces, strict=True)]
                layer.edge_color = colours(chain.from_iterable(named))
        self._layers.note(name, (lines, self._zoom))

    # ------------------------------------------------------------------ names

    def _draw_names(self, *, new_layers: bool = True) -> None:
        groups, guides = (self._groups, self._guides) if self._names_shown else ((), ())
        self._names.draw(groups, guides, new_layers=new_layers)

    def _on_visible(self, event: object = None) -> None:  # noqa: ARG002 - napari passes the event
        self._draw_names(new_layers=False)


def _grouped(marks: Sequence[DrawnMark], waiting: tuple[Handle, ...]) -> list[Group]:
    """Return the handles by the layer they belong to; every layer is named, so that it is emptied too."""
    groups: dict[str, Group] = {style.layer: (style, ()) for style in styles.STYLES.values()}
    for drawn in marks:
        style = styles.style_of(drawn.mark.kind)
        groups[style.layer] = (style, groups[style.layer][1] + handles_of(drawn))
    return [*groups.values(), (styles.WAITING, waiting)]


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
