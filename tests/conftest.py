"""What tests of several rooms share: settings and a PostgreSQL server of their own."""

from __future__ import annotations

import importlib.util
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

TOOLS = Path(__file__).resolve().parents[1] / "tools"
NUMBERS = count(1)
OWNER = "store_owner"


@pytest.fixture(scope="session", autouse=True)
def settings_of_their_own(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Tests neither follow the settings of the person who runs them nor touch what is kept there."""
    for variable in ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME"):
        os.environ[variable] = str(tmp_path_factory.mktemp(variable))
    os.environ.pop("FLUORO_ANNOTATOR_SETTINGS", None)
    os.environ.pop("FLUORO_ANNOTATOR_PSEUDONYM_KEY", None)


def _tool(name: str) -> ModuleType:
    """Import a script of ``tools``, which is no package."""
    spec = importlib.util.spec_from_file_location(name, TOOLS / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


@contextmanager
def _running_cluster(*, fsync: bool) -> Iterator[Any]:
    """Start a server; where there is no PostgreSQL the test is skipped, but never where ``CI`` is set."""
    tool = _tool("postgres_cluster")
    server = tool.temporary_cluster(fsync=fsync)
    try:
        cluster = server.__enter__()
    except tool.ClusterError as error:
        if os.environ.get("CI"):
            pytest.fail(str(error), pytrace=False)
        pytest.skip(str(error))
    yield cluster
    server.__exit__(None, None, None)


@pytest.fixture(scope="session")
def postgres_cluster() -> Iterator[Any]:
    """A running `PostgresCluster` for the whole session; a test that stops it has to start it again."""
    with _running_cluster(fsync=False) as cluster:
        yield cluster


@pytest.fixture
def durable_cluster() -> Iterator[Any]:
    """A running `PostgresCluster` of one test that waits for the disk; the test may crash it."""
    with _running_cluster(fsync=True) as cluster:
        yield cluster


def password_of(login: str) -> str:
    """Return the password that the tests give to a login."""
    return f"secret: {login}"


@dataclass(frozen=True)
class Database:
    """A database of one test; its owner is a login that may make roles, and no superuser."""

    cluster: Any
    name: str

    def url(self, login: str = OWNER, password: str | None = None) -> str:
        """Return its address for a login, with the password."""
        if login != "superuser" and password is None:
            password = password_of(login)
        return self.cluster.url(self.name, login, password)

    def connect(self, login: str = OWNER, password: str | None = None) -> Any:
        """Return a connection of psycopg that commits each statement."""
        import psycopg

        return psycopg.connect(self.url(login, password), autocommit=True)

    def add_login(self, login: str, role: str | None = None) -> None:
        """Make a login if there is none, and give it a role in the store of this database."""
        with self.connect("superuser") as connection:
            _make_login(connection, login)
            if role is not None:
                connection.execute("SELECT grant_role(%s, %s)", (login, role))

    def remove_roles(self) -> None:
        """Take every role from every login; roles belong to the server, not to a database."""
        with self.connect("superuser") as connection:
            members = connection.execute(MEMBERS).fetchall()
            for role, member in members:
                connection.execute(f'REVOKE "{role}" FROM "{member}"')


MEMBERS = """
    SELECT r.rolname, l.rolname FROM pg_auth_members AS m
    JOIN pg_roles AS r ON r.oid = m.roleid JOIN pg_roles AS l ON l.oid = m.member
    WHERE r.rolname LIKE 'fluoro\\_%' AND l.rolcanlogin AND NOT l.rolcreaterole
"""


def _make_login(connection: Any, login: str, rights: str = "") -> None:
    if connection.execute("SELECT FROM pg_roles WHERE rolname = %s", (login,)).fetchone() is None:
        from psycopg import sql

        statement = sql.SQL("CREATE ROLE {} LOGIN PASSWORD {} " + rights)
        connection.execute(statement.format(sql.Identifier(login), sql.Literal(password_of(login))))


@contextmanager
def _new_database(cluster: Any) -> Iterator[Database]:
    import psycopg

    name = f"test_{next(NUMBERS)}"
    with psycopg.connect(cluster.url("postgres"), autocommit=True) as connection:
        _make_login(connection, OWNER, "CREATEROLE")
        connection.execute(f'CREATE DATABASE "{name}" OWNER "{OWNER}"')
    yield Database(cluster, name)
    if not cluster.runs():
        cluster.start()
    with psycopg.connect(cluster.url("postgres"), autocommit=True) as connection:
        connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.fixture
def postgres_database(postgres_cluster) -> Iterator[Database]:
    """A new, empty database, gone when the test ends."""
    with _new_database(postgres_cluster) as database:
        yield database


@pytest.fixture
def server_store(postgres_database) -> Iterator[Database]:
    """A database with an empty store that belongs to `OWNER`, and nobody with a role in it."""
    _make_store(postgres_database)
    yield postgres_database
    postgres_database.remove_roles()


@pytest.fixture(scope="module")
def shared_server_store(postgres_cluster) -> Iterator[Database]:
    """The same for tests of one module that leave the store as it is."""
    with _new_database(postgres_cluster) as database:
        _make_store(database)
        yield database
        database.remove_roles()


def _make_store(database: Database) -> None:
    from fluoro_annotator.store.postgres import create_store

    create_store(database.url())
