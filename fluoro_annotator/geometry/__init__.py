"""Pixels, millimetres with their calibration, and C-arm projection."""

from fluoro_annotator.geometry.calibration import (
    UNCALIBRATED,
    Calibration,
    CalibrationSource,
    Distance,
    measure,
)
from fluoro_annotator.geometry.coordinates import (
    Point,
    array_to_dicom,
    dicom_to_array,
    frame_index,
    frame_number,
)
from fluoro_annotator.geometry.user_calibration import (
    NEEDLE_DIAMETERS_MM,
    from_instrument_width,
    from_known_length,
)

__all__ = [
    "NEEDLE_DIAMETERS_MM",
    "UNCALIBRATED",
    "Calibration",
    "CalibrationSource",
    "Distance",
    "Point",
    "array_to_dicom",
    "dicom_to_array",
    "frame_index",
    "frame_number",
    "from_instrument_width",
    "from_known_length",
    "measure",
]
