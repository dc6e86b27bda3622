"""How everything looks that is drawn after an answer: each role by colour and by symbol or dashes.

The colours are those of Okabe and Ito (see `styles`); nothing is told by colour alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, NamedTuple

from fluoro_annotator.training.pictures import Role
from napari_fluoro_annotator import styles


class Look(NamedTuple):
    """How one role looks.

    Attributes
    ----------
    colour : str
        Hexadecimal.
    symbol : str
        napari symbol of a place.
    dashes : tuple of int
        Lengths drawn and left out by turns, in screen pixels; empty for a line without gaps.
    size : int
        Size of the symbol in screen pixels.

    """

    colour: str
    symbol: str = "disc"
    dashes: tuple[int, ...] = ()
    size: int = 20


LOOKS: Final[Mapping[Role, Look]] = MappingProxyType(
    {
        Role.BONE: Look(styles.WHITE),
        Role.OTHER_BONE: Look(styles.PURPLE, dashes=(14, 5)),
        Role.MARGINAL: Look(styles.GREEN, dashes=(6, 5)),
        Role.GOOD: Look(styles.GREEN),
        Role.AXIS: Look(styles.YELLOW, dashes=(2, 4)),
        Role.SAFETY: Look(styles.VERMILLION, dashes=(16, 4, 3, 4)),
        Role.SAFETY_BEYOND: Look(styles.VERMILLION, dashes=(2, 5)),
        Role.COURSE: Look(styles.YELLOW),
        Role.DISTANCE: Look(styles.WHITE, dashes=(4, 4)),
        Role.OUTLIER: Look(styles.SKY_BLUE, "x", (3, 3), 18),
        Role.REFERENCE: Look(styles.SKY_BLUE, "cross", size=22),
        Role.MIDDLE: Look(styles.WHITE, "diamond", size=12),
        Role.ELSEWHERE: Look(styles.PURPLE, "triangle_up", size=20),
        Role.TRAIL: Look(styles.ORANGE, dashes=(2, 4)),
        Role.REPLAYED: Look(styles.YELLOW, "ring", (8, 3), 26),
        Role.SHOWN: Look(styles.YELLOW, "square", size=20),
        Role.ANSWER: Look(styles.ORANGE, "disc", size=24),
    }
)
"""The look of each role."""

FEEDBACK_LINES: Final = "Feedback lines"
FEEDBACK_PLACES: Final = "Feedback places"
FEEDBACK_NAMES: Final = "Feedback names"

NAME_OFFSETS: Final[Mapping[Role, tuple[int, int]]] = MappingProxyType(
    {Role.DISTANCE: (-4, 8), Role.BONE: (-4, 4), Role.OTHER_BONE: (-4, 4)}
)
"""Where a name ends and starts, in screen pixels below and right of what it names."""
USUAL_OFFSET: Final = (-12, 14)
