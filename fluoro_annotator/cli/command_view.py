"""The commands that open a window: ``open`` and ``demo``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

Paths = Annotated[list[Path], typer.Argument(help="Files and folders with DICOM images.", show_default=False)]
Output = Annotated[Path, typer.Option("--output", help="Folder for the store, marks.json and marks.csv.")]
Headless = Annotated[
    bool, typer.Option("--headless", help="Leave a picture of the window, annotate.png, and end.")
]


def open_(paths: Paths) -> None:
    """Open studies in napari, ready to be marked."""
    from fluoro_annotator.cli import front_end  # noqa: PLC0415 - keeps --help fast

    front_end.open_window(paths)


def demo(output: Output = Path("demo"), *, headless: Headless = False) -> None:
    """Open the sample study with a reading under way, then list its marks."""
    from fluoro_annotator.cli import front_end, mark_files  # noqa: PLC0415 - keeps --help fast

    store = front_end.run_demo(output, headless=headless)
    mark_files.list_marks(store, study=None, reader=None)
    mark_files.list_files(output)
