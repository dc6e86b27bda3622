"""The closed vocabularies of protocols, as they are written in files."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

ANY_VIEW: Final = "ANY"
"""View of a slot that may be filled in any view."""


class Procedure(StrEnum):
    """What is done at the nerve."""

    BLOCK = "block"
    NEUROTOMY = "neurotomy"


class WorkingOrder(StrEnum):
    """In which direction the nerves are worked through."""

    CAUDAL_TO_CRANIAL = "caudal_to_cranial"
    CRANIAL_TO_CAUDAL = "cranial_to_caudal"


class Basis(StrEnum):
    """What a statement rests on."""

    PUBLISHED = "published"
    """Found in a source that was read, at least as an excerpt."""
    TAUGHT = "taught"
    """General knowledge; the source that should carry it was not read."""
    ENGINEERING = "engineering"
    """A default of this program, not clinical literature."""


class ViewFamily(StrEnum):
    """Kinds of view that a header, or an angle without its side, can tell apart."""

    LOCALIZER = "localizer"
    AP = "ap"
    OBLIQUE = "oblique"
    LATERAL = "lateral"
    RUN = "run"


class SlotKind(StrEnum):
    """What is to be marked in a slot."""

    TARGET = "target"
    NEEDLE = "needle"
    COURSE = "course"
    ZONE = "zone"
    LANDMARK = "landmark"
    LEVEL = "level"
    EVENT = "event"


class ConstructionKind(StrEnum):
    """How a figure follows from landmarks; the text says from how many and which."""

    MIDPOINT = "midpoint"
    """The point midway between two landmarks."""
    FRACTIONS = "fractions"
    """Points at given fractions of the way from the first landmark to the second."""
    AXIS = "axis"
    """The line from the first landmark (fraction 0) to the second (1), to measure along."""
    PERPENDICULAR = "perpendicular"
    """The foot of the perpendicular from the third landmark on the line through the first two."""
    DIAGONALS = "diagonals"
    """The crossing of two diagonals: first to fourth landmark, second to third."""
    POLYGON = "polygon"
    """The closed figure through three or more landmarks in order."""


class Measure(StrEnum):
    """What an acceptance band is about."""

    FRACTION_ALONG = "fraction_along"
    TIP_TO_TARGET = "tip_to_target"
    TIP_TO_COURSE = "tip_to_course"
    ANGLE_TO_COURSE = "angle_to_course"
    CAUDAL_ANGLE = "caudal_angle"
    LATERAL_ANGLE = "lateral_angle"


class Unit(StrEnum):
    """Units of acceptance bands."""

    FRACTION = "fraction"
    MM = "mm"
    DEGREES = "deg"


class Use(StrEnum):
    """What an acceptance band may be used for."""

    ACCEPT = "accept"
    """A value outside is worth a remark."""
    DISPLAY = "display"
    """Shown beside the value, never judged."""


class TipSide(StrEnum):
    """On which side of a safety line the tip has to be."""

    DORSAL = "dorsal"
    CAUDAL = "caudal"
    LATERAL = "lateral"
    INSIDE = "inside"


class Severity(StrEnum):
    """How serious a fault is, or how much a doubt would matter; a default that a site may change."""

    CRITICAL = "critical"
    MAJOR = "major"
    MINOR = "minor"


class Answers(StrEnum):
    """How a rubric item is answered."""

    YES_NO_UNDETERMINED = "yes_no_undetermined"
    YES_PARTLY_NO = "yes_partly_no"
    ON_NEAR_OFF = "on_near_off"
    BEHIND_ON_PAST = "behind_on_past"
    CODED = "coded"
    VALUE = "value"


class EventKind(StrEnum):
    """What can be seen on a frame and marked as an event."""

    CONTRAST_APPEARS = "contrast_appears"
    VASCULAR_UPTAKE = "vascular_uptake"
    EPIDURAL_SPREAD = "epidural_spread"
    FORAMINAL_SPREAD = "foraminal_spread"
    INTRATHECAL_SPREAD = "intrathecal_spread"
    INTRA_ARTICULAR_SPREAD = "intra_articular_spread"
    PERIOSTEAL_SPREAD = "periosteal_spread"
    FINAL_POSITION = "final_position"


class Sense(StrEnum):
    """Whether an event is what one hopes to see."""

    EXPECTED = "expected"
    ADVERSE = "adverse"


UNIT_OF: Final[dict[Measure, Unit]] = {
    Measure.FRACTION_ALONG: Unit.FRACTION,
    Measure.TIP_TO_TARGET: Unit.MM,
    Measure.TIP_TO_COURSE: Unit.MM,
    Measure.ANGLE_TO_COURSE: Unit.DEGREES,
    Measure.CAUDAL_ANGLE: Unit.DEGREES,
    Measure.LATERAL_ANGLE: Unit.DEGREES,
}
"""The unit in which a measure is given."""

LANDMARKS_OF: Final[dict[ConstructionKind, tuple[int, int]]] = {
    ConstructionKind.MIDPOINT: (2, 2),
    ConstructionKind.FRACTIONS: (2, 2),
    ConstructionKind.AXIS: (2, 2),
    ConstructionKind.PERPENDICULAR: (3, 3),
    ConstructionKind.DIAGONALS: (4, 4),
    ConstructionKind.POLYGON: (3, 12),
}
"""The least and the greatest number of landmarks of a construction."""
