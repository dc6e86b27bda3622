"""Render the sample studies from the phantom's meshes, and make the teaching sets of those for practice.

Usage: python sample_dicoms/make_samples.py MESH_FOLDER [--output DIR]
       python sample_dicoms/make_samples.py --sets
"""

from __future__ import annotations

import argparse
import shutil
import sys
from pathlib import Path

from fluoro_annotator.errors import FluoroAnnotatorError
from fluoro_annotator.simulation import load_phantom, make_lumbar_study, make_practice_studies
from fluoro_annotator.simulation.practice import write_checksums
from fluoro_annotator.training.phantom_sets import write_phantom_sets

LICENCE = "LICENSE-meshes"
PRACTICE = "practice"


def main() -> int:
    """Run the command line; return the exit code."""
    parser = argparse.ArgumentParser(description="Render the sample studies from the phantom's meshes.")
    parser.add_argument(
        "mesh_folder", type=Path, nargs="?", help="folder that holds meshes/ and landmarks.json"
    )
    parser.add_argument(
        "--output", type=Path, default=Path(__file__).parent, help="folder to write to (default: this one)"
    )
    parser.add_argument(
        "--sets", action="store_true", help="make the teaching sets only, from images that are there"
    )
    arguments = parser.parse_args()
    if arguments.mesh_folder is None and not arguments.sets:
        parser.error("say where the meshes are, or make the sets only with --sets")
    try:
        if arguments.sets:
            _write_sets(arguments.output)
            return 0
        phantom = load_phantom(arguments.mesh_folder)
        make_lumbar_study(phantom, arguments.output, progress=print)
        make_practice_studies(phantom, arguments.output / PRACTICE, progress=print)
        _write_sets(arguments.output)
    except FluoroAnnotatorError as error:
        print(error, file=sys.stderr)
        return 1
    licence = arguments.mesh_folder / LICENCE
    if licence.is_file():
        shutil.copyfile(licence, arguments.output / LICENCE)
    return 0


def _write_sets(output: Path) -> None:
    for path in write_phantom_sets(output / PRACTICE):
        print(path.relative_to(output).as_posix())
    write_checksums(output / PRACTICE)


if __name__ == "__main__":
    sys.exit(main())
