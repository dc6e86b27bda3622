"""Measure one way to read the headers of a folder, in a process of its own, and print it as JSON.

Usage: python benchmarks/scan_probe.py CONTENDER FOLDER INDEX
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path

Action = Callable[[Path, Path], int]


def fluoro_annotator() -> Action:
    """Return how this package does it, with an index of scans."""
    from fluoro_annotator.dicom import ScanIndex, scan  # noqa: PLC0415 - imports are timed apart

    def action(folder: Path, index: Path) -> int:
        studies = scan([folder], index=ScanIndex(index)).require().studies
        return sum(len(study.images) for study in studies)

    return action


def pydicom() -> Action:
    """Return the usual loop over pydicom's reader."""
    from pydicom import dcmread  # noqa: PLC0415 - imports are timed apart

    def action(folder: Path, index: Path) -> int:  # noqa: ARG001 - there is none
        files = sorted(path for path in folder.rglob("*") if path.is_file())
        return len([dcmread(path, stop_before_pixels=True) for path in files])

    return action


CONTENDERS = {"fluoro_annotator": fluoro_annotator, "pydicom": pydicom}


def main() -> int:
    """Run the command line; return the exit code."""
    contender, folder, index = sys.argv[1:]
    action = CONTENDERS[contender]()
    started = time.perf_counter()
    images = action(Path(folder), Path(index))
    print(json.dumps({"seconds": time.perf_counter() - started, "images": images}))
    return 0


if __name__ == "__main__":
    sys.exit(main())
