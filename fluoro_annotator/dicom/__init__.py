"""Fluoroscopic DICOM files as studies, series, images and lazily read frames."""

from fluoro_annotator.dicom.calibration import read_calibration
from fluoro_annotator.dicom.display import Display
from fluoro_annotator.dicom.frames import FrameReader
from fluoro_annotator.dicom.luts import Lut, Palette
from fluoro_annotator.dicom.models import Image, Series, Study
from fluoro_annotator.dicom.options import DisplayOptions
from fluoro_annotator.dicom.overlays import Overlay, OverlayPlane
from fluoro_annotator.dicom.painting import apply_display
from fluoro_annotator.dicom.rendering import Rendering, Window
from fluoro_annotator.dicom.scanning import ScanResult, SkippedFile, scan
from fluoro_annotator.dicom.shutters import Shutter
from fluoro_annotator.dicom.stack import FrameStack
from fluoro_annotator.dicom.subtraction import MaskSubtraction
from fluoro_annotator.dicom.views import views

__all__ = [
    "Display",
    "DisplayOptions",
    "FrameReader",
    "FrameStack",
    "Image",
    "Lut",
    "MaskSubtraction",
    "Overlay",
    "OverlayPlane",
    "Palette",
    "Rendering",
    "ScanResult",
    "Series",
    "Shutter",
    "SkippedFile",
    "Study",
    "Window",
    "apply_display",
    "read_calibration",
    "scan",
    "views",
]
