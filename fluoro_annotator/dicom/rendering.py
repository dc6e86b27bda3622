"""The part of a header that decides how stored values become grey levels."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from pydicom.dataset import Dataset

from fluoro_annotator.dicom.luts import MAX_ENTRIES, Lut, Palette, read_lut, read_palette
from fluoro_annotator.dicom.shutters import Shutter, read_shutter
from fluoro_annotator.dicom.subtraction import MaskSubtraction, read_subtractions
from fluoro_annotator.dicom.values import integer, items, number, numbers, text, values


@dataclass(frozen=True, slots=True)
class Window:
    """Centre and width of a VOI window, in values before the window."""

    center: float
    width: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Rendering:
    """What a header says about display.

    Attributes
    ----------
    windows : tuple of Window
        VOI windows with a usable width, the preferred one first.
    window_names : tuple of str
        Their explanations; empty where not stated.
    function : str
        LINEAR, LINEAR_EXACT or SIGMOID.
    voi_luts : tuple of Lut
        VOI look-up tables, the preferred one first.
    presentation_shape : str
        IDENTITY, INVERSE or ``""``.
    padding : tuple of (int, int) or None
        Lowest and highest stored value that is padding and not image.
    rescale : tuple of (float, float) or None
        Slope and intercept of the Modality LUT.
    modality_lut : Lut or None
        Modality LUT given as a table.
    palette : Palette or None
        Colours of a PALETTE COLOR image.
    shutter : Shutter or None
        What is to be covered.
    subtractions : tuple of MaskSubtraction
        How masks are to be subtracted from frames.
    subtracted_first : bool
        Whether the file recommends to view it subtracted (Recommended Viewing Mode SUB).
    intensity : str
        Pixel Intensity Relationship: LIN, LOG, DISP or ``""``.
    inverse_intensity : bool
        Whether larger stored values mean less X-ray intensity (Pixel Intensity Relationship Sign -1,
        which only enhanced images state beside masks).

    """

    windows: tuple[Window, ...] = ()
    window_names: tuple[str, ...] = ()
    function: str = "LINEAR"
    voi_luts: tuple[Lut, ...] = ()
    presentation_shape: str = ""
    padding: tuple[int, int] | None = None
    rescale: tuple[float, float] | None = None
    modality_lut: Lut | None = None
    palette: Palette | None = None
    shutter: Shutter | None = None
    subtractions: tuple[MaskSubtraction, ...] = ()
    subtracted_first: bool = False
    intensity: str = ""
    inverse_intensity: bool = False


def read_rendering(dataset: Dataset, *, signed: bool) -> Rendering:
    """Return what a header says about display; malformed parts count as absent.

    Parameters
    ----------
    dataset : pydicom.dataset.Dataset
        Header of the image.
    signed : bool
        Whether stored values are signed, which decides how the first value of a table is read.

    """
    function = text(dataset, "VOILUTFunction").upper() or "LINEAR"
    rescale = _read_rescale(dataset)
    below_zero = signed or (rescale is not None and min(rescale) < 0)
    luts = (read_lut(item, signed=below_zero) for item in items(dataset, "VOILUTSequence"))
    modality = [read_lut(item, signed=signed) for item in items(dataset, "ModalityLUTSequence")[:1]]
    return Rendering(
        windows=_read_windows(dataset, function),
        window_names=tuple(str(name) for name in values(dataset, "WindowCenterWidthExplanation")),
        function=function if function in _LEAST_WIDTH else "LINEAR",
        voi_luts=tuple(lut for lut in luts if lut is not None),
        presentation_shape=text(dataset, "PresentationLUTShape").upper(),
        padding=_read_padding(dataset, signed=signed),
        rescale=rescale,
        modality_lut=modality[0] if modality else None,
        palette=read_palette(dataset),
        shutter=read_shutter(dataset),
        subtractions=read_subtractions(dataset),
        subtracted_first=text(dataset, "RecommendedViewingMode").upper() == "SUB",
        intensity=text(dataset, "PixelIntensityRelationship").upper(),
        inverse_intensity=integer(dataset, "PixelIntensityRelationshipSign") == -1,
    )


LARGEST_LEVEL = 1e9
"""Centres, widths, slopes and intercepts beyond this are slips of the pen: no detector comes near it."""
LEAST_STEP = 1e-6
"""Widths and slopes below this are none: black and white could no longer be told apart."""

_LEAST_WIDTH = {"LINEAR": 1.0, "LINEAR_EXACT": 0.0, "SIGMOID": 0.0}
"""Smallest width of each function (PS3.3 C.11.2.1.2, C.11.2.1.3); 0 itself is excluded."""


def _read_windows(dataset: Dataset, function: str) -> tuple[Window, ...]:
    centers, widths = numbers(dataset, "WindowCenter"), numbers(dataset, "WindowWidth")
    least = _LEAST_WIDTH.get(function, 1.0)
    pairs = zip(centers, widths, strict=False)
    return tuple(
        Window(center, width)
        for center, width in pairs
        if abs(center) <= LARGEST_LEVEL and max(least, LEAST_STEP) <= width <= LARGEST_LEVEL
    )


def _read_rescale(dataset: Dataset) -> tuple[float, float] | None:
    slope, intercept = number(dataset, "RescaleSlope"), number(dataset, "RescaleIntercept")
    if slope is None or intercept is None:
        return None
    if not LEAST_STEP <= abs(slope) <= LARGEST_LEVEL or abs(intercept) > LARGEST_LEVEL:
        return None
    return None if (slope, intercept) == (1.0, 0.0) else (slope, intercept)


def _read_padding(dataset: Dataset, *, signed: bool) -> tuple[int, int] | None:
    first = integer(dataset, "PixelPaddingValue")
    if first is None:
        return None
    last = integer(dataset, "PixelPaddingRangeLimit")
    low, high = sorted((first, first if last is None else last))
    if signed and low > np.iinfo(np.int16).max:
        low, high = low - MAX_ENTRIES, high - MAX_ENTRIES
    return low, high
