"""The commands ``practice results`` and ``practice report``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from fluoro_annotator.cli.command_practice import StoreOption

ENDINGS = (".html", ".pdf")

SetOption = Annotated[
    str | None,
    typer.Option(
        "--set", help="Only this teaching set, as `practice sets list` names it.", show_default=False
    ),
]
TraineeOption = Annotated[
    str | None, typer.Option("--trainee", help="Only answers of this trainee.", show_default=False)
]
Force = Annotated[bool, typer.Option("--force", help="Replace a file that exists.")]


def results(
    *,
    set: SetOption = None,  # noqa: A002 - its name on the command line
    trainee: TraineeOption = None,
    csv: Annotated[
        str | None,
        typer.Option(
            "--csv",
            help="Write every answer with all of its scores to this file, or - for standard output.",
            show_default=False,
        ),
    ] = None,
    force: Force = False,
    store: StoreOption = None,
) -> None:
    """Show how trainees do: rates with their intervals, or every answer as CSV."""
    from fluoro_annotator.cli import practice_results  # noqa: PLC0415 - keeps --help fast

    if csv is None:
        practice_results.show_results(store, set_id=set, trainee=trainee)
    else:
        practice_results.write_results(store, csv, set_id=set, trainee=trainee, force=force)


def report(
    *,
    output: Annotated[
        Path, typer.Option("--output", help="The file to write, .html or .pdf.", show_default=False)
    ],
    trainee: Annotated[
        str | None,
        typer.Option(
            "--trainee", help="A report for this trainee; across trainees without it.", show_default=False
        ),
    ] = None,
    set: SetOption = None,  # noqa: A002 - its name on the command line
    force: Force = False,
    store: StoreOption = None,
) -> None:
    """Write a report of practice, for a trainee or across trainees, as HTML or PDF."""
    from fluoro_annotator.cli import practice_results  # noqa: PLC0415 - keeps --help fast

    if output.suffix.lower() not in ENDINGS:
        raise typer.BadParameter(f"{str(output)!r} ends neither in .html nor in .pdf.", param_hint="--output")
    practice_results.write_report(store, output, set_id=set, trainee=trainee, force=force)
