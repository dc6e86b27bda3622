"""The teaching sets that come with the program, beside the sample studies."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from fluoro_annotator.settings import sample_folder
from fluoro_annotator.training.set_files import ENDING

PRACTICE_FOLDER: Final = "practice"


def shipped_folder() -> Path:
    """Return the folder that holds the studies of the shipped sets, and the set files.

    Raises
    ------
    FluoroAnnotatorError
        If the sample studies are not installed.

    """
    return sample_folder() / PRACTICE_FOLDER


def shipped_set_files() -> tuple[Path, ...]:
    """Return the set files that come with the program, for `read_set_file` and `install`.

    Raises
    ------
    FluoroAnnotatorError
        If the sample studies are not installed.

    """
    return tuple(sorted(shipped_folder().glob(f"*{ENDING}")))
