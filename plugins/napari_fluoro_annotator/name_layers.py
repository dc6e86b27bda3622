"""The names beside marks and lines on the image, in two layers.

The name of the mark that is worked on has a layer of its own: a press, a drag or a key changes that one, and napari need
not set the letters of all the others anew.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple

import numpy as np
from napari.components import ViewerModel
from napari.layers import Points

from fluoro_annotator.geometry import Point
from napari_fluoro_annotator import styles
from napari_fluoro_annotator.drawing import DrawnLine, Handle
from napari_fluoro_annotator.labels import Box, Label, Screen, arrange
from napari_fluoro_annotator.own_layers import OwnLayers, colours, drawn_once
from napari_fluoro_annotator.reader import TAG
from napari_fluoro_annotator.styles import Style

Group = tuple[Style, tuple[Handle, ...]]
"""How handles look, and the handles of one layer."""


class _Name(NamedTuple):
    """A text on the image, or one of the shadow copies around it."""

    position: Point
    text: str
    colour: str


class Wanted(NamedTuple):
    """A text that looks for its place.

    Attributes
    ----------
    text, colour : str
        What is written, and in which colour.
    anchor : Point
        What it is the name of, on the image.
    offset : tuple of int
        How far below and right of that the text ends and starts, if there is room.
    selected : bool
        Whether it is the name of the mark that is worked on.

    """

    text: str
    colour: str
    anchor: Point
    offset: tuple[int, int]
    selected: bool


class NameLayers:
    """The layers of the names.

    Parameters
    ----------
    viewer : napari.components.ViewerModel
        The viewer.
    layers : OwnLayers
        Where they are kept.
    avoid : callable
        Returns what of the screen something else is written on.
    names : tuple of str
        Names of the layer of all texts, and of that of the mark that is worked on.

    """

    def __init__(
        self,
        viewer: ViewerModel,
        layers: OwnLayers,
        avoid: Callable[[], Sequence[Box]],
        names: tuple[str, str] = (styles.LABELS, styles.LABEL_SELECTED),
    ) -> None:
        self._viewer = viewer
        self._layers = layers
        self._avoid = avoid
        self._called = names

    def draw(self, groups: Iterable[Group], guides: Sequence[DrawnLine], *, new_layers: bool = True) -> None:
        """Write the names of these handles and lines, and no others."""
        self.write(self._wanted(groups, guides), new_layers=new_layers)

    def write(self, wanted: Iterable[Wanted], *, new_layers: bool = True) -> None:
        """Write these texts and no others, the more important ones first."""
        names: dict[str, list[_Name]] = {name: [] for name in self._called}
        for each, place in self._arranged(wanted):
            names[self._called[each.selected]] += self._with_shadow(each, place)
        # both are made with the first name: to make one takes napari longer than a press may take
        needed = new_layers and any(names.values())
        for layer, texts in names.items():
            self._write(layer, tuple(texts), needed=needed)

    def _write(self, name: str, names: tuple[_Name, ...], *, needed: bool) -> None:
        layer = self._layers.needed(name, lambda: _names_layer(name), wanted=needed)
        if layer is None or self._layers.shown(name) == names:
            return
        with drawn_once(layer), layer.text.events.blocker_all():
            layer.data = np.array([each.position for each in names], dtype=float).reshape(-1, 2)
            layer.selected_data = set()
            layer.text.string = [each.text for each in names]
            layer.text.color = colours(each.colour for each in names)
        self._layers.note(name, names)

    def _with_shadow(self, wanted: Wanted, place: Point) -> Iterator[_Name]:
        """Yield a text after the dark copies that make it readable on bright images."""
        pixel = 1 / self._zoom
        colour = styles.WHITE if wanted.selected else wanted.colour
        for down, right in styles.shadow_of(colour):
            shadow = self._layers.lie.beside(place, down * pixel, right * pixel)
            yield _Name(shadow, wanted.text, styles.BLACK)
        yield _Name(place, wanted.text, colour)

    def _arranged(self, texts: Iterable[Wanted]) -> Iterator[tuple[Wanted, Point]]:
        """Yield where each text starts, on the image; the one that is worked on takes what is free.

        So the others stay where they are while a mark is placed, dragged or selected.
        """
        wanted = sorted(texts, key=lambda each: each.selected)
        found = arrange([self._label(each) for each in wanted], self._screen, self._avoid())
        zoom = self._zoom
        for each, (down, right) in zip(wanted, found, strict=True):
            yield each, self._layers.lie.beside(each.anchor, down / zoom, right / zoom)

    def _wanted(self, groups: Iterable[Group], guides: Sequence[DrawnLine]) -> Iterator[Wanted]:
        for style, handles in groups:
            if self._layers.is_hidden(style.layer):
                continue
            for handle in handles:
                if handle.text:
                    yield Wanted(
                        handle.text, style.colour, handle.position, style.text_offset, handle.selected
                    )
        if not self._layers.is_hidden(styles.GUIDES):
            for line in guides:
                if line.text:
                    yield Wanted(line.text, line.colour, line.points[0], styles.GUIDE_TEXT, selected=False)

    def _label(self, wanted: Wanted) -> Label:
        camera, screen = self._viewer.scene.camera, self._screen
        place = self._layers.lie.to_world(wanted.anchor)
        row = (place.row - camera.center[-2]) * camera.zoom + screen.height / 2
        column = (place.column - camera.center[-1]) * camera.zoom + screen.width / 2
        return Label(wanted.text, float(row), float(column), wanted.offset)

    @property
    def _zoom(self) -> float:
        return float(self._viewer.scene.camera.zoom)

    @property
    def _screen(self) -> Screen:
        height, width = self._viewer.canvas.size
        return Screen(float(width), float(height))


def _names_layer(name: str) -> Points:
    """Return a layer of texts; the points that carry them are not to be seen."""
    layer = Points(
        np.empty((0, 2)),
        name=name,
        face_color=styles.TRANSPARENT,
        border_color=styles.TRANSPARENT,
        border_width=0,
        size=1,
        text={
            "string": [],
            "size": styles.TEXT_SIZE,
            "color": styles.WHITE,
            "anchor": "upper_left",
        },
        metadata={TAG: {"marks": name}},
    )
    layer.editable = False
    return layer
