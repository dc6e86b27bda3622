"""The commands ``protocols list``, ``protocols show`` and ``protocols check``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(no_args_is_help=True, help="List, show and check protocols.")

Folder = Annotated[
    Path | None,
    typer.Option("--folder", help="The folder of own protocols, if not the usual one.", show_default=False),
]


@app.command("list")
def list_(*, folder: Folder = None) -> None:
    """List the protocols that can be chosen, and the files that cannot."""
    from fluoro_annotator.cli import protocol_facts  # noqa: PLC0415 - keeps --help fast

    protocol_facts.list_protocols(folder)


@app.command("show")
def show(
    name: Annotated[str, typer.Argument(help="The identifier, for example lumbar_mbb.", show_default=False)],
    *,
    version: Annotated[
        str | None, typer.Option("--version", help="A certain version.", show_default=False)
    ] = None,
    request: Annotated[
        str | None,
        typer.Option(
            "--for",
            help='Plan it for joints and sides, for example "L4-5 and L5-S1, right".',
            show_default=False,
        ),
    ] = None,
    folder: Folder = None,
) -> None:
    """Show a protocol, or what it asks for at certain joints."""
    from fluoro_annotator.cli import protocol_facts  # noqa: PLC0415 - keeps --help fast

    protocol_facts.show_protocol(folder, name, version=version, request=request)


@app.command("check")
def check(
    files: Annotated[list[Path], typer.Argument(help="Protocol files.", show_default=False)],
) -> None:
    """Check protocol files before they are put into the folder."""
    from fluoro_annotator.cli import protocol_facts  # noqa: PLC0415 - keeps --help fast

    protocol_facts.check_files(files)
