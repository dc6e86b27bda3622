"""Pixels, millimetres with their calibration, measures and display turns.

What needs numpy is not imported here, so that commands that only read marks start quickly: it is in
the modules `projection`, `view_geometry`, `epipolar` and `levels`.
"""

from fluoro_annotator.geometry.calibration import (
    UNCALIBRATED,
    Calibration,
    CalibrationSource,
    Distance,
    measure,
)
from fluoro_annotator.geometry.clipping import clipped_to_image, in_image
from fluoro_annotator.geometry.constructions import (
    Nearest,
    fraction_along,
    fraction_of,
    intersection,
    length_of,
    midpoint,
    nearest_on_polyline,
    perpendicular_end,
    perpendicular_foot,
)
from fluoro_annotator.geometry.coordinates import (
    Point,
    array_to_dicom,
    dicom_to_array,
    frame_index,
    frame_number,
)
from fluoro_annotator.geometry.coverage import along_shaft, covered_course, foreshortening
from fluoro_annotator.geometry.directions import (
    Edges,
    angle_direction,
    direction_angle,
    direction_in_image,
    edge_letters,
)
from fluoro_annotator.geometry.measures import (
    CourseDistance,
    ZonePosition,
    depth_fraction,
    distance,
    shaft_to_course,
    shaft_to_line,
    tip_in_zone,
    tip_to_course,
    tip_to_target,
)
from fluoro_annotator.geometry.orientation import ALL_TURNS, AS_STORED, Turn
from fluoro_annotator.geometry.quantity import PLACEMENT_PX, Answer, Quantity, Ruler, Unit
from fluoro_annotator.geometry.safety import SafetyDistance, tip_to_safety_line
from fluoro_annotator.geometry.user_calibration import (
    NEEDLE_DIAMETERS_MM,
    from_instrument_width,
    from_known_length,
)
from fluoro_annotator.geometry.zones import Ellipse, Polygon, Zone, point_in_polygon

__all__ = [
    "ALL_TURNS",
    "AS_STORED",
    "NEEDLE_DIAMETERS_MM",
    "PLACEMENT_PX",
    "UNCALIBRATED",
    "Answer",
    "Calibration",
    "CalibrationSource",
    "CourseDistance",
    "Distance",
    "Edges",
    "Ellipse",
    "Nearest",
    "Point",
    "Polygon",
    "Quantity",
    "Ruler",
    "SafetyDistance",
    "Turn",
    "Unit",
    "Zone",
    "ZonePosition",
    "along_shaft",
    "angle_direction",
    "array_to_dicom",
    "clipped_to_image",
    "covered_course",
    "depth_fraction",
    "dicom_to_array",
    "direction_angle",
    "direction_in_image",
    "distance",
    "edge_letters",
    "foreshortening",
    "fraction_along",
    "fraction_of",
    "frame_index",
    "frame_number",
    "from_instrument_width",
    "from_known_length",
    "in_image",
    "intersection",
    "length_of",
    "measure",
    "midpoint",
    "nearest_on_polyline",
    "perpendicular_end",
    "perpendicular_foot",
    "point_in_polygon",
    "shaft_to_course",
    "shaft_to_line",
    "tip_in_zone",
    "tip_to_course",
    "tip_to_safety_line",
    "tip_to_target",
]
