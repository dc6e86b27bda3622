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

__all__ = [
    "UNCALIBRATED",
    "Calibration",
    "CalibrationSource",
    "Distance",
    "Point",
    "array_to_dicom",
    "dicom_to_array",
    "frame_index",
    "frame_number",
    "measure",
]
