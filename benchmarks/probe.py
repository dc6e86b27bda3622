"""Measure one contender on one file, in a process of its own, and print the result as JSON.

Usage: python benchmarks/probe.py CONTENDER FILE
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

STATUS = Path("/proc/self/status")
CLEAR = Path("/proc/self/clear_refs")
RESET_PEAK = "5"
Action = Callable[[Path], Any]


def fluoro_annotator() -> Action:
    """Return how this package comes to the first frame: scan, stack, one frame, ready to be shown."""
    from fluoro_annotator.dicom import FrameStack, scan  # noqa: PLC0415 - imports are timed apart

    return lambda path: FrameStack(scan([path]).require().studies[0].images).frame(0)


def pydicom_all() -> Action:
    """Return how plain pydicom comes to the first frame: it decodes all of them."""
    import pydicom.pixels  # noqa: PLC0415 - imports are timed apart

    return lambda path: pydicom.dcmread(path).pixel_array


def pydicom_one() -> Action:
    """Return how pydicom decodes the first frame alone."""
    import pydicom.pixels  # noqa: PLC0415 - imports are timed apart

    return lambda path: pydicom.pixels.pixel_array(path, index=0)


CONTENDERS: dict[str, Callable[[], Action]] = {
    "fluoro_annotator": fluoro_annotator,
    "pydicom_all": pydicom_all,
    "pydicom_one": pydicom_one,
}


def peak_bytes() -> int | None:
    """Return the largest resident memory of this process so far, None where it cannot be told."""
    if STATUS.exists():
        lines = STATUS.read_text(encoding="ascii").splitlines()
        return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("VmHWM"))
    if sys.platform == "darwin":
        import resource  # noqa: PLC0415 - there is none on Windows

        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return None


def forget_peak() -> None:
    """Let the largest memory so far be the present one, where the system can do that."""
    if CLEAR.exists():
        CLEAR.write_text(RESET_PEAK, encoding="ascii")


def measure(contender: str, path: Path) -> dict[str, Any]:
    """Return seconds for imports and for the first frame, extra peak memory, and the frame's shape."""
    began = time.perf_counter()
    action = CONTENDERS[contender]()
    imported = time.perf_counter()
    forget_peak()
    before = peak_bytes()
    started = time.perf_counter()
    frames = action(path)
    ended = time.perf_counter()
    after = peak_bytes()
    return {
        "import_seconds": imported - began,
        "seconds": ended - started,
        "extra_bytes": None if before is None or after is None else after - before,
        "shape": list(frames.shape[-2:]),
    }


def main() -> int:
    """Run the command line; return the exit code."""
    contender, path = sys.argv[1:]
    print(json.dumps(measure(contender, Path(path))))
    return 0


if __name__ == "__main__":
    sys.exit(main())
