"""The commands below ``store``: its state, backups, copies, purging and people."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(no_args_is_help=True, help="Look after the store: check, back up, move, purge, give roles.")


class Role(StrEnum):
    """What a login may do in a store on a server."""

    TRAINEE = "trainee"
    ATTENDING = "attending"
    AUDITOR = "auditor"
    ADMINISTRATOR = "administrator"


Store = Annotated[
    str | None,
    typer.Option(
        "--store",
        help="The store, a file or a postgresql:// address, if not the usual one.",
        show_default=False,
    ),
]
RoleName = Annotated[Role, typer.Argument(help="The role.", show_default=False)]
Login = Annotated[str, typer.Argument(help="The login, which is the reader's name.", show_default=False)]


@app.command("status")
def status(*, store: Store = None) -> None:
    """Say where the store is, what it holds, who is kept from what, and what waits to be stored."""
    from fluoro_annotator.cli import store_keeping  # noqa: PLC0415 - keeps --help fast

    store_keeping.show_status(store)


@app.command("verify")
def verify(
    *,
    store: Store = None,
    against: Annotated[
        Path | None,
        typer.Option("--against", help="Compare with ends of chains noted before.", show_default=False),
    ] = None,
    write_heads: Annotated[
        Path | None,
        typer.Option("--write-heads", help="Note the ends of all chains in a new file.", show_default=False),
    ] = None,
) -> None:
    """Walk every chain and name the first broken link of each; the exit code is 5 if there is a problem."""
    from fluoro_annotator.cli import store_keeping  # noqa: PLC0415 - keeps --help fast

    store_keeping.verify(store, against=against, write_to=write_heads)


@app.command("upgrade")
def upgrade(*, store: Store = None) -> None:
    """Bring a store of an older version of the program to the present one, after a backup."""
    from fluoro_annotator.cli import store_keeping  # noqa: PLC0415 - keeps --help fast

    store_keeping.upgrade(store)


@app.command("backup")
def backup(
    file: Annotated[Path, typer.Argument(help="The new file.", show_default=False)], *, store: Store = None
) -> None:
    """Write the store to a new file, while it may be in use, and verify the file."""
    from fluoro_annotator.cli import store_moving  # noqa: PLC0415 - keeps --help fast

    store_moving.back_up(store, file)


@app.command("restore")
def restore(
    file: Annotated[Path, typer.Argument(help="The backup.", show_default=False)],
    *,
    store: Store = None,
    replace: Annotated[
        bool,
        typer.Option("--replace", help="Take the place of a store; it is kept under another name."),
    ] = False,
) -> None:
    """Verify a backup and put it in the place of the store."""
    from fluoro_annotator.cli import store_moving  # noqa: PLC0415 - keeps --help fast

    store_moving.bring_back(file, store, replace=replace)


@app.command("copy")
def copy(
    source: Annotated[str, typer.Argument(help="A file or a postgresql:// address.", show_default=False)],
    destination: Annotated[
        str, typer.Argument(help="Another one; a file is made if there is none.", show_default=False)
    ],
) -> None:
    """Copy what is missing from one store into another, with numbers and hashes unchanged."""
    from fluoro_annotator.cli import store_moving  # noqa: PLC0415 - keeps --help fast

    store_moving.copy_over(source, destination)


@app.command("purge")
def purge(
    *,
    reason: Annotated[
        str, typer.Option("--reason", help="Why, in one line without a patient's name.", show_default=False)
    ],
    reading: Annotated[
        str | None,
        typer.Option("--reading", help="Identifier of the reading.", show_default=False),
    ] = None,
    study: Annotated[
        str | None,
        typer.Option("--study", help="Study Instance UID; with all its readings.", show_default=False),
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    store: Store = None,
) -> None:
    """Take a reading or a study out of the store for ever; a tombstone with the reason stays."""
    from fluoro_annotator.cli import store_keeping  # noqa: PLC0415 - keeps --help fast

    if (reading is None) == (study is None):
        raise typer.BadParameter("say either --reading or --study.", param_hint="--reading, --study")
    store_keeping.purge(store, reading=reading, study=study, reason=reason, sure=yes)


@app.command("init")
def init(*, store: Store = None) -> None:
    """Make a store in an empty database of a PostgreSQL server, or in a new file."""
    from fluoro_annotator.cli import store_people  # noqa: PLC0415 - keeps --help fast

    store_people.make(store)


@app.command("grant")
def grant(
    login: Login,
    role: RoleName,
    *,
    password_file: Annotated[
        Path | None,
        typer.Option("--password-file", help="A file with the password of a new login.", show_default=False),
    ] = None,
    existing: Annotated[
        bool, typer.Option("--existing", help="The login is there already, with a password of its own.")
    ] = False,
    store: Store = None,
) -> None:
    """Give somebody a role in a store on a server; a new login gets a password, which is asked for."""
    from fluoro_annotator.cli import store_people  # noqa: PLC0415 - keeps --help fast

    if existing and password_file is not None:
        raise typer.BadParameter("a login that is there keeps its password.", param_hint="--password-file")
    store_people.give(store, login, role.value, password_file=password_file, is_there=existing)


@app.command("revoke")
def revoke(login: Login, role: RoleName, *, store: Store = None) -> None:
    """Take a role in a store on a server from somebody."""
    from fluoro_annotator.cli import store_people  # noqa: PLC0415 - keeps --help fast

    store_people.take(store, login, role.value)


@app.command("users")
def users(*, store: Store = None) -> None:
    """List who has which role in a store on a server."""
    from fluoro_annotator.cli import store_people  # noqa: PLC0415 - keeps --help fast

    store_people.show_people(store)
