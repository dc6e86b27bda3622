"""Thousands of mutated files, in processes with little memory: each gives frames or a typed reason.

The seeds of chance are fixed, so that every run tries the same files. More are tried with
``FLUORO_ANNOTATOR_FUZZ=100000``. The work is done by `fuzz_worker.py`, one process for each core.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

import imagecodecs
import numpy as np
import pytest
from pydicom.dataset import Dataset
from pydicom.sequence import Sequence

WORKER = Path(__file__).with_name("fuzz_worker.py")
CASES = int(os.environ.get("FLUORO_ANNOTATOR_FUZZ", "2000"))
PARTS = 2
SECONDS_PER_CASE = 1.0
"""Only a hang takes so long; the usual case takes some hundredths of it."""

ENHANCED_XA = "1.2.840.10008.5.1.4.1.1.12.1.1"
SYNTAXES = {
    "native": "1.2.840.10008.1.2.1",
    "implicit": "1.2.840.10008.1.2",
    "deflated": "1.2.840.10008.1.2.1.99",
    "big endian": "1.2.840.10008.1.2.2",
    "rle": "1.2.840.10008.1.2.5",
    "jpeg lossless 14": "1.2.840.10008.1.2.4.57",
    "jpeg lossless": "1.2.840.10008.1.2.4.70",
    "jpeg-ls": "1.2.840.10008.1.2.4.80",
    "jpeg 2000": "1.2.840.10008.1.2.4.90",
    "htj2k": "1.2.840.10008.1.2.4.201",
}
LOSSY = {
    "jpeg baseline": ("1.2.840.10008.1.2.4.50", 8, lambda frame: imagecodecs.jpeg8_encode(frame, 90)),
    "jpeg extended": (
        "1.2.840.10008.1.2.4.51",
        12,
        lambda frame: imagecodecs.jpeg8_encode(frame, 90, bitspersample=12),
    ),
}
USUAL = {
    "WindowCenter": [2000, 1000],
    "WindowWidth": [900, 500],
    "PixelSpacing": [0.2, 0.2],
    "PixelSpacingCalibrationType": "FIDUCIAL",
    "ViewPosition": "AP",
    "PositionerPrimaryAngle": 20,
    "PatientOrientation": ["L", "F"],
    "PatientPosition": "HFP",
}


def item(**attributes):
    dataset = Dataset()
    for keyword, value in attributes.items():
        setattr(dataset, keyword, value)
    return dataset


def voi_lut():
    return [
        item(
            LUTDescriptor=[64, 0, 12],
            LUTExplanation="table",
            LUTData=np.arange(0, 4096, 64, dtype="<u2").tobytes(),
        )
    ]


def masks():
    operation = item(MaskOperation="AVG_SUB", MaskFrameNumbers=[1], ApplicableFrameRange=[1, 2])
    operation.MaskSubPixelShift = [0.5, -0.25]
    return {"MaskSubtractionSequence": [operation], "RecommendedViewingMode": "SUB"}


SHUTTERS = {
    "ShutterShape": ["RECTANGULAR", "CIRCULAR", "POLYGONAL"],
    "ShutterLeftVerticalEdge": 2,
    "ShutterRightVerticalEdge": 16,
    "ShutterUpperHorizontalEdge": 2,
    "ShutterLowerHorizontalEdge": 15,
    "CenterOfCircularShutter": [8, 9],
    "RadiusOfCircularShutter": 8,
    "VerticesOfThePolygonalShutter": [1, 1, 1, 19, 17, 10],
    "ShutterPresentationValue": 1000,
}


TURNING = {
    "PositionerMotion": "DYNAMIC",
    "PositionerPrimaryAngleIncrement": [0, 4],
    "PositionerSecondaryAngleIncrement": [-1, 2.5],
    "TableMotion": "DYNAMIC",
    "TableLongitudinalIncrement": [0, 12],
    "FrameTime": None,
    "FrameTimeVector": [0, 66.7],
    "FrameIncrementPointer": 0x00181065,
}


def reversed_masks():
    operation = item(MaskOperation="REV_TID", TIDOffset=1, ApplicableFrameRange=[2, 2], SubtractionItemID=1)
    shift = item(SubtractionItemID=1, MaskSubPixelShift=[1.5, -2.0])
    groups = Sequence([item(FramePixelShiftSequence=[shift]) for _ in range(2)])
    return {
        "MaskSubtractionSequence": [operation],
        "PerFrameFunctionalGroupsSequence": groups,
        "PixelIntensityRelationship": "LIN",
        "RecommendedViewingMode": "SUB",
    }


def palette():
    values = {}
    for color in ("Red", "Green", "Blue"):
        values[f"{color}PaletteColorLookupTableDescriptor"] = [256, 0, 16]
        values[f"{color}PaletteColorLookupTableData"] = np.arange(256, dtype="<u2").tobytes()
    return {"PhotometricInterpretation": "PALETTE COLOR", **values}


def groups(frames):
    pixels = item(ImagerPixelSpacing=[0.2, 0.2], DistanceSourceToDetector=1000)
    shared = item(
        FramePixelDataPropertiesSequence=[pixels],
        FrameDisplayShutterSequence=[item(**SHUTTERS)],
        XRayGeometrySequence=[item(DistanceSourceToDetector=1000, DistanceSourceToIsocenter=700)],
    )
    each = [
        item(
            FrameContentSequence=[item(FrameAcquisitionDateTime=f"2026013110150{place}.5")],
            PositionerPositionSequence=[item(PositionerPrimaryAngle=10.0 + place)],
            FrameVOILUTSequence=[item(WindowCenter=2000 + place, WindowWidth=900)],
        )
        for place in range(frames)
    ]
    return {
        "SharedFunctionalGroupsSequence": Sequence([shared]),
        "PerFrameFunctionalGroupsSequence": Sequence(each),
    }


@pytest.fixture
def seeds(write, cine, rng, tmp_path):
    """Write a small valid file of every kind; returns their folder."""
    small = cine[:2, :17, :19]
    bytes_ = (small >> 4).astype(np.uint8)
    color = rng.integers(0, 256, (2, 17, 18, 3), dtype=np.uint8)
    for name, syntax in SYNTAXES.items():
        write(f"seeds/{name}", small, syntax=syntax, bits=12, **USUAL)
    for name, (syntax, bits, encode) in LOSSY.items():
        frames = small if bits == 12 else bytes_
        write(f"seeds/{name}", frames, syntax=syntax, bits=bits, encoded=[encode(frame) for frame in frames])
    write("seeds/fragments", small, syntax=SYNTAXES["jpeg-ls"], bits=12, fragments=3)
    write("seeds/no table", small, syntax=SYNTAXES["jpeg-ls"], bits=12, fragments=3, table=False)
    write("seeds/no preamble", small, bits=12, preamble=False)
    write("seeds/signed", small.astype(np.int16), bits=13, VOILUTFunction="SIGMOID", **USUAL)
    write("seeds/voi lut", small, bits=12, VOILUTSequence=voi_lut(), PresentationLUTShape="INVERSE")
    write("seeds/shutters", small, bits=12, **SHUTTERS, **USUAL)
    write("seeds/masks", small, bits=12, **masks(), **USUAL)
    write("seeds/reversed masks", small, bits=12, sop_class=ENHANCED_XA, **reversed_masks())
    write("seeds/turning", small, bits=12, **USUAL | TURNING)
    write("seeds/palette", bytes_, **palette())
    write("seeds/rgb", color)
    write("seeds/rle rgb", color, syntax=SYNTAXES["rle"])
    deep = color.astype(np.uint16) << 4
    write("seeds/deep rgb", deep, bits=12)
    write("seeds/deep rgb jpeg", deep, bits=12, syntax=SYNTAXES["jpeg lossless"])
    write("seeds/deep rgb rle", deep, bits=12, syntax=SYNTAXES["rle"])
    write("seeds/enhanced", small, bits=12, sop_class=ENHANCED_XA, FrameTime=None, **groups(2))
    overlay(tmp_path / "seeds", write, small)
    return tmp_path / "seeds"


def overlay(folder, write, frames):
    from pydicom import dcmread

    path = write("seeds/overlay", frames, bits=12, **USUAL)
    dataset = dcmread(path)
    dataset.add_new(0x60000010, "US", 17)
    dataset.add_new(0x60000011, "US", 19)
    dataset.add_new(0x60000040, "CS", "G")
    dataset.add_new(0x60000050, "SS", [1, 1])
    dataset.add_new(0x60000100, "US", 1)
    dataset.add_new(0x60000102, "US", 0)
    dataset.add_new(0x60003000, "OW", bytes(42))
    dataset.save_as(path)


def test_every_mutated_file_gives_frames_or_a_reason(seeds):
    command = [sys.executable, WORKER, seeds, str(CASES)]
    workers = [
        subprocess.Popen(
            [*command, str(part), str(PARTS)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        for part in range(PARTS)
    ]
    counts = []
    for worker in workers:
        output, errors = worker.communicate(timeout=60 + CASES * SECONDS_PER_CASE)
        assert worker.returncode == 0, errors[-6000:]
        counts.append(json.loads(output))
    assert sum(sum(count.values()) for count in counts) >= CASES
    for kind in ("frames", "reasons"):
        assert sum(count[kind] for count in counts) > CASES / 20, counts
