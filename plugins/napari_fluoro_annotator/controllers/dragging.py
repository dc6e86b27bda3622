"""A mark that is being dragged: where it would go, until the mouse lets go."""

from __future__ import annotations

from dataclasses import dataclass, replace

from fluoro_annotator.errors import MarkError
from fluoro_annotator.geometry import Point
from fluoro_annotator.marks import ImageRecord, Mark
from fluoro_annotator.marks.values import moved


@dataclass(frozen=True, slots=True)
class Drag:
    """One point of a mark in the grip of the mouse.

    Attributes
    ----------
    mark : Mark
        The mark as it was when it was taken hold of.
    name : str
        The point that is held.
    grip : Point
        How far the mouse is from that point.
    preview : Mark
        The mark where it would go now.

    """

    mark: Mark
    name: str
    grip: Point
    preview: Mark

    @classmethod
    def begun(cls, mark: Mark, name: str, mouse: Point) -> Drag:
        """Take hold of a point of a mark."""
        held = mark.point(name)
        return cls(mark, name, Point(mouse.row - held.row, mouse.column - held.column), mark)

    def to(self, mouse: Point, image: ImageRecord) -> Drag:
        """Follow the mouse; the point stays on the image, and the points of a mark stay apart."""
        place = Point(
            min(max(mouse.row - self.grip.row, 0.0), image.rows - 1.0),
            min(max(mouse.column - self.grip.column, 0.0), image.columns - 1.0),
        )
        try:
            return replace(self, preview=moved(self.mark, **{self.name: place}))
        except MarkError:
            return replace(self, preview=self.mark)  # two points in one place: shown where it was

    @property
    def change(self) -> dict[str, Point]:
        """The point that moved, by name; nothing if it is where it was."""
        place = self.preview.point(self.name)
        return {} if place == self.mark.point(self.name) else {self.name: place}
