"""What tests of several rooms share: settings and a PostgreSQL server of their own."""

from __future__ import annotations

import importlib.util
import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

TOOLS = Path(__file__).resolve().parents[1] / "tools"
NUMBERS = count(1)


@pytest.fixture(scope="session", autouse=True)
def settings_of_their_own(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Tests neither follow the settings of the person who runs them nor make a key among them."""
    os.environ["XDG_CONFIG_HOME"] = str(tmp_path_factory.mktemp("config"))
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


@pytest.fixture(scope="session")
def postgres_cluster() -> Iterator[Any]:
    """A running `PostgresCluster` for the whole session.

    Where there is no PostgreSQL the tests that ask for it are skipped, but never where ``CI`` is set.
    A test that stops it has to start it again.
    """
    tool = _tool("postgres_cluster")
    server = tool.temporary_cluster()
    try:
        cluster = server.__enter__()
    except tool.ClusterError as error:
        if os.environ.get("CI"):
            pytest.fail(str(error), pytrace=False)
        pytest.skip(str(error))
    yield cluster
    server.__exit__(None, None, None)


@dataclass(frozen=True)
class Database:
    """A database of one test."""

    cluster: Any
    name: str

    def url(self, *login_and_password: str) -> str:
        """Return its address, for the superuser or for the login that is given."""
        return self.cluster.url(self.name, *login_and_password)

    def connect(self, *login_and_password: str) -> Any:
        """Return a connection of psycopg that commits each statement."""
        import psycopg

        return psycopg.connect(self.url(*login_and_password), autocommit=True)


@pytest.fixture
def postgres_database(postgres_cluster) -> Iterator[Database]:
    """A new, empty database, gone when the test ends."""
    import psycopg

    name = f"test_{next(NUMBERS)}"
    with psycopg.connect(postgres_cluster.url("postgres"), autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
    yield Database(postgres_cluster, name)
    if not postgres_cluster.runs():
        postgres_cluster.start()
    with psycopg.connect(postgres_cluster.url("postgres"), autocommit=True) as connection:
        connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
