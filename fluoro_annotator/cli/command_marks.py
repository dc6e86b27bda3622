"""The commands ``marks export``, ``marks import`` and ``marks list``."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(no_args_is_help=True, help="Export, import and list marks.")


class Format(StrEnum):
    """The formats of exported marks."""

    JSON = "json"
    CSV = "csv"


Store = Annotated[
    str | None,
    typer.Option(
        "--store",
        help="The store, a file or a postgresql:// address, if not the usual one.",
        show_default=False,
    ),
]
Study = Annotated[str | None, typer.Option("--study", help="Only this study (Study Instance UID).")]
Reader = Annotated[str | None, typer.Option("--reader", help="Only readings of this reader.")]


@app.command("export")
def export(
    output: Annotated[
        str, typer.Argument(help="The file to write, or - for standard output.", show_default=False)
    ],
    *,
    study: Study = None,
    reader: Reader = None,
    format_: Annotated[
        Format | None,
        typer.Option(
            "--format", help="json or csv; otherwise the ending of OUTPUT decides.", show_default=False
        ),
    ] = None,
    store: Store = None,
    force: Annotated[bool, typer.Option("--force", help="Replace a file that exists.")] = False,
) -> None:
    """Write marks to a file: JSON with everything, or CSV with one row per mark."""
    from fluoro_annotator.cli import mark_files  # noqa: PLC0415 - keeps --help fast

    kind = format_ or _format_of(output)
    mark_files.export(store, output, kind.value, study=study, reader=reader, overwrite=force)


@app.command("import")
def import_(
    file: Annotated[
        str, typer.Argument(help="A JSON file of marks, or - for standard input.", show_default=False)
    ],
    *,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what would be done, and do nothing.")
    ] = False,
    store: Store = None,
) -> None:
    """Bring marks from a JSON file into the store; nothing there is ever replaced."""
    from fluoro_annotator.cli import mark_files  # noqa: PLC0415 - keeps --help fast

    mark_files.bring_in(store, file, dry_run=dry_run)


@app.command("list")
def list_(*, study: Study = None, reader: Reader = None, store: Store = None) -> None:
    """List the marks in the store."""
    from fluoro_annotator.cli import mark_files  # noqa: PLC0415 - keeps --help fast

    mark_files.list_marks(store, study=study, reader=reader)


def _format_of(output: str) -> Format:
    ending = "json" if output == "-" else Path(output).suffix.removeprefix(".").lower()
    try:
        return Format(ending)
    except ValueError:
        raise typer.BadParameter(
            f"{output!r} ends neither in .json nor in .csv; say which with --format.", param_hint="OUTPUT"
        ) from None
