"""Check a built wheel and the environment it was installed into, before napari joins it.

Usage: ``python check_wheel.py WHEEL`` with the Python of that environment.
"""

from __future__ import annotations

import sys
import zipfile
from importlib.util import find_spec
from pathlib import Path

import fluoro_annotator
import napari_fluoro_annotator

LARGEST_MB = 40
UNASKED = ("napari", "qtpy", "PySide6", "PyQt6", "PyQt5", "vispy", "magicgui", "psycopg")
TOP_LEVEL = ("fluoro_annotator/", "napari_fluoro_annotator/", "fluoro_annotator-")
EXPECTED = (
    "fluoro_annotator/py.typed",
    "napari_fluoro_annotator/napari.yaml",
    "fluoro_annotator/sample_data/lumbar/",
    "fluoro_annotator/sample_data/truth.json",
    "fluoro_annotator/sample_data/LICENSE-meshes",
    "fluoro_annotator/anatomy/",
    "fluoro_annotator/protocols/data/catalogue.yaml",
    "fluoro_annotator/store/server/rights.sql",
)


def content_problems(wheel: Path) -> list[str]:
    """Return what the wheel lacks, or has too much of."""
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
    lacking = [part for part in EXPECTED if not any(name.startswith(part) for name in names)]
    foreign = [name for name in names if not name.startswith(TOP_LEVEL)]
    problems = [f"The wheel has no {part}." for part in lacking]
    problems += [f"The wheel holds {name}." for name in foreign]
    if megabytes(wheel) > LARGEST_MB:
        problems.append(f"The wheel has {megabytes(wheel):.0f} MB, more than {LARGEST_MB}.")
    return problems


def environment_problems() -> list[str]:
    """Return what of the extras came in unasked, and packages found outside this environment."""
    unasked = [name for name in UNASKED if find_spec(name)]
    packages = (fluoro_annotator, napari_fluoro_annotator)
    foreign = [package for package in packages if not Path(str(package.__file__)).is_relative_to(sys.prefix)]
    problems = [f"{name} was installed although no extra was asked for." for name in unasked]
    problems += [f"{package.__name__} is {package.__file__}, not the wheel's." for package in foreign]
    return problems


def megabytes(file: Path) -> float:
    """Return the size of a file in MB."""
    return file.stat().st_size / 1e6


def main() -> int:
    """Print what is wrong with the wheel; return the exit code."""
    wheel = Path(sys.argv[1])
    problems = [*content_problems(wheel), *environment_problems()]
    print("\n".join(problems) or f"{wheel.name}: {megabytes(wheel):.1f} MB, complete, no front end pulled in")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
