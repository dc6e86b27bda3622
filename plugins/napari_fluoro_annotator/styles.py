"""How marks look: colour and shape for each kind, after Okabe and Ito's colour-blind-safe palette.

Okabe M, Ito K. Color Universal Design (CUD), 2002 (revised 2008).
"""

from __future__ import annotations

from typing import NamedTuple

ORANGE = "#E69F00"
SKY_BLUE = "#56B4E9"
YELLOW = "#F0E442"
WHITE = "#FFFFFF"
BLACK = "#000000"
TRANSPARENT = "transparent"


class Style(NamedTuple):
    """How the handles of one kind of mark look.

    Attributes
    ----------
    layer : str
        Name of the napari layer.
    colour : str
        Colour of outline and text.
    symbols : dict of str to str
        napari symbol for each point of the mark.
    screen_size : int
        Size in screen pixels, whatever the zoom.
    text_offset : tuple of int
        Where the text starts, in screen pixels down and right of the point.

    """

    layer: str
    colour: str
    symbols: dict[str, str]
    screen_size: int
    text_offset: tuple[int, int]


TARGET = Style("Targets", ORANGE, {"position": "disc"}, 24, (-18, 14))
NEEDLE = Style("Needles", SKY_BLUE, {"tip": "diamond", "hub": "square"}, 20, (50, 14))
LEVEL = Style("Levels", YELLOW, {"position": "square"}, 16, (0, 14))

SHAFTS = "Needle shafts"
BEND = "disc"
SHAFT_WIDTH = 1.5
SHAFT_GAP = 12
LINE = 0.1
LINE_SELECTED = 0.22
TEXT_SIZE = 10
CHARACTER_WIDTH = 8.9
LINE_HEIGHT = 23
MOST_LINES_AWAY = 5
SHADOW = ((-1, -1), (-1, 1), (1, -1), (1, 1))
GRAB_RADIUS = 14
DRAG_THRESHOLD = 4
