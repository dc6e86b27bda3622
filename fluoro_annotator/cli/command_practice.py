"""The commands of practice: teaching sets, and who is asked to practise them."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(no_args_is_help=True, help="Teaching sets, assignments and results of practice.")
sets = typer.Typer(
    no_args_is_help=True, help="List, show, check, export, install and withdraw teaching sets."
)
app.add_typer(sets, name="sets")

DAY = ["%Y-%m-%d"]
StoreOption = Annotated[
    str | None,
    typer.Option(
        "--store",
        help="The store, a file or a postgresql:// address, if not the usual one.",
        show_default=False,
    ),
]
SetName = Annotated[
    str, typer.Argument(help="The identifier, as `practice sets list` names it.", show_default=False)
]
Version = Annotated[
    int | None,
    typer.Option(
        "--version", min=1, help="A certain version; the newest one by default.", show_default=False
    ),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON instead of tables.")]


@sets.command("list")
def list_(*, as_json: AsJson = False, store: StoreOption = None) -> None:
    """List the teaching sets in the store: those that can be practised, and those that were withdrawn."""
    from fluoro_annotator.cli import practice_sets  # noqa: PLC0415 - keeps --help fast

    practice_sets.list_sets(store, as_json=as_json)


@sets.command("show")
def show(
    set: SetName,  # noqa: A002 - its name on the command line
    *,
    version: Version = None,
    as_json: AsJson = False,
    store: StoreOption = None,
) -> None:
    """Show a teaching set: its questions, what stands against it, and to whom it is assigned. Never an answer."""
    from fluoro_annotator.cli import practice_sets  # noqa: PLC0415 - keeps --help fast

    practice_sets.show_set(store, set, version=version, as_json=as_json)


@sets.command("check")
def check(
    set: Annotated[  # noqa: A002 - its name on the command line
        str, typer.Argument(help="The identifier of a set in the store, or a set file.", show_default=False)
    ],
    *,
    version: Version = None,
    store: StoreOption = None,
) -> None:
    """Check a teaching set or a set file: protocol, studies, keys, and what became of the reference readings."""
    from fluoro_annotator.cli import practice_sets  # noqa: PLC0415 - keeps --help fast

    practice_sets.check_set(store, set, version=version)


@sets.command("export")
def export(
    set: SetName,  # noqa: A002 - its name on the command line
    file: Annotated[Path, typer.Argument(help="The set file to write.", show_default=False)],
    *,
    version: Version = None,
    force: Annotated[bool, typer.Option("--force", help="Replace a file that exists.")] = False,
    store: StoreOption = None,
) -> None:
    """Write a teaching set with its answers into a file, for another store. For its author, or an attending."""
    from fluoro_annotator.cli import practice_sets  # noqa: PLC0415 - keeps --help fast

    practice_sets.export_set(store, set, file, version=version, force=force)


@sets.command("install")
def install(
    file: Annotated[Path, typer.Argument(help="The set file.", show_default=False)],
    *,
    store: StoreOption = None,
) -> None:
    """Put the teaching set of a file into the store; one that is there already stays as it is."""
    from fluoro_annotator.cli import practice_sets  # noqa: PLC0415 - keeps --help fast

    practice_sets.install_file(store, file)


@sets.command("install-samples")
def install_samples(*, store: StoreOption = None) -> None:
    """Put the teaching sets of the sample studies into the store: targets, needles, electrodes and views of a phantom."""
    from fluoro_annotator.cli import practice_sets  # noqa: PLC0415 - keeps --help fast

    practice_sets.install_samples(store)


@sets.command("withdraw")
def withdraw(
    set: SetName,  # noqa: A002 - its name on the command line
    *,
    reason: Annotated[
        str, typer.Option("--reason", help="Why, in one line that everybody may see.", show_default=False)
    ] = "",
    store: StoreOption = None,
) -> None:
    """Withdraw a teaching set: nobody practises it any more. Versions, answers and scores stay."""
    from fluoro_annotator.cli import practice_sets  # noqa: PLC0415 - keeps --help fast

    practice_sets.withdraw_set(store, set, reason=reason)


@app.command("assign")
def assign(
    set: SetName,  # noqa: A002 - its name on the command line
    trainee: Annotated[
        str, typer.Argument(help="The name under which the trainee practises.", show_default=False)
    ],
    *,
    due: Annotated[
        datetime | None,
        typer.Option("--due", formats=DAY, help="Until which day.", show_default=False),
    ] = None,
    no_longer: Annotated[
        bool, typer.Option("--withdraw", help="Ask for it no longer; answers stay.")
    ] = False,
    store: StoreOption = None,
) -> None:
    """Ask a trainee to practise a teaching set."""
    from fluoro_annotator.cli import practice_sets  # noqa: PLC0415 - keeps --help fast

    practice_sets.assign(store, set, trainee, due=due.date() if due else None, no_longer=no_longer)
