"""Mutated headers of display attributes: every outcome is a frame, a picture or a reason.

``FLUORO_ANNOTATOR_MUTATIONS`` sets how many files are tried.
"""

import os
import random
from collections import Counter

import numpy as np
import pydicom
import pytest
from pydicom.dataset import Dataset
from pydicom.sequence import Sequence

from fluoro_annotator.dicom import DisplayOptions, FrameStack, scan
from fluoro_annotator.errors import FluoroAnnotatorError

MUTATIONS = int(os.environ.get("FLUORO_ANNOTATOR_MUTATIONS", "600"))
CHOICES = (
    DisplayOptions(),
    DisplayOptions(overlays=True, subtraction=False),
    DisplayOptions(window=0, overlays=True),
)
GROUP = 0x6000
DX = "1.2.840.10008.5.1.4.1.1.1.1"


@pytest.mark.parametrize("function", ["LINEAR", "LINEAR_EXACT", "SIGMOID"])
@pytest.mark.parametrize(
    ("center", "width"), [("1e308", "900"), ("-1e308", "1e308"), ("2000", "1e-320"), ("2000", "1e300")]
)
def test_a_window_that_cannot_be_counts_as_none(*, write, read_one, cine, function, center, width):
    """Found by fuzzing: black and white fell together."""
    raw = {"WindowCenter": ("DS", center.encode()), "WindowWidth": ("DS", width.encode())}
    image = read_one(write("x", cine, bits=12, VOILUTFunction=function, raw=raw))
    stack = FrameStack([image])
    assert (stack.display.source, stack.display.contrast_limits) == ("bits stored", (0.0, 4095.0))
    assert np.ptp(stack.picture(0)) > 10


@pytest.mark.parametrize(
    ("slope", "intercept"), [("1e308", "0"), ("1", "1e308"), ("1e-320", "0"), ("-1e300", "-1e300")]
)
def test_a_rescale_that_cannot_be_counts_as_none(write, read_one, cine, slope, intercept):
    raw = {"RescaleSlope": ("DS", slope.encode()), "RescaleIntercept": ("DS", intercept.encode())}
    image = read_one(write("x", cine[:1], bits=12, sop_class=DX, raw=raw))
    assert FrameStack([image]).display.contrast_limits == (0.0, 4095.0)


def shuttered():
    table = Dataset()
    table.LUTDescriptor, table.LUTData = [50, 100, 16], np.arange(50, dtype="<u2").tobytes()
    table["LUTDescriptor"].VR, table["LUTData"].VR = "US", "OW"
    mask = Dataset()
    mask.MaskOperation, mask.MaskFrameNumbers, mask.MaskSubPixelShift = "AVG_SUB", [1], [0.5, 0.5]
    return {
        "WindowCenter": [2000, 100],
        "WindowWidth": [1000, 5],
        "VOILUTSequence": Sequence([table]),
        "ShutterShape": ["RECTANGULAR", "CIRCULAR", "POLYGONAL"],
        "ShutterLeftVerticalEdge": 2,
        "ShutterRightVerticalEdge": 12,
        "ShutterUpperHorizontalEdge": 1,
        "ShutterLowerHorizontalEdge": 9,
        "CenterOfCircularShutter": [5, 5],
        "RadiusOfCircularShutter": 6,
        "VerticesOfThePolygonalShutter": [1, 1, 1, 12, 10, 6],
        "MaskSubtractionSequence": Sequence([mask]),
        "PixelIntensityRelationship": "LIN",
        "RecommendedViewingMode": "SUB",
    }


def palette():
    attributes = {"PhotometricInterpretation": "PALETTE COLOR", "sop_class": "1.2.840.10008.5.1.4.1.1.7"}
    for color in ("Red", "Green", "Blue"):
        attributes[f"{color}PaletteColorLookupTableDescriptor"] = [256, 0, 16]
        segments = np.array([0, 1, 0, 1, 255, 65280], "<u2").tobytes()
        attributes[f"Segmented{color}PaletteColorLookupTableData"] = segments
    return attributes


def add_overlay(path):
    dataset = pydicom.dcmread(path)
    values = {0x10: 12, 0x11: 14, 0x100: 1, 0x102: 0}
    for element, value in values.items():
        dataset.add_new((GROUP, element), "US", value)
    dataset.add_new((GROUP, 0x15), "IS", 3)
    dataset.add_new((GROUP, 0x50), "SS", [1, 1])
    dataset.add_new((GROUP, 0x3000), "OW", bytes(range(64)))
    dataset.save_as(path)


@pytest.fixture
def seeds(write, rng):
    frames = rng.integers(0, 4096, (3, 12, 14)).astype(np.uint16)
    first = write("first", frames, bits=12, **shuttered())
    add_overlay(first)
    second = write("second", (frames % 256).astype(np.uint8), bits=8, **palette())
    return [first.read_bytes(), second.read_bytes()]


def mutated(content, dice):
    changed = bytearray(content)
    for _ in range(dice.randint(1, 3)):
        place = dice.randrange(132, len(changed))
        kind = dice.random()
        if kind < 0.85:
            changed[place] = dice.choice([0, 1, 127, 128, 255, dice.randrange(256)])
        elif kind < 0.9:
            del changed[place : place + dice.randint(1, 4)]
        elif kind < 0.95:
            changed[place:place] = dice.randbytes(dice.randint(1, 8))
        else:
            other = dice.randrange(132, len(changed))
            changed[place : place + 8] = changed[other : other + 8]
    return bytes(changed)


def outcome(path, options):
    try:
        image = scan([path]).require().studies[0].images[0]
        stack = FrameStack([image], options=options)
        frame, picture = stack[len(stack) - 1], stack.picture(0)
    except FluoroAnnotatorError as error:
        return type(error).__name__
    assert frame.shape == picture.shape == image.shown_shape
    assert frame.dtype == stack.dtype
    assert picture.dtype == np.uint8
    return "picture"


def test_mutated_display_attributes_give_pictures_or_reasons(seeds, tmp_path):
    dice = random.Random(20240131)  # noqa: S311 - the same files in each run
    outcomes = Counter()
    for number in range(MUTATIONS):
        path = tmp_path / f"{number}"
        path.write_bytes(mutated(dice.choice(seeds), dice))
        outcomes[outcome(path, dice.choice(CHOICES))] += 1
        path.unlink()
    assert outcomes["picture"] > MUTATIONS // 5
    assert outcomes["NothingToOpenError"] > MUTATIONS // 50
