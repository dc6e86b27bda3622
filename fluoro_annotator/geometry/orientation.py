"""Turning and mirroring an image on the screen, and the letters at its edges.

A `Turn` is one of the eight ways to lay a rectangle on itself: an optional exchange of left and
right, then quarter turns clockwise. All of them are exact: pixels go to pixels, and back.

Directions in an image are ``(rows, columns)``. Angles of directions are in degrees, 0 towards the
right edge and 90 towards the bottom edge, so they grow clockwise on the screen.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from fluoro_annotator.errors import GeometryError
from fluoro_annotator.geometry.coordinates import Point

QUARTERS: Final = 4
FULL_TURN_DEG: Final = 360.0
QUARTER_DEG: Final = 90.0

OPPOSITE: Final = {"A": "P", "P": "A", "L": "R", "R": "L", "H": "F", "F": "H"}
"""Letters of Patient Orientation (PS3.3 C.7.6.1.1.1) and those of the opposite direction."""

AXIS: Final = {"A": 0, "P": 0, "L": 1, "R": 1, "H": 2, "F": 2}

WORDS: Final = {"cranial": "H", "caudal": "F", "dorsal": "P", "ventral": "A", "left": "L", "right": "R"}
"""Anatomical directions in words and their letters."""

Shape = tuple[int, int]
Orientation = tuple[str, str]
Matrix = tuple[tuple[float, float, float], ...]


class Edges(NamedTuple):
    """Letters of the directions at the four edges of an image.

    Attributes
    ----------
    top, right, bottom, left : str
        For example ``("H", "R", "F", "L")``.

    """

    top: str
    right: str
    bottom: str
    left: str


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
        return _wrapped(shown + QUARTER_DEG * self.quarters)

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


def opposite(letters: str) -> str:
    """Return the letters of the opposite direction, for example ``"LA"`` for ``"RP"``."""
    return "".join(OPPOSITE[letter] for letter in letters)


def edge_letters(orientation: Sequence[str]) -> Edges:
    """Return the letters at the four edges of an image.

    Parameters
    ----------
    orientation : sequence of str
        Patient Orientation: letters of the rows (rightwards) and of the columns (downwards).

    Raises
    ------
    GeometryError
        If these are not two directions along different axes of the body.

    Examples
    --------
    >>> edge_letters(("R", "F"))
    Edges(top='H', right='R', bottom='F', left='L')

    """
    right, down = checked_orientation(orientation)
    return Edges(opposite(down), right, down, opposite(right))


def checked_orientation(orientation: Sequence[str]) -> Orientation:
    """Return Patient Orientation if it names two directions along different axes of the body.

    Raises
    ------
    GeometryError
        If it does not.

    """
    if not _is_orientation(orientation):
        raise GeometryError(
            f"patient orientation {tuple(orientation)}",
            "does not name two directions along different axes of the body",
            "Expected are letters of A, P, L, R, H and F for the rows and for the columns.",
        )
    return orientation[0], orientation[1]


def direction_in_image(letter: str, orientation: Sequence[str]) -> tuple[int, int] | None:
    """Return where an anatomical direction points in an image.

    Only the main letter of each axis of the image is used; an oblique image shows the direction tilted.

    Parameters
    ----------
    letter : str
        One of A, P, L, R, H, F, or a word of `WORDS`.
    orientation : sequence of str
        Patient Orientation of the image.

    Returns
    -------
    tuple of (int, int) or None
        Unit step (rows, columns); None where the direction lies along the beam.

    Raises
    ------
    GeometryError
        If the letter or the orientation is not known.

    Examples
    --------
    >>> direction_in_image("dorsal", ("P", "F"))
    (0, 1)

    """
    wanted = WORDS.get(letter, letter)
    if wanted not in OPPOSITE:
        raise GeometryError(f"direction {letter!r}", "is not a direction of the body")
    right, down = checked_orientation(orientation)
    steps = {right[0]: (0, 1), down[0]: (1, 0), opposite(right[0]): (0, -1), opposite(down[0]): (-1, 0)}
    return steps.get(wanted)


def direction_angle(direction: tuple[float, float]) -> float:
    """Return the angle of a direction (rows, columns): 0 rightwards, 90 downwards, below 360.

    Raises
    ------
    GeometryError
        If the direction has no length or is not finite.

    """
    length = math.hypot(*direction)
    if not (math.isfinite(length) and length > 0):
        raise GeometryError(f"direction {direction}", "has no length")
    return _wrapped(math.degrees(math.atan2(*direction)))


def angle_direction(degrees: float) -> tuple[float, float]:
    """Return the unit direction (rows, columns) of an angle: the inverse of `direction_angle`."""
    radians = math.radians(degrees)
    return math.sin(radians), math.cos(radians)


def _wrapped(degrees: float) -> float:
    wrapped = degrees % FULL_TURN_DEG
    return 0.0 if wrapped == FULL_TURN_DEG else wrapped


def _is_orientation(stated: Sequence[str]) -> bool:
    if isinstance(stated, str) or len(stated) != 2 or not all(stated):  # noqa: PLR2004 - rows and columns
        return False
    if not all(letter in AXIS for direction in stated for letter in direction):
        return False
    axes = [[AXIS[letter] for letter in direction] for direction in stated]
    return all(len(set(one)) == len(one) for one in axes) and axes[0][0] != axes[1][0]
