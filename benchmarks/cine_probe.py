"""Measure one contender on one long cine, in a process of its own, and print the result as JSON.

Usage: python benchmarks/cine_probe.py CONTENDER FILE SEED
"""

from __future__ import annotations

import json
import random
import sys
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any

from probe import forget_peak, peak_bytes

CODECS = ("jpeg8_decode", "jpegls_decode", "jpeg2k_decode")
RANDOM_FRAMES = 15
PLAYED_FRAMES = 60
"""Frames read at random, and frames played, which is more than any cache of ours keeps."""

ReadFrame = Callable[[int], Any]


def fluoro_annotator() -> Callable[[Path], tuple[ReadFrame, int]]:
    """Return how this package opens a cine: scan, stack.

    imagecodecs loads a codec when it is first named; that is an import, too. pydicom has loaded
    its decoders by the time it has been imported.
    """
    import imagecodecs  # noqa: PLC0415 - imports are timed apart

    from fluoro_annotator.dicom import FrameStack, scan  # noqa: PLC0415 - imports are timed apart

    for codec in CODECS:
        getattr(imagecodecs, codec)

    def opened(path: Path) -> tuple[ReadFrame, int]:
        stack = FrameStack(scan([path]).require().studies[0].images)
        return stack.frame, len(stack)

    return opened


def pydicom_all() -> Callable[[Path], tuple[ReadFrame, int]]:
    """Return how plain pydicom does it: all frames at once."""
    import pydicom.pixels  # noqa: PLC0415 - imports are timed apart

    def opened(path: Path) -> tuple[ReadFrame, int]:
        cine = pydicom.dcmread(path).pixel_array
        return cine.__getitem__, len(cine)

    return opened


def pydicom_one() -> Callable[[Path], tuple[ReadFrame, int]]:
    """Return how pydicom does it frame by frame."""
    import pydicom.pixels  # noqa: PLC0415 - imports are timed apart

    def opened(path: Path) -> tuple[ReadFrame, int]:
        frames = int(
            pydicom.dcmread(path, specific_tags=["NumberOfFrames"], stop_before_pixels=True)[
                "NumberOfFrames"
            ].value
        )
        return lambda index: pydicom.pixels.pixel_array(path, index=index), frames

    return opened


CONTENDERS = {"fluoro_annotator": fluoro_annotator, "pydicom_all": pydicom_all, "pydicom_one": pydicom_one}


def measure(contender: str, path: Path, seed: int) -> dict[str, Any]:
    """Return seconds to the first and to a random frame, peak extra memory and bytes of the whole array.

    All frames in memory are not played: reading one of them takes no time worth measuring.
    """
    opened = CONTENDERS[contender]()
    forget_peak()
    before = peak_bytes()
    started = time.perf_counter()
    frame, count = opened(path)
    first = frame(0)
    first_seconds = time.perf_counter() - started
    result = {"first_seconds": first_seconds, "whole_bytes": first.nbytes * count}
    if contender != "pydicom_all":
        result["next_seconds"] = _random_seconds(frame, count, seed)
    if contender == "fluoro_annotator":
        for index in range(min(count, PLAYED_FRAMES)):
            frame(index)
    after = peak_bytes()
    result["extra_bytes"] = None if before is None or after is None else after - before
    return result


def _random_seconds(frame: ReadFrame, count: int, seed: int) -> float:
    wanted = list(range(1, count))
    random.Random(seed).shuffle(wanted)  # noqa: S311 - a seeded order, no secret
    times = []
    for index in wanted[:RANDOM_FRAMES]:
        started = time.perf_counter()
        frame(index)
        times.append(time.perf_counter() - started)
    return median(times)


if __name__ == "__main__":
    print(json.dumps(measure(sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]))))
