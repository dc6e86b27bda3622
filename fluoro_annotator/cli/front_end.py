"""The way to the napari front end, which is looked for only when a command needs it."""

from __future__ import annotations

import os
import sys
from importlib import import_module
from pathlib import Path
from typing import Any

from fluoro_annotator.cli.screen import progress
from fluoro_annotator.errors import MissingExtraError
from fluoro_annotator.marks import Purpose

INSTALL = 'python -m pip install ".[napari]"'
DISPLAY_VARIABLES = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")


def open_window(paths: list[Path], *, purpose: str | None = None) -> None:
    """Open studies in napari and stay until the window is closed.

    Parameters
    ----------
    paths : list of pathlib.Path
        Files and folders.
    purpose : str, optional
        What is marked for; that of the settings by default.

    Raises
    ------
    MissingExtraError
        If the front end is not installed, or there is no screen.
    NothingToOpenError
        If there is no fluoroscopic study in them.

    """
    require_screen()
    launch = front_end("launch")
    with progress("Reading files") as report:
        launch.open_window(paths, progress=report, purpose=None if purpose is None else Purpose(purpose))


def open_practice(set_id: str) -> None:
    """Open the window for practice and stay until it is closed.

    Parameters
    ----------
    set_id : str
        The teaching set that is chosen at first; empty for the one that is assigned.

    Raises
    ------
    MissingExtraError
        If the front end is not installed, or there is no screen.
    TeachingSetError
        If there is no such set.

    """
    require_screen()
    front_end("practice_launch").open_practice(set_id)


def run_demo(output: Path, *, headless: bool) -> Path:
    """Open the sample study with a reading under way.

    Parameters
    ----------
    output : pathlib.Path
        The folder for the store, the exported marks and, headless, a picture of the window.
    headless : bool
        Take a picture and end, instead of waiting for the window to be closed.

    Returns
    -------
    pathlib.Path
        The store with the reading.

    Raises
    ------
    MissingExtraError
        If the front end or the sample study is not installed, or there is no screen.

    """
    require_screen()
    store: Path = front_end("demo").run(output, headless=headless)
    return store


def front_end(module: str) -> Any:
    """Return a module of the front end.

    Raises
    ------
    MissingExtraError
        If the front end or something that it needs is not installed.

    """
    try:
        return import_module(f"napari_fluoro_annotator.{module}")
    except ImportError as error:
        missing = f" ({error.name} is missing)" if error.name else ""
        raise MissingExtraError(
            "the napari front end",
            f"is not completely installed{missing}",
            f"In the folder of the checkout, run: {INSTALL} (docs/user/install.md has the other ways).",
        ) from error


def require_screen() -> None:
    """Refuse to open a window where there is no screen, before Qt ends the program over it.

    Raises
    ------
    MissingExtraError
        On Linux without any display.

    """
    if sys.platform.startswith("linux") and not any(map(os.environ.get, DISPLAY_VARIABLES)):
        raise MissingExtraError(
            "the screen",
            "is missing: neither an X server nor Wayland can be reached",
            "Run the command on a desktop, or put xvfb-run in front of it.",
        )
