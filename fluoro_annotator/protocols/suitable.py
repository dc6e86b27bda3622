"""Which views of a protocol may an image be, going by its angles? Suggestions, never a side."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from fluoro_annotator.protocols.values import HALF_TURN, ViewSpec

TOLERANCE: Final = 10.0
"""Degrees by which an image may miss the usual angles of a view: an engineering default."""


def suitable_views(views: Iterable[ViewSpec], primary: float, secondary: float) -> tuple[ViewSpec, ...]:
    """Return the views whose usual angles come near those of an image.

    Localizers and runs have no angles of their own and are never suggested. Left and right are not
    told apart, because a device may take a patient on the belly for one on the back.

    Parameters
    ----------
    views : iterable of ViewSpec
        Those of a protocol.
    primary, secondary : float
        Angles in degrees as in DICOM: turn off the sagittal plane, and tilt with the detector towards the
        head positive.

    Returns
    -------
    tuple of ViewSpec
        The nearest first; among equally near ones those that state a tilt.

    Examples
    --------
    >>> from fluoro_annotator.protocols import load_protocols
    >>> block = load_protocols(folders=()).get("lumbar_mbb")
    >>> [view.id for view in suitable_views(block.views, -155.0, 4.0)]
    ['IPSI_OBLIQUE']

    """
    near = [
        (_miss(view, primary, secondary), view.tilt_deg is None, view) for view in views if view.oblique_deg
    ]
    kept = sorted((entry for entry in near if entry[0] <= TOLERANCE), key=lambda entry: entry[:2])
    return tuple(view for _, _, view in kept)


def _miss(view: ViewSpec, primary: float, secondary: float) -> float:
    turn = abs((primary + HALF_TURN) % (2 * HALF_TURN) - HALF_TURN)
    off_sagittal = min(turn, HALF_TURN - turn)
    return max(_outside(off_sagittal, view.oblique_deg), _outside(secondary, view.tilt_deg))


def _outside(value: float, interval: tuple[float, float] | None) -> float:
    """Return how far a value lies outside an interval; 0 inside, or without one."""
    if interval is None:
        return 0.0
    return max(interval[0] - value, value - interval[1], 0.0)
