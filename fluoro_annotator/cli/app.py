"""All commands, put together."""

from __future__ import annotations

from typing import Annotated

import typer

from fluoro_annotator import __version__
from fluoro_annotator.cli import (
    command_inspect,
    command_marks,
    command_practice,
    command_practice_open,
    command_protocols,
    command_results,
    command_store,
    command_studies,
    command_view,
)
from fluoro_annotator.cli.border import BorderGroup
from fluoro_annotator.cli.exit_codes import epilog

app = typer.Typer(
    name="fluoro-annotator",
    cls=BorderGroup,
    no_args_is_help=True,
    add_completion=False,
    epilog=epilog(),
    pretty_exceptions_enable=False,
)
app.command("open")(command_view.open_)
app.command("inspect")(command_inspect.inspect)
app.add_typer(command_marks.app, name="marks")
command_practice.app.command("results")(command_results.results)
command_practice.app.command("report")(command_results.report)
command_practice.app.command("open")(command_practice_open.open_)
app.add_typer(command_practice.app, name="practice")
app.add_typer(command_protocols.app, name="protocols")
app.add_typer(command_store.app, name="store")
app.add_typer(command_studies.app, name="studies")
app.command("demo")(command_view.demo)


def _show_version(asked: bool) -> None:
    if asked:
        typer.echo(f"fluoro-annotator {__version__}")
        raise typer.Exit


@app.callback()
def program(
    *,
    version: Annotated[
        bool,
        typer.Option("--version", callback=_show_version, is_eager=True, help="Show the version and end."),
    ] = False,
    debug: Annotated[bool, typer.Option("--debug", help="Show the traceback of an error.")] = False,
) -> None:
    """Mark medial branch targets and needles on fluoroscopic DICOM series."""


def main() -> None:
    """Run the command line; the entry point of the program."""
    app(prog_name="fluoro-annotator")
