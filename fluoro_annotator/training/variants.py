"""How a picture is shown that has been seen before: mirrored, and with another contrast, so that it is not memorised.

A flip of the display takes the letters of the sides with it; sides are never exchanged. All numbers are engineering
defaults.
"""

from __future__ import annotations

import hashlib
from typing import Final

from fluoro_annotator.training.steps import AS_IT_IS, Variant

LEAST_CONTRAST: Final = 0.8
MOST_CONTRAST: Final = 1.25
BRIGHTNESS: Final = 0.08
"""Bounds of contrast and brightness: what nobody would call another exposure."""

STEPS: Final = (0.7548776662466927, 0.5698402909980532)
"""Steps of a sequence that fills a square evenly and never comes back (Roberts M. The unreasonable effectiveness of
quasirandom sequences, 2018): two pictures of it are never alike."""


def variant_of(trainee: str, picture: str, seen: int) -> Variant:
    """Return how a picture is shown to a trainee who has seen it before.

    Parameters
    ----------
    trainee, picture : str
        Whom it is shown to, and an identifier of the picture.
    seen : int
        How often this trainee has answered something on this picture. The first time it is shown as it is.

    Returns
    -------
    Variant
        The same for the same arguments, on every computer. Of two that follow each other one is mirrored.

    Examples
    --------
    >>> variant_of("Trainee A", "1.2.3.4", 0)
    Variant(mirrored=False, contrast=1.0, brightness=0.0)
    >>> [variant_of("Trainee A", "1.2.3.4", seen).mirrored for seen in range(4)]
    [False, True, False, True]

    """
    if seen == 0:
        return AS_IT_IS
    digest = hashlib.sha256(f"{trainee}\n{picture}".encode("utf-8", "surrogatepass")).digest()
    starts = (int.from_bytes(part, "big") / 2**64 for part in (digest[:8], digest[8:16]))
    across, up = ((start + seen * step) % 1.0 for start, step in zip(starts, STEPS, strict=True))
    return Variant(
        mirrored=seen % 2 == 1,
        contrast=round(LEAST_CONTRAST * (MOST_CONTRAST / LEAST_CONTRAST) ** across, 4),
        brightness=round((2 * up - 1) * BRIGHTNESS, 4),
    )
