"""Bringing a store on a PostgreSQL server to the present version of its tables, in one transaction."""

from __future__ import annotations

from sqlalchemy import Connection, select, text

from fluoro_annotator import settings
from fluoro_annotator.errors import StoreDamagedError, StorePermissionError, StoreVersionError
from fluoro_annotator.store import schema
from fluoro_annotator.store.migrations import migrate
from fluoro_annotator.store.postgres_engine import make_engine
from fluoro_annotator.store.postgres_errors import in_plain_words
from fluoro_annotator.store.postgres_schema import LOCK, switched_off
from fluoro_annotator.store.postgres_url import parse_url, shown
from fluoro_annotator.store.postgres_users import who_am_i
from fluoro_annotator.store.schema import SCHEMA_VERSION
from fluoro_annotator.store.sql_checks import problems


def upgrade_store(address: str, *, password: str | None = None) -> int | None:
    """Bring a store on a server to the present version of its tables, all of it or nothing.

    The result is checked before it counts. No backup is made:
    the server has its own.

    Parameters
    ----------
    address : str
        ``postgresql://login[:password]@host[:port]/database[?sslmode=...]``, with the login that owns the store.
    password : str, optional
        Password if the address has none; `settings.store_password` by default.

    Returns
    -------
    int or None
        The version before; None if the store has the present one already.

    Raises
    ------
    StorePermissionError
        If the login is not the owner of the store.
    StoreDamagedError
        If the result is not sound; the store is as it was then.
    StoreVersionError
        If a newer version of the program made the store.
    StoreUnavailableError
        If the server cannot be reached, does not let the login in, or holds no store.

    """
    url = parse_url(address)
    place = shown(url)
    engine = make_engine(url, settings.store_password() if password is None else password)
    try:
        with in_plain_words(place), engine.begin() as connection:
            return _upgrade(connection, place)
    finally:
        engine.dispose()


def _upgrade(connection: Connection, place: str) -> int | None:
    connection.execute(text(LOCK))  # nobody else upgrades meanwhile
    found = connection.scalar(select(schema.meta.c.schema_version))
    check_not_newer(place, found or 0)
    if found == SCHEMA_VERSION:
        return None
    if not who_am_i(connection).is_owner:
        raise StorePermissionError(
            f"store {place}", "is upgraded by its owner alone", "Log in as the login that made the store."
        )
    migrate(connection)
    wrong = [*switched_off(connection), *problems(connection)]
    if wrong:
        raise StoreDamagedError(
            f"store {place}",
            f"would not be sound at version {SCHEMA_VERSION}: {wrong[0]}",
            "It was left as it was: restore it from a backup first.",
        )
    return found


def check_not_newer(place: str, found: int) -> None:
    """Refuse a store that a newer version of the program has made.

    Raises
    ------
    StoreVersionError
        If its tables have a higher version than the present one.

    """
    if found > SCHEMA_VERSION:
        raise StoreVersionError(
            f"store {place}",
            f"was made by a newer version of the program (schema {found}; this one knows {SCHEMA_VERSION})",
            "Update fluoro-annotator on this computer.",
        )
