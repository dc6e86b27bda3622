"""Measure one way to read the headers of a folder, in a process of its own, and print it as JSON.

Usage: python benchmarks/scan_probe.py CONTENDER FOLDER INDEX
"""

from __future__ import annotations

import gc
import json
import sys
import time
from collections.abc import Callable
from pathlib import Path

Action = Callable[[], int]


def fluoro_annotator(folder: Path, index: Path) -> Action:
    """Return how this package does it, with an index of scans.

    Studies and series are complete; if nothing has changed, images are made when they are asked for.
    """
    from fluoro_annotator.dicom import ScanIndex, scan  # noqa: PLC0415 - imports are timed apart

    kept = ScanIndex(index)

    def action() -> int:
        studies = scan([folder], index=kept).require().studies
        return sum(study.image_count for study in studies)

    return action


def pydicom(folder: Path, index: Path) -> Action:  # noqa: ARG001 - there is no index
    """Return the usual loop over pydicom's reader."""
    from pydicom import dcmread  # noqa: PLC0415 - imports are timed apart

    def action() -> int:
        files = sorted(path for path in folder.rglob("*") if path.is_file())
        return len([dcmread(path, stop_before_pixels=True) for path in files])

    return action


CONTENDERS = {"fluoro_annotator": fluoro_annotator, "pydicom": pydicom}


def timed(action: Action) -> tuple[float, int]:
    """Return how many seconds an action takes, and what it returns.

    What the imports left behind is cleared away before, or it would be on the account of
    whoever makes the collector look next.
    """
    gc.collect()
    started = time.perf_counter()
    found = action()
    return time.perf_counter() - started, found


def main() -> int:
    """Run the command line; return the exit code."""
    contender, folder, index = sys.argv[1:]
    action = CONTENDERS[contender](Path(folder), Path(index))
    seconds, images = timed(action)
    result = {"seconds": seconds, "images": images}
    if contender == "fluoro_annotator":
        result["again_seconds"], _ = timed(action)
    sys.stdout.write(json.dumps(result))
    return 0


if __name__ == "__main__":
    sys.exit(main())
