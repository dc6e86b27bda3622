"""Small pieces of English."""

from __future__ import annotations

from collections.abc import Iterable


def listed(words: Iterable[str], otherwise: str = "") -> str:
    """Return words as a list in a sentence.

    Examples
    --------
    >>> listed(["L3-L4", "L4-L5", "L5-S1"])
    'L3-L4, L4-L5 and L5-S1'
    >>> listed([], "no side")
    'no side'

    """
    everything = list(words)
    if len(everything) < 2:  # noqa: PLR2004 - one word needs no "and"
        return everything[0] if everything else otherwise
    return f"{', '.join(everything[:-1])} and {everything[-1]}"
