"""The napari layers in which an answer is drawn beside its reference, after it was committed.

They are pictures as those of the marks are: nothing is read back from them. There is none before something is drawn.
What is taken away is taken out of them at once; the empty layers stay, because napari takes half a second to remove
them, and the trainee waits for the next image.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise

import numpy as np
from napari.components import ViewerModel
from napari.layers import Layer, Points, Vectors

from fluoro_annotator.geometry import Point
from fluoro_annotator.training.pictures import Drawn, Role
from napari_fluoro_annotator import styles
from napari_fluoro_annotator.drawing import on_two_lines
from napari_fluoro_annotator.feedback_looks import (
    FEEDBACK_LINES,
    FEEDBACK_NAMES,
    FEEDBACK_PLACES,
    LOOKS,
    NAME_OFFSETS,
    USUAL_OFFSET,
)
from napari_fluoro_annotator.labels import Box
from napari_fluoro_annotator.lie import Lie
from napari_fluoro_annotator.name_layers import NameLayers, Wanted
from napari_fluoro_annotator.own_layers import OwnLayers, colours, drawn_once
from napari_fluoro_annotator.reader import TAG

KEEP_CLEAR = frozenset({Role.ANSWER, Role.REFERENCE, Role.MIDDLE, Role.SHOWN, Role.ELSEWHERE})
"""Places on which no name is written."""


class FeedbackLayers:
    """Lines, places and names, each in one layer.

    Parameters
    ----------
    viewer : napari.components.ViewerModel
        The viewer.
    avoid : callable
        Returns what of the screen something else is written on.

    """

    def __init__(self, viewer: ViewerModel, avoid: Callable[[], Sequence[Box]] = tuple) -> None:
        self._viewer, self._avoid = viewer, avoid
        self._layers = OwnLayers(viewer, self._on_visible)
        self._names = NameLayers(viewer, self._layers, self._taken, (FEEDBACK_NAMES, FEEDBACK_NAMES))
        self._drawn: tuple[Drawn, ...] = ()

    def draw(self, drawn: Sequence[Drawn], base: Layer | None) -> None:
        """Show this and nothing else, on an image; without anything the layers are emptied.

        Parameters
        ----------
        drawn : sequence of Drawn
            From the lowest to the uppermost.
        base : napari.layers.Layer or None
            The image that it lies on.

        """
        self._drawn = tuple(drawn)
        if base is not None:
            self._layers.lie_as(Lie.of(base))
        self._draw_lines(new_layers=bool(drawn))
        self._draw_places()
        self._draw_names(new_layers=bool(drawn))

    def rescale(self) -> None:
        """Keep sizes, dashes and names constant on the screen after a zoom."""
        if not self._drawn:
            return
        self._draw_lines(new_layers=False)
        layer = self._layers.alive(FEEDBACK_PLACES)
        if layer is not None and len(layer.data):
            layer.size = self._sizes()
        self._draw_names(new_layers=False)

    def remove(self) -> None:
        """Take the layers out of the viewer."""
        self._drawn = ()
        self._layers.remove()

    @property
    def _zoom(self) -> float:
        return float(self._viewer.scene.camera.zoom)

    # ------------------------------------------------------------------ lines and places

    def _draw_lines(self, *, new_layers: bool) -> None:
        lines = tuple(one for one in self._drawn if not one.is_place)
        wanted = new_layers and bool(lines)
        layer = self._layers.needed(FEEDBACK_LINES, _lines_layer, wanted=wanted)
        if layer is None or self._layers.shown(FEEDBACK_LINES) == (lines, self._zoom, self._layers.lie):
            return
        pieces = [dashed(one, tuple(n / self._zoom for n in LOOKS[one.role].dashes)) for one in lines]
        names = [[LOOKS[one.role].colour] * len(made) for one, made in zip(lines, pieces, strict=True)]
        every = np.concatenate(pieces) if pieces else np.empty((0, 2, 2))
        with drawn_once(layer):
            # each line lies on a dark copy of itself, so that it is seen on bright tissue, too
            layer.data = np.concatenate([every + self._shadow(), every])
            layer.edge_width = styles.LINE_WIDTH / self._zoom
            if lines:
                layer.edge_color = colours(
                    [styles.BLACK] * len(every) + [name for each in names for name in each]
                )
        self._layers.note(FEEDBACK_LINES, (lines, self._zoom, self._layers.lie))

    def _shadow(self) -> np.ndarray:
        """Return what moves a line by a little more than a pixel of the screen, down and to the right."""
        off = self._layers.lie.beside(Point(0, 0), 1.5 / self._zoom, 1.5 / self._zoom)
        return np.array([off, (0.0, 0.0)])

    def _draw_places(self) -> None:
        places = self._places
        layer = self._layers.needed(FEEDBACK_PLACES, _places_layer, wanted=bool(places))
        if layer is None or self._layers.shown(FEEDBACK_PLACES) == places:
            return
        with drawn_once(layer):
            layer.data = np.array([one.points[0] for one in places], dtype=float).reshape(-1, 2)
            layer.selected_data = set()
            if places:
                layer.size = self._sizes()
                layer.symbol = [LOOKS[one.role].symbol for one in places]
                layer.border_color[:] = colours(LOOKS[one.role].colour for one in places)
                layer.border_width = styles.LINE_SELECTED / 2
        self._layers.note(FEEDBACK_PLACES, places)

    @property
    def _places(self) -> tuple[Drawn, ...]:
        return tuple(one for one in self._drawn if one.is_place)

    def _sizes(self) -> np.ndarray:
        return np.array([LOOKS[one.role].size for one in self._places]) / self._zoom

    # ------------------------------------------------------------------ names

    def _draw_names(self, *, new_layers: bool) -> None:
        self._names.write(self._wanted(), new_layers=new_layers)

    def _wanted(self) -> Iterator[Wanted]:
        """Yield the names, that of the trainee's mark first: it gets the place it wants."""
        hidden = {
            place: self._layers.is_hidden(FEEDBACK_PLACES if place else FEEDBACK_LINES)
            for place in (True, False)
        }
        for one in reversed(self._drawn):
            if one.label and not hidden[one.is_place]:
                offset = NAME_OFFSETS.get(one.role, USUAL_OFFSET)
                text = on_two_lines(one.label)
                yield Wanted(text, LOOKS[one.role].colour, anchor_of(one), offset, selected=False)

    def _taken(self) -> tuple[Box, ...]:
        """Return what names keep clear of: letters and caption, and the marks themselves."""
        camera = self._viewer.scene.camera
        height, width = self._viewer.canvas.size
        found = list(self._avoid())
        for one in self._places:
            if one.role in KEEP_CLEAR:
                at, half = self._layers.lie.to_world(one.points[0]), LOOKS[one.role].size / 2
                row = (at.row - camera.center[-2]) * camera.zoom + height / 2
                column = (at.column - camera.center[-1]) * camera.zoom + width / 2
                found.append(Box(row - half, column - half, row + half, column + half))
        return tuple(found)

    def _on_visible(self, event: object = None) -> None:  # noqa: ARG002 - napari passes the event
        self._draw_names(new_layers=False)


