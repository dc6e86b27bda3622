"""The teaching sets that come with the program, beside the sample studies."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from fluoro_annotator.settings import sample_folder
from fluoro_annotator.store import SetVersion, Store
from fluoro_annotator.training.set_files import ENDING, install, read_set_file

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


def install_shipped(store: Store) -> tuple[SetVersion, ...]:
    """Put the sets that come with the program into a store; those that are there already stay as they are.

    Where a store takes any name, they are kept under that of their author, so that nobody who practises them may
    see their keys beforehand; a server keeps them under the login.

    Returns
    -------
    tuple of SetVersion
        As the store has them.

    Raises
    ------
    FluoroAnnotatorError
        If the sample studies are not installed.
    StoreConflictError
        If the store has another content under one of these identifiers and versions.
    StorePermissionError
        If a server does not allow it.

    """
    contents = [read_set_file(path) for path in shipped_set_files()]
    return tuple(install(content, store, by=content.teaching_set.author) for content in contents)
