"""Reads the geometry of each frame, of runs in which the C-arm or the table moved too."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from itertools import accumulate, pairwise
from typing import Final

from pydicom.dataset import Dataset

from fluoro_annotator.dicom.acquisition import FULL_TURN, AcquisitionGeometry, wrap
from fluoro_annotator.dicom.calibration import spacing_of
from fluoro_annotator.dicom.functional_groups import GEOMETRY_GROUPS, FrameHeaders
from fluoro_annotator.dicom.positions import read_position
from fluoro_annotator.dicom.values import number, numbers, text, texts, values

LONGEST_DISTANCE_MM: Final = 5000.0
"""No source stands farther away; a larger number is a slip of the pen."""
MOST_LISTED_FRAMES: Final = 100_000
"""Increments of more frames than this are not written out."""
FROM_EQUIPMENT: Final = (
    "angles of the equipment about its isocentre, right for a patient who lies head first supine"
)
"""For Positioner Isocenter angles, which do not know how the patient lies (PS3.3 C.8.19.6.13.1.2)."""


def read_geometries(headers: FrameHeaders, frames: int) -> tuple[AcquisitionGeometry, ...]:
    """Return the geometry of each frame, or one for all if it is the same.

    Parameters
    ----------
    headers : FrameHeaders
        Headers of the frames.
    frames : int
        Number of frames.

    """
    found = headers.each(read_geometry, GEOMETRY_GROUPS)
    return found if len(found) > 1 else _moved(found[0], headers.first, frames)


def is_turning(geometries: tuple[AcquisitionGeometry, ...]) -> bool:
    """Whether the positioner angles change from frame to frame."""
    first = geometries[0]
    return any(
        (frame.primary_angle, frame.secondary_angle) != (first.primary_angle, first.secondary_angle)
        for frame in geometries
    )


def read_geometry(dataset: Dataset) -> AcquisitionGeometry:
    """Return the geometry that one header states; malformed values count as not stated."""
    follows = text(dataset, "CArmPositionerTabletopRelationship").upper()
    position, contradiction = read_position(dataset)
    table = _table(dataset)
    return AcquisitionGeometry(
        primary_angle=_angle(dataset, "PositionerPrimaryAngle", "PositionerIsocenterPrimaryAngle"),
        secondary_angle=_angle(dataset, "PositionerSecondaryAngle", "PositionerIsocenterSecondaryAngle"),
        detector_primary_angle=_angle(dataset, "DetectorPrimaryAngle"),
        detector_secondary_angle=_angle(dataset, "DetectorSecondaryAngle"),
        column_angulation=_angle(dataset, "ColumnAngulation", "ColumnAngulationPatient"),
        table_angle=_angle(dataset, "TableAngle", "TableHeadTiltAngle"),
        table_rotation=_angle(dataset, "TableHorizontalRotationAngle"),
        table_cradle=_angle(dataset, "TableCradleTiltAngle"),
        table_position_mm=table,
        table_is_absolute=None not in table,
        source_detector_mm=_distance(dataset, "DistanceSourceToDetector"),
        source_patient_mm=_distance(dataset, "DistanceSourceToPatient", "DistanceSourceToIsocenter"),
        stated_magnification=_at_least_one(number(dataset, "EstimatedRadiographicMagnificationFactor")),
        patient_position=position,
        patient_orientation=texts(dataset, "PatientOrientation") or None,
        laterality=_laterality(dataset),
        view_rotation=_angle(dataset, "FieldOfViewRotation"),
        mirrored=_YES_NO.get(text(dataset, "FieldOfViewHorizontalFlip").upper()),
        angles_follow_table=_YES_NO.get(follows),
        imager_spacing_mm=spacing_of(dataset, "ImagerPixelSpacing"),
        pixel_aspect=_pixel_aspect(dataset),
        notes=tuple(filter(None, (contradiction, _whose_angle(dataset)))),
    )


_YES_NO: Final = {"YES": True, "NO": False}
_LATERALITIES: Final = frozenset({"L", "R", "B", "U"})


def _angle(dataset: Dataset, *keywords: str) -> float | None:
    found = (number(dataset, keyword) for keyword in keywords)
    return next((angle for angle in found if angle is not None and abs(angle) <= FULL_TURN), None)


def _whose_angle(dataset: Dataset) -> str:
    """Return the note that the primary angle is not one about the patient, ``""`` if it is, or there is none."""
    stated = _angle(dataset, "PositionerPrimaryAngle") is not None
    equipment = _angle(dataset, "PositionerIsocenterPrimaryAngle") is not None
    return FROM_EQUIPMENT if equipment and not stated else ""


def _distance(dataset: Dataset, *keywords: str) -> float | None:
    found = (number(dataset, keyword) for keyword in keywords)
    return next((mm for mm in found if mm is not None and 0 < mm <= LONGEST_DISTANCE_MM), None)


def _at_least_one(factor: float | None) -> float | None:
    return factor if factor is not None and factor >= 1 else None


def _laterality(dataset: Dataset) -> str:
    found = (text(dataset, name).upper() for name in ("FrameLaterality", "ImageLaterality", "Laterality"))
    return next((letter for letter in found if letter in _LATERALITIES), "")


def _table(dataset: Dataset) -> tuple[float | None, float | None, float | None]:
    """Return Table Top Vertical, Longitudinal and Lateral Position (PS3.3 C.8.7.4, C.8.19.6.11)."""
    return (
        number(dataset, "TableTopVerticalPosition"),
        number(dataset, "TableTopLongitudinalPosition"),
        number(dataset, "TableTopLateralPosition"),
    )


def _pixel_aspect(dataset: Dataset) -> float:
    """Return the ratio of Pixel Aspect Ratio (0028,0034), otherwise of a spacing, otherwise 1."""
    for keyword in (
        "PixelAspectRatio",
        "PixelSpacing",
        "ImagerPixelSpacing",
        "ObjectPixelSpacingInCenterOfBeam",
    ):
        found = numbers(dataset, keyword)
        if len(found) == 2 and min(found) > 0:  # noqa: PLR2004 - vertical and horizontal
            return found[0] / found[1]
    return 1.0


def _moved(first: AcquisitionGeometry, dataset: Dataset, frames: int) -> tuple[AcquisitionGeometry, ...]:
    """Return the geometry of each frame of a run in which C-arm or table moved.

    Increments are offsets from the first frame, one for each frame, or one number for a steady
    motion (PS3.3 C.8.7.5.1.3 for angles; C.8.7.4, in mm, for the table).
    """
    notes: list[str] = []
    primary = _path(dataset, "PositionerPrimaryAngleIncrement", frames, notes, first.primary_angle)
    secondary = _path(dataset, "PositionerSecondaryAngleIncrement", frames, notes, first.secondary_angle)
    table = [
        _path(dataset, f"Table{axis}Increment", frames, notes, None)
        for axis in ("Vertical", "Longitudinal", "Lateral")
    ]
    first = replace(first, notes=(*first.notes, *notes))
    if not any((primary, secondary, *table)):
        return (first,)
    return tuple(
        replace(
            first,
            primary_angle=_plus(first.primary_angle, primary, index),
            secondary_angle=_plus(first.secondary_angle, secondary, index),
            table_position_mm=_shifted(first.table_position_mm, table, index),
        )
        for index in range(frames)
    )


_Path = tuple[float, ...] | None


def _plus(angle: float | None, path: _Path, index: int) -> float | None:
    return angle if angle is None or path is None else wrap(angle + path[index])


def _shifted(
    position: tuple[float | None, float | None, float | None], paths: list[_Path], index: int
) -> tuple[float | None, float | None, float | None]:
    vertical, longitudinal, lateral = (
        stated if path is None else (stated or 0.0) + path[index]
        for stated, path in zip(position, paths, strict=True)
    )
    return vertical, longitudinal, lateral


def _path(dataset: Dataset, keyword: str, frames: int, notes: list[str], start: float | None) -> _Path:
    """Return the way from the first frame to each frame, None if nothing moved or nobody knows."""
    if frames == 1 or not values(dataset, keyword):
        return None
    steps = numbers(dataset, keyword)
    if not any(steps) and steps:
        return None
    motion = "TableMotion" if keyword.startswith("Table") else "PositionerMotion"
    if text(dataset, motion).upper() == "STATIC":
        notes.append(f"{keyword} is not used: the header says that nothing moved")
        return None
    if len(steps) not in (1, frames - 1, frames) or frames > MOST_LISTED_FRAMES:
        notes.append(f"{keyword} is not used: {len(steps)} usable values for {frames} frames")
        return None
    if len(steps) == 1 and frames > 2:  # noqa: PLR2004 - one value for two frames is the list of them
        return tuple(steps[0] * index for index in range(frames))
    return _listed_path(keyword, steps, frames, notes, start)


LEAST_STEPS: Final = 3
STEP_RATIO: Final = 1.5
ABSOLUTE_TOLERANCE: Final = 0.5


def _listed_path(
    keyword: str, steps: tuple[float, ...], frames: int, notes: list[str], start: float | None
) -> tuple[float, ...]:
    """Return the way to each frame from a list: increments count from the first frame.

    Devices differ from the standard. A list that neither rises nor falls and hardly changes is read as steps
    from frame to frame, and a full list that begins with the angle of the first frame as the angles
    themselves. Angles themselves beside a stated angle of 0 follow the standard (C.8.7.5.1.3).
    """
    later = steps[-(frames - 1) :]
    if len(later) >= LEAST_STEPS and _hardly_change(later) and not _keeps_direction(later):
        notes.append(f"{keyword} is read as steps from frame to frame, because its values hardly change")
        return tuple(accumulate((0.0, *later)))
    if len(steps) == frames and start is not None and _begins_with(steps[0], start):
        notes.append(
            f"{keyword} is read as the angles themselves, because it begins with that of the first frame"
        )
        return tuple(step - start for step in steps)
    if len(steps) == frames and steps[0] != 0 and start != 0:
        notes.append(f"{keyword} does not begin with 0")
    return steps if len(steps) == frames else (0.0, *steps)


def _hardly_change(steps: Collection[float]) -> bool:
    low, high = min(steps), max(steps)
    return low * high > 0 and max(abs(low), abs(high)) < STEP_RATIO * min(abs(low), abs(high))


def _keeps_direction(steps: Collection[float]) -> bool:
    """Whether values only rise or only fall, as the positions of a steady motion do."""
    pairs = list(pairwise(steps))
    return all(later > step for step, later in pairs) or all(later < step for step, later in pairs)


def _begins_with(step: float, start: float) -> bool:
    return abs(start) > ABSOLUTE_TOLERANCE and abs(step - start) <= ABSOLUTE_TOLERANCE
