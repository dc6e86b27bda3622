"""How an image lies in napari's world, so that marks lie on it and texts beside them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from napari.layers import Layer

from fluoro_annotator.geometry import Point

Rows = tuple[tuple[float, ...], ...]


@dataclass(frozen=True, slots=True)
class Lie:
    """Scale, place and turn of an image in the plane of the screen.

    Attributes
    ----------
    scale, translate : tuple of float
        Of rows and columns, as napari has them.
    affine : tuple of tuple of float, 3 x 3
        What comes after scale and translation; maps ``(row, column, 1)``.

    """

    scale: tuple[float, float]
    translate: tuple[float, float]
    affine: Rows

    @classmethod
    def of(cls, layer: Layer) -> Lie:
        """Return how a layer lies; of its axes, the last two are rows and columns."""
        scale, translate = layer.scale[-2:], layer.translate[-2:]
        matrix = layer.affine.affine_matrix[-3:, -3:]
        return cls(
            (float(scale[0]), float(scale[1])),
            (float(translate[0]), float(translate[1])),
            tuple(tuple(map(float, row)) for row in matrix),
        )

    def give_to(self, layer: Layer) -> None:
        """Let a layer of rows and columns lie the same way.

        napari draws a layer and measures all of them anew with each assignment; here it is told once, and
        measures nothing: what is drawn lies on the image, which alone decides how large the scene is.
        """
        now = Lie.of(layer)
        if now == self:
            return
        seen = layer.visible
        with layer.events.blocker_all():
            layer.visible = False
            if now.scale != self.scale:
                layer.scale = self.scale
            if now.translate != self.translate:
                layer.translate = self.translate
            if now.affine != self.affine:
                layer.affine = np.array(self.affine)
            layer.visible = seen
        layer.events.affine()
        if seen:
            layer.refresh(extent=False)

    def to_world(self, point: Point) -> Point:
        """Return where a position of the image is in napari's world, which lies upright on the screen."""
        (rows, columns), (down, right) = self.scale, self.translate
        place = (point.row * rows + down, point.column * columns + right, 1.0)
        row, column = (
            sum(factor * part for factor, part in zip(line, place, strict=True)) for line in self.affine[:2]
        )
        return Point(row, column)

    def beside(self, point: Point, down: float, right: float) -> Point:
        """Return the position in the image that lies below and right of another one on the screen.

        Parameters
        ----------
        point : Point
            Position in the image.
        down, right : float
            How far, in napari's world.

        """
        (a, b, _), (c, d, _), _ = self.affine
        area = a * d - b * c
        rows, columns = (d * down - b * right) / area, (a * right - c * down) / area
        return Point(point.row + rows / self.scale[0], point.column + columns / self.scale[1])


LIES_FLAT: Final = Lie((1.0, 1.0), (0.0, 0.0), ((1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0)))
"""An image with square pixels, as it is stored."""
