"""What ``store init``, ``grant``, ``revoke`` and ``users`` do."""

from __future__ import annotations

import sys
from pathlib import Path

import typer

from fluoro_annotator.cli.screen import Table, say, show, tell
from fluoro_annotator.cli.stores import existing, place_of
from fluoro_annotator.errors import FluoroAnnotatorError
from fluoro_annotator.store import PostgresStore, SqliteStore, Store, StoreLocation, StoreRole, create_store

LONGEST_PASSWORD_FILE = 1000
"""Bytes of a file that may be a password; an engineering default."""


def make(given: str | None) -> None:
    """Make a new store.

    Parameters
    ----------
    given : str or None
        The place; that of the settings by default.

    """
    place = place_of(given)
    if place.path is None:
        create_store(place.url)
        tell(f"The store {place.shown} was made. Give people roles with: fluoro-annotator store grant.")
        return
    if place.path.exists():
        raise FluoroAnnotatorError(f"file {place.shown}", "exists already", "Choose another name.")
    with SqliteStore(place.path) as store:
        tell(f"The store {place.shown} was made. Protection: {store.status().protection}")


def give(given: str | None, login: str, role: str, *, password_file: Path | None, is_there: bool) -> None:
    """Give somebody a role.

    Parameters
    ----------
    given : str or None
        The store; that of the settings by default.
    login, role : str
        Who gets which role.
    password_file : pathlib.Path or None
        The password of a new login; otherwise it is asked for.
    is_there : bool
        The login has a password already.

    """
    place = place_of(given)
    with _on_server(place) as store:
        known = {user.login for user in store.users()}
        password = None
        if login not in known and not is_there:
            password = _asked(login) if password_file is None else _read(password_file)
        store.grant(login, StoreRole(role), password=password)
    tell(f"{login} is {role} in {place.shown}.")


def take(given: str | None, login: str, role: str) -> None:
    """Take a role from somebody.

    Parameters
    ----------
    given : str or None
        The store; that of the settings by default.
    login, role : str
        Who loses which role.

    """
    place = place_of(given)
    with _on_server(place) as store:
        store.revoke(login, StoreRole(role))
    tell(f"{login} is no longer {role} in {place.shown}. What {login} has read stays.")


def show_people(given: str | None) -> None:
    """Print who has which role.

    Parameters
    ----------
    given : str or None
        The store; that of the settings by default.

    """
    place = place_of(given)
    with _on_server(place) as store:
        rows = [(user.login, user.role.value if user.role else "") for user in store.users()]
    show(Table(f"Roles in {place.shown}", ("login", "role"), rows))
    if not rows:
        say("Nobody has a role yet. Give one with: fluoro-annotator store grant.")


def _on_server(place: StoreLocation) -> PostgresStore:
    """Open a store that knows people.

    Raises
    ------
    FluoroAnnotatorError
        If it is a file.

    """
    if place.path is not None:
        raise FluoroAnnotatorError(
            f"store {place.shown}",
            "is a file, and a file protects nobody from anybody: it has no logins and no roles",
            "Name a store on a PostgreSQL server with --store.",
        )
    store: Store = existing(place)
    assert isinstance(store, PostgresStore)  # noqa: S101  # what is not a file is on a server
    return store


def _asked(login: str) -> str:
    """Ask for a new password twice, without showing it."""
    if not _at_terminal():
        raise FluoroAnnotatorError(
            f"password of {login}",
            "cannot be asked for, because nobody is at a terminal",
            "Name a file with --password-file, or say --existing if the login has a password.",
        )
    password: str = typer.prompt(
        f"New password of {login}", hide_input=True, confirmation_prompt=True, err=True
    )
    return password


def _at_terminal() -> bool:
    return sys.stdin.isatty()


def _read(path: Path) -> str:
    """Return the password in the first line of a file; it is never repeated in an error."""
    try:
        with path.open("rb") as file:
            first = file.read(LONGEST_PASSWORD_FILE + 1).partition(b"\n")[0].rstrip(b"\r")
        password = first.decode("utf-8-sig")
    except OSError as error:
        raise FluoroAnnotatorError(
            f"file {path}", f"cannot be read: {error.strerror}", "Check the path."
        ) from error
    except UnicodeDecodeError:
        raise FluoroAnnotatorError(f"file {path}", "is not UTF-8", "Save it again as UTF-8.") from None
    if not password or len(first) > LONGEST_PASSWORD_FILE:
        raise FluoroAnnotatorError(
            f"file {path}", "holds no password in its first line", "Write the password into its first line."
        )
    return password
