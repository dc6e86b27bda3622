"""Render the sample studies from the phantom's meshes.

Usage: python sample_dicoms/make_samples.py MESH_FOLDER [--output DIR]
"""

from __future__ import annotations

import argparse
import shutil
import sys
from pathlib import Path

from fluoro_annotator.errors import FluoroAnnotatorError
from fluoro_annotator.simulation import load_phantom, make_lumbar_study, make_practice_studies

LICENCE = "LICENSE-meshes"
PRACTICE = "practice"


def main() -> int:
    """Run the command line; return the exit code."""
    parser = argparse.ArgumentParser(description="Render the sample studies from the phantom's meshes.")
    parser.add_argument("mesh_folder", type=Path, help="folder that holds meshes/ and landmarks.json")
    parser.add_argument(
        "--output", type=Path, default=Path(__file__).parent, help="folder to write to (default: this one)"
    )
    arguments = parser.parse_args()
    try:
        phantom = load_phantom(arguments.mesh_folder)
        make_lumbar_study(phantom, arguments.output, progress=print)
        make_practice_studies(phantom, arguments.output / PRACTICE, progress=print)
    except FluoroAnnotatorError as error:
        print(error, file=sys.stderr)
        return 1
    licence = arguments.mesh_folder / LICENCE
    if licence.is_file():
        shutil.copyfile(licence, arguments.output / LICENCE)
    return 0


if __name__ == "__main__":
    sys.exit(main())
