"""A picture of all views of some studies, as small pictures side by side."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final

import imagecodecs
import numpy as np
import numpy.typing as npt

from fluoro_annotator.cli.lettering import ADVANCE, HEIGHT, lettered
from fluoro_annotator.cli.screen import say
from fluoro_annotator.dicom import FrameStack, Study, views
from fluoro_annotator.errors import DicomError
from fluoro_annotator.exchange.files import write_atomically

Picture = npt.NDArray[np.uint8]

SIDE: Final = 320
GAP: Final = 8
SCALE: Final = 2
LINES: Final = 4
LINE_HEIGHT: Final = (HEIGHT + 3) * SCALE
LETTERS: Final = SIDE // (ADVANCE * SCALE)
MOST_VIEWS: Final = 400
"""Pixels of a small picture and of the gap between two, size and number of lines below each, and how
many are shown at most."""

BACKGROUND: Final = 24
NOTHING: Final = 60
INK: Final = 230
"""Grey levels: between pictures, of a picture that cannot be read, and of letters."""
UNREADABLE: Final = "cannot be read"
"""Stands below a picture that cannot be read, before the other lines."""


def write_contact_sheet(studies: Sequence[Study], path: Path) -> None:
    """Write a picture of all views: the frame in the middle of each, with series, view and frames.

    Nothing else is written on it: no name of a patient, no date. What the pixels of an image show
    by themselves is not removed; overlays are not drawn.

    Parameters
    ----------
    studies : sequence of Study
        What to show.
    path : pathlib.Path
        The PNG file; it must not exist yet, so that no image can be overwritten by mistake.

    Raises
    ------
    ExchangeError
        If the file exists or cannot be written.

    """
    stacks = [stack for study in studies for stack in views(study)]
    tiles = [_tile(stack) for stack in stacks[:MOST_VIEWS]]
    write_atomically(path, bytes(imagecodecs.png_encode(_sheet(tiles))), overwrite=False)
    left = len(stacks) - len(tiles)
    more = f"; {left} more views did not fit" if left else ""
    say(f"Wrote {len(tiles)} {'view' if len(tiles) == 1 else 'views'} to {path}{more}.")


def _sheet(tiles: Sequence[Picture]) -> Picture:
    height, width = tiles[0].shape[:2]
    columns = math.ceil(math.sqrt(len(tiles)))
    rows = math.ceil(len(tiles) / columns)
    size = (rows * (height + GAP) + GAP, columns * (width + GAP) + GAP, 3)
    sheet = np.full(size, BACKGROUND, np.uint8)
    for place, tile in enumerate(tiles):
        top = GAP + place // columns * (height + GAP)
        left = GAP + place % columns * (width + GAP)
        sheet[top : top + height, left : left + width] = tile
    return sheet


def _tile(stack: FrameStack) -> Picture:
    """Return one small picture with its lines."""
    tile = np.full((SIDE + LINES * LINE_HEIGHT, SIDE, 3), BACKGROUND, np.uint8)
    lines = label_lines(stack)
    try:
        small = _small(stack.picture(len(stack) // 2), stack.image_at(0).geometry.pixel_aspect)
    except DicomError as error:
        say(str(error))
        small = np.full((SIDE // 2, SIDE // 2), NOTHING, np.uint8)
        lines = [UNREADABLE, *lines][:LINES]
    height, width = small.shape[:2]
    top, left = (SIDE - height) // 2, (SIDE - width) // 2
    tile[top : top + height, left : left + width] = small if small.ndim == tile.ndim else small[..., None]
    for number, line in enumerate(lines):
        ink = lettered(line, SCALE)
        first = SIDE + number * LINE_HEIGHT + 2 * SCALE
        tile[first : first + ink.shape[0], : ink.shape[1]][ink] = INK
    return tile


def label_lines(stack: FrameStack) -> list[str]:
    """Return what stands below a small picture: series number and number of frames, then the view."""
    image = stack.images[0]
    series = "" if image.series_number is None else f"series {image.series_number}, "
    frames = "1 frame" if len(stack) == 1 else f"{len(stack)} frames"
    view = textwrap.wrap(image.view_name, LETTERS)[: LINES - 1]
    return [f"{series}{frames}"[:LETTERS], *view]


def _small(picture: Picture, aspect: float) -> Picture:
    """Return a picture that fits into the square, with square pixels; averaged, so that needles stay."""
    rows, columns = picture.shape[:2]
    shrunk = min(SIDE / (rows * aspect), SIDE / columns, 1.0)
    for axis, size in enumerate((rows * aspect * shrunk, columns * shrunk)):
        picture = _averaged(picture, axis, max(round(min(size, SIDE)), 1))
    return picture


def _averaged(picture: npt.NDArray[Any], axis: int, size: int) -> Picture:
    """Return a picture with another number of pixels along one axis, each the mean of those it covers."""
    parts = list(_parts(picture.shape[axis], size))
    columns = [np.take(picture, range(*part), axis=axis).mean(axis=axis) for part in parts]
    return np.asarray(np.rint(np.stack(columns, axis=axis)), np.uint8)


def _parts(length: int, size: int) -> Iterator[tuple[int, int]]:
    """Yield the range of old pixels for each new one; at least one."""
    for place in range(size):
        first = place * length // size
        yield first, max((place + 1) * length // size, first + 1)
