"""The command ``inspect``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

Paths = Annotated[list[Path], typer.Argument(help="Files and folders with DICOM images.", show_default=False)]
Json = Annotated[bool, typer.Option("--json", help="Print JSON instead of tables.")]
Verbose = Annotated[bool, typer.Option("--verbose", help="Print all that is known of each image.")]
Sheet = Annotated[
    Path | None,
    typer.Option(
        "--contact-sheet", help="Write a PNG picture of all views to a new file.", show_default=False
    ),
]


def inspect(
    paths: Paths, *, json: Json = False, verbose: Verbose = False, contact_sheet: Sheet = None
) -> None:
    """Show what is in files and folders, and which files are skipped and why.

    The patient's name is never shown.
    """
    from fluoro_annotator.cli import inspection  # noqa: PLC0415 - keeps --help fast

    inspection.inspect(paths, as_json=json, verbose=verbose, contact_sheet=contact_sheet)
