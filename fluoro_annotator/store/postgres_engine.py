"""Connections to a PostgreSQL server: encrypted as the address says, and never waited for without end."""

from __future__ import annotations

from importlib.util import find_spec

from sqlalchemy import URL, Engine, create_engine

from fluoro_annotator.errors import MissingExtraError

# Engineering defaults, in seconds: a person waits in front of a window.
CONNECT_SECONDS = 5
STATEMENT_SECONDS = 60
LOCK_SECONDS = 10
IDLE_SECONDS = 300
POOL_SECONDS = 10

CONNECTIONS = 4
MORE_CONNECTIONS = 12

SESSION = {
    "search_path": "public",
    "timezone": "UTC",
    "synchronous_commit": "on",  # whatever the server is set to: what is acknowledged is on its disk
    "statement_timeout": f"{STATEMENT_SECONDS}s",
    "lock_timeout": f"{LOCK_SECONDS}s",
    "idle_in_transaction_session_timeout": f"{IDLE_SECONDS}s",
}

LINK = {
    "application_name": "fluoro-annotator",
    "connect_timeout": CONNECT_SECONDS,
    "keepalives": 1,
    "keepalives_idle": 30,
    "keepalives_interval": 10,
    "keepalives_count": 3,
    "tcp_user_timeout": 15_000,  # milliseconds until a network that swallows everything counts as broken
}


def make_engine(url: URL, password: str | None) -> Engine:
    """Return an engine for a store; nothing is connected yet.

    Each connection is looked at before it is used, so that one that broke is replaced. Neither
    parameters nor the password show in what it reports.

    Parameters
    ----------
    url : sqlalchemy.URL
        The address, of `postgres_url.parse_url`.
    password : str or None
        The password if the address has none. None leaves it to libpq: ``PGPASSWORD``,
        ``PGPASSFILE`` or none at all.

    Raises
    ------
    MissingExtraError
        If psycopg is not installed.

    """
    if find_spec("psycopg") is None:
        raise MissingExtraError(
            "a store on a PostgreSQL server",
            "needs the package psycopg, which is not installed",
            'Install it with: python -m pip install "fluoro-annotator[postgres]"',
        )
    if url.password is None and password is not None:
        url = url.set(password=password)
    session = " ".join(f"-c {name}={value}" for name, value in SESSION.items())
    return create_engine(
        url,
        hide_parameters=True,
        pool_size=CONNECTIONS,
        max_overflow=MORE_CONNECTIONS,
        pool_timeout=POOL_SECONDS,
        pool_pre_ping=True,
        isolation_level="READ COMMITTED",
        connect_args=LINK | {"options": session},
    )
