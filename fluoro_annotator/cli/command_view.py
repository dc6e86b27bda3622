"""The commands that open a window: ``open`` and ``demo``."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer


class ReadFor(StrEnum):
    """What a window is opened for."""

    PROCEDURE = "procedure"
    REFERENCE = "reference"


Paths = Annotated[list[Path], typer.Argument(help="Files and folders with DICOM images.", show_default=False)]
Output = Annotated[Path, typer.Option("--output", help="Folder for the store, marks.json and marks.csv.")]
PurposeOption = Annotated[
    ReadFor | None,
    typer.Option("--purpose", help="What is marked for; by default as the settings say.", show_default=False),
]
Headless = Annotated[
    bool, typer.Option("--headless", help="Leave a picture of the window, annotate.png, and end.")
]


def open_(paths: Paths, *, purpose: PurposeOption = None) -> None:
    """Open studies in napari, ready to be marked."""
    from fluoro_annotator.cli import front_end  # noqa: PLC0415 - keeps --help fast

    front_end.open_window(paths, purpose=None if purpose is None else purpose.value)


def demo(output: Output = Path("demo"), *, headless: Headless = False) -> None:
    """Open the sample study with a reading under way, then list its marks."""
    from fluoro_annotator.cli import front_end, mark_files  # noqa: PLC0415 - keeps --help fast

    store = front_end.run_demo(output, headless=headless)
    mark_files.list_marks(store, study=None, reader=None)
    mark_files.list_files(output)
