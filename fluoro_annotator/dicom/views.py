"""Which frames belong into one layer."""

from __future__ import annotations

from typing import Final

from fluoro_annotator.dicom.display import display_dtype
from fluoro_annotator.dicom.models import Image, Series, Study
from fluoro_annotator.dicom.stack import FrameStack
from fluoro_annotator.dicom.voi import is_inverted, voi_kind

ANGLE_TOLERANCE: Final = 1.0
"""Degrees by which positioner angles of one view may differ."""


def views(study: Study) -> tuple[FrameStack, ...]:
    """Return the frames of a study, one stack for each view.

    Images of one series go into one stack if they have the same size, kind of values, view
    label and, within a degree, the same positioner angles. An image with several frames
    stands alone.

    Parameters
    ----------
    study : Study
        From a scan.

    Returns
    -------
    tuple of FrameStack
        Series by series, each view at the place of its first image. Nothing is read.

    """
    return tuple(FrameStack(group) for series in study.series for group in _groups(series))


def _groups(series: Series) -> list[list[Image]]:
    groups: list[list[Image]] = []
    for image in series.images:
        group = next((group for group in groups if _same_view(group[0], image)), None)
        if group is None:
            groups.append([image])
        else:
            group.append(image)
    return groups


def _same_view(first: Image, other: Image) -> bool:
    return (
        first.frames == other.frames == 1
        and _kind(first) == _kind(other)
        and _close(first.primary_angle, other.primary_angle)
        and _close(first.secondary_angle, other.secondary_angle)
    )


def _kind(image: Image) -> tuple[object, ...]:
    return (
        image.shown_shape,
        image.photometric,
        image.view_label,
        display_dtype(image),
        voi_kind(image),
        is_inverted(image),
    )


def _close(first: float | None, other: float | None) -> bool:
    if first is None or other is None:
        return first is other
    difference = abs(first - other) % 360
    return min(difference, 360 - difference) <= ANGLE_TOLERANCE
