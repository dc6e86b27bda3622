"""Turning and mirroring an image on the screen, and the letters at its edges.

A `Turn` is one of the eight ways to lay a rectangle on itself: an optional exchange of left and
right, then quarter turns clockwise. All of them are exact: pixels go to pixels, and back.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from fluoro_annotator.errors import GeometryError
from fluoro_annotator.geometry.coordinates import Point
from fluoro_annotator.geometry.directions import (
    Edges,
    Orientation,
    checked_orientation,
    edge_letters,
    opposite,
    wrapped,
)

QUARTERS: Final = 4
QUARTER_DEG: Final = 90.0

Shape = tuple[int, int]
Matrix = tuple[tuple[float, float, float], ...]


@dataclass(frozen=True, slots=True)
class Turn:
    """How an image is laid on the screen: mirrored first, then turned clockwise.

    Parameters
    ----------
    quarters : int
        Quarter turns clockwise, 0 to 3.
    mirrored : bool
        Whether left and right are exchanged before the turning.

    Raises
    ------
    GeometryError
        If the number of quarter turns is not 0, 1, 2 or 3.

    Examples
    --------
    >>> turn = Turn(1)
    >>> turn.to_display(Point(0, 0), (2, 5))
    Point(row=0, column=1)
    >>> turn.to_image(Point(0, 1), (2, 5))
    Point(row=0, column=0)

    """

    quarters: int = 0
    mirrored: bool = False

    def __post_init__(self) -> None:
        if isinstance(self.quarters, bool) or self.quarters not in range(QUARTERS):
            raise GeometryError(
                f"turn by {self.quarters} quarters", "is not one of the four", "Allowed: 0, 1, 2, 3."
            )

    @property
    def inverse(self) -> Turn:
        """The turn that leads back."""
        return self if self.mirrored else Turn(-self.quarters % QUARTERS)

    def then(self, other: Turn) -> Turn:
        """Return this turn followed by another one as one turn."""
        own = -self.quarters if other.mirrored else self.quarters
        return Turn((own + other.quarters) % QUARTERS, self.mirrored != other.mirrored)

    def clockwise(self) -> Turn:
        """Return this turn followed by a quarter turn clockwise."""
        return self.then(Turn(1))

    def flipped(self) -> Turn:
        """Return this turn followed by an exchange of left and right on the screen."""
        return self.then(Turn(mirrored=True))

    def shape(self, shape: Shape) -> Shape:
        """Return rows and columns on the screen of an image with rows and columns `shape`."""
        rows, columns = shape
        return (columns, rows) if self.quarters % 2 else (rows, columns)

    def direction_to_display(self, direction: tuple[float, float]) -> tuple[float, float]:
        """Convert a direction (rows, columns) of the image to one of the screen."""
        rows, columns = direction
        if self.mirrored:
            columns = -columns
        for _ in range(self.quarters):
            rows, columns = columns, -rows
        return rows, columns

    def direction_to_image(self, direction: tuple[float, float]) -> tuple[float, float]:
        """Convert a direction of the screen to one of the image: the inverse of `direction_to_display`."""
        return self.inverse.direction_to_display(direction)

    def to_display(self, point: Point, shape: Shape) -> Point:
        """Convert a position in the image to one on the screen, exactly.

        Parameters
        ----------
        point : Point
            Position in the image.
        shape : tuple of int
            Rows and columns of the image (not of the screen).

        """
        row, column = point
        rows, columns = shape
        if self.mirrored:
            column = columns - 1 - column
        for _ in range(self.quarters):
            row, column, rows, columns = column, rows - 1 - row, columns, rows
        return Point(row, column)

    def to_image(self, point: Point, shape: Shape) -> Point:
        """Convert a position on the screen to one in the image: the inverse of `to_display`.

        Parameters
        ----------
        point : Point
            Position on the screen.
        shape : tuple of int
            Rows and columns of the image (not of the screen).

        """
        return self.inverse.to_display(point, self.shape(shape))

    def display_matrix(self, shape: Shape) -> Matrix:
        """Return `to_display` as a matrix.

        Parameters
        ----------
        shape : tuple of int
            Rows and columns of the image.

        Returns
        -------
        tuple of 3 rows of 3 floats
            Maps ``(row, column, 1)`` of the image to that of the screen; all entries are whole numbers.

        """
        origin = self.to_display(Point(0, 0), shape)
        down = self.direction_to_display((1, 0))
        right = self.direction_to_display((0, 1))
        return (
            (down[0], right[0], origin.row),
            (down[1], right[1], origin.column),
            (0.0, 0.0, 1.0),
        )

    def image_matrix(self, shape: Shape) -> Matrix:
        """Return `to_image` as a matrix: the exact inverse of `display_matrix`."""
        return self.inverse.display_matrix(self.shape(shape))

    def angle_to_display(self, degrees: float) -> float:
        """Convert the angle of a direction in the image to its angle on the screen, 0 to below 360."""
        shown = 180.0 - degrees if self.mirrored else degrees
        return wrapped(shown + QUARTER_DEG * self.quarters)

    def angle_to_image(self, degrees: float) -> float:
        """Convert the angle of a direction on the screen back: the inverse of `angle_to_display`."""
        return self.inverse.angle_to_display(degrees)

    def orientation_to_display(self, orientation: Sequence[str]) -> Orientation:
        """Convert Patient Orientation of the image to that of what is on the screen.

        Parameters
        ----------
        orientation : sequence of str
            Letters of the direction of the rows (rightwards) and of the columns (downwards).

        Raises
        ------
        GeometryError
            If these are not two directions along different axes of the body.

        """
        right, down = checked_orientation(orientation)
        if self.mirrored:
            right = opposite(right)
        for _ in range(self.quarters):
            right, down = opposite(down), right
        return right, down

    def orientation_to_image(self, orientation: Sequence[str]) -> Orientation:
        """Convert letters of the screen back: the inverse of `orientation_to_display`."""
        return self.inverse.orientation_to_display(orientation)

    def edges(self, orientation: Sequence[str]) -> Edges:
        """Return the letters at the edges of the screen for an image with a Patient Orientation."""
        return edge_letters(self.orientation_to_display(orientation))


AS_STORED: Final = Turn()

ALL_TURNS: Final = tuple(
    Turn(quarters, mirrored) for mirrored in (False, True) for quarters in range(QUARTERS)
)
"""The eight ways to lay an image on the screen."""
