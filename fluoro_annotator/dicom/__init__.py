"""Fluoroscopic DICOM files as studies, series, images and lazily read frames."""

from fluoro_annotator.dicom.acquisition import AcquisitionGeometry, angles_in_patient
from fluoro_annotator.dicom.calibration import read_calibration
from fluoro_annotator.dicom.clock import ClockSource, FrameClock
from fluoro_annotator.dicom.display import Display
from fluoro_annotator.dicom.frames import FrameReader
from fluoro_annotator.dicom.luts import Lut, Palette
from fluoro_annotator.dicom.models import Image, Series, Study
from fluoro_annotator.dicom.options import DisplayOptions
from fluoro_annotator.dicom.outcomes import SkippedFile
from fluoro_annotator.dicom.overlays import Overlay, OverlayPlane
from fluoro_annotator.dicom.painting import apply_display
from fluoro_annotator.dicom.rendering import Rendering, Window
from fluoro_annotator.dicom.scan_index import ScanIndex, default_index
from fluoro_annotator.dicom.scanning import ScanResult, scan
from fluoro_annotator.dicom.shutters import Shutter
from fluoro_annotator.dicom.stack import FrameStack
from fluoro_annotator.dicom.study_facts import StatedFacts, read_study_facts
from fluoro_annotator.dicom.subtraction import MaskSubtraction
from fluoro_annotator.dicom.view_names import ViewName
from fluoro_annotator.dicom.views import views

__all__ = [
    "AcquisitionGeometry",
    "ClockSource",
    "Display",
    "DisplayOptions",
    "FrameClock",
    "FrameReader",
    "FrameStack",
    "Image",
    "Lut",
    "MaskSubtraction",
    "Overlay",
    "OverlayPlane",
    "Palette",
    "Rendering",
    "ScanIndex",
    "ScanResult",
    "Series",
    "Shutter",
    "SkippedFile",
    "StatedFacts",
    "Study",
    "ViewName",
    "Window",
    "angles_in_patient",
    "apply_display",
    "default_index",
    "read_calibration",
    "read_study_facts",
    "scan",
    "views",
]
