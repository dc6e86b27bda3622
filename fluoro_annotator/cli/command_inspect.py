"""The command ``inspect``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

Paths = Annotated[list[Path], typer.Argument(help="Files and folders with DICOM images.", show_default=False)]
Json = Annotated[bool, typer.Option("--json", help="Print JSON instead of tables.")]


def inspect(paths: Paths, *, json: Json = False) -> None:
    """Show what is in files and folders, and which files are skipped and why.

    The patient's name is never shown.
    """
    from fluoro_annotator.cli import inspection  # noqa: PLC0415 - keeps --help fast

    inspection.inspect(paths, as_json=json)
