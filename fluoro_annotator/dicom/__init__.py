"""Fluoroscopic DICOM files as studies, series, images and lazily read frames."""

from fluoro_annotator.dicom.calibration import read_calibration
from fluoro_annotator.dicom.display import Display, apply_display
from fluoro_annotator.dicom.frames import FrameReader
from fluoro_annotator.dicom.luts import Lut, Palette
from fluoro_annotator.dicom.models import Image, Series, Study
from fluoro_annotator.dicom.rendering import Rendering, Window
from fluoro_annotator.dicom.scanning import ScanResult, SkippedFile, scan
from fluoro_annotator.dicom.stack import FrameStack
from fluoro_annotator.dicom.views import views

__all__ = [
    "Display",
    "FrameReader",
    "FrameStack",
    "Image",
    "Lut",
    "Rendering",
    "ScanResult",
    "Series",
    "SkippedFile",
    "Study",
    "Window",
    "apply_display",
    "read_calibration",
    "scan",
    "views",
]
