"""Capital letters drawn into an array of pixels, for pictures that need a label and no font."""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

HEIGHT: Final = 7
ADVANCE: Final = 6
"""Rows of a letter, and columns from one to the next, at scale 1."""

_SHAPES: Final = {
    " ": "0000000000", "0": "3E5149453E", "1": "00427F4000", "2": "4261514946", "3": "2141454B31",
    "4": "1814127F10", "5": "2745454539", "6": "3C4A494930", "7": "0171090503", "8": "3649494936",
    "9": "064949291E", "A": "7E1111117E", "B": "7F49494936", "C": "3E41414122", "D": "7F4141221C",
    "E": "7F49494941", "F": "7F09090901", "G": "3E4149497A", "H": "7F0808087F", "I": "00417F4100",
    "J": "2040413F01", "K": "7F08142241", "L": "7F40404040", "M": "7F020C027F", "N": "7F0408107F",
    "O": "3E4141413E", "P": "7F09090906", "Q": "3E4151215E", "R": "7F09192946", "S": "4649494931",
    "T": "01017F0101", "U": "3F4040403F", "V": "1F2040201F", "W": "3F4038403F", "X": "6314081463",
    "Y": "0708700807", "Z": "6151494543", ",": "0050300000", ".": "0060600000", "-": "0808080808",
    "+": "08083E0808", "/": "2010080402", ":": "0036360000", "(": "001C224100", ")": "0041221C00",
    "°": "0006090906", "?": "0201510906",
}  # fmt: skip
"""Five columns of each letter as hexadecimal numbers; the lowest bit is the top row."""


def lettered(text: str, scale: int = 1) -> npt.NDArray[np.bool_]:
    """Return a line of text as pixels; small letters become capitals, unknown ones a question mark.

    Parameters
    ----------
    text : str
        One line.
    scale : int
        Pixels of each dot, in both directions.

    Returns
    -------
    ndarray of bool, shape (7 * scale, 6 * scale * len(text))
        True where there is ink.

    """
    dots = np.zeros((HEIGHT, ADVANCE * len(text)), np.bool_)
    for place, character in enumerate(text):
        shape = bytes.fromhex(_SHAPES.get(character.upper(), _SHAPES["?"]))
        columns = np.frombuffer(shape, np.uint8)
        start = place * ADVANCE
        dots[:, start : start + len(shape)] = columns[None, :] >> np.arange(HEIGHT)[:, None] & 1
    return np.repeat(np.repeat(dots, scale, axis=0), scale, axis=1)
