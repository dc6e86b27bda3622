"""How the X-ray system, the table and the patient stood when a frame was taken."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

FULL_TURN: Final = 360.0

OPPOSITE: Final = {"A": "P", "P": "A", "L": "R", "R": "L", "H": "F", "F": "H"}
"""Letters of Patient Orientation (PS3.3 C.7.6.1.1.1) and those of the opposite direction."""
AXIS: Final = {"A": 0, "P": 0, "L": 1, "R": 1, "H": 2, "F": 2}


@dataclass(frozen=True, slots=True, kw_only=True)
class AcquisitionGeometry:
    """The geometry of one frame as the header states it; None or ``""`` where it does not.

    Attributes
    ----------
    primary_angle, secondary_angle : float or None
        Positioner angles in degrees with the signs of PS3.3 C.8.7.5.1.2: 0 is a detector in front
        of the chest, primary + towards the patient's left (LAO), secondary + cranial; relative to
        the patient as the device assumed it to lie.
    detector_primary_angle, detector_secondary_angle : float or None
        Angles of the beam to the detector in degrees.
    column_angulation : float or None
        Tilt of the X-ray column in degrees (remote-controlled fluoroscopy tables).
    table_angle : float or None
        Tilt of the table along its length in degrees.
    table_rotation, table_cradle : float or None
        Rotation in the horizontal plane and about the long axis in degrees.
    table_position_mm : tuple of (float or None, float or None, float or None)
        Vertical, longitudinal, lateral. Ordinary XA images give only how far it moved since
        the first frame, and call longitudinal what goes towards +90 degrees of the primary angle,
        across the patient, and lateral what goes towards +90 degrees of the secondary (C.8.7.4.1).
    table_is_absolute : bool
        Whether the table position counts from a place that the device keeps from run to run, so
        that positions of two runs can be compared; otherwise it counts from the first frame.
    source_detector_mm, source_patient_mm : float or None
        Distances from the X-ray source; to the isocentre where the object is XA, to the
        table where it is a radiograph.
    stated_magnification : float or None
        Estimated Radiographic Magnification Factor.
    patient_position : str
        HFP, HFS, ...; often left at the device's default.
    patient_orientation : tuple of str or None
        Direction of the rows and of the columns, for example ``("L", "F")``.
    laterality : str
        L, R, B or U: of the body part, as a person stated it.
    view_rotation : float or None
        By how many degrees clockwise the field of view was turned against the detector before the
        image was stored (C.8.11.4, C.8.19.6.2).
    mirrored : bool or None
        Whether the field of view was flipped horizontally, after it was turned.
    angles_follow_table : bool or None
        Whether the angles are relative to the table top.
    imager_spacing_mm : tuple of (float, float) or None
        Height and width of a pixel on the detector (Imager Pixel Spacing).
    pixel_aspect : float
        Height of a pixel divided by its width.
    notes : tuple of str
        What could not be used or was read against the letter of the standard.

    """

    primary_angle: float | None = None
    secondary_angle: float | None = None
    detector_primary_angle: float | None = None
    detector_secondary_angle: float | None = None
    column_angulation: float | None = None
    table_angle: float | None = None
    table_rotation: float | None = None
    table_cradle: float | None = None
    table_position_mm: tuple[float | None, float | None, float | None] = (None, None, None)
    table_is_absolute: bool = False
    source_detector_mm: float | None = None
    source_patient_mm: float | None = None
    stated_magnification: float | None = None
    patient_position: str = ""
    patient_orientation: tuple[str, ...] | None = None
    laterality: str = ""
    view_rotation: float | None = None
    mirrored: bool | None = None
    angles_follow_table: bool | None = None
    imager_spacing_mm: tuple[float, float] | None = None
    pixel_aspect: float = 1.0
    notes: tuple[str, ...] = ()

    @property
    def magnification(self) -> float | None:
        """Stated magnification, otherwise the ratio of the distances, None where neither is known."""
        if self.stated_magnification is not None:
            return self.stated_magnification
        if self.source_detector_mm is None or self.source_patient_mm is None:
            return None
        return self.source_detector_mm / self.source_patient_mm

    @property
    def edge_letters(self) -> tuple[str, str, str, str] | None:
        """Letters of the directions at the top, right, bottom and left edge of the stored image.

        None if Patient Orientation is missing, malformed or contradicts itself.
        """
        stated = self.patient_orientation
        if stated is None or not _is_orientation(stated):
            return None
        right, bottom = stated
        return _opposite(bottom), right, bottom, _opposite(right)


UNKNOWN_GEOMETRY: Final = AcquisitionGeometry()


def _opposite(letters: str) -> str:
    return "".join(OPPOSITE[letter] for letter in letters)


def _is_orientation(stated: tuple[str, ...]) -> bool:
    """Whether there are two directions with known letters and different principal axes."""
    if len(stated) != 2 or not all(stated):  # noqa: PLR2004 - of rows and of columns
        return False
    if not all(letter in AXIS for direction in stated for letter in direction):
        return False
    axes = [[AXIS[letter] for letter in direction] for direction in stated]
    return all(len(set(one)) == len(one) for one in axes) and axes[0][0] != axes[1][0]


def wrap(angle: float) -> float:
    """Return an angle in degrees as a number above -180 and up to 180.

    Examples
    --------
    >>> wrap(190.0), wrap(-180.0)
    (-170.0, 180.0)

    """
    wrapped = math.fmod(angle, FULL_TURN)
    if wrapped > FULL_TURN / 2:
        return wrapped - FULL_TURN
    return wrapped + FULL_TURN if wrapped <= -FULL_TURN / 2 else wrapped


ROLL: Final = {"S": 0.0, "P": 180.0, "DL": -90.0, "DR": 90.0}
"""How far a patient has turned about the long axis from lying on the back, in degrees of primary angle."""


def angles_in_patient(primary: float, secondary: float, assumed: str, actual: str) -> tuple[float, float]:
    """Return positioner angles relative to the patient as he or she really lay.

    A device that took the patient for head first supine gives angles that are wrong for a prone
    patient by half a turn; feet first exchanges left and right, and cranial and caudal.

    Parameters
    ----------
    primary, secondary : float
        Angles in degrees, relative to a patient in the position `assumed`.
    assumed, actual : str
        Patient positions: HFS, HFP, HFDR, HFDL, FFS, FFP, FFDR or FFDL.

    Returns
    -------
    tuple of (float, float)
        Primary angle above -180 and up to 180, and secondary angle.

    Raises
    ------
    ValueError
        If a patient position is not one of the eight.

    Notes
    -----
    With the direction of the detector as (left, anterior, head) = (sin p cos s, cos p cos s,
    sin s), a roll about the long axis adds to p, and turning end for end changes both signs.

    Examples
    --------
    >>> angles_in_patient(25.0, 10.0, "HFS", "HFP")
    (-155.0, 10.0)

    """
    sign_before, roll_before = _pose(assumed)
    sign_after, roll_after = _pose(actual)
    turn = sign_before * sign_after
    return wrap(turn * (primary - roll_before) + roll_after), turn * secondary


def _pose(position: str) -> tuple[int, float]:
    sign = {"HF": 1, "FF": -1}.get(position[:2])
    roll = ROLL.get(position[2:])
    if sign is None or roll is None:
        raise ValueError(f"{position!r} is not a patient position with a known roll")
    return sign, roll


def is_patient_position(position: str) -> bool:
    """Whether a patient position is one of the eight that `angles_in_patient` knows."""
    return position[:2] in ("HF", "FF") and position[2:] in ROLL
