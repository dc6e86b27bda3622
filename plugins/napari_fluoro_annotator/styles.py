"""How marks look: colour and shape for each kind, after Okabe and Ito's colour-blind-safe palette.

Okabe M, Ito K. Color Universal Design (CUD), 2002 (revised 2008).
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType
from typing import NamedTuple

from fluoro_annotator.marks import MarkKind

ORANGE = "#E69F00"
GREEN = "#009E73"
BLUE = "#0072B2"
VERMILLION = "#D55E00"
PURPLE = "#CC79A7"
SKY_BLUE = "#56B4E9"
YELLOW = "#F0E442"
WHITE = "#FFFFFF"
BLACK = "#000000"
TRANSPARENT = "transparent"

WARNING_STYLE = f"font-weight: bold; color: {ORANGE};"
"""Style sheet of a text that has to be heeded."""

REFERENCE_STYLE = f"QComboBox {{ font-weight: bold; color: {BLACK}; background: {SKY_BLUE}; }}"
"""Style sheet of the field that says that a reading is a reference: nothing else in the dock looks like it."""


class Style(NamedTuple):
    """How the handles of one kind of mark look.

    Attributes
    ----------
    layer : str
        Name of the napari layer.
    colour : str
        Colour of outline and text.
    symbol : str
        napari symbol of its points.
    screen_size : int
        Size in screen pixels, whatever the zoom.
    text_offset : tuple of int
        Where the text starts, in screen pixels down and right of the point.
    other_symbols : dict of str to str
        Symbols of single points by name, where they differ.

    """

    layer: str
    colour: str
    symbol: str
    screen_size: int
    text_offset: tuple[int, int]
    other_symbols: Mapping[str, str] = MappingProxyType({})

    def symbol_of(self, name: str) -> str:
        """Return the symbol of a point of the mark."""
        return self.other_symbols.get(name, self.symbol)


TARGET = Style("Targets", ORANGE, "disc", 24, (-18, 14))
NEEDLE = Style("Needles", SKY_BLUE, "square", 20, (50, 14), {"tip": "diamond"})
LEVEL = Style("Levels", YELLOW, "square", 16, (0, 14))
WAITING = Style("Not complete", WHITE, "diamond", 20, (50, 14))

COURSE = Style("Courses", GREEN, "disc", 14, (-18, 14))
ZONE = Style("Zones", GREEN, "square", 12, (-18, 14))
LANDMARK = Style("Landmarks", PURPLE, "cross", 16, (0, 14))
EVENT = Style("Events", VERMILLION, "triangle_up", 22, (-10, 16))

STYLES = {
    MarkKind.TARGET: TARGET,
    MarkKind.NEEDLE: NEEDLE,
    MarkKind.LEVEL_LABEL: LEVEL,
    MarkKind.NERVE_COURSE: COURSE,
    MarkKind.TARGET_ZONE: ZONE,
    MarkKind.LANDMARK: LANDMARK,
    MarkKind.EVENT: EVENT,
    MarkKind.VIEW_JUDGEMENT: EVENT,
}


def style_of(kind: MarkKind) -> Style:
    """Return how marks of a kind look."""
    return STYLES[kind]


@cache
def rgba(colour: str) -> tuple[float, float, float, float]:
    """Return red, green, blue and opacity, each from 0 to 1, of a colour written ``#RRGGBB``."""
    red, green, blue = (int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5))
    return red, green, blue, 1.0


@cache
def shadow_of(colour: str) -> tuple[tuple[int, int], ...]:
    """Return where the dark copies of a text lie, in screen pixels down and right of it.

    The weights of the luma are those of Recommendation ITU-R BT.709.
    """
    luma = sum(weight * part for weight, part in zip(LUMA, rgba(colour)[:3], strict=True))
    return OUTLINE if luma > BRIGHT else SHADOW


EVENT_LETTERS: Mapping[str, str] = MappingProxyType(
    {
        "contrast_appears": "C",
        "vascular_uptake": "V",
        "epidural_spread": "E",
        "foraminal_spread": "F",
        "intrathecal_spread": "T",
        "intra_articular_spread": "A",
        "periosteal_spread": "P",
        "final_position": "X",
    }
)
"""What stands for an event on the strip."""

STATUS_SIGNS: Mapping[str, str] = MappingProxyType(
    {
        "advance": "\N{BLACK DOWN-POINTING TRIANGLE}",
        "withdraw": "\N{BLACK UP-POINTING TRIANGLE}",
        "final": "\N{BLACK SQUARE}",
        "inject": "\N{BLACK CIRCLE}",
        "ablate": "\N{BLACK DIAMOND}",
    }
)
"""What stands on the strip for what is done with a needle."""

LABELS = "Mark names"
LABEL_SELECTED = "Selected name"
LINES = "Mark lines"
GUIDES = "Guide lines"
DASH = 9
GUIDE_TEXT = (-6, 10)
LINE_WIDTH = 2.5
SHAFT_GAP = 12
LINE = 0.1
LINE_SELECTED = 0.22
TEXT_SIZE = 10
SIDE_SIZE = 16
CHARACTER_WIDTH = 8.9
LINE_HEIGHT = 23
MOST_LINES_AWAY = 5
SHADOW = ((1, 1),)
"""Where the dark copy of a text lies, in screen pixels: a coloured text is told from a bright image by its colour, too."""
OUTLINE = ((-1, -1), (1, 1))
"""Where the dark copies of a white or yellow text lie: on a bright image they are all that is seen of it."""
LUMA = (0.2126, 0.7152, 0.0722)
BRIGHT = 0.8
"""Luma from which a colour is as bright as white and yellow are."""
GRAB_RADIUS = 14
DRAG_THRESHOLD = 4
