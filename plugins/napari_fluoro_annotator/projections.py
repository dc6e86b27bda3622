"""From what a header says of a frame to what is needed to compare it with another view."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from fluoro_annotator.dicom import AcquisitionGeometry, FrameStack, Image
from fluoro_annotator.geometry import Point
from fluoro_annotator.geometry.bands import EpipolarBand
from fluoro_annotator.geometry.epipolar import (
    Correspondence,
    NoBand,
    Tie,
    epipolar_band,
    same_object_possible,
)
from fluoro_annotator.geometry.view_geometry import Millimetres, ViewGeometry
from fluoro_annotator.marks import FrameRef
from napari_fluoro_annotator import texts

ANGIOGRAPHY: Final = frozenset({"1.2.840.10008.5.1.4.1.1.12.1", "1.2.840.10008.5.1.4.1.1.12.1.1"})
"""SOP classes in which the distance from source to patient is that to the isocentre (PS3.3 C.8.7.5)."""

SLANT_DEG: Final = 1.0
"""Angles of table and detector that differ by less count as the same: an engineering default."""


def view_geometry(image: Image, index: int) -> ViewGeometry:
    """Return how a frame (0-based index in its image) was projected, as far as the header says.

    The position of the table is given only where it counts from a place that the device keeps; the
    distance to the isocentre only where the header means the isocentre.
    """
    stated = image.geometry_at(index)
    row_mm, column_mm = stated.imager_spacing_mm or (None, None)
    return ViewGeometry(
        rows=image.rows,
        columns=image.columns,
        primary_angle=stated.primary_angle,
        secondary_angle=stated.secondary_angle,
        source_detector_mm=stated.source_detector_mm,
        source_isocentre_mm=stated.source_patient_mm if image.sop_class_uid in ANGIOGRAPHY else None,
        row_mm=row_mm,
        column_mm=column_mm,
        patient_position=stated.patient_position,
        orientation=_orientation(stated),
        view_rotation=stated.view_rotation,
        mirrored=stated.mirrored,
        table_mm=_table(stated),
    )


def _orientation(stated: AcquisitionGeometry) -> tuple[str, str] | None:
    """Return Patient Orientation as stated, None if it is not a pair."""
    letters = stated.patient_orientation or ()
    return (letters[0], letters[1]) if len(letters) == 2 else None  # noqa: PLR2004 - of rows and of columns


def _table(stated: AcquisitionGeometry) -> Millimetres | None:
    vertical, longitudinal, lateral = stated.table_position_mm
    if not stated.table_is_absolute or vertical is None or longitudinal is None or lateral is None:
        return None
    return vertical, longitudinal, lateral


def obstacle(first: AcquisitionGeometry, second: AcquisitionGeometry) -> str:
    """Return what speaks against comparing two frames that a `ViewGeometry` does not tell, or ``""``."""
    for view in (first, second):
        tilts = (view.detector_primary_angle, view.detector_secondary_angle)
        if any(abs(angle or 0.0) > SLANT_DEG for angle in tilts):
            return texts.SLANTED_DETECTOR
    if any(
        abs((one or 0.0) - (other or 0.0)) > SLANT_DEG
        for one, other in zip(_slants(first), _slants(second), strict=True)
    ):
        return texts.SLANTED_TABLE
    return ""


def _slants(view: AcquisitionGeometry) -> tuple[float | None, ...]:
    return view.table_angle, view.table_rotation, view.table_cradle, view.column_angulation


@lru_cache(maxsize=512)
def band_between(
    point: Point, first: ViewGeometry, second: ViewGeometry, ties: tuple[Tie, ...]
) -> EpipolarBand | NoBand:
    """Return the band of a point as `epipolar_band` does; computed once for the same numbers."""
    return epipolar_band(point, first, second, ties=ties)


@lru_cache(maxsize=1024)
def correspondence(
    points: tuple[Point, Point], first: ViewGeometry, second: ViewGeometry, ties: tuple[Tie, ...]
) -> Correspondence:
    """Return what `same_object_possible` does; computed once for the same numbers."""
    return same_object_possible(*points, first, second, ties=ties)


def direction_words(direction: tuple[float, float], stated: AcquisitionGeometry) -> str:
    """Return in which direction of the body a line runs in a frame, by the letters at its edges.

    Parameters
    ----------
    direction : tuple of (float, float)
        Rows and columns.
    stated : AcquisitionGeometry
        Of the frame.

    Returns
    -------
    str
        For example ``"from A to P"``; ``""`` where the letters are not known.

    """
    edges = stated.edge_letters
    if edges is None:
        return ""
    top, right, bottom, left = edges
    down, across = direction
    if down < 0:
        down, across = -down, -across
    steep, flat = down > abs(across) * STEEP, abs(across) > down * STEEP
    start = (() if flat else (top,)) + (() if steep else (left if across > 0 else right,))
    end = (() if flat else (bottom,)) + (() if steep else (right if across > 0 else left,))
    return texts.FROM_TO.format(start="/".join(start), end="/".join(end))


STEEP: Final = 2.5
"""Tangent of the angle (68 degrees) from which a direction counts as that of one axis of the image."""


def place_of(frame: FrameRef, stacks: tuple[FrameStack, ...]) -> tuple[Image, int] | None:
    """Return the image of a frame and the frame's index in it, None if it is not open."""
    for stack in stacks:
        index = stack.index_of(frame.sop_instance_uid, frame.frame_number)
        if index is not None:
            return stack.image_at(index), frame.frame_number - 1
    return None
