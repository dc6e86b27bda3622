"""Directions in an image: anatomical letters at its edges, steps and angles.

Directions in an image are ``(rows, columns)``. Angles of directions are in degrees, 0 towards the
right edge and 90 towards the bottom edge, so they grow clockwise on the screen.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final, NamedTuple

from fluoro_annotator.errors import GeometryError

FULL_TURN_DEG: Final = 360.0

OPPOSITE: Final = {"A": "P", "P": "A", "L": "R", "R": "L", "H": "F", "F": "H"}
"""Letters of Patient Orientation (PS3.3 C.7.6.1.1.1) and those of the opposite direction."""

AXIS: Final = {"A": 0, "P": 0, "L": 1, "R": 1, "H": 2, "F": 2}

WORDS: Final = {"cranial": "H", "caudal": "F", "dorsal": "P", "ventral": "A", "left": "L", "right": "R"}
"""Anatomical directions in words and their letters."""

Orientation = tuple[str, str]


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
    return wrapped(math.degrees(math.atan2(*direction)))


def angle_direction(degrees: float) -> tuple[float, float]:
    """Return the unit direction (rows, columns) of an angle: the inverse of `direction_angle`."""
    radians = math.radians(degrees)
    return math.sin(radians), math.cos(radians)


def wrapped(degrees: float) -> float:
    """Return an angle in degrees as a number from 0 to below 360."""
    rest = degrees % FULL_TURN_DEG
    return 0.0 if rest == FULL_TURN_DEG else rest


def _is_orientation(stated: Sequence[str]) -> bool:
    if isinstance(stated, str) or len(stated) != 2 or not all(stated):  # noqa: PLR2004 - rows and columns
        return False
    if not all(letter in AXIS for direction in stated for letter in direction):
        return False
    axes = [[AXIS[letter] for letter in direction] for direction in stated]
    return all(len(set(one)) == len(one) for one in axes) and axes[0][0] != axes[1][0]
