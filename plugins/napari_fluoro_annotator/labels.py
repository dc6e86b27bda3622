"""Where labels go, so that they can be read: beside their marks and not on top of each other."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import inf
from typing import NamedTuple

from napari_fluoro_annotator import styles


class Label(NamedTuple):
    """A text and where its mark is, in screen pixels.

    Attributes
    ----------
    text : str
        One or more lines.
    row, column : float
        Place of the mark on the screen.
    offset : tuple of int
        How far below and right of the mark the text ends and starts, if there is room.

    """

    text: str
    row: float
    column: float
    offset: tuple[int, int]

    @property
    def width(self) -> float:
        """Estimated width of the text."""
        return styles.CHARACTER_WIDTH * max(map(len, self.text.split("\n")))

    @property
    def height(self) -> float:
        """Estimated height of the text."""
        return float(styles.LINE_HEIGHT * (self.text.count("\n") + 1))


class Box(NamedTuple):
    """What a text covers of the screen."""

    top: float
    left: float
    bottom: float
    right: float

    def meets(self, other: Box) -> bool:
        """Return whether two texts cover each other in part."""
        return (
            self.left < other.right
            and other.left < self.right
            and self.top < other.bottom
            and other.top < self.bottom
        )


class Screen(NamedTuple):
    """What labels are written on, in screen pixels from its top left corner."""

    width: float
    height: float = inf

    def holds(self, box: Box) -> bool:
        """Return whether the whole of a text can be seen."""
        return box.left >= 0 and box.right <= self.width and box.top >= 0 and box.bottom <= self.height

    def sees(self, label: Label) -> bool:
        """Return whether the mark of a label can be seen."""
        return 0 <= label.row <= self.height and 0 <= label.column <= self.width


def arrange(labels: Sequence[Label], screen: Screen, avoid: Sequence[Box] = ()) -> list[tuple[float, float]]:
    """Find a place for each label.

    Parameters
    ----------
    labels : sequence of Label
        The more important ones first: they get the place they want.
    screen : Screen
        What they are written on. Texts of marks on it stay within it where there is room.
    avoid : sequence of Box
        Where something else is written, on the screen.

    Returns
    -------
    list of tuple of float
        For each label how far below its mark the text ends, and how far right of it the text
        starts, in screen pixels. Where there is no free place nearby, the one that was wanted.

    """
    taken = list(avoid)
    places = []
    for label in labels:
        place = _place(label, screen, taken)
        taken.append(_box(label, place))
        places.append(place)
    return places


def _place(label: Label, screen: Screen, taken: Sequence[Box]) -> tuple[float, float]:
    """Return the nearest free place within the screen, or else any free one, or else the one that was wanted."""
    beyond = wanted = None
    may_leave = not screen.sees(label)
    for place in _candidates(label, screen.width):
        wanted = wanted or place
        box = _box(label, place)
        if any(box.meets(other) for other in taken):
            continue
        if may_leave or screen.holds(box):
            return place
        beyond = beyond or place
    return beyond or wanted or label.offset


def _candidates(label: Label, screen_width: float) -> Iterator[tuple[float, float]]:
    """Yield places, the nearest first: beside the mark, then up and down by half lines."""
    down, right = map(float, label.offset)
    left = -right - label.width
    sides = (left, right) if label.column + right + label.width > screen_width else (right, left)
    for half_lines in range(2 * styles.MOST_LINES_AWAY):
        for direction in (-1, 1):
            for side in sides[: 1 if half_lines == 0 and direction == 1 else 2]:
                yield down + direction * half_lines * styles.LINE_HEIGHT / 2, side


def _box(label: Label, place: tuple[float, float]) -> Box:
    down, right = place
    bottom, left = label.row + down, label.column + right
    return Box(bottom - label.height, left, bottom, left + label.width)