def anchor_of(drawn: Drawn) -> Point:
    """Return where the name of something stands: a place itself, the middle of a distance, the top of an outline."""
    if drawn.role is Role.DISTANCE:
        (one, other) = drawn.points
        return Point((one.row + other.row) / 2, (one.column + other.column) / 2)
    return min(drawn.points) if drawn.closed else drawn.points[-1 if drawn.role is Role.SAFETY else 0]


def dashed(drawn: Drawn, dashes: Sequence[float]) -> np.ndarray:
    """Return a line as straight pieces; its dashes run on around its corners.

    Parameters
    ----------
    drawn : Drawn
        The line.
    dashes : sequence of float
        Lengths drawn and left out by turns, in pixels of the frame; none for a line without gaps.

    Returns
    -------
    numpy.ndarray, shape (n, 2, 2)
        Start and direction of each piece, ``(row, column)`` in pixels.

    """
    corners = np.array([*drawn.points, *(drawn.points[:1] if drawn.closed else ())], dtype=float)
    if not dashes:
        return np.stack([corners[:-1], np.diff(corners, axis=0)], axis=1)
    lengths = np.linalg.norm(np.diff(corners, axis=0), axis=1)
    stops = np.concatenate([[0.0], np.cumsum(lengths)])
    starts, ends = _spans(float(stops[-1]), dashes)
    pieces = []
    for start, end in zip(starts, ends, strict=True):
        between = stops[(stops > start) & (stops < end)]
        walked = np.array([start, *between, end])
        points = np.stack([np.interp(walked, stops, corners[:, axis]) for axis in (0, 1)], axis=1)
        pieces += [(one, other - one) for one, other in pairwise(points)]
    return np.array(pieces).reshape(-1, 2, 2)


def _spans(length: float, dashes: Sequence[float]) -> tuple[np.ndarray, np.ndarray]:
    """Return where dashes start and end along a line."""
    edges = np.concatenate([[0.0], np.cumsum(dashes)])
    rounds = np.arange(0.0, max(length, edges[-1] / 2), edges[-1])
    starts = (rounds[:, None] + edges[:-1:2]).ravel()
    ends = (rounds[:, None] + edges[1::2]).ravel()
    inside = starts < length
    return starts[inside], np.minimum(ends[inside], length)


def _lines_layer() -> Vectors:
    layer = Vectors(
        np.empty((0, 2, 2)),
        name=FEEDBACK_LINES,
        edge_color=styles.WHITE,
        vector_style="line",
        metadata={TAG: {"marks": FEEDBACK_LINES}},
    )
    layer.editable = False
    return layer


def _places_layer() -> Points:
    layer = Points(
        np.empty((0, 2)),
        name=FEEDBACK_PLACES,
        face_color=styles.TRANSPARENT,
        border_color=styles.WHITE,
        size=20,
        metadata={TAG: {"marks": FEEDBACK_PLACES}},
    )
    layer.editable = False
    return layer
