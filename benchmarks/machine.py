"""What the numbers of a benchmark depend on."""

from __future__ import annotations

import importlib.util
import os
import platform
import sys
from importlib.metadata import version
from pathlib import Path
from types import ModuleType
from typing import Any

import pydicom

import fluoro_annotator

PACKAGES = ("fluoro-annotator", "pydicom", "numpy", "imagecodecs", "SQLAlchemy")
TIMED = (fluoro_annotator, pydicom)


def describe() -> dict[str, Any]:
    """Return versions, cores, and for whom compiled bytecode is at hand; call it last, runs compile."""
    return {
        "python": platform.python_version(),
        "system": f"{platform.system()} {platform.machine()}",
        "cores": available_cores(),
        "load": round(os.getloadavg()[0], 2) if hasattr(os, "getloadavg") else None,
        "bytecode": ", ".join(f"{module.__name__} {bytecode_of(module)}" for module in TIMED),
        **{name: version(name) for name in PACKAGES},
    }


def available_cores() -> int:
    """Return how many cores this process may use."""
    if sys.platform == "linux":
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def bytecode_of(module: ModuleType) -> str:
    """Return whether compiled bytecode of a module lies beside its source."""
    compiled = Path(importlib.util.cache_from_source(str(module.__file__)))
    return "compiled" if compiled.exists() else "not compiled"
