"""The address of a store on a PostgreSQL server, and how to show it without its password."""

from __future__ import annotations

from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

from fluoro_annotator.errors import StoreUnavailableError

SCHEMES = ("postgresql", "postgres")
DRIVER = "postgresql+psycopg"
OPTIONS = frozenset({"sslmode", "sslrootcert", "sslcert", "sslkey", "sslcrl", "channel_binding"})
"""What may follow the question mark: how the connection is encrypted, as libpq names it."""

FORM = "Write it as postgresql://login@host/database, or postgresql://login@host:port/database?sslmode=verify-full."


def is_postgres_url(text: str) -> bool:
    """Return whether a text is meant as the address of a PostgreSQL store."""
    return text.partition("://")[0].lower() in SCHEMES and "://" in text


def parse_url(text: str) -> URL:
    """Return the parts of an address; no error repeats it, because there may be a password in it.

    Raises
    ------
    StoreUnavailableError
        If it is not one, names no database, or has an option that is not about encryption.

    """
    try:
        url = make_url(text)
    except (ArgumentError, ValueError):
        raise StoreUnavailableError("address of the store", "cannot be understood", FORM) from None
    if url.drivername.lower() not in SCHEMES:
        raise StoreUnavailableError("address of the store", "is not that of a PostgreSQL server", FORM)
    if not url.host or not url.database:
        raise StoreUnavailableError("address of the store", "names no host or no database", FORM)
    unknown = sorted(set(url.query) - OPTIONS)
    if unknown:
        raise StoreUnavailableError(
            "address of the store",
            f"has an option that is not known here: {unknown[0]}",
            f"Leave it out; known are {', '.join(sorted(OPTIONS))}.",
        )
    return url.set(drivername=DRIVER)


def shown(url: URL) -> str:
    """Return an address as it may stand on a screen: without the password."""
    return url._replace(drivername=SCHEMES[0], password=None).render_as_string()
